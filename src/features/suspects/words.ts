// The words of suspects: what somebody may say of one, and what a ranking is made of.
import { z } from 'zod';
import type { changeKinds } from '../change/index.js';

export const answers = ['related', 'unrelated', 'rollback', 'cause'] as const;
export type Answer = (typeof answers)[number];

/** What an answer says of a change. */
export const answerWords: Readonly<Record<Answer, string>> = {
  related: 'related',
  unrelated: 'unrelated',
  rollback: 'being rolled back',
  cause: 'confirmed as a cause',
};

/** What the points of a suspect are made of, kept so that the ranking can be judged later. */
export const componentsSchema = z.object({
  time: z.number().int(),
  topology: z.number().int(),
  place: z.number().int(),
  outcome: z.number().int(),
  process: z.number().int(),
  history: z.number().int(),
  human: z.number().int(),
});
export type Components = z.infer<typeof componentsSchema>;

/** A change as a ranking has it. */
export const rankedSchema = z.object({
  changeId: z.string(),
  number: z.number().int(),
  /** From 1; null for what began after the onset. */
  rank: z.number().int().nullable(),
  points: z.number().int(),
  components: componentsSchema,
  /** In words: no words of people's, which a redaction would miss here. */
  reasons: z.array(z.string()),
  after: z.boolean(),
});
export type Ranked = z.infer<typeof rankedSchema>;

/** From so many points on a change is a suspect worth its name. */
export const strongPoints = 35;
/** At most so many suspects are named: nobody reads a sixth. */
export const suspectsMax = 5;
/** Of the latest changes of what is affected, where there is no strong suspect. */
export const weakMax = 3;
/** Of what began after the onset, so many are named. */
export const fixesMax = 3;
/** What began later than this after the onset did not cause it. */
export const onsetMarginMs = 2 * 60_000;

const hourMs = 3_600_000;
const slow: ReadonlySet<string> = new Set<(typeof changeKinds)[number]>([
  'upgrade',
  'migration',
  'infrastructure',
  'submission',
]);
/** How far back is looked, in milliseconds: what is slow to show its effect, further. */
export function lookBackMs(kind: string): number {
  return (slow.has(kind) ? 72 : 24) * hourMs;
}
/** The longest of them. */
export const lookBackMaxMs = 72 * hourMs;

/** When the incident began as far as anybody said, and which of its times that is. */
export interface Onset {
  readonly at: Date;
  readonly which: 'started' | 'detected' | 'declared';
}

/** The onset by an incident's key times. */
export function onsetOf(incident: {
  startedAt: Date | null;
  detectedAt: Date | null;
  declaredAt: Date;
}): Onset {
  if (incident.startedAt) return { at: incident.startedAt, which: 'started' };
  if (incident.detectedAt) return { at: incident.detectedAt, which: 'detected' };
  return { at: incident.declaredAt, which: 'declared' };
}
