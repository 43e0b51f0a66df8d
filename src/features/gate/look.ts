// What the program looks after by itself: who may go again and when, who came no more, and what a new freeze overtakes.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { useOf as usedBy } from '../exception/index.js';
import {
  asOf,
  type Frozen,
  freezesSince,
  freezesStream,
  readFrozen,
  targetsOf,
  thawedAt,
} from '../freeze/index.js';
import { gateLooked, heldLeft, thawBegan, verdictRevised } from './facts.js';
import { concerning, isFrozen, type Turn, thawsOf, turnsOf, type Waiter } from './queue.js';
import { queueOf, sceneOfKept } from './scene.js';
import type { Scene } from './standing.js';
import { isUsedAlready } from './standing.js';
import { type Kept, openVerdicts, waitingRows, waysFor } from './store.js';
import { type Judged, judge } from './verdict.js';
import { type DecisionWord, gateStream, lapsedMs, mayGo, queueStream } from './words.js';

export const lookCommand = 'gate.look';
export const recheckCommand = 'gate.recheck';
/** So many are let go, or told of, by one look. */
const atOnce = 100;
/** One whose turn is there and that something else holds is looked at again after so long, at first and at most. */
const againMs = 60_000;
const againMaxMs = 3_600_000;

/** All that wait, with what a look needs to know of them. */
interface Held {
  readonly rows: readonly Kept[];
  readonly waiters: readonly Waiter[];
  readonly turns: readonly Turn[];
  readonly freezes: readonly Frozen[];
  readonly spacingMs: number;
  readonly now: Date;
  /** The states of the changes that they are, where those are on record. */
  readonly states: ReadonlyMap<string, { readonly state: string; readonly own: boolean }>;
  readonly owners: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly someWay: boolean;
}
interface Looked extends Held {
  /** The scenes of those that may go now. */
  readonly scenes: ReadonlyMap<string, Scene>;
}

/** Whatever is due of those that wait: the list of a thaw, whose turn it is, who is not waited for any more. */
export const look = defineCommand<Record<string, unknown>, readonly string[], Looked>({
  verb: internalVerb('gate look'),
  input: z.record(z.string(), z.unknown()),
  async locate(tx, _input, ask) {
    const held = await heldOf(tx, ask);
    const ids = touched(held).map((each) => each.id);
    const streams = [queueStream, ...ids.map(gateStream), ...(held.someWay ? [freezesStream] : [])];
    return { streams, target: ids };
  },
  async load(tx, _input, ids, ask) {
    const held = await heldOf(tx, ask);
    const scenes = new Map<string, Scene>();
    for (const kept of candidates(held).filter((each) => ids.includes(each.id))) {
      const scene = await sceneOfKept(tx, kept, ask);
      if (scene) scenes.set(kept.id, scene);
    }
    return { ...held, rows: held.rows, scenes };
  },
  decide: decideLook,
});

async function heldOf(tx: Tx, ask: Ask): Promise<Held> {
  const workspaceId = ask.workspace.id;
  const rows = await waitingRows(tx, workspaceId);
  const environments = await environmentsOf(tx, workspaceId);
  const queue = await queueOf(tx, { workspaceId, waiting: rows, environments, now: ask.now });
  const freezes = await freezesSince(tx, workspaceId, queue.since, { drills: true });
  const now = asOf(freezes, ask.now);
  const { waiters, spacingMs } = queue;
  const changeIds = rows.flatMap((each) => each.row.changeId ?? []);
  const changes = await tx.change.findMany({ where: { id: { in: [...new Set(changeIds)] } } });
  const known = new Map(changes.map((each) => [each.id, each]));
  const of = <T>(read: (change: (typeof changes)[number], kept: Kept) => T | null) =>
    new Map(
      rows.flatMap((kept) => {
        const change = kept.row.changeId === null ? undefined : known.get(kept.row.changeId);
        const value = change ? read(change, kept) : null;
        return value === null ? [] : [[kept.id, value] as const];
      }),
    );
  return {
    ...{ rows, waiters, freezes, spacingMs, now },
    turns: turnsOf(waiters, freezes, spacingMs, now),
    states: of(({ state, source, key }, { row }) => ({
      state,
      own: source === row.source && key === row.key,
    })),
    owners: of((change) => (change.ownerId ? { id: change.ownerId, name: change.ownerName } : null)),
    someWay: (await waysFor(tx, workspaceId, ask.now)).length > 0,
  };
}

