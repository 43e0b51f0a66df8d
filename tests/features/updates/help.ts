// What tests of updates share: an incident, what follows from what is said of it, and what waits to be sent.
import { expect } from 'vitest';
import type { Desk, PersonName } from '../../helpers/desk.js';

/** Says a line and returns the answer to it, which must be a yes. */
export async function accepted(desk: Desk, person: PersonName, line: string): Promise<string> {
  const said = await desk.say(person, line);
  expect(said.accepted, `${line}: ${said.text}`).toBe(true);
  await desk.turn();
  return said.text;
}

/** Lets the clock run to an instant of the day, minute by minute, as a worker sees it. */
export async function until(desk: Desk, time: string): Promise<void> {
  const end = new Date(`2026-03-10T${time}:00Z`);
  while (desk.now < end) {
    desk.now = new Date(Math.min(end.getTime(), desk.now.getTime() + 60_000));
    await desk.turn();
  }
}

/** The data of the facts of a kind, each with the minute of its recording. */
export async function recorded(desk: Desk, type: string) {
  const rows = await desk.db.read.fact.findMany({ where: { type }, orderBy: { position: 'asc' } });
  return rows.map((row) => ({
    at: row.recordedAt.toISOString().slice(11, 16),
    // biome-ignore lint/suspicious/noExplicitAny: tests reach into facts of every kind
    data: row.data as any,
  }));
}

/** The messages and letters that wait to be sent, as `view → where`. */
export async function waiting(desk: Desk, view: string): Promise<string[]> {
  const rows = await desk.db.read.job.findMany({ orderBy: { id: 'asc' } });
  return rows
    .flatMap(({ payload }) => {
      // biome-ignore lint/suspicious/noExplicitAny: effects of every kind
      const it = payload as any;
      if (it.do === 'mail' && view === 'mail') return [`mail ${it.to}`];
      if (it.do !== 'show' || it.view !== view) return [];
      const { to, userId, channel } = it.destination;
      return [`${to} ${userId ?? channel ?? ''}`.trim()];
    })
    .sort();
}
