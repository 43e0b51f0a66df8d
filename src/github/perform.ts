// Tells GitHub, which holds a deployment back, what the gate's verdict is: by what is true when it is told, and once.
import { z } from 'zod';
import type { EffectKind, Performed } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { shorten } from '../core/message.js';
import type { Job } from '../db/jobs.js';
import type { Tx } from '../db/tx.js';
import { gateStream, heldLeft } from '../features/gate/index.js';
import {
  isAnswered,
  type NextAnswer,
  nextAnswer,
  notSetUp,
  type Protection,
  protectionAnswered,
  protectionStates,
  readProtection,
  reask,
} from '../features/protection/index.js';
import { type GithubApi, GithubRefused } from './api.js';

/** What performing such a job may use. */
export interface Answering {
  readonly job: Job;
  /** Committed rows. */
  readonly tx: Tx;
  /** Null: no App is set up. */
  readonly api: GithubApi | null;
  /** The record's clock. */
  readonly now: Date;
  /** Writes something down for the next attempt, before the call that makes it matter. */
  note(notes: Record<string, string>): Promise<void>;
}

/** docs.github.com, REST API: review custom deployment protection rules for a workflow run. */
const reviewRoute = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule';
const historyRoute = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals';
const titleMax = 200;

/** Answers what GitHub asked, if there is something new to say. Throws what the call threw. */
export async function answerProtectionRule(
  context: Answering,
  { gateId }: Extract<EffectKind, { do: 'answerProtectionRule' }>,
): Promise<Performed> {
  const protection = await readProtection(context.tx, gateId);
  if (!protection) return [];
  const before = await saidBefore(context, protection);
  if (before) return answered(protection, before);
  const next = nextAnswer(protection, context.now);
  if (next.do === 'nothing') return [];
  // What was allowed a while ago may be frozen by now.
  if (next.do === 'ask') return { command: reask({ id: gateId }), effects: [] };
  if (!context.api) throw new GithubRefused(reviewRoute, 0, notSetUp.error, notSetUp.needed);
  const { state, comment, about } = next;
  await context.note({ state, comment, about });
  await context.api.call(protection.callback, reviewRoute, {
    run_id: protection.callback.runId,
    environment_name: protection.callback.environment,
    // Without a state it is a report, and the job goes on waiting.
    ...(state === 'waiting' ? {} : { state }),
    comment,
  });
  return answered(protection, next);
}

type Said = Pick<Extract<NextAnswer, { do: 'send' }>, 'state' | 'comment' | 'about'>;

function answered({ row, question, callback }: Protection, { state, comment, about }: Said): Stated[] {
  const stream = gateStream(row.id);
  const title = shorten(question.title, titleMax);
  const { repository, environment, runId } = callback;
  const facts = [
    protectionAnswered(
      { id: row.id, title, repository, environment, runId, state, about, comment },
      { stream },
    ),
  ];
  // It does not come any more, so nobody behind it waits for it.
  if (state === 'rejected' && row.queue === 'waiting')
    facts.push(
      heldLeft(
        { id: row.id, title, why: 'cancelled', callback: null, owner: null, drill: question.drill },
        { stream },
      ),
    );
  return facts;
}

// An attempt that was cut off may have been heard: then GitHub has it in the run's history of reviews.
async function saidBefore({ job, api }: Answering, protection: Protection): Promise<Said | null> {
  const said = saidSchema.safeParse(job.notes);
  if (job.attempts < 2 || !api || !said.success || isAnswered(protection)) return null;
  const { callback } = protection;
  try {
    const history = await api.call(callback, historyRoute, { run_id: callback.runId });
    const reviews = z.array(reviewSchema).catch([]).parse(history);
    return reviews.some((each) => isThat(each, said.data, callback.environment)) ? said.data : null;
  } catch (error) {
    // Where it may not look it says it again: what was approved stays approved.
    if (error instanceof GithubRefused) return null;
    throw error;
  }
}

const saidSchema = z.object({ state: z.enum(protectionStates), comment: z.string(), about: z.string() });
const reviewSchema = z.object({
  state: z.string().nullish(),
  comment: z.string().nullish(),
  environments: z.array(z.object({ name: z.string() })).catch([]),
});

function isThat(
  review: z.infer<typeof reviewSchema>,
  { state, comment }: Said,
  environment: string,
): boolean {
  const final = review.state === 'approved' || review.state === 'rejected';
  const same = state === 'waiting' ? !final : review.state === state;
  const there = review.environments.some((each) => each.name === environment);
  return same && there && review.comment?.trim() === comment.trim();
}
