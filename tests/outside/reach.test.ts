// Somebody is reached where Slack is not: by letter over a real SMTP server and by a signed webhook, end to end.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { keepPager } from '../../src/db/pagers.js';
import { sealOf } from '../../src/db/seal.js';
import { openMailbox } from '../helpers/mailbox.js';
import { directs, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

vi.setConfig({ testTimeout: 60_000 });

const from = 'Andon <andon@example.com>';

async function attempts(world: World): Promise<string[]> {
  const rows = await world.app.db.read.pageAttempt.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  return rows.map((each) => `${each.path} ${each.state}`).sort();
}

test('a letter is tried and then carries a page, with a link to answer; once it is over no more letter goes', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({ mail: { url: mailbox.url, from }, publicUrl: 'https://andon.example.com' });
  await say(world, 'ana', 'contact mail:ana@example.com');
  await say(world, 'ana', 'contact test');
  expect(mailbox.letters.map((each) => each.subject)).toEqual(['Andon can reach you here']);
  expect(directs(world).join('\n')).toContain('The mail server took a letter to ana@example.com');

  await say(world, 'bob', 'declare writes are stuck sev:1');
  await say(world, 'bob', 'page INC-1 @ana you know the database');
  const [, letter] = mailbox.letters;
  expect(letter?.subject).toBe('[PAGE-1] SEV1 writes are stuck');
  expect(letter?.text).toContain('Why you: “you know the database”');
  expect(letter?.text).toMatch(/https:\/\/andon\.example\.com\/pages\/\S+/);
  expect(await attempts(world)).toContain('mail delivered');

  mailbox.refuse('unauthorized');
  await say(world, 'ana', 'ack PAGE-1');
  await world.pass({ hours: 1 });
  expect(mailbox.letters).toHaveLength(2);
});

test('a test letter that the server refuses is said with its words, and so is one that nobody can send', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({ mail: { url: mailbox.url, from } });
  mailbox.refuse('refuse');
  await say(world, 'ana', 'contact mail:ana@example.com test');
  expect(directs(world).join('\n')).toContain('550 no such mailbox here');
  await mailbox.close();
  await say(world, 'ana', 'contact test');
  expect(directs(world).filter((each) => each.includes('did not go out'))).toHaveLength(2);
});

test('a pager is called with a signed request, and told when somebody has it', async () => {
  const heard: { event: string; signature: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const signature = String(request.headers['andon-signature']);
      heard.push({ event: (JSON.parse(body) as { event: string }).event, signature });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const world = await openWorld();
  const pager = { kind: 'webhook', name: 'calls', url: `http://127.0.0.1:${port}/`, secret: 's' } as const;
  const seal = sealOf(world.databaseUrl, world.secretKey);
  await keepPager(world.app.db, world.app.workspace.id, { ...pager, now: world.now() }, seal);
  await say(world, 'ana', 'escalation default pager:calls 5m');
  await say(world, 'bob', 'declare writes are stuck sev:1 on:api/prod');
  await say(world, 'bob', 'page INC-1 default');
  await say(world, 'ana', 'ack PAGE-1');
  expect(heard.map((each) => each.event)).toEqual(['page.ringing', 'page.acknowledged']);
  expect(heard[0]?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(await attempts(world)).toEqual(['webhook delivered']);
});
