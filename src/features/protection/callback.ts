// GitHub asks once and waits to be told: it is told when the verdict changes, and the gate is asked for it meanwhile.
import { type Bound, internalVerb, type Refused } from '../../core/command.js';
import type { Effect, Later } from '../../core/effect.js';
import { type Fact, on, readFact, type Stated } from '../../core/fact.js';
import type { Automatic, Reaction } from '../../core/feature.js';
import { line, message, say, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import {
  type Answer,
  answerSchema,
  askGate,
  gateStream,
  heldLeft,
  mayGo,
  questionSchema,
  verdictGiven,
  verdictRevised,
} from '../gate/index.js';
import { isAnswered, type Protection, waitEnds } from './answer.js';
import {
  type GithubCallback,
  githubCallbackSchema,
  protectionAnswered,
  protectionUnanswered,
} from './facts.js';

/** What the program asks again for those that do not ask again themselves. */
const reaskCommand = 'protection.reask';
/** No App is set up: the error that is on record then, and what mends it. */
export const notSetUp = {
  error: 'no GitHub App is set up',
  needed:
    'Set ANDON_GITHUB_APP_ID and ANDON_GITHUB_APP_KEY to those of the GitHub App that has the protection rule, and start Andon again.',
};

/** A verdict is left so long at most before it is asked for again: an exception may have been approved meanwhile. */
const againMs = 120_000;
const againMinMs = 10_000;
const titleMax = 200;
const wordsMax = 300;

/** The callback of GitHub's, or null for none and for another's. */
export function githubCallbackOf(callback: unknown): GithubCallback | null {
  const read = githubCallbackSchema.safeParse(callback);
  return read.success ? read.data : null;
}

/** GitHub is told what is so when its turn in the lane comes; while one waits for that, another changes nothing. */
export function tellGithub(gateId: string): Effect {
  return {
    ...{ lane: gateStream(gateId), step: 0, incidentId: null, first: true, essential: true },
    collapse: `protection/${gateId}`,
    kind: { do: 'answerProtectionRule', gateId },
  };
}

export const reactions: Reaction[] = [
  on(verdictGiven, (fact) => {
    const { id, answer, callback } = fact.data;
    return githubCallbackOf(callback) ? [tellGithub(id), reaskLater(id, answer, fact.recordedAt)] : [];
  }),
  on(verdictRevised, (fact) => {
    const { id, answer, callback } = fact.data;
    return githubCallbackOf(callback) ? [tellGithub(id), reaskLater(id, answer, fact.recordedAt)] : [];
  }),
  on(heldLeft, (fact) => {
    const { id, callback, why } = fact.data;
    // What began is not held back by GitHub any more.
    return githubCallbackOf(callback) && why !== 'began' ? [tellGithub(id)] : [];
  }),
  on(protectionAnswered, (fact) => {
    const { id, state } = fact.data;
    return state === 'waiting' ? [] : [{ key: keyOf(id), at: null, command: reaskCommand, data: { id } }];
  }),
  on(protectionUnanswered, (fact) => (fact.data.drill || fact.data.known ? [] : [sayUnanswered(fact)])),
];

const keyOf = (id: string) => `protection/${id}`;

function reaskLater(id: string, answer: Answer, now: Date): Later {
  const at = mayGo(answer.decision) ? null : againAt(answer, now);
  return { key: keyOf(id), at, command: reaskCommand, data: { id } };
}

function againAt({ retryAfterSeconds }: Answer, now: Date): Date {
  const wait = Math.max(againMinMs, (retryAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000);
  return new Date(now.getTime() + Math.min(againMs, wait));
}

// One for each that waits; where it is for want of an App, one for a place and a day.
function sayUnanswered(fact: Fact<ReturnType<typeof protectionUnanswered.read>['data']>): Effect {
  const { id, title, repository, environment, runUrl, decision, error, needed } = fact.data;
  const slot = error === notSetUp.error ? unsetSlot(fact.data, fact.recordedAt) : `protection/${fact.id}`;
  const would = { allow: 'it may start', warn: 'it may start, with a warning' }[decision] ?? 'it must wait';
  const text = message(
    line(
      { bold: 'GitHub waits for Andon, and could not be told.' },
      ` “${title}” (${repository}, environment ${environment}): the gate says ${would}. GitHub’s answer: ${error}.`,
    ),
    needed === null ? null : line(needed),
    line(
      'Then, in the App’s settings under Advanced, Recent deliveries, deliver the request again; or let it through by hand in ',
      runUrl === null ? 'its run' : { url: runUrl, label: 'its run' },
      '.',
    ),
  );
  return {
    ...tellGithub(id),
    first: false,
    collapse: slot,
    kind: { do: 'say', slot, destination: { to: 'changes' }, message: text },
  };
}

function unsetSlot(at: { repository: string; environment: string }, now: Date): string {
  return `protection/unset/${at.repository}/${at.environment}/${now.toISOString().slice(0, 10)}`;
}

/** States that GitHub could not be told, for good. */
export async function unanswered(
  tx: Tx,
  gateId: string,
  { method, error, needed }: { method: string; error: string; needed: string | null },
  now: Date,
): Promise<readonly Stated[]> {
  const found = await readProtection(tx, gateId);
  if (!found) return [];
  const { question, answer, callback } = found;
  const slot = unsetSlot(callback, now);
  const known = error === notSetUp.error && (await tx.posted.count({ where: { slot } })) > 0;
  return [
    protectionUnanswered(
      {
        ...{ id: gateId, method, needed, known, decision: answer.decision, drill: question.drill },
        ...{ repository: callback.repository, environment: callback.environment, runUrl: question.url },
        title: shorten(question.title, titleMax),
        error: shorten(error, wordsMax),
      },
      { stream: gateStream(gateId) },
    ),
  ];
}

/** A question of GitHub, and what GitHub was told of it; null where it is none. */
export async function readProtection(tx: Tx, gateId: string): Promise<Protection | null> {
  const row = await tx.verdict.findUnique({ where: { id: gateId } });
  const callback = githubCallbackOf(row?.callback);
  if (!row || !callback) return null;
  const facts = await tx.fact.findMany({
    where: { workspaceId: row.workspaceId, stream: gateStream(gateId), type: protectionAnswered.type },
    orderBy: { version: 'asc' },
  });
  return {
    row,
    question: questionSchema.parse(row.question),
    answer: answerSchema.parse(row.answer),
    callback,
    told: facts.map((each) => protectionAnswered.read(readFact(each)).data),
  };
}

/** Asks the gate again for one that waits to be told. What is as before is looked at again later. */
export const reask: Automatic = (data) => ({
  name: reaskCommand,
  verb: internalVerb(reaskCommand),
  async locate(tx, ask) {
    const { id } = data as { id: string };
    const found = await readProtection(tx, id);
    if (!found || isAnswered(found) || found.row.queue === 'left') return over;
    const { question, answer, callback } = found;
    const stale = Date.parse(answer.validUntil) <= ask.now.getTime();
    if (mayGo(answer.decision) && !stale) return over;
    const located = await askGate.given({ question, callback, vouched: true }).locate(tx, ask);
    if ('refused' in located) return located;
    return { streams: located.streams, decide: () => decided(located, found, ask.now) };
  },
});

type Located = Exclude<Awaited<ReturnType<Bound['locate']>>, Refused>;

async function decided(located: Located, { question, answer, callback, row }: Protection, now: Date) {
  const { drill, title } = question;
  const ends = waitEnds(callback);
  if (now >= ends) {
    const left = { id: row.id, title: shorten(title, titleMax), why: 'lapsed' as const, owner: null };
    const facts = [heldLeft({ ...left, callback, drill }, { stream: gateStream(row.id) })];
    return { accepted: true as const, facts, reply: say('It waited too long.') };
  }
  const decision = await located.decide();
  if (!decision.accepted || decision.facts.length > 0) return decision;
  const again = new Date(Math.min(ends.getTime(), againAt(answer, now).getTime()));
  return { accepted: false as const, refusal: { message: say('It is as it was.'), again } };
}

const over: Refused = { refused: { message: say('Nobody waits to be told.') } };

export const automatic: Readonly<Record<string, Automatic>> = { [reaskCommand]: reask };