/** What follows from a look. */
function decideLook(state: Looked, _input: unknown, ask: Ask): Decision {
  if (state.rows.length === 0) return refuse(say('Nothing waits.'));
  const gone = leavers(state);
  const goes = letGo(state, new Set(gone.map((each) => each.kept.id)));
  const facts: Stated[] = [
    ...thaws(state, new Set(gone.map((each) => each.kept.id))),
    ...gone.map(({ kept, why }) => left(state, kept, why)),
    ...goes.flatMap(({ kept, scene, judged }) => revised(state, kept, scene, judged, ask)),
  ];
  const next = nextLook(state, goes.length > 0);
  if (facts.length === 0 && next === null) return refuse(say('Nothing is due.'));
  return accept([...facts, gateLooked({ next }, { stream: queueStream })], message());
}

type Why = 'lapsed' | 'cancelled' | 'began';

function leavers(state: Held): { readonly kept: Kept; readonly why: Why }[] {
  return state.rows.flatMap((kept) => {
    const why = whyLeft(state, kept);
    return why === null ? [] : [{ kept, why }];
  });
}

function whyLeft({ states, turns, now }: Held, kept: Kept): Why | null {
  const change = states.get(kept.id);
  if (change?.state === 'cancelled') return 'cancelled';
  // It began, or ended, under the name by which it waits.
  if (change?.own && change.state !== 'planned') return 'began';
  if (kept.callback !== null) return null;
  if (turns.find((each) => each.id === kept.id)?.lapsed) return 'lapsed';
  const idle = now.getTime() - kept.row.askedAt.getTime() >= lapsedMs;
  // What only a conflict holds, and what was told that it may go, is waited for as long.
  return idle && (kept.heldBy.length === 0 || isLetGo(kept)) ? 'lapsed' : null;
}

function isLetGo(kept: Kept): boolean {
  return kept.decision !== null && mayGo(kept.decision);
}

/** Those whose verdict may be another one now, in the order of their turns. */
function candidates(state: Held): Kept[] {
  const { rows, turns, now, someWay } = state;
  const due = rows.filter((kept) => {
    if (isLetGo(kept) || whyLeft(state, kept) !== null) return false;
    const turn = turns.find((each) => each.id === kept.id);
    if (turn?.free) return turn.at !== null && turn.at <= now;
    // Whoever asks again learns of an exception then.
    return kept.callback !== null && (kept.heldBy.length === 0 || someWay);
  });
  return due.slice(0, atOnce);
}

function touched(state: Held): Kept[] {
  return [...candidates(state), ...leavers(state).map((each) => each.kept)];
}

interface Going {
  readonly kept: Kept;
  readonly scene: Scene;
  readonly judged: Judged;
}

// Of each thaw the first whose turn it is and that nothing else holds; the others keep their places.
function letGo(state: Looked, gone: ReadonlySet<string>): Going[] {
  const thaws = thawsOf(state.waiters).map((thaw) => new Set(thaw.map((each) => each.id)));
  const taken = new Set<Set<string>>();
  const goes: Going[] = [];
  for (const kept of candidates(state)) {
    const scene = state.scenes.get(kept.id);
    const thaw = thaws.find((each) => each.has(kept.id));
    if (!scene || gone.has(kept.id) || (thaw && taken.has(thaw))) continue;
    const judged = judge(scene);
    // One exception is not used twice by one look.
    const again = judged.way !== null && goes.some((each) => each.judged.way?.id === judged.way?.id);
    if (!mayGo(judged.answer.decision) || again) continue;
    if (thaw) taken.add(thaw);
    goes.push({ kept, scene, judged });
  }
  return goes;
}

