// A page in Slack: the direct message with its buttons, what Slack refuses, and what is seen when somebody has it.
import { expect, test } from 'vitest';
import { channelOf, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

function direct(world: World, person: string) {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().find((each) => each.isIm && each.members.includes(id));
  return {
    id: own?.id ?? '',
    texts: (own?.messages ?? []).map((each) => each.text),
    messages: own?.messages ?? [],
  };
}

async function press(world: World, person: string, command: string): Promise<void> {
  const { id, messages } = direct(world, person);
  const ts = messages.findLast((each) => JSON.stringify(each.blocks ?? []).includes(command))?.ts ?? '';
  const outcome = await world.sandbox.person(person).click(id, ts, `run:${command}`);
  expect(outcome.ok).toBe(true);
  await world.settled();
}

async function openCalls(world: World): Promise<void> {
  await say(world, 'bob', 'contact mail:bob@example.com');
  await say(world, 'chen', 'contact mail:chen@example.com');
  await say(world, 'ana', 'escalation default @bob 5m then @chen 10m repeat:15m');
  await say(world, 'ana', 'declare writes are stuck sev:1');
}

test('whoever is called reads what for, presses a button, and everybody sees who has it', async () => {
  const world = await openWorld();
  await openCalls(world);
  const channel = channelOf(world).name;
  await say(world, 'ana', 'page default the disk is full', channel);
  const [text = ''] = direct(world, 'bob').texts.filter((each) => each.includes('PAGE-1'));
  expect(text).toContain('the disk is full');
  expect(text).toContain('INC-1 SEV1: writes are stuck');
  expect(text).toContain('You are called by e-mail too.');
  expect(text).toContain('the next level is called');

  await press(world, 'bob', '/incident ack PAGE-1');
  expect(direct(world, 'bob').texts.filter((each) => each.includes('PAGE-1'))[0]).toMatch(
    /bob has it since[\s\S]*the disk is full\nINC-1 SEV1: writes are stuck in #inc-1-\S+\n\/incident brief INC-1 says/i,
  );
  const inChannel = channelOf(world).messages.map((each) => each.text);
  expect(inChannel.filter((each) => /PAGE-1: @bob has it, after 0 min/i.test(each))).toHaveLength(1);
  expect(inChannel.filter((each) => /PAGE-1 calls whoever is on call/.test(each))).toHaveLength(1);
  expect(channelOf(world).members).toContain(world.sandbox.person('bob').id);
  await world.pass({ hours: 2 });
  expect(direct(world, 'chen').texts.filter((each) => each.includes('PAGE-1'))).toEqual([]);
});

test('it is passed on by a button; whom Slack refuses is said in the channel, and the next level is called', async () => {
  const world = await openWorld();
  await openCalls(world);
  const channel = channelOf(world).name;
  await say(world, 'ana', 'page default', channel);
  await press(world, 'bob', '/incident escalate PAGE-1');
  expect(direct(world, 'chen').texts.some((each) => each.includes('PAGE-1'))).toBe(true);
  await press(world, 'chen', '/incident ack PAGE-1');

  world.sandbox.faults.refuse('conversations.open', 'user_not_visible', { times: 1 });
  await say(world, 'ana', 'page @bob again', channel);
  const inChannel = channelOf(world).messages.map((each) => each.text);
  expect(inChannel.some((each) => /PAGE-2 did not reach bob by Slack: .*user_not_visible/i.test(each))).toBe(
    true,
  );
  expect(await say(world, 'ana', 'page PAGE-2')).toMatch(/bob by Slack.*failed/i);
});

test('an answer that got lost on the way posts no second message', async () => {
  const world = await openWorld();
  await openCalls(world);
  world.sandbox.faults.drop('chat.postMessage', 'after', { times: 1 });
  await say(world, 'ana', 'page @bob look');
  expect(direct(world, 'bob').texts.filter((each) => each.includes('PAGE-1'))).toHaveLength(1);
});

test('in a drill a way that is not gone is not spoken of, and outside nobody has it to do', async () => {
  const world = await openWorld();
  await openCalls(world);
  await say(world, 'ana', 'declare the cluster is gone drill');
  await say(world, 'ana', 'role INC-2 operations @bob');
  await say(world, 'ana', 'page INC-2 @bob');
  await say(world, 'ana', 'page INC-2 @chen');
  const ring = direct(world, 'bob').texts.find((each) => each.includes('PAGE-1')) ?? '';
  expect(ring).toContain('This is a drill.');
  expect(ring).not.toContain('too.');
  expect(
    channelOf(world, 2)
      .messages.map((each) => each.text)
      .join('\n'),
  ).not.toContain('By Slack only');
  for (const name of ['bob', 'chen']) await world.sandbox.person(name).openHome();
  await world.settled();
  const home = (name: string) => JSON.stringify(world.sandbox.homeOf(world.sandbox.person(name).id));
  expect(home('bob')).toContain('A drill: ');
  expect(home('chen')).not.toContain('PAGE-');
});

test('whoever was called reads why it was withdrawn, and a title that was redacted no longer', async () => {
  const world = await openWorld();
  await openCalls(world);
  const channel = channelOf(world).name;
  await say(world, 'ana', 'page default', channel);
  await say(world, 'ana', 'page @chen', channel);
  expect(direct(world, 'bob').texts.join()).toContain('ana calls whoever is on call by default.');
  await say(world, 'ana', 'withdraw PAGE-1 the wrong team');
  expect(direct(world, 'bob').texts.join()).toContain('PAGE-1 was withdrawn: the wrong team');
  expect(direct(world, 'chen').texts.join()).toContain('writes are stuck');
  await say(world, 'ana', 'redact INC-1 #1 a secret');
  expect(direct(world, 'chen').texts.join()).not.toContain('writes are stuck');
  const entry = await world.app.db.read.entry.findFirstOrThrow({
    where: { text: { contains: 'wrong team' } },
  });
  await say(world, 'ana', `redact INC-1 #${entry.seq} a secret`);
  expect(direct(world, 'bob').texts.join()).not.toContain('wrong team');
});
