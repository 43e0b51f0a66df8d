// The commands with which the worker records what Slack answered: results take the same write path as requests.
import { z } from 'zod';
import { accept, defineCommand, internalVerb } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import type { Message } from '../../core/message.js';

const nothing: Message = { text: '', blocks: [] };

/** Records facts about places. They live beside the incident's stream, so that they wait for nobody's command. */
export const recordResult = defineCommand<readonly Stated[], null, null>({
  verb: internalVerb('record result'),
  input: z.custom<readonly Stated[]>(),
  locate: async (_tx, stated) => ({ streams: stated.map((each) => each.about.stream), target: null }),
  load: async () => null,
  decide: (_state, stated) => accept(stated, nothing),
});
