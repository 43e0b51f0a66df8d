// The verdict: of what is frozen, who may pass, what collides and whose turn it is, one answer. Pure.
import type { Conflict } from '../change/index.js';
import { exceptionKey, type Way } from '../exception/index.js';
import { freeAt, freezeKey, nextTransition, type Target } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import { type Turn, thawingOn, turnsOf, type Waiter } from './queue.js';
import * as words from './sentences.js';
import { isSame, isStillToCome, numberOf, once, type Scene, type Standing, standingOf } from './standing.js';
import { type Answer, type DecisionWord, gravest, lapsedMs, mayGo, type Reason, validMs } from './words.js';

/** Held: a turn may come early, by a lift, so it is asked again soon. Denied: at most so long. In seconds. */
const holdRetryMax = 60;
const denyRetryMax = 300;

export interface Judged {
  readonly answer: Answer;
  /** The exception that it uses. */
  readonly way: Way | null;
  readonly queue: 'none' | 'waiting' | 'gone';
  readonly heldAt: Date | null;
  readonly turnAt: Date | null;
  readonly heldBy: readonly number[];
  /** When those that wait are to be looked at again because of it. */
  readonly next: Date | null;
  /** The incident whose cord holds it, where that is news there. */
  readonly incidentId: string | null;
}

/** The verdict. */
export function judge(scene: Scene): Judged {
  const standing = standingOf(scene);
  const { kept } = scene;
  if (standing.kept && kept)
    return { ...unchanged(scene), answer: standing.kept, heldBy: kept.heldBy, queue: 'none' };
  const queue = standing.denied ? queueWhenDenied(scene, standing) : queueWhenFree(scene, standing);
  const reasons = reasonsOf(scene, standing, queue);
  const decision = gravest(reasons.map((each) => each.decision));
  return concluded(scene, standing, queue, reasons, decision);
}

/** Whether a verdict is news: another one than before, or a fresh word that it may go. */
export function isNews({ answer, queue }: Judged, { kept, question, now }: Scene): boolean {
  if (!kept?.answer || !isSame(kept.question, question) || kept.decision !== answer.decision) return true;
  if (mayGo(answer.decision)) return kept.row.validUntil <= now || queue === 'gone';
  if (queue === 'waiting' && kept.row.queue !== 'waiting') return true;
  // It still comes, though its turn has long been there: who does not is waited for no more.
  const turn = kept.row.turnAt;
  const due = kept.heldBy.length === 0 || (turn !== null && turn <= now);
  if (due && queue === 'waiting' && now.getTime() - kept.row.askedAt.getTime() > signMs) return true;
  return signature(kept.answer) !== signature(answer);
}

/** One whose turn has come and that something else holds shows so often that it is still there. */
const signMs = 20 * 60_000;

function signature({ reasons, targets }: Answer): string {
  return JSON.stringify([
    reasons.map(({ type, id, decision, endsAt }) => [type, id, decision, endsAt]),
    targets.map((each) => each.decision),
  ]);
}

interface Queue {
  readonly turn: Turn | null;
  /** It waits on record, and is still waited for. */
  readonly waits: boolean;
  readonly heldAt: Date;
  /** The freezes of the thaw that it is part of. */
  readonly thaw: readonly number[];
}

function queueWhenDenied(scene: Scene, { hard }: Standing): Queue {
  const numbers = hard.map(numberOf);
  const waits = waitsAlready(scene);
  const before = waits ? (scene.kept?.heldBy ?? []) : [];
  return inQueue(scene, waits, [...new Set([...before, ...numbers])]);
}

// On ground that thaws, those that were held there go first. A proven rollback and an exception wait for nobody.
function queueWhenFree(scene: Scene, { rollback, way }: Standing): Queue {
  const { kept, targets, waiters, freezes, question, now } = scene;
  if (rollback || way) return { turn: null, waits: false, heldAt: now, thaw: [] };
  if (kept && wentLately(scene))
    return { turn: null, waits: false, heldAt: kept.row.heldAt ?? now, thaw: kept.heldBy };
  const waits = waitsAlready(scene);
  if (waits && kept && kept.heldBy.length > 0) return inQueue(scene, waits, kept.heldBy);
  const thaw = thawingOn(targets, waiters, freezes, question.drill, now);
  return thaw.length === 0
    ? { turn: null, waits, heldAt: heldAtOf(scene, waits), thaw }
    : inQueue(scene, waits, thaw);
}

