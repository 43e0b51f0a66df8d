// Changes for tests of cover and validation, stated as facts: what is tested is what follows from them.
import { expect } from 'vitest';
import { environmentsOf, neighboursOf } from '../../../src/features/catalog/index.js';
import {
  type Announcing,
  announced,
  type ChangeKind,
  type ChangeState,
  changeMoved,
  changeStateSet,
  changeStream,
  silentReport,
  takeChangeNumber,
} from '../../../src/features/change/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { type Desk, type PersonName, people } from '../../helpers/desk.js';

export const who = (name: PersonName) => ({ id: people[name].id, name: people[name].name });

/** Ana announces an upgrade of the database for 14:00 to 15:00 that day, unless told otherwise. */
export async function announce(desk: Desk, over: Partial<Announcing> = {}): Promise<string> {
  const id = desk.ask().newId();
  const tx = desk.db.of(desk.workspace.id).read;
  const number = await desk.db.write((write) => takeChangeNumber(write, desk.workspace));
  const it: Announcing = {
    ...silentReport,
    ...{
      id,
      number,
      source: 'andon',
      key: id,
      kind: 'upgrade',
      title: 'Upgrade the database',
      state: 'planned',
    },
    ...{ components: [{ service: 'db', environment: 'prod', cluster: '' }], owner: who('ana'), cover: null },
    plannedStart: new Date('2026-03-10T14:00:00Z'),
    plannedEnd: new Date('2026-03-10T15:00:00Z'),
    ...{ unchanged: false, rollbackOfId: null, conflicts: [], format: 'andon' },
    ...over,
  };
  const around = {
    environments: await environmentsOf(tx, desk.workspace.id),
    neighbourhood: await neighboursOf(
      tx,
      desk.workspace.id,
      it.components.map((each) => each.service),
    ),
  };
  const fact = announced(it, around, { kind: 'person', ...who('ana'), zone: null });
  await desk.execute(recordResult.given([fact]), desk.ask());
  await desk.turn();
  return id;
}

/** It comes to another state. */
export async function setState(desk: Desk, id: string, to: ChangeState): Promise<void> {
  const change = await desk.db.read.change.findUniqueOrThrow({ where: { id } });
  const { number } = change;
  const [kind, from] = [change.kind as ChangeKind, change.state as ChangeState];
  const fact = changeStateSet(
    { number, kind, from, to, text: null, sequence: null },
    { stream: changeStream(id) },
  );
  await desk.execute(recordResult.given([fact]), desk.ask());
  await desk.turn();
}

/** It is planned for another time. */
export async function move(desk: Desk, id: string, start: string, end: string): Promise<void> {
  const { number, plannedStart, plannedEnd } = await desk.db.read.change.findUniqueOrThrow({ where: { id } });
  const fact = changeMoved(
    {
      ...{ number, conflicts: [], before: { plannedStart, plannedEnd } },
      ...{ plannedStart: new Date(start), plannedEnd: new Date(end) },
    },
    { stream: changeStream(id) },
  );
  await desk.execute(recordResult.given([fact]), desk.ask());
  await desk.turn();
}

/** What was recorded of a kind on a change, with its instant. */
export async function recorded(
  desk: Desk,
  id: string,
  type: string,
): Promise<{ at: string; data: Record<string, unknown> }[]> {
  const rows = await desk.db.read.fact.findMany({
    where: { stream: changeStream(id), type },
    orderBy: { version: 'asc' },
  });
  return rows.map((row) => ({
    at: row.recordedAt.toISOString().slice(0, 16),
    data: row.data as Record<string, unknown>,
  }));
}

/** Support is a channel and Bob. */
export async function setSupport(desk: Desk): Promise<void> {
  const support = { supportChannel: 'support', supportPeople: [who('bob')], checks: [] };
  const row = { workspaceId: desk.workspace.id, ...support };
  await desk.db.write((tx) => tx.teamSetting.create({ data: row }));
}

/** The effects that wait, as what they do and where. */
export async function waiting(desk: Desk, slot: string): Promise<string[]> {
  const jobs = await desk.db.read.job.findMany({ where: { state: 'waiting' } });
  return jobs.flatMap(({ payload }) => {
    const effect = payload as { slot?: string; view?: string; destination?: { to: string; userId?: string } };
    if (!effect.slot?.includes(slot)) return [];
    return [`${effect.view ?? 'say'} ${effect.destination?.userId ?? effect.destination?.to}`];
  });
}

export async function change(desk: Desk, id: string) {
  return desk.db.read.change.findUniqueOrThrow({ where: { id } });
}

export async function accepted(desk: Desk, person: PersonName, line: string): Promise<string> {
  const said = await desk.say(person, line);
  expect(said.accepted, said.text).toBe(true);
  return said.text;
}
