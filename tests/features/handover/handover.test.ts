// Handing over: until it is accepted the old holder holds; whoever is asked knows what they take.
import { describe, expect, test } from 'vitest';
import { briefView, offerView } from '../../../src/features/handover/views.js';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';
import { refused, until } from '../../helpers/telling.js';

const title = 'declare writes are stuck sev:1 on:api/prod';

async function open(engine: 'sqlite' | 'postgresql', ...lines: string[]): Promise<Desk> {
  const desk = await openDesk(engine);
  for (const line of [title, 'role INC-1 commander me', ...lines]) await done(desk, line);
  return desk;
}

async function done(desk: Desk, line: string, person: PersonName = 'ana'): Promise<string> {
  const { accepted, text } = await desk.say(person, line);
  expect(accepted, `${line}: ${text}`).toBe(true);
  await desk.turn();
  return text;
}

const holder = async (desk: Desk, role = 'commander') =>
  (await desk.db.read.roleHolding.findFirst({ where: { role, until: null } }))?.userName;
const states = async (desk: Desk) =>
  (await desk.db.read.handover.findMany({ orderBy: { offeredAt: 'asc' } })).map((each) => [
    each.toName,
    each.state,
  ]);
const facts = async (desk: Desk, type: string) =>
  (await desk.db.read.fact.findMany({ where: { type }, orderBy: { position: 'asc' } })).map((each) => ({
    at: each.recordedAt.toISOString().slice(5, 16),
    ...(each.data as { level?: string; role: string; others?: { name: string }[]; hours?: number }),
  }));
const home = async (desk: Desk, person: PersonName) =>
  (await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person))).text;
async function offered(desk: Desk): Promise<string> {
  const { id } = await desk.db.read.handover.findFirstOrThrow({ orderBy: { offeredAt: 'desc' } });
  return (await offerView(desk.db.of(desk.workspace.id).read, id))?.text ?? '';
}

