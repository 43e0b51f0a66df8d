// Violations: what started on frozen ground without a verdict that let it, and what came first after a thaw.
import { z } from 'zod';
import { defineCommand, internalVerb } from '../../core/command.js';
import type { Feature } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { type Change, changeStream, readChange } from '../change/index.js';
import { decideLook } from './decide.js';
import { firstAfterThaw, freezeViolated, violationWithdrawn } from './facts.js';
import { lookCommand, reactions, violationView } from './react.js';
import { beganOf, projections } from './store.js';

export { firstAfterThaw, freezeViolated, toldBy, violationWithdrawn } from './facts.js';

const lookInput = z.object({ changeId: z.string() });

const look = defineCommand<z.infer<typeof lookInput>, Change, Parameters<typeof decideLook>[0]>({
  verb: internalVerb('violation look'),
  input: lookInput,
  async locate(tx, { changeId }, ask) {
    const found = await tx.change.findFirst({ where: { id: changeId, workspaceId: ask.workspace.id } });
    if (!found) return { refused: { unknown: true, message: say('There is no such change.') } };
    return { streams: [changeStream(changeId)], target: found };
  },
  async load(tx, { changeId }) {
    const change = await readChange(tx, changeId);
    return { change, began: await beganOf(tx, change) };
  },
  decide: (state, _input, ask) => decideLook(state, ask),
});

export const violationFeature: Feature = {
  name: 'violation',
  facts: [freezeViolated, violationWithdrawn, firstAfterThaw],
  project: projections,
  react: reactions,
  automatic: { [lookCommand]: (data) => look.given(lookInput.parse(data)) },
  views: { violation: violationView },
};
