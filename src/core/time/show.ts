// Showing times: exact enough to be read back, with the zone always named.
import type { DateTime, Zone } from 'luxon';
import { isUtc, showLabel, showOffset } from './place.js';
import type { WrittenTime } from './types.js';
import { fixedZone, instantsAt, wallAt, zoneOf } from './zones.js';

/** An instant that nobody wrote, as a time that somebody might have. */
export function exactly(at: Date): WrittenTime {
  return { at, until: null, precision: 'exact', asWritten: '' };
}

/**
 * `2026-11-21 10:42 CET`. `readTime` in the same zone reads it back, to the second. Letters are shown only where they
 * can mean nothing else; else, and for a wall time that comes twice, the offset: `2026-10-25 02:30 +01:00`.
 */
export function showInstant(at: Date, zone: string): string {
  const where = zoneOf({ zone });
  const wall = wallAt(at.getTime(), where);
  if (!wall.isValid) return 'time unknown';
  const label = comesTwice(wall, where) ? showOffset(wall.offset) : showLabel(at.getTime(), where);
  return `${wall.toFormat('yyyy-MM-dd')} ${clock(wall)} ${label}`;
}

/**
 * A written time for the record, in a zone and in UTC: `2026-11-21 10:42 Europe/Berlin (09:42 UTC)`, `~` before an
 * approximate one, `10:22–10:37` for a range. The UTC date is named where it differs. Quotes `asWritten`: escape it.
 */
export function showWritten(time: WrittenTime, zone: string): string {
  if (!time.at) return `time unknown (as written: "${time.asWritten}")`;
  const where = zoneOf({ zone });
  const mark = time.precision === 'approximate' ? '~' : '';
  const local = span(time.at, time.until, where, isoDay);
  if (isUtc(where)) return `${mark}${local.shown} UTC`;
  return `${mark}${local.shown} ${where.name} (${utcSpan(time.at, time.until, where, isoDay)} UTC)`;
}

/** For the reply to the sender: `21 Nov 2026 10:42 CET (09:42 UTC)`. Always the sender's zone, and always UTC. */
export function showUnderstood(time: WrittenTime, zone: string): string {
  if (!time.at) return `time unknown, as written: "${time.asWritten}"`;
  const where = zoneOf({ zone });
  const mark = time.precision === 'approximate' ? 'about ' : '';
  const local = span(time.at, time.until, where, shortDay);
  if (isUtc(where)) return `${mark}${local.shown} UTC`;
  const last = time.until ?? time.at;
  const wall = wallAt(last.getTime(), where);
  const label = comesTwice(wall, where) ? showOffset(wall.offset) : showLabel(last.getTime(), where);
  return `${mark}${local.shown} ${label} (${utcSpan(time.at, time.until, where, shortDay)} UTC)`;
}

/** An instant in a zone, and in UTC: `2026-11-21 10:42 CET (09:42 UTC)`. */
export function showBoth(at: Date, zone: string): string {
  return showUnderstood(exactly(at), zone);
}

/**
 * Slack's date token, which each reader sees in their own zone. The text after the bar, for clients that cannot
 * show it, is UTC. `format` is Slack's; what would end the token is taken out of it.
 */
export function slackDate(at: Date, format = '{date_short_pretty} {time}'): string {
  const wall = wallAt(at.getTime(), fixedZone(0));
  if (!wall.isValid) return 'time unknown';
  const safe = format.replace(/[<>^|&\n]/g, '');
  return `<!date^${Math.floor(at.getTime() / 1000)}^${safe}|${wall.toFormat('yyyy-MM-dd HH:mm')} UTC>`;
}

type ShowDay = (wall: DateTime) => string;

function isoDay(wall: DateTime): string {
  return wall.toFormat('yyyy-MM-dd');
}

function shortDay(wall: DateTime): string {
  return wall.toFormat('d LLL yyyy');
}

function span(
  at: Date,
  until: Date | null,
  zone: Zone,
  day: ShowDay,
): { shown: string; first: string; last: string } {
  const from = wallAt(at.getTime(), zone);
  const to = until ? wallAt(until.getTime(), zone) : null;
  const first = day(from);
  const last = to ? day(to) : first;
  const start = `${first} ${clock(from)}`;
  if (!to) return { shown: start, first, last };
  return { shown: first === last ? `${start}–${clock(to)}` : `${start} – ${last} ${clock(to)}`, first, last };
}

/** The same in UTC, without the days where they are those of the zone. */
function utcSpan(at: Date, until: Date | null, zone: Zone, day: ShowDay): string {
  const utc = span(at, until, fixedZone(0), day);
  const local = span(at, until, zone, day);
  if (utc.first !== local.first || utc.last !== local.last || utc.first !== utc.last) return utc.shown;
  const from = clock(wallAt(at.getTime(), fixedZone(0)));
  return until ? `${from}–${clock(wallAt(until.getTime(), fixedZone(0)))}` : from;
}

function clock(wall: DateTime): string {
  return wall.toFormat(wall.second === 0 ? 'HH:mm' : 'HH:mm:ss');
}

function comesTwice(wall: DateTime, zone: Zone): boolean {
  const { year, month, day, hour, minute } = wall;
  return instantsAt({ year, month, day, msOfDay: (hour * 60 + minute) * 60_000 }, zone).instants.length > 1;
}
