// What can happen to being on call: schedules, shifts, escalations, and how people are reached. All on one stream.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';
import { levelSchema } from './words.js';

/** The stream of all that says who is called; one for a workspace. */
export const oncallStream = 'oncall';

/** Whose escalation it is. */
export const escalationKinds = ['service', 'team', 'default'] as const;
export type EscalationKind = (typeof escalationKinds)[number];

const scheduleSchema = z.object({
  name: z.string(),
  /** IANA: in it a calendar's times without a zone are read. */
  zone: z.string(),
  /** The address of a calendar; whoever has it can read it, so no sentence says it. Null: people enter shifts. */
  url: z.string().nullable(),
});
export type ScheduleEntry = z.infer<typeof scheduleSchema>;

const escalationSchema = z.object({
  kind: z.enum(escalationKinds),
  /** Of the default, `default`. */
  name: z.string(),
  levels: z.array(levelSchema).min(1),
  /** After the last level it begins anew after so long. */
  repeatMinutes: z.int().min(1),
});
export type EscalationEntry = z.infer<typeof escalationSchema>;

/** Somebody's turn, as a calendar says it. */
const shiftSchema = z.object({
  userId: z.string().nullable(),
  userName: z.string(),
  mail: z.string().nullable(),
  startsAt: z.coerce.date(),
  endsAt: z.coerce.date(),
});
export type FeedShift = z.infer<typeof shiftSchema>;

export const scheduleSet = defineFact(
  'ScheduleSet',
  /** `origin`: the file that says so, or `slack`. */
  scheduleSchema.extend({ origin: z.string() }),
  (it) => ({
    kind: 'system',
    text: `The schedule ${it.name} is ${it.url ? 'read from a calendar' : 'entered by people'}, zone ${it.zone}`,
  }),
);

export const scheduleRemoved = defineFact('ScheduleRemoved', z.object({ name: z.string() }), (it) => ({
  kind: 'system',
  text: `The schedule ${it.name} was removed`,
}));

export const shiftEntered = defineFact(
  'ShiftEntered',
  z.object({
    schedule: z.string(),
    person: personSchema,
    startsAt: z.coerce.date(),
    endsAt: z.coerce.date(),
  }),
  (it) => ({ kind: 'system', text: `${it.person.name} is on call by the schedule ${it.schedule}` }),
);

/** What was entered for somebody ends now; what was to come does not. */
export const shiftsRelieved = defineFact(
  'ShiftsRelieved',
  z.object({ schedule: z.string(), person: personSchema, at: z.coerce.date() }),
  (it) => ({
    kind: 'system',
    text: `${it.person.name} is not on call any more by what was entered in the schedule ${it.schedule}`,
  }),
);

export const escalationSet = defineFact(
  'EscalationSet',
  escalationSchema.extend({ origin: z.string() }),
  (it) => ({ kind: 'system', text: `The escalation of ${ownerOf(it)} has ${it.levels.length} levels` }),
);

export const escalationRemoved = defineFact(
  'EscalationRemoved',
  z.object({ kind: z.enum(escalationKinds), name: z.string() }),
  (it) => ({ kind: 'system', text: `The escalation of ${ownerOf(it)} was removed` }),
);

/** How somebody is reached beside Slack; null: by nothing that they said. */
export const contactSet = defineFact(
  'ContactSet',
  z.object({ person: personSchema, mail: z.string().nullable() }),
  (it) => ({
    kind: 'system',
    text: `${it.person.name} ${it.mail ? 'is reached by e-mail too' : 'took their address back'}`,
  }),
  (it) => ({ ...it, mail: null }),
);

/** A letter goes to somebody's address, to see whether it gets there. */
export const contactTried = defineFact(
  'ContactTried',
  z.object({ person: personSchema, mail: z.string() }),
  (it) => ({ kind: 'system', text: `A letter to ${it.person.name} was sent as a test` }),
);

/** What became of it: the server took it, or why not. */
export const contactTested = defineFact(
  'ContactTested',
  z.object({ person: personSchema, mail: z.string(), error: z.string().nullable() }),
  (it) => ({
    kind: 'system',
    text: `The mail server ${it.error === null ? 'took' : 'did not take'} the letter to ${it.person.name}`,
  }),
);

