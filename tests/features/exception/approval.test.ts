// Exceptions: asked for with a reason against named freezes, approved by somebody else, good for a time and some uses.
import { describe, expect, test } from 'vitest';
import { execute } from '../../../src/execute.js';
import { exceptionView } from '../../../src/features/exception/views.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { refused } from '../../helpers/telling.js';
import { accepted, change, freeze, pending, recorded, sent, through, use, ways } from './help.js';

const why = 'the certificate expires tonight';

describe.each(engines)('on %s', (engine) => {
  test('asked for, approved by the owner of the freeze, used once, and used up', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const { id: changeId } = await change(desk);
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(reply).toContain('EXC-1 is asked for: through FRZ-1 for CHG-1 renew the certificate.');
    expect(reply).toContain('It covers api/prod.');
    expect(reply).toContain('1h, for one change');
    expect(reply).toContain('Asked: Ana.');
    expect(reply.split('\n').length).toBeLessThanOrEqual(12);
    // Not approved, it is no way through; the gate can say that it is asked for.
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBeNull();
    expect(await pending(desk, { changeId })).toBe(1);
    expect(await sent(desk)).toMatchObject([
      { kind: 'show', view: 'exception', to: 'changes' },
      { kind: 'show', view: 'exception', to: 'U0ANA' },
    ]);

    desk.at('11:30');
    const answer = await accepted(desk, 'ana', '/freeze approve EXC-1 go ahead');
    expect(answer).toContain('one change may go through FRZ-1');
    // An hour from the approval on, in Ana's zone and in UTC.
    expect(answer).toContain('13:30 CET (12:30 UTC)');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBe(1);
    expect(await pending(desk, { changeId })).toBeNull();
    // Bob, who asked, hears it; the message in the channel and Ana's own say who answered.
    const messages = await sent(desk);
    expect(messages.filter((each) => each.to === 'U0BOB')).toMatchObject([{ view: 'exception' }]);
    expect(messages.map((each) => each.text).join()).toContain('EXC-1 is approved by Ana');

    await use(desk, 1);
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBeNull();
    expect((await sent(desk, 'exceptionUse')).map(({ to, view }) => [to, view])).toEqual([
      ['changes', 'exceptionUse'],
    ]);
    const [row] = await desk.db.read.freezeException.findMany();
    expect(row).toMatchObject({
      state: 'approved',
      answeredByName: 'Ana',
      answerText: 'go ahead',
      uses: [{ title: 'Deploy api 4.12' }],
    });
  });

  test('an hour after the approval it is good no more, and not before', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const { id: changeId } = await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why} uses:2`);
    desk.at('12:00');
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    desk.now = new Date('2026-03-10T12:59:59.999Z');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBe(1);
    desk.now = new Date('2026-03-10T13:00:00Z');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBeNull();
    expect(await refused(desk, 'ana', '/freeze revoke EXC-1')).toContain('counts no more since');
  });

  test('it names every hard freeze over the place, or is no way through; the reply says which is missing', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await freeze(desk, { owner: 'eve', reason: 'payroll runs', include: [{ services: ['api'] }] });
    const { id: changeId } = await change(desk);
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(reply).toContain('That is not enough');
    expect(reply).toContain('FRZ-2 is on there too');
    expect(reply).toContain('Eve: payroll runs');
    expect(reply).toContain(`/freeze except FRZ-1,FRZ-2 ${why} change:CHG-1`);
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await through(desk, { changeId }, 'api/prod', [1, 2])).toBeNull();
    // The line that it offered asks for both; neither owner alone has a say in both, so either may.
    await accepted(desk, 'bob', `/freeze except FRZ-1, FRZ-2 ${why} change:CHG-1`);
    await accepted(desk, 'eve', '/freeze approve EXC-2');
    expect(await through(desk, { changeId }, 'api/prod', [1, 2])).toBe(2);
  });

  test('whoever has a say in all of several freezes is asked before those who have one in some', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await freeze(desk, { owner: 'bob' });
    await accepted(desk, 'ana', '/freeze approvers people:@eve');
    await change(desk);
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1,FRZ-2 change:CHG-1 ${why}`);
    expect(reply).toContain('Asked: Eve.');
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('Eve may approve EXC-1');
    await accepted(desk, 'eve', '/freeze approve EXC-1');
  });

  test('nobody approves their own, no token and no outsider does', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(await refused(desk, 'bob', '/freeze approve EXC-1')).toContain(
      'somebody else answers it: Ana may',
    );
    expect(await refused(desk, 'eve', '/freeze approve EXC-1')).toContain('Ana may approve EXC-1');
    expect(await refused(desk, 'eve', '/freeze deny EXC-1')).toContain('Ana may deny EXC-1');
    const token = { kind: 'pipeline', id: 'token:7', name: 'ci', zone: null } as const;
    const said = await desk.say('ana', '/freeze approve EXC-1', { actor: token });
    expect(said).toMatchObject({ accepted: false });
    expect(said.text).toContain('A person answers for an exception, in Slack: Ana may');
    const console_ = { kind: 'person', id: 'cli:root', name: 'root', zone: null } as const;
    expect((await desk.say('ana', '/freeze approve EXC-1', { actor: console_ })).accepted).toBe(false);
    expect(await recorded(desk, 'ExceptionApproved')).toEqual([]);
  });

  test('where only the requester has a say, any other person may, and it is said', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await change(desk);
    const reply = await accepted(desk, 'ana', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(reply).toContain('any other person may approve it');
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('any other person may');
    await accepted(desk, 'eve', '/freeze approve EXC-1');
  });

  test('who leads the incident of the freeze may, and the team’s approvers may', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare the cluster is gone on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 operations @eve');
    await freeze(desk, { incident: 1 });
    await change(desk);
    expect(await accepted(desk, 'ana', '/freeze approvers')).toContain('nobody who approves');
    await accepted(desk, 'ana', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'eve', '/freeze approve EXC-1');
    // On the timeline of that incident, as it reads aloud.
    const entries = await desk.db.read.entry.findMany({
      where: { kind: 'freeze' },
      orderBy: { recordedAt: 'asc' },
    });
    expect(entries.map((each) => each.text).slice(-2)).toEqual([
      `EXC-1 is asked for, through FRZ-1 for api/prod: ${why}`,
      'EXC-1 is approved',
    ]);
    expect(await accepted(desk, 'ana', '/freeze approvers people:@bob')).toContain('approved by Bob');
    await accepted(desk, 'ana', `/freeze except FRZ-1 change:CHG-1 ${why} for:2h`);
    await accepted(desk, 'bob', '/freeze approve EXC-2');
    expect(await accepted(desk, 'ana', '/freeze approvers people:none')).toContain('named nobody');
  });

  test('of two who answer at once one wins, and the other hears who', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await accepted(desk, 'ana', '/freeze approvers people:@eve');
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    const both = await Promise.all([
      execute(desk.kernel, desk.bound('/freeze approve EXC-1', 'ana'), desk.ask('ana')),
      execute(desk.kernel, desk.bound('/freeze deny EXC-1 no', 'eve'), desk.ask('eve')),
    ]);
    expect(both.filter((each) => each.accepted)).toHaveLength(1);
    const [lost] = both.filter((each) => !each.accepted);
    expect(lost && !lost.accepted && lost.refusal.message.text).toMatch(
      /EXC-1 was (approved by Ana|denied by Eve)/,
    );
    const answers = [
      ...(await recorded(desk, 'ExceptionApproved')),
      ...(await recorded(desk, 'ExceptionDenied')),
    ];
    expect(answers).toHaveLength(1);
  });

  test('denied and taken back it is no way through; who may take it back is told', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const { id: changeId } = await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'ana', '/freeze deny EXC-1 it can wait until 16:00');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBeNull();
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('EXC-1 was denied by Ana');
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-2');
    expect(await refused(desk, 'eve', '/freeze revoke EXC-2')).toContain('Bob and Ana may take EXC-2 back');
    await accepted(desk, 'bob', '/freeze revoke EXC-2 done by hand');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBeNull();
    expect(await ways(desk)).toEqual([]);
  });

  test('a request that nobody answered within a day lapses', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { until: '2026-03-14T00:00:00Z' });
    const { id: changeId } = await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    desk.now = new Date('2026-03-11T10:45:00Z');
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('so it lapsed');
    expect(await pending(desk, { changeId })).toBeNull();
    expect(await accepted(desk, 'ana', '/freeze exceptions')).toContain('Nobody waits for an exception');
  });

  test('unanswered, those who may are asked once more; lapsed, its requester is told and its message says so', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { until: '2026-03-14T00:00:00Z' });
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await desk.turn();
    for (let minute = 0; minute < 60; minute += 15) {
      desk.now = new Date(desk.now.getTime() + 15 * 60_000);
      await desk.turn();
    }
    const reminders = await sent(desk, 'exceptionRemind');
    expect(reminders.map(({ to, text }) => [to, text.split(':')[0]])).toEqual([
      ['U0ANA', 'EXC-1 still waits for an answer'],
    ]);
    desk.now = new Date('2026-03-11T10:45:00Z');
    expect(await accepted(desk, 'ana', '/freeze exceptions EXC-1')).toContain('Lapsed');
    await desk.turn();
    expect(await recorded(desk, 'ExceptionLapsed')).toHaveLength(1);
    const told = (await sent(desk)).filter(({ to }) => to === 'U0BOB');
    expect(told).toMatchObject([{ view: 'exception' }]);
    expect((await sent(desk)).map(({ text }) => text).join()).toContain('EXC-1 lapsed: nobody answered');
    const row = await desk.db.read.freezeException.findFirstOrThrow();
    const drawn = await exceptionView(desk.db.of(desk.workspace.id).read, row.id, desk.workspace);
    expect(drawn?.text).toContain('Lapsed: nobody answered');
    expect(JSON.stringify(drawn?.blocks)).not.toContain('approve');
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('so it lapsed');
  });

  test('answered, or with nothing frozen any more, nobody is asked once more', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { until: '16:00' });
    await freeze(desk, { until: '10:55', include: [{ services: ['db'] }] });
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'bob', `/freeze except FRZ-2 on:db/prod ${why}`);
    await accepted(desk, 'ana', '/freeze deny EXC-1');
    desk.now = new Date(desk.now.getTime() + 20 * 60_000);
    await desk.turn();
    expect(await sent(desk, 'exceptionRemind')).toEqual([]);
  });

  test('who leads a private incident is not named to everybody for it', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare a leak of keys private on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 commander @bob');
    await freeze(desk, { incident: 1 });
    const asked = await accepted(desk, 'eve', `/freeze except FRZ-1 on:api/prod ${why}`);
    expect(asked).toContain('Asked: Ana.');
    const shown = await accepted(desk, 'eve', '/freeze exceptions EXC-1');
    expect(shown).toContain('Ana may approve it');
    const no = await refused(desk, 'eve', '/freeze approve EXC-1');
    expect(`${asked}${shown}${no}`).not.toContain('Bob');
    // Where nobody else is left.
    const own = await accepted(desk, 'ana', `/freeze except FRZ-1 on:api/prod ${why} again`);
    expect(own).toContain('Asked: its owner and those who lead it.');
    expect(await accepted(desk, 'eve', '/freeze exceptions EXC-2')).not.toContain('Bob');
    await accepted(desk, 'bob', '/freeze approve EXC-2');
  });

  test('whoever says who may approve, themselves too, says it before everybody', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', '/freeze approvers people:@eve');
    await accepted(desk, 'eve', '/freeze approvers people:@eve');
    await accepted(desk, 'eve', '/freeze approvers');
    await accepted(desk, 'ana', '/freeze approvers people:none');
    const told = (await sent(desk, 'approvers')).map(({ to, text }) => [to, text]);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(['changes', expect.stringMatching(/Eve.* named who may approve.*Eve/)]);
    expect(told).toContainEqual(['changes', expect.stringMatching(/Ana.* took away who may approve/)]);
  });

  test('what is over needs no approval', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { until: '12:00' });
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    desk.at('12:00');
    expect(await refused(desk, 'ana', '/freeze approve EXC-1')).toContain('FRZ-1 is over');
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`)).toContain('FRZ-1 is over');
  });

  test('approved before the freeze is on it may be past when it is needed, and that is said', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { from: '14:00', until: '18:00' });
    await change(desk);
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(reply).toContain('FRZ-1 is not on yet');
    expect(await accepted(desk, 'ana', '/freeze approve EXC-1')).toContain(
      'it would be past before it is needed',
    );
    desk.at('13:50');
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(await accepted(desk, 'ana', '/freeze approve EXC-2')).not.toContain('Mind');
  });
});
