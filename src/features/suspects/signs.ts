// What else speaks for a change: how it ended, how it was done, what it is about, what people say. Pure.
import { conflictsOfRow, isAttended, violatedBy } from '../change/index.js';
import { clustersOf, type NearChange, named, reachedClusters, type Scene, type Sign } from './scene.js';
import type { Answer } from './words.js';

const processMax = 8;
const historyMax = 7;
/** Told so long after it began, it was not announced before it ran. */
const lateMs = 10 * 60_000;

const nothing: Sign = { points: 0, reasons: [] };

/** How it ended. */
export function outcomeOf({ state, validation }: NearChange['change']): Sign {
  if (validation === 'bad') return { points: 15, reasons: ['somebody found it not working'] };
  if (state === 'failed') return { points: 15, reasons: ['failed'] };
  if (state === 'rolled_back') return { points: 12, reasons: ['rolled back'] };
  if (state === 'validating') return { points: 3, reasons: ['nobody has said yet that it works'] };
  return nothing;
}

/** How it was done: what was left behind, ignored, or cannot be taken back; `besides` is what tells the least. */
export function processOf(scene: Scene, near: NearChange): Sign & { readonly besides: readonly string[] } {
  const telling = [unasked(near), skew(scene, near), ignored(scene, near)];
  const besides = [excepted(scene, near), thawed(near), irreversible(near), unattended(near), toldLate(near)];
  return {
    points: atMost(processMax, [...telling, ...besides]).points,
    reasons: telling.flatMap((each) => each.reasons),
    besides: besides.flatMap((each) => each.reasons),
  };
}

// Everybody had been asked to leave that ground alone.
function unasked({ change }: NearChange): Sign {
  const freezes = violatedBy(change);
  if (freezes.length === 0 || change.state === 'planned') return nothing;
  return { points: 8, reasons: [`began in ${named(freezes)} without a verdict that let it`] };
}

function excepted({ exceptions }: Scene, { change }: NearChange): Sign {
  const used = exceptions.get(change.id) ?? [];
  return used.length === 0 ? nothing : { points: 3, reasons: [`went through a freeze by ${named(used)}`] };
}

// What was held for long comes at once with what changed meanwhile.
function thawed({ change }: NearChange): Sign {
  return change.afterFreeze ? { points: 3, reasons: ['the first change there after a freeze'] } : nothing;
}

// Half of what must match was upgraded: what is left at its old version may fail only when it has to start anew.
function skew(scene: Scene, near: NearChange): Sign {
  const { change, components } = near;
  if (change.kind !== 'upgrade' && change.kind !== 'infrastructure') return nothing;
  const { neighbourhood } = scene;
  const clusters = components.flatMap((each) => reachedClusters(each, scene));
  const left = scene.components.flatMap((affected) => {
    const cluster = clustersOf(affected, neighbourhood).find((each) => clusters.includes(each));
    const itself = components.some((each) => each.service === affected.service);
    return cluster === undefined || itself ? [] : [{ cluster, service: affected.service }];
  });
  const [first] = left;
  if (!first) return nothing;
  const services = new Set(components.map((each) => each.service));
  const together =
    services.size > 1 || scene.rebuilt.some((other) => isUpgradedWith(scene, near, other, first.cluster));
  if (together) return nothing;
  const done = change.kind === 'upgrade' ? `upgraded on ${first.cluster}` : `rebuilt on ${first.cluster}`;
  return {
    points: 8,
    reasons: [`${done}, and nothing else there was upgraded with it: versions may no longer match (skew)`],
  };
}

// With it or after it, on the same cluster, another part; what comes after the onset repairs, and is too late.
function isUpgradedWith(scene: Scene, near: NearChange, other: NearChange, cluster: string): boolean {
  if (other.change.id === near.change.id || other.change.state === 'planned') return false;
  const own = new Set(near.components.map((each) => each.service));
  const began = (it: NearChange) => (it.change.startedAt ?? it.change.startsAt).getTime();
  const withinMs = 24 * 3_600_000;
  if (began(other) > scene.onset.at.getTime() || began(other) < began(near) - withinMs) return false;
  return other.components.some(
    (each) => !own.has(each.service) && reachedClusters(each, scene).includes(cluster),
  );
}

