// Reports over HTTP, for the support desk: what customers say, each under the name that the desk gives them.
import { z } from 'zod';
import { commandRoute, type Route } from '../../core/route.js';
import { componentName, incidentKey, timeText } from '../incident/index.js';
import { report } from './commands.js';
import { reportMade, reportsGathered } from './facts.js';
import { reportKey, reportTextMax } from './words.js';

const nameMax = 80;

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
    'Several within 15 minutes are gathered, and whoever is on call is asked whether they are one incident. Where an open incident affects the service, the report becomes an entry of it.',
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
        .string()
        .min(1)
        .max(120)
        .optional()
        .meta({ description: 'Who complained: one customer counts once, however often they do.' }),
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

export const routes: readonly Route[] = [make];
