// Who goes when, of those that were held: in order, one after the other. Pure: computed, so that no worker is needed.
import { covers, type Frozen, freeAt, freezesOver, type Target, thawedAt } from '../freeze/index.js';
import { lapsedMs } from './words.js';

/** One that waits, or that went so lately that the next one keeps its distance. */
export interface Waiter {
  readonly id: string;
  readonly heldAt: Date;
  /** The numbers of the freezes that hold it, or held it. None: it waits for something else, and takes no turn. */
  readonly heldBy: readonly number[];
  readonly targets: readonly Target[];
  /** Its turn, as it was told. */
  readonly toldAt: Date | null;
  /** When it went, or was told that it may. */
  readonly wentAt: Date | null;
  /** When it was heard of last. */
  readonly askedAt: Date;
  /** It is told where it waits and need not come: it is waited for as long as it takes. */
  readonly stays: boolean;
  /** A drill waits with its own. */
  readonly drill: boolean;
}

export interface Turn {
  readonly id: string;
  /** Among those of its thaw that have not gone. */
  readonly place: number;
  readonly of: number;
  /** Null where no end is in sight. */
  readonly at: Date | null;
  /** The end of the last freeze that covered it, or when it came after that. */
  readonly from: Date | null;
  /** Nothing freezes it any more; else `at` is when it would be as things stand. */
  readonly free: boolean;
  /** Its turn came so long ago that nobody waits for it. */
  readonly lapsed: boolean;
}

/** The turns of all that wait, in their order, thaw by thaw. */
export function turnsOf(
  waiters: readonly Waiter[],
  freezes: readonly Frozen[],
  spacingMs: number,
  now: Date,
): Turn[] {
  return thawsOf(waiters).flatMap((thaw) =>
    turnsIn(thaw, concerning(freezes, thaw[0]?.drill ?? false), spacingMs, now),
  );
}

/** The freezes that hold a drill, or what is none: a drill's hold only drills. */
export function concerning(freezes: readonly Frozen[], drill: boolean): readonly Frozen[] {
  return drill ? freezes : freezes.filter((each) => !each.drill);
}

/** Those that were held by the same freezes, or by ones that share some, in the order in which they came. */
export function thawsOf(waiters: readonly Waiter[]): Waiter[][] {
  const thaws: { numbers: Set<number>; drill: boolean; waiters: Waiter[] }[] = [];
  for (const each of waiters.filter(({ heldBy }) => heldBy.length > 0)) {
    const met = thaws.filter((it) => it.drill === each.drill && each.heldBy.some((n) => it.numbers.has(n)));
    const joined = {
      numbers: new Set([...met.flatMap((it) => [...it.numbers]), ...each.heldBy]),
      drill: each.drill,
      waiters: [...met.flatMap((it) => it.waiters), each],
    };
    for (const it of met) thaws.splice(thaws.indexOf(it), 1);
    thaws.push(joined);
  }
  return thaws.map((it) => it.waiters.toSorted(inOrder));
}

/** The first came first; of two at once the order is some one, and stays. */
function inOrder(a: Waiter, b: Waiter): number {
  return a.heldAt.getTime() - b.heldAt.getTime() || (a.id < b.id ? -1 : 1);
}

function turnsIn(thaw: readonly Waiter[], freezes: readonly Frozen[], spacingMs: number, now: Date): Turn[] {
  const went = Math.max(...thaw.map((each) => each.wentAt?.getTime() ?? Number.NEGATIVE_INFINITY));
  // Most of them wait for the same places.
  const frozenAt = remembered((each) => isFrozen(each, freezes, now));
  const freeOf = remembered((each) => freeFrom(each, freezes, now));
  const waiting = thaw
    .filter((each) => each.wentAt === null)
    .map((each) => ({ each, frozen: frozenAt(each) }));
  // What is still frozen keeps nobody waiting who is not.
  const free = waiting.filter((it) => !it.frozen);
  const held = waiting.filter((it) => it.frozen);
  let last = went;
  const turns: Omit<Turn, 'of'>[] = [];
  for (const { each, frozen } of [...free, ...held]) {
    const from = frozen ? freeOf(each) : thawOf(each, freezes, now);
    const told = frozen ? Number.NEGATIVE_INFINITY : (each.toldAt?.getTime() ?? Number.NEGATIVE_INFINITY);
    const at = from === null ? null : Math.max(from.getTime(), last + spacingMs, told);
    const heard = Math.max(at ?? 0, each.askedAt.getTime());
    const lapsed = !each.stays && !frozen && at !== null && now.getTime() >= heard + lapsedMs;
    if (at !== null && !lapsed) last = at;
    const place = turns.filter((it) => !it.lapsed).length + 1;
    turns.push({ id: each.id, place, from, at: at === null ? null : new Date(at), free: !frozen, lapsed });
  }
  const of = turns.filter((it) => !it.lapsed).length;
  return turns.map((it) => ({ ...it, of }));
}

/** The freezes of thaws under way on some ground, which a new question there waits for; none: it need not wait. */
export function thawingOn(
  targets: readonly Target[],
  waiters: readonly Waiter[],
  freezes: readonly Frozen[],
  drill: boolean,
  now: Date,
): number[] {
  const numbers = new Set(
    waiters
      .filter((each) => each.drill === drill && (each.wentAt !== null || !isFrozen(each, freezes, now)))
      .flatMap((each) => each.heldBy),
  );
  return freezes
    .filter((each) => numbers.has(each.number) && targets.some((target) => covers(each.scope, target)))
    .map((each) => each.number);
}

/** Whether a hard freeze is on over one of its places. */
export function isFrozen(
  { targets }: Pick<Waiter, 'targets'>,
  freezes: readonly Frozen[],
  now: Date,
): boolean {
  return targets.some((target) => freezesOver(freezes, target, now).some((each) => each.mode === 'hard'));
}

function remembered<T>(read: (each: Waiter) => T): (each: Waiter) => T {
  const known = new Map<string, T>();
  return (each) => {
    const name = JSON.stringify(each.targets);
    const found = known.get(name);
    if (found !== undefined) return found;
    const value = read(each);
    known.set(name, value);
    return value;
  };
}

function freeFrom({ targets }: Waiter, freezes: readonly Frozen[], now: Date): Date | null {
  const all = targets.map((target) => freeAt(freezes, target, now));
  if (all.includes(null)) return null;
  return new Date(Math.max(...all.map((each) => (each ?? now).getTime())));
}

// From the end of the last freeze that covered it; one that came after that, from when it came.
function thawOf({ targets, heldAt }: Waiter, freezes: readonly Frozen[], now: Date): Date {
  const ends = targets.map((target) => thawedAt(freezes, target, heldAt, now)?.getTime() ?? 0);
  return new Date(Math.max(heldAt.getTime(), ...ends));
}