// What came or was told only after it began, nobody could heed.
function ignored({ collided }: Scene, { change }: NearChange): Sign {
  if (change.state === 'planned') return nothing;
  const began = change.startedAt ?? change.startsAt;
  const held = conflictsOfRow(change).filter((each) => {
    const other = each.severity === 'hold' && each.with !== null ? collided.get(each.with) : undefined;
    return other !== undefined && other.from < began && (other.until === null || other.until > began);
  });
  if (held.length === 0) return nothing;
  const others = named(held.flatMap((each) => each.with ?? []));
  return { points: 5, reasons: [`ran although it collided with ${others}`] };
}

function irreversible({ change }: NearChange): Sign {
  return change.reversible === 'no' ? { points: 3, reasons: ['cannot be reversed'] } : nothing;
}

function unattended({ change }: NearChange): Sign {
  const alone = isAttended(change.kind) && change.cover !== 'given' && change.state !== 'planned';
  return alone ? { points: 2, reasons: ['ran without cover'] } : nothing;
}

function toldLate({ change }: NearChange): Sign {
  const late = change.startedAt && change.announcedAt.getTime() - change.startedAt.getTime() > lateMs;
  return late ? { points: 2, reasons: ['announced only after it ran'] } : nothing;
}

/** What it is about, and what such changes did before. */
export function contentOf(scene: Scene, near: NearChange): Sign {
  return atMost(historyMax, [causeBefore(scene, near), namedInTitle(scene, near), sharedWords(scene, near)]);
}

function causeBefore({ causesBefore }: Scene, { change, components }: NearChange): Sign {
  const before = components.filter(({ service }) => causesBefore.has(`${change.kind} ${service}`));
  if (before.length === 0) return nothing;
  const services = named(before.map((each) => each.service));
  return { points: 3, reasons: [`such a change of ${services} was confirmed on another incident`] };
}

function namedInTitle({ title }: Scene, { components }: NearChange): Sign {
  const words = wordsOf(title);
  const found = components.map((each) => each.service).filter((each) => words.has(each.toLowerCase()));
  if (found.length === 0) return nothing;
  return { points: 4, reasons: [`the incident’s title names ${named(found)}`] };
}

function sharedWords({ title }: Scene, { change }: NearChange): Sign {
  const words = wordsOf(title);
  const shared = [...wordsOf(change.title)].filter((each) => words.has(each));
  // Which words they are stays in the titles: here a redaction would miss them.
  return shared.length === 0
    ? nothing
    : { points: Math.min(4, shared.length * 2), reasons: ['its title has words of the incident’s'] };
}

const common: ReadonlySet<string> = new Set([
  ...['after', 'again', 'also', 'cannot', 'change', 'changes', 'deploy', 'deployed', 'does', 'down', 'every'],
  ...['failing', 'fails', 'from', 'have', 'into', 'more', 'nothing', 'only', 'production', 'release', 'that'],
  ...['their', 'them', 'there', 'they', 'this', 'update', 'version', 'were', 'when', 'which', 'with', 'work'],
]);

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_.-]{2,}/gu) ?? [];
  return new Set(words.map((each) => each.replace(/[.-]+$/, '')).filter((each) => !common.has(each)));
}

/** What people say of it. */
export function humanOf(answer: Answer | undefined): Sign {
  return answer === undefined || answer === 'unrelated' ? nothing : { points: 20, reasons: [] };
}

function atMost(max: number, signs: readonly Sign[]): Sign {
  const points = signs.reduce((sum, each) => sum + each.points, 0);
  return { points: Math.min(max, points), reasons: signs.flatMap((each) => each.reasons) };
}
