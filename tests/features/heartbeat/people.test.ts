// What people say of heartbeats: registering, pausing, forgetting, looking; and that refusals teach.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk } from '../../helpers/desk.js';
import { at, beat, heartbeat, story, until } from './help.js';

async function ok(desk: Desk, line: string): Promise<string> {
  const said = await desk.say('ana', line);
  expect(said.accepted, said.text).toBe(true);
  return said.text;
}

async function no(desk: Desk, line: string): Promise<string> {
  const said = await desk.say('ana', line);
  expect(said.accepted, said.text).toBe(false);
  return said.text;
}

const said = async (desk: Desk) => {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' }, orderBy: { madeAt: 'asc' } });
  return jobs.map((job) => (job.payload as { message?: { text: string } }).message?.text ?? '');
};

describe.each(engines)('%s', (engine) => {
  test('one that was registered and never heard is missed', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    expect(await ok(desk, '/incident heartbeat Nightly-Backup every:5m grace:1m')).toContain(
      'POST /api/v1/heartbeats/nightly-backup',
    );
    await until(desk, '10:06:00');
    expect((await heartbeat(desk, 'nightly-backup')).state).toBe('missing');
    const page = await desk.db.read.page.findFirstOrThrow();
    expect(page.reason).toContain('never heard');
    expect(page.targetKind).toBe('default');
  });

  test('whom it pages follows its service, or its team', async () => {
    const desk = await openDesk(engine);
    await ok(desk, '/incident heartbeat a every:5m service:api');
    await ok(desk, '/incident heartbeat b every:5m team:"Data Platform"');
    await until(desk, '11:00:00');
    const pages = await desk.db.read.page.findMany({ orderBy: { causeName: 'asc' } });
    expect(pages.map((each) => [each.causeName, each.targetKind, each.targetName])).toEqual([
      ['a', 'service', 'api'],
      ['b', 'team', 'Data Platform'],
    ]);
  });

  test('a pause calls nobody, ends by itself, is said at its end, and then a whole interval is waited', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'probe', { every: 300, grace: 60 });
    expect(await ok(desk, '/incident pause probe for:1h the disk is changed')).toContain('11:00 UTC');
    await until(desk, '10:59:59');
    // Beats during it change nothing.
    await beat(desk, 'probe');
    expect((await heartbeat(desk, 'probe')).state).toBe('paused');
    expect(await desk.db.read.page.count()).toBe(0);
    await until(desk, '11:00:00');
    expect((await heartbeat(desk, 'probe')).state).toBe('alive');
    expect((await said(desk)).some((text) => text.includes('probe is watched again'))).toBe(true);
    await until(desk, '11:05:59');
    expect((await heartbeat(desk, 'probe')).state).toBe('alive');
    await until(desk, '11:06:00');
    expect((await heartbeat(desk, 'probe')).state).toBe('missing');
  });

  test('pausing or forgetting a missing one takes its page back', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'one', { every: 60, grace: 60 });
    await beat(desk, 'two', { every: 60, grace: 60 });
    await until(desk, '10:02:00');
    expect(await desk.db.read.page.count({ where: { state: 'ringing' } })).toBe(2);
    expect(await ok(desk, 'pause one')).toContain('is withdrawn');
    expect(await ok(desk, 'forget two')).toContain('is withdrawn');
    expect(await desk.db.read.page.count({ where: { state: 'withdrawn' } })).toBe(2);
    // Forgotten, its look does not come back, and its next beat has to say how often.
    await until(desk, '10:30:00');
    expect(await story(desk, 'two')).not.toContain('10:30:00 HeartbeatMissed');
    expect((await beat(desk, 'two'))?.accepted).toBe(false);
    expect((await beat(desk, 'two', { every: 60 }))?.accepted).toBe(true);
  });

  test('a page that somebody has is not taken back, and the heartbeat says that it is heard again', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'one', { every: 60, grace: 60 });
    await until(desk, '10:02:00');
    await ok(desk, 'ack PAGE-1');
    await until(desk, '10:09:00');
    await beat(desk, 'one');
    expect((await desk.db.read.page.findFirstOrThrow()).state).toBe('acknowledged');
    expect((await said(desk)).some((text) => text.includes('one is heard again: it was silent since'))).toBe(
      true,
    );
  });

  test('the list says which are missing first, and rows are made again from the record', async () => {
    const desk = await openDesk(engine);
    expect((await desk.say('ana', 'heartbeats')).text).toContain('No heartbeat is watched');
    desk.now = at('10:00:00');
    await beat(desk, 'alive-one', { every: 3600 });
    await beat(desk, 'missing-one', { every: 60, grace: 0 });
    await beat(desk, 'paused-one', { every: 60, team: 'Platform' });
    await ok(desk, 'pause paused-one for:2h');
    await until(desk, '10:05:00');
    const { text } = await desk.say('bob', 'heartbeats');
    expect(text.indexOf('missing-one')).toBeLessThan(text.indexOf('paused-one'));
    expect(text.indexOf('paused-one')).toBeLessThan(text.indexOf('alive-one'));
    expect(text).toContain('1 of 3 are missing');
    await beat(desk, 'missing-one');
    await until(desk, '10:30:00');
    const before = await dump(desk.db, ['heartbeat', 'page', 'beat']);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, ['heartbeat', 'page', 'beat'])).toEqual(before);
  });

  test('refusals say what to do', async () => {
    const desk = await openDesk(engine);
    expect(await no(desk, 'heartbeat probe')).toContain('every:5m');
    expect(await no(desk, 'heartbeat probe every:1s')).toContain('30 seconds');
    expect(await no(desk, 'heartbeat probe every:soon')).toContain('soon');
    expect(await no(desk, 'heartbeat "a/b" every:5m')).toContain('letters, digits');
    expect(await no(desk, 'heartbeat probe every:5m service:api team:Platform')).toContain('not both');
    expect(await no(desk, 'heartbeat andon-slack every:5m')).toContain('ANDON_CANARY_CHANNEL');
    expect(await no(desk, 'pause probe')).toContain('There is no heartbeat probe');
    await ok(desk, 'heartbeat probe every:5m');
    expect(await no(desk, 'pause probe for:8d')).toContain('7 days');
    expect(await no(desk, 'unpause probe')).toContain('is not paused');
    expect(await desk.db.read.fact.count()).toBe(1);
  });
});
