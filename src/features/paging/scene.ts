// What is read for a page before anything is decided: whom its next level calls, and what rings already.
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { drillPeople } from '../drill/index.js';
import type { Incident } from '../incident/index.js';
import {
  type Escalation,
  escalationFor,
  type Reached,
  reachedBy,
  type Target,
  usualLevelMinutes,
  usualRepeatMinutes,
} from '../oncall/index.js';
import { levelAfter, type NextLevel, whatIsDue } from './due.js';
import { type Cause, levelsOf, type Page, type PageAttempt } from './words.js';

/** What is read for a page before it is opened: its number, and whom its first level calls. */
export interface PageScene {
  readonly id: string;
  readonly number: number;
  readonly target: Target;
  /** Null: nobody is known who could be called. */
  readonly escalation: Escalation | null;
  /** Whom the first level calls now. */
  readonly reached: Reached;
  /** In a drill, those whom Slack may write to. */
  readonly own: ReadonlySet<string>;
  /** Pages for the same that ring already; one of them is joined instead of a second one. */
  readonly ringing: readonly Page[];
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
  const first = escalation?.levels[0];
  return {
    ...{ id, target, escalation },
    number: (last?.number ?? 0) + 1,
    reached: first ? await reachedBy(tx, workspaceId, first, ask.now) : nobody,
    own: incident?.drill ? await drillPeople(tx, incident) : new Set(),
    ringing: await tx.page.findMany({
      where: {
        ...{ workspaceId, state: 'ringing', incidentId: incident?.id ?? null },
        ...{ targetKind: target.kind, targetName: target.name, targetId: target.id },
      },
      orderBy: { number: 'asc' },
    }),
  };
}

const nobody: Reached = { recipients: [], empty: [] };

/** A page that rings, or rang, with what is due of it and whom the level after the present one calls. */
export interface Ringing {
  readonly page: Page;
  /** Of the present level. */
  readonly attempts: readonly PageAttempt[];
  /** All of them, in order. */
  readonly all: readonly PageAttempt[];
  readonly incident: Incident | null;
  /** What comes next, if it came now. */
  readonly next: Omit<NextLevel, 'because' | 'unanswered'>;
  readonly reached: Reached;
  readonly own: ReadonlySet<string>;
  /** Where nobody was known at its opening: who is known by now. */
  readonly found: Escalation | null;
}

/** Reads a page with whom its next level calls at this instant. */
export async function loadRinging(tx: Tx, pageId: string, now: Date): Promise<Ringing> {
  const page = await tx.page.findUniqueOrThrow({ where: { id: pageId } });
  const all = await tx.pageAttempt.findMany({ where: { pageId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const before = levelsOf(page);
  const found = before.length === 0 ? await escalationOf(tx, page.workspaceId, targetOf(page)) : null;
  const next = found ? { level: 0, round: page.round + 1 } : levelAfter({ ...page, levels: before });
  const level = (found?.levels ?? before)[next.level];
  return {
    ...{ page, all, incident, found, next },
    attempts: all.filter((each) => each.level === page.level && each.round === page.round),
    reached: level ? await reachedBy(tx, page.workspaceId, level, now) : nobody,
    own: incident?.drill ? await drillPeople(tx, incident) : new Set(),
  };
}

/** What is due of a page that was read. */
export function dueOf({ page, attempts, all, next, reached }: Ringing, now: Date) {
  const calledNobody = next.round > page.round && all.every((each) => each.round !== page.round);
  const somebody = calledNobody && reached.recipients.length > 0;
  return whatIsDue({ ...page, levels: levelsOf(page) }, attempts, now, { somebody });
}

/** Whom a page is for. */
export function targetOf(page: Pick<Page, 'targetKind' | 'targetId' | 'targetName'>): Target {
  return { kind: page.targetKind as Target['kind'], id: page.targetId, name: page.targetName };
}

/** What made it. */
export function causeOf(page: Pick<Page, 'cause' | 'causeName'>): Cause {
  return { kind: page.cause as Cause['kind'], name: page.causeName };
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
