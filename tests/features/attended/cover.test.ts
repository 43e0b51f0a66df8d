// Cover: only a yes counts, silence is asked again, and whoever must know hears that nobody covers it.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { until } from '../../helpers/telling.js';
import { accepted, announce, change, move, recorded, setState, setSupport, waiting, who } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('whoever is named is asked, and only a yes makes it covered', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { cover: who('eve') });
    expect(await change(desk, id)).toMatchObject({ cover: 'asked', coverId: 'U0EVE' });
    expect(await recorded(desk, id, 'CoverAsked')).toMatchObject([
      { at: '2026-03-10T10:45', data: { round: 1 } },
    ]);
    expect(await waiting(desk, 'attended/')).toContain('coverAsk U0EVE');
    expect(await accepted(desk, 'eve', '/change cover CHG-1')).toContain('You cover CHG-1');
    expect(await change(desk, id)).toMatchObject({ cover: 'given', coverId: 'U0EVE', coverName: 'Eve' });
    // The owner hears it.
    expect(await waiting(desk, '/owner/')).toEqual(['say U0ANA']);
    await until(desk, '2026-03-10T14:30:00Z');
    expect(await recorded(desk, id, 'CoverAsked')).toHaveLength(1);
    expect(await recorded(desk, id, 'SupportTold')).toEqual([]);
  });

  test('silence is asked again after an hour and half an hour before the start, when support and owner are told', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { cover: who('eve') });
    await until(desk, '2026-03-10T14:30:00Z');
    expect(
      (await recorded(desk, id, 'CoverAsked')).map(({ at, data }) => [at.slice(11), data.round]),
    ).toEqual([
      ['10:45', 1],
      ['11:45', 2],
      ['13:30', 3],
    ]);
    const told = await recorded(desk, id, 'SupportTold');
    expect(told).toMatchObject([
      { at: '2026-03-10T13:30', data: { reasons: ['uncovered'], tellOwner: true } },
    ]);
    desk.at('15:00');
    await setState(desk, id, 'started');
    expect((await recorded(desk, id, 'SupportTold')).map((each) => each.data.reasons)).toEqual([
      ['uncovered'],
      ['started'],
    ]);
    expect(await change(desk, id)).toMatchObject({ cover: 'asked' });
    // Late, it begins at another time than was planned: whoever was asked is not asked again for that.
    expect(
      (await recorded(desk, id, 'CoverAsked')).map(({ at, data }) => [at.slice(11), data.round]),
    ).toEqual([
      ['10:45', 1],
      ['11:45', 2],
      ['13:30', 3],
    ]);
  });

  test('with nobody asked support hears it when it is announced, shortly before, and when it begins', async () => {
    const desk = await openDesk(engine);
    await setSupport(desk);
    const id = await announce(desk);
    expect(await waiting(desk, 'attended/')).toEqual(
      expect.arrayContaining(['supportNotice channel', 'supportNotice U0BOB']),
    );
    await until(desk, '2026-03-10T14:00:00Z');
    await setState(desk, id, 'started');
    await setState(desk, id, 'validating');
    const told = await recorded(desk, id, 'SupportTold');
    expect(told.map(({ at, data }) => [at.slice(11), data.reasons])).toEqual([
      ['10:45', ['unattended']],
      ['13:30', ['uncovered']],
      ['14:00', ['started']],
    ]);
  });

  test('whoever says no is not asked again, and the next one is; the owner is told what to do', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { cover: who('eve') });
    expect(await accepted(desk, 'eve', '/change decline CHG-1 on a train')).toContain(
      'You do not cover CHG-1',
    );
    expect(await change(desk, id)).toMatchObject({ cover: 'declined', coverName: 'Eve' });
    await until(desk, '2026-03-10T12:00:00Z');
    expect(await recorded(desk, id, 'CoverAsked')).toHaveLength(1);
    expect(await accepted(desk, 'ana', '/change cover CHG-1 @bob')).toContain('Bob is asked to cover CHG-1');
    expect(await change(desk, id)).toMatchObject({ cover: 'asked', coverId: 'U0BOB' });
    await until(desk, '2026-03-10T13:10:00Z');
    expect(
      (await recorded(desk, id, 'CoverAsked')).map(({ at, data }) => [at.slice(11), data.round]),
    ).toEqual([
      ['10:45', 1],
      ['12:00', 1],
      ['13:00', 2],
    ]);
  });

  test('whoever cannot after all drops it, and shortly before the start support hears of it at once', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { cover: who('eve') });
    await accepted(desk, 'eve', '/change cover CHG-1');
    await until(desk, '2026-03-10T13:40:00Z');
    await accepted(desk, 'eve', '/change decline CHG-1 I am ill');
    await desk.turn();
    expect(await change(desk, id)).toMatchObject({ cover: 'declined' });
    expect(await recorded(desk, id, 'SupportTold')).toMatchObject([
      { at: '2026-03-10T13:40', data: { reasons: ['uncovered'] } },
    ]);
  });

  test('a yes is for one time: when it moves, it is asked anew, and support hears the new time', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, {
      cover: who('eve'),
      plannedStart: new Date('2026-03-10T21:00:00Z'),
      plannedEnd: new Date('2026-03-10T22:00:00Z'),
    });
    await accepted(desk, 'eve', '/change cover CHG-1');
    await move(desk, id, '2026-03-10T21:15:00Z', '2026-03-10T22:15:00Z');
    expect(await change(desk, id)).toMatchObject({ cover: 'given' });
    await move(desk, id, '2026-03-11T14:00:00Z', '2026-03-11T15:00:00Z');
    expect(await change(desk, id)).toMatchObject({ cover: 'asked', coverId: 'U0EVE' });
    expect((await recorded(desk, id, 'CoverAsked')).map((each) => each.data.moved)).toEqual([false, true]);
    expect((await recorded(desk, id, 'SupportTold')).map((each) => each.data.reasons)).toEqual([
      ['night'],
      ['night'],
      ['moved'],
    ]);
  });

  test('refusals teach: the owner, the one who covers already, the one who was not asked, what is over', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk);
    const refused = async (person: 'ana' | 'bob' | 'eve', line: string) => {
      const said = await desk.say(person, line);
      expect(said.accepted, line).toBe(false);
      return said.text;
    };
    expect(await refused('ana', '/change cover CHG-1')).toContain('cover is somebody else');
    expect(await refused('bob', '/change cover CHG-1 @ana')).toContain('Ana owns CHG-1');
    expect(await refused('bob', '/change decline CHG-1')).toContain('Nobody waits for your answer');
    expect(await refused('bob', '/change cover CHG-9')).toContain('There is no CHG-9');
    expect(await refused('bob', '/change cover')).toContain('Say which change');
    await accepted(desk, 'bob', '/change cover CHG-1');
    expect(await refused('bob', '/change cover CHG-1')).toContain('already');
    expect(await refused('ana', '/change cover CHG-1 @eve')).toContain('Bob covers CHG-1 already');
    expect(await accepted(desk, 'eve', '/change cover CHG-1')).toContain('instead of Bob');
    await setState(desk, id, 'cancelled');
    expect(await refused('bob', '/change cover CHG-1')).toContain('nothing left to cover');
  });

  test('a change of another kind, or outside production, troubles support only when it is planned for the night', async () => {
    const desk = await openDesk(engine);
    const deploy = await announce(desk, { kind: 'deploy' });
    const night = await announce(desk, {
      kind: 'deploy',
      plannedStart: new Date('2026-03-10T19:30:00Z'),
      plannedEnd: new Date('2026-03-10T20:30:00Z'),
    });
    const staging = await announce(desk, {
      components: [{ service: 'db', environment: 'staging', cluster: '' }],
      plannedStart: new Date('2026-03-10T23:30:00Z'),
      plannedEnd: null,
    });
    await until(desk, '2026-03-11T00:00:00Z');
    await setState(desk, staging, 'started');
    expect(await recorded(desk, deploy, 'SupportTold')).toEqual([]);
    expect(await recorded(desk, night, 'SupportTold')).toMatchObject([{ data: { reasons: ['night'] } }]);
    expect(await recorded(desk, staging, 'SupportTold')).toEqual([]);
  });

  test('the owner as their own cover is no cover', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk, { cover: who('ana') });
    expect(await change(desk, id)).toMatchObject({ cover: 'declined' });
    expect(await recorded(desk, id, 'CoverDropped')).toHaveLength(1);
  });
});
