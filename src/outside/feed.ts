// Reads the calendar of a schedule: who is on call when.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused, OutsideUnreachable } from '../core/outside.js';
import { zoneOf } from '../core/time/index.js';
import { recordFeed, scheduleNamed } from '../features/oncall/index.js';
import { NoCalendar, readCalendar } from './calendar.js';
import type { Outside } from './context.js';
import { type PeopleKnown, shiftsOf } from './feed-people.js';
import { request, TooLong } from './http.js';

const bytesMax = 1_000_000;
const redirectsMax = 3;
const dayMs = 86_400_000;
const daysBack = 1;
const daysAhead = 35;
const method = 'calendar';

/** Reads a feed, and answers with the shifts that it says. */
export async function readFeed(
  context: Outside,
  effect: Extract<EffectKind, { do: 'readFeed' }>,
): Promise<Performed> {
  const { tx, workspace, now } = context;
  const row = await scheduleNamed(tx, workspace.id, effect.schedule);
  if (!row?.url) return [];
  const text = await fetchCalendar(row.url);
  const zone = zoneOf({ zone: row.zone, workspaceZone: workspace.zone });
  const from = new Date(now.getTime() - daysBack * dayMs);
  const until = new Date(now.getTime() + daysAhead * dayMs);
  const { occurrences, problems } = read(() => readCalendar(text, zone, from, until));
  const shifts = shiftsOf(occurrences, await peopleKnown(context));
  return {
    command: recordFeed.given({ schedule: row.name, url: row.url, shifts, problems }),
    effects: [],
  };
}

// Whom Slack placed by an address stays placed by it, while the calendar has a shift of theirs.
async function peopleKnown({ tx, workspace }: Outside): Promise<PeopleKnown> {
  const where = { workspaceId: workspace.id };
  const people = await tx.person.findMany({ where: { ...where, isBot: false } });
  const said = await tx.contactPath.findMany({ where, select: { userId: true, mail: true } });
  const placed = await tx.shift.findMany({
    where: { ...where, userId: { not: null }, mail: { not: null } },
    distinct: ['userId', 'mail'],
  });
  return { people, contacts: [...said, ...people.map(({ id, mail }) => ({ userId: id, mail })), ...placed] };
}

function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NoCalendar)
      throw new OutsideRefused(method, `that is no calendar: ${error.message}`);
    throw error;
  }
}

/**
 * The text behind an address, which follows a few redirects but never to an open line. Where it is not reached it is
 * counted as an attempt: a calendar that nobody can read must be said, and not be waited for.
 */
export async function fetchCalendar(address: string): Promise<string> {
  let url = new URL(address);
  for (let hop = 0; hop <= redirectsMax; hop += 1) {
    const answer = await ask(url);
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status >= 400 || location === null) throw notRead(answer.status);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : null;
    if (!next || !['http:', 'https:'].includes(next.protocol))
      throw new OutsideRefused(method, 'it leads to somewhere that is no address');
    if (next.protocol === 'http:' && url.protocol === 'https:')
      throw new OutsideRefused(method, 'it leads from https to http, where anybody could change it');
    url = next;
  }
  throw new OutsideRefused(method, `it leads on more than ${redirectsMax} times`);
}

async function ask(url: URL) {
  try {
    const headers = { accept: 'text/calendar, */*;q=0.5' };
    return await request(method, url.href, { method: 'GET', headers }, bytesMax);
  } catch (error) {
    if (error instanceof TooLong) throw new OutsideRefused(method, 'it is longer than 1 MB');
    if (error instanceof OutsideUnreachable)
      throw new OutsideUnreachable(method, error.message.replace(/^calendar: /, ''), true);
    throw error;
  }
}

function notRead(status: number): Error {
  if (status === 429 || status >= 500) return new OutsideUnreachable(method, `it answers ${status}`, true);
  const why = status === 404 || status === 410 ? ': there is no calendar at this address' : '';
  return new OutsideRefused(method, `it answers ${status}${why}`);
}
