// An incident with people in its channel, and what its timeline holds, for tests of where entries come from.
import { expect } from 'vitest';
import { openWorld, type World, type WorldOptions } from './world.js';

export interface EntryRow {
  readonly seq: number;
  readonly kind: string;
  readonly text: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly source: string;
  readonly occurredAt: Date | null;
  readonly recordedAt: Date;
  readonly corrects: string | null;
  readonly correctedBy: string | null;
  readonly withdrawn: boolean;
  readonly files: unknown;
  readonly permalink: string | null;
}

export interface IncidentWorld extends World {
  readonly channel: string;
}

/** A world with INC-1 open and ana, bob and chen in its channel. */
export async function openIncident(options: WorldOptions = {}, flags = ''): Promise<IncidentWorld> {
  const world = await openWorld({ at: '2026-03-10T10:30:00Z', ...options });
  const { sandbox } = world;
  await sandbox.person('ana').command(`/incident declare writes are stuck${flags}`, { channel: 'general' });
  await world.settled();
  const channel = sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.name ?? '';
  expect(channel).not.toBe('');
  for (const name of ['bob', 'chen']) await sandbox.person('ana').invite(channel, name);
  await world.settled();
  return Object.assign(world, { channel });
}

/** What was taken from messages, as the record shows it, in the order of recording. */
export async function taken(world: World): Promise<EntryRow[]> {
  const rows = await world.app.db.read.entry.findMany({
    where: { permalink: { not: null } },
    orderBy: { seq: 'asc' },
  });
  return rows as unknown as EntryRow[];
}

/** The messages among them that count. */
export async function counted(world: World): Promise<string[]> {
  const rows = await taken(world);
  return rows.filter((each) => !each.withdrawn && each.correctedBy === null).map((each) => each.text);
}

/** Everything that the record says of the incident, as text. */
export async function told(world: World): Promise<string[]> {
  const rows = await world.app.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
  return rows.map((each) => each.text);
}

/** What Andon said to one person only, besides the answers to their commands. */
export function whispers(world: World, name: string): string[] {
  const heard = world.sandbox.ephemerals(world.sandbox.person(name).id);
  return heard.filter((each) => each.via !== 'ack').map((each) => each.text);
}
