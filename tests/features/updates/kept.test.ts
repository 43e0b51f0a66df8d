// What was told outside holds: promises are kept, those who were told hear the rest, and reminders find somebody; on both engines.
import { describe, expect, test } from 'vitest';
import { nextUpdateDue, toldOf } from '../../../src/features/updates/index.js';
import { views } from '../../../src/features/updates/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { refused } from '../../helpers/telling.js';
import { accepted, recorded, until, waiting } from './help.js';

const incident = (desk: Desk, number = 1) => desk.db.read.incident.findFirstOrThrow({ where: { number } });
const due = async (desk: Desk, number = 1) =>
  (await nextUpdateDue(desk.db.read, await incident(desk, number)))?.toISOString().slice(11, 16);

describe.each(engines)('on %s', (engine) => {
  test('a second reopening is told to those whom the first was, though that one was undone', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'resolve INC-1 ok');
    await until(desk, '10:47');
    await accepted(desk, 'ana', 'reopen INC-1 hm');
    await accepted(desk, 'ana', 'undo INC-1');
    await until(desk, '10:52');
    await accepted(desk, 'ana', 'reopen INC-1 it is not over');
    const told = await toldOf(desk.db.read, (await incident(desk)).id);
    expect(told.filter(({ what }) => what === 'reopened').map(({ to }) => to)).toEqual([['Eve'], ['Eve']]);
  });

  test('what a reopening promised is not moved, neither by the severity nor by the cadence', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'resolve INC-1 ok');
    await until(desk, '11:00');
    await accepted(desk, 'ana', 'reopen INC-1 hm');
    expect(await due(desk)).toBe('11:30');
    await accepted(desk, 'ana', 'severity INC-1 3');
    expect(await due(desk)).toBe('11:30');
    await accepted(desk, 'ana', 'cadence 1 off');
    await accepted(desk, 'ana', 'cadence 3 off');
    expect(await due(desk)).toBe('11:30');
    await until(desk, '11:26');
    expect((await recorded(desk, 'UpdateReminded')).map(({ at }) => at)).toEqual(['11:25']);
  });

  test('what a merge promised of the other incident is kept too', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe on:api');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1 on:api');
    await accepted(desk, 'ana', 'declare the cache is down sev:2 on:cache');
    await accepted(desk, 'ana', 'merge INC-1 INC-2');
    expect(await due(desk, 2)).toBe('11:45');
    await accepted(desk, 'ana', 'severity INC-2 3');
    expect(await due(desk, 2)).toBe('11:45');
  });

  test('another cadence bears on what is open at once', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare a small thing sev:4');
    await until(desk, '10:50');
    await accepted(desk, 'ana', 'cadence 4 30m');
    expect(await due(desk)).toBe('11:15');
    await until(desk, '11:21');
    expect((await recorded(desk, 'UpdateReminded')).map(({ at, data }) => [at, data.what])).toEqual([
      ['11:10', 'soon'],
      ['11:20', 'late'],
    ]);
  });

  test('of a private incident reminders fall to the next member, and else to its channel', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare the vault leaks sev:1 private');
    await accepted(desk, 'ana', 'role INC-1 commander @bob');
    await desk.db.write((tx) => tx.member.deleteMany({ where: { userId: 'U0BOB' } }));
    await until(desk, '11:21');
    expect((await recorded(desk, 'UpdateReminded')).map(({ data }) => [data.what, data.to[0]?.name])).toEqual(
      [
        ['soon', 'Ana'],
        ['late', 'Ana'],
      ],
    );
    await desk.db.write((tx) => tx.member.deleteMany({}));
    await until(desk, '11:51');
    const last = (await recorded(desk, 'UpdateReminded')).at(-1)?.data;
    expect([last.to, last.channel]).toEqual([[], true]);
    expect((await waiting(desk, 'updateReminder')).filter((each) => each === 'incident')).toHaveLength(2);
  });

  test('a letter that still waits when it is taken back is the one that says so', async () => {
    const desk = await openDesk(engine);
    const contact = { id: 'c', userId: 'U0EVE', userName: 'Eve', mail: 'eve@example.com' };
    await desk.db.write((tx) =>
      tx.contactPath.create({ data: { ...contact, workspaceId: desk.workspace.id } }),
    );
    await accepted(desk, 'eve', 'subscribe mail');
    await accepted(desk, 'ana', 'declare the wrong one sev:1');
    await accepted(desk, 'ana', 'undo INC-1');
    expect(await waiting(desk, 'mail')).toEqual(['mail eve@example.com']);
  });

  test('the same words of two people within two minutes are asked about, and sent with “anyway”', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'update INC-1 we are on it');
    expect(await refused(desk, 'bob', 'update INC-1 We are  on it next:20m')).toMatch(/Ana gave.*“anyway”/);
    await accepted(desk, 'bob', 'update INC-1 we are on it anyway next:20m');
    await until(desk, '10:55');
    await accepted(desk, 'ana', 'update INC-1 we are on it');
    const texts = await desk.db.read.incidentUpdate.findMany({ select: { text: true } });
    expect(texts.map(({ text }) => text)).toEqual(Array(3).fill('we are on it'));
    expect(await refused(desk, 'ana', 'update INC-1 it works next:')).toContain(
      'next:30m or next:"15:40 UTC"',
    );
  });

  test('a reminder of a private incident says who waits, and that nobody does where no member subscribed', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare the vault leaks sev:1 private');
    await until(desk, '11:11');
    const { id } = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'UpdateReminded' } });
    const drawn = async () => (await views.updateReminder?.(desk.db.read, id, desk.workspace))?.text;
    expect(await drawn()).toMatch(/No member subscribed, so it goes to nobody/);
    expect(await drawn()).not.toContain('wait for it');
    await accepted(desk, 'ana', 'subscribe');
    expect(await drawn()).toContain('Members who subscribed wait for it');
  });

  test('whoever does not lead puts reminders off for an hour at the most, and the channel hears who did', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'role INC-1 commander @ana');
    expect(await refused(desk, 'bob', 'snooze INC-1 4h')).toContain('/incident snooze INC-1 1h');
    await accepted(desk, 'bob', 'snooze INC-1 1h');
    const says = await desk.db.read.job.findMany({ where: { kind: 'say' }, select: { payload: true } });
    expect(JSON.stringify(says)).toMatch(/Bob: no reminder of the update before /);
    await accepted(desk, 'ana', 'snooze INC-1 4h');
  });
});
