// The digest: once a morning, of what changes today and tomorrow, and nothing where nothing does.
import { expect, test } from 'vitest';
import { keepFirst } from '../../../src/db/due.js';
import { digestFeature, firstDigest } from '../../../src/features/digest/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { keepChanges } from '../insights/ledger.js';

/** A desk at nine in the evening before, with the digest planned. */
async function evening(engine: 'sqlite' | 'postgresql'): Promise<Desk> {
  const desk = await openDesk(engine);
  desk.now = new Date('2026-03-09T21:00:00Z');
  await plan(desk);
  return desk;
}

async function plan(desk: Desk): Promise<void> {
  const first = await firstDigest(desk.db.read, desk.workspace.id, desk.now);
  if (first) await desk.db.write((tx) => keepFirst(tx, desk.workspace.id, first));
}

async function made(desk: Desk): Promise<{ date: string; outcome: string }[]> {
  const facts = await desk.db.read.fact.findMany({
    where: { type: 'DigestMade' },
    orderBy: { position: 'asc' },
  });
  return facts.map(({ data }) => {
    const { date, outcome } = data as { date: string; outcome: string };
    return { date, outcome };
  });
}

/** What the channel of changes is shown, for each digest that was said. */
async function shown(desk: Desk): Promise<string[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'show' }, orderBy: { madeAt: 'asc' } });
  const texts: string[] = [];
  for (const { payload } of jobs) {
    const { view, about } = payload as { view: string; about: string };
    const workspace = await desk.db.read.workspace.findUniqueOrThrow({ where: { id: desk.workspace.id } });
    const drawn =
      view === 'digest' ? await digestFeature.views?.digest?.(desk.db.read, about, workspace) : null;
    if (drawn) texts.push(drawn.text);
  }
  return texts;
}

async function at(desk: Desk, time: string): Promise<void> {
  desk.now = new Date(time);
  await desk.turn();
}

const planned = { state: 'planned', cover: 'none' };

test.each(engines)('%s: a morning, with all that there is to know', async (engine) => {
  const desk = await evening(engine);
  await keepChanges(desk, [
    {
      ...{ state: 'started', title: 'migrate the ledger', kind: 'migration', cover: 'given' },
      ...{ startedAt: new Date('2026-03-10T05:20:00Z'), plannedEnd: new Date('2026-03-10T07:30:00Z') },
    },
    { ...planned, title: 'a night too early', plannedStart: new Date('2026-03-10T02:00:00Z') },
    {
      ...planned,
      title: 'upgrade the control plane',
      kind: 'upgrade',
      plannedStart: new Date('2026-03-10T18:00:00Z'),
      on: ['k8s/prod/eks'],
    },
    { ...planned, title: 'tomorrow’s deploy', plannedStart: new Date('2026-03-11T09:00:00Z') },
    { ...planned, title: 'the day after', plannedStart: new Date('2026-03-12T00:00:00Z') },
    {
      state: 'validating',
      title: 'the new proxy',
      kind: 'infrastructure',
      cover: 'given',
      startedAt: new Date('2026-03-09T20:00:00Z'),
    },
    { ...planned, title: 'only a test', production: false, plannedStart: new Date('2026-03-10T10:00:00Z') },
  ]);
  await at(desk, '2026-03-10T08:29:59Z');
  expect(await made(desk)).toEqual([]);
  await at(desk, '2026-03-10T08:30:00Z');
  expect(await made(desk)).toEqual([{ date: '2026-03-10', outcome: 'said' }]);
  const [text = '', ...more] = await shown(desk);
  expect(more).toEqual([]);
  expect(text).toContain('What changes in production, Tuesday 10 March (UTC)');
  expect(text).toMatch(/migrate the ledger · api\/prod · Ana · for 3h 10m, overdue by 1h/);
  expect(text).toMatch(/a night too early.*should have begun/);
  expect(text).toMatch(/upgrade the control plane · k8s\/prod\/eks · Ana · <!date/);
  expect(text).toContain('Waiting for validation\n• ');
  expect(text).toMatch(/Nobody covers: CHG-\d+\. \/change cover CHG-\d+ says that you will\./);
  expect(text).not.toMatch(/the day after|only a test/);
});

