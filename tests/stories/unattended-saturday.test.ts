// An unattended upgrade on a Saturday: what watched it hangs on what broke, Slack cannot write to whoever is on call, and the
// page arrives all the same, on time. Afterwards the record shows each attempt with its instant.
import { expect, test, vi } from 'vitest';
import { openMailbox } from '../helpers/mailbox.js';
import { rows, unfinished } from '../helpers/record.js';
import { callSlack } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';
import { program, send } from '../http/help.js';

// Some thirty turns of a whole world, of which each beat is one.
vi.setConfig({ testTimeout: 180_000 });

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }, { name: 'support' }];

async function say(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(line, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);

function directTo(world: World, person: string): string[] {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return own.flatMap((each) => each.messages).map((each) => each.text);
}

/** What the record says of pages: kind, instant, and to whom by what. */
function attempts(world: World): string[] {
  return rows<{ type: string; recordedAt: string | number; data: string }>(
    world.databaseUrl,
    `SELECT "type", "recordedAt", "data" FROM "Fact" WHERE "stream" LIKE 'page/%' AND "type" LIKE 'Page%' ORDER BY "position"`,
  ).map(({ type, recordedAt, data }) => {
    const it = JSON.parse(data) as {
      level?: number;
      to?: { name: string };
      path?: string;
      by?: { name: string };
    };
    const what = it.to ? ` ${it.to.name} by ${it.path}` : it.by ? ` ${it.by.name}` : '';
    const level = it.level === undefined ? '' : ` ${it.level + 1}`;
    return `${new Date(recordedAt).toISOString().slice(11, 16)} ${type}${level}${what}`;
  });
}

test('an upgrade that nobody attends breaks writes on a Saturday, and somebody is awake ten minutes later', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({
    at: '2026-03-13T15:00:00Z',
    sandbox: { channels },
    mail: { url: mailbox.url, from: 'andon@example.com' },
  });
  const { sandbox } = world;
  await sandbox.person('bob').join('support');

  // Friday. Who is on call, and how they are reached.
  await say(world, 'ana', '/change support channel:#support');
  await say(world, 'ana', '/change service db owner:@ana team:Platform');
  await say(world, 'ana', '/incident schedule primary');
  await say(world, 'ana', '/incident duty primary @bob for:3d');
  await say(world, 'ana', '/incident escalation db schedule:primary 5m then @dee 10m repeat:10m');
  await say(world, 'bob', '/incident contact mail:bob@example.com');
  await say(world, 'dee', '/incident contact mail:dee@example.com');
  // A job inside the database writes a row every five minutes, and says so without a proxy between.
  const watchdog = await program(world, ['heartbeats'], 'watchdog');
  const beat = async () => {
    const answer = await watchdog.post('heartbeats/db-writes', { every: '5m', grace: '2m', service: 'db' });
    expect(answer.status, answer.text).toBeLessThan(300);
    await world.settled();
  };
  await beat();

  // An infrastructure change without cover: support is told.
  const plan =
    '/change announce move the database to new nodes kind:infrastructure on:db/prod at:2026-03-14 02:00 UTC for:1h';
  await say(world, 'ana', plan);
  expect(texts(world, 'support').at(-1)).toContain('Nobody was asked to cover it');
  const aliveUntil = async (instant: string) => {
    while (world.now() < new Date(instant)) {
      await world.pass({ minutes: 5 });
      await beat();
    }
  };
  world.at('2026-03-14T01:40:00Z');
  await beat();
  await aliveUntil('2026-03-14T02:00:00Z');
  await say(world, 'ana', '/change start CHG-1');
  await say(world, 'ana', '/change done CHG-1');
  expect(texts(world, 'support').at(-1)).toContain('is everything still working?');

  // Nobody answers. Writes break at 02:21; and Slack lets nobody write to Bob.
  await aliveUntil('2026-03-14T02:20:00Z');
  const direct = await callSlack(world, 'conversations.open', { users: sandbox.person('bob').id });
  const { id: channel } = direct.channel as { id: string };
  sandbox.faults.refuse('chat.postMessage', 'restricted_action', { channel });
  await world.pass({ minutes: 6 });
  expect(attempts(world)).toEqual([]);
  await world.pass({ minutes: 1 });

  // The page is there by the other path, within the minute; that Slack refused is said aloud.
  expect(mailbox.letters.map(({ to, subject }) => [to, subject])).toEqual([
    [['bob@example.com'], expect.stringMatching(/^\[PAGE-1\] .*db-writes/)],
  ]);
  expect(texts(world, 'incidents').join('\n')).toMatch(/PAGE-1.*bob.*Slack.*restricted_action/is);
  expect(directTo(world, 'bob').join('\n')).not.toContain('PAGE-1');

  // Bob sleeps on. Five minutes later Dee is called as well, by both ways.
  await world.pass({ minutes: 4, seconds: 50 });
  expect(mailbox.letters).toHaveLength(1);
  await world.pass({ seconds: 10 });
  expect(mailbox.letters.map((each) => each.to[0])).toEqual(['bob@example.com', 'dee@example.com']);
  expect(directTo(world, 'dee').at(-1)).toContain('PAGE-1');

  // Meanwhile nobody has said whether the upgrade works: that is asked aloud, and pages whoever is on call.
  // Dee opens the link of her letter on her telephone. That a program looks at it first acknowledges nothing.
  const link = /https?:\/\/\S+\/pages\/\S+/.exec(mailbox.letters[1]?.text ?? '')?.[0] ?? '';
  const path = new URL(link).pathname;
  const page = await send(world, path);
  expect(page.status).toBe(200);
  expect(page.text).toContain('PAGE-1');
  expect(attempts(world).at(-1)).not.toContain('PageAcknowledged');
  await world.pass({ minutes: 1 });
  const answered = await send(world, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(answered.status).toBeLessThan(400);
  await world.settled();
  expect(texts(world, 'incidents').join('\n')).toMatch(/@?dee.*PAGE-1|PAGE-1.*@?dee/is);

  // Nothing rings any more, and nothing is sent twice.
  const sent = mailbox.letters.length;
  await world.pass({ minutes: 20 });
  expect(mailbox.letters.filter((each) => each.subject.includes('PAGE-1'))).toHaveLength(sent);

  // The question whether it works went unanswered for an hour: whoever is on call is called for that too.
  await world.pass({ minutes: 30 });
  expect(mailbox.letters.map((each) => each.subject).join('\n')).toMatch(/PAGE-2/);
  expect(mailbox.letters.map((each) => each.text).join('\n')).toContain('CHG-1');
  await say(world, 'dee', '/incident ack PAGE-2');
  await say(
    world,
    'dee',
    '/incident declare writes to the database fail sev:1 on:db/prod started:2026-03-14 02:21 UTC',
  );
  await say(world, 'dee', '/change validate CHG-1 bad nothing can be written');

  // Each attempt with its instant.
  const record = attempts(world);
  const second = record.filter((each) => each.startsWith('02:32'));
  expect(second.sort()).toEqual(
    [
      '02:32 PageDelivered dee by mail',
      '02:32 PageDelivered dee by slack',
      '02:32 PageLevelReached 2',
    ].sort(),
  );
  expect(record).toContain('02:33 PageAcknowledged dee');
  expect(record.filter((each) => each.endsWith('PageAcknowledged dee'))).toHaveLength(2);
  // What Slack refused was given up; everything else was done.
  expect(unfinished(world.databaseUrl)).toEqual(
    [1, 2].map(() => ({
      ...{ kind: 'page', state: 'givenUp', error: 'chat.postMessage: restricted_action' },
    })),
  );
});
