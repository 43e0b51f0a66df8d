// Calendars over real HTTP on loopback: where a feed may lead, what is no feed, and that trouble and its end are said.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { feedFindings } from '../../src/features/oncall/index.js';
import { fetchCalendar } from '../../src/outside/feed.js';
import { directs, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

type Answering = (path: string, response: ServerResponse) => void;

async function openCalendar(answering: Answering) {
  const now = { answering };
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    now.answering(request.url ?? '', response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, paths, now };
}

const feed = (summary: string) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTART:20260310T080000Z',
    'DTEND:20260310T200000Z',
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

test('a few redirects are followed, and none for ever', async () => {
  const calendar = await openCalendar((path, response) => {
    const hop = Number(path.slice(1));
    if (path === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (hop > 0) response.writeHead(302, { location: `/${hop - 1}` }).end();
    else response.end('BEGIN:VCALENDAR');
  });
  await expect(fetchCalendar(`${calendar.url}/3`)).resolves.toBe('BEGIN:VCALENDAR');
  await expect(fetchCalendar(`${calendar.url}/4`)).rejects.toThrow('more than 3 times');
  await expect(fetchCalendar(`${calendar.url}/loop`)).rejects.toThrow('more than 3 times');
});

test.each([
  ['is too long', (response: ServerResponse) => response.end('x'.repeat(1_000_001)), 'longer than 1 MB'],
  ['is gone', (response: ServerResponse) => response.writeHead(404).end(), '404'],
  ['fails', (response: ServerResponse) => response.writeHead(503).end(), '503'],
  [
    'leads to a file',
    (response: ServerResponse) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'no address',
  ],
])('what %s is refused', async (_what, answering, words) => {
  const calendar = await openCalendar((_path, response) => answering(response));
  const error = await fetchCalendar(`${calendar.url}/secret-path`).catch((each: unknown) => each);
  expect(String(error)).toContain(words);
  // The address is a secret.
  expect(String(error)).not.toContain('secret-path');
});

async function said(world: World): Promise<string[]> {
  const facts = await world.app.db.read.fact.findMany({
    where: { type: { in: ['FeedRead', 'FeedRefused'] } },
    orderBy: { version: 'asc' },
  });
  return facts.map((fact) => {
    const data = fact.data as { loud?: string | null; healed?: boolean };
    return `${fact.type} ${data.loud ?? data.healed ?? 'quiet'}`;
  });
}

test('a calendar is read, its trouble is said after an hour, and what it said last stays in force until then', async () => {
  const calendar = await openCalendar((_path, response) => response.end(feed('On call: Ana')));
  const world = await openWorld({ at: '2026-03-10T10:00:00Z' });
  await say(world, 'ana', `schedule primary url:${calendar.url}/private.ics plain`);
  const shifts = () => world.app.db.read.shift.findMany({ orderBy: { startsAt: 'asc' } });
  expect(await shifts()).toMatchObject([
    { userId: expect.any(String), userName: 'ana', endsAt: new Date('2026-03-10T20:00:00Z') },
  ]);
  calendar.now.answering = (_path, response) => void response.writeHead(500).end();
  for (let half = 0; half < 4; half += 1) await world.pass({ minutes: 30 });
  expect(await shifts()).toHaveLength(1);
  expect(await said(world)).toEqual(['FeedRead false', 'FeedRefused quiet', 'FeedRefused often']);
  calendar.now.answering = (_path, response) => void response.end(feed('Bob'));
  await world.pass({ minutes: 30 });
  expect(await shifts()).toMatchObject([{ userName: 'bob', userId: world.sandbox.person('bob').id }]);
  expect((await said(world)).at(-1)).toBe('FeedRead true');
});

const channels = [{ name: 'general' }, { name: 'incidents' }];
const announced = (world: World) =>
  (world.sandbox.channel('incidents')?.messages ?? []).map((each) => each.text).join('\n---\n');
const nobody = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';

test('a calendar that turns empty takes nobody off call before their shift ends, and that is said at once', async () => {
  const calendar = await openCalendar((_path, response) => void response.end(feed('On call: Ana')));
  const world = await openWorld({ at: '2026-03-10T10:00:00Z', sandbox: { channels } });
  await say(world, 'ana', `schedule primary url:${calendar.url}/private.ics plain`);
  await say(world, 'ana', 'escalation default schedule:primary 5m');
  calendar.now.answering = (_path, response) => void response.end(nobody);
  await world.pass({ minutes: 30 });
  for (const told of [announced(world), directs(world).join('\n')]) {
    expect(told).toContain('The calendar of the schedule primary has no shifts any more');
    expect(told).toContain('stays in force until');
    expect(told).toContain('/incident unschedule primary');
  }
  expect(await say(world, 'bob', 'oncall primary')).toContain('Its calendar has no shifts any more');
  expect(await say(world, 'bob', 'oncall primary')).toContain('ana until');
  for (let hour = 0; hour < 12; hour += 1) await world.pass({ hours: 1 });
  expect(await said(world)).toEqual(['FeedRead false', 'FeedRefused emptied', 'FeedRefused over']);
  expect(announced(world)).toContain('nobody is on call by it now');
  calendar.now.answering = (_path, response) => void response.end(feed('Ana').replaceAll('0310T', '0311T'));
  await world.pass({ minutes: 30 });
  expect((await said(world)).at(-1)).toBe('FeedRead true');
  expect(announced(world)).toContain('can be read again and has shifts');
});

test('whoever set a calendar hears once of those whom nobody can place, and what is not understood', async () => {
  const broken = [
    'BEGIN:VEVENT',
    'UID:2',
    'DTSTART:20260310T080000Z',
    'DTEND:20260309T200000Z',
    'SUMMARY:back',
  ];
  const text = (who: string) =>
    feed(who).replace('END:VCALENDAR', [...broken, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n'));
  const calendar = await openCalendar((_path, response) => void response.end(text('On call: Max Finch')));
  const world = await openWorld({ at: '2026-03-10T10:00:00Z', sandbox: { channels } });
  await say(world, 'ana', `schedule primary url:${calendar.url}/private.ics plain`);
  const told = () => directs(world).filter((each) => each.includes('the schedule primary'));
  expect(told()).toHaveLength(2);
  expect(told()[0]).toContain('“back” cannot be read: it ends before it begins');
  expect(told()[1]).toContain('names people whom I cannot place: Max Finch. No page reaches them by it.');
  expect(told()[1]).toContain('/incident duty primary @user for:8h');
  const shown = await say(world, 'ana', 'oncall primary');
  expect(shown).toContain('Nobody of this name is known in Slack');
  expect(shown).toContain('“back” cannot be read');
  // The same names again, or fewer, are no news; others are.
  calendar.now.answering = (_path, response) => void response.end(text('Ana'));
  await world.pass({ minutes: 30 });
  calendar.now.answering = (_path, response) => void response.end(text('Max Finch'));
  await world.pass({ minutes: 30 });
  expect(told()).toHaveLength(2);
  calendar.now.answering = (_path, response) => void response.end(text('Zoe'));
  await world.pass({ minutes: 30 });
  expect(told()).toHaveLength(3);
  expect(told()[2]).toContain('cannot place: Zoe.');
  expect(told()[2]).not.toContain('back');
  expect(announced(world)).not.toContain('calendar');
  const workspace = await world.app.db.read.workspace.findFirstOrThrow();
  const findings = await feedFindings(world.app.db.read, workspace.id);
  expect(findings).toMatchObject([{ outcome: 'warn', said: expect.stringContaining('“back”') }]);
});

test('https never leads to http, not even on this machine', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    expect(String(url)).toMatch(/^https:/);
    return new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:9/metadata' } });
  });
  onTestFinished(() => asked.mockRestore());
  await expect(fetchCalendar('https://cal.example/x.ics')).rejects.toThrow('https to http');
});

test('whoever sets a calendar that cannot be read hears of it at once, and nothing of what answers there', async () => {
  const calendar = await openCalendar((_path, response) => void response.writeHead(403).end());
  const world = await openWorld({ at: '2026-03-10T10:00:00Z' });
  await say(world, 'ana', `schedule primary url:${calendar.url}/private.ics plain`);
  const told = directs(world).join('\n');
  expect(told).toContain('I cannot read the calendar of the schedule primary');
  expect(told).not.toContain('403');
  const [finding] = await feedFindings(
    world.app.db.read,
    (await world.app.db.read.workspace.findFirstOrThrow()).id,
  );
  expect(finding).toMatchObject({ outcome: 'warn', said: expect.stringContaining('403') });
});
