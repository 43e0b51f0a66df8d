// How a change goes on: who says so, from where to where, and what is answered when that cannot be.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function announcedOn(desk: Desk, words = 'deploy api on:api/prod kind:deploy at:"11:00 UTC" for:1h') {
  await desk.say('ana', `/change announce ${words}`);
}
const row = (desk: Desk, number = 1) => desk.db.read.change.findFirstOrThrow({ where: { number } });
const verbs = ['start', 'done', 'fail', 'rollback', 'cancel'] as const;

/** To which state each verb leads; null is a refusal. At 11:30, half an hour after it was planned to begin. */
const table: Record<string, Record<(typeof verbs)[number], string | null>> = {
  planned: { start: 'started', done: 'succeeded', fail: 'failed', rollback: null, cancel: 'cancelled' },
  started: { start: null, done: 'succeeded', fail: 'failed', rollback: 'rolled_back', cancel: null },
  succeeded: { start: 'started', done: null, fail: 'failed', rollback: 'rolled_back', cancel: null },
  failed: { start: 'started', done: 'succeeded', fail: null, rollback: 'rolled_back', cancel: null },
  rolled_back: { start: 'started', done: null, fail: 'failed', rollback: null, cancel: null },
  cancelled: { start: 'started', done: null, fail: null, rollback: null, cancel: null },
};
const way: Record<string, string[]> = {
  planned: [],
  started: ['start'],
  succeeded: ['start', 'done'],
  failed: ['start', 'fail'],
  rolled_back: ['start', 'rollback'],
  cancelled: ['cancel'],
};

