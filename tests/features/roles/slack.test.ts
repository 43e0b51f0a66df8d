// Taking a role in Slack: the form offers those that there are, and the holder is told what the role is for.
import { expect, test } from 'vitest';
import { channelOf, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

const evidence = 'Keep the evidence.\nSwitch nothing off before you have it.';

/** The direct messages to a person. */
function toldTo(world: World, name: string): string[] {
  const { id } = world.sandbox.person(name);
  const direct = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return direct.flatMap((each) => each.messages).map((each) => each.text);
}

test('whoever takes a role hears what it is for, what the workspace says of it, and who commands', async () => {
  const world = await openWorld();
  await say(world, 'ana', `define security-lead ${evidence}`);
  await say(world, 'ana', 'declare a key leaked sev:1');
  await say(world, 'ana', 'role INC-1 commander me');
  await say(world, 'ana', 'role INC-1 security-lead @bob');
  const [commander] = toldTo(world, 'ana');
  expect(commander).toContain('You are commander of INC-1 a key leaked (SEV1, investigating)');
  expect(commander).toContain('decides, delegates, keeps the whole in view');
  expect(commander).toContain('You command.');
  expect(commander).toContain('/incident status INC-1 STATUS TEXT');
  const [bob] = toldTo(world, 'bob');
  expect(bob).toContain('Keep the evidence.\nSwitch nothing off before you have it.');
  expect(bob).toContain('@ana commands. It is worked on in #inc-1-');
  expect(bob?.split('\n').length).toBeLessThanOrEqual(12);
  expect(toldTo(world, 'bob')).toHaveLength(1);
});

test('whoever loses a role by another’s word is told, and so is whoever was given one that is taken back', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare writes are stuck');
  await say(world, 'ana', 'role INC-1 scribe @bob');
  await say(world, 'ana', 'role INC-1 scribe @chen');
  expect(toldTo(world, 'bob').at(-1)).toMatch(/You are no longer scribe of INC-1: @chen is \(ana\)/);
  await say(world, 'ana', 'undo INC-1');
  expect(toldTo(world, 'chen').at(-1)).toContain('You are not scribe of INC-1 after all');
  expect(toldTo(world, 'bob').at(-1)).toContain('you are scribe of INC-1 again');
  const before = toldTo(world, 'bob').length;
  await say(world, 'bob', 'role INC-1 scribe @ana');
  expect(toldTo(world, 'bob')).toHaveLength(before);
  await say(world, 'ana', 'handover INC-1 scribe @bob');
  await say(world, 'bob', 'accept INC-1 scribe');
  expect(toldTo(world, 'ana').filter((each) => /no longer scribe/.test(each))).toEqual([]);
});

test('nobody is told of a role that was theirs only then, or of an incident that is over', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare writes are stuck');
  await say(world, 'ana', 'role INC-1 scribe @bob');
  await say(world, 'ana', 'role INC-1 scribe @chen at:10:00');
  expect(toldTo(world, 'chen')).toEqual([]);
  await say(world, 'ana', 'resolve INC-1');
  await say(world, 'ana', 'role INC-1 operations @chen');
  expect(toldTo(world, 'chen')).toEqual([]);
});

test('where Slack lets nobody write to the holder, the incident’s channel has it, and says for whom', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare writes are stuck');
  world.sandbox.faults.refuse('conversations.open', 'restricted_action');
  await say(world, 'ana', 'role INC-1 scribe @bob');
  const texts = channelOf(world).messages.map((each) => each.text);
  expect(texts.find((text) => text.includes('You are scribe'))).toMatch(/whom I could not write to/);
});

test('in a private incident the holder is a member, and only then is told', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare a key leaked private');
  await say(world, 'ana', 'role INC-1 scribe @bob');
  expect(toldTo(world, 'bob').join()).toContain('You are scribe of INC-1 a key leaked');
  expect(await world.app.db.read.member.count()).toBe(2);
});

test('the form offers the roles of the workspace too', async () => {
  const world = await openWorld();
  await say(world, 'ana', `define security-lead ${evidence}`);
  await say(world, 'ana', 'declare a key leaked');
  const ana = world.sandbox.person('ana');
  await ana.command('/incident role INC-1', { channel: 'general' });
  const view = await ana.waitForView();
  expect(JSON.stringify(view.blocks)).toContain('security-lead: Keep the evidence.');
  await ana.submit(view, { role: 'security-lead', user: world.sandbox.person('bob').id });
  await world.settled();
  expect(await say(world, 'ana', 'roles INC-1')).toContain('security-lead: bob');
});

test('a role is defined by a form as well', async () => {
  const world = await openWorld();
  const ana = world.sandbox.person('ana');
  await ana.command('/incident define', { channel: 'general' });
  const view = await ana.waitForView();
  await ana.submit(view, { role: 'Bridge', instructions: evidence });
  await world.settled();
  expect(await say(world, 'ana', 'roles')).toContain(
    'bridge: Keep the evidence. Switch nothing off before you have it.',
  );
});
