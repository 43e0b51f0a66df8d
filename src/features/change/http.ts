// Changes over HTTP: announcing them, following them, and the ledger.
import { z } from 'zod';
import { shortText, timeOf } from '../../core/body.js';
import type { Ask } from '../../core/command.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { countOf } from '../incident/index.js';
import { changeBody, changePatch, ownerOf, stateWord, toldOf } from './bodies.js';
import { changeAnnounced } from './facts.js';
import { pageOf } from './ledger.js';
import { amend, named, reportNative, sourceOf } from './native.js';
import { changeOfReport } from './report.js';
import { changeShape, changeShapeOf, changeShapesOf } from './shape.js';
import { type Change, changeIdOf, findChange } from './store.js';
import { changeKey } from './words.js';

const listedByDefault = 50;
const listedMax = 200;

/** The address of a change. */
const changeParams = z.object({
  id: z
    .string()
    .regex(/^(?:[Cc][Hh][Gg]-?)?\d{1,9}$/)
    .transform((word) => Number(word.replace(/\D+/, '')))
    .meta({ description: 'The change’s number: CHG-7 or 7.', example: 'CHG-7' }),
});

const announce = commandRoute({
  path: '/changes',
  scope: 'changes:write',
  summary: 'Announces a change, or follows it',
  description:
    '201 for a new one. The same `source` and `key` again are the same change, and 200: its state, its times and what was not known are taken over. An upgrade, a migration or a change of infrastructure that is said to have succeeded is `validating` until people say that everything still works.',
  params: z.object({}),
  verb: reportNative,
  body: changeBody,
  worded: (_params, it) => ({ fields: {}, more: toldOf(it) }),
  status: 201,
  statusOf: (facts) => (facts.some((fact) => fact.type === changeAnnounced.type) ? 201 : 200),
  answer: changeShape,
  async made(facts, _params, tx, ask, it) {
    const [first] = facts;
    // A word that came before is no fact; the change that it is about is there.
    const change = first
      ? await tx.change.findUnique({ where: { id: changeIdOf(first) } })
      : await changeOfReport(tx, ask.workspace.id, named({ ...toldOf(it) }, ask));
    if (!change) throw new Error('a report without its change');
    return changeShapeOf(tx, change);
  },
  location: (facts) => announcedAt(facts),
});

const list = queryRoute({
  path: '/changes',
  scope: 'changes:read',
  summary: 'The ledger, the latest to begin first',
  params: z.object({}),
  query: z.strictObject({
    from: timeOf('from')
      .optional()
      .meta({ description: 'Only those that began, or are to begin, at this time or later.' }),
    to: timeOf('to')
      .optional()
      .meta({ description: 'Only those that began, or are to begin, before this time.' }),
    service: shortText('service').optional(),
    environment: shortText('environment').optional().meta({ description: 'By any of its names.' }),
    state: stateWord.optional(),
    key: shortText('key').optional().meta({ description: 'The change that its source names so.' }),
    source: shortText('source')
      .optional()
      .meta({ description: 'With `key`: who named it; this token unless told otherwise.' }),
    limit: countOf(listedMax, listedByDefault),
    before: z
      .string()
      .regex(/^(?:chg-?)?\d{1,9}$/i, {
        error: 'before is the number of a change: `next` of the page before.',
      })
      .transform((word) => Number(word.replace(/\D+/, '')))
      .optional()
      .meta({ description: 'Those that follow this one in the list: `next` of the page before.' }),
  }),
  answer: z.object({
    changes: z.array(changeShape),
    next: z
      .int()
      .nullable()
      .meta({ description: 'What `before` gets the next page, which may be short; null on the last one.' }),
  }),
  async read(tx, _params, query, ask) {
    const workspaceId = ask.workspace.id;
    if (query.key !== undefined) return { found: await ofKey(tx, query.source, query.key, ask) };
    const last = query.before === undefined ? null : await findChange(tx, { id: query.before }, ask);
    if (last && 'refused' in last) return last;
    const { from, to, environment } = query;
    const environments = await environmentsOf(tx, workspaceId);
    const page = await pageOf(tx, workspaceId, {
      ...{ service: query.service, state: query.state, limit: query.limit, before: last?.target ?? null },
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
      ...(environment === undefined ? {} : { environment: environments.nameOf(environment) }),
    });
    return { found: { changes: await changeShapesOf(tx, page.changes), next: page.next } };
  },
});

const one = queryRoute({
  path: '/changes/{id}',
  scope: 'changes:read',
  summary: 'A change as it is',
  params: changeParams,
  query: z.strictObject({}),
  answer: changeShape,
  async read(tx, { id }, _query, ask) {
    const found = await findChange(tx, { id }, ask);
    return 'refused' in found ? found : { found: await changeShapeOf(tx, found.target) };
  },
});

const follow = commandRoute({
  path: '/changes/{id}',
  method: 'patch',
  scope: 'changes:write',
  summary: 'Says more, or something else, of a change',
  description:
    'What is not named stays; null takes it away. What has ended does not begin again: a new run is a change of its own.',
  params: changeParams,
  verb: amend,
  body: changePatch,
  worded: ({ id }, it) => ({
    fields: {},
    more: { ...it, id, ...(it.owner ? { owner: ownerOf(it.owner) } : {}) },
  }),
  status: 200,
  answer: changeShape,
  async made(_facts, { id }, tx, ask) {
    return changeShapeOf(tx, await changeOf(tx, id, ask.workspace.id));
  },
});

export const routes: readonly Route[] = [announce, list, one, follow];

function announcedAt(facts: readonly Fact[]): string | null {
  const fact = facts.find((each) => each.type === changeAnnounced.type);
  return fact ? `/changes/${changeKey(changeAnnounced.read(fact).data)}` : null;
}

async function ofKey(tx: Tx, said: string | undefined, key: string, ask: Ask) {
  const source = said ?? sourceOf(ask);
  const workspaceId = ask.workspace.id;
  const row = await tx.change.findUnique({
    where: { workspaceId_source_key: { workspaceId, source, key } },
  });
  return { changes: await changeShapesOf(tx, row ? [row] : []), next: null };
}

async function changeOf(tx: Tx, number: number, workspaceId: string): Promise<Change> {
  return tx.change.findUniqueOrThrow({ where: { workspaceId_number: { workspaceId, number } } });
}
