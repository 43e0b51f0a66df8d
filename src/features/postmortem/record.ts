// The record of one incident, as `GET /api/v1/incidents/{n}` and `incident.json` carry it: all that a postmortem is made from.
import { z } from 'zod';
import { entryShape, instant, precisions } from '../../core/entry.js';
import { entryKinds } from '../../core/fact.js';
import { severities, statuses } from '../incident/index.js';

export { entryKinds, precisions, severities, statuses };

/** From bad to good: the place in this list says which of two impacts is worse. */
export const impactLevels = [
  'major_outage',
  'partial_outage',
  'degraded',
  'maintenance',
  'operational',
] as const;

const person = z.object({ id: z.string(), name: z.string() });

const timelineEntry = entryShape.extend({
  strikeReason: z.string().nullish(),
  /** A `system` entry that a reader of the postmortem needs, such as a notice that was given up. */
  matters: z.boolean().optional(),
});

const componentImpact = z.object({
  component: z.string(),
  level: z.enum(impactLevels),
  from: instant.nullable(),
  until: instant.nullable(),
});

const roleHeld = z.object({
  role: z.string(),
  user: person,
  from: instant.nullable(),
  until: instant.nullable(),
});

const durationText = z.string().nullable();

// Changes, freezes and follow-ups belong to other features: a draft takes what they give and needs only the words.
const change = z.object({
  key: z.string().nullish(),
  title: z.string(),
  kind: z.string().nullish(),
  state: z.string().nullish(),
  components: z.array(z.string()).nullish(),
  owner: person.nullish(),
  startedAt: instant.nullish(),
  finishedAt: instant.nullish(),
  url: z.string().nullish(),
  relation: z.enum(['related', 'unrelated', 'rollback', 'cause']).nullish(),
  /** Its place among the suspects, from 1; null where it is none of them. */
  rank: z.int().nullish(),
  /** Why it was looked at, in words. */
  reasons: z.array(z.string()).nullish(),
  /** It began after the onset: a possible fix, and no suspect. */
  after: z.boolean().nullish(),
});

const freeze = z.object({
  key: z.string().nullish(),
  reason: z.string(),
  mode: z.enum(['hard', 'soft']).nullish(),
  components: z.array(z.string()).nullish(),
  owner: person.nullish(),
  from: instant.nullish(),
  until: instant.nullish(),
  /** Whether it was pulled from this incident; false: it was on by itself. */
  cord: z.boolean().nullish(),
  liftedBy: person.nullish(),
  /** What the gate denied or held because of it, each once, when it was first. */
  held: z
    .array(z.object({ title: z.string(), source: z.string(), change: z.string().nullable(), at: instant }))
    .nullish(),
  /** What began on its ground although nobody had let it. */
  violations: z
    .array(z.object({ key: z.string(), title: z.string(), owner: z.string(), startedAt: instant }))
    .nullish(),
  exceptions: z
    .array(
      z.object({
        key: z.string(),
        reason: z.string(),
        by: z.string(),
        /** Null: whoever asked let themselves through, in the incident. */
        approvedBy: z.string().nullable(),
        uses: z.array(z.string()),
      }),
    )
    .nullish(),
  /** In which order what waited had its turn, from when on, and what became of each. */
  thaw: z
    .object({
      at: instant,
      order: z.array(
        z.object({
          title: z.string(),
          turnAt: instant,
          /** Null: it did not go. */
          wentAt: instant.nullish(),
          /** Why it waits no more although it did not go; null where it went, or waits still. */
          left: z.enum(['lapsed', 'cancelled', 'began']).nullish(),
        }),
      ),
    })
    .nullish(),
});

const followup = z.object({
  key: z.string().nullish(),
  text: z.string(),
  owner: person.nullish(),
  dueAt: instant.nullish(),
  done: z.boolean().nullish(),
});

const keyTime = z.object({
  asWritten: z.string().nullable(),
  precision: z.enum(precisions),
  until: instant.nullish(),
  /** Nobody said it: it was taken from something else, as `mitigated` is from the status `monitoring`. */
  derived: z.boolean().optional(),
});

const keyTimes = z.object({
  started: keyTime.nullish(),
  detected: keyTime.nullish(),
  declared: keyTime.nullish(),
  acknowledged: keyTime.nullish(),
  mitigated: keyTime.nullish(),
  resolved: keyTime.nullish(),
});

/** The shape of an incident's record; fields this version does not know are dropped, not refused. */
export const incidentRecord = z.object({
  number: z.int(),
  key: z.string().optional(),
  title: z.string(),
  severity: z.enum(severities).nullable(),
  status: z.enum(statuses),
  private: z.boolean(),
  drill: z.boolean(),
  startedAt: instant.nullable(),
  detectedAt: instant.nullable(),
  declaredAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  components: z.array(componentImpact),
  roles: z.array(roleHeld),
  durations: z.object({
    detect: durationText,
    acknowledge: durationText,
    mitigate: durationText,
    resolve: durationText,
  }),
  timeline: z.array(timelineEntry),
  changes: z.array(change),
  freezes: z.array(freeze),
  followups: z.array(followup),
  /** What was to be done while it lasted. */
  tasks: z.array(followup).optional(),
  /** The steps of checklists that nobody did. */
  stepsLeft: z.array(followup).optional(),
  zone: z.string().optional(),
  keyTimes: keyTimes.optional(),
  declaredBy: person.nullish(),
  links: z.array(z.object({ title: z.string(), url: z.string() })).optional(),
  channel: z.object({ name: z.string(), url: z.string() }).nullish(),
  lastHash: z.string().nullish(),
  summaryText: z.string().nullish(),
});

export type IncidentRecord = z.infer<typeof incidentRecord>;
export type TimelineEntry = z.infer<typeof timelineEntry>;
export type ComponentImpact = z.infer<typeof componentImpact>;
export type RoleHeld = z.infer<typeof roleHeld>;
export type ChangeOnRecord = z.infer<typeof change>;
export type FreezeOnRecord = z.infer<typeof freeze>;
export type Followup = z.infer<typeof followup>;
export type Person = z.infer<typeof person>;
export type Precision = (typeof precisions)[number];

/** Reads a record that came from outside, such as a file; throws zod's error when it is not one. */
export function parseRecord(value: unknown): IncidentRecord {
  return incidentRecord.parse(value);
}

/** `INC-12`. */
export function incidentKey(record: Pick<IncidentRecord, 'key' | 'number'>): string {
  return record.key ?? `INC-${record.number}`;
}
