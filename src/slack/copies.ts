// Copies of redacted words that no other effect reaches: ours are replaced, those of Slack itself are listed.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { joined, line, list, type Message, message, type Span, say } from '../core/message.js';
import { type Incident, incidentKey } from '../features/incident/index.js';
import { placeStream } from '../features/places/index.js';
import { nextCursor, SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';
import { permalink } from './decorate.js';
import { directTo, postMarked, saidOnly, takeOut } from './post.js';

interface Place {
  readonly channelId: string;
  readonly ts: string;
}
interface Copy extends Place {
  readonly what: string;
}

const historyPage = 200;
const historyPages = 20;
const copiesListed = 40;

/** Views that name the incident and are drawn anew only for reasons of their own, by the first part of their slots. */
const redrawn: Readonly<Record<string, string>> = {
  notice: 'notice',
  'declared-from': 'declaredFrom',
  role: 'roleBrief',
  task: 'task',
  reminder: 'updateReminder',
  raised: 'severityRaised',
  handover: 'handover',
  handoverBrief: 'handoverBrief',
  alertsGathered: 'alertsGathered',
};
/** Those of them that repeat whatever the record says. */
const briefs = ['handover', 'handoverBrief', 'alertsGathered'];
/** Those of them that show something of the incident to somebody: once it is over, they are drawn no more. */
const passing = ['role', 'task', 'reminder', ...briefs];
/** Direct messages that named it once. */
const namedOnce = ['holder', 'uninvited'];

/** Replaces what is left of ours, and sends whoever redacted the links to what it could not replace. */
export async function seekCopies(
  context: Performing,
  effect: Extract<EffectKind, { do: 'seekCopies' }>,
): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  const ours = [
    ...(await leftBehind(context, incident)),
    ...(await repeating(context, incident, effect.title)),
  ];
  const copies: Copy[] = [];
  for (const { message: words, ...place } of ours)
    if (!(await replaced(context, place, words))) copies.push({ ...place, what: 'a message of mine: ' });
  const { found, whole } = effect.title
    ? await writtenBySlack(context, incident)
    : { found: [], whole: true };
  copies.push(...found);
  if (!effect.userId || (copies.length === 0 && whole)) return [];
  const text = await listOf(context, `${incidentKey(incident)} #${effect.seq}`, copies, whole);
  await postMarked(context, await directTo(context, effect.userId), text);
  return [];
}

type Ours = Place & { readonly message: Message };

// Posted anew elsewhere, because they could not be edited or the incident moved: what they say is old besides.
async function leftBehind(context: Performing, incident: Incident): Promise<Ours[]> {
  const facts = await context.tx.fact.findMany({
    where: { workspaceId: incident.workspaceId, stream: placeStream(incident.id), type: 'MessagePosted' },
    select: { data: true },
  });
  const current = await context.tx.posted.findMany({ where: { incidentId: incident.id } });
  const there = new Set(current.map(keyOf));
  return (
    facts
      // Facts of this kind were checked when they were stated.
      .map((fact) => fact.data as unknown as Place)
      .filter((place) => place.ts !== saidOnly && !there.has(keyOf(place)))
      .map((place) => ({
        ...place,
        message: say(`A newer message takes the place of this one of ${incidentKey(incident)}.`),
      }))
  );
}

// What shows where the incident stands repeats any of its words; the rest names it alone.
async function repeating(context: Performing, incident: Incident, title: boolean): Promise<Ours[]> {
  const posted = await context.tx.posted.findMany({ where: { incidentId: incident.id } });
  const key = incidentKey(incident);
  const without = say(
    `${key}: ${title ? 'its title was' : 'some of its words were'} redacted. `,
    { code: `/incident show ${key}` },
    ' shows what is known.',
  );
  const prefaces = await prefacesOf(context, incident);
  const found: Ours[] = [];
  for (const { slot, channelId, ts } of posted) {
    const kind = slot.split('/')[0] ?? '';
    // That something was taken back is said without its words.
    if (slot.endsWith('/undone') || (!title && !briefs.includes(kind))) continue;
    const draw = context.views[redrawn[kind] ?? ''];
    const drawn = await draw?.(context.tx, aboutOf(incident, slot), context.workspace);
    const words = drawn ?? ([...namedOnce, ...passing].includes(kind) ? without : null);
    const preface = prefaces.get(slot);
    if (words && ts !== saidOnly)
      found.push({ channelId, ts, message: preface ? joined(preface, words) : words });
  }
  return found;
}