test.each(engines)('%s: where much is planned, a phone screen, and where the rest is', async (engine) => {
  const desk = await evening(engine);
  const title = `${'a very long title '.repeat(10)}<!channel> *bold* <https://evil.example|x>`;
  const rows = (state: string, plannedStart: Date) =>
    Array.from({ length: 30 }, () => ({
      ...planned,
      state,
      title,
      plannedStart,
      kind: 'upgrade',
      startsAt: plannedStart,
    }));
  await keepChanges(desk, [
    ...rows('started', new Date('2026-03-10T01:00:00Z')),
    ...rows('planned', new Date('2026-03-10T12:00:00Z')),
    ...rows('planned', new Date('2026-03-11T12:00:00Z')),
    ...rows('validating', new Date('2026-03-10T01:00:00Z')),
  ]);
  await at(desk, '2026-03-10T08:30:00Z');
  const [text = ''] = await shown(desk);
  expect(text).toContain('27 more: /change list today');
  expect(text).toContain('and 86 more');
  expect(text.split('\n').length).toBeLessThanOrEqual(22);
  expect(text.length).toBeLessThan(2_500);
  expect(text).not.toMatch(/<!channel|<https/);
});

test.each(engines)(
  '%s: a morning with nothing is no message, and the next one is planned',
  async (engine) => {
    const desk = await evening(engine);
    await at(desk, '2026-03-10T08:30:00Z');
    expect(await made(desk)).toEqual([{ date: '2026-03-10', outcome: 'nothing' }]);
    expect(await shown(desk)).toEqual([]);
    await keepChanges(desk, [{ ...planned, plannedStart: new Date('2026-03-11T12:00:00Z') }]);
    await at(desk, '2026-03-11T08:30:00Z');
    expect((await made(desk)).map(({ outcome }) => outcome)).toEqual(['nothing', 'said']);
  },
);

test.each(engines)(
  '%s: down in the morning, said once when it is back; back in the evening, not any more',
  async (engine) => {
    const desk = await evening(engine);
    await keepChanges(desk, [
      { ...planned, plannedStart: new Date('2026-03-10T12:00:00Z') },
      { ...planned, plannedStart: new Date('2026-03-11T12:00:00Z') },
      { ...planned, plannedStart: new Date('2026-03-14T12:00:00Z') },
    ]);
    await at(desk, '2026-03-10T11:00:00Z');
    // Started anew: what is planned stays.
    await plan(desk);
    await at(desk, '2026-03-10T11:01:00Z');
    expect(await made(desk)).toEqual([{ date: '2026-03-10', outcome: 'said' }]);
    await at(desk, '2026-03-11T20:00:00Z');
    expect((await made(desk)).at(-1)).toEqual({ date: '2026-03-11', outcome: 'passed' });
    // Down for two days, until a while after the third morning.
    await at(desk, '2026-03-14T08:45:00Z');
    expect((await made(desk)).at(-1)).toEqual({ date: '2026-03-14', outcome: 'said' });
    expect(await made(desk)).toHaveLength(3);
  },
);

test.each(engines)('%s: two replicas that decide at once say it once', async (engine) => {
  const desk = await evening(engine);
  await keepChanges(desk, [{ ...planned, plannedStart: new Date('2026-03-10T12:00:00Z') }]);
  desk.now = new Date('2026-03-10T08:30:00Z');
  const decide = digestFeature.automatic?.['digest.say'];
  if (!decide) throw new Error('nothing decides');
  const ask = (id: string) => desk.ask('ana', { requestId: id, source: 'automatic' });
  await Promise.all([
    desk.execute(decide(null), ask('due/digest/1')),
    desk.execute(decide(null), ask('due/digest/1')),
    // Not even where the request is another one.
    desk.execute(decide(null), ask('due/digest/2')),
  ]);
  expect((await made(desk)).map(({ outcome }) => outcome).sort()).toEqual(['passed', 'said']);
  expect(await shown(desk)).toHaveLength(1);
});

