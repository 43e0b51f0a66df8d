// Asks Slack about those who are called: who they are, by e-mail or by name, and whether they are still there.
import type { EffectKind, Performed, Sought } from '../core/effect.js';
import { isInSlack } from '../core/fact.js';
import { isCalled, type Placed, recordPeople } from '../features/oncall/index.js';
import { nextCursor, SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { namesOf, type SlackUser } from './people.js';

const pageSize = 1_000;
/** Where more people are there, none is looked for by name: it would take minutes, and many names are there twice. */
const pagesMax = 10;
/** After so many questions the lane's lease is taken anew. */
const leaseEvery = 10;

type Finding = Extract<EffectKind, { do: 'findPeople' }>;

/** Looks at all of them, and lets the record compare. Throws where Slack does not answer; a refusal finds nobody. */
export async function findPeople(context: Performing, { schedule, who }: Finding): Promise<Performed> {
  const gone: { id: string; name: string }[] = [];
  const placed: Placed[] = [];
  const nameless: Sought[] = [];
  for (const [at, each] of who.entries()) {
    if (at % leaseEvery === leaseEvery - 1) await context.note({});
    if (each.id !== null) {
      if (isInSlack(each.id) && (await isGone(context, each.id))) gone.push({ id: each.id, name: each.name });
      continue;
    }
    const found = each.mail === null ? null : await byMail(context, each.mail);
    if (found) placed.push({ said: each, person: await keep(context, found) });
    else nameless.push(each);
  }
  placed.push(...(await byName(context, nameless)));
  return { command: recordPeople.given({ schedule, who, placed, gone }), effects: [] };
}

async function keep(context: Performing, user: SlackUser) {
  const { id, name } = await context.people.keep(context.workspace.id, user.id ?? '', user);
  return { id, name };
}

async function isGone(context: Performing, id: string): Promise<boolean> {
  try {
    const { user } = await context.call('users.info', { user: id });
    await keep(context, { ...(user as SlackUser), id });
    return (user as SlackUser).deleted === true;
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return error.error === 'user_not_found';
  }
}

// Without the scope users:read.email nobody is found by an address.
async function byMail(context: Performing, email: string): Promise<SlackUser | null> {
  try {
    const user = (await context.call('users.lookupByEmail', { email })).user as SlackUser;
    return user.id && isPerson(user) ? user : null;
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return null;
  }
}

// A name that two people have is nobody's.
async function byName(context: Performing, sought: readonly Sought[]): Promise<Placed[]> {
  if (sought.length === 0) return [];
  const candidates = await allPeople(context, (user) => sought.some((each) => isNamed(user, each.name)));
  const placed: Placed[] = [];
  for (const said of sought) {
    const [only, ...more] = candidates.filter((user) => isNamed(user, said.name));
    if (only && more.length === 0) placed.push({ said, person: await keep(context, only) });
  }
  return placed;
}

function isNamed(user: SlackUser, name: string): boolean {
  return namesOf(user).some((each) => isCalled(each, name));
}

async function allPeople(context: Performing, wanted: (user: SlackUser) => boolean): Promise<SlackUser[]> {
  const found: SlackUser[] = [];
  let cursor = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await usersPage(context, cursor);
    if (!answer) return [];
    const members = (answer.members ?? []) as SlackUser[];
    found.push(...members.filter((user) => user.id && isPerson(user) && wanted(user)));
    cursor = nextCursor(answer);
    if (cursor === '') return found;
    await context.note({});
  }
  return [];
}

async function usersPage(context: Performing, cursor: string) {
  try {
    return await context.call('users.list', { limit: pageSize, ...(cursor ? { cursor } : {}) });
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return null;
  }
}

function isPerson(user: SlackUser): boolean {
  return user.is_bot !== true && user.deleted !== true && user.id !== 'USLACKBOT';
}
