// A long ledger is searched by index: whatever is asked at every change and at every incident reads no table whole.
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../src/core/command.js';
import { makeSurface } from '../../src/core/surface.js';
import type { Tx } from '../../src/db/tx.js';
import { surroundingsOf } from '../../src/features/change/surroundings.js';
import { features } from '../../src/features/index.js';
import { rankFor } from '../../src/features/suspects/index.js';
import { plan } from '../features/change/around.js';
import { engines } from '../helpers/databases.js';
import { type Desk, openDesk, people } from '../helpers/desk.js';
import { expectIndexed, fillLedger, plansOf } from '../helpers/plan.js';

const until = new Date('2026-03-10T10:45:00Z');
const surface = makeSurface(features);

/** What `/change …` reads to answer a question. */
async function answer(line: string, tx: Tx, ask: Ask): Promise<string> {
  const time = { now: ask.now, zone: 'UTC', workspaceZone: 'UTC' };
  const routed = surface.route('change', line, { me: people.ana, people: new Map(), time });
  if (routed.kind !== 'query') throw new Error(`${line}: ${routed.kind}`);
  return (await routed.answer(tx, ask)).text;
}

describe.each(engines)('on %s', (engine) => {
  async function longLedger(size?: number): Promise<Desk> {
    const desk = await openDesk(engine);
    desk.now = until;
    await fillLedger(desk.url, desk.workspace.id, until, size);
    return desk;
  }

  test('a query that no index serves is found out, and one that an index serves is not', async () => {
    const desk = await longLedger();
    const workspaceId = desk.workspace.id;
    const plans = await plansOf(desk.url, workspaceId, (tx) =>
      tx.change.findMany({ where: { title: { contains: 'nowhere' } } }),
    );
    expect(plans.flatMap((each) => each.steps)).toMatchObject([{ table: 'Change', whole: true }]);
    await expect(
      expectIndexed(desk.url, workspaceId, (tx) => tx.changeTarget.findMany({ where: { state: 'started' } })),
    ).rejects.toThrow(/ChangeTarget/);
    await expectIndexed(desk.url, workspaceId, (tx) =>
      tx.change.findMany({ where: { state: 'started' }, orderBy: { startsAt: 'desc' }, take: 20 }),
    );
  });

  test('what is around a change', async () => {
    const desk = await longLedger();
    const plans = [
      { on: ['service-120/prod'] },
      // One that leaves its environment open, an upgrade of all that is on a cluster, and what its owner does elsewhere.
      { on: ['service-120'] },
      { on: ['nodes/prod/cluster-3'], kind: 'upgrade' },
      { on: [], owner: { id: 'U0BENCH220', name: 'person 220' } },
    ];
    for (const over of plans)
      await expectIndexed(desk.url, desk.workspace.id, async (tx) => {
        const it = plan({ startsAt: until, endsAt: null, ...over });
        const { others, ofOwner } = await surroundingsOf(tx, it, desk.ask());
        expect(others.length + ofOwner.length).toBeGreaterThan(0);
      });
  });

  test('what is changing now, and whatever else `/change` answers', async () => {
    const desk = await longLedger();
    const lines = ['list', 'list now', 'list today', 'list recent', 'list mine', 'list on:service-120/prod'];
    for (const line of [...lines, 'calendar', 'show CHG-7'])
      await expectIndexed(desk.url, desk.workspace.id, (tx) => answer(line, tx, desk.ask()));
  });

  test('what may have caused an incident, as it is declared', async () => {
    // A thousand ids are looked up in it: of a shorter ledger PostgreSQL rather reads all.
    const desk = await longLedger(200_000);
    await desk.say('ana', 'declare it is slow sev:1 on:service-7/prod,service-8/prod/cluster-8');
    const incident = await desk.db.read.incident.findFirstOrThrow();
    await expectIndexed(desk.url, desk.workspace.id, async (tx) => {
      const ranking = await rankFor(tx, incident);
      expect(ranking.considered).toBeGreaterThan(0);
    });
  });
});
