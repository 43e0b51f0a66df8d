// The words of pages: how one is named, what made it, and how it is answered.
import { z } from 'zod';

/** How a page is named. */
export function pageKey(page: { readonly number: number }): string {
  return `PAGE-${page.number}`;
}

/** The number in `PAGE-3` or `page3`; null when it is none. */
export function readPageKey(word: string): number | null {
  const found = /^(?:page-?|#)?(\d{1,9})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

/** The stream of one page: its levels, attempts and answers. */
export const pageStream = (id: string) => `page/${id}`;

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
