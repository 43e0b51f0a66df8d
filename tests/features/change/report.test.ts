// What pipelines report: one change for each key, in whatever order and however often they say so.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/core/command.js';
import { plainMessage } from '../../../src/core/message.js';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { type Report, recordReport, silentReport } from '../../../src/features/change/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, stateTables } from '../../helpers/desk.js';

const pipeline: Partial<Ask> = {
  actor: { kind: 'pipeline', id: 'hook:1', name: 'github', zone: null },
  source: 'pipeline',
};

const apiInProd = { service: 'api', environment: 'prod', cluster: '' };
const deploy: Report = {
  ...silentReport,
  ...{ source: 'github:acme/api', key: '1', kind: 'deploy', title: 'Deploy api', state: 'started' },
  targets: [apiInProd],
  ...{ format: 'github', body: '{"deployment":{"id":1}}' },
};

async function reported(desk: Desk, over: Partial<Report> = {}, ask: Partial<Ask> = {}): Promise<string> {
  const outcome = await desk.execute(
    recordReport.given({ ...deploy, ...over }),
    desk.ask('ana', { ...pipeline, ...ask }),
  );
  if (!outcome.accepted) throw new Error(plainMessage(outcome.refusal.message));
  return plainMessage(outcome.reply);
}

const changes = (desk: Desk) => desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
const change = (desk: Desk, number = 1) => desk.db.read.change.findFirstOrThrow({ where: { number } });
const minutes = (desk: Desk, count: number) => new Date(desk.now.getTime() + count * 60_000);

describe.each(engines)('on %s', (engine) => {
  test('a key names one change, which follows what is said of it', async () => {
    const desk = await openDesk(engine);
    expect(await reported(desk, { sequence: 1, by: 'octocat' })).toContain(
      'CHG-1 announced: “Deploy api”, started',
    );
    desk.at('10:50');
    expect(await reported(desk, { sequence: 2, state: 'succeeded' })).toContain('CHG-1 started → succeeded.');
    expect(await changes(desk)).toMatchObject([
      {
        ...{ number: 1, state: 'succeeded', sequence: 2n, ownerName: 'octocat', announcedByName: 'github' },
        startedAt: new Date('2026-03-10T10:45:00Z'),
        finishedAt: new Date('2026-03-10T10:50:00Z'),
      },
    ]);
    const bodies = await desk.db.read.fact.findMany({ where: { type: 'ChangeReported' } });
    expect(bodies.map((each) => (each.data as { report: Report }).report.body)).toEqual([
      deploy.body,
      deploy.body,
    ]);
  });

  test('many at the same moment are one change', async () => {
    const desk = await openDesk(engine);
    await Promise.all(
      Array.from({ length: 6 }, (_, sequence) =>
        reported(desk, { sequence, at: minutes(desk, sequence - 10) }),
      ),
    );
    await Promise.all([
      reported(desk, { key: '2' }),
      reported(desk, { key: '2' }),
      reported(desk, { key: '3' }),
    ]);
    expect((await changes(desk)).map((each) => [each.number, each.sequence])).toEqual([
      [1, 5n],
      [2, null],
      [3, null],
    ]);
  });
});
