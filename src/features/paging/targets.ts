// What people mean by the words behind `page`: a person, a service, a team, a schedule, or the default escalation.
import type { Ask, Refused } from '../../core/command.js';
import { line, type Message, message, shorten } from '../../core/message.js';
import { quoted, sameName } from '../../core/text.js';
import { plainWords } from '../../core/usage.js';
import type { Tx } from '../../db/tx.js';
import { knownPeople } from '../catalog/index.js';
import type { Target } from '../oncall/index.js';

const prefix = /^(service|team|schedule):\s*/i;
const groupMention = /^<!subteam\^([A-Z0-9]+)(?:\|@?([^>]*))?>$/;
const namesShown = 6;
const kinds = ['service', 'team', 'schedule'] as const;
type Kind = (typeof kinds)[number];
type Names = Record<Kind, string[]>;

export interface Meant {
  readonly target: Target;
  /** What else the words could have meant, for people. */
  readonly note: string | null;
  /** What stands behind whom they mean. */
  readonly rest: string;
}

/**
 * Whom a word means; of a service and a team of one name, the service. `behind`: what follows it in a line, where a name
 * with spaces goes on. Refuses what is nothing of these.
 */
export async function meantBy(tx: Tx, written: string, ask: Ask, behind = ''): Promise<Meant | Refused> {
  const said = await saidOf(tx, written, behind, ask);
  const { only, word } = said;
  if (!only && word.toLowerCase() === 'default')
    return { target: { kind: 'default', id: null, name: 'default' }, note: null, rest: behind };
  const names = await namesOf(tx, ask.workspace.id);
  const people = only || said.group ? [] : await peopleCalled(tx, word, ask);
  const [person] = people;
  const found = word.startsWith('@') && person ? [] : foundIn(names, said);
  const [first] = found;
  if (first) {
    const target = { kind: first.kind, id: null, name: first.name };
    return { target, note: noteOf(found, said, people), rest: first.rest };
  }
  // Two people of one name: neither is meant for certain.
  if (person && people.length === 1)
    return { target: { kind: 'person', ...person }, note: null, rest: behind };
  const isGroup = said.group || (await isGroupOfSlack(tx, word, ask));
  const told = isGroup ? groupRefused(word, names) : unknown(word, names, people.length > 1);
  return { refused: { message: told, field: 'target' } };
}

interface Said {
  /** What it says that it is. */
  readonly only: Kind | undefined;
  /** Its first word, or all that stood in quotes. */
  readonly word: string;
  /** That and all that follows. */
  readonly text: string;
  /** The name ends with the word. */
  readonly whole: boolean;
  readonly group: boolean;
}

async function saidOf(tx: Tx, written: string, behind: string, ask: Ask): Promise<Said> {
  const group = groupMention.exec(written);
  if (group?.[1]) {
    const known = { workspaceId: ask.workspace.id, groupId: group[1] };
    const row = group[2] ? null : await tx.userGroup.findUnique({ where: { workspaceId_groupId: known } });
    const word = `@${group[2] || row?.handle || group[1]}`;
    return { only: undefined, word, text: `${word} ${behind}`, whole: true, group: true };
  }
  const only = prefix.exec(written)?.[1]?.toLowerCase() as Kind | undefined;
  const word = plainWords(written.replace(prefix, '')).trim();
  const text = behind === '' ? word : `${word} ${behind}`;
  const quoted = only ? /^"([^"]*)"/.exec(text) : null;
  if (quoted?.[1])
    return {
      only,
      word: quoted[1],
      text: quoted[1] + text.slice(quoted[0].length),
      whole: true,
      group: false,
    };
  return { only, word, text, whole: behind === '' || /\s/.test(word), group: false };
}

interface Found {
  readonly kind: Kind;
  readonly name: string;
  readonly rest: string;
}

