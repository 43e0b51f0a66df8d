// An incident's whole record over HTTP, and the postmortem draft made from it.

import { z } from 'zod';
import { noQuery, queryRoute, type Route } from '../../core/route.js';
import { findIncident, incidentParams } from '../incident/index.js';
import { readRecord } from './read.js';
import { incidentRecord } from './record.js';
import { type Format, renderRecord } from './render.js';

const answer = incidentRecord.meta({ id: 'Incident' });

const record = queryRoute({
  path: '/incidents/{number}',
  scope: 'incidents:read',
  summary: 'The record of an incident, its timeline included',
  params: incidentParams,
  query: noQuery,
  answer,
  async read(tx, { number }, _query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    return { found: await readRecord(tx, found.target.id, ask.workspace) };
  },
});

const produces: Record<Format, string> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
};

const drafts = (Object.keys(produces) as Format[]).map((format) =>
  queryRoute({
    path: `/incidents/{number}/postmortem.${format}`,
    scope: 'incidents:read',
    summary:
      format === 'json' ? 'The record that the draft is made from' : `The postmortem draft as ${format}`,
    params: incidentParams,
    query: noQuery,
    answer: format === 'json' ? answer : z.string(),
    produces: produces[format],
    async read(tx, { number }, _query, ask) {
      const found = await findIncident(tx, { incident: number }, ask);
      if ('refused' in found) return found;
      return { found: renderRecord(await readRecord(tx, found.target.id, ask.workspace), format) };
    },
  }),
);

export const routes: readonly Route[] = [record, ...drafts];
