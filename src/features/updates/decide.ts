// The rules of updates: what is promised with one, who is reminded, and for how long that may wait. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { joined, line, type Message, message, type Part, type Span, say } from '../../core/message.js';
import { sameWords } from '../../core/text.js';
import { exactly, readDuration, readTime, showDuration, showUnderstood } from '../../core/time/index.js';
import {
  about,
  done,
  type Incident,
  incidentKey,
  isOpen,
  type OnIncident,
  zoneAssumed,
} from '../incident/index.js';
import { audienceOf, type Scene } from './audience.js';
import { type Recipient, updateGiven, updateReminded, updatesSnoozed } from './facts.js';
import { reminderDue, type Turn, type Waiting } from './remind.js';
import type { Holders, Update } from './store.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const nextMaxDays = 30;
const snoozeMaxMs = 4 * 60 * minuteMs;
/** So soon after another's the same words are asked about. */
const twinMs = 2 * minuteMs;
/** For whoever does not lead. */
const strangerSnoozeMaxMs = 60 * minuteMs;

export interface UpdateInput extends OnIncident {
  readonly text: string;
  readonly next?: string | undefined;
}

export interface UpdateState {
  readonly incident: Incident;
  readonly latest: Update | null;
  /** How many were given before, those that were taken back too. */
  readonly count: number;
  /** Between two of this severity; null: none are due. */
  readonly every: number | null;
  readonly scene: Scene;
}

/** Tells those outside what goes on, and when they hear more. */
export function decideUpdate(it: UpdateState, said: UpdateInput, ask: Ask): Decision {
  const { incident, latest } = it;
  const key = incidentKey(incident);
  const twin = twinOf(latest, ask);
  const again = twin !== null && said.text === `${twin.text} anyway`;
  if (twin && !again && sameWords(twin.text, said.text)) return refuse(askAgain(twin, key), 'text');
  const input = again ? { ...said, text: twin.text } : said;
  const at = input.at?.at ?? ask.now;
  if (at > ask.now)
    return refuse(
      say('An update is given now, or was given before; that time is still to come. Nothing was sent.'),
      'at',
    );
  const earlier = latest !== null && at < latest.at;
  if (isPast(input))
    return refuse(
      say(
        'When is the next one due? A next one is still to come: ',
        { code: 'next:30m' },
        ', not ago. If “ago” is part of your words, put it before what it belongs to. Nothing was sent.',
      ),
      'next',
    );
  const next = nextOf(it, input.next, at, ask);
  if ('refused' in next) return refuse(next.refused, 'next');
  const open = isOpen(incident.status);
  if (!open && next.next === 'said')
    return refuse(
      say(`${key} is ${incident.status}: no next update is due any more. Nothing was sent. Leave out next:.`),
      'next',
    );
  const nextAt = open && !(earlier && next.next !== 'said') ? next.at : null;
  const fact = updateGiven(
    {
      ...{ number: it.count + 1, text: input.text, nextAt, earlier },
      next: nextAt === null ? 'none' : next.next,
    },
    about(incident, input.at),
  );
  const to = earlier ? null : audienceOf(it.scene, 'update');
  const remarks = [...input.remarks, ...(nextAt === null ? [] : (next.remarks ?? []))];
  return accept([fact], replyOf(it, { ...input, remarks }, { number: it.count + 1, nextAt, to }, ask));
}

// Two who write at once write the same, and those outside would read it twice.
function twinOf(latest: Update | null, ask: Ask): Update | null {
  const isTwin =
    latest !== null &&
    latest.authorId !== ask.actor.id &&
    Math.abs(ask.now.getTime() - latest.at.getTime()) <= twinMs;
  return isTwin ? latest : null;
}

function askAgain({ authorName }: Update, key: string): Message {
  return say(
    `${authorName} gave ${key} the same update a moment ago, so nothing was sent. To send it all the same, say it again with “anyway” after the words.`,
  );
}

interface Next {
  readonly next: 'said' | 'cadence' | 'none';
  readonly at: Date | null;
  /** How its words were read, where that may surprise. */
  readonly remarks?: readonly string[];
}

// `next:10m ago`: a value ends at the space, and the rest looks like words.
function isPast({ text, next }: UpdateInput): boolean {
  if (next === undefined || !readDuration(next).ok) return false;
  const before = /(?:^|(\S+)\s+)ago$/i.exec(text);
  const counts = /\d|^(?:second|minute|min|hour|day|week|month|year|moment|while|bit|long)s?$/i;
  return /^ago(?:\s|$)/i.test(text) || (before !== null && !counts.test(before[1] ?? ''));
}

