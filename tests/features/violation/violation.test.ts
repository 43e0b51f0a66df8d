// What begins on frozen ground without leave is found, announced once, and marked; what had leave is not.
import { describe, expect, test } from 'vitest';
import { gateStream, verdictGiven } from '../../../src/features/gate/index.js';
import { componentWord } from '../../../src/features/incident/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { announce, becomes, clock, stated } from '../suspects/help.js';

const said = async (desk: Desk, line: string, person: 'ana' | 'bob' = 'ana') => {
  const answer = await desk.say(person, line);
  if (!answer.accepted) throw new Error(`${line}: ${answer.text}`);
  await desk.turn();
  return answer.text;
};

/** Production is frozen from 10:00 to 12:00. */
async function frozenDesk(engine: (typeof engines)[number], words = ''): Promise<Desk> {
  const desk = await openDesk(engine);
  desk.at('10:00');
  await said(desk, `/freeze on the cluster is rebuilt for:2h ${words}`.trim());
  return desk;
}

const change = (desk: Desk, number: number) => desk.db.read.change.findFirstOrThrow({ where: { number } });
const jobs = async (desk: Desk, view: string) => {
  const rows = await desk.db.read.job.findMany({ where: { kind: 'show' } });
  return rows
    .map((row) => row.payload as { view: string; destination: Record<string, string> })
    .filter((each) => each.view === view)
    .map((each) => each.destination);
};

/** The gate said so of a change, at this time. */
async function verdict(
  desk: Desk,
  number: number,
  decision: 'allow' | 'deny',
  at: string,
  until: string,
  on = 'api/prod',
) {
  const id = `v${number}${at}`;
  const targets = on.split(',').map((word) => componentWord.parse(word));
  const question = {
    ...{ source: 'test', key: String(number), kind: 'deploy' as const, title: 'a build', targets },
    ...{ artifact: null, previousArtifact: null, rollback: false, actor: null, url: null },
    ...{ exception: null, change: null, drill: false },
  };
  const answer = {
    ...{ id, decision, targets: [], reasons: [], exceptionId: null, nextTransitionAt: null, turn: null },
    ...{ evaluatedAt: clock(at).toISOString(), validUntil: clock(until).toISOString() },
    ...{ retryAfterSeconds: null, howToProceed: null },
  };
  await stated(
    desk,
    verdictGiven(
      {
        ...{ id, question, answer, changeId: null, exceptionId: null, queue: 'none' as const, heldAt: null },
        ...{ turnAt: null, heldBy: [], callback: null, next: null, drill: false },
      },
      { stream: gateStream(id) },
    ),
  );
}

