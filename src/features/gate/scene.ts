// All that a question is judged by, read once and in as few queries as it takes.
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { type Environments, environmentsOf, settingsOf } from '../catalog/index.js';
import {
  type Change,
  type Conflict,
  conflictsOf,
  type Plan,
  placesOf,
  surroundingsOf,
} from '../change/index.js';
import { asOf, freezesSince, targetsOf } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import { unknownNames } from './names.js';
import { frozenSince, ranBefore } from './proof.js';
import type { Waiter } from './queue.js';
import { type Scene, standingOf } from './standing.js';
import { goneRows, type Kept, keptOf, pendingOf, waiterOf, waitingRows, waysFor } from './store.js';
import { goesBack, type Question, usualSpacingSeconds } from './words.js';

/** What is asked, and what the lock was taken for: exceptions are used, and turns given, only under it. */
export interface Sought {
  readonly id: string;
  readonly question: Question;
  readonly usesWays: boolean;
  readonly queued: boolean;
  /** What is on record of it, where that was read already. */
  readonly kept?: Kept;
}

/** Reads the scene of a question, after the lock. */
export async function sceneOf(tx: Tx, asked: Sought, ask: Ask): Promise<Scene> {
  const workspaceId = ask.workspace.id;
  const environments = await environmentsOf(tx, workspaceId);
  const question = { ...asked.question, targets: placesOf(asked.question.targets, environments) };
  const targets = targetsOf(question.targets, environments);
  const kept = asked.kept ?? (await keptOf(tx, workspaceId, question));
  const waiting = asked.queued ? await waitingRows(tx, workspaceId) : [];
  const queue = await queueOf(tx, { workspaceId, waiting, environments, now: ask.now });
  const freezes = await freezesSince(tx, workspaceId, queue.since, { drills: question.drill });
  const now = asOf(freezes, ask.now);
  const change = await changeFor(tx, workspaceId, question);
  const scene: Scene = {
    ...{ id: asked.id, now, zone: ask.workspace.zone, question, targets, freezes, kept, change },
    ...{ pending: null, conflicts: [], unproven: null, ways: [] },
    takenBack: await isTakenBack(tx, kept),
    unknown: await unknownNames(tx, workspaceId, question.targets),
    waiters: queue.waiters.filter((each) => each.id !== asked.id),
    spacingMs: queue.spacingMs,
  };
  return completed(tx, scene, asked.usesWays, ask);
}

// What is asked only where it matters: proof of a rollback, exceptions where frozen, conflicts where not.
async function completed(tx: Tx, scene: Scene, usesWays: boolean, ask: Ask): Promise<Scene> {
  const workspaceId = ask.workspace.id;
  const { question, change, now } = scene;
  const identity = { ...question, changeId: change?.id ?? null };
  const first = standingOf(scene);
  if (first.kept) return scene;
  const frozen = first.hard.length > 0;
  const unproven = question.rollback ? await unprovenOn(tx, scene, frozen, workspaceId) : null;
  const ways = frozen && usesWays ? await waysFor(tx, workspaceId, now, scene.id) : [];
  const judged = { ...scene, unproven, ways };
  if (standingOf(judged).denied)
    return { ...judged, pending: await pendingOf(tx, workspaceId, identity, now) };
  return { ...judged, conflicts: await conflictsFor(tx, judged, ask) };
}

async function isTakenBack(tx: Tx, kept: Kept | null): Promise<boolean> {
  const id = kept?.row.exceptionId ?? null;
  if (id === null) return false;
  const row = await tx.freezeException.findUnique({ where: { id }, select: { state: true } });
  return row?.state !== 'approved';
}

/** Those that wait, and those that went lately, as the queue takes them. */
export async function queueOf(
  tx: Tx,
  {
    workspaceId,
    waiting,
    environments,
    now,
  }: { workspaceId: string; waiting: readonly Kept[]; environments: Environments; now: Date },
): Promise<{ readonly waiters: readonly Waiter[]; readonly spacingMs: number; readonly since: Date }> {
  const usual = usualSpacingSeconds * 1_000;
  if (waiting.length === 0) return { waiters: [], spacingMs: usual, since: now };
  const { thawSpacing } = await settingsOf(tx, workspaceId);
  const spacingMs = (thawSpacing ?? usualSpacingSeconds) * 1_000;
  const gone = await goneRows(tx, workspaceId, new Date(now.getTime() - spacingMs));
  const rows = [...waiting, ...gone];
  const waiters = rows.map((each) => waiterOf(each, environments));
  const since = Math.min(now.getTime(), ...waiters.map((each) => each.heldAt.getTime()));
  return { waiters, spacingMs, since: new Date(since) };
}

// Words are no identity: a title that mentions CHG-2 would go through by the exception of CHG-2.
async function changeFor(
  tx: Tx,
  workspaceId: string,
  { source, key, change: number }: Question,
): Promise<Change | null> {
  const own =
    key === null
      ? null
      : await tx.change.findUnique({ where: { workspaceId_source_key: { workspaceId, source, key } } });
  if (own || number === null) return own;
  return tx.change.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
}

async function conflictsFor(tx: Tx, scene: Scene, ask: Ask): Promise<Conflict[]> {
  const { question, change, now } = scene;
  const known = change ? { id: change.ownerId, name: change.ownerName } : null;
  const plan: Plan = {
    ...{ id: change?.id ?? null, kind: question.kind, components: question.targets },
    owner: known ?? { id: null, name: question.actor ?? question.source },
    // Who was asked and has not said yes covers nothing yet.
    coverId: change?.cover === 'given' ? change.coverId : null,
    ...{ startsAt: now, endsAt: null, reversible: change?.reversible ?? 'unknown' },
    rollback: question.rollback,
  };
  const around = await surroundingsOf(tx, plan, { ...ask, now });
  // The gate judges freezes itself.
  return conflictsOf(plan, { ...around, freezes: [] });
}

// The places of which nothing shows that this artifact ran there to a good end before they were frozen.
async function unprovenOn(
  tx: Tx,
  { question, targets, now }: Scene,
  frozen: boolean,
  workspaceId: string,
): Promise<string[]> {
  const environments = await environmentsOf(tx, workspaceId);
  const { artifact, kind, drill } = question;
  const before = frozen ? await frozenSince(tx, { workspaceId, targets, at: now, drills: drill }) : null;
  const unproven: string[] = [];
  for (const place of question.targets)
    if (
      artifact === null ||
      !goesBack(kind) ||
      !(await ranBefore(tx, { workspaceId, place, environments, artifact, before, now }))
    )
      unproven.push(componentName(place));
  return unproven;
}

/** The scene of a verdict on record, or of what else is asked under it; null where that cannot be read any more. */
export async function sceneOfKept(tx: Tx, asked: Kept, ask: Ask, kept = asked): Promise<Scene | null> {
  const { id, question } = asked;
  if (question === null) return null;
  return sceneOf(tx, { id, question, usesWays: true, queued: true, kept }, ask);
}
