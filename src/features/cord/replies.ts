// What is shown before the cord is pulled, and answered when it was: what it freezes, what goes on, what will be held.
import type { Ask } from '../../core/command.js';
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { showDuration, showUnderstood, type WrittenTime } from '../../core/time/index.js';
import { minuteMs } from '../../core/time/zones.js';
import { type Change, changeKey } from '../change/index.js';
import { type Freezing, type Frozen, freezeKey, placeText, windowNow } from '../freeze/index.js';
import { incidentKey, understoodLine, zoneAssumed } from '../incident/index.js';
import { type CordInput, type Pull, readsOtherwise } from './pull.js';

const titleShown = 50;
/** So many of a list fit a phone's screen with all the rest. */
const shownMax = 3;
/** Slack's limit for what a button carries is 2,000; a line that is longer is typed. */
const commandMax = 1_800;

/** What pulling would do. Only the asker sees it, and nothing is recorded. */
export function preview(pull: Pull, input: CordInput, ask: Ask): Message {
  const { freezing, incident } = pull;
  const command = pullCommand(pull, input);
  return message(
    line(
      { bold: 'Not pulled yet. ' },
      `The cord would freeze ${freezing.scopeText}, hard, from now until ${untilText(freezing, ask)}${pull.usual ? ' (2 h, as nobody said how long)' : ''}: ${freezing.reason}`,
    ),
    ...groundParts(pull),
    incident.private &&
      line('The incident is private: the freeze and this reason are public, the incident is not named.'),
    ...meetingParts(pull),
    understoodLine(input.at, ask),
    command.length <= commandMax && buttons({ label: 'Pull the cord', command, style: 'danger' }),
    line('Or: ', { code: command }),
  );
}

/** What was done. */
export function pulledReply(pull: Pull, input: CordInput, ask: Ask): Message {
  const { freezing } = pull;
  const key = freezeKey(freezing);
  return message(
    line(
      { bold: `The cord is pulled: ${key}` },
      ` freezes ${freezing.scopeText}, hard, from now until ${untilText(freezing, ask)}${pull.usual ? ' (2 h, as nobody said how long)' : ''}: ${freezing.reason}`,
    ),
    ...groundParts(pull),
    pull.incident.private &&
      line('The incident is private: the freeze and this reason are public, the incident is not named.'),
    ...meetingParts(pull),
    understoodLine(input.at, ask),
    input.at && line('It holds from now on: what began before it was told of was not stopped.'),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    line(
      { code: `/freeze lift ${key}` },
      ' ends it, ',
      { code: `/freeze extend ${key} for:1h` },
      ' makes it longer, ',
      { code: '/freeze held' },
      ' shows who waits.',
    ),
  );
}

/**
 * The line that pulls it as it was shown, whatever has changed since: keys stand before the reason, in which a word may
 * look like one. Where nobody said the reason it is the title, which is left out if it would be read as something else.
 */
function pullCommand({ freezing, incident, on }: Pull, input: CordInput): string {
  const asTyped = on.map(placeText).map((name) => (name.includes(' ') ? `"${name}"` : name));
  const line = (places: readonly string[]) =>
    [
      `/incident freeze ${incidentKey(incident)}`,
      ...(places.length > 0 ? [`on:${places.join(',')}`] : []),
      ...(input.for === undefined ? [] : [`for:${lengthText(input.for)}`]),
      ...(input.at ? [`at:${timeWord(input.at)}`] : []),
      ...(readsOtherwise.test(freezing.reason) ? [] : [freezing.reason]),
      'now',
    ].join(' ');
  const whole = line(asTyped);
  // What is affected is found again; what somebody named is not.
  return whole.length > commandMax && input.on.length === 0 ? line([]) : whole;
}

function lengthText(milliseconds: number): string {
  if (milliseconds % minuteMs !== 0) return `${Math.round(milliseconds / 1_000)}s`;
  return showDuration(milliseconds).replaceAll(' ', '');
}

// As it was understood: “10m ago” is another time when the button is pressed.
function timeWord({ at, precision, asWritten }: WrittenTime): string {
  const instant = at?.toISOString().replace(/\.000Z$/, 'Z');
  if (instant && precision === 'exact') return instant;
  if (instant && precision === 'approximate') return `~${instant}`;
  return `"${asWritten.replaceAll('"', '')}"`;
}

function groundParts({ unknownGround, unknown, freezing }: Pull): Part[] {
  return [
    ...(unknownGround
      ? [
          line(
            'Nobody said what is affected, so it is all production; ',
            { code: 'on:api/prod' },
            ' says less.',
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          line(
            `The catalogue knows no ${unknown.slice(0, shownMax).join(', no ')}; it is frozen by that name.`,
          ),
        ]
      : []),
    ...(freezing.drill
      ? [line('A drill: it holds only what says that it is part of one, and is announced nowhere else.')]
      : []),
  ];
}

function meetingParts({ goesOn, allowed, held, already, freezing }: Pull): Part[] {
  return [
    goesOn.length > 0
      ? line('Under way there, and goes on: ', ...listed(goesOn.map(underWay)))
      : allowed.length === 0
        ? line('Nothing is under way there, as far as is known.')
        : line('Nobody said that something is under way there.'),
    ...(allowed.length > 0
      ? [line('Allowed by the gate, and may have begun: ', ...listed(allowed.map(letGo)))]
      : []),
    ...(held.length > 0 ? [line('Planned within that time, and will be held:'), list(some(held))] : []),
    ...(already.length > 0
      ? [line('Frozen there already: ', ...listed(already.map((each) => frozenSpans(each, freezing))))]
      : []),
  ];
}

function underWay(change: Change): Span[] {
  return [`${changeKey(change)} ${shorten(change.title, titleShown)} (${change.ownerName})`];
}

function letGo({ title, by, until }: Pull['allowed'][number]): Span[] {
  return [`${shorten(oneLine(title), titleShown)} (${shorten(by, titleShown)}), good until `, { at: until }];
}

function some(held: readonly Change[]): Span[][] {
  const shown = held
    .slice(0, shownMax)
    .map((each): Span[] => [
      { bold: changeKey(each) },
      ` ${shorten(each.title, titleShown)}, `,
      { at: each.plannedStart ?? each.startsAt },
      ` (${each.ownerName})`,
    ]);
  const more = held.length - shownMax;
  return more > 0 ? [...shown, [`and ${more} more: `, { code: '/change list today' }]] : shown;
}

function frozenSpans(freeze: Frozen, { startsAt }: Freezing): Span[] {
  const until = windowNow(freeze, startsAt)?.until;
  return [`${freezeKey(freeze)} (${freeze.mode})`, ...(until ? [' until ', { at: until }] : [])];
}

function listed(items: readonly (readonly Span[])[]): Span[] {
  const spans = items
    .slice(0, shownMax)
    .flatMap((item, i): Span[] => (i === 0 ? [...item] : ['; ', ...item]));
  const more = items.length - shownMax;
  return [...spans, more > 0 ? `; and ${more} more.` : '.'];
}

function untilText({ overAt }: Freezing, ask: Ask): string {
  const written = { at: overAt, until: null, precision: 'exact' as const, asWritten: '' };
  return `${showUnderstood(written, ask.actor.zone ?? ask.workspace.zone)}${zoneAssumed(ask)}`;
}
