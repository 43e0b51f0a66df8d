// The gate over HTTP: the question, and how a question on record stands now.
import { z } from 'zod';
import { shortText } from '../../core/body.js';
import type { Ask } from '../../core/command.js';
import type { Fact } from '../../core/fact.js';
import { plainMessage, say, shorten } from '../../core/message.js';
import { commandRoute, type Presented, queryRoute, type Route } from '../../core/route.js';
import { oneLine } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { changeKinds, componentOf, link, targetWord } from '../change/index.js';
import { readExceptionKey } from '../exception/index.js';
import { askGate, questionOf } from './ask.js';
import { verdictGiven } from './facts.js';
import { answerReply } from './replies.js';
import { sceneOfKept } from './scene.js';
import { isSame } from './standing.js';
import { type Kept, keptOf, readKept } from './store.js';
import { judge } from './verdict.js';
import { type Answer, type Asked, answerSchema, mayGo, type Question } from './words.js';

const targetsMax = 50;
const titleMax = 200;

/** What a pipeline asks. Only `kind` and `targets` are needed. */
const gateBody = z.strictObject({
  source: shortText('source').optional().meta({
    description: 'Who asks; the token’s name unless told otherwise.',
    example: 'jenkins:acme/api',
  }),
  key: shortText('key').optional().meta({
    description:
      'What the source calls the change, such as the run. The same key again is the same question: without one it keeps no place among those that wait.',
    example: 'run-4711',
  }),
  kind: z.enum(changeKinds, { error: `A kind is one of ${changeKinds.join(', ')}.` }),
  title: z
    .string({ error: 'title is a text.' })
    // A pipeline's is the commit's message: a long one is no reason for a no.
    .transform((text) => shorten(oneLine(text), titleMax))
    .optional()
    .meta({
      example: 'Deploy api 4.12.0',
      description: 'For people; at most 200 characters of it are kept.',
    }),
  targets: z
    .array(targetWord, { error: 'targets is a list, such as ["api/prod"].' })
    .min(1, { error: 'Name at least one target, such as "api/prod".' })
    .max(targetsMax, {
      error: `At most ${targetsMax} targets; name the cluster or the environment instead.`,
    }),
  artifact: shortText('artifact').optional().meta({
    description: 'What is to run there; a rollback needs it, written as it was when it ran there before.',
  }),
  previousArtifact: shortText('previousArtifact').optional(),
  rollback: z.boolean().optional().meta({
    description: 'It takes back what runs there, to a version that ran there before: that passes freezes.',
  }),
  actor: shortText('actor').optional().meta({ description: 'Who began it.' }),
  url: link.optional().meta({ description: 'Where people see the run.' }),
  exceptionId: z
    .string()
    .refine((word) => readExceptionKey(word) !== null, {
      error: 'exceptionId is an exception, such as EXC-2.',
    })
    .optional()
    .meta({ description: 'The exception that it goes by, such as EXC-2.', example: 'EXC-2' }),
  change: z
    .string()
    .regex(/^chg-?\d{1,9}$/i, { error: 'change is the number of an announced change, such as CHG-12.' })
    .optional()
    .meta({ description: 'The announced change that it carries out.', example: 'CHG-12' }),
  drill: z.boolean().optional().meta({ description: 'Part of a drill: the freezes of drills hold it.' }),
});

const gateQuery = z.strictObject({
  enforce: z
    .enum(['1', 'true', '0', 'false'], { error: 'enforce is 1 or 0.' })
    .optional()
    .meta({ description: '1: 423 instead of 200 where it must not start, for a client that reads no JSON.' }),
});
const gateAnswer = answerSchema.extend({
  reply: z.string().meta({ description: 'The verdict for people, line by line.' }),
});

/** The body as a question. */
function askedOf(it: z.infer<typeof gateBody>): Asked {
  return {
    ...{ source: it.source ?? null, key: it.key ?? null, kind: it.kind, title: it.title ?? null },
    targets: it.targets.map(componentOf),
    ...{ artifact: it.artifact ?? null, previousArtifact: it.previousArtifact ?? null },
    ...{ rollback: it.rollback ?? false, actor: it.actor ?? null, url: it.url ?? null },
    exception: it.exceptionId === undefined ? null : readExceptionKey(it.exceptionId),
    change: it.change === undefined ? null : Number(it.change.replace(/\D+/, '')),
    drill: it.drill ?? false,
  };
}

