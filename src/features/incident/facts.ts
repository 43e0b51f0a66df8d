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
  }),
  (it) => ({
    kind: 'status',
    text: `${it.drill ? 'Drill declared' : 'Declared'} as ${it.severity}: ${it.description ?? it.title}`,
  }),
);

export const severitySet = defineFact(
  'SeveritySet',
  z.object({ from: z.enum(severities), to: z.enum(severities), reason: z.string().nullable() }),
  (it) => ({ kind: 'status', text: `Severity ${it.from} → ${it.to}${it.reason ? `: ${it.reason}` : ''}` }),
);

export const statusSet = defineFact(
  'StatusSet',
  z.object({ from: z.enum(statuses), to: z.enum(statuses), text: z.string().nullable() }),
  (it) => ({ kind: 'status', text: `Status ${it.from} → ${it.to}${it.text ? `: ${it.text}` : ''}` }),
);

export const impactSet = defineFact(
  'ImpactSet',
  z.object({ component: componentSchema, level: z.enum(levels) }),
  (it) => ({ kind: 'status', text: `${componentName(it.component)}: ${levelName(it.level)}` }),
);

/** When the impact began, was noticed, or was over; said apart from when it is said. */
export const keyTimeSet = defineFact(
  'KeyTimeSet',
  z.object({ which: z.enum(['started', 'detected', 'mitigated']), shown: z.string() }),
  (it) => ({ kind: 'status', text: `${capital(it.which)}: ${it.shown}` }),
);

export const incidentAcknowledged = defineFact('IncidentAcknowledged', z.object({}), () => ({
  kind: 'status',
  text: 'Acknowledged: “I have it”',
}));

/** Somebody may see a private incident from now on. */
export const memberAdded = defineFact('MemberAdded', z.object({ person: personSchema }), (it) => ({
  kind: 'system',
  text: `${it.person.name} was let in`,
}));

export const memberRemoved = defineFact('MemberRemoved', z.object({ person: personSchema }), (it) => ({
  kind: 'system',
  text: `${it.person.name} left`,
}));

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