/** A calendar says something else than before, or is read again; it says all shifts of its days. */
export const feedRead = defineFact(
  'FeedRead',
  z.object({
    schedule: z.string(),
    shifts: z.array(shiftSchema),
    /** What could not be understood, in words. */
    problems: z.array(z.string()),
    /** It could not be read before, and somebody was told so. */
    healed: z.boolean(),
    /** What was not understood and is news. */
    news: z.array(z.string()).catch([]),
    /** Whoever hears of that; null: the incidents channel does. */
    setter: personSchema.nullable().default(null),
  }),
  (it) => ({
    kind: 'system',
    text: `The calendar of the schedule ${it.schedule} has ${it.shifts.length} shifts`,
  }),
);

/** A calendar cannot be read; what it said last stays in force. */
export const feedRefused = defineFact(
  'FeedRefused',
  z.object({
    schedule: z.string(),
    error: z.string(),
    since: z.coerce.date(),
    /** Why it is said aloud: it failed again and again, it has no shifts any more, or its last is over; null: not yet. */
    loud: z.enum(['often', 'emptied', 'over']).nullable(),
    /** Whoever set a calendar that could never be read, or has no shifts any more; null: nobody is to be told. */
    setter: personSchema.nullable().default(null),
    /** When the last shift that is known ends, or ended. */
    knownUntil: z.coerce.date().nullable(),
  }),
  (it) => ({
    kind: 'system',
    text: `The calendar of the schedule ${it.schedule} ${troubleText(it.error)}`,
  }),
);

/** Nobody is known to be on call after this, by a schedule that an escalation calls; said a day before, and then. */
export const scheduleEnds = defineFact(
  'ScheduleEnds',
  z.object({
    schedule: z.string(),
    endsAt: z.coerce.date(),
    /** It is read from a calendar. */
    read: z.boolean(),
    which: z.enum(['soon', 'over']),
  }),
  (it) => ({
    kind: 'system',
    text:
      it.which === 'soon'
        ? `The schedule ${it.schedule} runs out`
        : `The last shift of the schedule ${it.schedule} is over`,
  }),
);

/** The calendars are read now, and again at this time. */
export const feedsAsked = defineFact(
  'FeedsAsked',
  z.object({ schedules: z.array(z.string()), next: z.coerce.date() }),
  () => null,
);

const soughtSchema = z.object({ id: z.string().nullable(), name: z.string(), mail: z.string().nullable() });

/** Slack is asked about all who are called, and again at this time. */
export const peopleAsked = defineFact(
  'PeopleAsked',
  z.object({ who: z.array(soughtSchema), next: z.coerce.date() }),
  () => null,
);

/** Slack says who somebody is whom a calendar, an escalation or a service only names. */
export const peoplePlaced = defineFact(
  'PeoplePlaced',
  z.object({
    placed: z.array(z.object({ said: soughtSchema, person: personSchema })),
    /** Whose calendar names them; null: more than that. */
    schedule: z.string().nullable(),
    /** Those of the calendar whom Slack does not know either, and of whom that was not said yet. */
    strangers: z.array(z.string()),
    /** Whoever hears of them; null: the incidents channel does. */
    setter: personSchema.nullable(),
  }),
  (it) => (it.placed.length === 0 ? null : { kind: 'system', text: `Slack knows ${namedOf(it.placed)}` }),
);

/** Those who would be called and are not active in Slack any more, all of them. */
export const peopleGone = defineFact(
  'PeopleGone',
  z.object({
    gone: z.array(personSchema),
    /** Of whom that was not said yet, with what would call them. */
    news: z.array(personSchema.extend({ by: z.array(z.string()) })),
  }),
  (it) =>
    it.news.length === 0
      ? null
      : {
          kind: 'system',
          text: `Not active in Slack any more: ${it.news.map(({ name }) => name).join(', ')}`,
        },
);

function namedOf(placed: readonly { readonly person: { readonly name: string } }[]): string {
  return placed.map(({ person }) => person.name).join(', ');
}

/** What is said of a calendar that answers, and in which nobody is on call any more. */
export const emptied = 'it has no shifts any more';

/** What is wrong with a calendar, after its name; of the answers of others, for whoever has the machine. */
export function troubleText(error: string): string {
  return error === emptied ? 'has no shifts any more' : `cannot be read: ${error}`;
}

/** Whose it is, for people. */
export function ownerOf(it: { readonly kind: EscalationKind; readonly name: string }): string {
  return it.kind === 'default' ? 'the default' : `the ${it.kind} ${it.name}`;
}
