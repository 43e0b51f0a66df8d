// Statistics count each change once, by the days of the workspace, and say no share without its number.
import { expect, test } from 'vitest';
import { periodBefore } from '../../../src/features/insights/period.js';
import { countChanges } from '../../../src/features/insights/store.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { keepChanges } from './ledger.js';

const dayMs = 86_400_000;
const finishedAt = new Date('2026-03-09T12:00:00Z');

function times<T>(n: number, row: T): T[] {
  return Array.from({ length: n }, () => row);
}

async function confirmCause(desk: Desk, changeId: string, number: number): Promise<void> {
  const incident = await desk.db.read.incident.findFirstOrThrow({ where: { number } });
  await desk.db.write((tx) =>
    tx.suspect.create({
      data: {
        ...{ id: `${incident.id}/${changeId}`, workspaceId: desk.workspace.id, incidentId: incident.id },
        ...{ changeId, points: 9, components: {}, reasons: [], answer: 'cause' },
      },
    }),
  );
}

function counted(desk: Desk, milliseconds = 30 * dayMs, on: string[] = [], zone = 'UTC') {
  const components = on.map((name) => {
    const [service = '', environment = '', cluster = ''] = name.split('/');
    return { service, environment, cluster };
  });
  const scope = { period: periodBefore(desk.now, milliseconds, zone), on: components };
  return countChanges(desk.db.of(desk.workspace.id).read, desk.workspace.id, scope);
}

test.each(engines)('%s: what went well and what did not, in words with its numbers', async (engine) => {
  const desk = await openDesk(engine);
  const [failed] = [{ finishedAt, state: 'failed', on: ['web/prod'] }];
  await keepChanges(desk, [
    ...times(572, { finishedAt }),
    ...times(24, failed),
    ...times(12, { finishedAt, state: 'rolled_back' }),
    ...times(3, { finishedAt, rollbackOfId: 'x' }),
    { finishedAt, validation: 'good' },
    { finishedAt, validation: 'bad', state: 'failed' },
  ]);
  const { accepted, text } = await desk.say('ana', '/change stats');
  expect(accepted).toBe(true);
  expect(text).toContain('610 ended');
  expect(text).toContain('Succeeded: 94% (573 of 610)');
  expect(text).toContain('Failed: 4% (25 of 610)');
  expect(text).toContain('Rolled back: 2% (12 of 610)');
  expect(text).toContain('6% (37 of 610)');
  expect(text).toContain('Validated by people: 50% (1 of 2) who were asked for, 1 found broken');
  expect(text).toContain('3 that took another back');
  expect(text).toContain('web/prod failed or rolled back 100% (24 of 24)');
  expect(text).toContain('Only production is counted');
  expect(text.split('\n').length).toBeLessThan(20);
  for (const percentage of text.match(/\d+%[^\n,]*/g) ?? [])
    expect(percentage).toMatch(/^\d+% \(\d+ of \d+\)/);
});

test.each(engines)(
  '%s: what is no change of production, not over, or of another time is not counted',
  async (engine) => {
    const desk = await openDesk(engine);
    await keepChanges(desk, [
      { finishedAt, unchanged: true },
      { finishedAt, state: 'validating' },
      { state: 'started' },
      { finishedAt, production: false, on: ['api/staging'] },
      { finishedAt: desk.now },
      { finishedAt: new Date('2026-02-08T23:59:59.999Z') },
      { finishedAt: new Date('2026-02-09T00:00:00.000Z') },
      { finishedAt, on: ['api/prod/a', 'api/prod/b', 'web/prod', 'web/staging'] },
    ]);
    const stats = await counted(desk);
    expect(stats.total.succeeded).toBe(2);
    expect(
      stats.places.map(({ service, environment, tally }) => [service, environment, tally.succeeded]),
    ).toEqual([
      ['api', 'prod', 2],
      ['web', 'prod', 1],
    ]);
    expect(stats.columns).toHaveLength(30);
    const staging = await counted(desk, 30 * dayMs, ['api/staging', 'web/prod']);
    expect(staging.total.succeeded).toBe(2);
    expect((await counted(desk, 30 * dayMs, ['api/prod/b'])).total.succeeded).toBe(1);
    // `production` is `prod` here.
    expect((await counted(desk, 30 * dayMs, ['api/production'])).total.succeeded).toBe(2);
    expect((await counted(desk, 30 * dayMs, ['web'])).total.succeeded).toBe(1);
  },
);