function revised(state: Held, kept: Kept, scene: Scene, judged: Judged, ask: Ask): Stated[] {
  const { id } = kept;
  const { title, url, drill } = scene.question;
  const { answer, turnAt, heldBy, way } = judged;
  const owner = ownerOf(state.owners, kept);
  const from: DecisionWord = kept.decision ?? 'hold';
  const told = { id, title, from, givenAt: kept.row.askedAt, answer, turnAt, heldBy: [...heldBy] };
  return [
    verdictRevised(
      { ...told, callback: kept.callback, owner, url, drill, untaken: false },
      // One that asks again is an entry of the incident when it goes.
      {
        stream: gateStream(id),
        ...(judged.incidentId && kept.callback ? { incidentId: judged.incidentId } : {}),
      },
    ),
    ...(way && !isUsedAlready(scene, way) ? [usedBy(way, { id, title, drill }, ask.now)] : []),
  ];
}

function left({ owners }: Held, kept: Kept, why: Why): Stated {
  const title = kept.question?.title ?? 'A change';
  const drill = kept.question?.drill ?? false;
  const data = { id: kept.id, title, why, callback: kept.callback, owner: ownerOf(owners, kept), drill };
  return heldLeft(data, { stream: gateStream(kept.id) });
}

function ownerOf(owners: Held['owners'], kept: Kept) {
  const owner = owners.get(kept.id);
  return owner && isInSlack(owner.id) ? owner : null;
}

// The list of a thaw is told once: of those that are free and were not told their turn since they were frozen last.
function thaws(state: Held, gone: ReadonlySet<string>): Stated[] {
  return thawsOf(state.waiters).flatMap((thaw) => {
    const turns = thaw.flatMap((each) => {
      const turn = state.turns.find((it) => it.id === each.id);
      const kept = state.rows.find((it) => it.id === each.id);
      if (!kept || !turn?.free || turn.lapsed || !turn.at || !turn.from || gone.has(each.id)) return [];
      // One that came after the thaw began was held by no freeze: it is none of its list.
      const untold = turn.from > each.heldAt && (each.toldAt === null || turn.from > each.toldAt);
      return untold && !isLetGo(kept) ? [{ kept, at: turn.at, waiter: each }] : [];
    });
    if (turns.length === 0) return [];
    const numbers = [...new Set(turns.flatMap((each) => heldBySince(each.waiter, state)))].sort(
      (a, b) => a - b,
    );
    const cord = state.freezes.find((each) => each.incidentId !== null && numbers.includes(each.number));
    const held = turns.map(({ kept, at }) => ({
      ...{ id: kept.id, title: kept.question?.title ?? 'A change', source: kept.row.source },
      turnAt: at,
    }));
    const data = {
      ...{ freezes: numbers, held, drill: turns[0]?.waiter.drill ?? false },
      spacingSeconds: Math.round(state.spacingMs / 1_000),
    };
    return thawBegan(data, {
      stream: queueStream,
      ...(cord?.incidentId ? { incidentId: cord.incidentId } : {}),
    });
  });
}

// Those that it was told of, and those that came over it, or stayed, while it did not ask.
function heldBySince({ heldBy, targets, heldAt, drill }: Waiter, { freezes, now }: Held): number[] {
  const ended = concerning(freezes, drill).filter((each) =>
    targets.some((target) => thawedAt([each], target, heldAt, now) !== null),
  );
  return [...heldBy, ...ended.map((each) => each.number)];
}

