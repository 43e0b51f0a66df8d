// What the world is told of heartbeats, and when Andon looks after them.
import { type Effect, type EffectKind, type Later, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Message, type Span, say } from '../../core/message.js';
import { showDuration } from '../../core/time/index.js';
import { callOff, pageAcknowledged, pageKey, pageSlot, pageWithdrawn } from '../paging/index.js';
import { wordsGone, wordsRedacted } from '../timeline/index.js';
import {
  heartbeatForgotten,
  heartbeatMissed,
  heartbeatPaused,
  heartbeatRegistered,
  heartbeatResumed,
  heartbeatSet,
  heartbeatWatched,
  silence,
} from './facts.js';
import { flapMinutes, flapsAfter, steadyMs } from './flaps.js';

/** What the program decides in its turn: whether a heartbeat is missing, or its pause is over. */
export const lookCommand = 'heartbeat.look';
/** Whether one that came and went is heard without a gap. */
export const steadyCommand = 'heartbeat.steady';
/** The message that says which heartbeats a page calls for, where they are several. */
export const missingView = 'heartbeatsMissing';

const secondMs = 1_000;
/** A beat that came while its heartbeat was found missing is seen then. */
const crossedMs = 60 * secondMs;
/** Not at once: a row of the same key and instant would be taken for the one that has just been decided. */
const soonMs = secondMs;

export const reactions: Reaction[] = [
  on(heartbeatRegistered, (fact) => [lookAfter(fact, intervalMs(fact.data))]),
  on(heartbeatSet, (fact) => [lookAfter(fact, intervalMs(fact.data))]),
  on(heartbeatMissed, (fact) => {
    const { page, begins } = fact.data;
    return [
      lookAfter(fact, crossedMs),
      ...(page ? [showMissing(page.id)] : []),
      ...(begins ? [tell(fact, 'flaps', comesAndGoes(fact))] : []),
    ];
  }),
  on(heartbeatResumed, (fact) => {
    const { page, over, withdrawn, holds, steady } = fact.data;
    const told = steady
      ? say({ bold: `${fact.data.name} is heard without a gap` }, ' again; it came and went.')
      : heardAgain(fact);
    if (!page) return [lookAfter(fact, soonMs), tell(fact, 'resumed', told), overtaken(fact)];
    const said = effect(slotOf(page.id), {
      ...{ do: 'say', slot: `heartbeat/${fact.id}`, message: told },
      destination: { to: 'under', slot: pageSlot(page.id), otherwise: { to: 'announcements' } },
    });
    // A page that is withdrawn says so itself; of many heartbeats each is seen in their message.
    return [
      ...(steady ? [] : [lookAfter(fact, soonMs)]),
      ...(holds ? [steadyLater(fact, holds)] : []),
      showMissing(page.id),
      ...(over && !withdrawn ? [said] : []),
    ];
  }),
  on(heartbeatPaused, (fact) => {
    const { name, until, reason, page } = fact.data;
    const said = say(
      { person: fact.actor.id, name: fact.actor.name },
      ` paused the heartbeat ${name} until `,
      { at: until },
      reason ? `: ${reason}` : '.',
      ' Nobody is called for it until then.',
    );
    const slot = pauseSlot(name, fact.recordedAt);
    return [
      { ...lookAfter(fact, soonMs), at: until },
      effect(slot, { do: 'say', slot, destination: { to: 'announcements' }, message: said }),
      page ? showMissing(page.id) : overtaken(fact),
    ];
  }),
  on(wordsRedacted, ({ data: { of, key, id: name, facts } }) => {
    if (of !== 'heartbeat') return [];
    return facts.map(({ at }) => {
      const slot = pauseSlot(name, at);
      return effect(slot, { do: 'replace', slot, message: wordsGone(key) });
    });
  }),
  on(heartbeatWatched, (fact) => {
    const { name, pausedSince, because } = fact.data;
    const why = because === 'time' ? 'Its pause is over' : `${fact.actor.name} ended its pause`;
    const slot = pauseSlot(name, pausedSince);
    const said = effect(slot, {
      ...{ do: 'say', slot: `heartbeat/${fact.id}` },
      destination: { to: 'under', slot, otherwise: { to: 'announcements' } },
      message: say({ bold: `${name} is watched again.` }, ` ${why}.`),
    });
    return [lookAfter(fact, soonMs), said];
  }),
  on(heartbeatForgotten, (fact) => {
    const { name, page } = fact.data;
    return [
      { ...lookAfter(fact, soonMs), at: null },
      tell(fact, 'forgotten', say(`The heartbeat ${name} is no longer watched; ${fact.actor.name} said so.`)),
      page ? showMissing(page.id) : overtaken(fact),
    ];
  }),
  on(pageAcknowledged, ({ data }) => [showMissing(data.id)]),
  on(pageWithdrawn, ({ data }) => [showMissing(data.id)]),
];

