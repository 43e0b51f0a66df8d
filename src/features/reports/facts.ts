// What can happen to reports: one is made, several are gathered, somebody says what they are.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { componentSchema, personSchema } from '../incident/index.js';
import { answers, askedSchema, reasons, reporterText, reportKey, withoutReporter } from './words.js';

const incident = z.object({ id: z.string(), number: z.int() });
// Redacted before it was put on an incident.
const saidText = (it: { number: number; text: string }) => `${reportKey(it)}: ${it.text || 'redacted'}`;
const author = (by: { id: string; name: string }) => ({ id: by.id, name: reporterText(by) });

export const reportMade = defineFact(
  'ReportMade',
  z.object({
    number: z.int(),
    text: z.string(),
    component: componentSchema.nullable(),
    /** Whether that was said, or read from the text. */
    named: z.enum(['said', 'text', 'none']),
    by: personSchema,
    url: z.string().nullable(),
    /** The open incident that it belongs to. */
    incident: incident.nullable(),
    /** The reports to which it was added, and who sees them. */
    gathering: z.object({ id: z.string(), round: z.int(), asked: askedSchema }).nullable(),
  }),
  (it) => ({ kind: 'observation', text: saidText(it), author: author(it.by) }),
  (it) => ({ ...it, text: '', url: null, by: withoutReporter(it.by, it) }),
);

/** A report that was made before turned out to belong to an incident. */
export const reportTied = defineFact(
  'ReportTied',
  z.object({
    /** The fact with which it was made. */
    reportId: z.string(),
    number: z.int(),
    text: z.string(),
    by: personSchema,
    incident,
  }),
  (it) => ({ kind: 'observation', text: saidText(it), author: author(it.by) }),
  (it) => ({ ...it, text: '', by: withoutReporter(it.by, it) }),
);

const ofGathering = { id: z.string(), number: z.int(), asked: askedSchema, round: z.int() };

/** Several reports may be one incident: somebody is asked. */
export const reportsGathered = defineFact(
  'ReportsGathered',
  z.object({
    ...ofGathering,
    /** The numbers of those that there were. */
    reports: z.array(z.int()),
    why: z.enum(reasons),
    service: z.string().nullable(),
    cluster: z.string().nullable(),
    /** Of those that stood alone, what was asked: it is asked of all of them now. */
    before: z.array(z.object({ id: z.string(), round: z.int(), asked: askedSchema })).default([]),
  }),
  (it) => ({
    kind: 'system',
    text:
      it.why === 'alone'
        ? `${reportKey(it)} stands alone: whoever is on call is shown it`
        : `${it.reports.length} reports may be one incident`,
  }),
);

/** Nobody answered: it is asked again. */
export const reportsReminded = defineFact('ReportsReminded', z.object(ofGathering), (it) => ({
  kind: 'system',
  text: `Nobody has said what the reports from ${reportKey(it)} on are`,
}));

/** Still nobody: somebody is called. */
export const reportsPaged = defineFact(
  'ReportsPaged',
  z.object({ ...ofGathering, service: z.string().nullable(), count: z.int() }),
  (it) => ({ kind: 'system', text: `Somebody is called for the reports from ${reportKey(it)} on` }),
);

export const gatheringAnswered = defineFact(
  'GatheringAnswered',
  z.object({
    ...ofGathering,
    answer: z.enum(answers),
    incident: z.object({ number: z.int(), private: z.boolean() }).nullable(),
    /** The numbers of those that it was said of. */
    reports: z.array(z.int()).default([]),
  }),
  (it) => ({ kind: 'decision', text: `The reports from ${reportKey(it)} on: ${it.answer}` }),
);

/** What was shown of it was redacted, and is drawn anew. */
export const gatheringRedrawn = defineFact('GatheringRedrawn', z.object(ofGathering), () => null);
