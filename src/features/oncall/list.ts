// `/incident oncall`: who is on call now and next, by which ways they are reached, and what each escalation comes to.

import type { Ask, Query } from '../../core/command.js';
import { line, list, type Message, message, type Part, type Span, say, shorten } from '../../core/message.js';
import { sameName } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { shownTo } from './decide.js';
import { emptied } from './facts.js';
import { showLevels } from './levels.js';
import { goneOnes } from './people.js';
import {
  escalationFor,
  lastRead,
  levelsOf,
  peopleCalled,
  personOf,
  reachedBy,
  type ScheduleRow,
  type ShiftRow,
  shiftsAt,
} from './read.js';
import { readKnown } from './store.js';
import type { Level, Target, Way } from './words.js';

/** So many lines fit on a phone. */
const shownMax = 8;

export const oncallQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['oncall'],
    topic: 'calling',
    usage: '[TEXT]',
    summary: 'Who is on call now and next: by every schedule, or for a service, a team or a schedule.',
    example: '/incident oncall api',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const word = typeof values.text === 'string' ? values.text.trim() : '';
    const schedules = await tx.schedule.findMany({
      where: { workspaceId: ask.workspace.id },
      orderBy: { name: 'asc' },
    });
    if (word === '') return overview(tx, schedules, ask);
    const schedule = schedules.find((each) => sameName(each.name, word.replace(/^schedule:/i, '')));
    const target = schedule ? null : await targetOf(tx, word, ask);
    if (schedule) return oneSchedule(tx, schedule, ask);
    return target ? oneTarget(tx, target, ask) : unknown(word, schedules);
  },
};

function unknown(word: string, schedules: readonly ScheduleRow[]): Message {
  const names = schedules
    .slice(0, shownMax)
    .map((each) => each.name)
    .join(', ');
  return say(
    `No schedule, service or team is called “${shorten(word, 60)}”. `,
    names ? `Schedules: ${names}. ` : '',
    { code: '/incident oncall' },
    ' shows all.',
  );
}

async function targetOf(tx: Tx, word: string, ask: Ask): Promise<Target | null> {
  if (/^default$/i.test(word)) return { kind: 'default', id: null, name: 'default' };
  const known = await readKnown(tx, ask.workspace.id);
  const named = /^(service|team):(.+)$/i.exec(word);
  const name = named?.[2] ?? word;
  const service = /^team:/i.test(word) ? undefined : known.services.find((each) => sameName(each, name));
  if (service) return { kind: 'service', id: null, name: service };
  const teams = [
    ...known.teams,
    ...known.escalations.flatMap((each) => (each.kind === 'team' ? [each.name] : [])),
  ];
  const team = teams.find((each) => sameName(each, name));
  if (team) return { kind: 'team', id: null, name: team };
  const person = known.people.find((each) => sameName(`@${each.name}`, word));
  return person ? { kind: 'person', ...person } : null;
}

async function overview(tx: Tx, schedules: readonly ScheduleRow[], ask: Ask): Promise<Message> {
  const escalations = await tx.escalation.findMany({ where: { workspaceId: ask.workspace.id } });
  const ofDefault = escalations.find((each) => each.kind === 'default');
  if (schedules.length === 0 && escalations.length === 0)
    return message(
      line('Nobody is on call yet. '),
      line(
        { code: '/incident schedule primary url:https://…' },
        ' reads a calendar; ',
        { code: '/incident duty primary @ana for:8h' },
        ' enters a shift.',
      ),
      line(
        { code: '/incident escalation default schedule:primary 5m then @bob 10m' },
        ' says who is called.',
      ),
    );
  const items: Span[][] = [];
  for (const schedule of schedules.slice(0, shownMax)) items.push(await scheduleSpans(tx, schedule, ask));
  return message(
    line({ bold: 'On call now' }),
    list(items),
    schedules.length > shownMax &&
      line(
        `${schedules.length - shownMax} more schedules; `,
        { code: '/incident oncall NAME' },
        ' shows one.',
      ),
    line('By default: ', ofDefault ? showLevels(levelsOf(ofDefault)) : 'nobody is called. '),
    !ofDefault &&
      line({ code: '/incident escalation default schedule:NAME 5m then @user 10m' }, ' says who is.'),
    escalations.length > (ofDefault ? 1 : 0) &&
      line(
        `Escalations of their own: ${escalations
          .filter((each) => each.kind !== 'default')
          .slice(0, shownMax)
          .map((each) => each.name)
          .join(', ')}.`,
      ),
  );
}

async function scheduleSpans(tx: Tx, schedule: ScheduleRow, ask: Ask): Promise<Span[]> {
  const now = await shiftsAt(tx, schedule, ask.now);
  const names = [...new Set(now.map((each) => each.userName))].join(', ');
  const until = now.length > 0 ? new Date(Math.min(...now.map((each) => each.endsAt.getTime()))) : null;
  return [
    { bold: schedule.name },
    until ? `: ${names} until ${shownTo(ask, until)}` : ': nobody',
    schedule.refused === emptied
      ? '. Its calendar has no shifts any more'
      : schedule.refused
        ? '. Its calendar cannot be read'
        : '',
  ];
}