function nextOf(it: UpdateState, word: string | undefined, at: Date, ask: Ask): Next | { refused: Message } {
  if (word === undefined || word.trim() === '') {
    if (it.every === null) return { next: 'none', at: null };
    const due = new Date(at.getTime() + it.every);
    return { next: 'cadence', at: due > ask.now ? due : new Date(ask.now.getTime() + it.every) };
  }
  if (isNone(word)) return { next: 'none', at: null };
  const when = readAhead(word, ask);
  if (!when?.at)
    return { refused: say('I cannot tell when that is. Say ', { code: 'next:30m' }, '. Nothing was sent.') };
  const wait = when.at.getTime() - ask.now.getTime();
  if (wait < minuteMs || wait > nextMaxDays * dayMs)
    return {
      refused: say(
        `The next one comes in a minute at the earliest and in ${nextMaxDays} days at the latest. Nothing was sent.`,
      ),
    };
  return { next: 'said', ...when };
}

function isNone(word: string): boolean {
  return /^(?:none|no|off|-)$/i.test(word.trim());
}

/** Whether a person could mean a time, a length of time or none by it. */
export function canBeRead(word: string): boolean {
  const zone = 'UTC';
  if (word.trim() === '' || isNone(word) || readDuration(word).ok) return true;
  const reading = readTime(word, { now: new Date(0), zone, direction: 'future' });
  return reading.ok && reading.time.at !== null;
}

/** A length of time from now, or a time that is still to come. */
function readAhead(word: string, ask: Ask): Pick<Next, 'at' | 'remarks'> | null {
  const length = readDuration(word);
  if (length.ok) return { at: new Date(ask.now.getTime() + length.milliseconds) };
  const { zone: workspaceZone, locale } = ask.workspace;
  const zone = ask.actor.zone ?? workspaceZone;
  const reading = readTime(word, { now: ask.now, zone, workspaceZone, locale, direction: 'future' });
  return reading.ok ? { at: reading.time.at, remarks: reading.remarks } : null;
}

function replyOf(
  it: UpdateState,
  input: UpdateInput,
  given: { number: number; nextAt: Date | null; to: readonly Recipient[] | null },
  ask: Ask,
): Message {
  const { incident } = it;
  const first = done(`Update ${given.number} of ${incidentKey(incident)} is on record.`, input, ask);
  const rest = message(line(whomText(incident, given.to)), nextLine(it, given, ask));
  return joined(first, rest);
}

function whomText(incident: Incident, to: readonly Recipient[] | null): string {
  if (to === null)
    return 'It is of a time before the latest one, so it is not sent to anybody as if it were new.';
  if (incident.drill) return 'This is a drill: it goes to nobody outside it.';
  const text = countText(to);
  if (incident.private)
    return `Private: it goes to ${text ?? 'nobody, as no member subscribed'}; it is not announced.`;
  if (text) return `It goes to ${text}.`;
  return 'It goes to nobody outside yet: nobody subscribed, and there is no announcement.';
}

/** `the thread of the announcement, 2 channels and 3 people`; null for nobody. */
export function countText(to: readonly Recipient[]): string | null {
  const count = (way: Recipient['way']) => to.filter((each) => each.way === way).length;
  const parts = [
    count('thread') > 0 ? 'the thread of the announcement' : '',
    counted(count('channel'), 'channel', 'channels'),
    counted(count('person'), 'person', 'people'),
    counted(count('mail'), 'mailbox', 'mailboxes'),
  ].filter((each) => each !== '');
  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}

function nextLine(
  { incident, every }: UpdateState,
  { nextAt, to }: { nextAt: Date | null; to: readonly Recipient[] | null },
  ask: Ask,
): Part {
  if (nextAt)
    return line(
      `The next one is due ${shown(nextAt, ask)}.${zoneAssumed(ask)} `,
      { code: 'next:' },
      ' in an update says otherwise.',
    );
  if (!isOpen(incident.status)) return line('It is over, so no next one is due.');
  if (to === null) return line('What was promised with the latest one stays.');
  return line(
    every === null
      ? `No next one is promised: ${incident.severity} has none by itself.`
      : 'No next one is promised.',
  );
}

/** An instant in the reader's zone and in UTC. */
export function shown(at: Date, ask: Ask): string {
  const time = exactly(at);
  return showUnderstood(time, ask.actor.zone ?? ask.workspace.zone);
}

