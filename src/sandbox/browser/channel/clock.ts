// When a message was said, in the zone of who reads it. Pure.

const locale = 'en-GB';
const formats = new Map<string, Intl.DateTimeFormat>();

// Making a format costs a hundred times what using it does.
function format(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    formats.set(key, known);
  }
  return known;
}

function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

/** In every zone a day begins on a quarter of an hour. */
const quarterSeconds = 15 * 60;
const days = new Map<string, string>();

/** The day in that zone, such as `2026-11-21`, to be compared. */
export function dayOf(ts: string, zone: string): string {
  // Each new message asks for the days of all: two thousand of them took longer than drawing it.
  const key = `${zone} ${Math.floor(Number(ts) / quarterSeconds)}`;
  const known = days.get(key);
  if (known !== undefined) return known;
  const day = readDay(ts, zone);
  days.set(key, day);
  return day;
}

function readDay(ts: string, zone: string): string {
  const parts = format(zone, 'day', { year: 'numeric', month: '2-digit', day: '2-digit' });
  const of = new Map(parts.formatToParts(dateOf(ts)).map((part) => [part.type, part.value]));
  return `${of.get('year')}-${of.get('month')}-${of.get('day')}`;
}

/** `Today`, `Yesterday`, or the whole day: `Saturday 21 November 2026`. */
export function dayName(ts: string, zone: string, nowMs: number): string {
  const day = dayOf(ts, zone);
  if (day === dayOf(String(nowMs / 1000), zone)) return 'Today';
  if (day === dayBefore(dayOf(String(nowMs / 1000), zone))) return 'Yesterday';
  return format(zone, 'dayName', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
    .format(dateOf(ts))
    .replace(',', '');
}

// By the calendar, not by 24 hours: a day may have 23 or 25.
function dayBefore(day: string): string {
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() - 1);
  return noon.toISOString().slice(0, 10);
}

/** `10:42`. */
export function timeOf(ts: string, zone: string): string {
  return format(zone, 'time', { hour: '2-digit', minute: '2-digit' }).format(dateOf(ts));
}

/** For `<time datetime>`. */
export function isoTime(ts: string): string {
  return dateOf(ts).toISOString();
}

/** What time it is in a zone: `10:42`. */
export function timeIn(zone: string, nowMs: number = Date.now()): string {
  return timeOf(String(nowMs / 1000), zone);
}
