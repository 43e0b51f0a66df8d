// Groups of people for tests: who is in them, as Slack would say.
import { expect } from 'vitest';
import type { PermittedAction } from '../../../src/features/permission/index.js';
import { groupGivenUp, recordGroup } from '../../../src/features/permission/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { type Desk, type PersonName, people } from '../../helpers/desk.js';

export const sre = '<!subteam^S0SRE0001|@sre>';
export const leads = '<!subteam^S0LEAD001|@leads>';

const ids = { sre: 'S0SRE0001', leads: 'S0LEAD001' } as const;

/** What whoever has the machine asks. */
export const machine = {
  actor: { kind: 'person', id: 'cli:root', name: 'root', zone: null },
  source: 'cli',
} as const;

/** Slack says who is in a group. */
export async function inGroup(
  desk: Desk,
  group: keyof typeof ids,
  members: readonly PersonName[],
): Promise<void> {
  const read = { groupId: ids[group], handle: group, members: members.map((name) => people[name].id) };
  await desk.execute(recordGroup.given(read), desk.ask());
}

/** Slack does not say who is in a group. */
export async function refusedBySlack(desk: Desk, group: keyof typeof ids, error: string): Promise<void> {
  const failure = { method: 'usergroups.users.list', error, needed: null };
  const { read } = desk.db.of(desk.workspace.id);
  const facts = await groupGivenUp(read, desk.workspace.id, ids[group], failure);
  if (facts.length > 0) await desk.execute(recordResult.given(facts), desk.ask());
}

/** It is given to the sre, and these are in it. */
export async function givenTo(
  desk: Desk,
  action: PermittedAction,
  members: readonly PersonName[],
): Promise<void> {
  const said = await desk.say('ana', `permit ${action} ${sre}`, machine);
  expect(said.accepted, said.text).toBe(true);
  await inGroup(desk, 'sre', members);
}
