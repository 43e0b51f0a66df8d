// A question that GitHub asks by its webhook: judged by the gate at once; GitHub is told by the worker, and once.
import { randomUUID } from 'node:crypto';
import type { Ask } from '../../core/command.js';
import { plainMessage } from '../../core/message.js';
import { execute } from '../../execute.js';
import { askGate } from '../../features/gate/index.js';
import { githubCallbackOf, notSetUp, tellGithub } from '../../features/protection/index.js';
import { refusalProblem } from '../problem.js';
import type { ApiParts } from '../request.js';
import type { Protected } from './kit.js';

/** What the gate says, as the webhook is answered. */
export interface Judged {
  readonly id: string;
  readonly decision: string;
  readonly reply: string;
}

/** Asks the gate. What comes again asks again, so that a delivery that is sent anew mends an answer that failed. */
export async function askForGithub(
  parts: ApiParts,
  asker: Ask,
  { question, callback }: Protected,
): Promise<{ gate: Judged; ignored: { why: string }[] }> {
  const { id: workspaceId } = asker.workspace;
  const { read } = parts.kernel.db.of(workspaceId);
  const find = () =>
    read.verdict.findUniqueOrThrow({
      where: {
        workspaceId_source_key: { workspaceId, source: question.source ?? '', key: question.key ?? '' },
      },
      select: { id: true, decision: true, callback: true },
    });
  const known = await find().catch(() => null);
  // What is delivered again waits since it was asked first.
  const first = githubCallbackOf(known?.callback)?.requestedAt ?? callback.requestedAt;
  const number = question.change;
  const named =
    number === null
      ? null
      : await read.change.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  // A number that names no change is left out: GitHub would wait for an answer that never comes.
  const bound = askGate.given({
    question: { ...question, change: named?.number ?? null },
    callback: { ...callback, requestedAt: first },
    vouched: true,
  });
  const outcome = await execute(
    parts.kernel,
    bound,
    { ...asker, requestId: `${asker.requestId}/${randomUUID()}` },
    { answer: () => (known ? [tellGithub(known.id)] : []) },
  );
  if (!outcome.accepted) throw refusalProblem(outcome.refusal);
  const { id, decision } = await find();
  const why = `Andon cannot answer GitHub, which waits: ${notSetUp.needed}`;
  return {
    gate: { id, decision, reply: plainMessage(outcome.reply) },
    ignored: parts.github.answers ? [] : [{ why }],
  };
}