describe.each(engines)('on %s', (engine) => {
  test('a change that starts in a freeze and asked nobody is announced, once, to all whom it concerns', async () => {
    const desk = await frozenDesk(engine);
    desk.at('10:30');
    await announce(desk, { number: 1, on: 'api/prod', started: '10:20' });
    await desk.turn();
    expect(await change(desk, 1)).toMatchObject({ violates: [1] });
    expect(await jobs(desk, 'violation')).toEqual([
      { to: 'changes' },
      { to: 'person', userId: 'U0BOB' },
      { to: 'person', userId: 'U0ANA' },
    ]);
    // Its end is another word of the same change.
    await becomes(desk, 1, 'started', 'succeeded');
    await desk.turn();
    expect(await desk.db.read.fact.count({ where: { type: 'FreezeViolated' } })).toBe(1);
    const shown = await said(desk, '/change show CHG-1');
    expect(shown).toContain('It began in FRZ-1 without a verdict that let it.');
    expect(await said(desk, '/change list recent')).toContain('began in FRZ-1 without a verdict');
  });

  test.each<[string, Parameters<typeof announce>[1], string?]>([
    ['began before the freeze was made', { number: 1, on: 'api/prod', started: '09:55' }],
    ['began as it ended', { number: 1, on: 'api/prod', started: '12:00' }],
    ['is elsewhere', { number: 1, on: 'api/staging', started: '10:20' }],
    ['is only planned', { number: 1, on: 'api/prod', plannedStart: clock('10:40') }],
    ['meets a soft freeze', { number: 1, on: 'api/prod', started: '10:20' }, 'soft'],
  ])('none: it %s', async (_why, told, words) => {
    const desk = await frozenDesk(engine, words);
    desk.at('12:01');
    await announce(desk, told);
    await desk.turn();
    expect(await change(desk, 1)).toMatchObject({ violates: [] });
  });

  test('none where the gate had let it, also before the freeze; one where it had not, or no longer', async () => {
    const desk = await frozenDesk(engine);
    desk.at('10:30');
    await verdict(desk, 1, 'allow', '10:19', '10:24');
    await verdict(desk, 2, 'allow', '09:58', '10:03');
    await verdict(desk, 3, 'deny', '10:19', '10:24');
    await verdict(desk, 4, 'allow', '09:50', '09:55');
    for (const number of [1, 3]) await announce(desk, { number, on: 'api/prod', started: '10:20' });
    for (const number of [2, 4]) await announce(desk, { number, on: 'api/prod', started: '10:02' });
    await desk.turn();
    const rows = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((row) => row.violates)).toEqual([[], [], [1], [1]]);
    const facts = await desk.db.read.fact.findMany({ where: { type: 'FreezeViolated' } });
    const told = facts.map((fact) => fact.data as { number: number; verdict: { decision: string } });
    const why = new Map(told.map((each) => [each.number, each.verdict.decision]));
    expect([why.get(3), why.get(4)]).toEqual(['deny', 'allow']);
  });

  test('what changed nothing is none where the record knows what runs there, and not by its own word', async () => {
    const desk = await openDesk(engine);
    desk.at('09:00');
    await announce(desk, { number: 1, on: 'api/prod', started: '08:00', finished: '08:10', artifact: 'v1' });
    desk.at('10:00');
    await said(desk, '/freeze on the cluster is rebuilt for:2h');
    desk.at('10:30');
    const same = { started: '10:20', unchanged: true } as const;
    await announce(desk, { number: 2, on: 'api/prod', artifact: 'v1', previousArtifact: 'v1', ...same });
    await announce(desk, { number: 3, on: 'api/prod', artifact: 'v2', previousArtifact: 'v2', ...same });
    await announce(desk, { number: 4, on: 'web/prod', artifact: 'v1', previousArtifact: 'v1', ...same });
    await desk.turn();
    const rows = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((row) => row.violates)).toEqual([[], [], [1], [1]]);
  });

  test('a yes counts only for the places that it was asked for', async () => {
    const desk = await frozenDesk(engine);
    desk.at('10:30');
    const on: [number, string, string][] = [
      [1, 'docs/dev', 'api/prod'],
      [2, 'docs/dev,API/Production', 'api/prod/eks,docs/dev'],
      [3, 'api/prod', 'api/prod,web/prod'],
      [4, 'api/prod/eks', 'api/prod'],
      [5, 'api/prod/EKS', 'api/prod/eks'],
      [6, 'api', 'api/prod'],
    ];
    for (const [number, asked, began] of on) {
      await verdict(desk, number, 'allow', '10:19', '10:24', asked);
      await announce(desk, { number, on: began, started: '10:20' });
    }
    await desk.turn();
    const rows = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((row) => row.violates)).toEqual([[1], [], [1], [1], [], []]);
    const fact = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'FreezeViolated' } });
    expect(await drawn(desk, fact.id)).toContain('the gate was asked of other places only');
  });

  test('a report that comes late is judged by what was frozen then, though it was lifted since', async () => {
    const desk = await frozenDesk(engine);
    desk.at('10:30');
    await said(desk, '/freeze lift FRZ-1');
    desk.at('11:30');
    await announce(desk, { number: 1, on: 'api/prod', started: '10:20', finished: '10:25' });
    await announce(desk, { number: 2, on: 'api/prod', started: '10:40', finished: '10:45' });
    await desk.turn();
    expect((await change(desk, 1)).violates).toEqual([1]);
    expect((await change(desk, 2)).violates).toEqual([]);
  });

  test('told more than a day later it is kept, and nobody is called', async () => {
    const desk = await frozenDesk(engine);
    desk.now = new Date('2026-03-12T10:00:00Z');
    await announce(desk, { number: 1, on: 'api/prod', started: '10:20', finished: '10:25' });
    await desk.turn();
    expect((await change(desk, 1)).violates).toEqual([1]);
    expect(await jobs(desk, 'violation')).toEqual([]);
  });

  test('the first to begin after a freeze is marked, the second is not, and a day later nobody is', async () => {
    const desk = await frozenDesk(engine);
    desk.at('12:30');
    await announce(desk, { number: 1, on: 'api/prod', started: '12:10', finished: '12:15' });
    await announce(desk, { number: 2, on: 'api/prod', started: '12:20', finished: '12:25' });
    await announce(desk, { number: 3, on: 'web/prod', started: '2026-03-11T12:30:00Z' });
    await desk.turn();
    const rows = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((row) => row.afterFreeze)).toEqual([true, false, false]);
    expect(await said(desk, '/change show CHG-1')).toContain('It was the first there after a freeze.');
  });

  test('a start that was told wrong is taken back', async () => {
    const desk = await frozenDesk(engine);
    desk.at('10:30');
    await said(desk, '/change announce a new proxy on:proxy/prod begun', 'bob');
    expect((await change(desk, 1)).violates).toEqual([1]);
    await said(desk, '/change start CHG-1 at:09:50', 'bob');
    expect((await change(desk, 1)).violates).toEqual([]);
  });

  test('nobody learns of a private incident by its cord', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'declare a secret leaked on:api/prod private');
    desk.now = new Date(desk.now.getTime() + 60_000);
    await said(desk, 'freeze INC-1 keys are rotated now');
    desk.now = new Date(desk.now.getTime() + 60_000);
    await announce(desk, { number: 1, on: 'api/prod', started: desk.now.toISOString() });
    await desk.turn();
    const fact = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'FreezeViolated' } });
    expect(fact.incidentId).not.toBeNull();
    const view = await drawn(desk, fact.id);
    expect(view).toContain('CHG-1 began on frozen ground');
    expect(view).not.toMatch(/INC-|secret/);
  });
});

async function drawn(desk: Desk, factId: string): Promise<string> {
  const { violationView } = await import('../../../src/features/violation/react.js');
  const message = await violationView(desk.db.of(desk.workspace.id).read, factId, desk.workspace);
  return message?.text ?? '';
}
