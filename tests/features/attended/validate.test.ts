// Validation: people say whether everything still works; silence is asked again, then loudly, and is never success.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, type PersonName, stateTables } from '../../helpers/desk.js';
import { until } from '../../helpers/telling.js';
import { accepted, announce, change, recorded, setState, setSupport, waiting, who } from './help.js';

async function done(desk: Desk, over: Parameters<typeof announce>[1] = {}): Promise<string> {
  const id = await announce(desk, over);
  await until(desk, '2026-03-10T14:00:00Z');
  await setState(desk, id, 'started');
  await until(desk, '2026-03-10T15:00:00Z');
  await setState(desk, id, 'validating');
  return id;
}

const asked = async (desk: Desk, id: string) =>
  (await recorded(desk, id, 'ValidationAsked')).map(({ at, data }) => [at.slice(8), data.level]);

describe.each(engines)('on %s', (engine) => {
  test('silence asks the cover, then everybody every two hours, then once a day; it stays validating', async () => {
    const desk = await openDesk(engine);
    await setSupport(desk);
    const id = await announce(desk, { cover: who('eve') });
    await accepted(desk, 'eve', '/change cover CHG-1');
    await setState(desk, id, 'started');
    await until(desk, '2026-03-10T15:00:00Z');
    await setState(desk, id, 'validating');
    await until(desk, '2026-03-13T00:00:00Z');
    const all = await asked(desk, id);
    expect(all.slice(0, 5)).toEqual([
      ['10T15:00', 'first'],
      ['10T15:30', 'again'],
      ['10T16:00', 'loud'],
      ['10T18:00', 'loud'],
      ['10T20:00', 'loud'],
    ]);
    expect(all.slice(-3)).toEqual([
      ['11T14:00', 'loud'],
      ['11T15:00', 'loud'],
      ['12T15:00', 'loud'],
    ]);
    expect(all).toHaveLength(16);
    const rounds = (await recorded(desk, id, 'ValidationAsked')).map((each) => each.data);
    expect(rounds[0]).toMatchObject({
      people: [who('ana')],
      support: { channel: 'support', people: [who('bob')] },
    });
    expect(rounds[1]).toMatchObject({ people: [who('eve')], support: null, channel: false });
    expect(rounds[2]).toMatchObject({ support: { channel: 'support' }, channel: true });
    expect(rounds.map((each) => each.round)).toEqual(rounds.map((_, i) => i + 1));
    expect(await change(desk, id)).toMatchObject({ state: 'validating', validation: 'asked' });
  });

  test('after a pause of the program one question is asked, and the next at its time', async () => {
    const desk = await openDesk(engine);
    const id = await done(desk);
    desk.at('17:10');
    await desk.turn();
    await until(desk, '2026-03-10T18:10:00Z');
    expect(await asked(desk, id)).toEqual([
      ['10T15:00', 'first'],
      ['10T17:10', 'loud'],
      ['10T18:00', 'loud'],
    ]);
  });

  test('good makes it succeeded, says who, and nobody is asked any more', async () => {
    const desk = await openDesk(engine);
    const id = await done(desk);
    await until(desk, '2026-03-10T15:40:00Z');
    expect(await accepted(desk, 'bob', '/change validate CHG-1 good writes are fine')).toContain(
      'It is succeeded now',
    );
    await until(desk, '2026-03-11T15:40:00Z');
    expect(await asked(desk, id)).toHaveLength(2);
    expect(await change(desk, id)).toMatchObject({
      ...{ state: 'succeeded', validation: 'good', validatedByName: 'Bob' },
      validatedAt: new Date('2026-03-10T15:40:00Z'),
      finishedAt: new Date('2026-03-10T15:00:00Z'),
    });
    expect((await desk.say('bob', '/change validate CHG-1 good')).text).toContain('already');
  });

  test('bad makes it failed, with the way to an incident and back; said by mistake, good takes it back', async () => {
    const desk = await openDesk(engine);
    const id = await done(desk);
    const reply = await accepted(desk, 'bob', '/change validate CHG-1 bad');
    expect(reply).toContain('/incident declare something is wrong since CHG-1 on:db/prod');
    expect(reply).toContain('/change rollback CHG-1');
    expect(await change(desk, id)).toMatchObject({ state: 'failed', validation: 'bad' });
    expect(await waiting(desk, 'U0ANA')).toContain('say U0ANA');
    await accepted(desk, 'bob', '/change validate CHG-1 bad writes time out');
    await accepted(desk, 'ana', '/change validate CHG-1 good it was the monitor');
    expect(await change(desk, id)).toMatchObject({
      state: 'succeeded',
      validation: 'good',
      validatedByName: 'Ana',
    });
  });

  test('of a change of another kind it may be said too, also after it succeeded', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { kind: 'deploy' });
    const early = await desk.say('bob', '/change validate CHG-1 good');
    expect(early).toMatchObject({ accepted: false });
    expect(early.text).toContain('/change done CHG-1');
    await setState(desk, id, 'succeeded');
    expect(await recorded(desk, id, 'ValidationAsked')).toEqual([]);
    await accepted(desk, 'bob', '/change validate CHG-1 good');
    expect(await change(desk, id)).toMatchObject({ state: 'succeeded', validation: 'good' });
    await accepted(desk, 'eve', '/change validate CHG-1 bad images are broken');
    expect(await change(desk, id)).toMatchObject({
      state: 'failed',
      validation: 'bad',
      stateText: 'images are broken',
    });
  });

  test('what is done again is asked again', async () => {
    const desk = await openDesk(engine);
    const id = await done(desk);
    await accepted(desk, 'bob', '/change validate CHG-1 bad');
    await setState(desk, id, 'started');
    expect(await change(desk, id)).toMatchObject({ validation: 'none', validatedById: null });
    await until(desk, '2026-03-10T17:00:00Z');
    await setState(desk, id, 'validating');
    expect(await asked(desk, id)).toEqual([
      ['10T15:00', 'first'],
      ['10T17:00', 'first'],
    ]);
  });

  test('the checks are those of what it touches and of what depends on it, else the team’s, else ours', async () => {
    const desk = await openDesk(engine);
    const checksOf = async (id: string) => (await recorded(desk, id, 'ValidationAsked'))[0]?.data.checks;
    expect(await checksOf(await done(desk))).toHaveLength(4);
    await setSupport(desk);
    const { id: workspaceId } = desk.workspace;
    await desk.db.write((tx) => tx.teamSetting.updateMany({ data: { checks: ['Log in'] } }));
    expect(await checksOf(await done(desk))).toEqual(['Log in']);
    const service = { workspaceId, owners: [], runsOn: [], origin: 'slack' };
    await desk.db.write(async (tx) => {
      await tx.service.create({ data: { ...service, id: 's1', name: 'db', checks: ['Replicas follow'] } });
      await tx.service.create({
        data: { ...service, id: 's2', name: 'api', checks: ['An order can be placed'] },
      });
      await tx.dependency.create({ data: { id: 'd1', workspaceId, service: 'api', dependsOn: 'db' } });
    });
    expect(await checksOf(await done(desk))).toEqual(['db: Replicas follow', 'api: An order can be placed']);
  });

  test('where neither owner nor support can be written to, the channel is asked', async () => {
    const desk = await openDesk(engine);
    const id = await done(desk, { owner: { id: null, name: 'octocat' } });
    expect(await waiting(desk, '/changes')).toContain('validationAsk changes');
    expect(await recorded(desk, id, 'ValidationAsked')).toMatchObject([{ data: { people: [] } }]);
  });

  test('rebuilt from the record, cover and validation are as they were', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', '/change support people:@bob');
    const first = await done(desk, { cover: who('eve') });
    await accepted(desk, 'eve', '/change cover CHG-1');
    await accepted(desk, 'bob', '/change validate CHG-1 bad at:14:59 UTC');
    await done(desk, { cover: who('bob') });
    await announce(desk, { cover: who('eve') });
    await accepted(desk, 'eve', '/change decline CHG-3');
    expect((await change(desk, first)).validatedAt).toEqual(new Date('2026-03-10T14:59:00Z'));
    const before = await dump(desk.db, stateTables);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(before);
  });

  test('App Home shows whoever is asked what waits for them', async () => {
    const desk = await openDesk(engine);
    await announce(desk, { cover: who('eve') });
    const home = async (person: PersonName) =>
      (await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person))).text;
    expect(await home('eve')).toContain('Will you cover CHG-1');
    expect(await home('bob')).not.toContain('Will you cover');
    await accepted(desk, 'eve', '/change cover CHG-1');
    const [{ id } = { id: '' }] = await desk.db.read.change.findMany();
    await setState(desk, id, 'started');
    await setState(desk, id, 'validating');
    expect(await home('ana')).toContain('Does everything still work after CHG-1');
    expect(await home('eve')).toContain('Does everything still work after CHG-1');
    expect(await home('bob')).not.toContain('Does everything still work');
  });
});
