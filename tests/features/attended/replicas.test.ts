// Two replicas on one database: every question of cover and validation is asked once, whichever of them gets to it.
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.js';
import { openDatabase } from '../../../src/db/open.js';
import { attendedFeature } from '../../../src/features/attended/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { makeWorker, type Worker } from '../../../src/worker.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { announce, recorded, setState, setSupport, who } from './help.js';

interface Replicas {
  /** The slots of the messages that were sent, in order. */
  readonly sent: string[];
  drain(at: string): Promise<void>;
}

function openReplicas(desk: Desk): Replicas {
  const sent: string[] = [];
  const { requestId: _id, now: _now, newId: _newId, ...asker } = desk.ask();
  const own = { ...asker, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;
  // It only yields: pushed, it would run out of the lease that the other one holds.
  const wire = { now: () => Date.now(), wait: () => new Promise<void>((done) => setTimeout(done, 5)) };
  const replica = (): Worker => {
    const db = openDatabase(desk.url);
    onTestFinished(() => db.close());
    return makeWorker({
      ...{ kernel: { ...desk.kernel, db }, wire, log: silentLog, now: () => desk.now },
      async perform({ kind }) {
        if ('slot' in kind) sent.push(kind.slot);
        const made = kind.do === 'decide' ? attendedFeature.automatic?.[kind.command] : undefined;
        return made && kind.do === 'decide' ? { command: made(kind.data), effects: [] } : [];
      },
      ...{ failure: () => null, answers: async () => true, givenUp: () => [] },
      ...{ askFor: () => own, ownAsk: () => own, record: (facts) => recordResult.given(facts) },
      automatic: (command, data) => attendedFeature.automatic?.[command]?.(data) ?? null,
    });
  };
  const replicas = [replica(), replica()];
  return {
    sent,
    async drain(at) {
      desk.at(at);
      await Promise.all(replicas.map((each) => each.drain()));
    },
  };
}

test.each(engines)('%s: each question is recorded once and sent once to each', async (engine) => {
  const desk = await openDesk(engine);
  await setSupport(desk);
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) ids.push(await announce(desk, { cover: who('eve') }));
  const { sent, drain } = openReplicas(desk);
  for (const time of ['10:46', '11:45', '13:30']) await drain(time);
  desk.at('15:00');
  for (const id of ids) {
    await setState(desk, id, 'started');
    await setState(desk, id, 'validating');
  }
  for (const time of ['15:00', '15:30', '16:00', '18:00']) await drain(time);

  for (const id of ids) {
    const at = async (type: string) => (await recorded(desk, id, type)).map((each) => each.at.slice(11));
    expect(await at('CoverAsked')).toEqual(['10:45', '11:45', '13:30']);
    expect(await at('SupportTold')).toEqual(['13:30', '15:00']);
    expect(await at('ValidationAsked')).toEqual(['15:00', '15:30', '16:00', '18:00']);
  }
  const asked = sent.filter((slot) => slot.startsWith('attended/'));
  expect(asked.length).toBeGreaterThan(30);
  expect(new Set(asked).size).toBe(asked.length);
});
