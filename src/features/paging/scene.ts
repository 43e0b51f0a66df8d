// What is read for a page before anything is decided: whom its next level calls, and what rings already.
import { isDeepStrictEqual } from 'node:util';
import type { Ask } from '../../core/command.js';
import { readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { drillPeople } from '../drill/index.js';
import type { Incident } from '../incident/index.js';
import {
  type Escalation,
  escalationFor,
  type Level,
  type Target,
  usualLevelMinutes,
  usualRepeatMinutes,
} from '../oncall/index.js';
import { type Ahead, callsSomebody, type Idle, reachedFrom, wayKey } from './ahead.js';
import { callsNobody, levelAfter, type NextLevel, whatIsDue } from './due.js';
import { pageUnanswered } from './facts.js';
import { callingNobody } from './store.js';
import { levelsOf, type Page, type PageAttempt, pageStream } from './words.js';

/** What is read for a page before it is opened: its number, and whom its first levels call. */
export interface PageScene {
  readonly id: string;
  readonly number: number;
  readonly target: Target;
  /** Null: nobody is known who could be called. */
  readonly escalation: Escalation | null;
  /** Whom its levels reach now, one after the other, until the first that reaches somebody. */
  readonly ahead: readonly Ahead[];
  /** In a drill, those whom Slack may write to. */
  readonly own: ReadonlySet<string>;
  /** Pages for the same that ring already; one of them is joined instead of a second one. */
  readonly ringing: readonly Page[];
  /** Those of them whose present round called nobody. */
  readonly callingNobody: readonly string[];
}

/**
 * Reads what a page needs; call it in `load`. `id` is one of `ask.newId()` that `locate` made, so that the stream
 * `pageStream(id)` is locked.
 */
export async function loadPage(
  tx: Tx,
  id: string,
  target: Target,
  incident: Incident | null,
  ask: Ask,
): Promise<PageScene> {
  const workspaceId = ask.workspace.id;
  const last = await tx.page.findFirst({ where: { workspaceId }, orderBy: { number: 'desc' } });
  const escalation = await escalationOf(tx, workspaceId, target);
  const ringing = await tx.page.findMany({
    where: {
      ...{ workspaceId, state: 'ringing', incidentId: incident?.id ?? null },
      ...{ targetKind: target.kind, targetName: target.name, targetId: target.id },
    },
    orderBy: { number: 'asc' },
  });
  return {
    ...{ id, target, escalation, ringing },
    number: (last?.number ?? 0) + 1,
    ahead: await reachedFrom(tx, workspaceId, escalation?.levels ?? [], { level: 0, round: 0 }, ask.now),
    own: incident?.drill ? await drillPeople(tx, incident) : new Set(),
    callingNobody: ringing.length > 0 ? await callingNobody(tx, workspaceId) : [],
  };
}

/** A page that rings, or rang, with what is due of it and whom the levels after the present one call. */
export interface Ringing {
  readonly page: Page;
  /** Of the present level. */
  readonly attempts: readonly PageAttempt[];
  /** All of them, in order. */
  readonly all: readonly PageAttempt[];
  readonly incident: Incident | null;
  /** What comes next, if it came now. */
  readonly next: Omit<NextLevel, 'because' | 'unanswered'>;
  /** Whom its levels reach now, from the next one on, until the first that reaches somebody. */
  readonly ahead: readonly Ahead[];
  readonly own: ReadonlySet<string>;
  /** The escalation as it is now, where a round begins and the last one went by another. */
  readonly changed: Escalation | null;
  /** Whoever asks was called by it, or has it: they pass it on, to somebody else. */
  readonly passes: boolean;
  /** When it was to be said again that nobody answers; null: that was not said. */
  readonly promised: Date | null;
}

/** What is called: the level after the present one, that one again, or the first one of a new round. */
export type Which = 'after' | 'same' | 'first';

/** Reads a page with whom its next level calls at this instant. `asker`: who passes it on, if they were called. */
export async function loadRinging(
  tx: Tx,
  pageId: string,
  now: Date,
  which: Which = 'after',
  asker: string | null = null,
): Promise<Ringing> {
  const page = await tx.page.findUniqueOrThrow({ where: { id: pageId } });
  const all = await tx.pageAttempt.findMany({ where: { pageId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const next = levelMeant(page, levelsOf(page), which);
  const passes = asker !== null && (page.answeredById === asker || all.some(({ toId }) => toId === asker));
  const idle = {
    passer: passes ? asker : null,
    gone: which === 'after' ? goneLast(page, all) : new Set<string>(),
  };
  return {
    ...{ page, all, incident, next, passes, promised: await promisedOf(tx, page) },
    ...(await aheadOf(tx, page, next, now, idle)),
    attempts: all.filter((each) => each.level === page.level && each.round === page.round),
    own: incident?.drill ? await drillPeople(tx, incident) : new Set(),
  };
}

async function promisedOf(tx: Tx, { id }: Page): Promise<Date | null> {
  const where = { stream: pageStream(id), type: pageUnanswered.type };
  const last = await tx.fact.findFirst({ where, orderBy: { position: 'desc' } });
  return last && pageUnanswered.read(readFact(last)).data.again;
}

// The ways of the last level of the round that called anybody.
function goneLast({ round }: Page, all: readonly PageAttempt[]): Set<string> {
  const inRound = all.filter((each) => each.round === round);
  const last = Math.max(...inRound.map(({ level }) => level));
  return new Set(inRound.filter(({ level }) => level === last).map(wayKey));
}

// Who passes it on from the last levels means those who come first.
async function aheadOf(tx: Tx, page: Page, next: Ringing['next'], now: Date, idle: Idle) {
  const before = levelsOf(page);
  const anew = { passer: idle.passer, gone: new Set<string>() };
  const from = (levels: readonly Level[], at: Ringing['next'], of: Idle) =>
    reachedFrom(tx, page.workspaceId, levels, at, now, of);
  const changed = next.round > page.round ? await changedSince(tx, page, before) : null;
  const rest = await from(changed?.levels ?? before, next, next.round > page.round ? anew : idle);
  if (idle.passer === null || callsSomebody(rest) || next.round > page.round) return { ahead: rest, changed };
  const later = await changedSince(tx, page, before);
  const first = { level: 0, round: page.round + 1 };
  return { ahead: [...rest, ...(await from(later?.levels ?? before, first, anew))], changed: later };
}

function levelMeant(page: Page, levels: readonly Level[], which: Which): Ringing['next'] {
  const { level, round } = page;
  if (which === 'same') return { level, round };
  return which === 'first' ? { level: 0, round: round + 1 } : levelAfter({ level, round, levels });
}

// Where it was removed meanwhile, what was called before is called still: better than nobody.
async function changedSince(tx: Tx, page: Page, levels: readonly Level[]): Promise<Escalation | null> {
  const now = await escalationOf(tx, page.workspaceId, targetOf(page));
  const same =
    now === null || (now.repeatMinutes === page.repeatMinutes && isDeepStrictEqual([...now.levels], levels));
  return same ? null : now;
}

/** What is due of a page that was read. */
export function dueOf({ page, attempts, all, ahead }: Ringing, now: Date) {
  return whatIsDue({ ...page, levels: levelsOf(page) }, attempts, now, {
    calledNobody: callsNobody(page, all),
    somebody: callsSomebody(ahead),
  });
}

/** Whom a page is for. */
function targetOf(page: Pick<Page, 'targetKind' | 'targetId' | 'targetName'>): Target {
  return { kind: page.targetKind as Target['kind'], id: page.targetId, name: page.targetName };
}

// A schedule is called by itself: whoever is on call by it.
async function escalationOf(tx: Tx, workspaceId: string, target: Target): Promise<Escalation | null> {
  if (target.kind !== 'schedule') return escalationFor(tx, workspaceId, target);
  const whom = [{ kind: 'schedule' as const, id: null, name: target.name }];
  return {
    levels: [{ whom, minutes: usualLevelMinutes }],
    repeatMinutes: usualRepeatMinutes,
    of: `the schedule ${target.name}`,
  };
}
