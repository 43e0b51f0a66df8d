// Heartbeats as programs read them. A beat itself has a door of its own, in http/heartbeats.ts.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { say } from '../../core/message.js';
import { noQuery, queryRoute, type Route } from '../../core/route.js';
import { isoDuration } from '../../core/time/index.js';
import { type Listed, readAll } from './list.js';
import { nameWord, states } from './words.js';

const secondMs = 1_000;

/** A heartbeat. */
export const heartbeatShape = z
  .object({
    name: z.string().meta({ example: 'nightly-backup' }),
    state: z.enum(states),
    since: instant.meta({ description: 'Since when it is in this state.' }),
    every: z.string().meta({ description: 'ISO 8601.', example: 'PT5M' }),
    grace: z.string().meta({ description: 'How much later it may come.', example: 'PT2M30S' }),
    service: z.string().nullable(),
    team: z.string().nullable(),
    lastAt: instant.nullable().meta({ description: 'When it was heard last.' }),
    dueAt: instant
      .nullable()
      .meta({ description: 'From when on it is missing unless it is heard; null unless it is alive.' }),
    pausedUntil: instant.nullable(),
  })
  .meta({ id: 'Heartbeat' });

/** A heartbeat as its beat is answered. */
export const heardShape = heartbeatShape
  .extend({
    remarks: z
      .array(z.string())
      .meta({ description: 'What is odd about what it says anew, for a person to read.' }),
  })
  .meta({ id: 'HeartbeatHeard' });

/** Its name in an address. */
export const heartbeatParams = z.object({
  name: nameWord.meta({
    description: 'Letters, digits, dots, dashes, underscores.',
    example: 'nightly-backup',
  }),
});

/** A heartbeat as programs read it. */
export function heartbeatOf({ row, lastAt, dueAt }: Listed): z.infer<typeof heartbeatShape> {
  return {
    ...{ name: row.name, state: z.enum(states).parse(row.state), since: row.since.toISOString() },
    every: isoDuration(row.everySeconds * secondMs),
    grace: isoDuration(row.graceSeconds * secondMs),
    ...{ service: row.service, team: row.team },
    lastAt: lastAt?.toISOString() ?? null,
    dueAt: row.state === 'alive' ? dueAt.toISOString() : null,
    pausedUntil: row.state === 'paused' ? (row.pausedUntil?.toISOString() ?? null) : null,
  };
}

const all = queryRoute({
  path: '/heartbeats',
  scope: 'heartbeats',
  summary: 'What is watched: the missing ones first, then those that are paused',
  params: z.object({}),
  query: noQuery,
  answer: z.object({ heartbeats: z.array(heartbeatShape) }),
  async read(tx, _params, _query, ask) {
    return { found: { heartbeats: (await readAll(tx, ask.workspace.id)).map(heartbeatOf) } };
  },
});

const one = queryRoute({
  path: '/heartbeats/{name}',
  scope: 'heartbeats',
  summary: 'One heartbeat: whether it is heard, and when it was last',
  params: heartbeatParams,
  query: noQuery,
  answer: heartbeatShape,
  async read(tx, { name }, _query, ask) {
    const [found] = await readAll(tx, ask.workspace.id, name);
    if (found) return { found: heartbeatOf(found) };
    return { refused: { unknown: true, message: say(`There is no heartbeat ${name}.`) } };
  },
});

export const routes: readonly Route[] = [all, one];
