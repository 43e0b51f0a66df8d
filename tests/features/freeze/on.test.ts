// Freezing by a line: what is understood, what is refused, what is asked first, and the way back.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

describe.each(engines)('on %s', (engine) => {
  test('a line freezes what it names, says until when in both zones, and the way back', async () => {
    const desk = await openDesk(engine);
    const said = await desk.say('ana', '/freeze on rebuilding eks on:*/prod/eks,api/prod for:3h');
    expect(said.accepted).toBe(true);
    expect(said.text).toContain('FRZ-1 freezes everything in prod on eks and api/prod: rebuilding eks');
    expect(said.text).toContain('From now until 10 Mar 2026 14:45 CET (13:45 UTC)');
    expect(said.text).toContain('/freeze lift FRZ-1');
    expect(said.text).toContain('What has begun goes on');
    const row = await freeze(desk);
    expect(row).toMatchObject({
      number: 1,
      mode: 'hard',
      ownerId: 'U0ANA',
      overAt: new Date('2026-03-10T13:45:00Z'),
    });
    expect(row?.scope).toEqual({
      include: [
        { services: [], environments: ['prod'], clusters: ['eks'], tiers: [] },
        { services: ['api'], environments: ['prod'], clusters: [], tiers: [] },
      ],
      exclude: [],
    });
  });

  test('nobody said what or how long: all production for two hours, and both are said', async () => {
    const desk = await openDesk(engine);
    const said = await desk.say('bob', '/freeze on the network is down');
    expect(said.text).toContain('freezes all production: the network is down');
    expect(said.text).toContain('Nobody said how long, so it is 2h');
    expect((await freeze(desk))?.overAt).toEqual(new Date('2026-03-10T12:45:00Z'));
  });

  test('a rule is of a wall clock, in the zone of whoever says it unless they name one', async () => {
    const desk = await openDesk(engine);
    const said = await desk.say('ana', '/freeze on quiet nights every:weekday 18:00 to 08:00 soft');
    expect(said.text).toMatch(/every weekday 18:00 to 08:00 \(Europe\/Berlin\)/i);
    expect(said.text).toContain('For the first time from 10 Mar 2026 18:00 CET (17:00 UTC)');
    expect(await freeze(desk)).toMatchObject({
      mode: 'soft',
      schedule: { type: 'recurring', zone: 'Europe/Berlin' },
    });
    const other = await desk.say(
      'ana',
      '/freeze on every:"Friday 16:00 to Monday 08:00" zone:America/New_York weekends are quiet on:web/prod',
    );
    expect(other.text).toContain('America/New_York');
    expect(other.text).toContain('will freeze web/prod: weekends are quiet');
  });

  test('made within its own hours, a rule is on at once; its last day counts', async () => {
    const desk = await openDesk(engine);
    desk.at('20:00');
    const said = await desk.say('bob', '/freeze on nights every:"every day 18:00 to 08:00" until:"12 Mar"');
    expect(said.text).toContain('It is on now');
    expect((await freeze(desk))?.overAt).toEqual(new Date('2026-03-13T08:00:00Z'));
  });

  test('names are those of the catalogue, in its letters; what it does not know is said', async () => {
    const desk = await openDesk(engine);
    await desk.say('bob', '/change service Checkout on:prod');
    const said = await desk.say('ana', '/freeze on it is slow on:checkout/Production,apj/prod');
    expect(said.text).toContain('freezes Checkout/prod and apj/prod');
    expect(said.text).toContain('The catalogue knows no service apj');
    expect(said.text).not.toContain('no service Checkout');
  });

  test.each([
    ['/freeze on on:api/prod', 'Say why'],
    ['/freeze on ok on:api/prod', 'Say why'],
    ['/freeze on maintenance for:100d', 'every:"20 Dec to 2 Jan"'],
    ['/freeze on maintenance for:1h until:18:00', 'Leave one out'],
    ['/freeze on nights every:"weekday 18:00 to 08:00" zone:Mars/Base', 'no time zone “Mars/Base”'],
    ['/freeze on nights every:"now and then"', 'Write it like'],
    ['/freeze on nights every:"weekday 18:00 to 08:00" for:1h', 'until:'],
    ['/freeze on all of it everything on:api', 'do not go together'],
    ['/freeze on a slip on:api/prod env:staging', 'is not in staging'],
    ['/freeze on tiers tier:1', 'tier: is what an environment is for'],
    ['/freeze on nights zone:Europe/Berlin', 'zone: goes with every:'],
    ['/freeze on the move untill:18:00', 'looks like until:'],
    ['/freeze on the move fro:20:00 for:1h', 'looks like'],
    ['/freeze on the move onn:api/prod', 'looks like on:'],
    ['/freeze on nothing on:web/prod except:web/prod', 'except: leaves nothing of web/prod to freeze'],
    ['/freeze on nothing on:web/prod/eks except:web', 'except: leaves nothing of web/prod/eks'],
    ['/freeze on nothing on:shop-eu-* except:shop-*', 'except: leaves nothing of shop-eu-*'],
    ['/freeze on nothing env:prod,staging except:*/prod,*/staging', 'except: leaves nothing of everything'],
  ])('%s is refused with what to do', async (line, why) => {
    const desk = await openDesk(engine);
    const said = await desk.say('ana', line);
    expect(said.accepted).toBe(false);
    expect(said.text).toContain(why);
    expect(await desk.db.read.freeze.count()).toBe(0);
  });

  test('everything, and more than a week, is asked for once', async () => {
    const desk = await openDesk(engine);
    expect((await desk.say('ana', '/freeze on the end everything')).text).toContain('anyway');
    expect((await desk.say('ana', '/freeze on the move for:10d')).text).toContain('anyway');
    expect((await desk.say('ana', '/freeze on the end everything anyway')).text).toContain(
      'FRZ-1 freezes everything',
    );
    expect((await desk.say('ana', '/freeze on the move for:10d anyway')).accepted).toBe(true);
  });

  test.each([
    'daily 00:00 to 24:00',
    'day 00:00 to 00:00',
    'Monday 00:00 to Monday 00:00',
    'day 18:00 to 18:00',
  ])('“%s” never ends, so its last day is asked for', async (every) => {
    const desk = await openDesk(engine);
    for (const more of ['', ' anyway', ' soft']) {
      const said = await desk.say('ana', `/freeze on the summer every:"${every}" zone:UTC${more}`);
      expect([said.accepted, said.text]).toEqual([false, expect.stringContaining('until:"20 Dec"')]);
    }
    const short = `/freeze on the summer every:"${every}" zone:UTC until:"14 Mar"`;
    expect((await desk.say('ana', short)).accepted).toBe(true);
    const long = `/freeze on the year every:"${every}" zone:UTC until:"20 Dec" on:api/prod`;
    expect((await desk.say('ana', long)).text).toMatch(/^That is .* without a pause, until .* anyway/);
    expect((await desk.say('ana', `${long} anyway`)).accepted).toBe(true);
  });

  test('the same once more within two minutes is asked first; the same request is the same freeze', async () => {
    const desk = await openDesk(engine);
    const ask = { requestId: 'trigger/1' };
    await desk.say('ana', '/freeze on rebuilding on:api/prod', ask);
    expect((await desk.say('ana', '/freeze on rebuilding on:api/prod', ask)).text).toContain('FRZ-1 freezes');
    const again = await desk.say('ana', '/freeze on rebuild on:api/prod for:1h');
    expect(again.accepted).toBe(false);
    expect(again.text).toContain('a moment ago: FRZ-1');
    expect((await desk.say('bob', '/freeze on rebuilding on:api/prod')).accepted).toBe(true);
    expect(await desk.db.read.freeze.count()).toBe(2);
  });

  test('a word of the reason that is no key stays in it', async () => {
    const desk = await openDesk(engine);
    for (const reason of ['see https://example.com/x', 'the plan: all of it', 'at 12:30 it moves', 'note:x'])
      expect((await desk.say('ana', `/freeze on ${reason} on:api/prod for:1h`, {})).text).toMatch(/FRZ-\d/);
    expect((await desk.say('bob', '/freeze on the untill:18:00 job anyway')).accepted).toBe(true);
  });

  test('what goes on is left out, as long as something is frozen', async () => {
    const desk = await openDesk(engine);
    const lines = [
      ['on:web/prod,api/prod except:web/prod', 'FRZ-1 freezes web/prod and api/prod, except web/prod'],
      ['env:prod except:web/prod', 'FRZ-2 freezes everything in prod, except web/prod'],
      ['on:web except:web/prod', 'FRZ-3 freezes web, except web/prod'],
    ] as const;
    for (const [words, says] of lines)
      expect((await desk.say('ana', `/freeze on the audit ${words}`)).text).toContain(says);
  });

  test('everything by another name is asked for once too', async () => {
    const desk = await openDesk(engine);
    for (const words of ['on:*', 'on:*/*/*', 'on:api/prod,*', 'env:*'])
      expect((await desk.say('ana', `/freeze on the end ${words}`)).text).toContain('stops every change');
    expect((await desk.say('ana', '/freeze on the end on:* anyway')).accepted).toBe(true);
  });

  test('of another time it is another freeze, and a rule is not made longer by hours', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on Xmas every:"20 Dec to 2 Jan" anyway');
    expect((await desk.say('ana', '/freeze on the release until:"18:00 UTC"')).accepted).toBe(true);
    expect((await desk.say('ana', '/freeze on the next from:"19:00 UTC" for:1h')).accepted).toBe(true);
    const again = await desk.say('ana', '/freeze on Christmas every:"20 Dec to 2 Jan"');
    expect(again.text).toContain('a moment ago: FRZ-1');
    expect(again.text).not.toContain('for:1h');
    const longer = await desk.say('ana', '/freeze on the release until:"18:30 UTC"');
    expect(longer.text).toContain('/freeze extend FRZ-2 for:1h');
  });

  test('a lift ends it at once, by anybody, and no other freeze with it', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on first on:api/prod for:2h');
    await desk.say('ana', '/freeze on second on:web/prod for:4h');
    const which = await desk.say('bob', '/freeze lift all is well');
    expect(which.accepted).toBe(false);
    expect(which.text).toContain('/freeze lift FRZ-2');
    const lifted = await desk.say('bob', '/freeze lift FRZ-1 all is well');
    expect(lifted.text).toContain('FRZ-1 is lifted');
    expect(lifted.text).toContain('Ana, whose it is, is told');
    expect(lifted.text).toContain('Still on: FRZ-2');
    expect(await freeze(desk, 1)).toMatchObject({
      liftedByName: 'Bob',
      liftText: 'all is well',
      overAt: desk.now,
    });
    expect(await freeze(desk, 2)).toMatchObject({ liftedAt: null });
    expect((await desk.say('ana', '/freeze lift FRZ-1')).text).toContain('lifted already, by Bob');
    expect((await desk.say('ana', '/freeze lift')).text).toContain('FRZ-2 is lifted');
    expect((await desk.say('ana', '/freeze lift')).text).toContain('Nothing is frozen');
  });

  test('another end counts from the one it has, later or sooner, and a rule gets a last day', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on first on:api/prod for:2h');
    const later = await desk.say('ana', '/freeze extend FRZ-1 for:1h');
    expect(later.text).toContain('ends 10 Mar 2026 14:45 CET (13:45 UTC), later');
    expect((await freeze(desk))?.overAt).toEqual(new Date('2026-03-10T13:45:00Z'));
    expect((await desk.say('bob', '/freeze extend FRZ-1 until:"12:00 UTC"')).text).toContain('sooner');
    expect((await desk.say('ana', '/freeze extend FRZ-1')).text).toContain('/freeze extend FRZ-1 for:1h');
    expect((await desk.say('ana', '/freeze extend FRZ-1 for:200d')).text).toContain('better a rule');
    await desk.say('ana', '/freeze on nights every:weekday 18:00 to 08:00 zone:UTC');
    expect((await desk.say('ana', '/freeze extend FRZ-2 for:1h')).text).toContain('say its last day');
    await desk.say('ana', '/freeze extend FRZ-2 until:"20 Mar 2026"');
    expect((await freeze(desk, 2))?.overAt).toEqual(new Date('2026-03-21T08:00:00Z'));
  });

  test('of two who freeze at once each gets a number of their own', async () => {
    const desk = await openDesk(engine);
    const lines = ['one', 'two', 'three', 'four'].map((word) => `/freeze on number ${word} on:${word}/prod`);
    const said = await Promise.all(lines.map((line) => desk.say('ana', line)));
    expect(said.every((each) => each.accepted)).toBe(true);
    const rows = await desk.db.read.freeze.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((each) => each.number)).toEqual([1, 2, 3, 4]);
  });
});

function freeze(desk: Desk, number?: number) {
  return desk.db.read.freeze.findFirst({
    ...(number === undefined ? {} : { where: { number } }),
    orderBy: { number: 'desc' },
  });
}