export interface RemindState {
  readonly incident: Incident;
  readonly waiting: Waiting | null;
  readonly holders: Holders;
  readonly members: ReadonlySet<string>;
}

/** Reminds whoever has to write the next update, or says when to look again. */
export function decideReminder(it: RemindState, ask: Ask): Decision {
  const { incident, waiting } = it;
  const none = say('Nothing is due.');
  if (!waiting || incident.mistaken) return refuse(none);
  const { promised } = waiting;
  const turn = turnOf(it);
  const { what, times, to: late, again } = reminderDue(waiting, turn, ask.now);
  if (what === null || promised.due === null)
    return again ? { accepted: false, refusal: { message: none, again } } : refuse(none);
  const given = { what, promise: promised.id, dueAt: promised.due };
  const may = mayHear(it);
  const to =
    what === 'late' ? late.flatMap((id) => may.filter((each) => each.id === id)) : whoWrites(it, what);
  const reminded = [...waiting.reminded, { ...given, at: ask.now, to: to.map(({ id }) => id) }];
  const fact = updateReminded(
    {
      ...given,
      times,
      to,
      // Where nobody may hear it, those who are there do.
      channel: what !== 'overdue' && (to.length === 0 || (what === 'late' && times === 1)),
      again: reminderDue({ ...waiting, reminded }, turn, ask.now).again,
    },
    about(incident),
  );
  return accept([fact], message());
}

// Until it is late it is the business of whoever writes.
function whoWrites(it: RemindState, what: 'soon' | 'due' | 'overdue') {
  return what === 'overdue' ? [] : mayHear(it).slice(0, 1);
}

// Those whose it could be to write, the first first; who may not hear of it is passed over.
function mayHear({ incident, holders, members }: RemindState) {
  const { communications, commander, declarer } = holders;
  const all = [communications, commander, declarer].filter((each) => each !== null);
  const may = all.filter(({ id }) => isInSlack(id) && (!incident.private || members.has(id)));
  return [...new Map(may.map(({ id, name }) => [id, { id, name }])).values()];
}

// Late, it is the commander's business, and communications hear it once.
function turnOf(it: RemindState): Turn {
  const { communications, commander, declarer } = it.holders;
  const may = new Set(mayHear(it).map(({ id }) => id));
  const lead = [commander, communications, declarer].find((each) => each && may.has(each.id)) ?? null;
  const writes = communications && may.has(communications.id) ? communications.id : null;
  return {
    lead: lead && { id: lead.id, since: lead.since ?? null },
    besides: writes === lead?.id ? null : writes,
  };
}

export interface SnoozeInput extends OnIncident {
  /** Milliseconds. */
  readonly duration: number;
}

export interface SnoozeState {
  readonly incident: Incident;
  readonly waiting: Waiting | null;
  readonly holders: Holders;
}

/** Reminders wait for a while; the promise does not. */
export function decideSnooze(
  { incident, waiting, holders }: SnoozeState,
  input: SnoozeInput,
  ask: Ask,
): Decision {
  const key = incidentKey(incident);
  const due = waiting?.promised.due ?? null;
  if (!waiting || due === null)
    return refuse(say(`No update of ${key} is due, so nothing reminds of one. Nothing was done.`));
  if (input.duration < minuteMs || input.duration > snoozeMaxMs)
    return refuse(
      say(
        `Reminders can wait for a minute up to ${showDuration(snoozeMaxMs)}. To promise less: `,
        { code: '/incident update TEXT next:2h' },
        '. Nothing was done.',
      ),
      'duration',
    );
  if (input.duration > strangerSnoozeMaxMs && !leads(holders, ask.actor.id))
    return refuse(
      say(
        `Only the commander and who holds communications put reminders of ${key} off for longer than ${showDuration(strangerSnoozeMaxMs)}: `,
        { code: `/incident snooze ${key} 1h` },
        '. Nothing was done.',
      ),
      'duration',
    );
  const until = new Date(ask.now.getTime() + input.duration);
  const late = due < until ? `It is due ${shown(due, ask)}, so it will be late by then.` : '';
  const spans: Span[] = [`No reminder of the update of ${key} before ${shown(until, ask)}.`];
  const fact = updatesSnoozed({ promise: waiting.promised.id, until }, about(incident, input.at));
  const first = done(String(spans[0]), input, ask);
  const rest = message(line(late === '' ? `The update stays due ${shown(due, ask)}.` : late));
  return accept([fact], joined(first, rest));
}

function leads({ communications, commander }: Holders, id: string): boolean {
  return id === communications?.id || id === commander?.id;
}
