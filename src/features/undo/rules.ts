// The one rule of undoing: a fact can be taken back until somebody sets anew what it set.
import { type Fact, on } from '../../core/fact.js';
import type { Undoing, UndoRule } from '../../core/feature.js';
import { entryPart, wholeState } from '../incident/index.js';
import { changeUndone } from './facts.js';

export interface Taken {
  readonly fact: Fact;
  readonly undoing: Undoing;
}

/** What a fact set: null where nobody has said how it is taken back, `stays` where it outlives the rest. */
export type Undoer = (fact: Fact) => Undoing | 'stays' | null;

/** Finds the rule of a fact. */
export function undoerOf(rules: readonly UndoRule[]): Undoer {
  const all = new Map([...rules, ...own].map((rule) => [rule.type, rule]));
  return (fact) => {
    const rule = all.get(fact.type);
    return rule ? (rule.run(fact) ?? 'stays') : null;
  };
}

/** The first of the later facts that set anew what this one set. */
export function setAnew(undoer: Undoer, taken: Taken, later: readonly Fact[]): Taken | null {
  const parts = new Set(partsOf(taken));
  for (const fact of later) {
    const undoing = undoer(fact);
    if (undoing === null || undoing === 'stays' || fact.incidentId !== taken.fact.incidentId) continue;
    const set = partsOf({ fact, undoing });
    if (parts.has(wholeState) || set.some((part) => parts.has(part))) return { fact, undoing };
  }
  return null;
}

// Every fact makes an entry of its own, which a correction, a strike or a shift sets anew.
function partsOf({ fact, undoing }: Taken): string[] {
  return [entryPart(fact.id), ...undoing.sets];
}

const own: UndoRule[] = [
  on(changeUndone, ({ data }) => ({
    what: `the undoing of ${data.undone.map(({ seq }) => `#${seq}`).join(', ')}`,
    sets: [],
    instead: '/incident help',
    never: 'To have that again, say it once more with its own command: ',
  })),
];
