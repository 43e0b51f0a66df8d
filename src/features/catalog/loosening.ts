// What a change of the catalogue would let out of a freeze: an environment that is for something else, a name that means another.
import { z } from 'zod';
import { line, type Message, message } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type EnvironmentRead, environmentsIn } from './read.js';
import { named, unique, usualWords } from './words.js';

/** Which freeze would no longer hold which environments, by the words that people and pipelines write. */
export const looseningSchema = z.object({ freeze: z.int(), places: z.array(z.string()) });
export type Loosening = z.infer<typeof looseningSchema>;

const names = z.array(z.string()).default([]);
const selector = z.object({ environments: names, tiers: names });
type Selector = z.infer<typeof selector>;
// Freezes know the catalogue, not the other way round: only what they say of environments is read here.
const scopeSchema = z.object({ include: z.array(selector), exclude: z.array(selector).default([]) });

/** A hard freeze that is not over, as far as it names environments. */
export interface Holding {
  readonly number: number;
  readonly scope: z.infer<typeof scopeSchema>;
}

/** The hard freezes that are not over; of one that cannot be read the catalogue takes nothing, for it holds everything. */
export async function holdingsOf(tx: Tx, workspaceId: string, now: Date): Promise<Holding[]> {
  const rows = await tx.freeze.findMany({
    where: { workspaceId, overAt: { gt: now }, drill: false, mode: { not: 'soft' } },
    orderBy: { number: 'asc' },
    select: { number: true, scope: true },
  });
  return rows.flatMap(({ number, scope }) => {
    const read = scopeSchema.safeParse(scope);
    return read.success ? [{ number, scope: read.data }] : [];
  });
}

/** What freezes hold among the environments that were, and would not among those that are to be. Pure. */
export function looseningsOf(
  freezes: readonly Holding[],
  was: readonly EnvironmentRead[],
  now: readonly EnvironmentRead[],
): Loosening[] {
  if (freezes.length === 0) return [];
  const words = [...was, ...now].flatMap((each) => [each.name, ...each.aliases]);
  const [before, after] = [placesIn(was), placesIn(now)];
  return freezes.flatMap(({ number, scope }) => {
    const places = unique([...words, ...usualWords], folded).filter((word) => {
      const [then, next] = [before(word), after(word)];
      const lost = scope.include.some((it) => fits(it, then, 'perhaps') && !fits(it, next, 'perhaps'));
      return lost || scope.exclude.some((it) => fits(it, next, 'surely') && !fits(it, then, 'surely'));
    });
    return places.length > 0 ? [{ freeze: number, places }] : [];
  });
}

interface Place {
  readonly names: readonly string[];
  /** `any` where it cannot be read. */
  readonly tier: string | null;
}

function placesIn(entries: readonly EnvironmentRead[]): (word: string) => Place {
  const known = environmentsIn(entries);
  return (word) => ({
    names: [known.nameOf(word), ...(known.aliasesOf?.(word) ?? [])].map(folded),
    tier: known.isDamaged?.(word) ? 'any' : known.tierOf(word),
  });
}

// As a freeze covers: what nobody said counts as production where that freezes, and not where that lets go.
function fits({ environments, tiers }: Selector, place: Place, how: 'perhaps' | 'surely'): boolean {
  const isNamed =
    environments.length === 0 ||
    environments.map(folded).some((it) => place.names.some((name) => isSame(it, name)));
  if (!isNamed || tiers.length === 0) return isNamed;
  if (place.tier === 'any') return how === 'perhaps';
  const tier = place.tier ?? (how === 'perhaps' ? 'production' : null);
  return tier !== null && tiers.map(folded).includes(tier);
}

function isSame(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function folded(word: string): string {
  return word.normalize('NFKC').toLowerCase();
}

/** Refuses it, until it is said that it is meant; `again` is the line that says so. */
export function loosensFirst(loosens: readonly Loosening[], again: string): Message {
  return message(
    line(`That would let out what is frozen: ${lost(loosens, 'would no longer hold')}. Nothing was changed.`),
    line(
      'If it is meant: ',
      { code: again },
      '. The channel of changes and whoever owns the freeze are told then. To end a freeze: ',
      { code: `/freeze lift FRZ-${loosens[0]?.freeze ?? 1}` },
      '.',
    ),
  );
}

/** What a change of the catalogue let out; empty where it let out nothing. */
export function loosenedWords(loosens: readonly Loosening[]): string {
  if (loosens.length === 0) return '';
  return `Let out of a freeze: ${lost(loosens, 'no longer holds')}. The channel of changes and whoever owns it are told.`;
}

/** `FRZ-1 no longer holds prod, live`. */
export function lost(loosens: readonly Loosening[], verb: string): string {
  const all = loosens.map((it) => `FRZ-${it.freeze} ${verb} ${named(it.places, placesShown)}`);
  return all.length > freezesShown
    ? `${all.slice(0, freezesShown).join('; ')}; and ${all.length - freezesShown} more`
    : all.join('; ');
}

const placesShown = 5;
const freezesShown = 3;
