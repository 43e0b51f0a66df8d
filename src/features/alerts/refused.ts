// That what a monitor sent was too large to be taken: said where incidents are announced, once an hour at most.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { readFact } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { alertsRefused } from './facts.js';
import { alertsStream } from './words.js';

const hourMs = 3_600_000;

const refusedSchema = z.object({
  bytes: z.int().nullable(),
  maxBytes: z.int(),
});
export type Refused = z.infer<typeof refusedSchema>;

/** A delivery was refused for its size. */
export const recordRefused = defineCommand<Refused, null, { readonly said: boolean }>({
  verb: internalVerb('record refused alerts'),
  input: refusedSchema,
  locate: async () => ({ streams: [alertsStream], target: null }),
  async load(tx, _input, _target, ask) {
    const rows = await tx.fact.findMany({
      where: {
        ...{ workspaceId: ask.workspace.id, stream: alertsStream, type: alertsRefused.type },
        recordedAt: { gt: new Date(ask.now.getTime() - hourMs) },
      },
    });
    return { said: rows.some((row) => alertsRefused.read(readFact(row)).data.source === ask.actor.name) };
  },
  decide({ said }, { bytes, maxBytes }, ask) {
    if (said) return refuse(say('It was said lately.'));
    const fact = alertsRefused({ source: ask.actor.name, bytes, maxBytes }, { stream: alertsStream });
    return accept([fact], message());
  },
});
