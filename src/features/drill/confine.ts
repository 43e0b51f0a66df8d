// What leaves a drill: nothing but what goes to its own channel and its own people. Pure.
import type { Destination, Effect, EffectKind } from '../../core/effect.js';
import { joined, type Message, type Span, say } from '../../core/message.js';

/** A drill, and who takes part in it. */
export interface DrillGround {
  readonly incidentId: string;
  readonly channelId: string | null;
  /** Slack's ids: who declared it, who holds or held a role, who was let in, and whoever is acting in it. */
  readonly people: ReadonlySet<string>;
  /** What people outside are called, by Slack's ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** How an effect is meant: where it goes is its own business, or may be somebody else's. */
type Reach = 'inward' | 'destination' | 'outward';

/**
 * Of each kind of effect whether it may reach somebody outside. `inward`: the drill's own place, the record, or the
 * answer to whoever asked; a new kind has to say which it is before the program compiles.
 */
export const reaches: Readonly<Record<EffectKind['do'], Reach>> = {
  openPlace: 'inward',
  movePlace: 'inward',
  show: 'destination',
  say: 'destination',
  sayOnly: 'inward',
  replace: 'inward',
  replaceFiles: 'inward',
  renameChannel: 'inward',
  seekCopies: 'inward',
  look: 'inward',
  catchUp: 'inward',
  catchUpPins: 'inward',
  catchUpMembers: 'inward',
  lookAgain: 'inward',
  answerMissed: 'inward',
  publishHome: 'inward',
  refreshHomes: 'inward',
  meet: 'inward',
  // Whoever is invited is one of its people from then on.
  invite: 'inward',
  setTopic: 'inward',
  setPurpose: 'inward',
  // A drill's freeze is not in it.
  changesTopic: 'inward',
  bookmark: 'inward',
  pin: 'inward',
  upload: 'inward',
  sendPicture: 'inward',
  decide: 'inward',
  page: 'outward',
  mail: 'outward',
  readFeed: 'inward',
  readGroup: 'inward',
  findPeople: 'inward',
  answerProtectionRule: 'inward',
  respond: 'inward',
};

/** The effect as a drill may have it; null where it has nobody to go to. */
export function confined(effect: Effect, ground: DrillGround): Effect | null {
  const { kind } = effect;
  if (reaches[kind.do] === 'inward') return effect;
  if (kind.do === 'page') return kind.path === 'slack' ? effect : null;
  if (kind.do === 'show') {
    // What is announced of an incident is not announced of a drill, and elsewhere it would say the same twice.
    if (kind.destination.to === 'announcements') return null;
    const destination = inside(kind.destination, ground);
    const preface = isMoved(kind.destination, ground) && { preface: elsewhere(kind.destination, ground) };
    return within(effect, { ...kind, destination, ...preface }, ground);
  }
  if (kind.do === 'say') {
    const destination = inside(kind.destination, ground);
    const text = isMoved(kind.destination, ground)
      ? joined(elsewhere(kind.destination, ground), kind.message)
      : kind.message;
    return within(effect, { ...kind, destination, message: text }, ground);
  }
  return null;
}

// Its own channel by its id is its own channel.
function isMoved(destination: Destination, ground: DrillGround): boolean {
  if (destination.to === 'incident' || inside(destination, ground).to !== 'incident') return false;
  return destination.to !== 'channel' || destination.channel !== ground.channelId;
}

// What goes to the incident's place must say whose.
function within(effect: Effect, kind: EffectKind, ground: DrillGround): Effect {
  if (!('destination' in kind) || kind.destination.to !== 'incident') return { ...effect, kind };
  return { ...effect, kind, incidentId: ground.incidentId };
}

function inside(destination: Destination, ground: DrillGround): Destination {
  const home: Destination = { to: 'incident' };
  if (destination.to === 'incident' || destination.to === 'thread') return destination;
  if (destination.to === 'channel' && destination.channel === ground.channelId) return home;
  // Refused, it comes to the drill's own place.
  if (destination.to === 'person' && ground.people.has(destination.userId))
    return { ...destination, otherwise: home };
  return home;
}

// Those outside are named, and not called: a person's span would be a mention.
function elsewhere(destination: Destination, ground: DrillGround): Message {
  return say('A drill: outside it this would go to ', ...nameOf(destination, ground), '.');
}

function nameOf(destination: Destination, { names }: DrillGround): Span[] {
  switch (destination.to) {
    case 'announcements':
      return ['the channel where incidents are announced'];
    case 'changes':
    case 'under':
      return ['the channel of changes'];
    case 'channel':
      return destination.channel.startsWith('#')
        ? [`the channel ${destination.channel}`]
        : ['the channel ', { channel: destination.channel, name: destination.channel }];
    case 'person': {
      const name = names.get(destination.userId);
      return [name ? `${name}, who is not in the drill` : 'somebody who is not in the drill'];
    }
    case 'incident':
    case 'thread':
      return ['this channel'];
  }
}
