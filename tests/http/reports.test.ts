// Reports over HTTP, as the support desk sends them: each customer counts once, and the answer says what is known.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { everyRow } from '../helpers/record.js';
import { channelOf } from '../helpers/talk.js';
import { verdictOf } from '../helpers/verdict.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

const report = { text: 'Cannot log in', service: 'api', environment: 'prod' };

describe.each(engines)('on %s', (engine) => {
  test('two customers are gathered, and once it is declared the next is told', async () => {
    const world = await openWorld({ engine });
    const desk = await program(world, ['reports'], 'desk');
    const first = await desk.post('reports', { ...report, reporter: 'ticket-1' }, { 'idempotency-key': '1' });
    expect(first).toMatchObject({
      status: 201,
      body: { number: 1, key: 'REP-1', about: 'api/prod', incident: null, gathered: false },
    });
    const again = await desk.post('reports', { ...report, reporter: 'ticket-1' }, { 'idempotency-key': '1' });
    expect(again.body).toEqual(first.body);
    await desk.post('reports', { ...report, text: 'Still not', reporter: 'ticket-1' });
    expect(await world.app.db.read.fact.count({ where: { type: 'ReportsGathered' } })).toBe(0);
    const second = await desk.post('reports', { ...report, reporter: 'ticket-2', at: '5m ago' });
    expect(second.body).toMatchObject({ key: 'REP-3', gathered: true });
    await world.settled();
    const asked = world.sandbox.channel('incidents')?.messages ?? [];
    const question = asked.find((each) => each.text.includes('2 people reported trouble'));
    expect(question?.text).toContain('Cannot log in');
    const bob = world.sandbox.person('bob');
    const channel = world.sandbox.channel('incidents')?.id ?? '';
    await bob.click(channel, question?.ts ?? '', 'run:/report declare REP-1');
    await world.settled();
    const declared = await desk.post('reports', { ...report, reporter: 'ticket-3' });
    expect(declared.body).toMatchObject({ incident: 'INC-1', gathered: false });
    expect(declared.body.reply).toContain('INC-1 is known');
    const answered = world.sandbox.channel('incidents')?.messages.find((each) => each.ts === question?.ts);
    expect(answered?.text).toContain('bob says: INC-1');
  });
});

test('what became of reports is read, without those of incidents that the token may not see', async () => {
  const world = await openWorld();
  const desk = await program(world, ['reports', 'incidents:read', 'incidents:write'], 'desk');
  await desk.post('reports', { ...report, reporter: 'ticket-1' });
  await desk.post('reports', { text: 'All is slow', reporter: 'ticket-2' });
  await desk.post('incidents', {
    title: 'Logins fail',
    components: [{ service: 'api', environment: 'prod' }],
  });
  await desk.post('reports', { ...report, reporter: 'ticket-3' });
  const all = (await desk.get('reports')).body.reports;
  expect(all).toMatchObject([
    { key: 'REP-3', text: 'Cannot log in', about: 'api/prod', incident: 'INC-1' },
    { key: 'REP-2', text: 'All is slow', about: null, incident: null },
    { key: 'REP-1', about: 'api/prod', incident: null },
  ]);
  expect((await desk.get('reports?limit=1')).body.reports).toHaveLength(1);
  expect((await desk.get('reports?limit=0')).status).toBe(422);
  expect((await desk.get('incidents/1/reports')).body.reports).toEqual([all[0]]);

  await world.app.db.write((tx) => tx.incident.updateMany({ data: { private: true } }));
  expect((await desk.get('incidents/1/reports')).status).toBe(404);
  expect((await desk.get('reports')).body.reports).toEqual(all.slice(1));
  const trusted = await program(world, ['incidents:read', 'incidents:private'], 'trusted');
  expect((await trusted.get('reports')).body.reports).toEqual(all);
  const other = await program(world, ['reports'], 'other');
  expect((await other.get('reports')).status).toBe(403);
});

test('the reports of an incident are counted, with those of what was merged into it; the latest come first', async () => {
  const world = await openWorld();
  const desk = await program(world, ['reports', 'incidents:read', 'incidents:write'], 'desk');
  const components = [{ service: 'api', environment: 'prod' }];
  await desk.post('incidents', { title: 'Logins fail', components });
  for (const text of ['a', 'b', 'c']) await desk.post('reports', { ...report, text });
  await desk.post('incidents', { title: 'All is down' });
  await world.sandbox.person('ana').command('/incident merge INC-1 INC-2', { channel: 'general' });
  await world.settled();
  const { body } = await desk.get('incidents/2/reports?limit=2');
  expect(body).toMatchObject({ count: 3, more: true, reports: [{ text: 'c' }, { text: 'b' }] });
  expect((await desk.get('incidents/2/reports')).body).toMatchObject({ count: 3, more: false });
});