test.each(engines)(
  '%s: a confirmed cause failed, once, and not where only a private incident knows',
  async (engine) => {
    const desk = await openDesk(engine);
    await desk.say('ana', 'declare writes are stuck');
    await desk.say('ana', 'declare reads are slow as well');
    await desk.say('ana', 'declare someone is inside private');
    await desk.say('ana', 'declare only an exercise drill');
    const [cause, secret, drilled, taken] = await keepChanges(desk, [
      { finishedAt },
      { finishedAt },
      { finishedAt },
      { finishedAt, state: 'rolled_back' },
    ]);
    await confirmCause(desk, cause ?? '', 1);
    await confirmCause(desk, cause ?? '', 2);
    await confirmCause(desk, secret ?? '', 3);
    await confirmCause(desk, drilled ?? '', 4);
    await confirmCause(desk, taken ?? '', 1);
    const { total } = await counted(desk);
    expect(total).toEqual({ succeeded: 2, failed: 1, rolledBack: 1, rollback: 0, cancelled: 0 });
  },
);

test.each(engines)('%s: days are those of the zone, the short and the long one too', async (engine) => {
  const desk = await openDesk(engine);
  desk.now = new Date('2026-03-31T10:00:00Z');
  await keepChanges(desk, [
    // Berlin put its clocks forward on 29 March: that day had 23 hours.
    { finishedAt: new Date('2026-03-28T22:59:59.999Z') },
    ...times(2, { finishedAt: new Date('2026-03-28T23:00:00Z') }),
    ...times(2, { finishedAt: new Date('2026-03-29T21:59:59.999Z') }),
    ...times(7, { finishedAt: new Date('2026-03-29T22:00:00Z') }),
  ]);
  const { columns } = await counted(desk, 4 * dayMs, [], 'Europe/Berlin');
  expect(columns.map(({ date, tally }) => [date.day, tally.succeeded])).toEqual([
    [28, 1],
    [29, 4],
    [30, 7],
    [31, 0],
  ]);
  desk.now = new Date('2026-10-26T10:00:00Z');
  await keepChanges(desk, [
    ...times(3, { finishedAt: new Date('2026-10-24T22:00:00Z') }),
    { finishedAt: new Date('2026-10-25T22:59:59Z') },
    ...times(5, { finishedAt: new Date('2026-10-25T23:00:00Z') }),
  ]);
  const autumn = await counted(desk, 2 * dayMs, [], 'Europe/Berlin');
  expect(autumn.columns.map(({ date, tally }) => [date.day, tally.succeeded])).toEqual([
    [25, 4],
    [26, 5],
  ]);
});

test.each(engines)('%s: another workspace’s changes are not counted', async (engine) => {
  const desk = await openDesk(engine);
  await keepChanges({ ...desk, workspace: { id: 'another' } }, [{ finishedAt }]);
  expect((await counted(desk)).total.succeeded).toBe(0);
});

test.each(engines)('%s: of nothing no share is said, and no picture promised', async (engine) => {
  const desk = await openDesk(engine);
  const { text } = await desk.say('ana', '/change stats 7d on:api');
  expect(text).toContain('No change ended there in this time.');
  expect(text).not.toMatch(/%|picture/);
  expect(await desk.db.read.fact.count()).toBe(0);
  await keepChanges(desk, [{ finishedAt, state: 'cancelled' }]);
  const cancelled = await desk.say('ana', '/change stats 7d on:api');
  expect(cancelled.text).toContain('1 called off');
  expect(cancelled.text).not.toMatch(/%/);
});

test.each(engines)('%s: a year is counted by weeks in one question', async (engine) => {
  const desk = await openDesk(engine);
  await keepChanges(desk, times(3, { finishedAt }));
  const stats = await counted(desk, 366 * dayMs);
  expect(stats.each).toBe('week');
  expect(stats.columns.length).toBeLessThanOrEqual(54);
  expect(stats.total.succeeded).toBe(3);
  expect((await counted(desk, 92 * dayMs)).columns).toHaveLength(92);
});

test.each([
  ['/change stats 0m', 'more than no time'],
  ['/change stats 9000d', 'ten years'],
  ['/change stats 400d', 'at most 366 days'],
  ['/change stats soon', 'Usage: /change stats [DURATION] [on:COMPONENT,…]'],
  ['/change stats on:a/b/c/d', 'is no component'],
])('%s is refused with what to write', async (line, words) => {
  const desk = await openDesk('sqlite');
  const { accepted, text } = await desk.say('ana', line);
  expect(accepted).toBe(false);
  expect(text).toContain(words);
});
