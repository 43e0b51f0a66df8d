// Whether a change began on frozen ground without leave, and whether it was the first where the ground had thawed. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { type Change, changeStream } from '../change/index.js';
import type { DecisionWord } from '../gate/index.js';
import { firstAfterThaw, freezeViolated, violationWithdrawn } from './facts.js';

/** Clocks of pipelines differ from ours by so much, and their starts are told in whole seconds. */
export const skewMs = 10_000;
/** Told so long after it began, nobody can act on it: it is kept, and nobody is called. */
const lateMs = 24 * 3_600_000;
/** A job may begin so long before the step in it that asks the gate. */
export const askedWithinMs = 5 * 60_000;

/** A hard freeze that was on over one of its places when it began, and had been made by then. */
export interface FrozenBy {
  readonly id: string;
  readonly number: number;
  readonly owner: { readonly id: string; readonly name: string };
  readonly incident: { readonly id: string; readonly number: number; readonly shown: boolean } | null;
  /** When that window of it ended; null while none is in sight. */
  readonly until: Date | null;
}

/** What the gate said of it. */
export interface VerdictOn {
  readonly decision: DecisionWord;
  readonly at: Date;
  readonly validUntil: Date;
  /** It was asked for other places than those that were frozen, or not for all of them. */
  readonly elsewhere: boolean;
  /** It was let through as a rollback to another version than the one that began. */
  readonly otherVersion: boolean;
}

/** A change that began, and what there was to say of that. */
export interface Began {
  readonly change: Change;
  readonly startedAt: Date;
  readonly startUnknown: boolean;
  readonly frozenBy: readonly FrozenBy[];
  /** In the order in which they were given. */
  readonly verdicts: readonly VerdictOn[];
  /** An approved exception covers all of it, or it takes back to what ran there before. */
  readonly mayPass: boolean;
  /** The last freezes that ended over a place of it on which nothing else began since. */
  readonly thaw: {
    readonly freezes: readonly number[];
    readonly at: Date;
    readonly incidentId: string | null;
  } | null;
}

/** States what is found; refuses where there is nothing new. Null: it has not begun, or was no change. */
export function decideLook(
  state: { readonly change: Change; readonly began: Began | null },
  ask: Ask,
): Decision {
  const { change, began } = state;
  const known = change.violates as number[];
  const violated = began && !began.mayPass && !wasLet(began) ? began.frozenBy : [];
  const numbers = violated.map((each) => each.number);
  const facts: Stated[] = [];
  if (began && violated.length > 0 && numbers.join() !== known.join())
    facts.push(violationOf(began, violated, ask));
  if (violated.length === 0 && known.length > 0)
    facts.push(
      violationWithdrawn({ number: change.number, freezes: known }, { stream: changeStream(change.id) }),
    );
  if (began?.thaw && violated.length === 0 && !change.afterFreeze) facts.push(firstOf(began, began.thaw));
  return facts.length > 0 ? accept(facts, message()) : refuse(say('It began where it might.'));
}

/** Whether a verdict that let it was good when it began: also one given before the freeze. */
function wasLet({ verdicts, startedAt, frozenBy }: Began): boolean {
  const start = startedAt.getTime();
  return verdicts.some(({ decision, at, validUntil, elsewhere, otherVersion }) => {
    if (elsewhere || otherVersion) return false;
    if (decision !== 'allow' && decision !== 'warn') return false;
    if (validUntil.getTime() + skewMs < start) return false;
    if (at.getTime() <= start + skewMs) return true;
    // Asked after its job had begun, but still in the freeze: then it was judged by that freeze.
    const stillFrozen = frozenBy.every(({ until }) => until === null || at < until);
    return stillFrozen && at.getTime() <= start + askedWithinMs;
  });
}

function violationOf(began: Began, freezes: readonly FrozenBy[], ask: Ask): Stated {
  const { change, startedAt, startUnknown, verdicts } = began;
  const before = verdicts.filter((each) => each.at.getTime() <= startedAt.getTime() + skewMs);
  const last = before.findLast((each) => !each.elsewhere) ?? before.at(-1);
  const incident = freezes.find((each) => each.incident)?.incident;
  return freezeViolated(
    {
      ...{ number: change.number, startedAt, startUnknown },
      freezes: freezes.map(({ until: _until, ...each }) => each),
      by: { id: change.announcedById, name: change.announcedByName },
      owner: { id: change.ownerId, name: change.ownerName },
      verdict: last ? told(last) : null,
      late: ask.now.getTime() - startedAt.getTime() > lateMs,
    },
    about(change, startedAt, incident?.id ?? null),
  );
}

function told({ decision, at, elsewhere, otherVersion }: VerdictOn) {
  return { decision, at, ...(elsewhere ? { elsewhere } : {}), ...(otherVersion ? { otherVersion } : {}) };
}

function firstOf({ change, startedAt }: Began, thaw: NonNullable<Began['thaw']>): Stated {
  return firstAfterThaw(
    { number: change.number, freezes: [...thaw.freezes], thawedAt: thaw.at },
    about(change, startedAt, thaw.incidentId),
  );
}

function about(change: Change, at: Date, incidentId: string | null) {
  return {
    stream: changeStream(change.id),
    ...(incidentId ? { incidentId } : {}),
    when: { at, until: null, precision: 'exact' as const, asWritten: '' },
  };
}
