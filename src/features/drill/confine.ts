// What leaves a drill: nothing but what goes to its own channel and its own people. Pure.
import type { Destination, Effect, EffectKind } from '../../core/effect.js';
import { line, type Message, message } from '../../core/message.js';

/** A drill, and who takes part in it. */
export interface DrillGround {
  readonly incidentId: string;
  readonly channelId: string | null;
  /** Slack's ids: who declared it, who holds or held a role, who was let in, and whoever is acting in it. */
  readonly people: ReadonlySet<string>;
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
    return within(effect, { ...kind, destination: inside(kind.destination, ground) }, ground);
  }
  if (kind.do === 'say') {
    const destination = inside(kind.destination, ground);
    const moved = destination.to === 'incident' && kind.destination.to !== 'incident';
    const text = moved ? elsewhere(kind.destination, kind.message) : kind.message;
    return within(effect, { ...kind, destination, message: text }, ground);
  }
  return null;
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

function elsewhere(destination: Destination, text: Message): Message {
  const first = message(line(`A drill: outside it this would go to ${nameOf(destination)}.`));
  return { text: `${first.text}\n${text.text}`, blocks: [...first.blocks, ...text.blocks] };
}

function nameOf(destination: Destination): string {
  switch (destination.to) {
    case 'announcements':
      return 'the channel where incidents are announced';
    case 'changes':
    case 'under':
      return 'the channel of changes';
    case 'channel':
      return `the channel ${destination.channel}`;
    case 'person':
      return `somebody who is not in the drill (${destination.userId})`;
    case 'incident':
    case 'thread':
      return 'this channel';
  }
}
