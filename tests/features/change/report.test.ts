// What pipelines report: one change for each key, in whatever order and however often they say so.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/core/command.js';
import { plainMessage } from '../../../src/core/message.js';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { changeStates, type Report, recordReport, silentReport } from '../../../src/features/change/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, stateTables } from '../../helpers/desk.js';

const pipeline: Partial<Ask> = {
  actor: { kind: 'pipeline', id: 'hook:1', name: 'github', zone: null },
  source: 'pipeline',
};

const inNowhere = { service: 'nowhere', environment: 'prod', cluster: '' };
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

  test('any order and repetition of a pipeline’s words ends in the state of the last one, as one change', async () => {
    const desk = await openDesk(engine);
    let key = 0;
    const states = fc.constantFrom(...changeStates);
    const words = fc.array(states, { minLength: 1, maxLength: 4 }).chain((said) =>
      fc.tuple(
        fc.constant(said),
        fc.shuffledSubarray(
          said.flatMap((_, i) => [i, i]),
          { minLength: said.length },
        ),
        fc.constantFrom('deploy' as const, 'upgrade' as const),
      ),
    );
    await fc.assert(
      fc.asyncProperty(words, async ([said, order, kind]) => {
        key += 1;
        const all = [...order, ...said.map((_, i) => i)];
        for (const i of all) {
          const state = said[i] ?? 'planned';
          await reported(desk, { key: `run-${key}`, sequence: i + 1, kind, state, at: minutes(desk, i - 9) });
        }
        const rows = await desk.db.read.change.findMany({ where: { key: `run-${key}` } });
        const last = said.at(-1);
        const wanted = kind === 'upgrade' && last === 'succeeded' ? 'validating' : last;
        expect(rows).toMatchObject([{ state: wanted, sequence: BigInt(said.length) }]);
        const facts = await desk.db.read.fact.findMany({
          where: { stream: `change/${rows[0]?.id}`, type: 'ChangeReported' },
        });
        expect(facts).toHaveLength(said.length);
      }),
      { numRuns: engine === 'sqlite' ? 25 : 10 },
    );
    const before = await dump(desk.db, stateTables);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(before);
  });

  test('an older word changes no state, and says when it began where nobody did', async () => {
    const desk = await openDesk(engine);
    await reported(desk, { sequence: 2, state: 'succeeded', at: minutes(desk, -1) });
    expect((await change(desk)).startedAt).toBeNull();
    const late = { sequence: 1, at: minutes(desk, -6), url: 'https://ci.example.com/1', title: 'Older' };
    expect(await reported(desk, late)).toContain('A later word had come before this one');
    expect(await change(desk)).toMatchObject({
      ...{ state: 'succeeded', title: 'Deploy api', url: 'https://ci.example.com/1', sequence: 2n },
      ...{ startedAt: minutes(desk, -6), startsAt: minutes(desk, -6), endsAt: minutes(desk, -1) },
    });
    const facts = await desk.db.read.fact.count();
    expect(await reported(desk, late)).toContain('this word of it came before');
    expect(await reported(desk, { sequence: 2, state: 'failed' })).toContain('came before');
    expect(await desk.db.read.fact.count()).toBe(facts);
    expect((await change(desk)).state).toBe('succeeded');
  });

  test('without a sequence words count as they come, but none begins again what has ended', async () => {
    const desk = await openDesk(engine);
    await reported(desk, { state: 'planned' });
    await reported(desk);
    expect(await reported(desk, { state: 'planned' })).toContain('CHG-1 is started.');
    await reported(desk, { state: 'failed', text: 'no quorum' });
    expect(await reported(desk)).toContain('a new run is a change of its own');
    expect(await change(desk)).toMatchObject({ state: 'failed', stateText: 'no quorum' });
    await reported(desk, { state: 'rolled_back' });
    expect((await change(desk)).state).toBe('rolled_back');
    // Control: with one it begins again.
    await reported(desk, { sequence: 5 });
    expect(await change(desk)).toMatchObject({ state: 'started', finishedAt: null });
  });

  test('a program does not say that an upgrade succeeded: people do', async () => {
    const desk = await openDesk(engine);
    const upgrade = { kind: 'upgrade', title: 'Upgrade the database' } as const;
    await reported(desk, { ...upgrade, sequence: 1 });
    expect(await reported(desk, { ...upgrade, sequence: 2, state: 'succeeded' })).toContain(
      'until one of them says so it is not succeeded',
    );
    await reported(desk, { ...upgrade, sequence: 3, state: 'succeeded' });
    expect((await change(desk)).state).toBe('validating');
    // Also where its end is the first that is heard of it.
    await reported(desk, { ...upgrade, key: '2', state: 'succeeded' });
    expect((await change(desk, 2)).state).toBe('validating');
    const said = await desk.db.read.fact.findMany({ where: { type: 'ChangeStateSet' } });
    expect(said.map((each) => (each.data as { to: string }).to)).toEqual(['validating', 'validating']);
  });

  test('a clock that is ahead does not put into the future what has happened', async () => {
    const desk = await openDesk(engine);
    const ahead = minutes(desk, 12);
    expect(await reported(desk, { at: ahead, startedAt: ahead })).toContain('Its clock is ahead of ours');
    expect(await change(desk)).toMatchObject({ startedAt: desk.now, startsAt: desk.now });
    await reported(desk, { state: 'failed', finishedAt: ahead });
    expect(await change(desk)).toMatchObject({ finishedAt: desk.now, endsAt: desk.now });
    const first = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'ChangeReported' } });
    expect((first.data as { report: { at: string } }).report.at).toBe(ahead.toISOString());
    // What is planned may lie ahead.
    await reported(desk, { key: '2', state: 'planned', plannedStart: ahead });
    expect(await change(desk, 2)).toMatchObject({ startsAt: ahead });
  });

  test('its owner is who was named, else whom the catalogue knows, else who began it, else nobody yet', async () => {
    const desk = await openDesk(engine);
    const { id: workspaceId } = desk.workspace;
    await desk.db.of(workspaceId).write(async (tx) => {
      await tx.person.create({ data: { workspaceId, id: 'U0ANA', name: 'ana', seenAt: desk.now } });
      const listed = { owners: [{ id: 'U0BOB', name: 'Bob' }], runsOn: [], checks: [], origin: 'slack' };
      await tx.service.create({ data: { workspaceId, id: 's1', name: 'web', ...listed } });
    });
    const web = [{ ...apiInProd, service: 'web' }];
    const named = (name: string, id: string | null = null) => ({ owner: { id, name } });
    const cases: [Partial<Report>, string | null, string][] = [
      [{ ...named('', 'U0ANA') }, 'U0ANA', 'ana'],
      [{ ...named('@ana') }, 'U0ANA', 'ana'],
      [{ ...named('ana@example.com'), targets: web }, 'U0ANA', 'ana'],
      [{ ...named('carla@example.com'), targets: web }, null, 'carla@example.com'],
      [{ by: 'octocat', targets: [apiInProd, ...web] }, 'U0BOB', 'Bob'],
      [{ by: 'octocat' }, null, 'octocat'],
      [{}, null, 'nobody yet'],
    ];
    for (const [i, [over, ownerId, ownerName]] of cases.entries()) {
      await reported(desk, { ...over, key: `k${i}` });
      expect(await change(desk, i + 1)).toMatchObject({ ownerId, ownerName });
    }
    await reported(desk, { key: 'k6', ...named('@ana') });
    expect(await change(desk, 7)).toMatchObject({ ownerId: 'U0ANA' });
  });

  test('what runs there already is kept, but is no change', async () => {
    const desk = await openDesk(engine);
    const inEu = { ...apiInProd, cluster: 'eu' };
    const run = (key: string, artifact: string, over: Partial<Report> = {}) =>
      reported(desk, { key, artifact, state: 'succeeded', ...over });
    await run('1', 'v1');
    desk.at('10:50');
    expect(await run('2', 'v1')).toContain('kept and not announced');
    await run('3', 'v1', { targets: [apiInProd, inEu] });
    await run('4', 'v2');
    desk.at('10:55');
    await run('5', 'v3', { state: 'failed' });
    desk.at('11:00');
    // What failed may have left anything behind, so the version before it is a change.
    await run('6', 'v2');
    await run('7', 'v9', { previousArtifact: 'v9' });
    await run('8', 'v2', { kind: 'config' });
    const rows = await changes(desk);
    expect(rows.map((each) => [each.number, each.unchanged, each.previousArtifact])).toEqual([
      [1, false, null],
      [2, true, 'v1'],
      [3, false, 'v1'],
      [4, false, 'v1'],
      [5, false, 'v2'],
      [6, false, null],
      [7, true, 'v9'],
      [8, false, null],
    ]);
  });

  test('a rollback that took effect takes back what it names, or the latest where it is', async () => {
    const desk = await openDesk(engine);
    await reported(desk, { key: 'a', artifact: 'v1', state: 'succeeded' });
    desk.at('10:50');
    await reported(desk, { key: 'b', artifact: 'v2', state: 'failed' });
    desk.at('10:55');
    const rollback = { key: 'c', artifact: 'v1', rollback: true, title: 'Roll back' };
    await reported(desk, { ...rollback, sequence: 1 });
    expect((await change(desk, 2)).state).toBe('failed');
    await reported(desk, { ...rollback, sequence: 2, state: 'succeeded' });
    expect(await change(desk, 2)).toMatchObject({ state: 'rolled_back', stateText: 'taken back by CHG-3' });
    expect(await change(desk, 3)).toMatchObject({
      ...{ state: 'succeeded', unchanged: false, rollbackOfId: (await change(desk, 2)).id },
    });
    // By name, and not on what is elsewhere.
    const web = { targets: [{ ...apiInProd, service: 'web' }] };
    await reported(desk, { key: 'd', state: 'succeeded', rollback: true, rollbackOf: 'a', ...web });
    expect((await change(desk, 1)).state).toBe('rolled_back');
    await reported(desk, { key: 'e', state: 'succeeded', rollback: true, ...web, targets: [inNowhere] });
    expect((await change(desk, 5)).rollbackOfId).toBeNull();
    const before = await dump(desk.db, stateTables);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(before);
  });

  test('a pipeline that names an announced change carries it out; its key is that change’s from then on', async () => {
    const desk = await openDesk(engine);
    const announced = {
      source: 'andon',
      key: 'own-1',
      title: 'Ship the new search',
      state: 'planned' as const,
    };
    const ana = { actor: { kind: 'person' as const, id: 'U0ANA', name: 'Ana', zone: null } };
    await reported(desk, announced, ana);
    expect(await reported(desk, { sequence: 7, change: 1, artifact: 'v2' })).toContain(
      'CHG-1 planned → started.',
    );
    expect(await change(desk)).toMatchObject({
      ...{ title: 'Ship the new search', source: 'github:acme/api', key: '1', sequence: 7n, artifact: 'v2' },
    });
    await reported(desk, { sequence: 8, state: 'succeeded' });
    await reported(desk, { sequence: 6, state: 'started' });
    expect((await change(desk)).state).toBe('succeeded');
    // In words too, of what is open and there.
    await reported(desk, { ...announced, key: 'own-2' }, ana);
    await reported(desk, { key: '2', title: 'CHG-2: ship it' });
    await reported(desk, { key: '3', title: 'Repair after CHG-2', targets: [inNowhere] });
    await reported(desk, { key: '4', title: 'Revert CHG-1' });
    await reported(desk, { key: '5', change: 99 });
    expect((await changes(desk)).map((each) => [each.number, each.key])).toEqual([
      ...[
        [1, '1'],
        [2, '2'],
        [3, '3'],
        [4, '4'],
        [5, '5'],
      ],
    ]);
  });

  test('what no database keeps is left out, and nothing that is said becomes markup', async () => {
    const desk = await openDesk(engine);
    const said = await reported(desk, {
      ...{ title: 'a\u0000b \ud800 <!channel>', text: '\u0000', body: '{"a":"\u0000"}', key: '\u0000k' },
    });
    expect(said).toContain('“ab  <!channel>”'.replace('  ', ' '));
    expect(await change(desk)).toMatchObject({ title: 'ab <!channel>', key: 'k' });
  });

  test('a word about a change adds what it knows: places, planned times, who answers', async () => {
    const desk = await openDesk(engine);
    await reported(desk, { state: 'planned', targets: [{ ...apiInProd, environment: 'staging' }] });
    expect(await change(desk)).toMatchObject({ production: false });
    const plannedStart = minutes(desk, 60);
    await reported(desk, {
      state: 'planned',
      plannedStart,
      targets: [{ ...apiInProd, environment: 'production' }],
    });
    expect(await change(desk)).toMatchObject({ production: true, plannedStart, startsAt: plannedStart });
    const targets = await desk.db.read.changeTarget.findMany({ orderBy: { id: 'asc' } });
    expect(targets.map((each) => [each.environment, each.startsAt])).toEqual([
      ['staging', plannedStart],
      ['prod', plannedStart],
    ]);
  });
});
