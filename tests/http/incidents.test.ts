// Incidents over HTTP: the same verbs as in Slack, on the same record.
import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../src/features/postmortem/record.js';
import { engines } from '../helpers/databases.js';
import { brokenChains } from '../helpers/record.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

describe.each(engines)('incidents on %s', (engine) => {
  test('an incident is declared, followed and read, and Slack shows it', async () => {
    const world = await openWorld({ engine, at: '2026-03-10T10:45:00Z', zone: 'Europe/Berlin' });
    const ci = await program(world, undefined, 'ci');
    const declared = await ci.post('incidents', {
      title: 'writes are stuck',
      severity: 1,
      components: ['api/prod', { service: 'web', environment: 'prod', cluster: 'eu-1' }],
      startedAt: '2026-03-10T10:22:00Z',
      detectedAt: '11:37',
    });
    expect(declared.status).toBe(201);
    expect(declared.headers.get('location')).toBe('/api/v1/incidents/1');
    expect(declared.body).toMatchObject({
      number: 1,
      key: 'INC-1',
      severity: 'SEV1',
      status: 'investigating',
      startedAt: '2026-03-10T10:22:00.000Z',
      detectedAt: '2026-03-10T10:37:00.000Z',
      declaredAt: '2026-03-10T10:45:00.000Z',
      components: [
        { component: 'api/prod', level: 'major_outage', from: '2026-03-10T10:22:00.000Z', until: null },
        { component: 'web/prod/eu-1', level: 'major_outage' },
      ],
    });
    expect(declared.body.reply).toContain(
      'INC-1 declared, SEV1: writes are stuck. Its channel is being opened.',
    );
    expect(declared.body.reply).not.toContain('invited');

    const noted = await ci.post('incidents/1/timeline', {
      text: 'failing over <!channel> & more',
      time: '11:40',
      kind: 'action',
    });
    expect(noted.status).toBe(201);
    expect(noted.body).toMatchObject({
      seq: 2,
      kind: 'action',
      text: 'failing over <!channel> & more',
      occurredAt: '2026-03-10T10:40:00.000Z',
      asWritten: '11:40',
      precision: 'exact',
      recordedAt: '2026-03-10T10:45:00.000Z',
      author: { name: 'ci' },
    });
    expect(noted.body.reply).toContain('at 10 Mar 2026 11:40 CET (10:40 UTC).');

    const status = await ci.post('incidents/INC-1/status', {
      status: 'identified',
      text: 'a bad merge',
      time: '10:43 UTC',
    });
    expect(status.status).toBe(200);
    expect(status.body).toMatchObject({
      number: 1,
      status: 'identified',
      entry: { seq: 3, kind: 'status', text: 'Status investigating → identified: a bad merge' },
    });

    await world.settled();
    const place = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
    expect(place?.topic).toContain('SEV1 · identified');
    // There is no person to invite: the bot alone made the channel and is in it.
    expect(place?.members).toEqual([world.sandbox.botUserId]);
    expect(world.sandbox.calls.filter((call) => call.method === 'conversations.invite')).toEqual([]);
    expect(await brokenChains(world.databaseUrl).catch(() => [])).toEqual([]);
  });

  test('the record has the shape that exports have', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck', startedAt: '10:00 UTC' });
    await ci.post('incidents/1/timeline', { text: 'about then', time: '~10:05 UTC' });
    await ci.post('incidents/1/timeline', { text: 'a while', time: '10:05-10:10 UTC' });
    await ci.post('incidents/1/timeline', { text: 'nobody knows', time: 'Time TBC' });
    await ci.post('incidents/1/status', { status: 'resolved', time: '10:20 UTC' });
    const record = (await ci.get('incidents/1')).body;
    expect(parseRecord(record)).toEqual(record);
    expect(record.durations).toMatchObject({ resolve: 'PT20M', detect: null });
    expect(record.timeline.map((each: { precision: string }) => each.precision).sort()).toEqual([
      'approximate',
      'exact',
      'exact',
      'range',
      'unknown',
    ]);
    expect((await ci.get('incidents/1/postmortem.json')).body).toEqual(record);
    const markdown = await ci.get('incidents/1/postmortem.md');
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.text).toContain('# INC-1: writes are stuck');
    const html = await ci.get('incidents/1/postmortem.html');
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html.text).toContain('writes are stuck');
    expect((await ci.get('incidents/1/postmortem.pdf')).status).toBe(404);
  });

  test('the list is paged, newest first, open ones unless all are asked for', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    for (const title of ['one', 'two', 'three', 'four']) await ci.post('incidents', { title });
    await ci.post('incidents/2/status', { status: 'resolved' });
    const numbers = async (query: string) => {
      const { body } = await ci.get(`incidents${query}`);
      return { numbers: body.incidents.map((each: { number: number }) => each.number), next: body.next };
    };
    expect(await numbers('')).toEqual({ numbers: [4, 3, 1], next: null });
    expect(await numbers('?status=all')).toEqual({ numbers: [4, 3, 2, 1], next: null });
    expect(await numbers('?status=all&limit=3')).toEqual({ numbers: [4, 3, 2], next: 2 });
    expect(await numbers('?status=all&limit=3&before=2')).toEqual({ numbers: [1], next: null });
    for (const query of ['?status=closed', '?limit=0', '?limit=201', '?limit=x', '?before=0', '?state=open'])
      expect((await ci.get(`incidents${query}`)).status, query).toBe(422);
  });

  test('the timeline is paged in the order of recording', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck' });
    for (const time of ['10:20 UTC', '10:10 UTC', '10:05 UTC'])
      await ci.post('incidents/1/timeline', { text: `at ${time}`, time });
    const page = async (query: string) => {
      const { body } = await ci.get(`incidents/1/timeline${query}`);
      return { seqs: body.entries.map((each: { seq: number }) => each.seq), next: body.next };
    };
    expect(await page('')).toEqual({ seqs: [1, 2, 3, 4], next: null });
    expect(await page('?limit=2')).toEqual({ seqs: [1, 2], next: 2 });
    expect(await page('?limit=2&after=2')).toEqual({ seqs: [3, 4], next: null });
    expect(await page('?after=4')).toEqual({ seqs: [], next: null });
  });
});

