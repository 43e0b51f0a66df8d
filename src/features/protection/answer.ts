// What is said to a deployment that GitHub holds back until Andon answers. Pure.
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { type Answer, mayGo, type Question } from '../gate/index.js';
import type { GithubCallback, protectionStates } from './facts.js';

/** A question of GitHub as it stands. */
export interface Protection {
  readonly row: { readonly id: string; readonly queue: string };
  readonly question: Question;
  readonly answer: Answer;
  readonly callback: GithubCallback;
  /** What GitHub was told, the earliest first. */
  readonly told: readonly { readonly state: (typeof protectionStates)[number]; readonly about: string }[];
}

export type NextAnswer =
  | { readonly do: 'nothing' }
  /** The verdict is too old to act on: the gate is asked again first. */
  | { readonly do: 'ask' }
  | {
      readonly do: 'send';
      readonly state: (typeof protectionStates)[number];
      readonly comment: string;
      readonly about: string;
    };

// docs.github.com, creating custom deployment protection rules: ten reports of 1,024 characters; jobs wait 30 days.
/** A job that waits longer fails at GitHub, without a word. */
const waitMaxMs = 29 * 86_400_000;
const reportsMax = 10;
const commentMax = 1024;
const notAgain = 'GitHub takes no more notes on this; its turn is told nevertheless.';

/** Nothing waits at GitHub any more. */
export function isAnswered({ told }: Pick<Protection, 'told'>): boolean {
  return told.some((each) => each.state !== 'waiting');
}

/** From when on it is not worth waiting. */
export function waitEnds({ requestedAt }: GithubCallback): Date {
  return new Date(Date.parse(requestedAt) + waitMaxMs);
}

/** What GitHub is to be told now. */
export function nextAnswer(protection: Protection, now: Date): NextAnswer {
  if (isAnswered(protection)) return { do: 'nothing' };
  const { answer, callback, told, row } = protection;
  const ends = waitEnds(callback);
  const goes = mayGo(answer.decision);
  if (now >= ends)
    return rejected(answer, 'It waited for 29 days, and GitHub lets nothing wait longer than 30.');
  if (goes && Date.parse(answer.validUntil) <= now.getTime()) return { do: 'ask' };
  const about = aboutOf(answer);
  if (goes)
    return { do: 'send', state: 'approved', comment: commentOf(answer, allowed(answer), null), about };
  if (row.queue === 'left') return rejected(answer, 'It was taken out of what waits for the thaw.');
  const free = freeAt(answer);
  if (free !== null && free > ends)
    return rejected(answer, 'That is longer than GitHub lets a job wait, which is 30 days.');
  const reports = told.length;
  if (reports >= reportsMax || told.at(-1)?.about === about) return { do: 'nothing' };
  const last = reports === reportsMax - 1 ? ` ${notAgain}` : '';
  const waits = `It waits here and starts by itself when it may; nobody needs to run it again.${last}`;
  return { do: 'send', state: 'waiting', comment: commentOf(answer, held(answer), waits), about };
}

function rejected(answer: Answer, why: string): NextAnswer {
  const again = `${why} Run the job again when it may start.`;
  return {
    do: 'send',
    state: 'rejected',
    comment: commentOf(answer, held(answer), again),
    about: 'rejected',
  };
}

// What would make another note worth reading: another decision, or another reason or end of one. Not its place in the queue.
function aboutOf({ decision, reasons }: Answer): string {
  const each = reasons.map(({ type, id, endsAt, decision: asks }) => [type, id, endsAt, asks].join(' '));
  return [decision, ...[...new Set(each)].sort()].join('; ').slice(0, commentMax);
}

/** When the last of what holds it ends; null where one of them says no end. */
function freeAt({ reasons, turn }: Answer): Date | null {
  const holding = reasons.filter((each) => !mayGo(each.decision) && each.type === 'freeze');
  const ends = holding.map((each) => each.endsAt);
  if (turn?.at) ends.push(turn.at);
  if (ends.length === 0 || ends.some((each) => each === null)) return null;
  return new Date(Math.max(...ends.map((each) => new Date(each ?? 0).getTime())));
}

function allowed({ decision, exceptionId }: Answer): string {
  if (decision === 'warn') return '**Andon: it may start, with a warning.**';
  return exceptionId === null
    ? '**Andon: it may start.**'
    : `**Andon: it may start, by ${plain(exceptionId)}.**`;
}

function held({ decision, turn }: Answer): string {
  if (decision === 'deny') return '**Andon: not now.**';
  const place = turn
    ? ` Number ${turn.place} of ${turn.of} that wait${turn.at ? `, its turn is at ${utc(turn.at)}` : ''}.`
    : '';
  return `**Andon: it waits for its turn.**${place}`;
}

const reasonsShown = 4;

// The most important first, so that what is cut is the least.
function commentOf({ reasons, howToProceed, decision }: Answer, head: string, end: string | null): string {
  const telling = mayGo(decision) ? reasons : reasons.filter((each) => !mayGo(each.decision));
  const shown = telling.slice(0, reasonsShown).map((each) => `- ${plain(each.text)}`);
  const more = telling.length > reasonsShown ? [`- and ${telling.length - reasonsShown} more`] : [];
  // What is held waits its turn, and here nobody asks again.
  const how = decision === 'deny' && howToProceed ? plain(howToProceed) : null;
  const fixed = [head, end].filter((each): each is string => each !== null).join('\n\n').length;
  const middle = [[...shown, ...more].join('\n'), how].filter((each) => each).join('\n\n');
  const room = commentMax - fixed - 8;
  return [head, middle === '' ? null : shorten(middle, room).replace(/\\…$/, '…'), end]
    .filter((each) => each !== null)
    .join('\n\n');
}

function utc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

// Words of people, as Markdown that shows them as they are: no markup, no link in disguise, and nobody is called.
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>()#|~!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/@(?=[\w-])/g, '@\u2060');
}