test('who complained is one line, and reads like nobody in Slack', async () => {
  const world = await openWorld();
  const desk = await program(world, ['reports', 'incidents:read'], 'desk');
  const forged = 'Ana\nSay that you have it: https://evil.example';
  await desk.post('reports', { ...report, reporter: forged });
  await desk.post('reports', { ...report, reporter: 'ticket 5' });
  expect((await desk.post('reports', { ...report, reporter: ' \n ' })).status).toBe(422);
  expect((await desk.post('reports', { ...report, reporter: 'x'.repeat(121) })).status).toBe(422);
  await world.settled();
  const listed = await world.sandbox.person('bob').command('/report list', { channel: 'general' });
  const text = JSON.stringify(listed);
  expect(text).toContain('“ticket 5” (over HTTP)');
  expect(text).toContain('“Ana Say that you have it: https://evil.example” (over HTTP)');
  expect((await desk.get('reports')).body.reports[1].by).not.toContain('\n');
});

test('what does not fit is refused, and the token needs its scope', async () => {
  const world = await openWorld();
  const desk = await program(world, ['reports'], 'desk');
  for (const bad of [
    {},
    { text: '' },
    { text: 'x'.repeat(2001) },
    { ...report, service: 'a/b' },
    { text: 'x', environment: 'prod' },
    { ...report, url: 'javascript:alert(1)' },
    { ...report, at: 'Time TBC soon' },
  ])
    expect((await desk.post('reports', bad)).status, JSON.stringify(bad).slice(0, 80)).toBe(422);
  expect(await world.app.db.read.report.count()).toBe(0);
  const other = await program(world, ['incidents:write'], 'other');
  expect((await other.post('reports', report)).status).toBe(403);
});

test('in Slack: the form, a mention, and whoever is on call', async () => {
  const world = await openWorld({ sandbox: { channels: [{ name: 'general' }, { name: 'incidents' }] } });
  const ana = world.sandbox.person('ana');
  await ana.command('/change service api owner:@bob', { channel: 'general' });
  await ana.command('/report', { channel: 'general' });
  const view = await ana.waitForView();
  await ana.submit(view, { text: 'the api hangs <!channel>' });
  await world.settled();
  await ana.command('/incident declare the lifts are stuck', { channel: 'general' });
  await world.settled();
  const chen = world.sandbox.person('chen');
  const bot = world.sandbox.botUserId;
  await chen.join(channelOf(world).name);
  await chen.say(`<@${bot}> report the api is dead here`, { channel: channelOf(world).name });
  await world.settled();
  expect(await world.app.db.read.report.findMany({ orderBy: { number: 'asc' } })).toMatchObject([
    { service: 'api', byName: 'ana' },
    { service: 'api', byName: 'chen' },
  ]);
  const { id } = world.sandbox.person('bob');
  const direct = world.sandbox.channels().find((each) => each.isIm && each.members.includes(id));
  expect(direct?.messages.at(-1)?.text).toContain('2 people reported trouble');
  expect(direct?.messages.at(-1)?.text).not.toContain('<!channel>');
});

test('what was redacted is marked as such, with whoever complained; the same request again has nothing to answer', async () => {
  const world = await openWorld();
  const desk = await program(world, ['reports', 'incidents:read'], 'desk');
  const body = { text: 'my password hunter2 fails', service: 'api', reporter: 'Mary Jane Smith' };
  const headers = { 'idempotency-key': '1' };
  await desk.post('reports', body, headers);
  await desk.post('reports', { ...body, text: 'hunter2 again' });
  const bob = world.sandbox.person('bob');
  await bob.command('/report redact REP-1 a customer', { channel: 'general' });
  await bob.command('/report declare REP-2', { channel: 'general' });
  await world.settled();
  await bob.command('/report redact REP-2 a customer', { channel: 'general' });
  // It became the title.
  await bob.command('/incident redact INC-1 #1 a customer', { channel: 'general' });
  await world.settled();
  expect((await desk.get('reports')).body.reports).toMatchObject([
    { key: 'REP-2', text: '', redacted: true, by: 'redacted' },
    { key: 'REP-1', text: '', redacted: true, by: 'redacted' },
  ]);
  expect(await desk.post('reports', body, headers)).toMatchObject({ status: 410 });
  expect(await everyRow(world.databaseUrl)).not.toMatch(/hunter2|Smith/i);
  const { id } = await world.app.db.read.incident.findFirstOrThrow();
  expect(await verdictOf(world.app.db, id)).toMatchObject({ whole: true });
});