async function oneSchedule(tx: Tx, schedule: ScheduleRow, ask: Ask): Promise<Message> {
  const now = await shiftsAt(tx, schedule, ask.now);
  const items: Span[][] = [];
  const gone = await goneIds(tx, ask);
  for (const shift of now) items.push(await shiftSpans(tx, shift, gone, ask));
  const next = await tx.shift.findMany({
    where: { workspaceId: ask.workspace.id, schedule: schedule.name, startsAt: { gt: ask.now } },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
    take: 3,
  });
  return message(
    line({ bold: `On call by the schedule ${schedule.name}` }, ` (${schedule.zone})`),
    items.length > 0 ? list(items) : line('Nobody now.'),
    next.length > 0 &&
      line(
        'Next: ',
        ...next.map((each) => `${each.userName} from ${shownTo(ask, each.startsAt)}`).join('; '),
        '.',
      ),
    calendarPart(schedule),
    problemsPart((await lastRead(tx, schedule))?.problems ?? []),
    line({ code: `/incident duty ${schedule.name} @user for:8h` }, ' puts somebody else before it.'),
  );
}

function calendarPart({ url, refused, refusedAt, readAt }: ScheduleRow): Part | false {
  if (url === null) return false;
  if (refused === emptied && refusedAt)
    return line(
      { bold: 'Its calendar has no shifts any more' },
      ' since ',
      { at: refusedAt },
      '. What it said last stays in force until its end.',
    );
  if (refused && refusedAt)
    return line(
      { bold: 'Its calendar cannot be read' },
      ' since ',
      { at: refusedAt },
      readAt ? '. What it said last is in force. ' : '. It was never read. ',
      { code: 'andon doctor' },
      ' says why.',
    );
  if (!readAt) return line('Its calendar is being read for the first time.');
  return line(
    `Its calendar, at ${new URL(url).hostname}, is read every half hour; it last said something new `,
    { at: readAt },
    '.',
  );
}

function problemsPart(problems: readonly string[]): Part | false {
  if (problems.length === 0) return false;
  const more = problems.length - 1;
  return line(
    { bold: 'Not all of its calendar is understood' },
    ': ',
    problems[0] ?? '',
    more > 0 ? `; and ${more} more, which andon doctor names` : '',
    '.',
  );
}

async function goneIds(tx: Tx, ask: Ask): Promise<ReadonlySet<string>> {
  return new Set((await goneOnes(tx, ask.workspace.id)).map(({ id }) => id));
}

async function shiftSpans(tx: Tx, shift: ShiftRow, gone: ReadonlySet<string>, ask: Ask): Promise<Span[]> {
  const { ways } = await personOf(tx, ask.workspace.id, {
    ...{ id: shift.userId, name: shift.userName, mail: shift.mail },
  });
  const isStranger = !ways.some((way) => way.path === 'slack');
  const isGone = shift.userId !== null && gone.has(shift.userId);
  const several = isStranger && (await peopleCalled(tx, ask.workspace.id, shift.userName)).length > 1;
  return [
    { bold: shift.userName },
    ` until ${shownTo(ask, shift.endsAt)}${shift.entered ? ', entered' : ''}; ${waysText(ways)}`,
    isStranger
      ? `. ${several ? 'More than one person in Slack has this name' : 'Nobody of this name is known in Slack'}`
      : '',
    isGone ? '. They are not active in Slack any more' : '',
  ];
}

function waysText(ways: readonly Way[]): string {
  const names = { slack: 'Slack', mail: 'e-mail', webhook: 'a pager' } as const;
  if (ways.length === 0) return 'no way to reach them is known';
  const said = `reached by ${ways.map((way) => names[way.path]).join(' and ')}`;
  return ways.every((way) => way.path === 'slack')
    ? `${said} only: /incident contact gives an address`
    : said;
}

async function oneTarget(tx: Tx, target: Target, ask: Ask): Promise<Message> {
  const found = await escalationFor(tx, ask.workspace.id, target);
  const name = target.kind === 'default' ? 'by default' : `for ${target.name}`;
  if (!found)
    return message(
      line({ bold: `Nobody is known who could be called ${name}` }),
      line({ code: '/incident escalation default schedule:primary 5m then @user 10m' }, ' says who is.'),
    );
  const items: Span[][] = [];
  const gone = await goneIds(tx, ask);
  for (const level of found.levels.slice(0, shownMax)) items.push(await levelSpans(tx, level, gone, ask));
  return message(
    line({ bold: `Who is called ${name}` }, `, by the escalation of ${found.of}`),
    list(items, { ordered: true }),
    line(`After that it begins anew after ${found.repeatMinutes} min.`),
  );
}

async function levelSpans(tx: Tx, level: Level, gone: ReadonlySet<string>, ask: Ask): Promise<Span[]> {
  const { recipients, empty } = await reachedBy(tx, ask.workspace.id, level, ask.now);
  const called = recipients.map(
    ({ id, name, schedule, ways }) =>
      `${name}${schedule ? ` (${schedule})` : ''}, ${waysText(ways)}${id !== null && gone.has(id) ? ', and not active in Slack any more' : ''}`,
  );
  return [[...called, ...empty].join('; '), `. They have ${level.minutes} min`];
}
