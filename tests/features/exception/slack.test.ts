// An exception in Slack and at the gate: denied, asked for, approved by a button, let through once, and denied again.
import { expect, test } from 'vitest';
import { openWorld, type World } from '../../helpers/world.js';
import { program } from '../../http/help.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];

async function say(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(line, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);

function directTo(world: World, person: string) {
  const { id } = world.sandbox.person(person);
  const found = world.sandbox.channels().find((each) => each.isIm && each.members.includes(id));
  if (!found) throw new Error(`nobody wrote to ${person}`);
  return found;
}

/** Presses the button of this name under the latest direct message that has it. */
async function press(world: World, person: string, label: string): Promise<void> {
  const { id, messages } = directTo(world, person);
  const message = messages.findLast((each) => JSON.stringify(each.blocks ?? []).includes(label));
  const parts = JSON.stringify(message?.blocks).split('{"type":"button"');
  const action = /"action_id":"(run:[^"]+)"/.exec(parts.find((each) => each.includes(label)) ?? '')?.[1];
  await world.sandbox.person(person).click(id, message?.ts ?? '', action ?? '');
  await world.settled();
}

test('a held deployment is let through once, by somebody else’s button', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const ci = await program(world, ['gate', 'changes:write'], 'ci');
  const deploy = { kind: 'deploy', title: 'Deploy api 4.12', targets: ['api/prod'], key: 'run-1' };
  await say(world, 'ana', '/freeze on rebuilding the cluster on:*/prod for:3h');
  const denied = await ci.post('gate', deploy);
  expect(denied.body).toMatchObject({ decision: 'deny', exceptionId: null });

  const asked = await say(
    world,
    'bob',
    '/freeze except FRZ-1 change:run-1 the certificate expires tonight <!channel>',
  );
  expect(asked).toContain('EXC-1 is asked for: through FRZ-1 for Deploy api 4.12');
  const announced = texts(world, 'changes').find((text) => text.startsWith('EXC-1'));
  expect(announced).toContain('A way through is asked for: bob, through FRZ-1');
  expect(announced).toContain('ana may approve it');
  // What somebody wrote reaches nobody but those who read it.
  expect(announced).not.toContain('<!channel>');
  expect((await ci.post('gate', deploy)).body).toMatchObject({ decision: 'deny' });

  await press(world, 'ana', 'Approve EXC-1');
  expect(texts(world, 'changes').find((text) => text.startsWith('EXC-1 A way'))).toContain('Approved by ana');
  expect(directTo(world, 'ana').messages.at(-1)?.text).toContain('Approved by ana');
  expect(directTo(world, 'bob').messages.at(-1)?.text).toContain('Approved by ana');

  const allowed = await ci.post('gate', deploy);
  expect(allowed.body.decision).toMatch(/allow|warn/);
  expect(allowed.body.exceptionId).toBe('EXC-1');
  await world.settled();
  expect(texts(world, 'changes')).toContainEqual(
    expect.stringContaining('EXC-1 was used by Deploy api 4.12, through FRZ-1. It is used up.'),
  );
  // Asked again while that answer is good, it is the same one; another change is denied.
  expect((await ci.post('gate', deploy)).body.exceptionId).toBe('EXC-1');
  expect((await ci.post('gate', { ...deploy, key: 'run-2', exceptionId: 'EXC-1' })).body.decision).toBe(
    'deny',
  );
});

test('a freeze that is named alone opens the form, and what is wrong there is said there', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'ana', '/freeze on rebuilding the cluster on:*/prod for:3h');
  const outcome = await world.sandbox.person('bob').command('/freeze except FRZ-1', { channel: 'general' });
  expect(outcome.ok).toBe(true);
  await world.settled();
  const bob = world.sandbox.person('bob');
  const form = await bob.waitForView();
  expect(JSON.stringify(form)).toContain('"initial_value":"FRZ-1"');
  const said = { freezes: 'FRZ-1', reason: 'the certificate expires tonight', for: '20m' };
  const wrong = await bob.submit(form, said);
  expect(JSON.stringify(wrong)).toContain('Say what it is for');
  await bob.submit(form, { ...said, on: 'api/prod' });
  await world.settled();
  expect(texts(world, 'changes').find((text) => text.startsWith('EXC-1'))).toContain(
    'touches api/prod · one use in 20m',
  );
});
