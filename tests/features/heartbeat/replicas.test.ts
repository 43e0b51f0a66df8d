// Two replicas on one database: a missing heartbeat is found once and pages once, whichever of them looks.
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.js';
import { openDatabase } from '../../../src/db/open.js';
import { heartbeatFeature } from '../../../src/features/heartbeat/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { makeWorker, type Worker } from '../../../src/worker.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { at, beat, story } from './help.js';

function replica(desk: Desk): Worker {
  const { requestId: _id, now: _now, newId: _newId, ...asker } = desk.ask();
  const own = { ...asker, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;
  const wire = { now: () => Date.now(), wait: () => new Promise<void>((done) => setTimeout(done, 5)) };
  const db = openDatabase(desk.url);
  onTestFinished(() => db.close());
  return makeWorker({
    ...{ kernel: { ...desk.kernel, db }, wire, log: silentLog, now: () => desk.now },
    perform: async () => [],
    ...{ failure: () => null, answers: async () => true, givenUp: () => [] },
    ...{ askFor: () => own, ownAsk: () => own, record: (facts) => recordResult.given(facts) },
    automatic: (command, data) => heartbeatFeature.automatic?.[command]?.(data) ?? null,
  });
}

test.each(engines)('%s: two look at once, and each heartbeat pages once', async (engine) => {
  const desk = await openDesk(engine);
  desk.now = at('10:00:00');
  for (const name of ['a', 'b']) await beat(desk, name, { every: 60, grace: 60 });
  desk.now = at('10:02:00');
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