describe.each(engines)('%s', (engine) => {
  test('the old holder holds until the new one accepts, and then not a moment longer', async () => {
    const desk = await open(engine);
    expect(await done(desk, 'handover INC-1 commander @bob the vendor calls at 14:00')).toContain(
      'Until they accept, Ana holds it',
    );
    expect(await holder(desk)).toBe('Ana');
    expect(await home(desk, 'bob')).toMatch(
      /Waiting for you\nWill you take over commander of INC-1 from Ana/,
    );
    expect(await refused(desk, 'eve', 'accept INC-1 commander')).toContain('Bob was asked');
    desk.now = new Date('2026-03-10T10:50:00Z');
    expect(await done(desk, 'accept INC-1 commander', 'bob')).toContain('You are commander of INC-1 now');
    expect(await desk.db.read.roleHolding.findMany({ orderBy: { since: 'asc' } })).toMatchObject([
      { userName: 'Ana', until: desk.now },
      { userName: 'Bob', since: desk.now, until: null },
    ]);
    expect(await states(desk)).toEqual([['Bob', 'accepted']]);
    // What they were told stays: it is what they go by from now on.
    expect(await offered(desk)).toMatch(
      /^You took over commander of INC-1 from Ana\.\nthe vendor calls at 14:00\nINC-1 writes are stuck/,
    );
    expect((await desk.say('bob', 'brief INC-1')).text).toContain(
      'Ana to you, with commander: the vendor calls at 14:00',
    );
    expect((await desk.say('eve', 'brief INC-1')).text).not.toContain('14:00');
    expect(await home(desk, 'bob')).not.toContain('Will you take over');
    expect(await refused(desk, 'bob', 'accept INC-1 commander')).toContain(
      'You are commander of INC-1 already',
    );
    expect(await refused(desk, 'bob', 'decline INC-1 commander')).toContain('There is nothing to decline');
    expect(await refused(desk, 'bob', 'undo INC-1')).toContain('/incident handover commander @user');
  });

  test('whoever declines leaves it with the old holder, who may take the offer back too', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    expect(await refused(desk, 'eve', 'decline INC-1 commander')).toContain('Bob was asked, not you');
    expect(await done(desk, 'decline INC-1 commander I am on a train', 'bob')).toContain('Ana holds it');
    expect(await states(desk)).toEqual([['Bob', 'declined']]);
    expect(await holder(desk)).toBe('Ana');
    desk.now = new Date('2026-03-10T10:46:00Z');
    await done(desk, 'handover INC-1 commander @eve');
    expect(await done(desk, 'decline INC-1 commander')).toContain('Eve is no longer asked');
    expect(await states(desk)).toEqual([
      ['Bob', 'declined'],
      ['Eve', 'withdrawn'],
    ]);
    expect(await refused(desk, 'eve', 'accept INC-1 commander')).toContain('nothing to accept');
  });

  test('asking somebody else, giving the role or the end of the incident withdraws the offer', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    desk.now = new Date('2026-03-10T10:46:00Z');
    expect(await done(desk, 'handover INC-1 commander @eve')).toContain('Bob is no longer asked');
    await done(desk, 'role INC-1 commander @bob', 'eve');
    expect(await states(desk)).toEqual([
      ['Bob', 'withdrawn'],
      ['Eve', 'withdrawn'],
    ]);
    desk.now = new Date('2026-03-10T10:47:00Z');
    await done(desk, 'handover INC-1 commander @ana', 'bob');
    await done(desk, 'resolve INC-1');
    expect((await states(desk)).at(-1)).toEqual(['Ana', 'withdrawn']);
    expect(await refused(desk, 'ana', 'accept INC-1 commander')).toContain('Nothing was changed');
    expect(await refused(desk, 'bob', 'handover INC-1 commander @ana')).toContain('nothing to hand over');
  });

  test('an offer that is taken back at once is gone', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob', 'undo INC-1');
    expect(await states(desk)).toEqual([]);
    expect(await refused(desk, 'bob', 'accept INC-1 commander')).toContain('nothing to accept');
    // Whoever was asked before is not asked again by that.
    for (const line of ['handover INC-1 commander @bob', 'handover INC-1 commander @eve', 'undo INC-1'])
      await done(desk, line);
    expect(await states(desk)).toEqual([['Bob', 'withdrawn']]);
  });

  test('what makes no sense is refused with what to do', async () => {
    const desk = await open(engine);
    expect(await refused(desk, 'ana', 'handover INC-1 commander me')).toContain('already');
    expect(await refused(desk, 'bob', 'handover INC-1 commander me')).toContain(
      '/incident role INC-1 commander me',
    );
    expect(await refused(desk, 'ana', 'handover INC-1 scribe @bob')).toContain(
      '/incident role INC-1 scribe @user',
    );
    expect(await refused(desk, 'ana', 'handover INC-1 captain @bob')).toContain('There is no role “captain”');
    await desk.db.write((tx) =>
      tx.person.create({
        data: { ...people.eve, zone: 'UTC', workspaceId: desk.workspace.id, isBot: true, seenAt: desk.now },
      }),
    );
    expect(await refused(desk, 'ana', 'handover INC-1 commander @eve')).toContain('a person, who can answer');
  });

  test('a role of the workspace’s own is handed over as any other', async () => {
    const desk = await open(engine, 'define security-lead', 'role INC-1 security-lead me');
    await done(desk, 'handover INC-1 security-lead @bob');
    await done(desk, 'accept INC-1 security-lead', 'bob');
    expect(await holder(desk, 'security-lead')).toBe('Bob');
    expect(await holder(desk)).toBe('Ana');
  });

  test('two who accept at once: one holds it, the other is told who', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    const answers = await Promise.all([
      desk.say('bob', 'accept INC-1 commander'),
      desk.say('bob', 'accept INC-1 commander'),
      desk.say('eve', 'role INC-1 commander me'),
    ]);
    await desk.turn();
    expect(answers.slice(0, 2).filter(({ accepted }) => accepted).length).toBeLessThanOrEqual(1);
    const held = await desk.db.read.roleHolding.findMany({ where: { role: 'commander', until: null } });
    expect(held).toHaveLength(1);
    expect(await desk.db.read.fact.count({ where: { type: 'HandoverAccepted' } })).toBeLessThanOrEqual(1);
    expect(await desk.db.read.handover.count({ where: { state: 'offered' } })).toBe(0);
  });

  test('unanswered, those concerned are reminded once, and then the channel hears who still holds it', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    await until(desk, '2026-03-10T12:00Z');
    expect(await facts(desk, 'HandoverReminded')).toMatchObject([
      { at: '03-10T10:50', level: 'people' },
      { at: '03-10T11:00', level: 'channel' },
    ]);
    const last = { where: { kind: 'role' }, orderBy: { seq: 'desc' } } as const;
    const { text } = await desk.db.read.entry.findFirstOrThrow(last);
    expect(text).toBe('Bob has not answered whether they take over commander; Ana still holds it');
    // It is not lost: they may still answer.
    await done(desk, 'accept INC-1 commander', 'bob');
    expect(await holder(desk)).toBe('Bob');
  });

  test('whoever answers in time is not reminded', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    await done(desk, 'decline INC-1 commander', 'bob');
    await until(desk, '2026-03-10T12:00Z');
    expect(await facts(desk, 'HandoverReminded')).toEqual([]);
  });

  test('where the program slept, what was due is said when it wakes, once each', async () => {
    const desk = await open(engine, 'handover INC-1 commander @bob');
    desk.now = new Date('2026-03-10T11:30:00Z');
    await desk.turn();
    await desk.turn();
    expect((await facts(desk, 'HandoverReminded')).map(({ level }) => level)).toEqual(['people', 'channel']);
  });

  test('the brief says where it stands, on a telephone’s screen; what was ruled out is not in it', async () => {
    const desk = await open(
      engine,
      'status INC-1 identified a bad merge deleted the cluster',
      'role INC-1 operations @eve',
      ...[1, 2, 3, 4, 5].map((n) => `task INC-1 do the thing number ${n} owner:@eve due:"1${n}:30 UTC"`),
      'followup INC-1 alert on a full disk',
      'note INC-1 hypothesis: the disk is full',
      'note INC-1 hypothesis: the proxy',
      'note INC-1 decision: rebuild from the backup',
      'update INC-1 We are restoring the data. next:30m',
      'freeze INC-1 nothing leaves the line now',
    );
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'the proxy' } } });
    await done(desk, `strike INC-1 ${seq} it runs`);
    await done(desk, 'handover INC-1 commander @bob the vendor calls at 14:00');
    const text = await offered(desk);
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines[0]).toContain('Will you take over commander of INC-1 from Ana?');
    expect(text).toContain('the vendor calls at 14:00');
    expect(text).toContain('SEV1 · identified: a bad merge deleted the cluster');
    expect(text).toContain('Affected: api/prod (major outage)');
    expect(text).toContain('Roles: commander @Ana, operations @Eve');
    expect(text).toMatch(/We are restoring the data\..*next one due/);
    expect(text).toMatch(/To be done \(6\): T1 do the thing number 1 .*and 3 more/);
    expect(text).toMatch(/Open hypotheses: #\d+ the disk is full — Ana/);
    expect(text).not.toContain('the proxy');
    expect(text).toMatch(/Decided last: .*#\d+ rebuild from the backup/);
    expect(text).toMatch(/Frozen now: FRZ-1 \(hard, by its cord\) nothing leaves the line — Ana/);
    const whole = await done(desk, 'brief INC-1', 'bob');
    expect(whole).toContain('do the thing number 5');
  });

  test('an offer of a private incident says nothing but its number until it is accepted', async () => {
    const desk = await openDesk(engine);
    for (const line of ['declare the keys leaked private', 'role INC-1 commander me']) await done(desk, line);
    expect(await done(desk, 'handover INC-1 commander @bob the keys of the vault')).toContain(
      'They are no member',
    );
    const text = await offered(desk);
    expect(text).toContain('INC-1 is private');
    expect(text).not.toMatch(/keys|vault/);
    expect(await home(desk, 'bob')).not.toMatch(/keys|vault/);
    expect(await done(desk, 'brief INC-1', 'bob')).toContain('There is no INC-1');
    // Somebody who was not asked learns nothing, not even that there is an offer.
    expect(await refused(desk, 'eve', 'accept INC-1 commander')).toContain('There is no INC-1');
    await done(desk, 'accept INC-1 commander', 'bob');
    expect(await desk.db.read.member.count({ where: { userId: people.bob.id } })).toBe(1);
    expect(await done(desk, 'brief INC-1', 'bob')).toContain('the keys leaked');
    const shows = await desk.db.read.job.findMany({ where: { kind: 'show' } });
    expect(shows.map((job) => (job.payload as { view: string }).view)).toContain('handoverBrief');
    const { id } = await desk.db.read.handover.findFirstOrThrow();
    const read = desk.db.of(desk.workspace.id).read;
    expect((await briefView(read, id))?.text).toMatch(/^the keys of the vault\nINC-1 the keys leaked/);
    // Once: the offer itself only says that it was accepted.
    expect(await offered(desk)).toBe('You took over commander of INC-1 from Ana.');
  });

  test('whoever declines a private incident is no member of it', async () => {
    const desk = await openDesk(engine);
    for (const line of [
      'declare the keys leaked private',
      'role INC-1 commander me',
      'handover INC-1 commander @bob',
    ])
      await done(desk, line);
    await done(desk, 'decline INC-1 commander', 'bob');
    expect(await desk.db.read.member.count({ where: { userId: people.bob.id } })).toBe(0);
    expect(await done(desk, 'brief INC-1', 'bob')).toContain('There is no INC-1');
    expect(await refused(desk, 'bob', 'accept INC-1 commander')).toContain('There is no INC-1');
  });

  test('after a shift the holder is told who else is there, again every three hours, unless they go on', async () => {
    const desk = await open(engine, 'role INC-1 operations @bob');
    await until(desk, '2026-03-10T14:00Z');
    await done(desk, 'note INC-1 the queue drains', 'eve');
    await until(desk, '2026-03-10T20:00Z');
    const told = (await facts(desk, 'RoleHeldLong')).filter(({ role }) => role === 'commander');
    expect(told).toMatchObject([
      { at: '03-10T16:45', hours: 6, others: [{ name: 'Bob' }, { name: 'Eve' }] },
      { at: '03-10T19:45', hours: 9 },
    ]);
    expect(await done(desk, 'stay INC-1 commander')).toContain('/incident handover INC-1 commander @user');
    expect(await refused(desk, 'eve', 'stay INC-1')).toContain('You hold no role');
    await until(desk, '2026-03-11T01:59Z');
    expect((await facts(desk, 'RoleHeldLong')).filter(({ role }) => role === 'commander')).toHaveLength(2);
    await until(desk, '2026-03-11T02:00Z');
    expect((await facts(desk, 'RoleHeldLong')).filter(({ role }) => role === 'commander')).toHaveLength(3);
    await done(desk, 'resolve INC-1');
    await until(desk, '2026-03-12T12:00Z');
    expect((await facts(desk, 'RoleHeldLong')).filter(({ role }) => role === 'commander')).toHaveLength(3);
  });

  test('a lesser incident tires later, a new holder begins anew, and a drill tires nobody', async () => {
    const desk = await open(engine, 'severity INC-1 3');
    await done(desk, 'declare a drill of it drill');
    await done(desk, 'role INC-2 commander me');
    await until(desk, '2026-03-10T20:00Z');
    await done(desk, 'role INC-1 commander @eve');
    await until(desk, '2026-03-11T07:59Z');
    expect(await facts(desk, 'RoleHeldLong')).toEqual([]);
    await until(desk, '2026-03-11T08:00Z');
    expect(await facts(desk, 'RoleHeldLong')).toMatchObject([{ at: '03-11T08:00', hours: 12 }]);
  });

  test('raised to a grave one, whoever has held a role for its shift hears it; and what was over tires from the reopening on', async () => {
    const desk = await open(engine, 'severity INC-1 3');
    await until(desk, '2026-03-10T18:45Z');
    await done(desk, 'severity INC-1 1');
    expect(await facts(desk, 'RoleHeldLong')).toMatchObject([{ at: '03-10T18:45', hours: 8 }]);
    await done(desk, 'resolve INC-1');
    await until(desk, '2026-03-12T10:00Z');
    await done(desk, 'reopen INC-1 errors are back');
    await until(desk, '2026-03-12T16:30Z');
    expect((await facts(desk, 'RoleHeldLong')).slice(1)).toMatchObject([{ at: '03-12T16:00', hours: 6 }]);
  });
});
