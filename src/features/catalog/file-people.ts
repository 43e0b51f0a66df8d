// What a catalogue's file may say of people and of what watches: roles, checklists, schedules, escalations, monitors.
import { z } from 'zod';
import { canonicalZone, readDuration, showDuration } from '../../core/time/index.js';
import { severities } from '../incident/index.js';
import { addressOf, addressProblem } from '../oncall/index.js';
import { roleNameWord } from '../roles/index.js';
import { listOf, mapOf, orEmpty, place, text } from './file-kit.js';
import { BadCatalog, type SaidEscalation, type SaidPeople, type SaidPerson, type SaidWhom } from './said.js';
import { type Cadence, dependenciesMax, isName, labelLimit, nameRule, ownersMax, unique } from './words.js';
import type { YamlPart } from './yaml.js';

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** Nobody reads more of a role, or of a step, when it matters. */
const instructionsMax = 1_000;
const stepTextMax = 300;
const stepsMax = 40;
const levelsMax = 20;
const urlMax = 2_000;

/** The name of a service, where one is named. */
export const serviceName = text(labelLimit, 'the name of a service').refine(isName, {
  error: `must be the name of a service: ${nameRule}`,
});

/** A length of time in minutes: `30m`, `1h`, or a number of minutes. */
function minutesOf(least: number, most: number, example: string) {
  const error = `must be a length of time, such as ${example}`;
  const bounds = `${showDuration(least * minuteMs)} to ${showDuration(most * minuteMs)}`;
  return z.union([z.string(), z.number()], { error }).transform((value, context) => {
    const read = typeof value === 'number' ? null : readDuration(value);
    const minutes = read === null ? Number(value) : read.ok ? read.milliseconds / minuteMs : Number.NaN;
    if (Number.isInteger(minutes) && minutes >= least && minutes <= most) return minutes;
    context.issues.push({ code: 'custom', input: value, message: `${error}, ${bounds}` });
    return z.NEVER;
  });
}

const cadenceError = 'must be a length of time, such as 30m, or off';
const cadence = z
  .union([z.string(), z.number(), z.literal(false)], { error: cadenceError })
  .transform((value, context) => {
    if (value === false || (typeof value === 'string' && value.trim().toLowerCase() === 'off')) return null;
    const read = minutesOf(1, 7 * dayMinutes, '30m, or off').safeParse(value);
    if (read.success) return read.data;
    context.issues.push({
      code: 'custom',
      input: value,
      message: read.error.issues[0]?.message ?? cadenceError,
    });
    return z.NEVER;
  });

const cadenceShape = z.strictObject(
  Object.fromEntries(severities.map((each) => [each, cadence.optional()])) as Record<
    (typeof severities)[number],
    z.ZodOptional<typeof cadence>
  >,
);
/** How often those outside are to hear, by severity. */
export const updates = orEmpty(cadenceShape).transform(
  (said): Cadence => Object.fromEntries(Object.entries(said).filter(([, minutes]) => minutes !== undefined)),
);

/** A word may stand for a mapping in which it is the only thing. */
function orWord<T extends z.ZodType>(key: string, of: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' || typeof value === 'number' ? { [key]: value } : value),
    of,
  );
}

const roleName = z
  .string()
  .transform((word) => word.trim().toLowerCase().normalize('NFC'))
  .refine((word) => roleNameWord.safeParse(word).success, {
    error: 'cannot be a role’s name: one word of letters, digits and hyphens, such as security-lead',
  });

const longText = (limit: number, what: string) =>
  z
    .union([z.string(), z.number()], { error: `must be ${what}` })
    .transform((value) => String(value).trim())
    .refine((value) => value.length <= limit, { error: `is longer than ${limit} characters` });

const roleSchema = z.strictObject({
  instructions: longText(instructionsMax, 'what its holder is told, in a few sentences').default(''),
});

const stepOwner = text(labelLimit, 'a role, or a person, such as commander or "@ana"').transform(
  (word): { role: string } | SaidPerson =>
    namesPerson(word) ? { word: word.replace(/^@/, ''), also: [] } : { role: word.toLowerCase() },
);
const stepSchema = z.strictObject({
  text: text(stepTextMax, 'what is to be done, in a sentence'),
  owner: stepOwner.nullish().transform((value) => value ?? null),
  second: z
    .boolean({ error: 'must be true, where somebody else confirms it, or false' })
    .nullish()
    .transform((value) => value ?? false),
});
const checklistSchema = z.strictObject({
  title: text(labelLimit, 'what it is for, in a few words').optional(),
  steps: listOf(orWord('text', stepSchema), stepsMax, 'steps').refine((steps) => steps.length > 0, {
    error: 'must have a step, such as steps: ["Stop the pipeline"]',
  }),
});

const zone = text(labelLimit, 'a time zone, such as Europe/Berlin').transform((word, context) => {
  const found = canonicalZone(word);
  if (found !== null) return found;
  context.issues.push({ code: 'custom', input: word, message: 'must be a time zone, such as Europe/Berlin' });
  return z.NEVER;
});
const ical = text(urlMax, 'the address of a calendar, https://…').transform((word, context) => {
  const url = addressOf(word);
  // Whether it may be an open line is said beside it.
  const wrong = /\s/.test(url) ? '' : addressProblem(url, true);
  if (wrong === null) return url;
  const message =
    /^https?:\/\//i.test(url) && wrong !== ''
      ? `cannot be used: ${wrong}`
      : 'must be the address of a calendar, https://…';
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});
const scheduleSchema = z
  .strictObject({
    zone: zone.nullish().transform((value) => value ?? null),
    ical: ical.nullish().transform((value) => value ?? null),
    plain: z
      .boolean({ error: 'must be true, where the address may begin with http://, or false' })
      .nullish()
      .transform((value) => value ?? false),
  })
  .superRefine(({ ical: url, plain }, context) => {
    if (url === null || addressProblem(url, plain) === null) return;
    context.addIssue({
      code: 'custom',
      path: ['ical'],
      message:
        'goes over http://, where anybody on the way could change who is called. If you know that, write “plain: true” beside it',
    });
  });

