// What a report means: what it names, who answers for it, when it happened, and to which state it leads. Pure.
import type { Ask } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { cleanText } from '../../core/text.js';
import type { Neighbourhood } from '../catalog/index.js';
import { ownerTold } from './decide.js';
import type { Plan } from './plan.js';
import type { Change } from './store.js';
import {
  type ChangeKind,
  type ChangeState,
  type Component,
  isAttended,
  isOver,
  type Report,
} from './words.js';

/** A report as it is judged; without a state it says nothing of that. */
export type Told = Omit<Report, 'state'> & { readonly state: ChangeState | null };

/** A clock that is further ahead of ours than this is told so. */
export const skewToldMs = 5 * 60_000;
/** What a program is told that says of what people must look after that it is done. */
export const awaitsPeople =
  'People are asked whether everything still works; until one of them says so it is not succeeded.';
/** Who answers for a change of which nobody said so. */
export const nobodyYet = 'nobody yet';

/** A report without what no database keeps: NUL, lone surrogates, and what makes words read as others. */
export function tidied<T extends Told>(report: T): T {
  const entries = Object.entries(report).map(([name, value]) => [
    name,
    typeof value === 'string' ? cleanText(value) : value,
  ]);
  // The same members; only strings were cleaned.
  return Object.fromEntries(entries) as T;
}

/** The change that a report names: by its own member, or `CHG-12` in its key or title, where there is one alone. */
export function referenceOf(
  told: Pick<Report, 'key' | 'title' | 'rollback' | 'change'>,
): { readonly number: number; readonly explicit: boolean } | null {
  if (typeof told.change === 'number') return { number: told.change, explicit: true };
  // “Revert CHG-12” takes it back and does not carry it out.
  if (told.rollback) return null;
  const named = new Set(
    [...`${told.key} ${told.title}`.matchAll(/\bCHG-(\d{1,9})\b/gi)].map((it) => Number(it[1])),
  );
  const [number] = named;
  return named.size === 1 && number !== undefined ? { number, explicit: false } : null;
}

/** Who answers for it: who was named, else the first owner whom the catalogue knows there, else who began it. */
export function whoAnswers(
  said: Report['owner'],
  { by }: Pick<Told, 'by'>,
  components: readonly Component[],
  { services }: Neighbourhood,
): { readonly id: string | null; readonly name: string } {
  const [listed] = components.flatMap(({ service }) => services.get(service)?.owners.slice(0, 1) ?? []);
  return said ?? listed ?? { id: null, name: by || nobodyYet };
}

/** What ran on all places, and on those of which it is known. */
export function ranBeforeOf(ran: readonly (string | null)[]): {
  readonly all: string | null;
  readonly some: string | null;
} {
  const known = new Set(ran.flatMap((each) => each ?? []));
  const [one] = known;
  const some = known.size === 1 && one !== undefined ? one : null;
  return { some, all: ran.includes(null) ? null : some };
}

/** Not later than now: what has happened cannot lie ahead, whatever the sender's clock says. */
export function past(said: Date, now: Date): Date;
export function past(said: Date | null, now: Date): Date | null;
export function past(said: Date | null, now: Date): Date | null {
  return said !== null && said > now ? now : said;
}

/** The change as it is judged against what is around it. */
export function planOf(it: {
  id: string;
  row: Change | null;
  report: Told;
  components: readonly Component[];
  owner: Report['owner'];
  now: Date;
}): Plan {
  const { id, row, report, components, now } = it;
  const kind = (row?.kind ?? report.kind) as ChangeKind;
  const plannedStart = report.plannedStart ?? row?.plannedStart ?? null;
  const plannedEnd = report.plannedEnd ?? row?.plannedEnd ?? null;
  const length = plannedStart && plannedEnd ? plannedEnd.getTime() - plannedStart.getTime() : 0;
  const begun = report.state !== null && report.state !== 'planned';
  const startsAt = begun ? (past(report.startedAt ?? report.at, now) ?? now) : (plannedStart ?? now);
  const known = row ? { id: row.ownerId, name: row.ownerName } : null;
  return {
    ...{ id: row ? id : null, kind, components, startsAt },
    owner: it.owner ?? known ?? { id: null, name: nobodyYet },
    coverId: row?.coverId ?? null,
    rollback: report.rollback,
    endsAt: length > 0 ? new Date(startsAt.getTime() + length) : null,
    reversible: report.reversible === 'unknown' ? (row?.reversible ?? 'unknown') : report.reversible,
  };
}

/** Whether people said that it works, since it began. */
function isValidated(row: Change): boolean {
  if (row.validation !== 'good' || row.validatedAt === null) return false;
  return row.startedAt === null || row.validatedAt >= row.startedAt;
}

/**
 * The state to which a word leads that is no older than those before. One that nothing is known to follow does not
 * take back what has begun or ended; and what people must look after is not done because a program says so.
 */
export function stateAfter(row: Change, wanted: ChangeState, counted: boolean): ChangeState {
  const now = row.state as ChangeState;
  if (wanted === now) return now;
  const ended = isOver(now) || now === 'validating';
  if (!counted && (wanted === 'planned' || (wanted === 'started' && ended))) return now;
  return wanted === 'succeeded' && isAttended(row.kind) && !isValidated(row) ? 'validating' : wanted;
}

/** Whether a person announced it: then their words stay as they are. */
export function isOfAPerson(row: Change): boolean {
  return isInSlack(row.announcedById);
}

/** Its owner, where a program says what they should not learn from a channel alone: that it failed, or was taken back. */
export function toldOwner(row: Change, to: ChangeState, ask: Ask) {
  return to === 'failed' || to === 'rolled_back' ? ownerTold(row, ask) : {};
}
