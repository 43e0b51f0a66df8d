// A pipeline at the gate, and freezes to stand before it.
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../src/core/fact.js';
import { answerNow } from '../../../src/features/gate/http.js';
import { type Answer, type Asked, askGate, verdictGiven } from '../../../src/features/gate/index.js';
import { readKept } from '../../../src/features/gate/store.js';
import { type Component, componentWord } from '../../../src/features/incident/index.js';
import type { Desk } from '../../helpers/desk.js';

export const ci: Actor = { kind: 'pipeline', id: 'token:1', name: 'ci', zone: 'UTC' };

export interface Question extends Partial<Omit<Asked, 'targets'>> {
  readonly on?: string | readonly string[];
  readonly callback?: { kind: string } | null;
  readonly vouched?: boolean;
}

/** A question as a pipeline asks it: a deployment of api/prod under the key `run-1`, unless told otherwise. */
export function asked({ on = 'api/prod', callback = null, vouched = false, ...over }: Question = {}) {
  const targets: Component[] = [on].flat().map((word) => componentWord.parse(word));
  const usual = { source: null, key: 'run-1', kind: 'deploy', title: 'Deploy api 4.12.0' } as const;
  const rest = { artifact: null, previousArtifact: null, rollback: false, actor: null, url: null };
  const none = { exception: null, change: null, drill: false };
  return { question: { ...usual, ...rest, ...none, ...over, targets }, callback, vouched };
}

/** Asks, and returns the answer as the pipeline gets it. */
export async function ask(desk: Desk, question: Question = {}): Promise<Answer> {
  const input = asked(question);
  const who = desk.ask('ana', { actor: ci, source: 'api', requestId: `token:1/${randomUUID()}` });
  const outcome = await desk.execute(askGate.given(input), who);
  if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
  const fact = outcome.facts.find((each) => each.type === verdictGiven.type);
  if (fact) return verdictGiven.read(fact).data.answer;
  const { source, key } = input.question;
  const row = await desk.db.read.verdict.findFirstOrThrow({
    where: { source: source ?? 'token:ci', key: key ?? '' },
  });
  return answerNow(desk.db.of(desk.workspace.id).read, readKept(row), who);
}

/** How often a verdict was stated. */
export async function verdictFacts(desk: Desk): Promise<number> {
  return desk.db.read.fact.count({ where: { type: 'VerdictGiven' } });
}
