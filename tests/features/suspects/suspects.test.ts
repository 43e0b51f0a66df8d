// Suspects: what an incident says of what changed, on the record and to people.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { rankFor, suspectsOf } from '../../../src/features/suspects/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk } from '../../helpers/desk.js';
import { verdictOf } from '../../helpers/verdict.js';
import { announce, becomes, declare } from './help.js';

async function suspects(desk: Desk, number = 1) {
  const { id } = await desk.db.read.incident.findFirstOrThrow({ where: { number } });
  const all = await suspectsOf(desk.db.of(desk.workspace.id).read, id);
  const keys = (some: typeof all.ranked) => some.map((each) => each.change.number);
  return { all, ranked: keys(all.ranked), after: keys(all.after), causes: keys(all.causes) };
}

const entries = async (desk: Desk) =>
  (await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } })).map((each) => each.text);

const asks = async (desk: Desk) =>
  (await desk.db.read.job.findMany({ where: { kind: 'show' } }))
    .map((job) => job.payload as { view: string; destination: { to: string; userId?: string } })
    .filter((each) => each.view === 'suspect');

describe.each(engines)('%s', (engine) => {
  test('a declaration is followed by the suspects, with reasons, on the timeline and in `changes`', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '09:55', finished: '10:16' });
    await announce(desk, { number: 2, on: 'web/prod', started: '10:10', finished: '10:15' });
    await announce(desk, { number: 3, on: 'api/staging', started: '10:10', finished: '10:20' });
    await declare(desk, 'writes are stuck on:api/prod started:10:22 UTC');
    expect((await suspects(desk)).ranked).toEqual([1]);
    expect(await entries(desk)).toEqual(['Declared as SEV2: writes are stuck', 'Suspects: CHG-1']);
    const { text } = await desk.say('eve', 'changes INC-1');
    expect(text).toContain('1. CHG-1 change 1 (Bob): same service (api); finished 6m before the impact');
    expect(text).not.toContain('CHG-2');
    expect(text).not.toMatch(/\bcause\b(?!$)/m);
  });

  test('a ledger with nothing near says so, and an announcement later is shown', async () => {
    const desk = await openDesk(engine);
    await declare(desk, 'writes are stuck on:api/prod');
    expect((await desk.say('bob', 'show INC-1')).text).toContain(
      'Andon knows of no change there in the last 24 h. Did anybody deploy, upgrade or change something?',
    );
    // It is no event of the incident, so it takes no number on its timeline.
    expect(await entries(desk)).toHaveLength(1);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30' });
    await desk.turn();
    expect((await suspects(desk)).ranked).toEqual([1]);
    expect(await entries(desk)).toContain('Suspects: CHG-1');
    expect((await desk.say('bob', 'show INC-1')).text).toMatch(/^Suspects, none confirmed.*\n• CHG-1 /m);
  });

  test('what is near is found: dependencies, the cluster, what runs, and the latest however old', async () => {
    const desk = await openDesk(engine);
    await desk.db.write((tx) =>
      tx.dependency.create({
        data: { id: 'd', workspaceId: desk.workspace.id, service: 'api', dependsOn: 'db' },
      }),
    );
    await announce(desk, {
      number: 1,
      on: 'api/prod/eks',
      started: '2026-01-03T10:00:00Z',
      finished: '2026-01-03T10:30:00Z',
    });
    await announce(desk, { number: 2, on: 'db/prod', started: '10:20', finished: '10:30' });
    await announce(desk, {
      number: 3,
      on: 'nodes/prod/eks',
      kind: 'upgrade',
      started: '2026-03-08T10:00:00Z',
      finished: '2026-03-08T11:00:00Z',
    });
    await announce(desk, { number: 4, on: 'db/prod', kind: 'migration', started: '2026-03-02T10:00:00Z' });
    await announce(desk, { number: 5, on: '', started: '10:30', finished: '10:35' });
    await declare(desk, 'writes are stuck on:api/prod/eks');
    const incident = await desk.db.read.incident.findFirstOrThrow();
    const found = await rankFor(desk.db.of(desk.workspace.id).read, incident);
    expect(found.considered).toBe(5);
    expect((await suspects(desk)).ranked).toEqual([2, 3]);
  });

  test('owners are asked once, and answers are on the timeline, in the ranking, and can be taken back', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30', finished: '10:40' });
    await announce(desk, { number: 2, on: 'api/prod', started: '10:00', finished: '10:20' });
    await declare(desk, 'writes are stuck on:api/prod');
    expect(await asks(desk)).toHaveLength(2);
    expect((await asks(desk))[0]?.destination).toEqual({ to: 'person', userId: 'U0BOB' });
    await desk.say('ana', 'affects INC-1 api/prod degraded at:10:44 UTC');
    await desk.turn();
    expect((await suspects(desk)).ranked).toEqual([1, 2]);

    const answer = await desk.say('bob', 'suspect INC-1 CHG-1 unrelated it was the docs');
    expect(answer.text).toContain('CHG-1 is unrelated to INC-1');
    await desk.turn();
    expect((await suspects(desk)).ranked).toEqual([2]);
    expect(await entries(desk)).toContain('CHG-1 is unrelated: it was the docs');
    expect(await entries(desk)).toContain('Suspects: CHG-2');
    expect((await desk.say('ana', 'changes INC-1')).text).toContain(
      'Answered\n• CHG-1 change 1 (Bob). unrelated (Bob)',
    );

    expect((await desk.say('bob', 'undo INC-1')).text).toContain('Undone');
    await desk.turn();
    expect((await suspects(desk)).ranked).toEqual([1, 2]);
    const before =
      (await suspects(desk)).all.ranked.find((each) => each.change.number === 2)?.row.points ?? 0;
    await desk.say('bob', 'suspect INC-1 CHG-2 related');
    await desk.turn();
    expect((await suspects(desk)).all.ranked.find((each) => each.change.number === 2)?.row.points).toBe(
      before + 20,
    );
    // Whoever was asked once is not asked again.
    const people = (await asks(desk)).map((each) => each.destination.to);
    expect(
      (await desk.db.read.fact.findMany({ where: { type: 'SuspectsRanked' } })).flatMap(
        (fact) => (fact.data as { asked: unknown[] }).asked,
      ),
    ).toHaveLength(2);
    expect(people.length).toBeGreaterThan(0);
  });

  test('a confirmed cause is pinned, there may be more than one, and it outlives the incident', async () => {
    const desk = await openDesk(engine);
    for (const number of [1, 2, 3])
      await announce(desk, { number, on: 'api/prod', started: '10:30', finished: '10:40' });
    await announce(desk, { number: 9, on: 'mail/prod', started: '08:30', finished: '08:40' });
    await declare(desk, 'writes are stuck on:api/prod');
    await desk.say('bob', 'suspect INC-1 CHG-2 cause');
    // One that nothing spoke for may be it all the same.
    await desk.say('bob', 'suspect INC-1 CHG-9 cause the relay was shared');
    await desk.turn();
    await desk.say('ana', 'resolve INC-1');
    expect((await suspects(desk)).causes.sort()).toEqual([2, 9]);
    expect((await desk.say('ana', 'show INC-1')).text).toContain(
      'Cause: CHG-2 change 2 (Bob), confirmed by Bob',
    );
    const again = await desk.say('ana', 'suspect INC-1 CHG-2 cause');
    expect(again).toMatchObject({ accepted: false });
    expect(again.text).toContain('Bob said so before');
  });

  test('what was confirmed is taken back only with a reason, which stays on the timeline', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 2, on: 'api/prod', started: '10:30', finished: '10:40' });
    await declare(desk, 'writes are stuck on:api/prod');
    await desk.say('bob', 'suspect INC-1 CHG-2 cause');
    expect((await desk.say('eve', '/change show CHG-2')).text).toContain('Confirmed as a cause of INC-1.');
    const bare = await desk.say('ana', 'suspect INC-1 CHG-2 unrelated');
    expect(bare).toMatchObject({ accepted: false, field: 'text' });
    expect(bare.text).toContain('/incident suspect INC-1 CHG-2 unrelated REASON');
    expect((await suspects(desk)).causes).toEqual([2]);
    expect((await desk.say('ana', 'suspect INC-1 CHG-2 unrelated it ran elsewhere')).accepted).toBe(true);
    expect((await suspects(desk)).causes).toEqual([]);
    expect((await desk.say('ana', 'timeline INC-1')).text).toContain(
      'no longer held for a cause: it ran elsewhere',
    );
    expect((await desk.say('eve', '/change show CHG-2')).text).not.toContain('Confirmed');
  });

  test('of a private incident nobody learns from the change that it was its cause', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 2, on: 'api/prod', started: '10:30', finished: '10:40' });
    await declare(desk, 'the keys leaked on:api/prod private');
    expect((await desk.say('ana', 'suspect INC-1 CHG-2 cause')).accepted).toBe(true);
    expect((await desk.say('ana', '/change show CHG-2')).text).not.toContain('Confirmed');
  });

  test('after a rollback and recovery the channel is asked once to confirm', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 3, on: 'api/prod', started: '10:30', finished: '10:40' });
    await declare(desk, 'writes are stuck on:api/prod');
    await desk.say('bob', 'suspect INC-1 CHG-3 rollback');
    await desk.turn();
    const suggested = () => desk.db.read.fact.count({ where: { type: 'CauseSuggested' } });
    expect(await suggested()).toBe(0);
    await desk.say('ana', 'status INC-1 monitoring');
    await desk.turn();
    await desk.say('ana', 'resolve INC-1');
    await desk.turn();
    expect(await suggested()).toBe(1);
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
    expect(JSON.stringify(jobs.map((job) => job.payload))).toContain(
      'CHG-3 was rolled back and it recovered',
    );
  });

  test('what began after the onset is listed apart, what takes back first', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:10', finished: '10:20' });
    await announce(desk, { number: 2, on: 'api/prod', started: '10:30', finished: '10:35' });
    await announce(desk, { number: 3, on: 'api/prod', started: '10:40', rollbackOfId: 'c1' });
    await declare(desk, 'writes are stuck on:api/prod started:10:22 UTC');
    expect(await suspects(desk)).toMatchObject({ ranked: [1], after: [3, 2] });
    expect((await desk.say('bob', 'changes INC-1')).text).toMatch(/possible fixes.*\n• CHG-3 .*takes back/);
    const { text } = await desk.say('bob', 'show INC-1');
    expect(text).toContain('Began after it, possible fixes: CHG-3 change 3 (Bob); CHG-2 change 2 (Bob)');
    expect(text).toContain('Answer: /incident suspect CHG-1 related|unrelated|rollback');
    expect(text).not.toContain('more with');
  });

  test('where every suspect was answered the first message says so, and does not ask again', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30', finished: '10:40' });
    await declare(desk, 'writes are stuck on:api/prod');
    await desk.say('bob', 'suspect INC-1 CHG-1 unrelated');
    await desk.turn();
    const { text } = await desk.say('ana', 'show INC-1');
    expect(text).toContain('No strong suspect. CHG-1 was answered: unrelated.');
    expect(text).not.toMatch(/knows of no change|Did anybody/);
  });

  test('the onset moves, a change fails: the ranking follows', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:10', finished: '10:20' });
    await announce(desk, { number: 2, on: 'api/prod', started: '10:42' });
    await declare(desk, 'writes are stuck on:api/prod');
    expect((await suspects(desk)).ranked).toEqual([2, 1]);
    await desk.say('ana', 'started INC-1 10:22 UTC');
    await desk.turn();
    expect(await suspects(desk)).toMatchObject({ ranked: [1], after: [2] });
    const points = async () => (await suspects(desk)).all.ranked[0]?.row.points ?? 0;
    const before = await points();
    await becomes(desk, 1, 'succeeded', 'failed');
    await desk.turn();
    expect(await points()).toBe(before + 15);
    expect((await desk.say('bob', 'changes INC-1')).text).toContain('finished 2m before the impact; failed');
  });

  test('a private incident is told to no owner who may not know of it, and leaves no trace elsewhere', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30', finished: '10:40' });
    await announce(desk, {
      number: 2,
      on: 'api/prod',
      started: '10:20',
      finished: '10:30',
      owner: { id: 'U0ANA', name: 'Ana' },
    });
    await declare(desk, 'the keys leaked on:api/prod private');
    expect((await asks(desk)).map((each) => each.destination.userId)).toEqual(['U0ANA']);
    const refused = await desk.say('bob', 'suspect INC-1 CHG-1 unrelated');
    expect(refused).toMatchObject({ accepted: false });
    expect(refused.text).toContain('There is no INC-1.');
    expect((await desk.say('bob', 'changes INC-1')).text).toContain('There is no INC-1.');
    await desk.say('ana', 'suspect INC-1 CHG-1 cause');
    await desk.turn();
    const jobs = await desk.db.read.job.findMany();
    const elsewhere = jobs.filter((job) => job.incidentId === null);
    expect(JSON.stringify(elsewhere.map((job) => job.payload))).not.toMatch(/keys leaked|INC-1/);
    // Nor does a later ranking know why such changes are looked at twice.
    await announce(desk, { number: 3, on: 'api/prod', started: '10:42', finished: '10:44' });
    await declare(desk, 'writes are stuck on:api/prod');
    expect((await desk.say('bob', 'changes INC-2')).text).not.toContain('on another incident');
  });

  test('a drill asks nobody', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30', finished: '10:40' });
    await declare(desk, 'writes are stuck on:api/prod drill');
    expect(await asks(desk)).toEqual([]);
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
    expect(JSON.stringify(jobs.map((job) => job.payload))).toContain('In a drill nobody is asked');
    expect(JSON.stringify(jobs.map((job) => job.payload))).not.toContain('U0BOB');
  });

  test('rows are made again from the record', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { number: 1, on: 'api/prod', started: '10:30', finished: '10:40' });
    await announce(desk, { number: 2, on: 'api/prod', started: '10:20', finished: '10:30' });
    await declare(desk, 'writes are stuck on:api/prod');
    await desk.say('bob', 'suspect INC-1 CHG-1 unrelated');
    await desk.turn();
    await becomes(desk, 2, 'succeeded', 'rolled_back');
    await desk.turn();
    const rows = await dump(desk.db, ['suspect', 'ranking']);
    expect(rows.suspect).toHaveLength(2);
    await desk.say('bob', 'suspect INC-1 CHG-2 cause');
    await desk.say('bob', 'undo INC-1');
    // An incident's rows are made of its own facts alone.
    const { id } = await desk.db.read.incident.findFirstOrThrow();
    expect(await verdictOf(desk.db.of(desk.workspace.id), id)).toMatchObject({ whole: true });
    const then = await dump(desk.db, ['suspect', 'ranking']);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, ['suspect', 'ranking'])).toEqual(then);
  });
});
