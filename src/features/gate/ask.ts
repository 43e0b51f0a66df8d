// Asking the gate: the command behind POST, and behind hooks that ask for a pipeline.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type Decision,
  defineCommand,
  internalVerb,
  type Located,
} from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { say, shorten } from '../../core/message.js';
import { cleanText, oneLine } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { isOthers, sourceOf, titleLimit } from '../change/index.js';
import { useOf as usedBy } from '../exception/index.js';
import { freezesStream } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import { callbackSchema, verdictGiven } from './facts.js';
import { answerReply } from './replies.js';
import { type Sought, sceneOf } from './scene.js';
import type { Scene } from './standing.js';
import { isUsedAlready } from './standing.js';
import { keptOf, someWait, waysFor } from './store.js';
import { isNews, type Judged, judge } from './verdict.js';
import { type Asked, askedSchema, gateStream, mayGo, type Question, queueStream } from './words.js';

const asking = z.object({
  question: askedSchema,
  /** Where the answer is sent besides, for senders that do not ask again. */
  callback: callbackSchema.nullable(),
  /** The door has checked that the sender may speak for this source, as a hook does by its signature. */
  vouched: z.boolean(),
});
export type Asking = z.infer<typeof asking>;

/** May this change start now? The verdict is recorded where it is another one than before. */
export const askGate = defineCommand<Asking, Sought, Scene>({
  verb: internalVerb('ask the gate'),
  input: asking,
  locate: locateAsked,
  load: (tx, _input, sought, ask) => sceneOf(tx, sought, ask),
  decide: decideAsked,
});

async function locateAsked(tx: Tx, input: Asking, ask: Ask): Promise<Located<Sought>> {
  const { workspace } = ask;
  const question = questionOf(input.question, ask);
  if (!input.vouched && isOthers(question.source, ask))
    return { refused: { field: 'source', message: notYours(question.source, ask) } };
  if (question.change !== null) {
    const where = { workspaceId_number: { workspaceId: workspace.id, number: question.change } };
    if ((await tx.change.findUnique({ where, select: { id: true } })) === null)
      return { refused: { field: 'change', unknown: true, message: noSuchChange(question.change) } };
  }
  const kept = await keptOf(tx, workspace.id, question);
  const id = kept?.id ?? ask.newId();
  const usesWays = (await waysFor(tx, workspace.id, ask.now, id)).length > 0;
  const queued = await someWait(tx, workspace.id);
  const streams = [gateStream(id), ...(usesWays ? [freezesStream] : []), ...(queued ? [queueStream] : [])];
  return { streams, target: { id, question, usesWays, queued } };
}

/** The question as the record keeps it: tidied, and with the names that were left to us. */
export function questionOf(asked: Asked, ask: Ask): Question {
  const tidy = Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [
      name,
      typeof value === 'string' ? cleanText(value) : value,
    ]),
    // The same members; only strings were cleaned.
  ) as Asked;
  const { kind, targets } = tidy;
  const [first] = targets.map(componentName);
  const usual = `${kind} of ${first}${targets.length > 1 ? ` and ${targets.length - 1} more` : ''}`;
  return {
    ...tidy,
    source: tidy.source || sourceOf(ask),
    key: tidy.key || null,
    title: shorten(oneLine(tidy.title ?? '') || usual, titleLimit),
  };
}

/** What follows from a question. A verdict that stays what it was is no fact: pipelines ask every few seconds. */
function decideAsked(scene: Scene, { callback }: Asking, ask: Ask): Decision {
  const judged = judge(scene);
  const reply = answerReply(judged.answer, scene.question.title);
  if (!isNews(judged, scene)) return accept([], reply);
  return accept(verdictFacts(scene, judged, callback ?? scene.kept?.callback ?? null, ask), reply);
}

/** That a verdict is given, and that it used an exception. */
function verdictFacts(scene: Scene, judged: Judged, callback: Asking['callback'], ask: Ask): Stated[] {
  const { id, question, change } = scene;
  const { answer, way, queue, heldAt, turnAt, heldBy, next } = judged;
  const { drill, title } = question;
  const incidentId = judged.incidentId;
  return [
    verdictGiven(
      {
        ...{ id, question, answer, queue, heldAt, turnAt, heldBy: [...heldBy], callback, next, drill },
        changeId: change?.id ?? null,
        exceptionId: way?.id ?? null,
      },
      { stream: gateStream(id), ...(incidentId === null ? {} : { incidentId }) },
    ),
    ...(way && mayGo(answer.decision) && !isUsedAlready(scene, way)
      ? [usedBy(way, { id, title, drill }, ask.now)]
      : []),
  ];
}

function notYours(source: string, ask: Ask) {
  return say(
    `The source “${shorten(source, 60)}” is not yours to speak for. Leave it out, and it is ${sourceOf(ask)}, or take a name of your own. Nothing was recorded, and nothing was let through.`,
  );
}

function noSuchChange(number: number) {
  return say(
    `There is no CHG-${number}, so nothing was let through. `,
    { code: '/change list' },
    ' shows what is planned; leave `change` out where none was announced.',
  );
}
