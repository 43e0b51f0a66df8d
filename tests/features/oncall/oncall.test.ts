// Being on call: shifts, schedules, escalations and ways, as people say them and as a page finds them.
import { describe, expect, test } from 'vitest';
import type { Tx } from '../../../src/db/tx.js';
import {
  emptyLevels,
  escalationFor,
  onlyBySlack,
  reachedBy,
  recordFeed,
  type Target,
  unheardOf,
} from '../../../src/features/oncall/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';

async function accepted(desk: Desk, line: string, person: PersonName = 'ana'): Promise<string> {
  const said = await desk.say(person, line);
  expect(said.accepted, `${line}: ${said.text}`).toBe(true);
  return said.text;
}

async function refused(desk: Desk, line: string, person: PersonName = 'ana'): Promise<string> {
  const said = await desk.say(person, line);
  expect(said.accepted, `${line}: ${said.text}`).toBe(false);
  expect(said.text.split('\n').length).toBeLessThanOrEqual(12);
  return said.text;
}

const tx = (desk: Desk): Tx => desk.db.of(desk.workspace.id).read;

async function known(desk: Desk): Promise<void> {
  for (const { id, name } of Object.values(people))
    await desk.db.write((all) =>
      all.person.create({ data: { workspaceId: desk.workspace.id, id, name, seenAt: desk.now } }),
    );
}

async function called(desk: Desk, target: Partial<Target>, level = 0) {
  const whole = { kind: 'default', id: null, name: 'default', ...target } as Target;
  const found = await escalationFor(tx(desk), desk.workspace.id, whole);
  const at = found?.levels[level];
  if (!found || !at) return null;
  const { recipients, empty } = await reachedBy(tx(desk), desk.workspace.id, at, desk.now);
  const shown = recipients.map(
    (it) => `${it.name}: ${it.ways.map((way) => `${way.path} ${way.address}`).join(', ')}`,
  );
  return { of: found.of, shown, empty };
}

const pagerRow = (desk: Desk, name: string) => ({
  ...{ id: `pager-${name}`, workspaceId: desk.workspace.id, kind: 'webhook', name },
  ...{ url: 'https://x.example', sealed: '', createdAt: desk.now },
});

function feed(desk: Desk, shifts: { name: string; id?: string; mail?: string; from: string; to: string }[]) {
  return desk.execute(
    recordFeed.given({
      schedule: 'primary',
      url: 'https://cal.example/x.ics',
      problems: [],
      shifts: shifts.map(({ name, id, mail, from, to }) => ({
        ...{ userId: id ?? null, userName: name, mail: mail ?? null },
        ...{ startsAt: new Date(`2026-03-10T${from}:00Z`), endsAt: new Date(`2026-03-10T${to}:00Z`) },
      })),
    }),
    desk.ask(),
  );
}

