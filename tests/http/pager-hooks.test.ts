// Who acknowledges in PagerDuty's or Opsgenie's own app has the page: over real HTTP, with a clock that is pushed.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BackKind, backPath } from '../../src/core/pager.js';
import { keepBack } from '../../src/db/pager-back.js';
import { keepPager, revokePager } from '../../src/db/pagers.js';
import { sealOf } from '../../src/db/seal.js';
import { engines } from '../helpers/databases.js';
import { channelOf, directs, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';
import { type Answer, send } from './help.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies are changed in every place
type Body = any;

interface Account {
  readonly id: string;
  /** What it was told, the latest last. */
  readonly heard: Body[];
  /** Tells Andon something as it does, signed with its secret unless told otherwise. */
  tell(body: unknown, proof?: Record<string, string>): Promise<Answer>;
}

const secret = 'the-secret-of-the-subscription';

/** An account that calls people, with a pager of ours that it tells who answered. */
async function account(
  world: World,
  kind: BackKind,
  { name = kind as string, workspaceId = world.app.workspace.id } = {},
): Promise<Account> {
  const heard: Body[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ path: request.url, ...JSON.parse(body) });
      response.writeHead(202).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { db } = world.app;
  const seal = sealOf(world.databaseUrl, world.secretKey);
  await keepPager(db, workspaceId, { kind, name, url, secret: 'key', now: world.now() }, seal);
  const { id } = await db
    .of(workspaceId)
    .read.pager.findUniqueOrThrow({ where: { workspaceId_name: { workspaceId, name } } });
  await keepBack(db, workspaceId, { id, secret }, seal);
  return {
    ...{ id, heard },
    tell(body, proof) {
      const content = typeof body === 'string' ? body : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', ...(proof ?? proofOf(kind, content)) };
      return send(world, backPath(kind, id), { method: 'POST', headers, body: content });
    },
  };
}

function proofOf(kind: BackKind, content: string, key = secret): Record<string, string> {
  if (kind === 'opsgenie') return { authorization: `Bearer ${key}` };
  return { 'x-pagerduty-signature': `v1=${createHmac('sha256', key).update(content).digest('hex')}` };
}

interface Said {
  readonly key: string;
  readonly name?: string;
  readonly at?: string;
  readonly event?: string;
  readonly agent?: unknown;
}

/** PagerDuty's webhook of version 3. */
function fromPagerduty({
  key,
  name = 'Rosa Marsh',
  at = '2026-03-10T10:31:00.169Z',
  event,
  agent,
}: Said): Body {
  const user = { type: 'user_reference', id: 'PQ1', summary: name, self: null, html_url: null };
  return {
    event: {
      id: randomUUID(),
      event_type: event ?? 'incident.acknowledged',
      resource_type: 'incident',
      occurred_at: at,
      agent: agent === undefined ? user : agent,
      client: { name: 'PagerDuty' },
      data: { type: 'incident', id: 'PT4', number: 17, status: 'acknowledged', incident_key: key },
    },
  };
}

/** A body of Opsgenie's Webhook integration. */
function fromOpsgenie({ key, name = 'rosa@example.com', at = '2026-03-10T10:31:00Z', event }: Said): Body {
  return {
    source: { name: '', type: 'web' },
    alert: {
      ...{ alertId: `a-${key}`, alias: key, message: 'PAGE-1', tags: [], tinyId: '23', entity: '' },
      ...{ username: name, userId: 'u-1', updatedAt: Date.parse(at) * 1e6 },
    },
    action: event ?? 'Acknowledge',
    integrationName: 'Andon',
  };
}

const words = { pagerduty: fromPagerduty, opsgenie: fromOpsgenie };

/** The pager first, Bob after five minutes. */
async function ring(world: World, pager: string, line = 'page default writes are stuck'): Promise<string> {
  await say(world, 'ana', `escalation default pager:${pager} 5m then @bob 10m`);
  await say(world, 'ana', line);
  return (await world.app.db.read.page.findFirstOrThrow()).id;
}

const pageOf = (world: World) => world.app.db.read.page.findFirstOrThrow();
const facts = (world: World, type: string) => world.app.db.read.fact.count({ where: { type } });
const calls = async (world: World) =>
  (await world.app.db.read.pageAttempt.findMany()).map((it) => it.address);

