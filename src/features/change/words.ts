// The words of changes: kinds, states, keys, and what a pipeline may report.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { readDuration } from '../../core/time/index.js';
import { type Component, componentSchema } from '../incident/index.js';

export const changeKinds = [
  'deploy',
  'config',
  'flag',
  'migration',
  'infrastructure',
  'upgrade',
  'submission',
  'other',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export const changeStates = [
  'planned',
  'started',
  'validating',
  'succeeded',
  'failed',
  'rolled_back',
  'cancelled',
] as const;
export type ChangeState = (typeof changeStates)[number];

/** These ask for cover, and for people to say that everything still works. */
export const attendedKinds: ReadonlySet<string> = new Set<ChangeKind>([
  'upgrade',
  'migration',
  'infrastructure',
]);

export function isAttended(kind: string): boolean {
  return attendedKinds.has(kind);
}

/** Under way: it may be breaking something now. */
export function isUnderWay(state: string): boolean {
  return state === 'started' || state === 'validating';
}

/** Nothing more will come of it. */
export function isOver(state: string): boolean {
  return state !== 'planned' && !isUnderWay(state);
}

/** How a state is read aloud. */
export function stateName(state: string): string {
  return state.replace('_', ' ');
}

/** How a change is named. */
export function changeKey(change: { number: number }): string {
  return `CHG-${change.number}`;
}

/** The number in `CHG-7`, `chg7`, `#7` or `7`; null when it is none. */
export function readChangeKey(word: string): number | null {
  const found = /^(?:chg-?|#)?(\d{1,9})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

export const changeWord = z
  .string({ error: 'Say which change, such as CHG-7.' })
  .transform((word) => readChangeKey(word) ?? Number.NaN)
  .refine((number) => Number.isSafeInteger(number), {
    error: 'Say which change, such as CHG-7; `/change list` shows them.',
  });

const kindWords: Readonly<Record<string, ChangeKind>> = {
  deployment: 'deploy',
  release: 'deploy',
  configuration: 'config',
  feature_flag: 'flag',
  infra: 'infrastructure',
};

export const kindWord = z
  .string({ error: `Say the kind: ${changeKinds.join(', ')}.` })
  .transform((word) => {
    const known = word
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    return kindWords[known] ?? known;
  })
  .pipe(z.enum(changeKinds, { error: `A kind is ${changeKinds.slice(0, -1).join(', ')} or other.` }));

/** The source of what people announce here; the key is our own id. */
export const ownSource = 'andon';

export const reversibilities = ['yes', 'no', 'unknown'] as const;

/** Longer than this nothing is planned as one change. */
export const plannedDaysMax = 30;
const dayMs = 86_400_000;

/** `30m`, `2h`: how long it is planned to take, in milliseconds. */
export const lengthWord = z.string().transform((word, context) => {
  const read = readDuration(word);
  const tooLong = read.ok && (read.milliseconds <= 0 || read.milliseconds > plannedDaysMax * dayMs);
  if (read.ok && !tooLong) return read.milliseconds;
  const message = read.ok
    ? `for: takes more than nothing and at most ${plannedDaysMax} days, such as 30m or 2h.`
    : `for: “${shorten(word, 40)}”: ${read.reason}`;
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

/** Who answers for a change; the id is null where Slack's is not known. */
export const ownerSchema = z.object({ id: z.string().nullable(), name: z.string() });

/** How long what was done is watched before it is left alone, in minutes: proposed, not measured. */
export const bakeMinutes: Readonly<Record<ChangeKind, number>> = {
  flag: 15,
  deploy: 30,
  config: 30,
  migration: 120,
  infrastructure: 240,
  upgrade: 240,
  submission: 0,
  other: 30,
};

/** How long a change takes where nobody said, in minutes. */
export const usualMinutes = 30;

/** Why a change collides with something, in words. */
export const conflictSchema = z.object({
  kind: z.enum([
    'component',
    'dependency',
    'infrastructure',
    'freeze',
    'incident',
    'owner',
    'cover',
    'service-limit',
    'person-limit',
    'monitor',
  ]),
  /** `hold`: it had better wait; `warn`: it may go on. */
  severity: z.enum(['hold', 'warn']),
  text: z.string(),
  /** The change, incident or freeze it is about, such as `CHG-4`; null for none. */
  with: z.string().nullable(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** What is known of a change, whoever says it: a person, a program, or a pipeline in its own format. */
export const reportSchema = z.object({
  /** Who tells: `github:acme/api`, `token:ci`. With `key` it names the change. */
  source: z.string().min(1).max(300),
  key: z.string().min(1).max(300),
  /** Of two words on one change the higher one is the later; null where the sender counts nothing. */
  sequence: z.int().nullable(),
  kind: z.enum(changeKinds),
  title: z.string().min(1),
  state: z.enum(changeStates),
  /** What the sender says of the state, such as why it failed. */
  text: z.string().nullable(),
  targets: z.array(componentSchema),
  owner: ownerSchema.nullable(),
  /** Who or what began it, by the name that the pipeline has for them. */
  by: z.string().nullable(),
  plannedStart: z.coerce.date().nullable(),
  plannedEnd: z.coerce.date().nullable(),
  startedAt: z.coerce.date().nullable(),
  finishedAt: z.coerce.date().nullable(),
  /** When the sender says it came to this state; null: when we were told. */
  at: z.coerce.date().nullable(),
  artifact: z.string().nullable(),
  previousArtifact: z.string().nullable(),
  url: z.string().nullable(),
  reversible: z.enum(reversibilities),
  /** It takes back what ran there before. */
  rollback: z.boolean(),
  /** The key of the change that it takes back, of the same source; null where only the place tells which. */
  rollbackOf: z.string().nullable(),
  /** The number of the announced change that it says it carries out; then it follows that one. */
  change: z.int().positive().nullable().optional(),
  /** Which format said so: `native`, `github`, `cdevents` … */
  format: z.string(),
  /** The body as it came, for whoever doubts how it was read; null for what people say. */
  body: z.string().nullable(),
});
export type Report = z.infer<typeof reportSchema>;

/** What a report says where its format says nothing. */
export const silentReport = {
  ...{ sequence: null, text: null, owner: null, by: null },
  ...{ plannedStart: null, plannedEnd: null, startedAt: null, finishedAt: null, at: null },
  ...{ artifact: null, previousArtifact: null, url: null, rollbackOf: null, body: null },
  rollback: false,
  reversible: 'unknown',
} as const satisfies Partial<Report>;

export type { Component };
