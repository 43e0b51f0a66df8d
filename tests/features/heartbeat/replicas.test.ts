// Two replicas on one database: a missing heartbeat is found once and pages once, whichever of them looks.
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.js';
import { keepLater } from '../../../src/db/due.js';
import { openDatabase } from '../../../src/db/open.js';
import { heartbeatFeature } from '../../../src/features/heartbeat/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { keepAlive } from '../../../src/outside/alive.js';
import { makeWorker, type Worker } from '../../../src/worker.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { at, beat, setBeat, story } from './help.js';

function replica(desk: Desk, hang: () => void = () => {}): Worker {
  const { requestId: _id, now: _now, newId: _newId, ...asker } = desk.ask();
  const own = { ...asker, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;
  const wire = { now: () => Date.now(), wait: () => new Promise<void>((done) => setTimeout(done, 5)) };
  const db = openDatabase(desk.url);
  onTestFinished(() => db.close());
  const alive = keepAlive({
    ...{ db, workspace: desk.workspace, log: silentLog, now: () => desk.now, roundAt: () => null },
    wire: { ...wire, now: () => desk.now.getTime() },
  });
  return makeWorker({
    awake: alive.awake,
    ...{ kernel: { ...desk.kernel, db }, wire, log: silentLog, now: () => desk.now },
    perform: async () => [],
    ...{ failure: () => null, answers: async () => true, givenUp: () => [] },
    ...{ askFor: () => own, ownAsk: () => own, record: (facts) => recordResult.given(facts) },
    automatic(command, data) {
      if (command === 'hang') hang();
      return heartbeatFeature.automatic?.[command]?.(data) ?? null;
    },
  });
}

test.each(engines)('%s: two look at once, and each heartbeat pages once', async (engine) => {
  const desk = await openDesk(engine);
  desk.now = at('10:00:00');
  for (const name of ['a', 'b']) await beat(desk, name, { every: 60, grace: 60 });
  desk.now = at('10:02:00');
  await setBeat(desk, 'andon/up', desk.now);
  const replicas = [replica(desk), replica(desk)];
  await Promise.all(replicas.map((each) => each.drain()));
  const told = await story(desk);
  expect(told.filter((each) => each === '10:02:00 HeartbeatMissed').length).toBe(2);
  expect(told.filter((each) => each === '10:02:00 PageOpened').length).toBe(2);
  expect(await desk.db.read.page.count()).toBe(2);
});

test.each(engines)('%s: two beats at once after a silence bring it back once', async (engine) => {
  const desk = await openDesk(engine);
  desk.now = at('10:00:00');
  await beat(desk, 'a', { every: 60, grace: 60 });
  desk.now = at('10:02:00');
  await desk.turn();
  await Promise.all([beat(desk, 'a'), beat(desk, 'a'), beat(desk, 'a')]);
  const told = await story(desk, 'a');
  expect(told.filter((each) => each.endsWith('HeartbeatResumed')).length).toBe(1);
  expect(told.filter((each) => each.endsWith('PageWithdrawn')).length).toBe(1);
});

const pass = (desk: Desk, seconds: number) => {
  desk.now = new Date(desk.now.getTime() + seconds * 1_000);
};

test.each(engines)(
  '%s: a database that was away for a minute and a half calls nobody; what is silent after it is missed',
  async (engine) => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await beat(desk, name, { every: 30, grace: 60 });
    const replicas = [replica(desk), replica(desk)];
    const round = async () => {
      for (const each of replicas) await each.drain();
    };
    for (let i = 0; i < 5; i += 1) {
      await round();
      pass(desk, 8);
      for (const name of names) await beat(desk, name);
    }
    // Away: the beats that come are answered that nothing was recorded.
    pass(desk, 97);
    await round();
    expect(await desk.db.read.page.count()).toBe(0);
    // Away once more before any beat got through.
    pass(desk, 85);
    await round();
    expect(await desk.db.read.page.count()).toBe(0);
    for (let seconds = 0; seconds < 88; seconds += 8) {
      pass(desk, 8);
      for (const name of names.slice(1)) await beat(desk, name);
      await round();
    }
    expect(await desk.db.read.page.count()).toBe(0);
    pass(desk, 8);
    await round();
    expect((await story(desk)).filter((each) => each.endsWith('Missed')).length).toBe(1);
    expect(await desk.db.read.page.count()).toBe(1);
  },
);

test.each(engines)('%s: a round that hangs with the database knows it before it looks on', async (engine) => {
  const desk = await openDesk(engine);
  desk.now = at('10:00:00');
  await beat(desk, 'a', { every: 30, grace: 60 });
  const worker = replica(desk, () => pass(desk, 97));
  pass(desk, 89);
  await beat(desk, 'a');
  await worker.drain();
  pass(desk, 1);
  const first = { key: 'test', at: at('10:01:00'), command: 'hang', data: {} };
  await desk.db.write((tx) => keepLater(tx, desk.workspace.id, [first]));
  await worker.drain();
  expect(await desk.db.read.page.count()).toBe(0);
  for (let seconds = 0; seconds < 90; seconds += 10) {
    pass(desk, 10);
    await worker.drain();
  }
  expect(await desk.db.read.page.count()).toBe(1);
});
