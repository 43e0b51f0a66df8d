// A case file: a real incident as data. Reads it, and says what is wrong with a bad one.

import { IANAZone } from 'luxon';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Plain } from '../core/faults.js';
import { readTime } from '../core/time/index.js';
import { componentWord, severityWord } from '../features/incident/index.js';

/** The file is not a case; the message names the place and what is expected there. */
export class BadCase extends Plain {}

const words = z.coerce.string();
const timeText = z
  .union([z.string(), z.number()], { error: 'must be a time as it was written, in quotes' })
  .transform(String);

const entry = z.object({
  time: timeText
    .nullable()
    .optional()
    .transform((time) => time ?? 'unknown'),
  kind: words.default('note'),
  text: z.string({ error: 'must say what happened' }).min(1, { error: 'must say what happened' }),
  command: z.string().optional(),
  ruled_out: z.string().optional(),
});

const role = z.object({ role: z.string(), user: z.string(), at: timeText.optional() });

const component = words
  // A command's words are parted by spaces, a list's by commas.
  .transform((name) => name.trim().replace(/\s+/g, '-'))
  .refine((name) => componentWord.safeParse(name).success, {
    error: 'must be service/environment/cluster, such as api/prod',
  });

// What a case says of a change may be little, or in words of its own: a drill tells what it can, and remarks on the rest.
const change = z.object({
  title: words.default('a change without a title'),
  kind: words.default('other'),
  on: z.array(words).optional(),
  service: words.optional(),
  environment: words.optional(),
  cluster: words.optional(),
  by: words.default('scribe'),
  planned: timeText.optional(),
  started: timeText.optional(),
  finished: timeText.optional(),
  outcome: words.optional(),
  /** False: nobody told anybody; a drill announces it only where it is asked to. */
  announced: z
    .unknown()
    .optional()
    .transform((said) => said !== false),
});

const schema = z.object({
  title: z.string({ error: 'must be the incident in a few words' }).min(1),
  source: z
    .object({ title: words.optional(), publisher: words.optional(), published: words.optional() })
    .optional(),
  note: words.optional(),
  zone: z
    .string({ error: 'must be the IANA time zone that the printed times mean, such as Europe/Berlin' })
    .refine((zone) => IANAZone.isValidZone(zone), {
      error: 'must be an IANA time zone, such as Europe/Berlin',
    }),
  date: words.refine((date) => /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date)), {
    error: 'must be the local date of the first entries, such as 2022-05-18',
  }),
  severity: words
    .refine((severity) => severityWord.safeParse(severity).success, {
      error: 'must be SEV1 (worst), SEV2, SEV3 or SEV4',
    })
    .optional(),
  components: z.array(component, { error: 'must be a list of service/environment/cluster' }).default([]),
  changes: z.array(change, { error: 'must be a list of {title, kind, on, by, started}' }).default([]),
  timeline: z
    .array(entry, { error: 'must be a list of {time, kind, text}' })
    .min(1, { error: 'must have at least one entry' }),
  roles: z
    .union([
      z.array(role),
      z
        .record(z.string(), z.string())
        .transform((map) => Object.entries(map).map(([name, user]) => ({ role: name, user, at: undefined }))),
    ])
    .default([]),
  /** The freeze that an entry with the command `freeze` begins. */
  freeze: z
    .object({ from: timeText.optional(), until: timeText.optional(), reason: words.optional() })
    .nullish(),
  key_times: z
    .object({
      started: timeText.optional(),
      detected: timeText.optional(),
      acknowledged: timeText.optional(),
      mitigated: timeText.optional(),
    })
    .default({}),
});

export type Case = z.infer<typeof schema>;
export type CaseEntry = Case['timeline'][number];

/** Reads a case from YAML. `name` is the file's, for the message. Throws BadCase. */
export function readCase(yaml: string, name: string): Case {
  const document = parseDocument(yaml, { prettyErrors: true });
  const broken = document.errors[0];
  if (broken) throw new BadCase(`${name} is not YAML: ${broken.message.split('\n')[0]}`);
  const content = contentOf(document, name);
  if (content === null || content === undefined) throw new BadCase(`${name}: the file is empty. ${form}`);
  const parsed = schema.safeParse(content);
  if (parsed.success) {
    checkKeyTimes(parsed.data, name);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const place = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  throw new BadCase(`${name}: ${place || 'the file'} ${issue?.message ?? 'is wrong'}. ${form}`);
}

const form = 'The form is described in docs/case-file.md.';

// Aliases that grow without end are found only here.
function contentOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new BadCase(`${name} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkKeyTimes(drilled: Case, name: string): void {
  const context = { now: new Date(`${drilled.date}T00:00:00Z`), zone: drilled.zone, day: drilled.date };
  for (const [key, text] of Object.entries(drilled.key_times)) {
    const reading = text === undefined ? null : readTime(text, context);
    if (reading && !reading.ok)
      throw new BadCase(`${name}: key_times.${key}: “${text}” is not a time: ${reading.reason}`);
  }
}
