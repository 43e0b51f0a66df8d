// Pages over HTTP, and the link that every page carries: only a person's button acknowledges.
import { expect, test } from 'vitest';
import { pageLinks } from '../../src/db/sign.js';
import { say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';
import { program, send } from './help.js';

async function openCalls(world: World): Promise<void> {
  await say(world, 'bob', 'contact mail:bob@example.com');
  await say(world, 'ana', 'escalation default @bob 5m repeat:15m');
}

/** The link of an attempt of a page, as its letter has it. */
async function linkOf(world: World, path = 'mail', number = 1): Promise<string> {
  const { id: pageId } = await world.app.db.read.page.findFirstOrThrow({ where: { number } });
  const attempt = await world.app.db.read.pageAttempt.findFirstOrThrow({ where: { path, pageId } });
  const link = pageLinks(world.databaseUrl, world.secretKey, 'http://andon.test').to(attempt.id);
  return new URL(link).pathname;
}

test('a program calls whoever is on call, follows it, and says who has it', async () => {
  const world = await openWorld();
  await openCalls(world);
  const api = await program(world);
  const opened = await api.post('pages', { target: 'default', reason: 'writes are stuck' });
  expect(opened.status).toBe(201);
  expect(opened.body).toMatchObject({ id: 'PAGE-1', state: 'ringing', level: 1, round: 1, incident: null });
  expect(opened.body.reply).toContain('bob by Slack and e-mail');
  const joined = await api.post('pages', { target: 'default', reason: 'writes are stuck' });
  expect([joined.status, joined.body.id]).toEqual([200, 'PAGE-1']);
  await world.settled();

  const read = await api.get('pages/PAGE-1');
  expect(read.body.attempts).toHaveLength(2);
  expect(read.body.attempts.find((each: { path: string }) => each.path === 'slack')).toMatchObject({
    state: 'delivered',
    at: '2026-03-10T10:30:00.000Z',
  });
  const acknowledged = await api.post('pages/1/ack', { by: 'the support desk' });
  expect(acknowledged.body).toMatchObject({
    state: 'acknowledged',
    answeredBy: { name: 'the support desk' },
    way: 'http',
  });
  const again = await api.post('pages/1/ack', {});
  expect(again.status).toBe(200);
  expect(again.body.answeredBy.name).toBe('the support desk');
  expect(again.body.reply).toContain('already');
  expect((await api.get('pages')).body.pages).toHaveLength(1);
});

test('a program hears whom the second level calls where the first one reaches nobody', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'schedule nights');
  await say(world, 'ana', 'escalation default schedule:nights 5m then @bob 10m');
  const api = await program(world);
  const { body } = await api.post('pages', { target: 'default', reason: 'writes are stuck' });
  expect(body).toMatchObject({ level: 2, attempts: [{ level: 2, to: 'bob', path: 'slack' }] });
  expect(body.reply).toContain('Level 2 is called now: bob by Slack.');
});

test('called once more for the same, the page that rings for it is answered, and not another one', async () => {
  const world = await openWorld();
  await openCalls(world);
  const api = await program(world);
  for (const [target, id] of [
    ['@bob', 'PAGE-1'],
    ['default', 'PAGE-2'],
  ]) {
    const [opened, other] = [
      { target, reason: 'one' },
      { target, reason: 'two' },
    ];
    if (id === 'PAGE-2') await api.post('pages', other);
    const first = await api.post('pages', opened);
    const again = await api.post('pages', opened);
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
  }
  expect((await api.post('pages', { target: 'UNKNOWN12' })).status).toBe(409);
  const taken = await api.post('pages/1/ack', { by: 'the desk\nYou need do nothing' });
  expect(taken.body.answeredBy.name).toBe('the desk You need do nothing');
});

test('a token needs the scope, and what it cannot call is refused with what there is', async () => {
  const world = await openWorld();
  const reader = await program(world, ['incidents:read']);
  expect((await reader.post('pages', { target: 'default' })).status).toBe(403);
  const writer = await program(world);
  const unknown = await writer.post('pages', { target: 'nothing-of-ours' });
  expect(unknown.status).toBe(409);
  expect(unknown.text).toContain('Nobody was called');
  expect((await writer.get('pages/7')).status).toBe(404);
});

test('the link shows the page to whatever follows it, and only its button says that somebody has it', async () => {
  const world = await openWorld();
  await openCalls(world);
  await say(world, 'ana', 'declare <b>writes</b> are stuck sev:1');
  await say(world, 'ana', 'page INC-1 default "the <disk>" is full');
  const link = await linkOf(world);
  const shown = await send(world, link);
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('INC-1 SEV1: &lt;b&gt;writes&lt;/b&gt;');
  expect(shown.text).toContain('<button>I have it</button>');
  expect(shown.headers.get('x-robots-tag')).toContain('noindex');
  expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await world.app.db.read.page.findFirstOrThrow()).toMatchObject({ state: 'ringing' });

  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const pressed = await send(world, link, form);
  expect(pressed.text).toContain('You have PAGE-1');
  expect(await world.app.db.read.page.findFirstOrThrow()).toMatchObject({
    ...{ state: 'acknowledged', answeredBy: 'link', answeredById: world.sandbox.person('bob').id },
  });
  expect((await send(world, link, form)).text).toContain('already');
  expect((await send(world, link)).text).toContain('has it since');
});

test('a forged link is no page; a withdrawn one says so; of a private incident it shows the number alone', async () => {
  const world = await openWorld();
  await openCalls(world);
  await say(world, 'ana', 'declare the keys leaked private');
  await say(world, 'ana', 'page INC-1 default rotate them');
  const link = await linkOf(world);
  const shown = await send(world, link);
  expect(shown.text).toContain('INC-1');
  expect(shown.text).not.toMatch(/keys|rotate/);
  const forged = `${link.slice(0, -3)}xyz`;
  for (const method of ['GET', 'POST']) expect((await send(world, forged, { method })).status).toBe(404);
  expect((await send(world, '/pages/nothing')).status).toBe(404);
  await say(world, 'ana', 'withdraw PAGE-1 solved');
  const over = await send(world, link);
  expect([over.status, over.text]).toEqual([410, expect.not.stringContaining('solved')]);
  expect((await send(world, link, { method: 'POST' })).status).toBe(410);
  await say(world, 'ana', 'page @bob look');
  await say(world, 'ana', 'withdraw PAGE-2 it was nothing');
  expect((await send(world, await linkOf(world, 'mail', 2))).text).toContain('withdrawn: it was nothing');
});

test('a reason that was redacted is marked as such', async () => {
  const world = await openWorld();
  const api = await program(world);
  await api.post('pages', { target: 'default', reason: 'the password is hunter2' });
  expect((await api.get('pages/1')).body).toMatchObject({
    redacted: false,
    reason: 'the password is hunter2',
  });
  await world.sandbox.person('bob').command('/incident redact PAGE-1 a password', { channel: 'general' });
  await world.settled();
  expect((await api.get('pages/1')).body).toMatchObject({ redacted: true, reason: '' });
  expect((await api.get('pages')).text).not.toContain('hunter2');
});
