// Undo: one's own last change, within a minute, by stating what was before. Nothing disappears from the record.
import { z } from 'zod';
import { type Ask, accept, defineCommand, refuse } from '../../core/command.js';
import { defineFact, type Fact, readFact } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { about, done, findIncident, type Incident, incidentKey, onIncidentInput } from '../incident/index.js';

/** How long a change can be taken back. */
export const undoSeconds = 60;

export const changeUndone = defineFact(
  'ChangeUndone',
  z.object({ seqs: z.array(z.number().int()) }),
  (it) => ({ kind: 'system', text: `Undone: ${it.seqs.map((seq) => `#${seq}`).join(', ')}` }),
);

interface UndoState {
  readonly incident: Incident;
  /** What the asker said last on this incident within the time, by one request. */
  readonly last: readonly Fact[];
}

/** The feature that takes back what the others have rules for. */
export function undoFeature(features: readonly Feature[]): Feature {
  const rules = features.flatMap((feature) => feature.undo ?? []);
  const ruleFor = (fact: Fact) => rules.find((rule) => rule.type === fact.type);
  const undo = defineCommand<{ incident?: number | undefined; remarks: string[] }, Incident, UndoState>({
    verb: {
      surface: 'incident',
      words: ['undo'],
      usage: '',
      summary: 'Takes back your last change, within a minute.',
      onIncident: true,
    },
    input: z.object(onIncidentInput),
    locate: findIncident,
    async load(tx, _input, incident, ask) {
      const since = new Date(ask.now.getTime() - undoSeconds * 1000);
      const rows = await tx.fact.findMany({
        where: { incidentId: incident.id, actorId: ask.actor.id, recordedAt: { gte: since } },
        orderBy: { position: 'desc' },
      });
      return { incident, last: rows.filter((row) => row.requestId === rows[0]?.requestId).map(readFact) };
    },
    decide: ({ incident, last }, _input, ask: Ask) => {
      const key = incidentKey(incident);
      if (last.length === 0)
        return refuse(
          say(
            `You changed nothing on ${key} within the last minute. Say what is true now instead; both stay on record.`,
          ),
        );
      if (last.some((fact) => fact.redacted || !ruleFor(fact)))
        return refuse(
          say(
            `Your last step on ${key} cannot be taken back. `,
            { code: '/incident help' },
            ' shows what mends it.',
          ),
        );
      const seqs = last.flatMap((fact) => (fact.seq === null ? [] : [fact.seq])).sort((a, b) => a - b);
      const facts = last.flatMap((fact) => [...(ruleFor(fact)?.run(fact) ?? [])]);
      const undone = changeUndone({ seqs }, about(incident));
      return accept(
        [...facts, undone],
        done(
          `Undone: ${seqs.map((seq) => `#${seq}`).join(', ')}. Both stay on record.`,
          { remarks: [] },
          ask,
        ),
      );
    },
  });
  return { name: 'undo', facts: [changeUndone], commands: [undo] };
}
