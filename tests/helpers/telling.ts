// How a test tells a story at a desk: what people say and is taken, what is refused, and time that passes.
import { expect } from 'vitest';
import type { Desk, PersonName } from './desk.js';

/** Somebody says a line, which is accepted; what they are answered. */
export async function says(desk: Desk, person: PersonName, line: string): Promise<string> {
  const { accepted, text } = await desk.say(person, line);
  if (!accepted) throw new Error(`${line}: ${text}`);
  return text;
}

/** Somebody says a line, which is refused and leaves nothing on record; what they are answered. */
export async function refused(desk: Desk, person: PersonName, line: string): Promise<string> {
  const before = await desk.db.read.fact.count();
  const { accepted, text } = await desk.say(person, line);
  expect(accepted, `${line}: ${text}`).toBe(false);
  expect(await desk.db.read.fact.count(), line).toBe(before);
  return text;
}

/** Lets time pass until an instant, `2026-03-10T14:00Z`: what is due is decided when it is due. */
export async function until(desk: Desk, instant: string): Promise<void> {
  const end = new Date(instant);
  for (;;) {
    const next = await desk.db.read.due.findFirst({ where: { at: { lte: end } }, orderBy: { at: 'asc' } });
    if (!next) break;
    if (next.at > desk.now) desk.now = next.at;
    await desk.turn();
  }
  desk.now = end;
}
