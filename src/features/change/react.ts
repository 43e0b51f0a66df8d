// What the world is told of changes: one message in the channel that stays current, and those whom it concerns.
import { type Effect, onChange } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { askEndAt, askStartAt, endLater, startLater } from './asking.js';
import * as facts from './facts.js';
import { changeIdOf, changeSlot } from './store.js';
import { aboutReader } from './told.js';
import { isAttended, ownSource } from './words.js';

interface Audience {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly channels: readonly string[];
}

export const reactions: Reaction[] = [
  on(facts.changeAnnounced, (fact) => {
    const id = changeIdOf(fact);
    const { data } = fact;
    const timers = [startLater(id, askStartAt(data)), endLater(id, askEndAt(data, data.startedAt))];
    if (!data.production || data.unchanged) return timers;
    return [post(id), ...(isTold(data) ? tell(fact, data.audience, data.owner) : []), ...timers];
  }),
  on(facts.changeMoved, (fact) => {
    const id = changeIdOf(fact);
    const { data } = fact;
    return [
      current(id),
      ...inThread(fact),
      ...tell(fact, data.audience, data.owner),
      startLater(id, askStartAt({ ...data, state: 'planned' })),
    ];
  }),
  on(facts.changeDescribed, (fact) => [
    current(changeIdOf(fact)),
    ...tell(fact, fact.data.audience, fact.data.owner),
  ]),
  on(facts.changeStateSet, (fact) => {
    const id = changeIdOf(fact);
    const { data } = fact;
    const started = data.to === 'started' ? (data.startedAt ?? fact.occurredAt ?? fact.recordedAt) : null;
    return [
      current(id),
      ...(matters(data) ? inThread(fact) : []),
      ...tell(fact, data.audience, data.owner),
      startLater(id, null),
      endLater(id, askEndAt(data, started)),
    ];
  }),
];

/** Brings a change's message in the channel up to date, where there is one. */
export function refreshChange(changeId: string, step = 0): Effect {
  return { ...current(changeId), step };
}

function post(id: string): Effect {
  return onChange(
    id,
    { do: 'show', view: 'change', slot: changeSlot(id), destination: { to: 'changes' }, about: id },
    { essential: true, collapse: changeSlot(id) },
  );
}

// A change that was never posted has no message to bring up to date: the view decides.
function current(id: string): Effect {
  return post(id);
}

// Announced ahead, attended, by a person, or colliding: then one by one. What a pipeline runs as always disturbs nobody.
function isTold(data: ReturnType<typeof facts.changeAnnounced.read>['data']): boolean {
  return (
    data.state === 'planned' ||
    data.source === ownSource ||
    isAttended(data.kind) ||
    data.conflicts.some((each) => each.severity === 'hold')
  );
}

function tell(
  fact: Fact,
  audience: Audience | undefined,
  owner: { readonly id: string | null } | undefined,
): Effect[] {
  const id = changeIdOf(fact);
  const owners = owner?.id && owner.id !== fact.actor.id && isInSlack(owner.id) ? [owner.id] : [];
  const people = new Set([...owners, ...(audience?.people ?? []).map((each) => each.id)]);
  const readers = [
    ...[...people].map((userId) => ({ userId })),
    ...(audience?.channels ?? []).map((channel) => ({ channel })),
  ];
  return readers.map((reader) => {
    const who = 'userId' in reader ? reader.userId : reader.channel;
    return onChange(
      id,
      {
        do: 'show',
        view: 'changeTold',
        slot: `told/${fact.id}/${who}`,
        destination:
          'userId' in reader
            ? { to: 'person', userId: reader.userId }
            : { to: 'channel', channel: reader.channel },
        about: aboutReader(fact.id, reader),
      },
      // Beside the message in the channel: one who cannot be written to keeps nobody else waiting.
      { essential: true },
    );
  });
}

// Said once, under the change's message: the view says nothing of a change that has none.
function inThread(fact: Fact): Effect[] {
  const id = changeIdOf(fact);
  return [
    onChange(
      id,
      {
        do: 'show',
        view: 'changeSaid',
        slot: `said/${fact.id}`,
        destination: { to: 'under', slot: changeSlot(id), otherwise: { to: 'changes' } },
        about: fact.id,
      },
      { step: 1, essential: true },
    ),
  ];
}

// What matters to who watches: that it failed, was taken back, or began late. All else the message itself says.
function matters(data: ReturnType<typeof facts.changeStateSet.read>['data']): boolean {
  return !data.said && (data.to === 'failed' || data.to === 'rolled_back' || data.lateMs !== undefined);
}
