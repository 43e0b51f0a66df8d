// Pages to pagers over real HTTP servers on loopback, and pages by letter: what is sent, and what each answer means.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { OutsideBusy, OutsideRefused, OutsideUnreachable } from '../../src/core/outside.js';
import type { KnownPager, Outside } from '../../src/outside/context.js';
import { pageLetter } from '../../src/outside/page-mail.js';
import { linkFor, type PageScene } from '../../src/outside/page-scene.js';
import { callOf, send } from '../../src/outside/page-webhook.js';

interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that keeps what it hears, and answers as it is told. */
async function openEar(answer: { status: number; headers?: Record<string, string>; body?: string }) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, heard, answer };
}

const scene: PageScene = {
  ...{
    id: randomUUID(),
    number: 3,
    state: 'ringing',
    words: 'writes are stuck',
    severity: 'SEV1',
    reason: null,
  },
  incident: { number: 12, private: false },
  target: { kind: 'service', name: 'api' },
  cause: { kind: 'person', name: null },
  ...{ openedBy: 'Eve', openedAt: new Date('2026-11-21T02:00:00Z'), answeredBy: null },
  ...{ nextAt: new Date('2026-11-21T02:05:00Z'), next: ['Bob', 'pd'] },
  listed: [],
  attempt: { id: 'attempt-1', level: 0, round: 0, to: { id: null, name: 'pd' }, address: 'pd' },
};
const hidden: PageScene = { ...scene, words: null, severity: null, incident: { number: 12, private: true } };
const link = 'https://andon.example.com/pages/token';
const unix = 1_900_000_000;

function pager(kind: KnownPager['kind'], url: string): KnownPager {
  return { name: 'pd', kind, url, secret: 'a-secret' };
}

function context(): Outside {
  const notes: Record<string, string> = {};
  const note = async (more: Record<string, string>) => void Object.assign(notes, more);
  return { job: { id: 'job-1', notes }, note } as unknown as Outside;
}

test('a webhook is signed over its time and its body, and says where to answer', async () => {
  const ear = await openEar({ status: 204 });
  const call = callOf({ pager: pager('webhook', `${ear.url}/page?x=1`), scene, what: 'ring', link, unix });
  await send(context(), 'webhook', call);
  const [heard] = ear.heard;
  const said = String(heard?.headers['andon-signature']);
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(said) ?? [];
  // As docs/paging.md tells whoever receives it.
  const mine = createHmac('sha256', 'a-secret').update(`${time}.${heard?.body}`).digest('hex');
  expect(signature).toBe(mine);
  expect(heard?.headers['andon-delivery']).toBe('attempt-1/ring');
  expect(JSON.parse(heard?.body ?? '')).toMatchObject({
    event: 'page.ringing',
    page: { key: 'PAGE-3' },
    summary: 'writes are stuck',
    acknowledgeUrl: link,
  });
});

test('PagerDuty is triggered, acknowledged and resolved under one key', async () => {
  const ear = await openEar({ status: 202 });
  for (const [what, state] of [
    ['ring', 'ringing'],
    ['over', 'acknowledged'],
    ['over', 'withdrawn'],
  ] as const)
    await send(
      context(),
      'pagerduty',
      callOf({
        pager: pager('pagerduty', `${ear.url}/v2/enqueue`),
        scene: { ...scene, state },
        what,
        link,
        unix,
      }),
    );
  const said = ear.heard.map((each) => JSON.parse(each.body));
  expect(said.map((each) => each.event_action)).toEqual(['trigger', 'acknowledge', 'resolve']);
  expect(new Set(said.map((each) => each.dedup_key))).toEqual(new Set([scene.id]));
  expect(said[0]).toMatchObject({
    routing_key: 'a-secret',
    payload: { summary: 'PAGE-3 INC-12 SEV1 writes are stuck', severity: 'critical', source: 'andon' },
  });
});

test('Opsgenie gets an alert under an alias, and its end by that alias', async () => {
  const ear = await openEar({ status: 202 });
  const opsgenie = pager('opsgenie', `${ear.url}/v2/alerts`);
  await send(context(), 'opsgenie', callOf({ pager: opsgenie, scene, what: 'ring', link, unix }));
  const over = { ...scene, state: 'acknowledged', answeredBy: 'Ana' };
  await send(context(), 'opsgenie', callOf({ pager: opsgenie, scene: over, what: 'over', link, unix }));
  expect(ear.heard.map((each) => each.path)).toEqual([
    '/v2/alerts',
    `/v2/alerts/${scene.id}/acknowledge?identifierType=alias`,
  ]);
  expect(ear.heard[0]?.headers.authorization).toBe('GenieKey a-secret');
  expect(JSON.parse(ear.heard[0]?.body ?? '')).toMatchObject({ alias: scene.id, priority: 'P1' });
  expect(JSON.parse(ear.heard[1]?.body ?? '')).toMatchObject({ user: 'Ana' });
});

const here = 'http://localhost:3000';

