// What the gate reads to answer: few queries, each by an index, however many verdicts and changes there are.
import { describe, expect, test } from 'vitest';
import { questionOf } from '../../../src/features/gate/ask.js';
import { sceneOf } from '../../../src/features/gate/scene.js';
import { goneRows, keptOf, openVerdicts, someWait, waitingRows } from '../../../src/features/gate/store.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { expectIndexed, fillLedger, plansOf } from '../../helpers/plan.js';
import { asked } from './help.js';

const verdicts = 6_000;
/** What a plain question reads: itself, freezes, places, and what happens around it. */
const queriesMax = 24;

describe.each(engines)('on %s', (engine) => {
  test('a question reads no table whole', async () => {
    const desk = await openDesk(engine);
    const workspaceId = desk.workspace.id;
    await fillLedger(desk.url, workspaceId, desk.now);
    for (let from = 0; from < verdicts; from += 2_000) {
      const rows = Array.from({ length: 2_000 }, (_, i) => {
        const at = new Date(desk.now.getTime() - (verdicts - from - i) * 60_000);
        return {
          ...{ id: `v${from + i}`, workspaceId, source: 'ci', key: `k${from + i}`, question: {}, answer: {} },
          ...{ decision: 'allow', askedById: 'x', askedByName: 'x', askedAt: at, validUntil: at },
          ...{ queue: i % 10 === 0 ? 'gone' : 'none', heldAt: i % 10 === 0 ? at : null, leftAt: at },
        };
      });
      await desk.db.write((tx) => tx.verdict.createMany({ data: rows }));
    }
    const ask = desk.ask();
    const { question } = asked({ source: 'ci', key: 'k5', on: 'service-120/prod' });
    const sought = { id: 'v5', question: questionOf(question, ask), usesWays: true, queued: true };
    const tables = ['Verdict', 'Change', 'ChangeTarget'];
    const options = { tables, rowsMax: 3_000 };
    await expectIndexed(desk.url, workspaceId, (tx) => keptOf(tx, workspaceId, sought.question), options);
    await expectIndexed(desk.url, workspaceId, (tx) => someWait(tx, workspaceId), options);
    await expectIndexed(desk.url, workspaceId, (tx) => waitingRows(tx, workspaceId), options);
    await expectIndexed(desk.url, workspaceId, (tx) => goneRows(tx, workspaceId, desk.now), options);
    await expectIndexed(desk.url, workspaceId, (tx) => openVerdicts(tx, workspaceId, desk.now), options);
    await expectIndexed(desk.url, workspaceId, (tx) => sceneOf(tx, sought, ask), options);
    const back = { ...sought, question: { ...sought.question, rollback: true, artifact: 'v1' } };
    await expectIndexed(desk.url, workspaceId, (tx) => sceneOf(tx, back, ask), options);
    const plain = await plansOf(desk.url, workspaceId, (tx) =>
      sceneOf(tx, { ...sought, queued: false }, ask),
    );
    expect(plain.length, plain.map((each) => each.sql).join('\n')).toBeLessThanOrEqual(queriesMax);
  }, 120_000);
});