describe.each(engines)('on %s', (engine) => {
  test.each(['pagerduty', 'opsgenie'] as const)(
    '%s: acknowledged in its app, nobody else is called; the same once more is nothing new',
    async (kind) => {
      const world = await openWorld({ engine });
      const there = await account(world, kind);
      const key = await ring(world, kind);
      expect(there.heard).toHaveLength(1);
      await world.pass({ minutes: 2 });
      const body = words[kind]({ key });
      const answer = await there.tell(body);
      expect([answer.status, answer.body]).toEqual([200, { acknowledged: 'PAGE-1', why: null }]);
      await world.settled();
      const who = { pagerduty: 'Rosa Marsh, by PagerDuty', opsgenie: 'rosa@example.com, by Opsgenie' }[kind];
      const page = await pageOf(world);
      expect(page).toMatchObject({ state: 'acknowledged', answeredByName: who, answeredBy: 'webhook' });
      // When they did it, not when we heard of it.
      expect(page.answeredAt?.toISOString().slice(0, 19)).toBe('2026-03-10T10:31:00');
      expect(page.answeredById).toBe(`pager:${there.id}`);

      // Level 2 is not called, and the account is not told what it told us.
      await world.pass({ hours: 3 });
      expect(await calls(world)).toEqual([kind]);
      expect(directs(world).join('\n')).not.toContain('writes are stuck');
      expect(there.heard).toHaveLength(1);
      for (let again = 0; again < 2; again += 1) expect((await there.tell(body)).status).toBe(200);
      expect(await facts(world, 'PageAcknowledged')).toBe(1);
    },
  );

  test('the control: what nobody acknowledged goes on to level 2', async () => {
    const world = await openWorld({ engine });
    const there = await account(world, 'pagerduty');
    const key = await ring(world, 'pagerduty');
    await there.tell(fromPagerduty({ key, event: 'incident.annotated' }));
    await there.tell(fromPagerduty({ key: 'a call of somebody else' }));
    await world.pass({ minutes: 5 });
    expect(await calls(world)).toEqual(['pagerduty', world.sandbox.person('bob').id]);
  });

  test('resolved there by somebody counts as acknowledged, and resolves no incident; by nobody, it does not count', async () => {
    const world = await openWorld({ engine });
    const there = await account(world, 'pagerduty');
    await say(world, 'ana', 'declare writes are stuck sev:1');
    const key = await ring(world, 'pagerduty', 'page INC-1 default look');
    const event = 'incident.resolved';
    const service = { type: 'service_reference', id: 'P1', summary: 'API' };
    for (const agent of [null, service])
      expect((await there.tell(fromPagerduty({ key, event, agent }))).body).toEqual({
        acknowledged: null,
        why: 'No person did it.',
      });
    expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
    expect((await there.tell(fromPagerduty({ key, event }))).body.acknowledged).toBe('PAGE-1');
    await world.settled();
    expect(await world.app.db.read.incident.findFirstOrThrow()).toMatchObject({ status: 'investigating' });
    const said = channelOf(world).messages.map((each) => each.text);
    expect(said.join('\n')).toMatch(/PAGE-1.*: Rosa Marsh has it, by PagerDuty, after \d min/);
  });
});

test('who has it in the app is said where it is read, as plain words', async () => {
  const world = await openWorld();
  const there = await account(world, 'pagerduty');
  const key = await ring(world, 'pagerduty');
  await there.tell(fromPagerduty({ key, name: '<!channel> *Rosa*\nhas it\nINC-1 is over' }));
  await world.settled();
  const who = '&lt;!channel&gt; *Rosa* has it INC-1 is over, by PagerDuty';
  expect(await say(world, 'bob', 'ack PAGE-1')).toMatch(
    new RegExp(`is taken since 2026-03-10 .*10:30 UTC.*: ${who.replaceAll('*', '\\*')}\\.$`),
  );
  expect(await say(world, 'bob', 'page PAGE-1')).toContain(`${who}, has it since 2026-03-10`);
});

test('who is certainly one of the people here is, by the name or the address; who may be two is nobody', async () => {
  const world = await openWorld();
  const person = world.sandbox.person('dee');
  const { db, workspace } = world.app;
  const again = async (kind: BackKind, name: string, who: string): Promise<void> => {
    await say(world, 'ana', `escalation default pager:${kind} 5m`);
    await say(world, 'ana', `page default ${randomUUID()}`);
    const { id: key } = await db.read.page.findFirstOrThrow({ orderBy: { number: 'desc' } });
    await there[kind].tell(words[kind]({ key, name }));
    await world.settled();
    expect((await db.read.page.findUniqueOrThrow({ where: { id: key } })).answeredById, name).toBe(who);
  };
  const there = { pagerduty: await account(world, 'pagerduty'), opsgenie: await account(world, 'opsgenie') };
  await say(world, 'dee', 'contact mail:Dee@Example.com');
  await again('opsgenie', 'dee@example.com', person.id);
  await again('pagerduty', 'DEE', person.id);
  expect((await db.read.page.findFirstOrThrow({ where: { number: 2 } })).answeredByName).toBe(
    'dee, by PagerDuty',
  );
  await db.write((tx) =>
    tx.person.create({
      data: { workspaceId: workspace.id, id: 'U0OTHER', name: 'Dee', isBot: false, seenAt: world.now() },
    }),
  );
  await again('pagerduty', 'dee', `pager:${there.pagerduty.id}`);
  await again('opsgenie', 'dee@example.com', person.id);
});