test('of a private incident nothing leaves but its number', () => {
  const secrets = ['writes are stuck', 'SEV1', 'Eve', 'api'];
  for (const kind of ['webhook', 'pagerduty', 'opsgenie'] as const) {
    const { body } = callOf({
      pager: pager(kind, 'https://x.example/'),
      scene: hidden,
      what: 'ring',
      link,
      unix,
    });
    for (const each of secrets) expect(body, kind).not.toContain(each);
    expect(body).toContain('12');
  }
  const { subject, text: body } = pageLetter(hidden, link, 'Europe/Berlin', here);
  expect(subject).toBe('[PAGE-3] INC-12');
  for (const each of ['writes are stuck', 'SEV1', 'Eve', 'api', 'Bob']) expect(body).not.toContain(each);
});

test('a letter says what, who calls, when in the zone and in UTC, how to answer, and what comes next', () => {
  const { subject, text: body } = pageLetter(scene, link, 'Europe/Berlin', here);
  expect(subject).toBe('[PAGE-3] SEV1 writes are stuck');
  expect(body.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  for (const each of [
    'INC-12 SEV1: “writes are stuck”',
    'Eve calls the service api',
    '03:00 CET (02:00 UTC)',
    link,
    '/incident ack PAGE-3',
    '03:05 CET',
    'Bob, pd',
  ])
    expect(body).toContain(each);
});

test('no words in a letter look like Andon’s own: the true link stands above them, and each is quoted on its line', () => {
  const forged = 'oops\n\nSay that you have it:\nhttps://evil.example/“now”';
  const said: PageScene = {
    ...{ ...scene, words: forged, reason: `${forged} ${'x'.repeat(300)}`, openedBy: forged },
    target: { kind: 'service', name: forged },
    listed: [forged],
    next: [forged],
  };
  const lines = pageLetter(said, link, 'Europe/Berlin', here).text.split('\n');
  expect(lines.indexOf(link)).toBeLessThan(lines.findIndex((each) => /^Why you: “oops Say/.test(each)));
  expect(lines.filter((each) => /^(?:https:|Say that)/.test(each))).toEqual([
    'Say that you have it, also where Slack does not work:',
    link,
  ]);
  expect(lines.find((each) => each.startsWith('Why you'))).toMatch(/^Why you: “[^“”]{200}”$/);
});

test('where nobody reaches Andon’s address a letter says how to answer without it', () => {
  const { text: body } = pageLetter(scene, null, 'Europe/Berlin', here);
  expect(body).toContain('/incident ack PAGE-3');
  expect(body).toMatch(
    /POST \/api\/v1\/pages\/3\/ack to localhost:3000 .* with a token of scope incidents:write\.$/m,
  );
  expect(body).not.toContain('http:');
  const links = { to: () => link, attemptIn: () => null };
  for (const publicUrl of ['http://localhost:3000', 'http://127.0.0.1:3000/', 'http://[::1]:3000'])
    expect(linkFor({ links, publicUrl }, 'attempt-1')).toBeNull();
  expect(linkFor({ links, publicUrl: 'https://andon.example.com' }, 'attempt-1')).toBe(link);
  for (const kind of ['webhook', 'pagerduty', 'opsgenie'] as const)
    expect(
      callOf({ pager: pager(kind, 'https://x.example/'), scene, what: 'ring', link: null, unix }).body,
    ).not.toContain('null"');
});

test('a letter for Andon’s own heartbeat does not send anybody into Slack', () => {
  const canary: PageScene = { ...scene, incident: null, cause: { kind: 'heartbeat', name: 'andon-slack' } };
  for (const each of [link, null])
    expect(pageLetter(canary, each, 'Europe/Berlin', here).text).not.toContain('/incident ack');
});

test.each([
  [{ status: 429, headers: { 'retry-after': '20' } }, OutsideBusy, { retryAfterMs: 20_000 }],
  [{ status: 503 }, OutsideUnreachable, { sent: true }],
  [{ status: 403, body: 'bad key' }, OutsideRefused, { error: '403 bad key' }],
  [{ status: 302, headers: { location: 'https://elsewhere.example/' } }, OutsideRefused, {}],
])('%o', async (answer, kind, more) => {
  const ear = await openEar(answer);
  const call = callOf({ pager: pager('webhook', ear.url), scene, what: 'ring', link, unix });
  const error = await send(context(), 'webhook', call).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject(more);
  expect(String(error)).not.toContain('a-secret');
  expect(ear.heard).toHaveLength(1);
});

test('whoever asks for patience again and again is taken for a no; nobody there is unreachable', async () => {
  const ear = await openEar({ status: 429, headers: { 'retry-after': '86400' } });
  const call = callOf({ pager: pager('webhook', ear.url), scene, what: 'ring', link, unix });
  const own = context();
  const errors: unknown[] = [];
  for (let at = 0; at < 4; at += 1)
    errors.push(await send(own, 'webhook', call).catch((each: unknown) => each));
  expect(
    errors.slice(0, 3).every((each) => each instanceof OutsideBusy && each.retryAfterMs <= 300_000),
  ).toBe(true);
  expect(errors[3]).toBeInstanceOf(OutsideRefused);
  const nobody = callOf({
    pager: pager('webhook', 'http://127.0.0.1:9/?key=hidden'),
    scene,
    what: 'ring',
    link,
    unix,
  });
  const error = await send(context(), 'webhook', nobody).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(OutsideUnreachable);
  expect(String(error)).not.toContain('hidden');
});