test.each(engines)(
  '%s: the zone and the time that hold in the morning are those that count',
  async (engine) => {
    const desk = await evening(engine);
    const { id } = desk.workspace;
    await keepChanges(desk, [{ ...planned, plannedStart: new Date('2026-03-11T12:00:00Z') }]);
    await desk.db.write((tx) => tx.workspace.update({ where: { id }, data: { zone: 'America/New_York' } }));
    await at(desk, '2026-03-10T08:30:00Z');
    expect(await made(desk)).toEqual([{ date: '2026-03-09', outcome: 'passed' }]);
    // Half past eight in New York.
    await at(desk, '2026-03-10T12:29:59Z');
    expect(await made(desk)).toHaveLength(1);
    await at(desk, '2026-03-10T12:30:00Z');
    expect((await made(desk)).at(-1)).toEqual({ date: '2026-03-10', outcome: 'said' });
    expect((await shown(desk))[0]).toContain('Tuesday 10 March (America/New_York)');
  },
);

test.each(engines)('%s: a team that wants none has none', async (engine) => {
  const desk = await openDesk(engine);
  const workspaceId = desk.workspace.id;
  await desk.db.write((tx) =>
    tx.teamSetting.create({ data: { workspaceId, supportPeople: [], checks: [], digestAt: null } }),
  );
  await plan(desk);
  expect(await desk.db.read.due.count()).toBe(0);
});

test.each(engines)(
  '%s: a time that the team sets holds from then on, and none until it sets one again',
  async (engine) => {
    const desk = await evening(engine);
    await keepChanges(desk, [{ ...planned, plannedStart: new Date('2026-03-12T12:00:00Z') }]);
    const set = async (clock: string) => {
      const { accepted, text } = await desk.say('ana', `/change digest ${clock}`);
      expect(accepted, text).toBe(true);
      await desk.turn();
    };
    await set('off');
    await at(desk, '2026-03-11T08:30:00Z');
    expect(await shown(desk)).toEqual([]);
    expect(await desk.db.read.due.count({ where: { key: 'digest' } })).toBe(0);
    desk.now = new Date('2026-03-11T09:00:00Z');
    await set('10:15');
    await at(desk, '2026-03-11T10:14:59Z');
    expect(await shown(desk)).toEqual([]);
    await at(desk, '2026-03-11T10:15:00Z');
    expect(await shown(desk)).toHaveLength(1);
    // Moved to a later hour of the same day: that day had its own.
    await set('11:00');
    await at(desk, '2026-03-11T11:00:00Z');
    expect(await shown(desk)).toHaveLength(1);
    await at(desk, '2026-03-12T11:00:00Z');
    expect(await shown(desk)).toHaveLength(2);
  },
);

test.each(engines)('%s: says what is frozen first, and alone where nothing changes', async (engine) => {
  const desk = await evening(engine);
  await desk.say('bob', '/freeze on the big sale on:shop/prod from:"10 Mar 12:00" until:"10 Mar 20:00"');
  await desk.say('bob', '/freeze on nights on:api/prod every:"every day 20:00 to 06:00" zone:UTC');
  await at(desk, '2026-03-10T08:30:00Z');
  const [text = ''] = await shown(desk);
  expect(text).toMatch(/Frozen[\s\S]*FRZ-1 shop\/prod, hard[\s\S]*the big sale[\s\S]*FRZ-2/);
  expect(text).toContain('Nothing is planned for today');
  await desk.say('bob', '/freeze lift FRZ-1');
  await at(desk, '2026-03-11T08:30:00Z');
  // What comes every night is no news.
  expect((await made(desk)).at(-1)).toEqual({ date: '2026-03-11', outcome: 'nothing' });
});
