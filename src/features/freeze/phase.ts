// Which freezes are on at an instant, where, and until when. Pure: of the rows and the instant, and of nothing else.
import { nextWindow, type Schedule, scheduleSchema, type Window, windowAt, windowsOf } from './schedule.js';
import { covers, type Scope, scopeSchema, type Target } from './scope.js';
import { type FreezeMode, freezeModes } from './words.js';

/** A freeze as it is judged. What of its row cannot be read freezes everything, hard: bad data never means “go”. */
export interface Frozen {
  readonly id: string;
  readonly number: number;
  readonly mode: FreezeMode;
  readonly reason: string;
  readonly owner: { readonly id: string; readonly name: string };
  readonly madeAt: Date;
  readonly scope: Scope;
  /** Null where it cannot be read: then it is on from `startsAt` to `overAt`. */
  readonly schedule: Schedule | null;
  readonly startsAt: Date;
  readonly overAt: Date;
  readonly liftedAt: Date | null;
  readonly incidentId: string | null;
  readonly drill: boolean;
  readonly damaged: boolean;
}

export type Phase = 'scheduled' | 'active' | 'ended';

/** The row of a freeze, as far as it is judged. */
export interface FreezeRow {
  readonly id: string;
  readonly number: number;
  readonly mode: string;
  readonly reason: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly madeAt: Date;
  readonly scope: unknown;
  readonly schedule: unknown;
  readonly startsAt: Date;
  readonly overAt: Date;
  readonly liftedAt: Date | null;
  readonly incidentId: string | null;
  readonly drill: boolean;
}

const everything: Scope = {
  include: [{ services: [], environments: [], clusters: [], tiers: [] }],
  exclude: [],
};

/** Reads a row; see `Frozen` for what becomes of one that was damaged. */
export function readFrozen(row: FreezeRow): Frozen {
  const scope = scopeSchema.safeParse(row.scope);
  const schedule = scheduleSchema.safeParse(row.schedule);
  const mode = freezeModes.find((each) => each === row.mode);
  const { id, number, reason, madeAt, startsAt, overAt, liftedAt, incidentId, drill } = row;
  return {
    ...{ id, number, reason, madeAt, startsAt, overAt, liftedAt, incidentId, drill },
    owner: { id: row.ownerId, name: row.ownerName },
    mode: mode ?? 'hard',
    scope: scope.success ? scope.data : everything,
    schedule: schedule.success ? schedule.data : null,
    damaged: !scope.success || !schedule.success || mode === undefined,
  };
}

/** The window of a freeze in which an instant lies; null when it is not on then. `until` is null where no end is in sight. */
export function windowNow(
  freeze: Frozen,
  at: Date,
): { readonly from: Date; readonly until: Date | null } | null {
  if (at < freeze.startsAt || at >= freeze.overAt) return null;
  const window = freeze.schedule ? windowAt(freeze.schedule, at) : { from: freeze.startsAt, until: null };
  if (!window) return null;
  const end = window.until && window.until < freeze.overAt ? window.until : freeze.overAt;
  return { from: window.from, until: end.getUTCFullYear() === 9999 ? null : end };
}

/** Where a freeze stands at an instant. */
export function phaseAt(freeze: Frozen, at: Date): Phase {
  if (at >= freeze.overAt) return 'ended';
  return windowNow(freeze, at) ? 'active' : 'scheduled';
}

/** Those that are on at an instant and cover a place, the hard ones first. */
export function freezesOver(freezes: readonly Frozen[], target: Target, at: Date): Frozen[] {
  return freezes
    .filter((each) => windowNow(each, at) !== null && covers(each.scope, target))
    .sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

const rank = ({ mode }: Frozen) => (mode === 'hard' ? 0 : 1);

export type { Schedule, Window };
export { nextWindow, windowsOf };