describe.each(engines)('on %s', (engine) => {
  test('a shift that somebody enters is found by pages, ends by itself, and can be taken back', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'schedule primary zone:europe/berlin');
    const said = await accepted(desk, 'duty primary @bob for:8h');
    expect(said).toContain(
      'Bob is on call by the schedule primary from now until 10 Mar 2026 19:45 CET (18:45 UTC)',
    );
    expect(said).toContain('Bob is reached only by Slack');
    await accepted(desk, 'escalation default schedule:primary 5m');
    expect(await called(desk, {})).toEqual({ of: 'the default', shown: ['Bob: slack U0BOB'], empty: [] });
    const shown = await accepted(desk, 'oncall PRIMARY', 'eve');
    expect(shown).toContain('Bob until 10 Mar 2026 18:45 UTC, entered; reached by Slack only');
    desk.at('18:45');
    expect((await called(desk, {}))?.shown).toEqual([]);
    expect((await called(desk, {}))?.empty[0]).toContain(
      "the schedule primary: nobody is on call since 10 Mar 2026 19:45 CET (18:45 UTC), when Bob's shift ended",
    );
    await accepted(desk, 'duty primary me until:23:00');
    await accepted(desk, 'relieve primary @ana');
    expect((await called(desk, {}))?.shown).toEqual([]);
    expect(await refused(desk, 'relieve primary @ana')).toContain('/incident duty primary @user for:8h');
  });

  test('what relieve takes out is named, with how it is entered again; a shift of many months is remarked on', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'schedule primary zone:Europe/Berlin');
    expect(await accepted(desk, 'duty primary @bob for:8h')).not.toContain('That is');
    await accepted(desk, 'duty primary @bob from:"2026-03-28 22:00" until:"2026-03-29 06:00"');
    const told = await accepted(desk, 'relieve primary @bob');
    expect(told).toContain('Bob is relieved of 2 shifts that were entered in the schedule primary:');
    expect(told).toContain('ends now, and not 10 Mar 2026 19:45 CET (18:45 UTC)');
    const away = '28 Mar 2026 22:00 CET (21:00 UTC) until 29 Mar 2026 06:00 CEST (04:00 UTC)';
    expect(told).toContain(`taken out: ${away}`);
    const again = 'duty primary @Bob from:"2026-03-28 22:00 CET" until:"2026-03-29 06:00 CEST"';
    expect(told).toContain(`To enter one again: /incident ${again}`);
    expect(await accepted(desk, again)).toContain('from 28 Mar 2026 22:00 CET (21:00 UTC) until 29 Mar 2026');
    for (const day of [10, 11, 12, 13, 14, 15])
      await accepted(desk, `duty primary @bob from:"2026-04-${day} 09:00" for:2h`);
    const many = await accepted(desk, 'relieve primary @bob');
    expect(many).toContain('of 7 shifts');
    expect(many).toContain('and 2 more.');
    expect(many.split('\n').length).toBeLessThanOrEqual(12);
    const long = await accepted(desk, 'duty primary @eve for:400d');
    expect(long).toContain('That is 13 months, until 14 Apr 2027 12:45 CEST (10:45 UTC).');
    expect(long).toContain('Meant shorter? /incident relieve primary @Eve takes it out');
  });

  test('what is entered goes before a calendar, and those who share a shift are both called', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'schedule primary url:https://cal.example/x.ics');
    await accepted(desk, 'escalation default schedule:primary,@ana 5m then @eve 10m repeat:30m');
    await feed(desk, [
      { name: 'Ana', id: 'U0ANA', mail: 'ana@example.com', from: '08:00', to: '12:00' },
      { name: 'Zoe', mail: 'zoe@example.com', from: '10:00', to: '12:00' },
    ]);
    // Ana is named and on call: once. Zoe is known to the calendar alone.
    expect((await called(desk, {}))?.shown).toEqual([
      'Ana: slack U0ANA, mail ana@example.com',
      'Zoe: mail zoe@example.com',
    ]);
    expect(await accepted(desk, 'oncall primary')).toContain('Nobody of this name is known in Slack');
    await desk.db.write((all) =>
      all.person.createMany({
        data: ['U1', 'U2'].map((id) => ({
          workspaceId: desk.workspace.id,
          id,
          name: 'zoe',
          seenAt: desk.now,
        })),
      }),
    );
    expect(await accepted(desk, 'oncall primary')).toContain('More than one person in Slack has this name');
    await accepted(desk, 'duty primary @bob for:30m');
    expect((await called(desk, {}))?.shown).toEqual([
      'Bob: slack U0BOB',
      'Ana: slack U0ANA, mail ana@example.com',
    ]);
    desk.at('11:15');
    expect((await called(desk, {}))?.shown).toHaveLength(2);
  });

  test('who is called: the service’s escalation, its team’s, its owners and then the default, or nobody', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    const api = { kind: 'service', name: 'API' } as const;
    expect(await called(desk, api)).toBeNull();
    await accepted(desk, '/change service api owner:@ana,@bob team:Platform');
    expect(await called(desk, api)).toMatchObject({
      of: 'the owners of the service API',
      shown: ['Ana: slack U0ANA', 'Bob: slack U0BOB'],
    });
    await accepted(desk, 'escalation default @eve 5m');
    expect((await called(desk, { kind: 'service', name: 'nobody' }))?.of).toBe('the default');
    expect(await called(desk, api, 1)).toMatchObject({
      of: 'the owners of the service API, then the default',
      shown: ['Eve: slack U0EVE'],
    });
    await accepted(desk, 'escalation team:platform @bob 5m');
    expect((await called(desk, api))?.of).toBe('the team Platform');
    expect((await called(desk, { kind: 'team', name: 'PLATFORM' }))?.of).toBe('the team Platform');
    await accepted(desk, 'escalation Api @eve 5m then @bob 15m');
    expect(await called(desk, api, 1)).toMatchObject({ of: 'the service api', shown: ['Bob: slack U0BOB'] });
    expect(await accepted(desk, 'oncall api')).toContain('1. Eve, reached by Slack only');
    expect(await called(desk, { kind: 'person', id: 'U0EVE', name: 'Eve' })).toMatchObject({
      of: 'Eve alone',
    });
    await accepted(desk, 'escalation api none');
    expect((await called(desk, api))?.of).toBe('the team Platform');
  });

  test('a pager is called by its name, and one that was revoked is said to be missing', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    expect(await refused(desk, 'escalation default pager:pd')).toContain('andon pager create');
    await desk.db.write((all) => all.pager.create({ data: pagerRow(desk, 'pd') }));
    await accepted(desk, 'escalation default @ana,pager:PD 5m');
    expect((await called(desk, {}))?.shown).toEqual(['Ana: slack U0ANA', 'pd: webhook pd']);
    await desk.db.write((all) => all.pager.updateMany({ data: { revokedAt: desk.now } }));
    expect((await called(desk, {}))?.empty).toEqual(['the pager pd, which is not set up']);
  });

  test('an address that somebody gives is a way to them; a test letter goes there', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    expect(await refused(desk, 'contact')).toContain('/incident contact mail:name@example.com');
    expect(await refused(desk, 'contact test')).toContain('You have no address yet');
    expect(await refused(desk, 'contact mail:ana')).toContain('is no address');
    expect(await refused(desk, 'contact mail:"a@b.c,d@e.f"')).toContain('is no address');
    await accepted(desk, 'contact mail:ana@example.com');
    expect(await refused(desk, 'contact mail:ana@example.com')).toContain('already');
    await accepted(desk, 'contact test');
    const [job] = await desk.db.read.job.findMany({ where: { kind: 'mail' } });
    expect(job?.payload).toMatchObject({ to: 'ana@example.com', tested: { id: 'U0ANA', name: 'Ana' } });
    await accepted(desk, 'escalation default @ana 5m');
    expect((await called(desk, {}))?.shown).toEqual(['Ana: slack U0ANA, mail ana@example.com']);
    expect(await accepted(desk, 'contact mail:none')).toContain('reached only by Slack');
  });

  test('a calendar is read when it is set and every half hour, and only news are recorded', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'schedule primary url:webcal://cal.example/x.ics');
    const reads = () => desk.db.read.job.count({ where: { kind: 'readFeed' } });
    expect(await reads()).toBe(1);
    await desk.db.write((all) => all.job.updateMany({ data: { state: 'done' } }));
    desk.at('11:14');
    await desk.turn();
    expect(await reads()).toBe(1);
    desk.at('11:15');
    await desk.turn();
    expect(await reads()).toBe(2);
    const facts = () => desk.db.read.fact.count({ where: { type: 'FeedRead' } });
    const shift = { name: 'Ana', id: 'U0ANA', from: '08:00', to: '12:00' };
    await feed(desk, [shift]);
    expect((await feed(desk, [shift])).accepted).toBe(false);
    expect(await facts()).toBe(1);
    await feed(desk, [{ ...shift, to: '13:00' }]);
    expect(await facts()).toBe(2);
    // Of another calendar nothing is known yet.
    await accepted(desk, 'schedule primary url:https://cal.example/y.ics');
    expect(await desk.db.read.shift.count()).toBe(0);
    expect((await feed(desk, [shift])).accepted).toBe(false);
    await accepted(desk, 'schedule primary url:none');
    desk.at('12:00');
    await desk.turn();
    expect(await desk.db.read.due.count({ where: { key: 'oncall/feeds' } })).toBe(0);
  });

  test('andon doctor names those whom only Slack reaches', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    const look = (letters = true) => onlyBySlack(tx(desk), desk.workspace.id, desk.now, letters);
    expect(await look()).toMatchObject({ outcome: 'ok' });
    await accepted(desk, 'schedule primary');
    await accepted(desk, 'duty primary @bob for:8h');
    await accepted(desk, 'escalation default schedule:primary,@ana 5m');
    expect(await look()).toMatchObject({ outcome: 'warn', said: expect.stringContaining('Ana, Bob') });
    await accepted(desk, 'contact mail:bob@example.com', 'bob');
    await accepted(desk, 'contact mail:ana@example.com');
    expect(await look()).toMatchObject({ outcome: 'ok' });
    expect(await look(false)).toMatchObject({ outcome: 'warn', mend: expect.stringContaining('SMTP_URL') });
  });

  test('andon doctor counts the owners of services, and names levels that call nobody now', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    const look = () => onlyBySlack(tx(desk), desk.workspace.id, desk.now, true);
    const empty = () => emptyLevels(tx(desk), desk.workspace.id, desk.now);
    await accepted(desk, 'contact mail:ana@example.com');
    await accepted(desk, 'schedule primary');
    await accepted(desk, 'escalation default schedule:primary 5m then @ana 10m');
    expect(await look()).toMatchObject({ outcome: 'ok', said: expect.stringContaining('1 can be called') });
    const [level] = await empty();
    expect(level?.said).toContain(
      'Nobody is called now by level 1 of the escalation of the default (the schedule primary: nobody',
    );
    await accepted(desk, 'duty primary @ana for:8h');
    expect(await empty()).toEqual([]);
    await accepted(desk, '/change service db owner:@bob team:Data');
    expect(await look()).toMatchObject({ outcome: 'warn', said: expect.stringContaining('reaches Bob:') });
    // Its own escalation calls others, but a page for the team still calls its owners.
    await accepted(desk, 'escalation db @ana 5m');
    expect(await look()).toMatchObject({ outcome: 'warn', said: expect.stringContaining('Bob') });
    await accepted(desk, 'escalation team:Data @ana 5m');
    expect(await look()).toMatchObject({ outcome: 'ok' });
  });

  test('times of shifts carry no seconds', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    desk.now = new Date('2026-03-10T10:45:41Z');
    await accepted(desk, 'schedule primary');
    expect(await accepted(desk, 'duty primary @bob for:1h')).toContain(
      'until 10 Mar 2026 12:45 CET (11:45 UTC)',
    );
    await accepted(desk, 'escalation default schedule:primary 5m');
    desk.at('12:00');
    expect((await called(desk, {}))?.empty[0]).toContain('since 10 Mar 2026 11:45 UTC, when');
  });

  test('an id of which nobody has heard is taken, and remarked on', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    const said = await accepted(desk, 'escalation default <@U012AB3CD>,<@U0BOB> 5m');
    expect(said).toContain('Nobody with the id U012AB3CD is known yet');
    expect(await unheardOf(tx(desk), desk.workspace.id, desk.now)).toEqual(['U012AB3CD']);
    expect(await accepted(desk, 'escalation default @bob 5m')).not.toContain('Nobody with the id');
  });

  test('a schedule that runs out is said a day before and at its end, once each', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'schedule primary');
    await accepted(desk, 'schedule unused');
    await accepted(desk, 'escalation default schedule:primary 5m');
    await accepted(desk, 'duty primary @bob for:72h');
    await accepted(desk, 'duty unused @bob for:72h');
    const began = desk.now.getTime();
    const said = async () =>
      (
        await desk.db.read.fact.findMany({ where: { type: 'ScheduleEnds' }, orderBy: { version: 'asc' } })
      ).map(({ recordedAt, data }) => [
        Math.round((recordedAt.getTime() - began) / 3_600_000),
        (data as { schedule: string }).schedule,
        (data as { which: string }).which,
      ]);
    for (let hour = 0; hour <= 96; hour += 1) {
      desk.now = new Date(began + hour * 3_600_000 + 2_000);
      await desk.turn();
    }
    expect(await said()).toEqual([
      [48, 'primary', 'soon'],
      [72, 'primary', 'over'],
    ]);
    // Of the next hours whoever enters them knows; their end is said.
    await accepted(desk, 'duty primary @bob for:8h');
    for (let hour = 97; hour <= 110; hour += 1) {
      desk.now = new Date(began + hour * 3_600_000 + 2_000);
      await desk.turn();
    }
    expect((await said()).slice(2)).toEqual([[104, 'primary', 'over']]);
  });

  test('taking the default away says that nobody is called from now on', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    await accepted(desk, 'escalation default @ana 5m');
    expect(await accepted(desk, 'escalation default none')).toContain('call nobody');
  });

  test('refusals say what to do next', async () => {
    const desk = await openDesk(engine);
    await known(desk);
    expect(await refused(desk, 'duty primary @ana for:8h')).toContain('/incident schedule primary');
    expect(await refused(desk, 'schedule primary zone:Mars/Base')).toContain('zone:Europe/Berlin');
    expect(await refused(desk, 'schedule primary url:http://cal.example/x.ics')).toContain('plain');
    expect(await refused(desk, 'schedule primary url:http://localhost:8080/x.ics')).toContain('plain');
    expect(await refused(desk, 'schedule primary url:ftp://cal.example/x.ics')).toContain('https://');
    await accepted(desk, 'schedule primary url:http://cal.example/x.ics plain');
    await accepted(desk, 'schedule second');
    expect(await refused(desk, 'duty second @ana')).toContain('for:8h');
    expect(await refused(desk, 'duty second @ana from:18:00 until:17:00 for:1h')).toContain('not both');
    expect(await refused(desk, 'escalation default @nobody 5m')).toContain('@nobody');
    expect(await refused(desk, 'escalation default nothing 5m')).toContain('There is no schedule “nothing”');
    expect(await refused(desk, 'escalation nothing @ana 5m')).toContain(
      '/incident escalation default LEVELS',
    );
    expect(await refused(desk, 'escalation default @ana 0m')).toContain('one minute');
    await accepted(desk, 'escalation default second 5m');
    expect(await refused(desk, 'unschedule second')).toContain('the default');
    await accepted(desk, 'unschedule primary');
    expect(await accepted(desk, 'oncall')).toContain('second: nobody');
    expect(await accepted(desk, 'oncall whatever')).toContain('No schedule, service or team');
  });
});
