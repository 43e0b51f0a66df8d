// Alerts over HTTP in our own words: the same rules, once for each Idempotency-Key, and nothing of private incidents.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

const fires = { status: 'firing', title: 'Disk 95 % full', service: 'db', environment: 'prod' };

describe.each(engines)('on %s', (engine) => {
  test('an alert opens an incident, ends, and is listed', async () => {
    const world = await openWorld({ engine });
    const api = await program(world, ['incidents:write'], 'probe');
    const key = { 'idempotency-key': 'a' };
    const opened = await api.post('alerts', fires, key);
    expect(opened).toMatchObject({ status: 200, body: { recorded: true, incident: 'INC-1' } });
    const replayed = await api.post('alerts', fires, key);
    expect(replayed.body).toEqual(opened.body);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect((await api.post('alerts', { ...fires, title: 'another' }, key)).status).toBe(422);
    expect((await api.post('alerts', fires)).body).toMatchObject({ recorded: false, incident: null });
    const over = await api.post('alerts', { ...fires, status: 'resolved' });
    expect(over.body).toMatchObject({ recorded: true, incident: 'INC-1' });
    const { read } = world.app.db;
    expect(await read.alert.findMany()).toMatchObject([{ source: 'probe', state: 'resolved' }]);
    expect(await read.incident.findFirstOrThrow()).toMatchObject({
      status: 'investigating',
      severity: 'SEV3',
    });
  });
});

test('labels say what members do not, and what does not fit is refused', async () => {
  const world = await openWorld();
  const api = await program(world, ['incidents:write'], 'probe');
  const labels = { app: 'cart', stage: 'prod', severity: 'critical', cluster: '/eu-1' };
  await api.post('alerts', { status: 'firing', title: 'Errors', labels });
  expect(await world.app.db.read.alert.findFirstOrThrow()).toMatchObject({
    ...{ service: 'cart', environment: 'prod', cluster: 'eu-1', severity: 'critical' },
  });
  for (const bad of [
    { ...fires, status: 'odd' },
    { ...fires, title: ' ' },
    { ...fires, url: 'javascript:alert(1)' },
    { ...fires, service: '../x' },
    { ...fires, startsAt: 'yesterday' },
    { ...fires, more: 1 },
  ])
    expect((await api.post('alerts', bad)).status, JSON.stringify(bad)).toBe(422);
  const reader = await program(world, ['incidents:read'], 'reader');
  expect((await reader.post('alerts', fires)).status).toBe(403);
});

test('what fires is listed, and on its incident what has ended too; of a private one only to who may see it', async () => {
  const world = await openWorld();
  const api = await program(world, ['incidents:read', 'incidents:write'], 'probe');
  await api.post('alerts', { ...fires, severity: 'critical' });
  await api.post('alerts', { ...fires, title: 'Queue is long', service: 'mail' });
  const [mail, disk] = (await api.get('alerts')).body.alerts;
  expect([mail, disk]).toMatchObject([
    { title: 'Queue is long', about: 'mail/prod', state: 'firing', endsAt: null },
    { source: 'probe', title: 'Disk 95 % full', severity: 'critical', about: 'db/prod', incident: 'INC-1' },
  ]);
  await api.post('alerts', { ...fires, status: 'resolved' });
  expect((await api.get('alerts')).body.alerts).toEqual([mail]);
  expect((await api.get('incidents/1/alerts')).body.alerts).toMatchObject([
    { ...disk, state: 'resolved', endsAt: expect.stringMatching(/Z$/) },
  ]);
  await world.app.db.write((tx) => tx.incident.updateMany({ data: { private: true } }));
  expect((await api.get('alerts')).body.alerts).toEqual([]);
  expect((await api.get('incidents/1/alerts')).status).toBe(404);
  const trusted = await program(world, ['incidents:read', 'incidents:private'], 'trusted');
  expect((await trusted.get('alerts')).body.alerts).toEqual([mail]);
});

test('of a private incident the sender learns nothing', async () => {
  const world = await openWorld();
  const api = await program(world, ['incidents:write'], 'probe');
  await api.post('alerts', fires);
  await world.app.db.write((tx) => tx.incident.updateMany({ data: { private: true } }));
  const answer = await api.post('alerts', { ...fires, status: 'resolved' });
  expect(answer.body).toMatchObject({ recorded: true, incident: null });
  expect(answer.text).not.toContain('INC-');
});

test('what is hidden does not take the place of what may be seen', async () => {
  const world = await openWorld();
  const api = await program(world, ['incidents:read', 'incidents:write'], 'probe');
  await api.post('alerts', { ...fires, startsAt: '2026-03-10T10:00:00Z' });
  await api.post('incidents', { title: 'Keys leaked' });
  const { id } = await world.app.db.read.incident.findFirstOrThrow({ where: { number: 2 } });
  await world.app.db.write((tx) => tx.incident.updateMany({ where: { id }, data: { private: true } }));
  const row = await world.app.db.read.alert.findFirstOrThrow();
  await world.app.db.write((tx) =>
    tx.alert.createMany({
      data: Array.from({ length: 201 }, (_, index) => ({
        ...row,
        ...{ id: `hidden-${index}`, fingerprint: `hidden-${index}`, incidentId: id, startsAt: world.now() },
      })),
    }),
  );
  expect((await api.get('alerts')).body).toMatchObject({ alerts: [{ title: fires.title }], more: false });
});
