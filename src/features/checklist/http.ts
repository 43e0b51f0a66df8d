// Checklists over HTTP: what an incident's checklists stand at, beginning one, and that a step is done.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, noQuery, queryRoute, type Route } from '../../core/route.js';
import type { Tx } from '../../db/tx.js';
import { findIncident, incidentParams } from '../incident/index.js';
import { runOf, runsOf } from './store.js';
import { holdersOf } from './views.js';
import { type Holder, ownerOf, type Run } from './words.js';

const by = z.object({ id: z.string(), name: z.string(), at: instant });
const checklistShape = z
  .object({
    name: z.string(),
    title: z.string(),
    startedBy: z.object({ id: z.string(), name: z.string() }),
    startedAt: instant,
    endedAt: instant.nullable().meta({ description: 'Null while something is left to do.' }),
    steps: z.array(
      z.object({
        number: z.int(),
        text: z.string(),
        role: z.string().nullable().meta({ description: 'The role whose step it is.' }),
        owner: z
          .object({ id: z.string(), name: z.string() })
          .nullable()
          .meta({ description: 'Whose it is now: of a role, whoever holds it.' }),
        second: z.boolean().meta({ description: 'Somebody else than who did it must confirm it.' }),
        done: by.nullable(),
        seconded: by.nullable(),
        skipped: by.nullable(),
      }),
    ),
  })
  .meta({ id: 'Checklist' });

const list = queryRoute({
  path: '/incidents/{number}/checklists',
  scope: 'incidents:read',
  summary: 'The checklists of an incident, and where they stand',
  params: incidentParams,
  query: noQuery,
  answer: z.object({ checklists: z.array(checklistShape) }),
  async read(tx, { number }, _query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const runs = await runsOf(tx, found.target.id);
    const holders = await holdersOf(tx, found.target.id);
    return { found: { checklists: runs.map((run) => shapeOf(run, holders)) } };
  },
});

const begin = commandRoute({
  path: '/incidents/{number}/checklists',
  scope: 'incidents:write',
  summary: 'Begins a checklist of the catalogue',
  params: incidentParams,
  verb: ['incident', 'checklist'],
  body: z.strictObject({
    name: z.string({ error: 'Say which checklist.' }).meta({ example: 'rollback' }),
  }),
  named: { checklist: 'name' },
  worded: ({ number }, { name }) => ({ incident: number, fields: { checklist: name } }),
  status: 201,
  answer: checklistShape,
  made: (facts, _params, tx) => shownOf(tx, only(facts, 'ChecklistBegun').id),
});

const check = commandRoute({
  path: '/incidents/{number}/checklists/{name}/steps/{step}',
  scope: 'incidents:write',
  summary: 'A step of a checklist is done',
  description:
    'A step that needs a second person is confirmed in Slack, by somebody else: a token could not tell who they are.',
  params: incidentParams.extend({
    name: z.string().meta({ description: 'The checklist’s name.', example: 'rollback' }),
    step: z.coerce.number().int().positive().meta({ description: 'The step’s number, from 1.', example: 2 }),
  }),
  verb: ['incident', 'check'],
  body: z.strictObject({ text: z.string().optional().meta({ example: 'The old image is out' }) }),
  worded: ({ number, name, step }, { text }) => ({
    incident: number,
    fields: { checklist: name, step: String(step), text },
  }),
  status: 200,
  answer: checklistShape,
  made: (facts, _params, tx) => {
    const { run } = only(facts, 'ChecklistStepDone').data as { run: string };
    return shownOf(tx, run);
  },
});

export const routes: readonly Route[] = [list, begin, check];

async function shownOf(tx: Tx, id: string): Promise<z.infer<typeof checklistShape>> {
  const row = await tx.checklistRun.findUniqueOrThrow({ where: { id } });
  return shapeOf(runOf(row), await holdersOf(tx, row.incidentId));
}

function shapeOf(run: Run, holders: readonly Holder[]): z.infer<typeof checklistShape> {
  const { name, title, startedBy, startedAt, endedAt, steps } = run;
  return checklistShape.parse({
    ...{ name, title, startedBy },
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    steps: steps.map(({ text, owner, second, done, seconded, skipped }, at) => ({
      ...{ number: at + 1, text, second, done, seconded, skipped },
      role: owner && 'role' in owner ? owner.role : null,
      owner: ownerOf(owner, holders),
    })),
  });
}

function only(facts: readonly Fact[], type: string): Fact {
  const fact = facts.find((each) => each.type === type);
  if (!fact) throw new Error(`no ${type} among the facts`);
  return fact;
}
