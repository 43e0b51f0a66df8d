// The verbs of being on call.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { shorten } from '../../core/message.js';
import { cleanText, oneLine } from '../../core/text.js';
import type { WrittenTime } from '../../core/time/index.js';
import { readDuration, showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { personSchema } from '../incident/index.js';
import { type ContactState, decideContact } from './contact.js';
import * as rules from './decide.js';
import { decideEscalation, type EscalationInput } from './escalate.js';
import { oncallStream } from './facts.js';
import { minutesMax, readLevels, type SaidLevel } from './levels.js';
import { mailInSlack, mailOfFeed, personOf } from './read.js';
import { decideRelieve, type Entered } from './relieve.js';
import { type Known, nameIn, readKnown } from './store.js';
import { isAddress } from './words.js';

const minuteMs = 60_000;
const urlMax = 2_000;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,79}$/u;
const onOncall = async () => ({ streams: [oncallStream], target: null });
const timeSchema = z.custom<WrittenTime>().optional();

const scheduleName = z
  .string({ error: 'Say which schedule: its name, such as primary.' })
  .transform(oneLine)
  .refine((name) => namePattern.test(name) && !/^(?:default|none)$/i.test(name), {
    error:
      'A schedule’s name begins with a letter or a digit and has at most 80 letters, digits, dots, hyphens, underscores and spaces.',
  });

const person = personSchema.refine((it) => isInSlack(it.id), { error: 'Say who: @name, or “me”.' });

function lengthWord(example: string) {
  return z.string().transform((word, context) => {
    const read = readDuration(word);
    if (read.ok && read.milliseconds >= minuteMs) return read.milliseconds;
    const message = read.ok ? `That is less than a minute. Write it as ${example}.` : read.reason;
    context.issues.push({ code: 'custom', input: word, message });
    return z.NEVER;
  });
}