// It was let go in its turn, and comes again before it began, as the job does that deploys: it had its turn.
function wentLately(scene: Scene): boolean {
  const { kept, now } = scene;
  const { queue, leftAt } = kept?.row ?? {};
  const lately = leftAt && now.getTime() - leftAt.getTime() < lapsedMs;
  return queue === 'gone' && kept?.heldBy.length !== 0 && Boolean(lately) && isStillToCome(scene);
}

function inQueue(scene: Scene, waits: boolean, thaw: readonly number[]): Queue {
  const { kept, question, waiters, freezes, spacingMs, now, id, targets } = scene;
  const decided = kept?.decision && mayGo(kept.decision);
  const own: Waiter = {
    ...{ id, heldBy: thaw, targets, drill: question.drill, askedAt: now, wentAt: null },
    stays: true,
    heldAt: heldAtOf(scene, waits),
    toldAt: waits ? (kept?.row.turnAt ?? null) : null,
  };
  // It was told that it may go: then its turn is now.
  const turns = turnsOf([...waiters, own], freezes, spacingMs, now);
  const turn = turns.find((each) => each.id === id) ?? null;
  const goes = waits && decided && turn?.free && kept ? { ...turn, at: kept.row.askedAt } : turn;
  return { turn: goes, waits, heldAt: own.heldAt, thaw };
}

function heldAtOf(scene: Scene, waits: boolean): Date {
  return waits ? (scene.kept?.row.heldAt ?? scene.now) : scene.now;
}

// One whose time is long over begins at the end again.
function waitsAlready(scene: Scene): boolean {
  const { kept, waiters, freezes, spacingMs, now } = scene;
  if (kept?.row.queue !== 'waiting') return false;
  const { row, heldBy } = kept;
  const own: Waiter = {
    ...{ id: kept.id, heldBy, targets: scene.targets, toldAt: row.turnAt, askedAt: row.askedAt },
    ...{ heldAt: row.heldAt ?? row.askedAt, wentAt: null, drill: scene.question.drill },
    stays: kept.callback !== null,
  };
  const turn = turnsOf([...waiters, own], freezes, spacingMs, now).find((each) => each.id === kept.id);
  return !turn?.lapsed;
}

function reasonsOf(scene: Scene, standing: Standing, { turn, thaw }: Queue): Reason[] {
  const { question, conflicts, now } = scene;
  const { denied, rollback, way, hard } = standing;
  const frozen = frozenReasons(scene, standing);
  const waits = !denied && turn !== null && turn.at !== null && turn.at > now;
  const collisions = denied ? [] : conflicts.map((each) => conflictReason(each, rollback));
  return [
    ...frozen,
    ...(rollback && hard.length > 0 ? [words.rollbackReason(question)] : []),
    ...(way ? [words.exceptionReason(way)] : []),
    ...(denied && question.exception !== null ? [words.noWayReason(question.exception, scene)] : []),
    ...(waits && turn ? [words.turnReason(turn, thaw, scene)] : []),
    ...collisions.toSorted((a, b) => Number(b.decision === 'hold') - Number(a.decision === 'hold')),
    ...words.placeReasons(scene),
  ];
}

function frozenReasons(scene: Scene, { over, denied }: Standing): Reason[] {
  const all = once(over.flatMap((each) => [...each.hard, ...each.soft]));
  return all.map((freeze) => {
    const places = scene.question.targets
      .filter((_each, i) => [...(over[i]?.hard ?? []), ...(over[i]?.soft ?? [])].includes(freeze))
      .map(componentName);
    const hard = freeze.mode === 'hard';
    const decision = hard ? (denied ? 'deny' : 'allow') : 'warn';
    return words.freezeReason(freeze, places, decision, scene);
  });
}

// An incident does not keep its own repair waiting: the cord does, where somebody pulls it.
function conflictReason({ kind, severity, text, with: id }: Conflict, rollback: boolean): Reason {
  const limit = kind === 'service-limit' || kind === 'person-limit';
  const told = kind === 'incident' || kind === 'owner';
  const holds = !rollback && (limit || (severity === 'hold' && !told));
  return {
    ...{ type: limit ? 'limit' : kind === 'cover' ? 'cover' : 'conflict', id, text },
    decision: holds ? 'hold' : 'warn',
    ...{ mode: null, reason: null, owner: null, endsAt: null },
  };
}