const question = commandRoute({
  path: '/gate',
  scope: 'gate',
  summary: 'May this change start now?',
  description:
    'Ask right before it starts. 200 for every verdict, with the decision in the body and in the header `Andon-Decision`: `allow` and `warn` may start until `validUntil`, `hold` waits its turn, `deny` is frozen. With `?enforce=1` the status is 423 for `hold` and `deny`. To wait, ask again with the same `source` and `key`, and a new Idempotency-Key, after `Retry-After` seconds: under an Idempotency-Key that came before, a yes is repeated only while it is valid, and no new one is given. With `Accept: text/plain` the first line is the decision, and the reasons follow.',
  params: z.object({}),
  query: gateQuery,
  verb: askGate,
  body: gateBody,
  worded: (_params, it) => ({
    fields: {},
    more: { question: askedOf(it), callback: null, vouched: false },
  }),
  status: 200,
  statuses: [423],
  answer: answerSchema,
  async made(facts, _params, tx, ask, it) {
    const given = givenIn(facts);
    if (given) return given;
    // The verdict is as it was: how long there is still to wait is told as of now.
    const kept = await keptOf(tx, ask.workspace.id, questionOf(askedOf(it), ask));
    if (!kept) throw new Error('a question without its verdict');
    return answerNow(tx, kept, ask);
  },
  // A CI that takes its run's id as the Idempotency-Key must not start by what was said an hour ago.
  async again(facts, tx, ask, it) {
    const asked = questionOf(askedOf(it), ask);
    const id = givenIn(facts)?.id;
    const row = id === undefined ? null : await tx.verdict.findUnique({ where: { id } });
    const kept = row ? readKept(row) : await keptOf(tx, ask.workspace.id, asked);
    if (!kept) throw new Error('a question without its verdict');
    const answer = await answerNow(tx, kept, ask, asked);
    return { ...answer, reply: plainMessage(answerReply(answer, asked.title)) };
  },
  present,
});

const standing = queryRoute({
  path: '/gate/{id}',
  scope: 'gate',
  summary: 'How a question stands now',
  description:
    'Judged anew, and nothing is recorded: a turn is taken, and an exception used, only by asking again with POST.',
  params: z.object({
    id: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .meta({ description: 'The `id` of the answer.' }),
  }),
  query: gateQuery,
  statuses: [423],
  answer: gateAnswer,
  async read(tx, { id }, _query, ask) {
    const row = await tx.verdict.findFirst({ where: { id, workspaceId: ask.workspace.id } });
    if (!row) {
      const message = say('Nothing was asked under this id. Ask with POST /api/v1/gate.');
      return { refused: { unknown: true, message } };
    }
    const kept = readKept(row);
    const answer = await answerNow(tx, kept, ask);
    const reply = plainMessage(answerReply(answer, kept.question?.title ?? 'It'));
    return { found: { ...answer, reply } };
  },
  present,
});

export const routes: readonly Route[] = [question, standing];

function givenIn(facts: readonly Fact[]): Answer | null {
  const fact = facts.find((each) => each.type === verdictGiven.type);
  return fact ? verdictGiven.read(fact).data.answer : null;
}

/**
 * How a verdict on record stands now. What is not on record as let through is not let through by a look; nor is another
 * question, asked under the same key before or since.
 */
export async function answerNow(tx: Tx, kept: Kept, ask: Ask, asked?: Question): Promise<Answer> {
  const scene = await sceneOfKept(tx, asked ? { ...kept, question: asked } : kept, ask, kept);
  if (!scene) return kept.answer ?? unreadable(kept, ask);
  const { answer } = judge(scene);
  const letGo =
    kept.decision !== null &&
    mayGo(kept.decision) &&
    kept.row.validUntil > ask.now &&
    isSame(kept.question, scene.question);
  if (!mayGo(answer.decision) || letGo) return answer;
  const waits = { ...nothingSaid, type: 'turn', id: null, decision: 'hold' } as const;
  const text =
    'Nothing holds it now: ask with POST and a new Idempotency-Key, so that it goes on record and is let through.';
  return {
    ...answer,
    ...{ decision: 'hold', exceptionId: null, retryAfterSeconds: 1, howToProceed: text },
    targets: answer.targets.map((each) => ({ ...each, decision: 'hold' })),
    reasons: [...answer.reasons, { ...waits, text }],
  };
}

const nothingSaid = { mode: null, reason: null, owner: null, endsAt: null } as const;

// A row that was damaged lets nothing through.
function unreadable({ id }: Kept, { now }: Ask): Answer {
  const text = 'What was asked cannot be read any more. Ask again with POST.';
  const at = now.toISOString();
  return {
    ...{ id, decision: 'hold', targets: [], exceptionId: null, evaluatedAt: at, validUntil: at, turn: null },
    ...{ nextTransitionAt: null, retryAfterSeconds: 1, howToProceed: text },
    reasons: [{ ...nothingSaid, type: 'turn', id: null, decision: 'hold', text }],
  };
}

// For whoever reads no JSON: the decision as a header and as the first line, and as a status where that is asked for.
function present(answer: Readonly<Record<string, unknown>>, query: unknown): Presented {
  const { id, decision, retryAfterSeconds } = answerSchema.parse(answer);
  const { enforce } = gateQuery.parse(query);
  const stop = (enforce === '1' || enforce === 'true') && !mayGo(decision);
  return {
    ...(stop ? { status: 423 } : {}),
    plain: decision,
    headers: {
      'andon-decision': decision,
      location: `/api/v1/gate/${id}`,
      ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  };
}