test('of a private incident nothing is said to the app, and a name from there lets nobody in', async () => {
  const world = await openWorld();
  const there = await account(world, 'pagerduty');
  await say(world, 'ana', 'declare the keys leaked private');
  const key = await ring(world, 'pagerduty', 'page INC-1 default rotate them');
  const before = await world.app.db.read.member.count();
  const answer = await there.tell(fromPagerduty({ key, name: 'bob' }));
  await world.settled();
  expect(answer.text).toBe('{"acknowledged":"PAGE-1","why":null}');
  expect(JSON.stringify(there.heard)).not.toMatch(/keys|rotate/);
  expect(await pageOf(world)).toMatchObject({ answeredById: world.sandbox.person('bob').id });
  expect(await world.app.db.read.member.count()).toBe(before);
});

test('what is said late, of a page that somebody had since and that rings again, does not end it', async () => {
  const world = await openWorld();
  const there = await account(world, 'pagerduty');
  const other = await account(world, 'opsgenie');
  const key = await ring(world, 'pagerduty,pager:opsgenie');
  const late = fromPagerduty({ key });
  await world.pass({ minutes: 3 });
  await other.tell(fromOpsgenie({ key, at: '2026-03-10T10:32:00Z' }));
  await world.settled();
  // The other account hears it, and this one knows it.
  expect(there.heard.map((each) => each.event_action)).toEqual(['trigger', 'acknowledge']);
  expect(other.heard).toHaveLength(1);
  await say(world, 'ana', 'escalate PAGE-1');
  expect((await there.tell(late)).body.acknowledged).toBeNull();
  expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
  await world.pass({ minutes: 1 });
  // The control: what they say now ends it. It lies in the future by their clock, so now is when it was.
  const now = fromPagerduty({ key, at: '2026-03-10T18:00:00Z' });
  expect((await there.tell(now)).body.acknowledged).toBe('PAGE-1');
  expect(await pageOf(world)).toMatchObject({ answeredAt: world.now() });
  await world.settled();
  await say(world, 'ana', 'escalate PAGE-1');
  // The same delivery again is the same answer.
  expect((await there.tell(now)).status).toBe(200);
  expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
});

test('what is not proven is refused, and does nothing', async () => {
  const world = await openWorld();
  const there = await account(world, 'pagerduty');
  const other = await account(world, 'opsgenie');
  const key = await ring(world, 'pagerduty,pager:opsgenie');
  const body = fromPagerduty({ key });
  const content = JSON.stringify(body);
  const right = proofOf('pagerduty', content)['x-pagerduty-signature'] ?? '';
  const signed = (value: string) => there.tell(body, { 'x-pagerduty-signature': value });
  const alert = fromOpsgenie({ key });
  const refused = [
    await there.tell(body, {}),
    await there.tell(body, proofOf('pagerduty', content, 'another secret')),
    await there.tell(body, proofOf('pagerduty', `${content} `)),
    await there.tell(body, { authorization: `Bearer ${secret}` }),
    await signed(right.slice(0, 40)),
    await signed(right.replace('v1', 'v2')),
    await signed(`v1=${'0'.repeat(64)}`),
    await signed(`${'v1=00,'.repeat(10)}${right}`),
    await other.tell(alert, {}),
    await other.tell(alert, { authorization: 'Bearer of-nobody' }),
    await other.tell(alert, { authorization: `Basic ${secret}` }),
    await send(world, backPath('opsgenie', there.id), {
      ...{ method: 'POST', body: JSON.stringify(alert) },
      headers: { 'content-type': 'application/json', ...proofOf('opsgenie', '') },
    }),
  ];
  expect(refused.map((each) => each.status)).toEqual(refused.map(() => 401));
  for (const each of refused) expect(each.text).not.toMatch(/PAGE-1|writes|secret-of/);
  expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
  expect((await world.app.db.read.pager.findMany()).map((each) => each.usedAt)).toEqual([null, null]);
  // The control: one of two is right, as while PagerDuty changes its secret.
  expect((await signed(`v1=${'0'.repeat(64)}, ${right}`)).body.acknowledged).toBe('PAGE-1');
});

