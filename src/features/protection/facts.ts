// Where GitHub waits for an answer, and what can happen: it was told, or it could not be.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';

/** A repository's name, none of whose parts leads elsewhere in an address. */
export const repositoryName = /^(?!\.{1,2}\/)[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/;

/** Where GitHub waits for the answer. Its address is made of this and of the configured API, never taken from outside. */
export const githubCallbackSchema = z.object({
  kind: z.literal('github'),
  /** As GitHub writes it: acme/checkout. */
  repository: z.string().regex(repositoryName),
  runId: z.int().positive(),
  /** As GitHub calls it. */
  environment: z.string().min(1).max(300),
  installation: z.int().positive(),
  /** When it was asked first. */
  requestedAt: z.iso.datetime(),
});
export type GithubCallback = z.infer<typeof githubCallbackSchema>;

/** `waiting`: it was told why, and goes on waiting; the others end the wait. */
export const protectionStates = ['waiting', 'approved', 'rejected'] as const;

/** GitHub was told. */
export const protectionAnswered = defineFact(
  'ProtectionAnswered',
  z.object({
    id: z.string(),
    title: z.string(),
    repository: z.string(),
    environment: z.string(),
    runId: z.int(),
    state: z.enum(protectionStates),
    /** The verdict that was told, so that the same is not told twice. */
    about: z.string(),
    comment: z.string(),
  }),
  ({ title, repository, environment, state }) => ({
    kind: 'freeze',
    text: `GitHub was told of ${title} (${repository}, ${environment}): ${state === 'waiting' ? 'wait' : state}`,
  }),
  (it) => ({ ...it, title: 'redacted', comment: '' }),
);

/** GitHub could not be told, for good; whoever waits there waits for somebody who mends it. */
export const protectionUnanswered = defineFact(
  'ProtectionUnanswered',
  z.object({
    id: z.string(),
    title: z.string(),
    repository: z.string(),
    environment: z.string(),
    runUrl: z.string().nullable(),
    decision: z.string(),
    method: z.string(),
    error: z.string(),
    /** What to grant or to set. */
    needed: z.string().nullable(),
    /** The channel of changes has read the same of this place today. */
    known: z.boolean(),
    drill: z.boolean(),
  }),
  ({ title, repository, error }) => ({
    kind: 'freeze',
    text: `GitHub could not be told of ${title} (${repository}): ${error}`,
  }),
  (it) => ({ ...it, title: 'redacted' }),
);
