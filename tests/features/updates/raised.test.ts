// A severity that rises brings in those who subscribed to it, with all that they need; taken back, they hear no more.
import { expect, test } from 'vitest';
import { openMailbox } from '../../helpers/mailbox.js';
import { say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

const channels = [{ name: 'general' }, { name: 'incidents' }];

async function withSubscriber() {
  const mailbox = await openMailbox();
  const world = await openWorld({
    at: '2026-03-10T10:00:00Z',
    sandbox: { channels },
    mail: { url: mailbox.url, from: 'Andon <andon@example.com>' },
  });
  await say(world, 'bob', 'contact mail:bob@example.com');
  await say(world, 'bob', 'subscribe sev:1 mail');
  const letters = () => mailbox.letters.filter(({ subject }) => subject.startsWith('INC'));
  return { world, letters };
}

function texts(world: World, channel: string): string[] {
  return world.sandbox.messages(channel).map((each) => each.text);
}

function directTo(world: World, name: string): string[] {
  const { id } = world.sandbox.person(name);
  const direct = world.sandbox.channels().find((each) => each.isIm && each.members.includes(id));
  return direct?.messages.map((each) => each.text) ?? [];
}

test('a severity that is taken back ends what it began, until it is so again', async () => {
  const { world, letters } = await withSubscriber();
  await say(world, 'ana', 'declare writes are stuck sev:2');
  await say(world, 'ana', 'severity INC-1 1');
  expect(directTo(world, 'bob').at(-1)).toMatch(/INC-1 is SEV1 now\*?, was SEV2; declared/);
  await say(world, 'ana', 'undo INC-1');
  expect(letters().map(({ subject }) => subject)).toEqual(['INC-1: it is SEV1 now', 'INC-1: SEV2 after all']);
  expect(letters().at(-1)?.text).toContain('nothing more comes to this subscription');
  expect(directTo(world, 'bob').at(-1)).toMatch(/INC-1 is SEV2 after all\*?; nothing more comes/);
  expect(texts(world, 'incidents').at(-1)).toContain('INC-1 is SEV2 after all');
  await say(world, 'ana', 'update INC-1 we are on it');
  await say(world, 'ana', 'severity INC-1 3');
  expect(letters()).toHaveLength(2);
  await say(world, 'ana', 'severity INC-1 1');
  await say(world, 'ana', 'update INC-1 it is restored');
  await say(world, 'ana', 'resolve INC-1');
  expect(
    letters()
      .slice(2)
      .map(({ subject }) => subject),
  ).toEqual(['INC-1: it is SEV1 now', 'INC-1: an update', 'INC-1: it is resolved']);
});

test('whoever hears of it by a raised severity is told what was said and when more comes; what is redacted goes there too', async () => {
  const { world, letters } = await withSubscriber();
  await say(world, 'ana', 'declare writes are stuck sev:3 on:api/prod');
  await world.pass({ minutes: 5 });
  await say(world, 'ana', 'update INC-1 the password is hunter2 next:2h');
  await say(world, 'ana', 'severity INC-1 1');
  for (const text of [directTo(world, 'bob').at(-1), letters().at(-1)?.text]) {
    expect(text).toMatch(/INC-1 is SEV1 now\*?, was SEV3; declared .*10:00/s);
    expect(text).toMatch(/Update 1\*? \(.*10:05.*\): the password is hunter2/s);
    expect(text).toMatch(/Next update by .*10:35/s);
  }
  const seq = /#(\d+)[^#]*hunter2/.exec(await say(world, 'ana', 'timeline INC-1'))?.[1];
  await say(world, 'ana', `redact INC-1 #${seq} a name`);
  expect(directTo(world, 'bob').join()).not.toContain('hunter2');
  expect(directTo(world, 'bob').join()).toMatch(/Update 1\*? \(.*\): redacted/s);
});

test('what gets grave is said once in a new message where incidents are announced, and not of a drill', async () => {
  const { world } = await withSubscriber();
  await say(world, 'ana', 'declare writes are stuck sev:4');
  const before = texts(world, 'incidents').length;
  await say(world, 'ana', 'severity INC-1 3');
  expect(texts(world, 'incidents')).toHaveLength(before);
  await say(world, 'ana', 'severity INC-1 1');
  expect(texts(world, 'incidents').slice(before).join()).toMatch(
    /INC-1 is SEV1 now\*?, was SEV3: writes are/,
  );
  await say(world, 'ana', 'severity INC-1 2');
  expect(texts(world, 'incidents')).toHaveLength(before + 1);
  await say(world, 'ana', 'declare practise it sev:3 drill');
  await say(world, 'ana', 'severity INC-2 1');
  await say(world, 'ana', 'declare the vault leaks sev:3 private');
  await say(world, 'ana', 'severity INC-3 1');
  expect(texts(world, 'incidents')).toHaveLength(before + 1);
});
