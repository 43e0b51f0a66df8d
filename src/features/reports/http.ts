// Reports over HTTP, for the support desk: what customers say, each under the name that the desk gives them.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import { cleanText, oneLine } from '../../core/text.js';
import { componentName, findIncident, incidentKey, incidentParams, timeText } from '../incident/index.js';
import { report } from './commands.js';
import { reportMade, reportsGathered } from './facts.js';
import { reportsOn, visibleReports } from './store.js';
import { type Report, reporterMax, reportKey, reportTextMax } from './words.js';

const nameMax = 80;
const listedUsual = 50;
const listedMax = 200;

const place = (name: string) =>
  z
    .string({ error: `${name} is a name, such as api.` })
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u, {
      error: `${name} is a name: letters, digits, dots, hyphens.`,
    })
    .max(nameMax)
    .optional();

const make = commandRoute({
  path: '/reports',
  scope: 'reports',
  summary: 'Says that somebody complained',
  description:
    'Several about one service or cluster, or within 15 minutes, are gathered, and whoever is on call is asked whether they are one incident. Where an open incident affects the service, the report becomes an entry of it.',
  params: z.object({}),
  verb: report,
  body: z
    .strictObject({
      text: z
        .string({ error: 'text says what does not work.' })
        .max(reportTextMax, { error: `text has at most ${reportTextMax} characters.` })
        .meta({ example: 'Cannot log in' }),
      service: place('service').meta({
        description: 'Without it, the service of the catalogue that the text names.',
        example: 'api',
      }),
      environment: place('environment').meta({ example: 'prod' }),
      cluster: place('cluster'),
      reporter: z
        .string({ error: 'reporter is a name, such as “ticket 5”.' })
        .max(reporterMax, { error: `reporter has at most ${reporterMax} characters.` })
        .transform((word) => oneLine(cleanText(word)))
        .refine((word) => word !== '', { error: 'reporter says who complained; else leave it out.' })
        .optional()
        .meta({
          description:
            'Who complained: one customer counts once, however often they do. People read “ticket 5” (over HTTP).',
        }),
      at: timeText.optional(),
      url: z
        .string()
        .max(2_000)
        .refine((url) => /^https?:\/\/[^\s<>"]+$/i.test(url) && URL.canParse(url), {
          error: 'url begins with https:// or http://.',
        })
        .optional()
        .meta({ description: 'The ticket.' }),
    })
    .refine((it) => it.service !== undefined || (it.environment === undefined && it.cluster === undefined), {
      path: ['service'],
      error: 'environment and cluster need the service.',
    })
    .refine((it) => it.cluster === undefined || it.environment !== undefined, {
      path: ['environment'],
      error: 'cluster needs the environment.',
    }),
  named: { on: 'service' },
  worded: (_params, { text, service, environment, cluster, reporter, at, url }) => ({
    fields: { at },
    more: {
      text,
      ...(service ? { on: [service, environment, cluster].filter((each) => each).join('/') } : {}),
      ...(reporter ? { reporter } : {}),
      ...(url ? { url } : {}),
    },
  }),
  status: 201,
  answer: z.object({
    number: z.int(),
    key: z.string().meta({ example: 'REP-7' }),
    about: z.string().nullable().meta({ description: 'What it is taken to be about: api/prod.' }),
    incident: z.string().nullable().meta({ description: 'The open incident that it is of.' }),
    gathered: z
      .boolean()
      .meta({ description: 'It is one of several that may be an incident; somebody is asked.' }),
  }),
  made(facts) {
    const fact = facts.find((each) => each.type === reportMade.type);
    if (!fact) throw new Error('no report among the facts');
    const { number, component, incident, gathering } = reportMade.read(fact).data;
    return {
      ...{ number, key: reportKey({ number }) },
      about: component && componentName(component),
      incident: incident && incidentKey(incident),
      gathered: gathering !== null || facts.some((each) => each.type === reportsGathered.type),
    };
  },
});

const reportShape = z
  .object({
    number: z.int(),
    key: z.string().meta({ example: 'REP-7' }),
    text: z.string().meta({ description: 'Empty where it was redacted.' }),
    redacted: z.boolean().meta({ description: 'Its words were taken out of the record.' }),
    by: z.string(),
    at: instant,
    about: z.string().nullable().meta({ description: 'What it is taken to be about: api/prod.' }),
    incident: z.string().nullable().meta({ description: 'The incident that it is of.', example: 'INC-4' }),
  })
  .meta({ id: 'Report' });

const limited = z.strictObject({
  limit: z.coerce.number().int().min(1).max(listedMax).default(listedUsual),
});

const list = queryRoute({
  path: '/reports',
  scope: 'incidents:read',
  summary: 'The latest reports, and what became of them',
  description: 'Those of private incidents are among them only for a token with `incidents:private`.',
  params: z.object({}),
  query: limited,
  answer: z.object({ reports: z.array(reportShape) }),
  async read(tx, _params, { limit }, ask) {
    const latest = await visibleReports(tx, ask, limit);
    return { found: { reports: latest.map(shapeOf) } };
  },
});

const ofIncident = queryRoute({
  path: '/incidents/{number}/reports',
  scope: 'incidents:read',
  summary: 'What people reported of an incident, before and since it was declared: the latest first',
  description: 'With those of incidents that were merged into it.',
  params: incidentParams,
  query: limited,
  answer: z.object({
    reports: z.array(reportShape),
    count: z.int().meta({ description: 'How many there are in all.' }),
    more: z.boolean().meta({ description: 'There are earlier ones than are listed here.' }),
  }),
  async read(tx, { number }, { limit }, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const { reports, count } = await reportsOn(tx, found.target.id, limit);
    return { found: { reports: reports.map(shapeOf), count, more: count > reports.length } };
  },
});

function shapeOf({ report, incident }: { report: Report; incident: string | null }) {
  const { number, text, byName: by, at, service, environment, cluster } = report;
  const about = service && componentName({ service, environment: environment ?? '', cluster: cluster ?? '' });
  const redacted = text === '';
  return { number, key: reportKey(report), text, redacted, by, at: at.toISOString(), about, incident };
}

export const routes: readonly Route[] = [make, list, ofIncident];
