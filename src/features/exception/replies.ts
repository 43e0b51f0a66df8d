// What is answered to whoever asks for an exception, or breaks the glass.
import type { Ask } from '../../core/command.js';
import { buttons, line, list, type Message, message, type Part, type Span, say } from '../../core/message.js';
import { fewNames, quoted } from '../../core/text.js';
import { exactly, showDuration, showUnderstood } from '../../core/time/index.js';
import { changeKey } from '../change/index.js';
import { type Frozen, freezeKey, freezesOver, targetsOf, windowNow } from '../freeze/index.js';
import { componentName, type Incident, incidentKey } from '../incident/index.js';
import { type Approvers, openlyNamed } from './people.js';
import type { Wanted } from './wanted.js';
import { exceptionKey, freezesText } from './words.js';

const minuteMs = 60_000;
const othersShown = 3;
const componentsShown = 6;

/** The reply to a request. */
export function requestedReply(
  wanted: Wanted,
  { anybody, people }: Approvers,
  lapsesAt: Date,
  ask: Ask,
): Message {
  const key = exceptionKey(wanted.state);
  const anyAsked = people.length > 0;
  return message(
    line({ bold: key }, ` is asked for: through ${freezesText(numbers(wanted))}${forWhom(wanted)}.`),
    scopeLine(wanted),
    wanted.input.remarks.length > 0 && line(wanted.input.remarks.join(' ')),
    line(`Once approved it is good for ${showDuration(wanted.minutes * minuteMs)}, ${uses(wanted)}.`),
    anybody
      ? line(
          'Nobody who has a say in it is left beside you, so any other person may approve it: ',
          { code: `/freeze approve ${key}` },
          '.',
        )
      : line(
          `${anyAsked ? 'Asked: ' : 'Who may approve it: '}${openlyNamed(wanted.state.named, wanted.state.team, wanted.state.permitted, ask.actor.id)}. You cannot approve it yourself; unanswered it lapses at ${whenText(lapsesAt, ask)}.`,
        ),
    tooEarly(
      wanted.state.named.map(({ frozen }) => frozen),
      ask.now,
      new Date(ask.now.getTime() + wanted.minutes * minuteMs),
    ),
    ...otherParts(wanted, 'except', ask),
    usedLine(wanted),
    line({ code: `/freeze revoke ${key}` }, ' takes it back.'),
  );
}

/** The reply to whoever broke the glass. */
export function brokenReply(
  wanted: Wanted,
  { expiresAt, reviewDueAt, mine }: { expiresAt: Date; reviewDueAt: Date; mine: Incident },
  ask: Ask,
): Message {
  const key = exceptionKey(wanted.state);
  return message(
    line({ bold: key }, `: you are through ${freezesText(numbers(wanted))}${forWhom(wanted)}.`),
    scopeLine(wanted),
    wanted.input.remarks.length > 0 && line(wanted.input.remarks.join(' ')),
    line(`Good until ${whenText(expiresAt, ask)}, ${uses(wanted)}.`),
    wanted.drill
      ? line('The drill’s channel is told.')
      : line(
          mine.private
            ? 'It is announced in the channel of changes and to the freeze’s owner, without your incident: others do not learn of it.'
            : 'It is announced in the channel of changes, on the incident, and to the freeze’s owner.',
        ),
    line(
      `Somebody else reviews it by ${whenText(reviewDueAt, ask)}: `,
      { code: `/freeze review ${key} TEXT` },
      '.',
    ),
    ...otherParts(wanted, 'break', ask),
    usedLine(wanted),
  );
}

/** Why the glass stays whole, and who could let them. */
export function nobodyOfAnIncident(wanted: Wanted, ask: Ask): Message {
  const { others } = wanted.state;
  const fitting = others.filter(({ incident }) =>
    wanted.drill ? incident.id === wanted.incident?.id : !incident.drill,
  );
  const person = ask.actor.name;
  return message(
    line(
      wanted.drill
        ? 'Only who holds a role in this drill may break its glass. Nothing was done.'
        : 'Only who holds a role in an open incident may break the glass; a resolved one or a drill does not count. Nothing was done.',
    ),
    list(
      fitting.map(({ incident, commander }): Span[] => [
        `${incidentKey(incident)}: ${commander ? `${commander.name}, its commander, ` : 'anybody there '}can give you one: `,
        { code: `/incident role ${incidentKey(incident)} operations @${person}` },
      ]),
    ),
    fitting.length === 0 &&
      line('No incident is open. ', { code: '/incident declare what is wrong' }, ' opens one.'),
    line('Without an incident, ask those who may: ', { code: lineFor(wanted, 'except', numbers(wanted)) }),
  );
}

