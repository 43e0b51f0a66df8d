// The words of pages: how one is named, what made it, how it is answered, and by which ways it goes.
import { z } from 'zod';
import type { PagePath } from '../../core/effect.js';
import { quoted } from '../../core/text.js';
import type { Prisma } from '../../db/tx.js';
import { type Level, levelSchema } from '../oncall/index.js';

export type Page = Prisma.PageGetPayload<object>;
export type PageAttempt = Prisma.PageAttemptGetPayload<object>;

/** How a page is named. */
export function pageKey(page: { readonly number: number }): string {
  return `PAGE-${page.number}`;
}

/** The number in `PAGE-3` or `page3`; null when it is none. */
export function readPageKey(word: string): number | null {
  const found = /^(?:page-?|#)?(\d{1,9})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

/** Whom a page is for, in the words of people. */
export function targetText(page: Pick<Page, 'targetKind' | 'targetName'>): string {
  return page.targetKind === 'default' ? 'whoever is on call by default' : page.targetName;
}

/** Who has a page, in front of `has it`: `Bob`, or `Rosa, by PagerDuty,`. */
export function holderText({
  answeredBy,
  answeredByName,
}: Pick<Page, 'answeredBy' | 'answeredByName'>): string {
  const name = answeredByName ?? 'Somebody';
  return answeredBy === 'webhook' ? `${name},` : name;
}

/** How whom a page is for is written behind `page`. */
export function targetWord({ targetKind, targetName }: Pick<Page, 'targetKind' | 'targetName'>): string {
  if (targetKind === 'default') return 'default';
  if (targetKind === 'person') return `@${targetName}`;
  return quoted(targetName);
}

/** The stream of one page: its levels, attempts and answers. */
export const pageStream = (id: string) => `page/${id}`;
/** Locked where a page is opened, so that each gets a number of its own; nothing is stated on it. */
export const pageNumbers = 'pages';

/** The slot of what one attempt posted in Slack. */
export const attemptSlot = (attemptId: string) => `page/attempt/${attemptId}`;

/** What made a page. */
export const pageCauses = ['person', 'heartbeat', 'alert', 'report', 'validation'] as const;
export type PageCause = (typeof pageCauses)[number];

export const causeSchema = z.object({
  kind: z.enum(pageCauses),
  /** The heartbeat's or the alert's name, the key of the change. */
  name: z.string().nullable(),
});
export type Cause = z.infer<typeof causeSchema>;

/** How somebody said that they have it. */
export const answerWays = ['button', 'command', 'link', 'http', 'webhook', 'incident'] as const;
export type AnswerWay = (typeof answerWays)[number];

export const pageStates = ['ringing', 'acknowledged', 'withdrawn'] as const;
export type PageState = (typeof pageStates)[number];

/** `stuck`: under way for longer than any path takes, so that nobody counts on it. */
export const attemptStates = ['sent', 'delivered', 'failed', 'stuck', 'simulated'] as const;

/** The ways by name, for people. */
export const pathNames: Readonly<Record<PagePath, string>> = {
  slack: 'Slack',
  mail: 'e-mail',
  webhook: 'the pager',
};

export const pathName = (path: string) => pathNames[path as PagePath] ?? path;

/** The levels of a page, as they were when it was opened. Throws where the row holds something else. */
export function levelsOf(page: Pick<Page, 'levels'>): Level[] {
  return z.array(levelSchema).parse(page.levels);
}

/** Of which rounds it is said that a level reaches nobody: of 1, 2, 3, 4, 8, 16, … */
export function isSaid(round: number): boolean {
  return round < 4 || Number.isInteger(Math.log2(round + 1));
}

/** Whether it is said aloud that nobody answered a round; what was stated before that was on record, by its number. */
export function wasSaid({ said, round }: { readonly said: boolean | null; readonly round: number }): boolean {
  return said ?? isSaid(round);
}

/** `Bob by Slack and e-mail, Ops pager by the pager`: each once. */
export function calledText(
  attempts: readonly { readonly to: { readonly name: string }; readonly path: string }[],
): string {
  const names = [...new Set(attempts.map(({ to }) => to.name))];
  return names
    .map((name) => {
      const ways = attempts.filter(({ to }) => to.name === name).map(({ path }) => pathName(path));
      return `${name} by ${[...new Set(ways)].join(' and ')}`;
    })
    .join(', ');
}

/** Levels as people count them. */
export function levelText({ level, round }: { readonly level: number; readonly round: number }): string {
  return `level ${level + 1}${round > 0 ? `, round ${round + 1}` : ''}`;
}

/** Why a level is skipped, behind `skipped,` or `is skipped:`. `by`: who passed it on. */
export function skipText(skipped: 'passer' | 'same', by: { readonly name: string } | null): string {
  return skipped === 'same'
    ? 'it would call the same again by the same ways'
    : `it would call only ${by?.name ?? 'whoever passed it on'}, who passed it on`;
}