describe('what is refused says what to do, and records nothing', () => {
  test.each([
    ['a time that cannot be', { text: 'x', time: '13:55 PM' }, '/time', 'it may mean 13:55'],
    ['words that are no time', { text: 'x', time: 'soon' }, '/time', 'Write it like 10:42'],
    ['a year that cannot be', { text: 'x', time: '22025-01-01 10:00' }, '/time', ''],
    ['a number for a time', { text: 'x', time: 12 }, '/time', ''],
    ['no words', { text: '' }, '/text', 'Say what happened'],
    ['words that cannot be seen', { text: ' \u0000 ' }, '/text', 'Say what happened'],
    ['too many words', { text: 'x'.repeat(10_001) }, '/text', '10,000 is the most'],
    ['no text', {}, '/text', 'Say what happened'],
    ['a kind that a command makes', { text: 'x', kind: 'status' }, '/kind', 'A kind is one of'],
    ['a member that is not known', { text: 'x', tiem: '10:42' }, '/tiem', 'not known here'],
    ['a list', [], '', ''],
  ])('%s', async (_name, body, pointer, words) => {
    const world = await openWorld();
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck' });
    const before = await world.app.db.read.fact.count();
    const answer = await ci.post('incidents/1/timeline', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(answer.body.detail).toContain(words);
    expect(await world.app.db.read.fact.count()).toBe(before);
  });

  test('declarations: severities, components and times', async () => {
    const world = await openWorld();
    const ci = await program(world);
    const refused = async (body: object) => {
      const answer = await ci.post('incidents', { title: 'x', ...body });
      expect(answer.status).toBe(422);
      return { pointer: answer.body.errors[0].pointer, detail: answer.body.detail };
    };
    expect(await refused({ severity: 'bad' })).toMatchObject({ pointer: '/severity' });
    expect(await refused({ components: ['a/b/c/d'] })).toMatchObject({
      pointer: '/components',
      detail: expect.stringContaining('service/environment/cluster'),
    });
    expect(await refused({ components: ['a,b'] })).toMatchObject({ pointer: '/components/0' });
    expect(await refused({ startedAt: '25:00' })).toMatchObject({ pointer: '/startedAt' });
    expect(await world.app.db.read.incident.count()).toBe(0);
  });

  test('what is not there is 404, what it does not allow is 409', async () => {
    const world = await openWorld();
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck' });
    expect((await ci.get('incidents/2')).body).toMatchObject({
      type: 'urn:andon:problem:not-found',
      detail: expect.stringContaining('There is no INC-2.'),
    });
    expect((await ci.post('incidents/2/timeline', { text: 'x' })).status).toBe(404);
    const again = await ci.post('incidents/1/status', { status: 'investigating' });
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('INC-1 is investigating already. Nothing was changed.');
    expect((await ci.post('incidents/1/status', { status: 'done' })).body.errors[0].pointer).toBe('/status');
  });
});
