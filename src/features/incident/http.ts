// Incidents over HTTP: the list, declaring one, and its status.
import { z } from 'zod';
import { entryOfFact, entryShape, instant } from '../../core/entry.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { incidentDeclared, statusSet } from './facts.js';
import { beginningOf, impactRow } from './impacts.js';
import type { Incident } from './row.js';
import { declaredRow, incidentKey, openWhere, visibleTo } from './store.js';
import { componentName, keyTimeNames, levels, severities, statuses } from './words.js';

const listedByDefault = 50;
const listedMax = 200;
/** More than this nobody names one by one; each is an invitation of its own. */
const membersMax = 30;
const slackPerson = /^[UW][A-Z0-9]{2,20}$/;

/** `12` or `INC-12`, as the address of an incident. */
export const incidentParams = z.object({
  number: z
    .string()
    .regex(/^(?:[Ii][Nn][Cc]-?)?\d{1,9}$/)
    .transform((word) => Number(word.replace(/\D+/, '')))
    .meta({ description: 'The incident’s number: 12 or INC-12.', example: '12' }),
});

/** A time in a body: what a person would write, a number of none. */
export const timeText = z.string().meta({
  description:
    'RFC 3339, or as people write it: 10:42, 10:22-10:37 UTC, 20m ago. One that names no zone is in the workspace’s.',
  example: '10:42 UTC',
});