// The longest beginning that is a name; of one length the service, and then what else it is.
function foundIn(names: Names, { only, word, text, whole }: Said): Found[] {
  return kinds
    .filter((kind) => !only || only === kind)
    .flatMap((kind) => unlike(names[kind]).map((name) => ({ kind, name })))
    .flatMap(({ kind, name }) => {
      const length = lengthOf(name, kind, word.startsWith('@') ? text.slice(1) : text);
      const end = length === null ? null : length + (word.startsWith('@') ? 1 : 0);
      if (end === null || (whole && end !== word.length)) return [];
      return [{ kind, name, rest: text.slice(end).trim() }];
    })
    .sort((a, b) => b.name.length - a.name.length);
}

// In other capitals it is the same team.
function unlike(names: readonly string[]): string[] {
  return names.filter((name, index) => names.findIndex((each) => sameName(each, name)) === index);
}

// How much of a text a name takes at its beginning; null: it does not stand there. `api/prod` is called like `api`.
function lengthOf(name: string, kind: Kind, text: string): number | null {
  const words = name.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const place = kind === 'service' ? '(?:/\\S*)?' : '';
  return new RegExp(`^${words.join('\\s+')}${place}(?=\\s|$)`, 'iu').exec(text)?.[0].length ?? null;
}

// Nothing is said where the words can mean but one.
function noteOf(
  [first, ...others]: readonly Found[],
  { word }: Said,
  people: readonly Named[],
): string | null {
  if (!first) return null;
  const ways = others.map(({ kind, name }) => {
    const same = name.length === first.name.length;
    const what = same ? `the ${kind}` : `the ${kind} ${name}`;
    return `${what}: /incident page ${same ? quoted(`${kind}:${name}`) : `${kind}:"${name}"`}`;
  });
  if (people.length > 0) ways.push(`the person: /incident page @${word}`);
  if (ways.length > 0) return `${first.name} is taken as a ${first.kind}; ${ways.join('; ')}.`;
  return word.startsWith('@') ? `${word} is taken as the ${first.kind} ${first.name}.` : null;
}

/** Refuses an app, Andon itself among them: it is nobody who could have a page. Null: the target is none. */
export async function appMeant(tx: Tx, { kind, id, name }: Target, ask: Ask): Promise<Refused | null> {
  if (kind !== 'person' || id === null) return null;
  const workspaceId = ask.workspace.id;
  const own = await tx.workspace.count({ where: { id: workspaceId, slackBotUserId: id } });
  const bots = await tx.person.count({ where: { workspaceId, id, isBot: true } });
  if (own + bots === 0) return null;
  const told = message(
    line({ bold: 'Nobody was called.' }, ` ${shorten(name, 60)} is an app and can answer no page.`),
    line(
      'A person: ',
      { code: '/incident page @name REASON' },
      '. Whoever is on call: ',
      {
        code: '/incident page default REASON',
      },
      '.',
    ),
  );
  return { refused: { message: told, field: 'user' } };
}

const secondMention = /^(?:[,&+]\s*|and\s+)?@(\S+?)(?:[,;:.!?]*)(?=\s|$)\s*(.*)$/is;
const wordsShown = 60;

