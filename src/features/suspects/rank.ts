// The ranking: how much speaks for each change having caused the incident, and why, in points and in words. Pure.
import { isUnderWay } from '../change/index.js';
import { topologyOf } from './nearness.js';
import type { NearChange, Scene, Sign } from './scene.js';
import { contentOf, humanOf, outcomeOf, processOf } from './signs.js';
import { timeOf } from './timing.js';
import {
  type Components,
  fixesMax,
  lookBackMs,
  onsetMarginMs,
  type Ranked,
  strongPoints,
  suspectsMax,
  weakMax,
} from './words.js';

export interface Ranking {
  /** How many changes were looked at. */
  readonly considered: number;
  readonly list: readonly Ranked[];
}

/** An outcome that says that it went wrong has so many points; the others say only that nobody knows. */
const badOutcome = 10;

/** A change with what speaks for it. */
interface Weighed {
  readonly near: NearChange;
  readonly components: Components;
  readonly points: number;
  readonly reasons: readonly string[];
}

/** Ranks the changes near an incident: at most five suspects, and apart from them what began after the onset. */
export function rankSuspects(scene: Scene, near: readonly NearChange[]): Ranking {
  const { onset } = scene;
  const possible = near.filter((each) => isPossible(scene, each));
  const latest = latestOf(scene, possible);
  const before = possible.filter((each) => !isAfter(each, onset.at));
  const counted = before.filter((each) => isRecent(each, onset.at) || latest.has(each.change.id));
  const weighed = counted.map((each) => weigh(scene, each)).sort(byWeight(scene));
  const open = weighed.filter((each) => answerOf(scene, each.near) !== 'unrelated');
  const strong = open.filter(
    (each) => each.points >= strongPoints || answerOf(scene, each.near) !== undefined,
  );
  const weak = open.filter((each) => scene.components.length === 0 || latest.has(each.near.change.id));
  const shown = strong.length > 0 ? strong.slice(0, suspectsMax) : weak.slice(0, weakMax);
  const after = fixesOf(scene, possible);
  return {
    considered: counted.length,
    list: [
      ...shown.map((each, i) => ranked(each, i + 1)),
      ...after.map((each) => ({ ...ranked(each, null), after: true })),
    ],
  };
}

function ranked({ near, points, components, reasons }: Weighed, rank: number | null): Ranked {
  const { id: changeId, number } = near.change;
  return { changeId, number, rank, points, components, reasons: [...reasons], after: false };
}

function weigh(scene: Scene, near: NearChange): Weighed {
  const { topology, place } = topologyOf(scene, near);
  const time = timeOf(near.change, scene.onset);
  const outcome = outcomeOf(near.change);
  const process = processOf(scene, near);
  const history = contentOf(scene, near);
  const human = humanOf(answerOf(scene, near));
  const others = [topology, place, outcome, process, history, human];
  const components = {
    time: time.points - tooLongAgo(scene, near, others),
    topology: topology.points,
    place: place.points,
    outcome: outcome.points,
    process: process.points,
    history: history.points,
    human: human.points,
  };
  const points = Object.values(components).reduce((sum, each) => sum + each, 0);
  // The plain and checkable in front, the most telling after it: the first message shows three.
  const [nearest, alsoNear] = [topology.reasons.slice(0, 1), topology.reasons.slice(1)];
  const plain = sharesService(scene, near) ? [nearest, time.reasons] : [time.reasons, nearest];
  const telling = outcome.points >= badOutcome ? [outcome, process] : [process, outcome];
  const rest = [...telling.map((each) => each.reasons), alsoNear, place.reasons, history.reasons];
  const reasons = [...plain, ...rest, process.besides].flat();
  return { near, components, points, reasons };
}

function sharesService(scene: Scene, near: NearChange): boolean {
  return near.components.some((each) => scene.components.some(({ service }) => service === each.service));
}

// The latest change of a service is always looked at, but after so long nothing makes it a strong suspect by itself.
function tooLongAgo(scene: Scene, near: NearChange, others: readonly Sign[]): number {
  if (isRecent(near, scene.onset.at) || answerOf(scene, near) !== undefined) return 0;
  return Math.max(0, others.reduce((sum, each) => sum + each.points, 0) - (strongPoints - 1));
}

// What left things as they were, and what is still to come, broke nothing; nor did what is nowhere near.
function isPossible(scene: Scene, near: NearChange): boolean {
  const { change } = near;
  if (change.unchanged || change.state === 'cancelled') return false;
  if (change.state === 'planned' && (change.plannedStart ?? change.announcedAt) > scene.onset.at)
    return false;
  return topologyOf(scene, near).near || answerOf(scene, near) !== undefined;
}

/** When it began, or was to begin. */
function beganAt(change: NearChange['change']): Date {
  return change.startedAt ?? change.startsAt;
}

function isAfter({ change }: NearChange, onset: Date): boolean {
  return beganAt(change).getTime() > onset.getTime() + onsetMarginMs;
}

function isRecent({ change }: NearChange, onset: Date): boolean {
  if (isUnderWay(change.state)) return true;
  const last = change.finishedAt ?? beganAt(change);
  return last.getTime() >= onset.getTime() - lookBackMs(change.kind);
}

// The last that was done to each affected service, whenever that was: what works for weeks may break when it fills up.
function latestOf(scene: Scene, near: readonly NearChange[]): ReadonlySet<string> {
  const latest = new Map<string, NearChange>();
  for (const each of near) {
    if (each.change.state === 'planned' || isAfter(each, scene.onset.at)) continue;
    for (const { service } of each.components) {
      if (!scene.components.some((affected) => affected.service === service)) continue;
      const other = latest.get(service);
      if (!other || isLater(each, other)) latest.set(service, each);
    }
  }
  return new Set([...latest.values()].map((each) => each.change.id));
}

function isLater(one: NearChange, other: NearChange): boolean {
  const apart = beganAt(one.change).getTime() - beganAt(other.change).getTime();
  return apart === 0 ? one.change.number > other.change.number : apart > 0;
}

// What takes back a change of before is the likeliest to have mended it.
function fixesOf(scene: Scene, possible: readonly NearChange[]): Weighed[] {
  const after = possible.filter((each) => isAfter(each, scene.onset.at));
  const real = after.filter((each) => answerOf(scene, each) !== 'unrelated');
  const first = (each: NearChange) => (each.change.rollbackOfId === null ? 1 : 0);
  return real
    .sort(
      (a, b) =>
        first(a) - first(b) ||
        beganAt(a.change).getTime() - beganAt(b.change).getTime() ||
        a.change.number - b.change.number,
    )
    .slice(0, fixesMax)
    .map((each) => weighFix(scene, each));
}

function weighFix(scene: Scene, near: NearChange): Weighed {
  const { reasons } = timeOf(near.change, scene.onset);
  const { topology } = topologyOf(scene, near);
  const taken = near.change.rollbackOfId === null ? [] : ['takes back what ran there before'];
  const nothing = { time: 0, topology: 0, place: 0, outcome: 0, process: 0, history: 0, human: 0 };
  return { near, components: nothing, points: 0, reasons: [...taken, ...reasons, ...topology.reasons] };
}

function byWeight(scene: Scene) {
  const pinned = (each: Weighed) => (answerOf(scene, each.near) === 'cause' ? 0 : 1);
  return (a: Weighed, b: Weighed) =>
    pinned(a) - pinned(b) || b.points - a.points || (isLater(a.near, b.near) ? -1 : 1);
}

function answerOf(scene: Scene, { change }: NearChange) {
  return scene.answers.get(change.id);
}
