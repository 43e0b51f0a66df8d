// Alerts over HTTP, for monitors that are no Alertmanager: one at a time, in our own words.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { commandRoute, noQuery, queryRoute, type Route } from '../../core/route.js';
import { cleanText, oneLine } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { componentName, findIncident, incidentKey, incidentParams } from '../incident/index.js';
import { recordAlerts } from './commands.js';
import { alertFired, alertResolved } from './facts.js';
import { alertsOn, firingAlerts } from './store.js';
import type { Alert, Heard } from './words.js';

const nameMax = 80;
const textMax = 1_000;
const labelsMax = 64;

const text = (name: string, limit: number) =>
  z
    .string({ error: `${name} is a text.` })
    .max(limit, { error: `${name} has at most ${limit} characters.` })
    .transform((word) => oneLine(cleanText(word)));
const place = (name: string) =>
  text(name, nameMax).refine((word) => word === '' || /^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(word), {
    error: `${name} is a name such as api: letters, digits, dots, hyphens.`,
  });
const link = z
  .string()
  .max(2_000)
  .refine((url) => /^https?:\/\/[^\s<>"]+$/i.test(url) && URL.canParse(url), {
    error: 'url begins with https:// or http://.',
  });

const body = z.strictObject({
  fingerprint: text('fingerprint', 200).optional().meta({
    description:
      'What tells this alert from others, the same when it fires and when it ends. Without it: its title and place.',
  }),
  status: z.enum(['firing', 'resolved'], { error: 'status is firing or resolved.' }),
  title: text('title', textMax)
    .refine((word) => word !== '', { error: 'title says in a few words what is wrong.' })
    .meta({ example: '5xx above 5 %' }),
  description: text('description', textMax).optional(),
  severity: text('severity', nameMax).optional().meta({
    description:
      'critical or page: SEV2, and somebody is called; SEV1 to SEV4 as said; info: listed, no incident; all else SEV3.',
    example: 'critical',
  }),
  service: place('service').optional().meta({ example: 'api' }),
  environment: place('environment').optional().meta({ example: 'prod' }),
  cluster: place('cluster').optional(),
  source: text('source', nameMax)
    .optional()
    .meta({ description: 'The monitor, where one token speaks for several. Usually the token’s name.' }),
  group: text('group', 300).optional().meta({ description: 'Alerts of one group are one incident.' }),
  startsAt: instant
    .optional()
    .meta({ description: 'When it began to fire; it tells one firing from the next.' }),
  endsAt: instant.optional(),
  url: link.optional().meta({ description: 'Where people look at it.' }),
  labels: z
    .record(z.string().max(nameMax), z.string().max(textMax))
    .refine((all) => Object.keys(all).length <= labelsMax, { error: `At most ${labelsMax} labels.` })
    .optional()
    .meta({
      description: 'Where service, environment, cluster or severity is not said, the label of that name.',
    }),
});
type Body = z.infer<typeof body>;

const record = commandRoute({
  path: '/alerts',
  scope: 'incidents:write',
  summary: 'Tells of an alert that fires, or is over',
  description:
    'One that fires joins the open incident that it belongs to, or opens one. Repeats, and what comes late, change nothing. Resolved alerts never resolve an incident: people do.',
  params: z.object({}),
  verb: recordAlerts,
  body,
  worded: (_params, it) => ({
    fields: {},
    more: { source: it.source || '', title: null, truncated: 0, alerts: [heardOf(it)] },
  }),
  status: 200,
  answer: z.object({
    recorded: z.boolean().meta({ description: 'It was news; a repeat states nothing.' }),
    incident: z.string().nullable().meta({
      description: 'The incident that it opened or joined, where whoever has the token may know of it.',
    }),
  }),
  async made(facts, _params, tx, ask) {
    const fact = facts.find((each) => each.type === alertFired.type || each.type === alertResolved.type);
    // A repeat that says that it fires on is none of these.
    if (!fact) return { recorded: false, incident: null };
    const { incident } = fact.data as { incident: { id: string; number: number } | null };
    return { recorded: true, incident: incident && (await named(tx, incident, ask.seesPrivate ?? false)) };
  },
});

async function named(
  tx: Tx,
  it: { id: string; number: number },
  seesPrivate: boolean,
): Promise<string | null> {
  const row = await tx.incident.findUnique({ where: { id: it.id }, select: { private: true } });
  return row && (!row.private || seesPrivate) ? incidentKey(it) : null;
}

function heardOf(it: Body): Heard {
  const labels = it.labels ?? {};
  const label = (...names: readonly string[]) => names.map((each) => labels[each]).find((word) => word) ?? '';
  const service = it.service || placeWord(label('service', 'app', 'job', 'component'));
  const environment = it.environment || placeWord(label('environment', 'env', 'stage'));
  const cluster = it.cluster || placeWord(label('cluster'));
  const identity = JSON.stringify([it.title, service, environment, cluster]);
  return {
    fingerprint:
      it.fingerprint || `by-title-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`,
    status: it.status,
    title: it.title,
    description: it.description || null,
    severity: it.severity || oneLine(label('sev', 'severity')).slice(0, nameMax) || null,
    ...{ service, environment, cluster },
    groupKey: it.group || null,
    url: it.url ?? null,
    startsAt: it.startsAt ? new Date(it.startsAt) : null,
    endsAt: it.endsAt ? new Date(it.endsAt) : null,
  };
}

function placeWord(word: string): string {
  return oneLine(word)
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, nameMax)
    .trim();
}

const alertShape = z
  .object({
    source: z.string(),
    fingerprint: z.string(),
    title: z.string(),
    severity: z.string().nullable().meta({ description: 'As the monitor says.' }),
    state: z.enum(['firing', 'resolved']),
    about: z.string().nullable().meta({ example: 'api/prod' }),
    startsAt: instant,
    endsAt: instant.nullable(),
    url: z.string().nullable(),
    incident: z
      .string()
      .nullable()
      .meta({ description: 'The incident that it opened or joined last.', example: 'INC-4' }),
  })
  .meta({ id: 'Alert' });

const firing = queryRoute({
  path: '/alerts',
  scope: 'incidents:read',
  summary: 'The alerts that fire, the latest first',
  description: 'Those of private incidents are among them only for a token with `incidents:private`.',
  params: z.object({}),
  query: noQuery,
  answer: z.object({
    alerts: z.array(alertShape),
    more: z.boolean().meta({ description: 'More of them fire than are listed here.' }),
  }),
  async read(tx, _params, _query, ask) {
    const { alerts, more } = await firingAlerts(tx, ask);
    return { found: { alerts: shapesOf(alerts), more } };
  },
});

const ofIncident = queryRoute({
  path: '/incidents/{number}/alerts',
  scope: 'incidents:read',
  summary: 'The alerts of an incident: those that fire first',
  params: incidentParams,
  query: noQuery,
  answer: z.object({ alerts: z.array(alertShape) }),
  async read(tx, { number }, _query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const rows = await alertsOn(tx, found.target.id);
    return { found: { alerts: shapesOf(rows.map((row) => [row, incidentKey(found.target)] as const)) } };
  },
});

function shapesOf(rows: readonly (readonly [Alert, string | null])[]) {
  return rows.map(([row, incident]) => {
    const { source, fingerprint, title, severity, state, startsAt, endsAt, url } = row;
    return {
      ...{ source, fingerprint, title, severity, state, url, incident },
      about: row.service === '' ? null : componentName(row),
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString() ?? null,
    };
  });
}

export const routes: readonly Route[] = [record, firing, ofIncident];
