// What whoever reports is told at once: whether it is known, who is asked, and that nobody is, where nobody is. Pure.
import type { Ask } from '../../core/command.js';
import { line, type Message, message, type Part, shorten } from '../../core/message.js';
import { showUnderstood, type WrittenTime } from '../../core/time/index.js';
import { type Component, componentName, incidentKey } from '../incident/index.js';
import type { Found, KnownIncident } from './rules.js';
import { type Asked, aloneMinutes, askedText, type Gathering, reportKey, windowMinutes } from './words.js';

const titleMax = 80;

/** What reports wait for an answer to, and how it goes on meanwhile. */
export interface Question {
  readonly gathering: Gathering;
  /** Whoever is on call is being called for it. */
  readonly rings: boolean;
  /** Who has that page. */
  readonly has: string | null;
}

/** What is told of a report. */
export interface Told {
  readonly number: number;
  readonly component: Component | null;
  readonly named: 'said' | 'text' | 'none';
  readonly known: KnownIncident | null;
  /** It was seen long ago. */
  readonly old: boolean;
  /** How many others complained in the last minutes. */
  readonly others: number;
  /** Who is shown it, should it stay alone; null where the catalogue does not know what it is about. */
  readonly keeper: Asked | null;
  /** Incidents that it may be of, where the catalogue does not know what it is about. */
  readonly maybe: readonly Pick<KnownIncident, 'number' | 'title'>[];
}

/** What the latest report comes to: it is added to others, or makes several of them one suspected incident. */
export interface Outcome {
  readonly joined: Question | null;
  readonly found: Found | null;
}

/** What a report’s author reads. */
export function reportReply(
  told: Told & { readonly asked: Asked | null; readonly by: { readonly id: string } },
  input: { readonly at?: WrittenTime | undefined; readonly remarks: readonly string[] },
  { joined, found }: Outcome,
  ask: Ask,
): Message {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const alone = !told.known && !joined && !found;
  return message(
    ...opening(told, joined, found),
    found && line(`${questionTo(told.asked)} is asked whether it is an incident.`),
    alone && !told.old && nobodyTold(told),
    told.old &&
      !told.known &&
      line('It is of more than a day ago: it is kept, and not counted with what is reported now.'),
    ...placing(told, alone),
    input.at && line(`Understood: ${showUnderstood(input.at, zone)}.`),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
  );
}

function opening(
  told: Told & { readonly by: { readonly id: string } },
  joined: Question | null,
  found: Found | null,
): Part[] {
  const { known, component, named } = told;
  const key = reportKey(told);
  const about = component
    ? `${named === 'text' ? ', taken to be about' : ' about'} ${componentName(component)}`
    : '';
  if (known)
    return [
      line(
        { bold: `${incidentKey(known)} is known` },
        `: ${shorten(known.title, titleMax)}. Your report, ${key}${about}, is on its timeline.`,
      ),
    ];
  const others = new Set(found?.reports.flatMap((each) => (each.by === told.by.id ? [] : [each.by])));
  const rest = joined
    ? joinedText(joined)
    : found
      ? `${people(others.size)} reported this too.`
      : told.old
        ? ''
        : othersText(told.others);
  return [line({ bold: 'Thank you' }, `: ${key}${about}. `, rest)];
}

function joinedText({ gathering, rings, has }: Question): string {
  const who = questionTo(gathering.asked);
  if (gathering.why === 'alone') return `It is added to ${reportKey(gathering)}, which ${who} was shown.`;
  if (rings)
    return `Others reported this too; ${who} has been asked, and whoever is on call is being called.`;
  return `Others reported this too; ${who} has been asked${has === null ? '' : `, and ${has} has the page`}.`;
}

const questionTo = (asked: Asked | null) => (asked ? askedText(asked, 'Somebody') : 'Somebody');
const people = (count: number) => (count === 1 ? '1 other person' : `${count} other people`);

function othersText(others: number): string {
  const when = `in the last ${windowMinutes} min`;
  return others === 0
    ? `Nobody else reported anything ${when}.`
    : `${people(others)} reported something ${when}.`;
}

// Silence would be taken for somebody who looks.
function nobodyTold({ keeper, component }: Told): Part {
  const service = component && keeper ? component.service : null;
  const target = service === null ? 'default' : /\s/.test(service) ? `"${service}"` : service;
  const place = component ? componentName(component) : '';
  const later = keeper ? ` If it stays alone, it is shown ${shownTo(keeper)} in ${aloneMinutes} min.` : '';
  return line(
    { bold: 'Nobody has been told yet.' },
    `${later} If it is urgent: `,
    { code: `/incident page ${target}` },
    ', or ',
    { code: `/incident declare WHAT${place === '' || /\s/.test(place) ? '' : ` on:${place}`}` },
  );
}

function shownTo(keeper: Asked): string {
  const who = askedText(keeper, '');
  return who === '' ? 'where incidents are announced' : `to ${who}`;
}

function placing({ number, named, maybe }: Told, alone: boolean): Part[] {
  const [first] = maybe;
  if (!first)
    return named === 'none' && alone
      ? [line('Say what it is about, and it is matched: ', { code: '/report TEXT on:api/prod' })]
      : [];
  const all = maybe.map((each) => `${incidentKey(each)} ${shorten(each.title, titleMax)}`);
  return [
    line(`Open: ${all.join('; ')}. Is it ${all.length === 1 ? 'that' : 'one of them'}? `, {
      code: `/report belongs ${reportKey({ number })} ${incidentKey(first)}`,
    }),
  ];
}