export const schedule = defineCommand<rules.ScheduleInput, null, Known>({
  verb: {
    surface: 'incident',
    words: ['schedule'],
    usage: 'NAME [zone:] [url:] [plain]',
    summary:
      'Makes a schedule of who is on call, or changes it: read from a calendar’s secret iCal address, or entered with duty.',
    example: '/incident schedule primary url:https://calendar.example.com/private.ics zone:Europe/Berlin',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({
    name: scheduleName,
    zone: z.string().transform(cleanText).optional(),
    url: z.string().transform(cleanText).pipe(z.string().max(urlMax)).optional(),
    plain: z.boolean().optional(),
  }),
  locate: onOncall,
  load: (tx, _input, _target, ask) => readKnown(tx, ask.workspace.id),
  decide: rules.decideSchedule,
});

export const unschedule = defineCommand<{ name: string }, null, Known>({
  verb: {
    surface: 'incident',
    words: ['unschedule'],
    usage: 'NAME',
    summary: 'Takes a schedule away, with its shifts.',
    example: '/incident unschedule primary',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({ name: scheduleName }),
  locate: onOncall,
  load: (tx, _input, _target, ask) => readKnown(tx, ask.workspace.id),
  decide: (known, { name }) => rules.decideUnschedule(known, name),
});

interface DutyState {
  readonly known: Known;
  readonly hasOther: boolean;
}

export const duty = defineCommand<rules.DutyInput, null, DutyState>({
  verb: {
    surface: 'incident',
    words: ['duty'],
    usage: 'SCHEDULE @user [from:WHEN] [until:WHEN] [for:]',
    summary: 'Says who is on call from when to when; it goes before what a calendar says.',
    example: '/incident duty primary @ana for:8h',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z
    .object({
      schedule: scheduleName,
      user: person,
      from: timeSchema,
      until: timeSchema,
      for: lengthWord('for:8h').optional(),
    })
    .transform(({ for: forMs, ...it }) => ({ ...it, forMs })),
  locate: onOncall,
  async load(tx, { user }, _target, ask) {
    return {
      known: await readKnown(tx, ask.workspace.id),
      hasOther: await hasOther(tx, ask.workspace.id, user),
    };
  },
  decide: ({ known, hasOther }, input, ask) => rules.decideDuty(known, hasOther, input, ask),
});

// A way to somebody that does not hang on Slack.
async function hasOther(tx: Tx, workspaceId: string, user: { id: string; name: string }): Promise<boolean> {
  const { ways } = await personOf(tx, workspaceId, { ...user, mail: null });
  return ways.some((way) => way.path !== 'slack');
}

export const relieve = defineCommand<
  { schedule: string; user: { id: string; name: string } },
  null,
  { known: Known; shifts: readonly Entered[] }
>({
  verb: {
    surface: 'incident',
    words: ['relieve'],
    usage: 'SCHEDULE @user',
    summary: 'Ends what was entered for somebody in a schedule.',
    example: '/incident relieve primary @ana',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({ schedule: scheduleName, user: person }),
  locate: onOncall,
  async load(tx, input, _target, ask) {
    const known = await readKnown(tx, ask.workspace.id);
    const name = nameIn(
      known.schedules.map((each) => each.name),
      input.schedule,
    );
    const where = {
      workspaceId: ask.workspace.id,
      schedule: name ?? '',
      userId: input.user.id,
      entered: true,
    };
    const shifts = await tx.shift.findMany({
      where: { ...where, endsAt: { gt: ask.now } },
      select: { startsAt: true, endsAt: true },
      orderBy: { startsAt: 'asc' },
    });
    return { known, shifts };
  },
  decide: ({ known, shifts }, input, ask) => decideRelieve(known, shifts, input, ask),
});

const levelsWord = z
  .string({
    error:
      'Say who is called, and in which order: @ana,schedule:primary 5m then @bob 10m. “none” takes it away.',
  })
  .transform((text, context): readonly SaidLevel[] | null => {
    if (/^none$/i.test(text.trim())) return null;
    const read = readLevels(text);
    if (read.ok) return read.levels;
    context.issues.push({ code: 'custom', input: text, message: read.reason });
    return z.NEVER;
  });

const repeatWord = lengthWord('repeat:10m')
  .transform((ms) => Math.round(ms / minuteMs))
  .refine((minutes) => minutes <= minutesMax, {
    error: `It begins anew after at most ${showDuration(minutesMax * minuteMs)}.`,
  });

export const escalation = defineCommand<EscalationInput, null, Known>({
  verb: {
    surface: 'incident',
    words: ['escalation'],
    usage: 'NAME LEVELS [repeat:]',
    summary: 'Says who is called, and in which order, for a service, for a team, or by default.',
    example: '/incident escalation default @ana,schedule:primary 5m then @bob,pager:pd 10m',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z
    .object({
      name: z.string({ error: 'Say whose it is: a service, a team, or default.' }).transform(oneLine),
      levels: levelsWord,
      repeat: repeatWord.optional(),
    })
    .transform(({ repeat: repeatMinutes, ...it }) => ({ ...it, repeatMinutes })),
  locate: onOncall,
  load: (tx, _input, _target, ask) => readKnown(tx, ask.workspace.id),
  decide: decideEscalation,
});

const mailWord = z
  .string()
  .transform((word) => cleanText(word).replace(/^mailto:/i, ''))
  .transform((word, context) => {
    if (/^none$/i.test(word)) return null;
    if (isAddress(word)) return word;
    const message = `“${shorten(word, 60)}” is no address. Write it as mail:name@example.com; mail:none takes it back.`;
    context.issues.push({ code: 'custom', input: word, message });
    return z.NEVER;
  });

interface ContactInput {
  readonly test: boolean;
  readonly mail?: string | null | undefined;
}

export const contact = defineCommand<ContactInput, null, ContactState>({
  verb: {
    surface: 'incident',
    words: ['contact'],
    usage: '[WHAT] [mail:]',
    summary: 'How you are reached beside Slack. “contact test” sends a letter and says whether it went out.',
    example: '/incident contact mail:ana@example.com',
    onIncident: false,
    inDrill: 'allowed',
  },
  input: z
    .object({
      what: z
        .string()
        .transform((word) => word.trim().toLowerCase())
        .pipe(
          z.literal('test', {
            error: 'Say /incident contact test, or give an address: mail:name@example.com.',
          }),
        )
        .optional(),
      mail: mailWord.optional(),
    })
    .transform(({ what, mail }) => ({ test: what === 'test', mail })),
  locate: onOncall,
  async load(tx, _input, _target, ask) {
    const workspaceId = ask.workspace.id;
    const userId = ask.actor.id;
    const row = await tx.contactPath.findUnique({ where: { workspaceId_userId: { workspaceId, userId } } });
    const ofFeed = await mailOfFeed(tx, workspaceId, userId);
    const mail = ofFeed ?? (await mailInSlack(tx, workspaceId, userId));
    const saidBy = ofFeed === null ? 'your profile in Slack' : 'a calendar';
    return { own: row?.mail ?? null, other: mail === null ? null : { mail, saidBy } };
  },
  decide: decideContact,
});