// In a drill, what would go to somebody outside says so before it, however often it is drawn.
async function prefacesOf(
  { tx }: Performing,
  { id, drill }: Incident,
): Promise<ReadonlyMap<string, Message>> {
  if (!drill) return new Map();
  const jobs = await tx.job.findMany({
    where: { incidentId: id, kind: 'show' },
    select: { payload: true },
  });
  // Of this kind, as it was made.
  const shown = jobs.map(({ payload }) => payload as unknown as { slot: string; preface?: Message });
  return new Map(shown.flatMap(({ slot, preface }) => (preface ? [[slot, preface] as const] : [])));
}

// What a view shows is in its slot: of a task also why, and to whom.
function aboutOf(incident: Incident, slot: string): string {
  const [kind = '', id = '', why = '', userId = ''] = slot.split('/');
  if (kind === 'task') return `${id} ${why} ${userId}`;
  return passing.includes(kind) || kind === 'raised' ? id : incident.id;
}

async function replaced(context: Performing, place: Place, words: Message): Promise<boolean> {
  try {
    await takeOut(context, place, words);
    return true;
  } catch (error) {
    if (error instanceof SlackRefused) return false;
    throw error;
  }
}

interface SlackWrote {
  readonly ts: string;
  readonly subtype?: string;
  readonly text?: string;
}

// Slack repeats every topic, purpose and name in the channel, in messages that no app may edit or delete.
async function writtenBySlack(
  context: Performing,
  incident: Incident,
): Promise<{ found: Copy[]; whole: boolean }> {
  const { channelId, placeKind } = incident;
  if (placeKind !== 'channel' || !channelId) return { found: [], whole: true };
  const clean = `${incidentKey(incident)} ${incident.title}`;
  const found: Copy[] = [];
  let cursor = '';
  for (let page = 0; page < historyPages; page += 1) {
    const answer = await readPage(context, channelId, cursor);
    if (!answer) return { found, whole: false };
    for (const { ts, subtype = '', text = '' } of (answer.messages ?? []) as SlackWrote[]) {
      const [, what] = /^(?:channel|group)_(topic|purpose|name)$/.exec(subtype) ?? [];
      if (what && !text.includes(clean))
        found.push({ channelId, ts, what: `what Slack itself wrote of the channel’s ${what}: ` });
    }
    cursor = nextCursor(answer);
    if (cursor === '') return { found, whole: true };
  }
  return { found, whole: false };
}

// Where we may not read, the list says how to look.
async function readPage(context: Performing, channel: string, cursor: string) {
  try {
    const page = { channel, limit: historyPage, ...(cursor ? { cursor } : {}) };
    return await context.call('conversations.history', page);
  } catch (error) {
    if (error instanceof SlackRefused) return null;
    throw error;
  }
}

async function listOf(
  context: Performing,
  name: string,
  copies: readonly Copy[],
  whole: boolean,
): Promise<Message> {
  const items: Span[][] = [];
  for (const { what, channelId, ts } of copies.slice(0, copiesListed))
    items.push([what, { url: await permalink(context, channelId, ts), label: 'open it' }]);
  const rest = copies.length - items.length;
  return message(
    line(
      { bold: `${name} was redacted.` },
      ' Some messages may still hold its words, and I may neither edit nor delete them. Somebody who may delete messages there can:',
    ),
    list(items),
    (rest > 0 || !whole) &&
      line(
        `There are more${rest > 0 ? ` (${rest} and perhaps others)` : ''}: search the channel for “set the channel”.`,
      ),
  );
}

function keyOf({ channelId, ts }: Place): string {
  return `${channelId}/${ts}`;
}
