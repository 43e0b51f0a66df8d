// Who those are that a calendar or a file only names, and whether they are still there: Slack is asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { goneFindings } from '../../../src/features/oncall/index.js';
import { scopeUses } from '../../../src/slack/scopes.js';
import { openMailbox } from '../../helpers/mailbox.js';
import { directs, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

const channels = [{ name: 'general' }, { name: 'incidents' }];
const at = '2026-03-10T10:00:00Z';
const announced = (world: World) =>
  (world.sandbox.channel('incidents')?.messages ?? []).map((each) => each.text).join('\n---\n');

async function withCalendar(...events: readonly (readonly string[])[]) {
  const server = createServer((_request, response) => void response.end(feed(events)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/private.ics` };
}

function feed(events: readonly (readonly string[])[]): string {
  const shift = (lines: readonly string[], each: number) => [
    'BEGIN:VEVENT',
    `UID:${each}`,
    'DTSTART:20260310T080000Z',
    'DTEND:20260312T200000Z',
    ...lines,
    'END:VEVENT',
  ];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events.flatMap(shift), 'END:VCALENDAR', ''].join('\r\n');
}

const shiftsIn = (world: World) =>
  world.app.db.read.shift.findMany({
    orderBy: { userName: 'asc' },
    select: { userId: true, userName: true },
  });
const factsOf = (world: World, type: string) => world.app.db.read.fact.count({ where: { type } });

test('whoever a calendar names is found in Slack by e-mail or by name, though they never spoke to Andon', async () => {
  const calendar = await withCalendar(
    ['SUMMARY:on call', 'ATTENDEE;CN=Someone:mailto:Bob@sandbox.example'],
    ['SUMMARY:On call: Dee Finch'],
  );
  const world = await openWorld({ at, sandbox: { channels } });
  await say(world, 'ana', `schedule primary url:${calendar.url} plain`);
  const both = [
    { userId: world.sandbox.person('bob').id, userName: 'bob' },
    { userId: world.sandbox.person('dee').id, userName: 'dee' },
  ];
  expect(await shiftsIn(world)).toEqual(both);
  expect(await say(world, 'ana', 'oncall primary')).toContain('dee until');
  expect(directs(world).join('\n')).not.toContain('cannot place');
  // Read again and again, nothing of it is news.
  const before = await factsOf(world, 'FeedRead');
  for (let half = 0; half < 3; half += 1) await world.pass({ minutes: 30 });
  expect(await shiftsIn(world)).toEqual(both);
  expect(await factsOf(world, 'FeedRead')).toBe(before);
  expect(await factsOf(world, 'PeoplePlaced')).toBe(1);
});

test('a page calls whom Slack placed, there and by the address of the calendar', async () => {
  const calendar = await withCalendar(['SUMMARY:on call', 'ATTENDEE:mailto:bob@sandbox.example']);
  const mailbox = await openMailbox();
  const world = await openWorld({
    ...{ at, sandbox: { channels } },
    mail: { url: mailbox.url, from: 'andon@example.com' },
  });
  await say(world, 'ana', `schedule primary url:${calendar.url} plain`);
  await say(world, 'ana', 'escalation default schedule:primary 5m');
  await say(world, 'ana', 'page default nothing can be written');
  expect(directs(world).join('\n')).toContain('nothing can be written');
  expect(mailbox.letters.map((each) => each.to)).toEqual([['bob@sandbox.example']]);
});

test('the address of a profile in Slack is a second way for everybody, until they name another', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({
    ...{ at, sandbox: { channels } },
    mail: { url: mailbox.url, from: 'andon@example.com' },
  });
  await say(world, 'ana', 'escalation default @bob 5m');
  expect(await say(world, 'bob', 'contact')).toContain(
    'bob@sandbox.example, which your profile in Slack says',
  );
  expect(await say(world, 'ana', 'page default nothing can be written')).not.toContain('By Slack only');
  expect(mailbox.letters.map((each) => each.to)).toEqual([['bob@sandbox.example']]);
  await say(world, 'bob', 'contact mail:night@example.com');
  expect(await say(world, 'bob', 'contact mail:none')).toContain(
    'Letters still go to bob@sandbox.example, which your profile in Slack says.',
  );
});

test('where no letters go out, or the scope was declined, nobody’s address is kept', async () => {
  const without = await openWorld({ at, sandbox: { channels } });
  await say(without, 'bob', 'contact');
  const mailbox = await openMailbox();
  const botScopes = scopeUses.map(({ scope }) => scope).filter((each) => each !== 'users:read.email');
  const declined = await openWorld({
    ...{ at, sandbox: { channels, app: { botScopes } } },
    mail: { url: mailbox.url, from: 'andon@example.com' },
  });
  expect(await say(declined, 'bob', 'contact')).toContain('/incident contact mail:name@example.com');
  for (const world of [without, declined])
    expect(await world.app.db.read.person.findMany({ where: { mail: { not: null } } })).toEqual([]);
});

test('who is named in no one way is said once, and found when they come to Slack later', async () => {
  const calendar = await withCalendar(['SUMMARY:On call: Zoe Quist']);
  const world = await openWorld({ at, sandbox: { channels } });
  await say(world, 'ana', `schedule primary url:${calendar.url} plain`);
  const told = () => directs(world).filter((each) => each.includes('whom I cannot place: Zoe Quist'));
  expect(told()).toHaveLength(1);
  await world.pass({ hours: 25 });
  expect(told()).toHaveLength(1);
  await world.sandbox.person('chen').change({ realName: 'Zoe Quist' });
  await world.pass({ hours: 25 });
  expect(await shiftsIn(world)).toEqual([{ userId: world.sandbox.person('chen').id, userName: 'chen' }]);
});

test('whoever would be called and is not active in Slack any more is said once, with what would call them', async () => {
  const world = await openWorld({ at, sandbox: { channels } });
  await say(world, 'ana', 'escalation default @bob 5m then @chen 5m');
  await world.sandbox.person('bob').change({ deleted: true });
  await world.pass({ hours: 25 });
  const told = announced(world);
  expect(told).toContain('Not active in Slack any more, and would be called');
  expect(told).toContain('bob, by the escalation of the default');
  expect(told).not.toContain('chen');
  expect(await say(world, 'ana', 'oncall default')).toContain(
    'bob, reached by Slack only: /incident contact gives an address, and not active in Slack any more.',
  );
  const { id } = await world.app.db.read.workspace.findFirstOrThrow();
  expect(await goneFindings(world.app.db.read, id)).toMatchObject([
    { outcome: 'warn', said: 'Not active in Slack any more, and would be called: bob.' },
  ]);
  await world.pass({ hours: 25 });
  expect(announced(world)).toBe(told);
  expect(await factsOf(world, 'PeopleGone')).toBe(1);
});

test('a Slack that refuses to list its people holds nothing up, and nobody is guessed', async () => {
  const calendar = await withCalendar(['SUMMARY:On call: Dee Finch'], ['SUMMARY:On call: Ana']);
  const world = await openWorld({ at, sandbox: { channels } });
  world.sandbox.faults.refuse('users.list', 'limit_required');
  await say(world, 'ana', `schedule primary url:${calendar.url} plain`);
  expect(await shiftsIn(world)).toMatchObject([{ userId: null, userName: 'Dee Finch' }, { userName: 'ana' }]);
  expect(directs(world).join('\n')).toContain('cannot place: Dee Finch.');
});
