// The digest as a message: at most a phone screen of what changes today and tomorrow.
import { line, list, type Message, message, type Part, type Span, shorten } from '../../core/message.js';
import { showDuration, wallAt, zoneOf } from '../../core/time/index.js';
import { changeKey } from '../change/index.js';
import { type Frozen, freezeLine } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import type { Counts, Listed, Section, Shown } from './store.js';

/** A phone shows about twenty lines, and a change takes two. */
export const shownOf: Counts = { underWay: 3, today: 3, tomorrow: 2, validating: 2, uncovered: 4 };
const freezesShown = 3;
const titleLimit = 60;
const placesShown = 2;
const placeLimit = 40;

/** The digest of a morning; null where there is nothing to say any more. */
export function tellDigest(
  shown: Readonly<Record<Section, Shown>>,
  freezes: readonly Frozen[],
  now: Date,
  zone: string,
): Message | null {
  const { underWay, today, tomorrow, validating, uncovered } = shown;
  const nothing = [underWay, today, tomorrow, validating].every(({ all }) => all === 0);
  if (nothing && freezes.length === 0) return null;
  const day = wallAt(now.getTime(), zoneOf({ zone })).toFormat('cccc d LLLL');
  return message(
    line({ bold: 'What changes in production' }, `, ${day} (${zone})`),
    ...freezeParts(freezes, now),
    ...section('Under way now', underWay, (change) => underWaySpans(change, now), '/change list now'),
    ...section('Today', today, (change) => plannedSpans(change, now), '/change list today'),
    ...section('Tomorrow', tomorrow, (change) => plannedSpans(change, now), '/change calendar'),
    ...section('Waiting for validation', validating, doneSpans, '/change list now'),
    uncovered.all > 0 && uncoveredLine(uncovered),
    today.all === 0 && line('Nothing is planned for today.'),
  );
}

// First, because what is planned there had better be moved.
function freezeParts(freezes: readonly Frozen[], now: Date): Part[] {
  if (freezes.length === 0) return [];
  const more = freezes.length - freezesShown;
  return [
    line({ bold: 'Frozen' }, more > 0 ? ` (${freezes.length})` : ''),
    list(freezes.slice(0, freezesShown).map((each) => freezeLine(each, now))),
    ...(more > 0 ? [line(`${more} more: `, { code: '/freeze list' })] : []),
  ];
}

function section(
  heading: string,
  { changes, all }: Shown,
  when: (change: Listed) => Span[],
  command: string,
): Part[] {
  if (all === 0) return [];
  const more = all - changes.length;
  return [
    line({ bold: heading }, more > 0 ? ` (${all})` : ''),
    list(changes.map((change) => [...changeSpans(change), ...when(change)])),
    ...(more > 0 ? [line(`${more} more: `, { code: command })] : []),
  ];
}

function changeSpans(change: Listed): Span[] {
  const places = change.components.slice(0, placesShown).map(componentName).join(', ');
  const more = change.components.length - placesShown;
  const where = [shorten(places, placeLimit), ...(more > 0 ? [`and ${more} more`] : [])].filter(Boolean);
  return [
    { bold: changeKey(change) },
    ` ${shorten(change.title, titleLimit)} · ${where.length > 0 ? where.join(' ') : 'nobody said where'} · ${shorten(change.ownerName, placeLimit)}`,
  ];
}

function underWaySpans(change: Listed, now: Date): Span[] {
  const since = change.startedAt ?? change.startsAt;
  const late = change.plannedEnd ? now.getTime() - change.plannedEnd.getTime() : 0;
  return [
    ` · for ${lasting(now.getTime() - since.getTime())}`,
    ...(late > 0 ? [', ', { bold: `overdue by ${lasting(late)}` }] : []),
  ];
}

function plannedSpans(change: Listed, now: Date): Span[] {
  const at = change.plannedStart ?? change.startsAt;
  const format = '{date_short_pretty} {time}';
  if (at < now) return [' · ', { bold: 'should have begun' }, ' ', { at, format }];
  return [' · ', { at, format }];
}

function doneSpans({ finishedAt }: Listed): Span[] {
  return finishedAt ? [' · done ', { at: finishedAt }] : [];
}

function uncoveredLine({ changes, all }: Shown): Part {
  const [first] = changes;
  const more = all - changes.length;
  return line(
    { bold: 'Nobody covers' },
    `: ${changes.map(changeKey).join(', ')}${more > 0 ? ` and ${more} more` : ''}. `,
    ...(first ? [{ code: `/change cover ${changeKey(first)}` }, ' says that you will.'] : []),
  );
}

// In minutes: nobody needs the seconds of what began before breakfast.
function lasting(milliseconds: number): string {
  const minutes = Math.max(1, Math.floor(milliseconds / 60_000));
  return showDuration(minutes * 60_000);
}