/** The line that asks for it, with these freezes. */
function lineFor(wanted: Wanted, verb: 'except' | 'break', freezes: readonly number[]): string {
  const { input } = wanted;
  const words = [
    `/freeze ${verb} ${freezes.map((number) => freezeKey({ number })).join(',')}`,
    input.reason,
    ...(input.change ? [`change:${quoted(input.change)}`] : []),
    ...(input.on?.length ? [`on:${input.on.map(componentName).join(',')}`] : []),
    ...(input.for === undefined ? [] : [`for:${input.for}m`]),
    ...(input.uses === undefined ? [] : [`uses:${input.uses}`]),
  ];
  return words.join(' ');
}

function otherParts(wanted: Wanted, verb: 'except' | 'break', ask: Ask): (Part | false)[] {
  const { state } = wanted;
  const named = new Set(numbers(wanted));
  const over = targetsOf(wanted.components, state.environments).flatMap((target) =>
    freezesOver(state.freezes, target, ask.now),
  );
  const others = [...new Map(over.map((each) => [each.number, each])).values()].filter(
    (each) => each.mode === 'hard' && each.drill === wanted.drill && !named.has(each.number),
  );
  if (others.length === 0) return [];
  const all = [...named, ...others.map(({ number }) => number)].sort((a, b) => a - b);
  const whole = lineFor(wanted, verb, all);
  return [
    line({ bold: 'That is not enough: ' }, 'the gate lets nothing through a hard freeze that is not named.'),
    list(others.slice(0, othersShown).map((each) => [otherText(each, ask)])),
    line('This names all of them: ', { code: whole }),
    // Slack allows 255 characters for a button's action.
    whole.length <= 240 && buttons({ label: `Ask for ${freezesText(all)}`, command: whole }),
  ];
}

/** Said where what would be let through is not frozen until an instant: then it is good for nothing. */
export function tooEarly(freezes: readonly Frozen[], now: Date, until: Date): Part | false {
  const last = new Date(until.getTime() - 1);
  if (freezes.some((each) => windowNow(each, now) || windowNow(each, last))) return false;
  const names = freezesText(freezes.map(({ number }) => number));
  return line(
    { bold: 'Mind: ' },
    `${names} ${freezes.length > 1 ? 'are' : 'is'} not on yet, and it counts from its approval on. Approved so early, it would be past before it is needed.`,
  );
}

function otherText(freeze: Frozen, ask: Ask): string {
  const until = windowNow(freeze, ask.now)?.until;
  const end = until ? `until ${whenText(until, ask)}` : 'with no end in sight';
  return `${freezeKey(freeze)} is on there too, ${end} (${freeze.owner.name}: ${freeze.reason})`;
}

function forWhom({ forWhat }: Wanted): string {
  if (forWhat.change) return ` for ${changeKey(forWhat.change)} ${forWhat.change.title}`;
  return forWhat.key ? ` for ${forWhat.title ?? forWhat.key}` : '';
}

function scopeLine({ components, forWhat }: Wanted): Part {
  const names = fewNames(components.map(componentName), componentsShown);
  const outside = forWhat.components.length - components.length;
  return line(`It covers ${names}.${outside > 0 ? ' The rest of it is not in these freezes.' : ''}`);
}

function usedLine(wanted: Wanted): Part {
  const key = exceptionKey(wanted.state);
  const { change, key: own } = wanted.forWhat;
  if (change && !own)
    return line('The gate lets it through when it asks by its own key, or names the change: ', {
      code: `"change": "${changeKey(change)}"`,
    });
  if (own) return line('The gate knows the change, and lets it through when it asks again.');
  return line('No change is named, so the pipeline must name it when it asks: ', {
    code: `"exceptionId": "${key}"`,
  });
}

function uses({ uses: count }: Wanted): string {
  return count === 1 ? 'for one change' : `for ${count} changes`;
}

function numbers({ input }: Wanted): number[] {
  return [...input.freezes].sort((a, b) => a - b);
}

/** An instant on the clock of whoever asks, with its zone, and in UTC. */
export function whenText(at: Date, ask: Ask): string {
  const written = exactly(at);
  return showUnderstood(written, ask.actor.zone ?? ask.workspace.zone);
}

/** A sentence that nothing was done. */
export function nothingDone(...spans: Span[]): Message {
  return say(...spans, ' Nothing was done.');
}
