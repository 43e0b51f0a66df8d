// A real group of people in Slack: read, read again, changed by an admin, refused; and asked by every door.
import { expect, test } from 'vitest';
import { directs, say } from '../../helpers/talk.js';
import { openWorld, type World, type WorldOptions } from '../../helpers/world.js';
import { program } from '../../http/help.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];
const bob = 'U0BOB00002';

function open(over: WorldOptions['sandbox'] = {}): Promise<World> {
  const usergroups = [{ handle: 'sre', name: 'Site reliability', users: [bob] }];
  return openWorld({ sandbox: { channels, usergroups, ...over } });
}

async function freezeSays(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/freeze ${line}`, { channel: 'general' });
  await world.settled();
  return outcome.reply?.text ?? '';
}

const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);

test('ids of the local people', async () => {
  const world = await open();
  expect(world.sandbox.person('bob').id).toBe(bob);
});

test('a freeze is lifted by whoever is in the group, over Slack, HTTP and a button', async () => {
  const world = await open();
  const api = await program(world, ['freezes:read', 'freezes:write'], 'ci');
  expect(await say(world, 'ana', 'permit lift_freeze @sre')).toContain('Whoever is in @sre may');
  expect(texts(world, 'incidents').join()).toContain('Who may lift a hard freeze: whoever is in @sre');
  await freezeSays(world, 'ana', 'on rebuilding on:*/prod for:3h');
  expect(await freezeSays(world, 'chen', 'lift FRZ-1')).toContain('whoever is in @sre: ask one of them');
  const refused = await api.delete('freezes/1');
  expect(refused.status).toBe(409);
  expect(refused.body.detail).toContain('A token may not lift FRZ-1');
  expect(refused.body.detail).toContain('@sre');

  // The button under the announcement says the same line.
  const changes = world.sandbox.channel('changes');
  const message = changes?.messages.find((each) => JSON.stringify(each.blocks).includes('/freeze lift'));
  if (changes && message) {
    const action = /"action_id":"(run:\/freeze lift[^"]+)"/.exec(JSON.stringify(message.blocks))?.[1] ?? '';
    for (const person of ['chen', 'bob']) {
      const { id } = world.sandbox.person(person);
      if (!changes.members.includes(id)) await world.sandbox.person(person).join('changes');
      await world.sandbox.person(person).click(changes.id, message.ts, action);
      await world.settled();
      const lifted = await world.app.db.read.freeze.count({ where: { liftedAt: { not: null } } });
      expect(lifted, person).toBe(person === 'bob' ? 1 : 0);
    }
  } else {
    expect(await freezeSays(world, 'bob', 'lift FRZ-1')).toContain('FRZ-1 is lifted');
  }
});

test('whoever is taken out of the group may no longer, once it is read again', async () => {
  const world = await open();
  await say(world, 'ana', 'permit lift_freeze @sre');
  await freezeSays(world, 'ana', 'on rebuilding on:*/prod for:5h');
  const group = world.sandbox.group('sre');
  group.setUsers(['chen']);
  await world.settled();
  // Slack said so at once.
  expect(await freezeSays(world, 'bob', 'lift FRZ-1')).toContain('You may not lift');
  expect(await say(world, 'ana', 'permissions')).toContain('@sre: one person');
  expect(await freezeSays(world, 'chen', 'lift FRZ-1')).toContain('is lifted');
});

test('what Slack did not say is noticed within the hour', async () => {
  const world = await open({ app: { events: ['app_home_opened'] } });
  await say(world, 'ana', 'permit lift_freeze @sre');
  await freezeSays(world, 'ana', 'on rebuilding on:*/prod for:5h');
  world.sandbox.group('sre').setUsers([]);
  await world.settled();
  await world.pass({ minutes: 59 });
  expect(await world.app.db.read.fact.count({ where: { type: 'GroupRead' } })).toBe(1);
  await world.pass({ minutes: 2 });
  expect(await freezeSays(world, 'bob', 'lift FRZ-1')).toContain('You may not lift');
});

test('without the scope it is not in force, and whoever gave it is told what mends it', async () => {
  const world = await open();
  world.sandbox.faults.refuse('usergroups.users.list', 'missing_scope', { needed: 'usergroups:read' });
  await say(world, 'ana', 'permit lift_freeze @sre');
  const told = directs(world).find((text) => text.includes('does not say who is in @sre'));
  expect(told).toContain('An admin of Slack adds the scope usergroups:read');
  await freezeSays(world, 'ana', 'on rebuilding on:*/prod for:3h');
  expect(await freezeSays(world, 'chen', 'lift FRZ-1')).toContain('FRZ-1 is lifted');
  world.sandbox.faults.clear();
  await world.pass({ hours: 1, minutes: 1 });
  await freezeSays(world, 'ana', 'on rebuilding on:*/prod for:3h');
  expect(await freezeSays(world, 'chen', 'lift FRZ-2')).toContain('You may not lift');
});

test('a workspace without groups says so', async () => {
  const world = await openWorld({ sandbox: { channels } });
  expect(await say(world, 'ana', 'permit lift_freeze S0AAAAAAA')).toContain('Whoever is in');
  expect(directs(world).join()).toContain('Groups of people are in Slack’s paid plans');
});

test('a group that is named in a mention is understood, and in a note it is what it looks like', async () => {
  const world = await open();
  await say(world, 'ana', 'declare writes are stuck');
  await say(world, 'ana', 'note INC-1 asked @sre to look');
  const noted = await world.app.db.read.entry.findFirstOrThrow({ where: { kind: 'note' } });
  expect(noted.text).toBe('asked @sre to look');
  const bot = world.sandbox.botUserId;
  await world.sandbox.person('ana').say(`<@${bot}> permit approve_exception @sre`, {
    channel: 'general',
    inviteApp: true,
  });
  await world.settled();
  expect(await say(world, 'ana', 'permissions')).toContain('approve_exception: whoever is in @sre');
});