function lookAfter(fact: Fact<{ name: string }>, ms: number): Later {
  const { name } = fact.data;
  return {
    key: `heartbeat/${name}`,
    at: new Date(fact.recordedAt.getTime() + ms),
    command: lookCommand,
    data: { name },
  };
}

function steadyLater({ data: { name } }: Fact<{ name: string }>, at: Date): Later {
  return { key: `heartbeat/${name}/steady`, at, command: steadyCommand, data: { name } };
}

function comesAndGoes({ data }: Fact<ReturnType<typeof heartbeatMissed.read>['data']>): Message {
  const calls = data.page === null ? 'Somebody is called' : `${pageKey(data.page)} calls`;
  return say(
    { bold: `${data.name} comes and goes` },
    `: it was missed ${flapsAfter} times within ${flapMinutes} min. ${calls} for it until it is heard for ${showDuration(steadyMs(data))} without a gap; no further page is made meanwhile.`,
  );
}

function intervalMs(it: { everySeconds: number; graceSeconds: number }): number {
  return (it.everySeconds + it.graceSeconds) * secondMs;
}

// Found missing while this was on its way: the page that was opened meanwhile was not seen.
function overtaken({ data: { name }, type }: Fact<{ name: string }>): Effect {
  const why = type === heartbeatResumed.type ? 'is heard again' : 'is not waited for';
  return callOff({ kind: 'heartbeat', name }, `${name} ${why}`);
}

/** The message of a page that calls for several. */
export function slotOf(pageId: string): string {
  return `heartbeat/page/${pageId}`;
}

/** The slot of what is said of a pause. */
export function pauseSlot(name: string, since: Date): string {
  return `heartbeat/paused/${name}/${since.toISOString()}`;
}

function showMissing(pageId: string): Effect {
  const slot = slotOf(pageId);
  return {
    ...effect(slot, {
      ...{ do: 'show', view: missingView, slot, about: pageId },
      destination: { to: 'announcements' },
    }),
    collapse: slot,
  };
}

function tell(fact: Fact<{ name: string }>, what: string, text: Message): Effect {
  const slot = `heartbeat/${fact.id}/${what}`;
  return effect(slot, { do: 'say', slot, destination: { to: 'announcements' }, message: text });
}

// A lane for each message: where Slack refuses one, the others go on.
function effect(lane: string, kind: EffectKind): Effect {
  return { ...onIncident('', kind, { essential: true, first: true }), lane, incidentId: null };
}

function heardAgain(fact: Fact<ReturnType<typeof heartbeatResumed.read>['data']>): Message {
  const { name, missingSince, silentSince, called } = fact.data;
  const whom = called.length > 0 ? ` Called for it: ${called.join(', ')}.` : '';
  const silent: Span[] = silentSince
    ? [': it was silent since ', { at: silentSince }, `, for ${silence(silentSince, fact.recordedAt)}.`]
    : [`, for the first time; it was missed since `, { at: missingSince }, '.'];
  return say({ bold: `${name} is heard again` }, ...silent, whom);
}