function concluded(
  scene: Scene,
  standing: Standing,
  { turn, heldAt, thaw, waits: waited }: Queue,
  reasons: readonly Reason[],
  decision: DecisionWord,
): Judged {
  const { id, now, question, targets, freezes, kept } = scene;
  const { way, hard, over, denied } = standing;
  const goes = mayGo(decision);
  const waits = !goes && question.key !== null;
  const was = kept?.row.queue === 'waiting';
  const next = earliest(targets.map((target) => nextTransition(freezes, target, now)));
  const free = denied ? latest(targets.map((target) => freeAt(freezes, target, now))) : null;
  const valid = [new Date(now.getTime() + validMs), next, goes && way ? way.expiresAt : null];
  const again = denied ? free : (turn?.at ?? null);
  const answer: Answer = {
    ...{ id, decision, reasons: [...reasons] },
    targets: question.targets.map((each, i) => ({
      ...{ service: each.service, environment: each.environment, cluster: each.cluster },
      decision: decisionAt(over[i], reasons, denied),
      because: [...(over[i]?.hard ?? []), ...(over[i]?.soft ?? [])].map(freezeKey),
    })),
    exceptionId: goes && way ? exceptionKey(way) : null,
    evaluatedAt: now.toISOString(),
    validUntil: (earliest(valid) ?? now).toISOString(),
    nextTransitionAt:
      (earliest([next, !denied && again && again > now ? again : null]) ?? null)?.toISOString() ?? null,
    retryAfterSeconds: goes ? null : retryAfter(again, now, denied ? denyRetryMax : holdRetryMax),
    howToProceed: goes ? null : words.howToProceed(scene, standing, free),
    turn: waits && turn ? { place: turn.place, of: turn.of, at: turn.at?.toISOString() ?? null } : null,
  };
  return {
    ...{ answer, way: goes ? way : null, heldAt: waits || (goes && thaw.length > 0) ? heldAt : null },
    queue: waits ? 'waiting' : was || (goes && thaw.length > 0) ? 'gone' : 'none',
    // Of one that waits, its turn as it was told: the list of a thaw tells it.
    turnAt: waits ? (waited ? (kept?.row.turnAt ?? null) : null) : (turn?.at ?? null),
    heldBy: thaw.length > 0 ? thaw : hard.map(numberOf),
    next: nextLook(scene, decision, free),
    incidentId: cordOf(scene, hard.length > 0 ? hard.map(numberOf) : thaw, goes),
  };
}

function decisionAt(
  over: Standing['over'][number] | undefined,
  reasons: readonly Reason[],
  denied: boolean,
): DecisionWord {
  const rest = reasons.filter((each) => each.type !== 'freeze').map((each) => each.decision);
  const hard = denied && (over?.hard.length ?? 0) > 0;
  return gravest([
    ...rest,
    ...(hard ? ['deny' as const] : []),
    ...(over?.soft.length ? ['warn' as const] : []),
  ]);
}

// A question that the cord of an incident holds is on that incident's timeline, once; and so is that it goes then.
function cordOf({ kept, freezes }: Scene, numbers: readonly number[], goes: boolean): string | null {
  const cord = freezes.find((each) => each.incidentId !== null && numbers.includes(each.number));
  if (!cord) return null;
  const before = kept?.heldBy.includes(cord.number) ?? false;
  const went = kept?.decision ? mayGo(kept.decision) && kept.row.queue !== 'waiting' : false;
  if (before && went === goes) return null;
  return cord.incidentId;
}

// What was held is looked at when it is free; after one went, the next one's turn comes.
function nextLook(scene: Scene, decision: DecisionWord, free: Date | null): Date | null {
  if (decision === 'deny') return scene.question.key === null ? null : free;
  const waits = scene.waiters.some((each) => each.wentAt === null && each.heldBy.length > 0);
  return mayGo(decision) && waits ? new Date(scene.now.getTime() + scene.spacingMs) : null;
}

function unchanged({ kept }: Scene) {
  return {
    ...{ way: null, next: null, incidentId: null },
    heldAt: kept?.row.heldAt ?? null,
    turnAt: kept?.row.turnAt ?? null,
  };
}

function retryAfter(at: Date | null, now: Date, most: number): number {
  const seconds = at === null ? most : Math.ceil((at.getTime() - now.getTime()) / 1_000);
  // Its turn is there, and something else holds it: nobody knows for how long.
  return seconds <= 0 ? Math.min(30, most) : Math.min(seconds, most);
}

function earliest(all: readonly (Date | null)[]): Date | null {
  const known = all.flatMap((each) => (each ? [each.getTime()] : []));
  return known.length === 0 ? null : new Date(Math.min(...known));
}

function latest(all: readonly (Date | null)[]): Date | null {
  if (all.includes(null)) return null;
  return new Date(Math.max(...all.map((each) => each?.getTime() ?? 0)));
}

export type { Target };
