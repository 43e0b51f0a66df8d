// The local Slack in a terminal: what is typed there, and what comes back, also when it comes later.
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { openTerminal } from '../../src/sandbox/terminal.js';
import { openWorld } from '../helpers/world.js';

test('a mention of @Andon is one, and an answer that comes later is shown once', async () => {
  const { world, type, output } = await terminal();
  await type('/incident declare writes are stuck sev:1', 'INC-1');
  await world.settled();
  await type('@Andon note INC-1 the disk is full', '#2 on INC-1’s timeline');
  const answers = output().match(/\(only you see this\) #2 on INC-1’s timeline/g);
  expect(answers).toHaveLength(1);
  expect(output().match(/\(only you see this\) INC-1 declared/g)).toHaveLength(1);
});

test('an answer to somebody else is theirs alone', async () => {
  const { world, type, output } = await terminal();
  await type('people', 'bob — ');
  await world.sandbox.person('bob').command('/incident show INC-9', { channel: 'general' });
  await type('channels', '#general');
  expect(output()).not.toContain('INC-9');
});

test('somebody who is not there is answered with who is', async () => {
  const { type } = await terminal();
  await type('as nobody', 'There is no nobody. The people: ana, bob');
  await type('as Bob', '');
  await type('hello', '');
  await type('read', 'bob: hello');
});

test.each(['quit', 'exit'])('%s ends it', async (word) => {
  const { type, quits } = await terminal();
  await type(word, '');
  await expect.poll(quits).toBe(1);
});

async function terminal() {
  const world = await openWorld();
  const input = new PassThrough();
  const out = new PassThrough();
  let text = '';
  let quits = 0;
  out.on('data', (chunk) => {
    text += String(chunk);
  });
  const opened = openTerminal(world.sandbox, {
    input,
    output: out,
    channel: 'general',
    quit: () => {
      quits += 1;
    },
  });
  onTestFinished(() => opened.close());
  return {
    world,
    quits: () => quits,
    output: () => text,
    async type(line: string, expected: string) {
      const from = text.length;
      input.write(`${line}\n`);
      await expect
        .poll(() => world.settled().then(() => text.slice(from)), { timeout: 5_000 })
        .toContain(expected);
    },
  };
}
