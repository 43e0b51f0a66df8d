// How a question stands to the freezes of now: covered by which, and let through by what. Pure.
import type { Change, Conflict } from '../change/index.js';
import { type Way, wayThrough } from '../exception/index.js';
import { type Frozen, freezesOver, type Target } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import type { Waiter } from './queue.js';
import type { Kept } from './store.js';
import { type Answer, mayGo, type Question } from './words.js';

/** All that a question is judged by. */
export interface Scene {
  readonly id: string;
  readonly now: Date;
  readonly zone: string;
  readonly question: Question;
  /** The places of the question, as freezes judge them, in its order. */
  readonly targets: readonly Target[];
  /** Those that concern it: a drill's freezes hold drills. */
  readonly freezes: readonly Frozen[];
  readonly kept: Kept | null;
  /** The exception that let it through was taken back since. */
  readonly takenBack: boolean;
  readonly change: Change | null;
  readonly ways: readonly Way[];
  /** The number of the exception that nobody answered yet. */
  readonly pending: number | null;
  /** Names in it that the catalogue does not know: `service apii`. */
  readonly unknown: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** Of a rollback: the places on which its artifact never ran successfully; null where it is none. */
  readonly unproven: readonly string[] | null;
  /** Those that wait and went lately, without this one. */
  readonly waiters: readonly Waiter[];
  readonly spacingMs: number;
}

/** How a question stands to the freezes of now. */
export interface Standing {
  /** The hard ones over each place, and the soft ones. */
  readonly over: readonly { readonly hard: readonly Frozen[]; readonly soft: readonly Frozen[] }[];
  /** Every hard one, once. */
  readonly hard: readonly Frozen[];
  readonly way: Way | null;
  /** It goes back to what ran everywhere there before. */
  readonly rollback: boolean;
  readonly denied: boolean;
  /** What was answered before is good still, and is answered again. */
  readonly kept: Answer | null;
}

/** How a question stands to the freezes of now: covered by which, and let through by what. */
export function standingOf(scene: Scene): Standing {
  const { freezes, targets, now } = scene;
  const over = targets.map((target) => {
    const all = freezesOver(freezes, target, now);
    return {
      hard: all.filter((each) => each.mode === 'hard'),
      soft: all.filter((each) => each.mode === 'soft'),
    };
  });
  const hard = once(over.flatMap((each) => each.hard));
  const rollback = scene.question.rollback && scene.unproven?.length === 0;
  const way = hard.length === 0 || rollback ? null : wayFor(scene, over);
  const denied = hard.length > 0 && !rollback && way === null;
  return { over, hard, way, rollback, denied, kept: keptAnswer(scene, hard) };
}

// One exception for all of it: the places that are frozen hard must all be let through by the same one.
function wayFor(scene: Scene, over: Standing['over']): Way | null {
  const { question, change, targets, ways } = scene;
  const { source, key, exception } = question;
  const asking = { changeId: change?.id ?? null, source, key, exception };
  const lets = (way: Way) =>
    targets.every((target, i) => {
      const hard = over[i]?.hard ?? [];
      return hard.length === 0 || wayThrough([way], asking, target, hard.map(numberOf)) !== null;
    });
  // What it used already it goes by again.
  const used = ways.filter((way) => isUsedAlready(scene, way)).find((way) => lets({ ...way, usesLeft: 1 }));
  if (used) return used;
  const fits = ways.filter(lets);
  return (
    fits.find((way) => way.number === exception) ??
    fits.toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())[0] ??
    null
  );
}

/** Whether this very question used this exception, and has not begun since: then it goes by it without another use. */
export function isUsedAlready(scene: Scene, way: Way): boolean {
  return way.usedBy.includes(scene.id) && way.id === scene.kept?.row.exceptionId && isStillToCome(scene);
}

/** What was let go is the same question, and nobody said that it began. */
export function isStillToCome({ kept, question, change }: Scene): boolean {
  const began = change !== null && change.state !== 'planned';
  return kept !== null && isSame(kept.question, question) && !began;
}

// Asked again within its validity, a verdict that let it go stays, and no exception is used twice for it. What was
// frozen since is another matter.
function keptAnswer({ kept, question, now, takenBack }: Scene, hard: readonly Frozen[]): Answer | null {
  if (takenBack) return null;
  if (!kept?.answer || !kept.decision || !mayGo(kept.decision) || kept.row.validUntil <= now) return null;
  if (kept.row.queue === 'waiting' || !isSame(kept.question, question)) return null;
  return hard.every((each) => kept.heldBy.includes(each.number)) ? kept.answer : null;
}

/** Whether both ask the same: what it is called, and who began it, may be said otherwise by the next job. */
export function isSame(one: Question | null, other: Question): boolean {
  return one !== null && JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

// PostgreSQL keeps members in an order of its own.
function inOrder(question: Question): unknown[] {
  const { source, key, kind, artifact, previousArtifact, rollback, exception, change, drill } = question;
  const targets = question.targets.map(componentName);
  return [source, key, kind, targets, artifact, previousArtifact, rollback, exception, change, drill];
}

/** Each freeze once. */
export function once(freezes: readonly Frozen[]): Frozen[] {
  return [...new Map(freezes.map((each) => [each.number, each])).values()];
}

export const numberOf = ({ number }: Frozen) => number;