describe.each(engines)('%s', (engine) => {
  test.each(Object.keys(table))(
    'from %s each verb leads where it says, or refuses and changes nothing',
    async (from) => {
      const desk = await openDesk(engine);
      let number = 0;
      for (const verb of verbs) {
        desk.at('10:45');
        number += 1;
        await announcedOn(desk, `deploy api ${number} kind:deploy at:"11:00 UTC" anyway`);
        desk.at('11:30');
        for (const step of way[from] ?? []) await desk.say('ana', `/change ${step} CHG-${number}`);
        expect((await row(desk, number)).state).toBe(from);
        const before = await row(desk, number);
        const said = await desk.say('ana', `/change ${verb} CHG-${number}`);
        const to = table[from]?.[verb] ?? null;
        expect(said.accepted, `${verb}: ${said.text}`).toBe(to !== null);
        if (to) expect((await row(desk, number)).state, verb).toBe(to);
        else {
          expect(await row(desk, number), verb).toEqual(before);
          expect(said.text, verb).toContain('/change ');
          expect(said.text, verb).toContain('Nothing was changed');
        }
      }
    },
  );

  test.each(['upgrade', 'migration', 'infrastructure'])(
    'an %s that is done is validated by people',
    async (kind) => {
      const desk = await openDesk(engine);
      await announcedOn(desk, `change the thing kind:${kind} begun`);
      const done = await desk.say('ana', '/change done CHG-1');
      expect(done.text).toContain('/change validate CHG-1 good');
      expect(await row(desk)).toMatchObject({ state: 'validating', finishedAt: desk.now });
      const again = await desk.say('ana', '/change done CHG-1');
      expect(again.accepted).toBe(false);
      expect(again.text).toContain('/change validate CHG-1 good');
      expect((await desk.say('ana', '/change rollback CHG-1')).accepted).toBe(true);
    },
  );

  test('what nobody started is not done before its time, and afterwards began as planned, which is said', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    const early = await desk.say('ana', '/change done CHG-1');
    expect(early.accepted).toBe(false);
    expect(early.text).toContain('/change start CHG-1 at:TIME');
    desk.at('11:40');
    const done = await desk.say('ana', '/change done CHG-1');
    expect(done.text).toContain('Nobody said that it began');
    expect(await row(desk)).toMatchObject({
      state: 'succeeded',
      startedAt: new Date('2026-03-10T11:00:00Z'),
      finishedAt: desk.now,
    });
  });

  test('at: says when; what is to come, or would end before it began, is refused', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    desk.at('12:00');
    expect((await desk.say('bob', '/change start CHG-1 at:"13:00 UTC today"')).accepted).toBe(false);
    const started = await desk.say('bob', '/change start CHG-1 at:"11:20 UTC"');
    expect(started.text).toContain('20m after it was planned');
    const ended = await desk.say('bob', '/change done CHG-1 at:"11:10 UTC"');
    expect(ended.accepted).toBe(false);
    expect(ended.text).toContain('2026-03-10 11:20 UTC');
    expect((await desk.say('bob', '/change start CHG-1 at:"11:05 UTC"')).accepted).toBe(true);
    expect((await desk.say('bob', '/change done CHG-1 all is well at:"11:10 UTC"')).accepted).toBe(true);
    expect(await row(desk)).toMatchObject({
      stateText: 'all is well',
      startedAt: new Date('2026-03-10T11:05:00Z'),
      finishedAt: new Date('2026-03-10T11:10:00Z'),
    });
    expect((await desk.say('bob', '/change start CHG-1')).text).toContain('It goes on.');
    expect(await row(desk)).toMatchObject({ startedAt: new Date('2026-03-10T11:05:00Z'), finishedAt: null });
  });

  test('one’s only change needs no key; of several none is guessed, and a word that is no key is text', async () => {
    const desk = await openDesk(engine);
    expect((await desk.say('bob', '/change start')).text).toContain('You have no change');
    await announcedOn(desk, 'deploy api kind:deploy');
    await announcedOn(desk, 'deploy web kind:deploy');
    expect((await desk.say('bob', '/change start')).accepted).toBe(false);
    const which = await desk.say('ana', '/change start');
    expect(which.text).toContain('/change start CHG-1');
    expect(which.text).toContain('/change start CHG-2');
    await desk.say('ana', '/change start CHG-2');
    const done = await desk.say('ana', '/change done all went well');
    expect(done.text).toContain('I took it for CHG-2');
    expect(await row(desk, 2)).toMatchObject({ state: 'succeeded', stateText: 'all went well' });
    expect((await desk.say('ana', '/change done CHGX')).accepted).toBe(false);
  });

  test('who said it is on record, and the owner is told when it was somebody else', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    await desk.say('bob', '/change start CHG-1');
    await desk.say('ana', '/change fail CHG-1 it does not come up');
    const facts = await desk.db.read.fact.findMany({ where: { type: 'ChangeStateSet' } });
    expect(facts.map((each) => each.actorName)).toEqual(['Bob', 'Ana']);
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'show' } });
    const told = jobs.map(
      (each) => each.payload as { view: string; destination: { userId?: string }; about: string },
    );
    const owners = told.filter((each) => each.view === 'changeTold' && each.destination.userId === 'U0ANA');
    expect(owners.map((each) => each.about)).toEqual([`${facts[0]?.id} @U0ANA`]);
  });

  test('starting looks again at what it collides with, says so, and goes on', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    await desk.say('bob', '/change announce deploy api 2 on:api/prod kind:deploy begun for:2h');
    const said = await desk.say('ana', '/change start CHG-1');
    expect(said.accepted).toBe(true);
    expect(said.text).toContain('CHG-2');
    expect(said.text).toContain('you may go on');
    expect((await row(desk)).conflicts).toMatchObject([{ with: 'CHG-2' }]);
    expect((await row(desk)).state).toBe('started');
  });

  test('a change that nobody says began is asked about once, and silence changes nothing', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    const asked = () => desk.db.read.fact.count({ where: { type: 'ChangeAsked' } });
    for (const [time, times] of [
      ['11:14', 0],
      ['11:15', 1],
      ['18:00', 1],
    ] as const) {
      desk.at(time);
      await desk.turn();
      expect(await asked(), time).toBe(times);
    }
    expect((await row(desk)).state).toBe('planned');
    // Moved, it is asked about again at its new time.
    await desk.say('ana', '/change move CHG-1 20:00 UTC');
    desk.at('20:15');
    await desk.turn();
    expect(await asked()).toBe(2);
  });

  test('one that runs for twice its time is asked about; still running puts that off', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk);
    desk.at('11:00');
    await desk.say('ana', '/change start CHG-1');
    const asked = () => desk.db.read.fact.count({ where: { type: 'ChangeAsked' } });
    const ends: [string, number][] = [
      ['12:59', 0],
      ['13:00', 1],
      ['13:30', 1],
    ];
    for (const [time, times] of ends) {
      desk.at(time);
      await desk.turn();
      expect(await asked(), time).toBe(times);
    }
    await desk.say('ana', '/change running CHG-1 for:1h');
    desk.at('14:30');
    await desk.turn();
    expect(await asked()).toBe(2);
    await desk.say('ana', '/change running CHG-1');
    await desk.say('ana', '/change done CHG-1');
    desk.at('20:00');
    await desk.turn();
    expect(await asked()).toBe(2);
  });

  test('where nobody said how long, two hours are long', async () => {
    const desk = await openDesk(engine);
    await announcedOn(desk, 'deploy api kind:deploy begun');
    desk.at('12:44');
    await desk.turn();
    expect(await desk.db.read.fact.count({ where: { type: 'ChangeAsked' } })).toBe(0);
    desk.at('12:45');
    await desk.turn();
    expect(await desk.db.read.fact.count({ where: { type: 'ChangeAsked' } })).toBe(1);
  });
});
