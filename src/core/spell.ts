// What fails again and again, in the log: a line when it begins, one a minute with how often, and one when it is over.
import type { Log } from './log.js';

const sayEveryMs = 60_000;

/** The messages of a spell. */
export interface SpellWords {
  readonly begins: string;
  readonly goesOn: string;
  readonly ends: string;
}

export interface Spell {
  /** It failed. `fields` say why; they are logged where this is said. */
  fails(fields: object): void;
  /** It works: the spell is over, if there is one, and nothing failed for so long. */
  over(quietMs?: number): void;
}

/** Nothing has failed yet. `now` is in milliseconds. */
export function makeSpell(log: Log, now: () => number, words: SpellWords): Spell {
  let spell: { readonly since: number; last: number; said: number; count: number } | null = null;
  return {
    fails(fields) {
      const at = now();
      if (!spell) {
        spell = { since: at, last: at, said: at, count: 1 };
        log.error(fields, words.begins);
        return;
      }
      spell.last = at;
      spell.count += 1;
      if (at - spell.said < sayEveryMs) return;
      spell.said = at;
      log.error({ ...fields, failed: spell.count, forMs: at - spell.since }, words.goesOn);
    },
    over(quietMs = 0) {
      const at = now();
      if (!spell || at - spell.last < quietMs) return;
      log.info({ failed: spell.count, forMs: at - spell.since }, words.ends);
      spell = null;
    },
  };
}