/** Refuses a second one directly behind the target: it would be words of the reason, and nobody would notice. */
export async function secondMeant(tx: Tx, { target, rest }: Meant, ask: Ask): Promise<Refused | null> {
  const found = secondMention.exec(rest.trim());
  if (!found?.[1]) return null;
  const person = await tx.person.findUnique({
    where: { workspaceId_id: { workspaceId: ask.workspace.id, id: found[1] } },
  });
  const first = `${target.kind === 'person' ? '@' : ''}${target.name}`;
  const words = found[2] ? shorten(found[2], wordsShown) : 'REASON';
  const told = message(
    line(
      { bold: 'Nobody was called.' },
      ' A page calls one target. Both: ',
      { code: `/incident page ${quoted(first)} ${words}` },
      ', then ',
      { code: `/incident page @${shorten(person?.name ?? found[1], wordsShown)} ${words}` },
      '. Or a team instead, which calls all of its level.',
    ),
  );
  return { refused: { message: told, field: 'target' } };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

async function peopleCalled(tx: Tx, written: string, ask: Ask): Promise<Named[]> {
  const people = await knownPeople(tx, ask.workspace.id);
  const byId = people.find((each) => each.id === written);
  // What only looks like Slack's id is somebody whom nobody would reach.
  if (byId) return [{ id: byId.id, name: byId.name }];
  const word = written.replace(/^@/, '').toLowerCase();
  const isCalled = (name: string) => name.toLowerCase() === word || name.toLowerCase().split(' ')[0] === word;
  return people
    .filter(({ name, realName, isBot }) => !isBot && (isCalled(name) || isCalled(realName ?? name)))
    .map(({ id, name }) => ({ id, name }));
}

async function isGroupOfSlack(tx: Tx, word: string, ask: Ask): Promise<boolean> {
  const handle = word.replace(/^@/, '');
  const rows = await tx.userGroup.findMany({
    where: { workspaceId: ask.workspace.id },
    select: { handle: true },
  });
  return rows.some((each) => sameName(each.handle.replace(/^@/, ''), handle));
}

async function namesOf(tx: Tx, workspaceId: string): Promise<Names> {
  const services = await tx.service.findMany({ where: { workspaceId }, select: { name: true, team: true } });
  const escalations = await tx.escalation.findMany({
    where: { workspaceId },
    select: { kind: true, name: true },
  });
  const schedules = await tx.schedule.findMany({ where: { workspaceId }, select: { name: true } });
  const of = (kind: string) => escalations.filter((each) => each.kind === kind).map(({ name }) => name);
  const teams = services.flatMap(({ team }) => (team === null ? [] : [team]));
  const once = (names: readonly string[]) => [...new Set(names)].sort();
  return {
    service: once([...services.map(({ name }) => name), ...of('service')]),
    team: once([...teams, ...of('team')]),
    schedule: once(schedules.map(({ name }) => name)),
  };
}

function unknown(word: string, names: Names, several: boolean): Message {
  const all = [...names.service, ...names.team, ...names.schedule];
  const shown = all.slice(0, namesShown).join(', ') + (all.length > namesShown ? ', …' : '');
  const spaced = all.filter((each) => /\s/.test(each));
  const begun = (each: string) => each.toLowerCase().startsWith(word.toLowerCase());
  const example = spaced.find(begun) ?? spaced[0];
  const known = shown === '' ? '' : ` Known: ${shown}.`;
  const why = several
    ? ` More than one person is called “${shorten(word, 60)}”: type @ and pick one from the list that Slack offers.`
    : ` I know no service, team, schedule or person “${shorten(word, 60)}”.${known}`;
  return message(
    line({ bold: 'Nobody was called.' }, why),
    example !== undefined &&
      !several &&
      line('A name with spaces is written in quotes: ', { code: `/incident page "${example}" REASON` }),
    line(
      'A person: ',
      { code: '/incident page @name REASON' },
      '. Whoever is on call: ',
      { code: '/incident page default REASON' },
      '.',
    ),
  );
}

function groupRefused(word: string, names: Names): Message {
  const group = word.replace(/^@/, '');
  const [team] = names.team;
  const own = `/incident escalation team:${team ?? group} @ana 5m then @bob 10m`;
  return message(
    line({ bold: 'Nobody was called.' }, ` @${shorten(group, 60)} is a group of Slack.`),
    team === undefined
      ? line('Groups of Slack are not paged; a team is, once it is said who is called for it: ', {
          code: own,
        })
      : line('Groups of Slack are not paged; a team is: ', { code: `/incident page ${quoted(team)} REASON` }),
    team !== undefined &&
      line('Who is called for it: ', { code: own.replace(`team:${team}`, quoted(`team:${team}`)) }),
  );
}
