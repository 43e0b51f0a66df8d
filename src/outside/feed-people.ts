// Whose shift an event of a calendar is. Pure.
import { oneLine, sameName } from '../core/text.js';
import { type FeedShift, hasName, type Named } from '../features/oncall/index.js';
import type { Attendee, Occurrence } from './calendar.js';

export interface PeopleKnown {
  readonly people: readonly (Named & { readonly id: string })[];
  readonly contacts: readonly { readonly userId: string | null; readonly mail: string | null }[];
}

interface Person {
  readonly id: string | null;
  readonly name: string;
  readonly mail: string | null;
}

const peopleMax = 10;
const nameMax = 80;
const mailPattern = /[^\s<>(),;:"@[\]]+@[^\s<>(),;:"@[\]]+\.[^\s<>(),;:"@[\]]+/;

/** The shifts of events: one for each person whom an event names, and each but once. */
export function shiftsOf(occurrences: readonly Occurrence[], known: PeopleKnown): FeedShift[] {
  const shifts = occurrences
    .filter((each) => each.endsAt > each.startsAt)
    .flatMap(({ startsAt, endsAt, ...event }) =>
      peopleOf(event, known).map(({ id, name, mail }) => ({
        userId: id,
        userName: name,
        mail,
        startsAt,
        endsAt,
      })),
    );
  const key = (it: FeedShift) =>
    [it.startsAt.getTime(), it.endsAt.getTime(), it.userId, it.userName, it.mail].join('|');
  return [...new Map(shifts.map((each) => [key(each), each])).values()].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
}

// Invited people say it best; without, the title does.
function peopleOf(
  { summary, attendees }: Pick<Occurrence, 'summary' | 'attendees'>,
  known: PeopleKnown,
): Person[] {
  const titled = inTitle(summary, known);
  const invited = attendees.slice(0, peopleMax).map((each) => ofAttendee(each, known));
  if (invited.length === 0) return titled;
  const only = invited[0];
  // "On call: Ana" with one address: the title may say who the address is.
  const inSlack = titled.filter((each) => each.id !== null);
  if (invited.length === 1 && only && only.id === null && inSlack.length === 1 && inSlack[0])
    return [{ ...inSlack[0], mail: only.mail }];
  return invited;
}

function ofAttendee({ name, mail }: Attendee, known: PeopleKnown): Person {
  const id = ofMail(mail, known) ?? (name === null ? null : (called(name, known)?.id ?? null));
  const person = id === null ? null : known.people.find((each) => each.id === id);
  return { id, name: (person?.name ?? name ?? mail ?? '').slice(0, nameMax), mail };
}

function ofMail(mail: string | null, { contacts }: PeopleKnown): string | null {
  if (mail === null) return null;
  const found = contacts.filter((each) => each.mail?.toLowerCase() === mail.toLowerCase());
  const [only, ...more] = new Set(found.map((each) => each.userId));
  return more.length === 0 ? (only ?? null) : null;
}

// A name that two people have is nobody's.
function called(word: string, { people }: PeopleKnown) {
  const name = word.trim().replace(/^@/, '');
  const found = people.filter((each) => hasName(each, name) || sameName(each.id, name));
  return found.length === 1 ? (found[0] ?? null) : null;
}

// `On call: Ana`, `Ana (primary)`, `On Call - Ana Smith - Primary`, `Ana & Bob`, `<@U0ANA>`.
function inTitle(summary: string, known: PeopleKnown): Person[] {
  const mail = mailPattern.exec(summary)?.[0] ?? null;
  const bare = oneLine(
    summary
      .replace(/\bon[\s-]?call\b/gi, ' | ')
      .replace(/\([^)]*\)|\[[^\]]*\]/g, ' | ')
      .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, '$1'),
  );
  const parts = bare
    .split(/\s*(?:\||:|,|;|&|\/|\s[-–—]\s|\bfor\b|\band\b|\bwith\b)\s*/i)
    .map((part) => part.replace(/^[-–—\s]+|[-–—\s]+$/g, ''))
    .filter((part) => part !== '');
  const whole = called(summary, known) ?? called(bare.replace(/[|:]/g, ' ').trim(), known);
  const found = whole ? [whole] : parts.flatMap((part) => called(part, known) ?? []);
  const ids = [...new Map(found.map((each) => [each.id, each])).values()].slice(0, peopleMax);
  if (ids.length > 0) return ids.map((each) => ({ ...each, mail: ids.length === 1 ? mail : null }));
  const name = parts.find((part) => part !== mail) ?? mail ?? oneLine(summary);
  if (name === '') return [];
  const id = ofMail(mail, known);
  const person = id === null ? null : known.people.find((each) => each.id === id);
  return [{ id, name: (person?.name ?? name).slice(0, nameMax), mail }];
}
