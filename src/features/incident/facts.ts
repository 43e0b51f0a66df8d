// What can happen to an incident, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import {
  componentName,
  componentSchema,
  levelName,
  levels,
  personSchema,
  severities,
  statuses,
  statusStep,
  writtenTimeSchema,
} from './words.js';

export const incidentDeclared = defineFact(
  'IncidentDeclared',
  z.object({
    number: z.number().int(),
    title: z.string(),
    /** All the words, where the title is only their beginning. */
    description: z.string().nullable(),
    severity: z.enum(severities),
    private: z.boolean(),
    drill: z.boolean(),
    level: z.enum(levels),
    components: z.array(componentSchema),
    started: writtenTimeSchema.nullable(),
    detected: writtenTimeSchema.nullable(),
    declarer: personSchema,
    /** Who is invited besides; of a private incident, its members. */
    members: z.array(personSchema).optional(),
  }),
  (it) => ({
    kind: 'status',
    text: `${it.drill ? 'Drill declared' : 'Declared'} as ${it.severity}: ${it.description ?? it.title}`,
  }),
  (it) => ({ ...it, title: 'redacted', description: null }),
);

export const severitySet = defineFact(
  'SeveritySet',
  z.object({ from: z.enum(severities), to: z.enum(severities), reason: z.string().nullable() }),
  (it) => ({ kind: 'status', text: `Severity ${it.from} → ${it.to}${it.reason ? `: ${it.reason}` : ''}` }),
  (it) => ({ ...it, reason: null }),
);

export const statusSet = defineFact(
  'StatusSet',
  z.object({
    from: z.enum(statuses),
    to: z.enum(statuses),
    text: z.string().nullable(),
    /** The status of a later time, which this one leaves as it is. */
    stays: z.enum(statuses).optional(),
    /** Said in so many words, it counts whatever its time. */
    reopened: z.boolean().optional(),
    /** Its time was said, and is not merely when it was told. */
    timed: z.boolean().optional(),
  }),
  (it) => ({ kind: 'status', text: `Status ${statusStep(it)}${it.text ? `: ${it.text}` : ''}` }),
  (it) => ({ ...it, text: null }),
);

export const impactSet = defineFact(
  'ImpactSet',
  z.object({
    component: componentSchema,
    level: z.enum(levels),
    before: z.enum(levels).nullable().default(null),
  }),
  (it) => ({ kind: 'status', text: `${componentName(it.component)}: ${levelName(it.level)}` }),
);

/** When the impact began, was noticed, or was over; said apart from when it is said. */
export const keyTimeSet = defineFact(
  'KeyTimeSet',
  z.object({
    which: z.enum(['started', 'detected', 'mitigated']),
    shown: z.string(),
    /** What it was before, for taking it back. */
    before: writtenTimeSchema.nullable().default(null),
  }),
  (it) => ({ kind: 'status', text: `${capital(it.which)}: ${it.shown}` }),
);

export const incidentAcknowledged = defineFact(
  'IncidentAcknowledged',
  /** `again`: acknowledged before, at another time than is said now. `by`: who did, where another one told us. */
  z.object({ again: z.boolean().optional(), by: z.string().optional() }),
  (it) => ({
    kind: 'status',
    text: it.again
      ? 'Acknowledged at another time than said before'
      : `Acknowledged${it.by ? ` by ${it.by}` : ''}: “I have it”`,
  }),
);

/** There was no incident: it is closed, and keeps its number and its record. */
export const incidentCalledOff = defineFact('IncidentCalledOff', z.object({}), () => ({
  kind: 'status',
  text: 'Closed: declared by mistake',
}));

// Only its number: a title that was copied into another incident's record would outlive its redaction.
const otherIncident = z.object({ id: z.string(), number: z.number().int() });

/** This incident is part of another one; its record stays, and points there. */
export const incidentMerged = defineFact(
  'IncidentMerged',
  /** `leads`: who had a role in it, and is told where it goes on. */
  z.object({ into: otherIncident, leads: z.array(personSchema).default([]) }),
  (it) => ({ kind: 'status', text: `Merged into INC-${it.into.number}` }),
);

/** Another incident turned out to be part of this one. */
export const incidentAbsorbed = defineFact('IncidentAbsorbed', z.object({ from: otherIncident }), (it) => ({
  kind: 'status',
  text: `INC-${it.from.number} was merged into this`,
}));

/** What was merged into this incident is one of its own again. */
export const incidentSeparated = defineFact('IncidentSeparated', z.object({ from: otherIncident }), (it) => ({
  kind: 'status',
  text: `INC-${it.from.number} is no longer merged into this`,
}));

/** Somebody may see a private incident from now on. */
export const memberAdded = defineFact('MemberAdded', z.object({ person: personSchema }), (it) => ({
  kind: 'system',
  text: `${it.person.name} was let in`,
}));

export const memberRemoved = defineFact(
  'MemberRemoved',
  /** `roles`: those that they have all the same, while it is open. */
  z.object({ person: personSchema, roles: z.array(z.string()).default([]) }),
  (it) => ({ kind: 'system', text: `${it.person.name} left` }),
);

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
