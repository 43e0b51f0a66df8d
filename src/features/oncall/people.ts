// Who those are that are called: once a day, and when that changes, Slack is asked about them.
import { z } from 'zod';
import { accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Later, Sought } from '../../core/effect.js';
import type { Fact, Stated } from '../../core/fact.js';
import { readFact } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Called, calledPeople } from './called.js';
import { about } from './decide.js';
import * as facts from './facts.js';
import { setterOf } from './feeds.js';
import { type ShiftRow, scheduleNamed } from './read.js';

/** What the program decides when those who are called are to be looked at. */
export const peopleCommand = 'oncall.people';
const dayMs = 86_400_000;
/** At the start Slack is asked for what was missed first. */
const firstMs = 10 * 60_000;
/** Not at once: a row of the same key and instant would be taken for the one that has just been decided. */
const soonMs = 1_000;
/** So many are looked at together: as many questions to Slack. */
const whoMax = 200;

type Person = { readonly id: string; readonly name: string };

/** Somebody who was only named, and who that is. */
export interface Placed {
  readonly said: Sought;
  readonly person: Person;
}

const onOncall = async () => ({ streams: [facts.oncallStream], target: null });

const askPeople = defineCommand<null, null, readonly Called[]>({
  verb: internalVerb(peopleCommand),
  input: z.null(),
  locate: onOncall,
  load: (tx, _input, _target, ask) => calledPeople(tx, ask.workspace.id, ask.now),
  decide(called, _input, ask): Decision {
    const next = new Date(ask.now.getTime() + dayMs);
    if (called.length === 0)
      return { accepted: false, refusal: { message: say('Nobody is called by anything.'), again: next } };
    const who = called.slice(0, whoMax).map(({ id, name, mail }) => ({ id, name, mail }));
    return accept([facts.peopleAsked({ who, next }, about)], message());
  },
});

/** Asks Slack about all who are called. */
export const lookAtPeople = () => askPeople.given(null);

/** The first look at those who are called. */
export function firstPeopleLook(now: Date): Later {
  return { key: peopleCommand, at: new Date(now.getTime() + firstMs), command: peopleCommand, data: null };
}

/** What names somebody anew is followed by a look. */
export function peopleSoon(fact: Fact<unknown>): Later {
  const at = new Date(fact.recordedAt.getTime() + soonMs);
  return { key: peopleCommand, at, command: peopleCommand, data: null };
}

/** What Slack said of people. */
export interface PeopleSaid {
  /** Whose calendar names them; null: they were looked at all together. */
  readonly schedule: string | null;
  readonly who: readonly Sought[];
  readonly placed: readonly Placed[];
  readonly gone: readonly Person[];
}

interface PeopleState {
  /** The shifts to come of whom nobody knows who they are. */
  readonly open: readonly ShiftRow[];
  /** Names and addresses that Slack could not place, and of which that was said. */
  readonly named: readonly string[];
  readonly setter: Person | null;
  readonly goneBefore: readonly Person[];
  readonly called: readonly Called[];
}

/** Records what Slack said of people, where that is something else than is known. */
export const recordPeople = defineCommand<PeopleSaid, null, PeopleState>({
  verb: internalVerb('record people'),
  input: z.custom<PeopleSaid>(),
  locate: onOncall,
  async load(tx, { schedule }, _target, ask) {
    const workspaceId = ask.workspace.id;
    const row = schedule === null ? null : await scheduleNamed(tx, workspaceId, schedule);
    return {
      open: await tx.shift.findMany({ where: { workspaceId, userId: null, endsAt: { gt: ask.now } } }),
      ...{ named: await namedBefore(tx, workspaceId), setter: row && (await setterOf(tx, row)) },
      goneBefore: await goneOnes(tx, workspaceId),
      called: await calledPeople(tx, workspaceId, ask.now),
    };
  },
  decide(state, said) {
    const stated = [...placedOf(state, said), ...goneOf(state, said)];
    return stated.length > 0 ? accept(stated, message()) : refuse(say('That is known.'));
  },
});

function placedOf({ open, named, setter }: PeopleState, { schedule, who, placed }: PeopleSaid): Stated[] {
  const ofShift = ({ said }: Placed) =>
    open.some((shift) => shift.mail === said.mail && shift.userName === said.name);
  const news = placed.filter(ofShift);
  const found = new Set(placed.map(({ said }) => said.name));
  const strangers =
    schedule === null
      ? []
      : who.flatMap(({ id, name, mail }) =>
          id === null && mail === null && !found.has(name) && !named.includes(name) ? [name] : [],
        );
  if (news.length === 0 && strangers.length === 0) return [];
  return [facts.peoplePlaced({ placed: news, schedule, strangers, setter }, about)];
}

// Of a calendar only those are asked for whom nobody knows, so it says nothing of who is gone.
function goneOf({ goneBefore: before, called }: PeopleState, { schedule, gone }: PeopleSaid): Stated[] {
  if (schedule !== null) return [];
  const isKnown = ({ id }: Person) => before.some((each) => each.id === id);
  const fresh = gone.filter((each) => !isKnown(each));
  if (fresh.length === 0 && gone.length === before.length) return [];
  const news = fresh.map(({ id, name }) => ({
    ...{ id, name },
    by: [...(called.find((each) => each.id === id)?.by ?? [])],
  }));
  return [facts.peopleGone({ gone: [...gone], news }, about)];
}

/** Of so many lookings it is known whom they named; a name that comes again later is named again. */
const lookingsMax = 200;

async function namedBefore(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await lastOf(tx, workspaceId, facts.peoplePlaced.type, lookingsMax);
  return rows.flatMap((row) => facts.peoplePlaced.read(readFact(row)).data.strangers);
}

/** Those who would be called and are not active in Slack any more, as it was seen last. */
export async function goneOnes(tx: Tx, workspaceId: string): Promise<Person[]> {
  const [row] = await lastOf(tx, workspaceId, facts.peopleGone.type, 1);
  return row ? facts.peopleGone.read(readFact(row)).data.gone : [];
}

function lastOf(tx: Tx, workspaceId: string, type: string, take: number) {
  return tx.fact.findMany({
    where: { workspaceId, stream: facts.oncallStream, type },
    orderBy: { version: 'desc' },
    take,
  });
}