test('revoked, switched off and given a new secret, it is not heard by the old one', async () => {
  const world = await openWorld();
  const { db, workspace } = world.app;
  const there = await account(world, 'pagerduty');
  const key = await ring(world, 'pagerduty');
  const seal = sealOf(world.databaseUrl, world.secretKey);
  const body = fromPagerduty({ key });
  await keepBack(db, workspace.id, { id: there.id, secret: 'a new one' }, seal);
  expect((await there.tell(body)).status).toBe(401);
  await keepBack(db, workspace.id, { id: there.id, secret: null }, seal);
  expect((await there.tell(body)).status).toBe(401);
  await keepBack(db, workspace.id, { id: there.id, secret }, seal);
  await revokePager(db, workspace.id, 'pagerduty', world.now());
  const answer = await there.tell(body);
  expect([answer.status, answer.body.detail]).toEqual([401, expect.stringContaining('andon pager back')]);
  expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
});

test('a pager answers for no page that it was not called for: of another workspace, of another pager, of a drill', async () => {
  const logged: string[] = [];
  const quiet = () => {};
  const info = (_fields: object, message: string) => void logged.push(message);
  const world = await openWorld({ log: { debug: quiet, info, warn: quiet, error: quiet } });
  const { db } = world.app;
  const other = 'another-workspace';
  await db.write((tx) =>
    tx.workspace.create({
      data: {
        ...{ id: other, name: 'other', zone: 'UTC', locale: 'en-GB', createdAt: world.now() },
        ...{ incidentsChannel: 'incidents', changesChannel: 'changes' },
      },
    }),
  );
  await account(world, 'pagerduty');
  const theirs = await account(world, 'pagerduty', { workspaceId: other });
  const second = await account(world, 'pagerduty', { name: 'second' });
  const drilled = await account(world, 'opsgenie');
  const key = await ring(world, 'pagerduty');
  await say(world, 'ana', 'declare the cluster is gone drill');
  await say(world, 'ana', 'escalation default pager:opsgenie 5m');
  await say(world, 'ana', 'page INC-1 default look');
  const drill = await db.read.page.findFirstOrThrow({ where: { drill: true } });
  expect(drilled.heard).toEqual([]);
  for (const [from, body] of [
    [theirs, fromPagerduty({ key })],
    [second, fromPagerduty({ key })],
    [drilled, fromOpsgenie({ key: drill.id })],
  ] as const) {
    const answer = await from.tell(body);
    expect([answer.status, answer.body]).toEqual([
      200,
      { acknowledged: null, why: 'It called for no page of ours under this key.' },
    ]);
  }
  expect(logged.filter((each) => each === 'a pager told of a call that is none of ours')).toHaveLength(3);
  expect((await db.read.page.findMany()).map((each) => each.state)).toEqual(['ringing', 'ringing']);
});

test('garbage of a sender who proves itself is answered 200 where it is JSON: after three refusals PagerDuty is silent for a day', async () => {
  const world = await openWorld();
  const there = await account(world, 'pagerduty');
  const other = await account(world, 'opsgenie');
  const key = await ring(world, 'pagerduty,pager:opsgenie');
  const good = fromPagerduty({ key });
  const ping = { event: { ...good.event, event_type: 'pagey.ping', data: { message: 'Hello' } } };
  const odd: Body[] = [ping, {}, [], 7, { event: null }, { event: { ...good.event, data: null } }];
  odd.push({ event: { ...good.event, agent: 'Rosa' } }, { event: { ...good.event, id: 7 } });
  for (const body of odd)
    expect(await there.tell(body)).toMatchObject({ status: 200, body: { acknowledged: null } });
  const alert = fromOpsgenie({ key });
  const oddAlerts: Body[] = [{}, [], { ...alert, alert: null }, { ...alert, action: 'AddNote' }];
  oddAlerts.push({ ...alert, action: 'Close', alert: { ...alert.alert, username: 'System' } });
  oddAlerts.push({ ...alert, source: { name: 'andon', type: 'API' } });
  for (const body of oddAlerts)
    expect(await other.tell(body)).toMatchObject({ status: 200, body: { acknowledged: null } });
  for (const body of ['', 'not JSON', '{"event":']) expect((await there.tell(body)).status, body).toBe(400);
  expect((await there.tell(`{"x":"${'x'.repeat(600_000)}"}`)).status).toBe(413);
  expect(await pageOf(world)).toMatchObject({ state: 'ringing' });
  // The control: times that are none are left out, and it counts.
  good.event.occurred_at = 'yesterday';
  expect((await there.tell(good)).body.acknowledged).toBe('PAGE-1');
  expect(await pageOf(world)).toMatchObject({ answeredAt: world.now() });
});