// When somebody's turn comes next, is free, or is not waited for any more.
function nextLook({ rows, turns, now, spacingMs, states }: Held, some: boolean): Date | null {
  const times = rows.flatMap((kept) => {
    if (states.get(kept.id)?.state === 'cancelled') return [];
    const turn = turns.find((each) => each.id === kept.id);
    const asked = kept.row.askedAt.getTime();
    const lapses = kept.callback === null ? [asked + lapsedMs] : [];
    if (isLetGo(kept)) return lapses;
    const waited = Math.min(Math.max((now.getTime() - asked) / 4, againMs), againMaxMs);
    const again = kept.callback !== null || turn ? [now.getTime() + waited] : [];
    if (!turn) return [...lapses, ...again];
    if (turn.at === null) return [];
    if (turn.at > now) return [turn.at.getTime()];
    return [turn.at.getTime() + lapsedMs, ...(some ? [now.getTime() + spacingMs] : again)];
  });
  const ahead = times.filter((each) => each > now.getTime());
  return ahead.length === 0 ? null : new Date(Math.min(...ahead));
}

const recheckInput = z.union([z.object({ freezeId: z.string() }), z.object({ exceptionId: z.string() })]);

/** A freeze began, or an exception was taken back: verdicts that are good still are looked at again, and who got them is told. */
const recheck = defineCommand<z.infer<typeof recheckInput>, readonly Kept[], readonly Overtaken[]>({
  verb: internalVerb('gate recheck'),
  input: recheckInput,
  async locate(tx, input, ask) {
    const overtaken =
      'freezeId' in input
        ? await overtakenBy(tx, input.freezeId, ask)
        : await letBy(tx, input.exceptionId, ask);
    return { streams: overtaken.map((each) => gateStream(each.id)), target: overtaken };
  },
  async load(tx, _input, overtaken, ask) {
    const read: Overtaken[] = [];
    for (const kept of overtaken) {
      const scene = await sceneOfKept(tx, kept, ask);
      // What has begun goes on.
      if (scene && (scene.change === null || scene.change.state === 'planned')) read.push({ kept, scene });
    }
    return read;
  },
  decide(state) {
    const facts = state.flatMap(({ kept, scene }) => deniedNow(kept, scene));
    return facts.length > 0 ? accept(facts, message()) : refuse(say('Nothing is overtaken.'));
  },
});

interface Overtaken {
  readonly kept: Kept;
  readonly scene: Scene;
}

async function letBy(tx: Tx, exceptionId: string, ask: Ask): Promise<Kept[]> {
  const open = await openVerdicts(tx, ask.workspace.id, ask.now);
  return open.filter(({ row }) => row.exceptionId === exceptionId).slice(0, atOnce);
}

async function overtakenBy(tx: Tx, freezeId: string, ask: Ask): Promise<Kept[]> {
  const row = await tx.freeze.findFirst({ where: { id: freezeId, workspaceId: ask.workspace.id } });
  if (!row) return [];
  const freeze = readFrozen(row);
  const environments = await environmentsOf(tx, ask.workspace.id);
  const open = await openVerdicts(tx, ask.workspace.id, ask.now);
  const now = asOf([freeze], ask.now);
  return open
    .filter(({ question, heldBy }) => {
      if (question === null || heldBy.includes(freeze.number)) return false;
      const targets = targetsOf(question.targets, environments);
      return isFrozen({ targets }, concerning([freeze], question.drill), now);
    })
    .slice(0, atOnce);
}

function deniedNow(kept: Kept, scene: Scene): Stated[] {
  const { answer, heldBy } = judge(scene);
  if (answer.decision !== 'deny' || kept.decision === null) return [];
  const { id } = kept;
  const { title, url, drill } = scene.question;
  const { change } = scene;
  const owner =
    change?.ownerId && isInSlack(change.ownerId) ? { id: change.ownerId, name: change.ownerName } : null;
  return [
    verdictRevised(
      {
        ...{ id, title, from: kept.decision, givenAt: kept.row.askedAt, turnAt: null, url, drill, owner },
        ...{ answer: { ...answer, turn: null }, heldBy: [...heldBy], callback: kept.callback },
        untaken: kept.row.queue === 'waiting',
      },
      { stream: gateStream(id) },
    ),
  ];
}

export const automatic = {
  [lookCommand]: () => look.given({}),
  [recheckCommand]: (data: unknown) => recheck.given(recheckInput.parse(data)),
};