/** An incident without what was said and done on it. */
const incidentShape = z
  .object({
    number: z.int(),
    key: z.string(),
    title: z.string(),
    severity: z.enum(severities),
    status: z.enum(statuses),
    private: z.boolean(),
    drill: z.boolean(),
    startedAt: instant.nullable(),
    detectedAt: instant.nullable(),
    declaredAt: instant,
    acknowledgedAt: instant.nullable(),
    mitigatedAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    components: z.array(
      z.object({
        component: z.string(),
        level: z.enum(levels),
        from: instant.nullable(),
        until: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'IncidentSummary' });

const component = z.union([
  z.string().regex(/^[^,]*$/, { error: 'One component has no comma; send several as a list.' }),
  z.strictObject({
    service: z.string(),
    environment: z.string().optional(),
    cluster: z.string().optional(),
  }),
]);

const list = queryRoute({
  path: '/incidents',
  scope: 'incidents:read',
  summary: 'The incidents, newest first',
  description: 'Private incidents are among them only for a token with `incidents:private`.',
  params: z.object({}),
  query: z.strictObject({
    status: z
      .enum(['open', 'all'], { error: 'status is open or all.' })
      .default('open')
      .meta({ description: 'open, unless told otherwise.' }),
    limit: countOf(listedMax, listedByDefault),
    before: z.coerce
      .number({ error: 'before is the number of an incident.' })
      .int()
      .positive()
      .optional()
      .meta({ description: 'Only those with a lower number: `next` of the page before.' }),
  }),
  answer: z.object({
    incidents: z.array(incidentShape),
    next: z.int().nullable().meta({ description: 'What `before` gets the next page; null on the last one.' }),
  }),
  async read(tx, _params, query, ask) {
    const where: Prisma.IncidentWhereInput[] = [await visibleTo(tx, ask)];
    if (query.status === 'open') where.push(openWhere);
    if (query.before !== undefined) where.push({ number: { lt: query.before } });
    const rows = await tx.incident.findMany({
      where: { workspaceId: ask.workspace.id, AND: where },
      orderBy: { number: 'desc' },
      take: query.limit + 1,
    });
    const shown = rows.slice(0, query.limit);
    const next = rows.length > query.limit ? (shown.at(-1)?.number ?? null) : null;
    return { found: { incidents: await summaries(tx, shown), next } };
  },
});

const declare = commandRoute({
  path: '/incidents',
  scope: 'incidents:write',
  summary: 'Declares an incident',
  description:
    'Its channel is opened as soon as Slack can be reached. Each request declares one, unless its `Idempotency-Key` came before. `private` needs the scope `incidents:private` and `members` as well.',
  params: z.object({}),
  verb: ['incident', 'declare'],
  body: z.strictObject({
    title: z.string({ error: 'Say in a few words what is wrong.' }).meta({ example: 'Writes are stuck' }),
    severity: z
      .union([z.string(), z.int()], { error: 'A severity is SEV1 (worst), SEV2, SEV3 or SEV4.' })
      .optional()
      .meta({ description: 'SEV1 to SEV4; SEV2 unless told otherwise.', example: 'SEV1' }),
    components: z
      .array(component)
      .max(50)
      .optional()
      .meta({ description: '`service/environment/cluster`, or the parts by name.', example: ['api/prod'] }),
    startedAt: timeText.optional(),
    detectedAt: timeText.optional(),
    private: z
      .boolean()
      .optional()
      .meta({ description: 'A private one needs `members`: nobody else would know of it.' }),
    drill: z.boolean().optional(),
    members: z
      .array(z.string().regex(slackPerson, { error: 'A member is a Slack user’s id, such as U012AB3CD.' }))
      .max(membersMax)
      .optional()
      .meta({ description: 'The Slack ids of people who are invited.', example: ['U012AB3CD'] }),
  }),
  named: { sev: 'severity', on: 'components', started: 'startedAt', detected: 'detectedAt' },
  needs: (body) => (body.private ? 'incidents:private' : null),
  worded: (_params, body) => ({
    fields: {
      title: body.title,
      sev: body.severity === undefined ? undefined : String(body.severity),
      on: body.components?.map(componentText).join(','),
      started: body.startedAt,
      detected: body.detectedAt,
    },
    // Sent twice by mistake is what Idempotency-Key is for; without one, each request means it.
    more: {
      private: body.private ?? false,
      drill: body.drill ?? false,
      members: body.members ?? [],
      anyway: true,
    },
  }),
  status: 201,
  answer: incidentShape,
  made: (facts) => declaredShape(facts),
  location: (facts) => `/incidents/${declaredShape(facts).number}`,
});

const status = commandRoute({
  path: '/incidents/{number}/status',
  scope: 'incidents:write',
  summary: 'Sets the status',
  description:
    'resolved makes the postmortem draft. A step may be skipped or taken back. One of an earlier time than the present status is recorded and leaves it; `status` in the answer is the present one.',
  params: incidentParams,
  verb: ['incident', 'status'],
  body: z.strictObject({
    status: z.string({ error: `Say the status: ${statuses.join(', ')}.` }).meta({ example: 'identified' }),
    text: z.string().optional().meta({ example: 'A bad merge deleted the cluster' }),
    time: timeText.optional(),
  }),
  named: { at: 'time' },
  worded: ({ number }, { status, text, time }) => ({ incident: number, fields: { status, text, at: time } }),
  status: 200,
  answer: z.object({ number: z.int(), status: z.enum(statuses), entry: entryShape }),
  made: (facts, { number }) => {
    const fact = statusSet.read(only(facts, statusSet.type));
    const told = statusSet.tell(fact.data);
    if (!told) throw new Error('a status has no sentence');
    return { number, status: fact.data.stays ?? fact.data.to, entry: entryOfFact(fact, told) };
  },
});

export const routes: readonly Route[] = [list, declare, status];

/** How many of a list one asks for at a time. */
export function countOf(max: number, otherwise: number) {
  const error = `limit is a number from 1 to ${max}.`;
  return z.coerce
    .number({ error })
    .int({ error })
    .min(1, { error })
    .max(max, { error })
    .default(otherwise)
    .meta({ description: `At most ${max}; ${otherwise} unless told otherwise.` });
}

async function summaries(tx: Tx, incidents: readonly Incident[]): Promise<z.infer<typeof incidentShape>[]> {
  const impacts = await tx.impact.findMany({
    where: { incidentId: { in: incidents.map((each) => each.id) } },
    orderBy: { since: 'asc' },
  });
  return incidents.map((each) =>
    shapeOf(
      each,
      impacts.filter((impact) => impact.incidentId === each.id),
    ),
  );
}

// As it was declared, from the fact alone.
function declaredShape(facts: readonly Fact[]): z.infer<typeof incidentShape> {
  const fact = incidentDeclared.read(only(facts, incidentDeclared.type));
  const row = { ...declaredRow(fact), acknowledgedAt: null, mitigatedAt: null, resolvedAt: null };
  const { data } = fact;
  const impacts = data.components.map((each) => ({
    ...impactRow(fact, each, data.level, beginningOf(fact)),
    until: null,
    untilUnknown: false,
  }));
  return shapeOf(row, impacts);
}

type ShapedIncident = Pick<Incident, 'number' | 'title' | 'severity' | 'status' | 'private' | 'drill'> &
  Pick<Incident, `${(typeof keyTimeNames)[number]}At`>;
type ShapedImpact = Pick<
  Prisma.ImpactGetPayload<object>,
  'service' | 'environment' | 'cluster' | 'level' | 'since' | 'until' | 'sinceUnknown' | 'untilUnknown'
>;

/** An incident and its impacts, in the order in which they began, as every answer and file shows them. */
export function shapeOf(
  incident: ShapedIncident,
  impacts: readonly ShapedImpact[],
): z.infer<typeof incidentShape> {
  const times = Object.fromEntries(
    keyTimeNames.map((name) => [`${name}At`, incident[`${name}At`]?.toISOString() ?? null]),
  );
  return incidentShape.parse({
    number: incident.number,
    key: incidentKey(incident),
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    private: incident.private,
    drill: incident.drill,
    ...times,
    components: impacts.map((each) => ({
      component: componentName(each),
      level: each.level,
      from: each.sinceUnknown ? null : each.since.toISOString(),
      until: each.untilUnknown ? null : (each.until?.toISOString() ?? null),
    })),
  });
}

function componentText(it: z.infer<typeof component>): string {
  if (typeof it === 'string') return it;
  return [it.service, it.environment, it.cluster].filter((part) => part !== undefined).join('/');
}

function only(facts: readonly Fact[], type: string): Fact {
  const fact = facts.find((each) => each.type === type);
  if (!fact) throw new Error(`no ${type} among the facts`);
  return fact;
}
