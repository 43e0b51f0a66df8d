// A report: what a pipeline or a program says of a change, once or again, in any order.
import { accept, defineCommand, internalVerb } from '../../core/command.js';
import { say } from '../../core/message.js';
import { reportSchema } from './words.js';

/** Records what is reported: announces the change that `(source, key)` names, or follows it. */
export const recordReport = defineCommand({
  verb: internalVerb('record report'),
  input: reportSchema,
  locate: async () => ({ streams: [], target: null }),
  load: async () => null,
  decide: () => accept([], say('Recorded.')),
});
