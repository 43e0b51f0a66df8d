// Updates over HTTP: reading what those outside were told, and telling them.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, noQuery, queryRoute, type Route } from '../../core/route.js';
import { findIncident, incidentParams } from '../incident/index.js';
import { updateGiven } from './facts.js';
import { readPromise, readUpdates, type Update } from './store.js';

const path = '/incidents/{number}/updates';

const updateShape = z
  .object({
    number: z.int().meta({ description: 'Counted from 1 within the incident.' }),
    text: z.string(),
    author: z.object({ id: z.string(), name: z.string() }),
    at: instant,
    nextAt: instant.nullable().meta({ description: 'When the next one was promised; null: none was.' }),
    redacted: z.boolean(),
  })
  .meta({ id: 'Update' });

const read = queryRoute({
  path,
  scope: 'incidents:read',
  summary: 'What those outside were told, the latest first',
  params: incidentParams,
  query: noQuery,
  answer: z.object({
    updates: z.array(updateShape),
    nextDueAt: instant.nullable().meta({
      description:
        'When the next one is due: as promised, else by the cadence of the severity; null: none is.',
    }),
  }),
  async read(tx, { number }, _query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const updates = await readUpdates(tx, found.target.id);
    const promised = await readPromise(tx, found.target);
    return {
      found: { updates: updates.map(shapeOf), nextDueAt: promised?.due?.toISOString() ?? null },
    };
  },
});

const give = commandRoute({
  path,
  scope: 'incidents:write',
  summary: 'Tells those outside what goes on',
  description:
    'It goes to the thread of the announcement, and to the people and channels that subscribed; of a private incident only to its members.',
  params: incidentParams,
  verb: ['incident', 'update'],
  body: z.strictObject({
    text: z
      .string({ error: 'Say what is going on, for people outside.' })
      .meta({ example: 'Writes fail for some users; a repair is under way' }),
    next: z.string().optional().meta({
      description:
        'When they hear again: an ISO 8601 duration such as PT30M, an instant, or `none`. As usual for the severity, unless told.',
      example: 'PT30M',
    }),
  }),
  worded: ({ number }, { text, next }) => ({ incident: number, fields: { text, next } }),
  status: 201,
  answer: updateShape,
  made: ([fact]) => givenShape(fact),
});

function givenShape(fact: Fact | undefined) {
  if (!fact) throw new Error('an update without its fact');
  const { data, actor, occurredAt, recordedAt, redacted } = updateGiven.read(fact);
  return {
    ...{ number: data.number, text: data.text, redacted },
    author: { id: actor.id, name: actor.name },
    at: (occurredAt ?? recordedAt).toISOString(),
    nextAt: data.nextAt?.toISOString() ?? null,
  };
}

function shapeOf(it: Update) {
  return {
    ...{ number: it.number, text: it.text, redacted: it.redacted },
    author: { id: it.authorId, name: it.authorName },
    at: it.at.toISOString(),
    nextAt: it.nextAt?.toISOString() ?? null,
  };
}

export const routes: readonly Route[] = [read, give];
