// Who held which role from when to when, who else wrote, and who came and went.
import { isOpen } from '../incident/index.js';
import { type Block, heading, list, paragraph, question, type Span, said, words } from './document.js';
import { millis, showInstant, type WallClock } from './durations.js';
import { entrySpans, referencedEntries } from './entries.js';
import type { Material } from './material.js';
import { named } from './phrases.js';
import type { IncidentRecord, Person, RoleHeld } from './record.js';

export function peopleSection({ record, clock, entries, housekeeping }: Material): Block[] {
  const title = heading(2, ...words('People and roles'));
  const holders = new Set(record.roles.map(({ user }) => user.id));
  const writers = new Map<string, Person>();
  for (const { author, redacted } of entries) {
    if (author && !redacted && !holders.has(author.id)) writers.set(author.id, author);
  }
  const blocks = [title];
  if (record.roles.length > 0) {
    blocks.push(list(heldInOrder(record.roles).map((held) => ({ spans: roleSpans(held, record, clock) }))));
  }
  if (writers.size > 0) {
    blocks.push(
      paragraph(
        ...words('Also in the record: '),
        ...named([...writers.values()].map(({ name }) => said(name))),
        ...words('.'),
      ),
    );
  }
  if (!record.roles.some(({ role }) => role === 'commander')) {
    blocks.push(question(...words('Nobody is on record as commander. Who led, and from when?')));
  }
  if (housekeeping.length > 0) {
    const references = referencedEntries(housekeeping);
    blocks.push(
      paragraph(...words('Who came and went, and other housekeeping:')),
      list(housekeeping.map((entry) => ({ spans: entrySpans(entry, clock, '', references) }))),
    );
  }
  return blocks;
}

/** Roles in the order in which they were first given, and who held each in turn. */
export function heldInOrder(roles: RoleHeld[]): RoleHeld[] {
  const firstSeen = new Map<string, number>();
  for (const { role } of roles) if (!firstSeen.has(role)) firstSeen.set(role, firstSeen.size);
  return [...roles].sort(
    (a, b) =>
      (firstSeen.get(a.role) ?? 0) - (firstSeen.get(b.role) ?? 0) ||
      // Where a time is unknown, the order is the one in which it was told.
      (a.from === null || b.from === null ? 0 : millis(a.from) - millis(b.from)),
  );
}

function roleSpans(held: RoleHeld, record: IncidentRecord, clock: WallClock): Span[] {
  const next = record.roles.find(
    (other) => other !== held && other.role === held.role && held.until !== null && other.from === held.until,
  );
  // Handed over at a time that nobody knows.
  const over = record.roles
    .slice(record.roles.indexOf(held) + 1)
    .some((other) => other.role === held.role && other.from === null);
  const until =
    held.until === null && !over
      ? isOpen(record.status)
        ? 'and still'
        : 'to the end'
      : `until ${showInstant(clock, held.until)}`;
  return [
    said(held.role, 'strong'),
    ...words(': '),
    said(held.user.name),
    ...words(`, from ${showInstant(clock, held.from)} ${until}`),
    ...(next ? [...words(', handed over to '), said(next.user.name)] : []),
  ];
}
