// The cord: what it would hold is shown before it is pulled, it is pulled once, and asked for when the incident is over.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';
import { ask } from '../gate/help.js';

const said = async (desk: Desk, line: string, person: PersonName = 'ana') => {
  const answer = await desk.say(person, line);
  if (!answer.accepted) throw new Error(`${line}: ${answer.text}`);
  await desk.turn();
  return answer.text;
};
const facts = (desk: Desk, type: string) =>
  desk.db.read.fact.findMany({ where: { type }, orderBy: { position: 'asc' } });
const pass = (desk: Desk, minutes: number) => {
  desk.now = new Date(desk.now.getTime() + minutes * 60_000);
};
const shownTo = async (desk: Desk, view: string) => {
  const rows = await desk.db.read.job.findMany({ where: { kind: 'show' }, orderBy: { id: 'asc' } });
  return rows
    .map((row) => row.payload as { view: string; destination: Record<string, string> })
    .filter((each) => each.view === view)
    .map(({ destination }) => destination.userId ?? destination.to)
    .sort();
};

describe.each(engines)('on %s', (engine) => {
  async function open(line = 'declare the cluster is gone on:api/prod,web/prod sev:1'): Promise<Desk> {
    const desk = await openDesk(engine);
    desk.at('11:00');
    await said(desk, line);
    return desk;
  }

  test('it shows first what would be frozen, what goes on, what would be held and what is frozen there; nothing is recorded', async () => {
    const desk = await open();
    await said(desk, '/change announce a new proxy on:api/prod begun', 'bob');
    await said(desk, '/change announce grow the pool on:web/prod at:12:00', 'bob');
    await said(desk, '/change announce mails on:mail/prod at:12:00', 'eve');
    await said(desk, '/freeze on audit on:web/prod for:3h', 'eve');
    const before = await desk.db.read.fact.count();
    const { accepted, text, blocks } = await desk.say('ana', 'freeze INC-1 the cluster is rebuilt');
    expect(accepted).toBe(false);
    expect(await desk.db.read.fact.count()).toBe(before);
    expect(text).toContain('Not pulled yet. The cord would freeze api/prod and web/prod, hard');
    expect(text).toContain('until 10 Mar 2026 14:00 CET (13:00 UTC) (2 h, as nobody said how long)');
    expect(text).toContain('Under way there, and goes on: CHG-1 a new proxy (Bob).');
    expect(text).toMatch(/will be held:\n• CHG-2 grow the pool/);
    expect(text).not.toContain('mails');
    expect(text).toContain('Frozen there already: FRZ-1 (hard) until');
    expect(text.split('\n').length).toBeLessThanOrEqual(12);
    // The button is the line that is shown.
    const line = '/incident freeze INC-1 on:api/prod,web/prod the cluster is rebuilt now';
    expect(JSON.stringify(blocks)).toContain(`"${line}"`);
    expect(text).toContain(line);
  });

  test('what the gate allowed a moment ago is shown: it may have begun', async () => {
    const desk = await open();
    await ask(desk, { key: 'pre-1', title: 'Deploy pre-1' });
    await ask(desk, { key: 'mail', title: 'Deploy mail', on: 'mail/prod' });
    const { text } = await desk.say('ana', 'freeze INC-1 the cluster is rebuilt');
    expect(text).toContain('Allowed by the gate, and may have begun: Deploy pre-1 (ci), good until');
    expect(text).not.toContain('Nothing is under way');
    expect(text).not.toContain('Deploy mail');
    pass(desk, 6);
    expect((await desk.say('ana', 'freeze INC-1 the cluster is rebuilt')).text).toContain(
      'Nothing is under way there',
    );
  });

  test.each([
    ['the cluster is gone', 'freeze INC-1 the cluster is rebuilt on:*/prod/eks for:3h'],
    ['the cluster is gone', 'freeze INC-1 it is all gone on:*'],
    ['the cluster is gone', 'freeze INC-1 stop on:api,*/staging,*/*/eks for:90s'],
    ['the cluster is gone', 'freeze INC-1 for:1h30m on:"big shop/prod",shop-* an alert on: nobody knows'],
    ['logins fail for:5m at a time', 'freeze INC-1'],
    ['Writes fail on:web/prod and elsewhere', 'freeze INC-1 on:db/prod'],
    ['it fails right now', 'freeze INC-1'],
    ['on:call is tired', 'freeze INC-1 they sleep'],
  ])('“%s”: the button of `%s` pulls what was shown', async (title, line) => {
    const desk = await open();
    await desk.db.write((tx) => tx.incident.updateMany({ data: { title } }));
    const preview = (await desk.say('ana', line)).text;
    const shown = /The cord would freeze (.*?), hard, from now until (.*)$/m.exec(preview);
    const pulled = await said(desk, /Or: (.*)$/m.exec(preview)?.[1] ?? '');
    expect(pulled).toContain(`freezes ${shown?.[1]}, hard, from now until ${shown?.[2]}`);
  });

  test('what is affected by then does not change what was shown', async () => {
    const desk = await open();
    const { text } = await desk.say('ana', 'freeze INC-1');
    await said(desk, 'affects INC-1 mail/prod major outage', 'bob');
    expect(await said(desk, /Or: (.*)$/m.exec(text)?.[1] ?? '')).toContain('freezes api/prod and web/prod,');
  });

  test('the button pulls it with the time that was said', async () => {
    const desk = await open();
    pass(desk, 20);
    const { text, blocks } = await desk.say('ana', 'freeze INC-1 the cluster is rebuilt at:"10m ago"');
    const line =
      '/incident freeze INC-1 on:api/prod,web/prod at:2026-03-10T11:10:00Z the cluster is rebuilt now';
    expect(text).toContain(line);
    expect(JSON.stringify(blocks)).toContain(line);
    await said(desk, line);
    const [set] = await facts(desk, 'FreezeSet');
    expect(set?.occurredAt).toEqual(new Date('2026-03-10T11:10:00Z'));
  });

  test('about a time is about that time when the button is pressed', async () => {
    const desk = await open();
    pass(desk, 20);
    const { text } = await desk.say('ana', 'freeze INC-1 stop at:"~12:10"');
    const line = /Or: (.*)$/m.exec(text)?.[1] ?? '';
    await said(desk, line);
    const [set] = await facts(desk, 'FreezeSet');
    expect(set).toMatchObject({ occurredAt: new Date('2026-03-10T11:10:00Z'), precision: 'approximate' });
  });

  test('it is kept once; over again, and asked again, it is kept again', async () => {
    const desk = await open();
    await said(desk, 'freeze INC-1 now');
    await said(desk, 'resolve INC-1');
    await said(desk, '/freeze keep FRZ-1', 'bob');
    const again = await desk.say('ana', '/freeze keep FRZ-1');
    expect([again.accepted, again.text]).toEqual([false, expect.stringContaining('is kept already, by Bob')]);
    expect(await facts(desk, 'FreezeKept')).toHaveLength(1);
    pass(desk, 5);
    await said(desk, 'reopen INC-1 it is back');
    pass(desk, 5);
    await said(desk, 'resolve INC-1');
    await said(desk, '/freeze keep FRZ-1');
    expect(await facts(desk, 'FreezeKept')).toHaveLength(2);
  });

  test('nobody learns from keeping or extending it that a private incident is behind it', async () => {
    const desk = await open('declare a secret leaked on:api/prod private');
    await said(desk, 'freeze INC-1 keys are rotated now');
    await said(desk, '/freeze on the audit on:web/prod', 'bob');
    const longer = async (key: string) =>
      (await desk.say('bob', `/freeze extend ${key} for:30h`)).text.replaceAll(key, 'FRZ');
    const open30 = await longer('FRZ-1');
    expect(open30.replace(', Ana, whose it is, is told', '')).toMatch(/^FRZ ends/);
    expect(await longer('FRZ-2')).toMatch(/^FRZ ends/);
    const before = await desk.say('bob', '/freeze keep FRZ-1');
    await said(desk, 'resolve INC-1');
    const after = await desk.say('bob', '/freeze keep FRZ-1');
    expect([after.accepted, after.text]).toEqual([false, before.text]);
    // Those who may see it answer as ever, and pull no cord for longer than a day.
    expect((await desk.say('ana', '/freeze extend FRZ-1 for:30h')).text).toContain('A cord holds');
    expect((await desk.say('ana', '/freeze keep FRZ-1')).accepted).toBe(true);
  });

  test('pulled, it is a hard freeze of two hours on what is affected, and an entry of the timeline', async () => {
    const desk = await open();
    const text = await said(desk, 'freeze INC-1 now');
    expect(text).toContain('The cord is pulled: FRZ-1 freezes api/prod and web/prod, hard');
    expect(await desk.db.read.freeze.findFirstOrThrow()).toMatchObject({
      ...{ mode: 'hard', reason: 'the cluster is gone', ownerName: 'Ana', drill: false },
      ...{ startsAt: desk.now, overAt: new Date(desk.now.getTime() + 2 * 3_600_000) },
      incidentId: expect.any(String),
    });
    const entry = await desk.db.read.entry.findFirstOrThrow({ where: { kind: 'freeze' } });
    expect(entry.text).toContain('The cord is pulled: FRZ-1 freezes api/prod and web/prod');
  });

  test('pulled by two at once, it is pulled once', async () => {
    const desk = await open();
    await said(desk, 'freeze INC-1 stop now');
    const again = await desk.say('bob', 'freeze INC-1 stop now');
    expect(again.accepted).toBe(false);
    expect(again.text).toContain('Ana pulled the cord on this ground a moment ago: FRZ-1 is on');
    expect(await desk.db.read.freeze.count()).toBe(1);
    // Other ground is another cord.
    await said(desk, 'freeze INC-1 stop on:mail/prod now', 'bob');
    expect(await desk.db.read.freeze.count()).toBe(2);
  });

  test('what has recovered is not frozen; where nobody said what is affected it is all production, and that is said', async () => {
    const desk = await open();
    await said(desk, 'affects INC-1 web/prod operational');
    expect((await desk.say('ana', 'freeze INC-1')).text).toContain('would freeze api/prod, hard');
    await said(desk, 'declare something is wrong', 'bob');
    const { text } = await desk.say('bob', 'freeze INC-2');
    expect(text).toContain('would freeze all production, hard');
    expect(text).toContain('Nobody said what is affected, so it is all production');
  });

  test.each([
    ['freeze INC-1 stop for:25h now', 'at most 24 h at once'],
    ['freeze INC-1 x now', 'Say why'],
  ])('%s is refused with what to do', async (line, says) => {
    const desk = await open();
    const { accepted, text } = await desk.say('ana', line);
    expect([accepted, text]).toEqual([false, expect.stringContaining(says)]);
    expect(await desk.db.read.freeze.count()).toBe(0);
  });

  test('from an incident that is over nobody pulls it', async () => {
    const desk = await open();
    await said(desk, 'resolve INC-1');
    expect((await desk.say('ana', 'freeze INC-1 stop now')).text).toContain('INC-1 is resolved');
  });

  test('a private incident needs a reason that all may read, and is not named', async () => {
    const desk = await open('declare a secret leaked on:api/prod private');
    expect((await desk.say('ana', 'freeze INC-1 now')).text).toContain('a freeze is public');
    expect((await desk.say('ana', 'freeze INC-1 keys are rotated')).text).toContain(
      'the incident is not named',
    );
    expect((await desk.say('ana', 'freeze INC-1 keys are rotated now')).text).toContain(
      'this reason are public',
    );
    const [set] = await facts(desk, 'FreezeSet');
    expect(set?.data).toMatchObject({ reason: 'keys are rotated', incident: { shown: false } });
    const show = (await desk.say('bob', '/freeze show FRZ-1')).text;
    expect(show).toContain('keys are rotated');
    expect(show).not.toMatch(/INC-|secret/);
    // To others there is no such incident.
    expect((await desk.say('bob', 'freeze INC-1 stop now')).text).toContain('There is no INC-1');
  });

  test('a drill’s cord is a drill’s, and plans and starts are not held by it', async () => {
    const desk = await open('declare the cluster is gone on:api/prod drill');
    await said(desk, '/change announce grow the pool on:api/prod at:12:00', 'bob');
    expect((await desk.say('ana', 'freeze INC-1')).text).toContain('A drill');
    await said(desk, 'freeze INC-1 now');
    expect(await desk.db.read.freeze.findFirstOrThrow()).toMatchObject({ drill: true });
    expect(await facts(desk, 'PlansFrozen')).toEqual([]);
    pass(desk, 5);
    await said(desk, '/change start CHG-1', 'bob');
    expect(await facts(desk, 'FreezeViolated')).toEqual([]);
  });

  test('whoever planned something in it is told once, with where it is free; and again when it is lifted', async () => {
    const desk = await open();
    for (const at of ['11:30', '12:30'])
      await said(desk, `/change announce grow the pool of ${at} on:api/prod at:"${at} UTC"`, 'bob');
    await said(desk, 'freeze INC-1 now');
    expect(await shownTo(desk, 'plansFrozen')).toEqual(['U0BOB']);
    const rows = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((row) => row.conflicts)).toEqual([
      expect.arrayContaining([expect.objectContaining({ kind: 'freeze', with: 'FRZ-1', severity: 'hold' })]),
      expect.arrayContaining([expect.objectContaining({ kind: 'freeze', with: 'FRZ-1', severity: 'hold' })]),
    ]);
    const [told] = await facts(desk, 'PlansFrozen');
    const { plansFrozenView } = await import('../../../src/features/change/freezes.js');
    const read = desk.db.of(desk.workspace.id).read;
    const view = await plansFrozenView(read, `${told?.id} @U0BOB`, desk.workspace);
    expect(view?.text).toContain('What you planned falls into a freeze, FRZ-1 (Ana: the cluster is gone).');
    expect(view?.text).toContain(
      'CHG-1 grow the pool of 11:30: FRZ-1 freezes api/prod until 2026-03-10 13:00 UTC.',
    );
    expect(JSON.stringify(view?.blocks)).toContain('/change move CHG-1 2026-03-10 13:30 UTC');
    await said(desk, '/change move CHG-1 2026-03-10 13:30 UTC', 'bob');
    await said(desk, '/freeze lift FRZ-1');
    const after = await desk.db.read.change.findFirstOrThrow({ where: { number: 2 } });
    expect(JSON.stringify(after.conflicts)).not.toContain('FRZ-1');
  });

  test('when its incident is over its owner is asked, then the commander; and nobody once it is kept or lifted', async () => {
    const desk = await open();
    await said(desk, 'role INC-1 commander @bob');
    await said(desk, 'freeze INC-1 now');
    pass(desk, 20);
    await said(desk, 'resolve INC-1', 'bob');
    expect(await shownTo(desk, 'cordAsk')).toEqual(['U0ANA', 'incident']);
    await desk.turn();
    pass(desk, 16);
    await desk.turn();
    expect((await shownTo(desk, 'cordAsk')).filter((each) => each?.startsWith('U'))).toEqual([
      'U0ANA',
      'U0BOB',
    ]);
    pass(desk, 16);
    await desk.turn();
    expect(await facts(desk, 'FreezeOwnerAsked')).toHaveLength(2);
    expect(await said(desk, '/freeze keep FRZ-1 the restores still run', 'bob')).toContain(
      'FRZ-1 stays on until',
    );
    expect((await desk.say('ana', '/freeze keep FRZ-7')).accepted).toBe(false);
    const kept = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'is kept' } } });
    expect(kept.text).toBe('FRZ-1 is kept although the incident is over: the restores still run');
  });

  test('nobody answers: it is asked anew in the channel, and every two hours of all, as long as it is on', async () => {
    const desk = await open();
    await said(desk, 'role INC-1 commander @ana');
    await said(desk, 'freeze INC-1 for:6h now');
    await said(desk, 'resolve INC-1', 'bob');
    // Who leads is who owns it: the second round is for everybody there.
    expect(await shownTo(desk, 'cordAsk')).toEqual(['U0ANA', 'incident']);
    pass(desk, 15);
    await desk.turn();
    expect(await shownTo(desk, 'cordAsk')).toEqual(['U0ANA', 'incident', 'incident']);
    const slots = (await desk.db.read.job.findMany({ where: { kind: 'show' } }))
      .map((row) => row.payload as { view: string; slot: string; destination: { to: string } })
      .filter(({ view, destination }) => view === 'cordAsk' && destination.to === 'incident');
    expect(new Set(slots.map(({ slot }) => slot)).size).toBe(2);
    for (let hour = 0; hour < 3; hour += 1) {
      pass(desk, 60);
      await desk.turn();
    }
    expect(await facts(desk, 'FreezeOwnerAsked')).toHaveLength(3);
    expect((await shownTo(desk, 'cordAsk')).filter((each) => each === 'U0ANA')).toHaveLength(2);
    await said(desk, '/freeze keep FRZ-1');
    pass(desk, 150);
    await desk.turn();
    expect(await facts(desk, 'FreezeOwnerAsked')).toHaveLength(3);
  });

  test('merged into another, its cord is asked for there, and again when that one is over', async () => {
    const desk = await open();
    await said(desk, 'declare the shop is slow on:shop/prod', 'bob');
    await said(desk, 'role INC-2 commander @bob', 'bob');
    await said(desk, 'freeze INC-1 for:12h now');
    await said(desk, 'merge INC-1 INC-2');
    const [first] = await facts(desk, 'FreezeOwnerAsked');
    expect(first?.data).toMatchObject({ number: 1, into: { number: 2 }, people: [{ id: 'U0ANA' }] });
    const home = await import('../../../src/features/cord/home.js');
    const waits = async (person: PersonName) =>
      JSON.stringify(await home.waitingSection(desk.db.of(desk.workspace.id).read, desk.ask(person)));
    expect(await waits('ana')).toContain('/freeze keep FRZ-1');
    expect(await waits('eve')).toBe('[]');
    pass(desk, 15);
    await desk.turn();
    expect((await facts(desk, 'FreezeOwnerAsked')).at(-1)?.data).toMatchObject({ people: [{ id: 'U0BOB' }] });
    expect(await waits('bob')).toContain('/freeze keep FRZ-1');
    const { askView } = await import('../../../src/features/cord/ask.js');
    const shown = async () => {
      const last = (await facts(desk, 'FreezeOwnerAsked')).at(-1)?.id ?? '';
      return (await askView(desk.db.of(desk.workspace.id).read, last, desk.workspace))?.text;
    };
    expect(await shown()).toContain('INC-1 was merged into INC-2, and FRZ-1 is still on');
    await said(desk, '/freeze keep FRZ-1 the shop needs it', 'bob');
    expect([await waits('ana'), await waits('bob')]).toEqual(['[]', '[]']);
    pass(desk, 200);
    await desk.turn();
    expect(await facts(desk, 'FreezeOwnerAsked')).toHaveLength(2);
    await said(desk, 'resolve INC-2', 'bob');
    expect(await facts(desk, 'FreezeOwnerAsked')).toHaveLength(3);
    expect(await shown()).toContain('INC-2 is over, and FRZ-1 is still on');
  });

  test('the drill of a private incident has no freeze for others: not by its number, nor to lift it', async () => {
    const desk = await open('declare the keys leaked on:api/prod private drill');
    await said(desk, 'freeze INC-1 keys are rotated now');
    const none = (await desk.say('bob', '/freeze show FRZ-9')).text.replace('9', '1');
    for (const words of [
      'show FRZ-1',
      'lift FRZ-1',
      'extend FRZ-1 for:1h',
      'keep FRZ-1',
      'except FRZ-1 on:api/prod it is rather urgent',
    ]) {
      const { text } = await desk.say('bob', `/freeze ${words}`);
      expect(text, words).toMatch(/^There is no FRZ-1/);
      if (words.startsWith('show')) expect(text).toBe(none);
    }
    expect(await desk.db.read.freeze.findFirstOrThrow()).toMatchObject({ liftedAt: null });
    await said(desk, '/freeze except FRZ-1 on:api/prod we try the way through');
    for (const words of ['exceptions EXC-1', 'exceptions', 'approve EXC-1', 'deny EXC-1'])
      expect((await desk.say('bob', `/freeze ${words}`)).text, words).not.toMatch(/we try|for EXC-1|Ana/);
    expect((await desk.say('ana', '/freeze exceptions EXC-1')).text).toContain('we try the way through');
    expect((await desk.say('ana', '/freeze show FRZ-1')).text).toContain('keys are rotated');
    expect((await desk.say('ana', '/freeze lift FRZ-1')).accepted).toBe(true);
  });

  test('lifted before, or not on any more, nobody is asked', async () => {
    const desk = await open();
    await said(desk, 'freeze INC-1 now');
    pass(desk, 20);
    await said(desk, '/freeze lift FRZ-1');
    await said(desk, 'resolve INC-1');
    pass(desk, 20);
    await desk.turn();
    expect(await facts(desk, 'FreezeOwnerAsked')).toEqual([]);
  });

  test('pulled by mistake, undo lifts it at once; both stay on record', async () => {
    const desk = await open();
    await said(desk, 'freeze INC-1 now');
    expect(await said(desk, 'undo INC-1')).toMatch(/Undone: #\d+ the cord, FRZ-1/);
    expect(await desk.db.read.freeze.findFirstOrThrow()).toMatchObject({
      liftedByName: 'Ana',
      overAt: desk.now,
    });
  });
});