const whomError = 'must be whom to call: a person ("@ana"), schedule:NAME or pager:NAME';
const whom = text(2 * labelLimit, whomError.replace('must be ', '')).transform((word, context): SaidWhom => {
  const [, kind, name = ''] = /^(schedule|pager):\s*(.+)$/i.exec(word) ?? [];
  if (kind !== undefined) return { kind: kind.toLowerCase() as 'schedule' | 'pager', name };
  if (namesPerson(word)) return { word: word.replace(/^@/, ''), also: [] };
  context.issues.push({ code: 'custom', input: word, message: whomError });
  return z.NEVER;
});
const levelMinutes = minutesOf(1, dayMinutes, '5m');
const levelSchema = z.strictObject({
  who: listOf(whom, ownersMax, 'to call').refine((all) => all.length > 0, {
    error: 'must have somebody to call: a person ("@ana"), schedule:NAME or pager:NAME',
  }),
  minutes: levelMinutes.nullish().transform((value) => value ?? null),
});
const forError = 'must be service:NAME, team:NAME or default';
const forWhat = text(2 * labelLimit, forError.replace('must be ', '')).transform((word, context) => {
  const [, kind, name = ''] = /^(service|team):\s*(.+)$/i.exec(word) ?? [];
  if (kind !== undefined) return { kind: kind.toLowerCase() as 'service' | 'team', name };
  if (word.toLowerCase() === 'default') return { kind: 'default' as const, name: 'default' };
  context.issues.push({ code: 'custom', input: word, message: forError });
  return z.NEVER;
});
const escalationSchema = z.strictObject({
  for: listOf(forWhat, dependenciesMax, 'of them').refine((all) => all.length > 0, {
    error: 'must say for what: service:NAME, team:NAME or default',
  }),
  levels: listOf(levelSchema, levelsMax, 'levels').refine((all) => all.length > 0, {
    error: 'must have a level, such as levels: [{ who: ["@ana"], minutes: 5 }]',
  }),
  repeat: levelMinutes.nullish().transform((value) => value ?? null),
});

const monitorSchema = z.strictObject({
  watches: listOf(serviceName, dependenciesMax, 'services'),
  depends_on: listOf(serviceName, dependenciesMax, 'services'),
  runs_on: listOf(place, dependenciesMax, 'places'),
  heartbeat: text(labelLimit, 'the name of a heartbeat')
    .nullish()
    .transform((value) => value ?? null),
});

/** The parts of a file that say so. */
export const peopleParts = {
  roles: mapOf(orWord('instructions', roleSchema), 'roles', roleName),
  checklists: mapOf(checklistSchema, 'checklists'),
  schedules: mapOf(scheduleSchema, 'schedules'),
  escalations: mapOf(escalationSchema, 'escalations'),
  monitors: mapOf(monitorSchema, 'monitors'),
};

/** What may stand in their mappings, by path; `*` is any name. */
export const allowedOfPeople: Readonly<Record<string, object>> = {
  'settings.updates': cadenceShape.shape,
  'roles.*': roleSchema.shape,
  'checklists.*': checklistSchema.shape,
  'checklists.*.steps.*': stepSchema.shape,
  'schedules.*': scheduleSchema.shape,
  'escalations.*': escalationSchema.shape,
  'escalations.*.levels.*': levelSchema.shape,
  'monitors.*': monitorSchema.shape,
};

type Parsed = { readonly [K in keyof typeof peopleParts]: z.infer<(typeof peopleParts)[K]> };

/** What a file says of people. Throws BadCatalog where two say who is called for the same. */
export function peopleIn(said: Parsed, part: YamlPart, file: string): SaidPeople {
  return {
    roles: said.roles.map(([name, { instructions }]) => ({ name, instructions })),
    checklists: said.checklists.map(([name, { title, steps }]) => ({ name, title: title ?? name, steps })),
    schedules: said.schedules.map(([name, { zone: its, ical: url }]) => ({ name, zone: its, url })),
    escalations: escalationsIn(said.escalations, part, file),
    monitors: said.monitors.map(([name, { watches, depends_on, runs_on, heartbeat }]) => ({
      name,
      watches: unique(watches),
      dependsOn: unique(depends_on),
      runsOn: runs_on,
      heartbeat,
    })),
  };
}

function escalationsIn(said: Parsed['escalations'], part: YamlPart, file: string): SaidEscalation[] {
  const owners = new Map<string, string>();
  return said.flatMap(([name, { for: targets, levels, repeat }]) =>
    targets.map((target) => {
      const key = `${target.kind}:${target.name.toLowerCase()}`;
      const before = owners.get(key);
      if (before !== undefined)
        throw new BadCatalog(
          `${file}, line ${part.lineOf(['escalations', name])}: who is called for ${target.kind === 'default' ? 'the default' : `${target.kind}:${target.name}`} is said in ${before} and in ${name}. Keep it with one of the two. Nothing was imported.`,
        );
      owners.set(key, name);
      return {
        ...target,
        levels: levels.map(({ who, minutes }) => ({ whom: who, minutes })),
        repeatMinutes: repeat,
      };
    }),
  );
}

// `@ana`, or a Slack id; any other word names a role or nothing.
function namesPerson(word: string): boolean {
  return /^@./.test(word) || /^[UW](?=[A-Z]*\d)[A-Z0-9]{4,30}$/.test(word);
}
