// Updates: what is promised with one, who is reminded, who gets it, and how it is taken back; on both engines.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { announcementView } from '../../../src/features/places/views.js';
import { latestUpdate, nextUpdateDue, toldOf } from '../../../src/features/updates/index.js';
import { letterOf } from '../../../src/features/updates/letter.js';
import { copyOf } from '../../../src/features/updates/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { refused } from '../../helpers/telling.js';
import { accepted, recorded, until, waiting } from './help.js';

const incident = (desk: Desk, number = 1) => desk.db.read.incident.findFirstOrThrow({ where: { number } });
const due = async (desk: Desk) =>
  (await nextUpdateDue(desk.db.read, await incident(desk)))?.toISOString().slice(11, 16);

describe.each(engines)('on %s', (engine) => {
  test('an update is on the record, promises the next by the cadence, and says when and to whom', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1 on:api/prod');
    expect(await due(desk)).toBe('11:15');
    desk.at('10:50');
    const text = await accepted(desk, 'ana', 'update INC-1 Writes fail for some. We are on it');
    expect(text).toContain('Update 1 of INC-1');
    expect(text).toContain('12:20 CET (11:20 UTC)');
    expect(text).toContain('nobody subscribed');
    expect(await desk.db.read.entry.findFirstOrThrow({ where: { kind: 'update' } })).toMatchObject({
      text: 'Writes fail for some. We are on it',
    });
    expect(await due(desk)).toBe('11:20');
    expect(await latestUpdate(desk.db.read, (await incident(desk)).id)).toMatchObject({ number: 1 });
    expect((await desk.say('bob', 'updates INC-1')).text).toMatch(/Writes fail for some.*11:20 UTC/s);
  });

  test('next: is a length of time, a time or none; what cannot be read is refused, and nothing is sent', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'bob', 'declare writes are stuck sev:1');
    await accepted(desk, 'bob', 'update INC-1 we are on it next:2h');
    expect(await due(desk)).toBe('12:45');
    await accepted(desk, 'bob', 'update INC-1 still next:18:00');
    expect(await due(desk)).toBe('18:00');
    expect(await accepted(desk, 'bob', 'update INC-1 next:none the rest tomorrow')).toContain('No next one');
    expect(await due(desk)).toBeUndefined();
    expect(await refused(desk, 'bob', 'update INC-1 next: we will roll back')).toContain('next:30m');
    expect(await refused(desk, 'bob', 'update INC-1 soon next:90d')).toContain('30 days');
    expect(await refused(desk, 'bob', 'update INC-1 next:30m')).toContain('Say what is going on');
    expect(await refused(desk, 'bob', 'update INC-1 we look at it next:10m ago')).toContain('still to come');
    expect(await refused(desk, 'bob', 'update INC-1 next:10m ago we look')).toContain('still to come');
    expect(await recorded(desk, 'UpdateGiven')).toHaveLength(3);
    expect(await accepted(desk, 'bob', 'update INC-1 it began an hour ago next:09:00')).toContain(
      'Read as tomorrow, 11 March',
    );
    await accepted(desk, 'bob', 'resolve INC-1');
    expect(await accepted(desk, 'bob', 'update INC-1 all is well again')).toContain('It is over');
    expect(await refused(desk, 'bob', 'update INC-1 all is well again next:1h')).toContain('resolved');
  });

  test('what is told of a time before the latest one is on record, and is not sent as if it were new', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'subscribe');
    await accepted(desk, 'bob', 'declare writes are stuck sev:1 at:09:00');
    await accepted(desk, 'bob', 'update INC-1 the second');
    const sent = (await recorded(desk, 'UpdateDelivered')).length;
    expect(await accepted(desk, 'bob', 'update INC-1 the first at:10:00')).toContain('not sent to anybody');
    expect(await recorded(desk, 'UpdateDelivered')).toHaveLength(sent);
    expect((await latestUpdate(desk.db.read, (await incident(desk)).id))?.text).toBe('the second');
    expect(await due(desk)).toBe('11:15');
    expect(await refused(desk, 'bob', 'update INC-1 later at:"2026-03-11 10:00"')).toContain('still to come');
  });

  test('the communications role is reminded before, the commander and once the channel when it is late; then seldom', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'role INC-1 commander @ana');
    await accepted(desk, 'ana', 'role INC-1 communications @bob');
    await until(desk, '14:21');
    expect(
      (await recorded(desk, 'UpdateReminded')).map(({ at, data }) => [
        at,
        data.what,
        // biome-ignore lint/suspicious/noExplicitAny: the data of a fact
        data.to.map(({ name }: any) => name).join(),
        data.channel,
      ]),
    ).toEqual([
      ['11:10', 'soon', 'Bob', false],
      ['11:20', 'late', 'Ana,Bob', true],
      ['11:30', 'overdue', '', false],
      ['11:50', 'late', 'Ana', false],
      ['12:20', 'late', 'Ana', false],
      ['14:20', 'late', 'Ana', false],
    ]);
    expect(await waiting(desk, 'updateReminder')).toEqual([
      'incident',
      'person U0ANA',
      'person U0ANA',
      'person U0ANA',
      'person U0ANA',
      'person U0BOB',
      'person U0BOB',
    ]);
  });

  test('whoever takes over a late one hears it at once and reads how late it is; what promised it says so', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'role INC-1 commander @ana');
    await accepted(desk, 'ana', 'update INC-1 we are on it');
    const { id } = await incident(desk);
    const announced = async () => (await announcementView(desk.db.read, id))?.text ?? '';
    await until(desk, '11:29');
    expect(await announced()).toContain('Next update by');
    await until(desk, '11:31');
    expect(await announced()).toMatch(/The next update was due .*; it is late\./);
    await until(desk, '13:30');
    await accepted(desk, 'ana', 'handover INC-1 commander @eve');
    await accepted(desk, 'eve', 'accept INC-1 commander');
    await until(desk, '13:31');
    const last = (await recorded(desk, 'UpdateReminded')).at(-1);
    expect([last?.at, last?.data.what, last?.data.to[0].name, last?.data.channel]).toEqual([
      '13:31',
      'late',
      'Eve',
      false,
    ]);
    expect((await desk.say('eve', 'brief INC-1')).text).toMatch(/next one was due .*, late by 2h 16m/);
    expect((await desk.say('eve', 'show INC-1')).text).toMatch(/The next was due .*: it is late/);
    await accepted(desk, 'eve', 'update INC-1 it is restored');
    expect(await announced()).toContain('Next update by');
  });

  test('an update, a snooze and the end silence the reminders', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    // That the announcement says it is late reminds nobody.
    const said = async () =>
      (await recorded(desk, 'UpdateReminded')).filter(({ data }) => data.what !== 'overdue');
    await until(desk, '11:11');
    await accepted(desk, 'ana', 'update INC-1 we are on it');
    await until(desk, '11:30');
    expect(await said()).toHaveLength(1);
    expect(await accepted(desk, 'ana', 'snooze INC-1 40m')).toContain('12:10');
    await until(desk, '12:09');
    expect(await said()).toHaveLength(1);
    await until(desk, '12:10');
    expect((await said()).map(({ data }) => data.what)).toEqual(['soon', 'late']);
    await accepted(desk, 'ana', 'resolve INC-1 writes are back');
    await until(desk, '15:00');
    expect(await said()).toHaveLength(2);
    expect(await refused(desk, 'ana', 'snooze INC-1 15m')).toContain('No update of INC-1 is due');
  });

  test('how often is a setting of the team, for each severity', async () => {
    const desk = await openDesk(engine);
    expect(await accepted(desk, 'ana', 'cadence')).toMatch(/SEV1 every 30m.*SEV4 none/s);
    expect(await accepted(desk, 'ana', 'cadence 2 20m')).toContain('SEV2 every 20m');
    expect(await accepted(desk, 'ana', 'cadence 1 off')).toMatch(/SEV1 none.*SEV2 every 20m/s);
    expect(await refused(desk, 'ana', 'cadence 1 nonsense')).toContain('30m');
    await accepted(desk, 'ana', 'declare reads are slow sev:2');
    expect(await due(desk)).toBe('11:05');
    await accepted(desk, 'ana', 'severity INC-1 1');
    expect(await due(desk)).toBeUndefined();
  });

  test('subscribers hear once that it began, each update, and that it is over', async () => {
    const desk = await openDesk(engine);
    expect(await accepted(desk, 'eve', 'subscribe on:api sev:2')).toContain('of SEV2 and worse');
    await accepted(desk, 'bob', 'subscribe on:web channel:#support');
    await accepted(desk, 'ana', 'declare writes are stuck sev:3 on:api/prod');
    expect(await recorded(desk, 'UpdateDelivered')).toEqual([]);
    await accepted(desk, 'ana', 'severity INC-1 2');
    await accepted(desk, 'ana', 'severity INC-1 1');
    await accepted(desk, 'ana', 'affects INC-1 web/prod degraded');
    await accepted(desk, 'ana', 'affects INC-1 web/prod operational');
    await accepted(desk, 'ana', 'update INC-1 we are on it');
    await accepted(desk, 'ana', 'resolve INC-1');
    const { id } = await incident(desk);
    expect(
      (await toldOf(desk.db.read, id)).map(({ what, number, to }) => [what, number, [...to].sort()]),
    ).toEqual([
      ['declared', null, ['Eve']],
      ['declared', null, ['#support']],
      ['update', 1, ['#support', 'Eve']],
      ['resolved', null, ['#support', 'Eve']],
    ]);
    expect(await waiting(desk, 'updateCopy')).toEqual([
      ...Array(3).fill('channel support'),
      ...Array(3).fill('person U0EVE'),
    ]);
    expect(await accepted(desk, 'eve', 'unsubscribe')).toContain('no longer');
    expect((await desk.say('eve', 'subscriptions')).text).toContain('Nothing yet');
    expect((await desk.say('bob', 'subscriptions')).text).toContain('unsubscribe channel:#support on:web');
  });

  test('what is merged goes on for those who heard of it; opened again, it is told to those who heard it is over', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe on:api');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1 on:api');
    await accepted(desk, 'ana', 'declare the cache is down sev:2 on:cache');
    const [one, two] = [await incident(desk, 1), await incident(desk, 2)];
    const at = { id: 'p', workspaceId: desk.workspace.id, channelId: 'C0INCIDENTS', ts: '1.000100' };
    await desk.db.write((tx) => tx.posted.create({ data: { ...at, slot: `announcement/${two.id}` } }));
    const told = async (id: string) =>
      (await toldOf(desk.db.read, id)).map(({ what, to }) => [what, ...to].join(' '));
    const lastCopy = async () => {
      const { data } = (await recorded(desk, 'UpdateDelivered')).at(-1) ?? {};
      return (await copyOf(desk.db.read, `${data.what}/${data.factId}`))?.text;
    };
    await accepted(desk, 'bob', 'subscribe on:other');
    await accepted(desk, 'ana', 'merge INC-1 INC-2');
    expect(await told(one.id)).toEqual(['declared Eve', 'merged Eve']);
    expect(await lastCopy()).toMatch(/^INC-1 goes on in INC-2 the cache is down/);
    await accepted(desk, 'ana', 'update INC-2 the cache comes back');
    await accepted(desk, 'ana', 'resolve INC-2');
    await accepted(desk, 'bob', 'subscribe on:cache');
    await accepted(desk, 'ana', 'reopen INC-2 it broke again');
    expect(await told(two.id)).toEqual([
      'update the announcement Eve',
      'resolved Eve',
      'reopened the announcement Eve',
    ]);
    expect(await lastCopy()).toMatch(/It is not over after all: it was reopened\. Next update by/);
    await accepted(desk, 'ana', 'reopen INC-1 it was another thing');
    expect((await told(one.id)).at(-1)).toBe('reopened Eve');
    await until(desk, '10:47');
    expect(
      (await recorded(desk, 'UpdateDelivered')).filter(({ data }) => data.what === 'reopened'),
    ).toHaveLength(2);
  });

  test('a letter goes to whoever wants one and has an address; of a private incident it says nothing', async () => {
    const desk = await openDesk(engine);
    expect(await accepted(desk, 'eve', 'subscribe mail')).toContain('I know no address of yours');
    await desk.db.write((tx) =>
      tx.contactPath.create({
        data: {
          id: 'c',
          workspaceId: desk.workspace.id,
          userId: 'U0EVE',
          userName: 'Eve',
          mail: 'eve@example.com',
        },
      }),
    );
    await accepted(desk, 'eve', 'declare the vault leaks sev:1 private');
    await accepted(desk, 'eve', 'update INC-1 the secret word');
    expect(await waiting(desk, 'mail')).toEqual(['mail eve@example.com', 'mail eve@example.com']);
    const [row] = await desk.db.read.incidentUpdate.findMany();
    const letter = await letterOf(desk.db.read, `update/${row?.id}`, 'UTC');
    expect(letter?.subject).toBe('INC-1: an update');
    expect(JSON.stringify(letter)).not.toMatch(/secret|vault/);
    expect(
      JSON.stringify(await desk.db.read.job.findMany({ where: { kind: 'mail' }, select: { payload: true } })),
    ).not.toMatch(/secret|vault/);
  });

  test('a letter says times in the workspace’s zone and in UTC', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'update INC-1 we look next:30m');
    const [row] = await desk.db.read.incidentUpdate.findMany();
    const letter = await letterOf(desk.db.read, `update/${row?.id}`, 'Europe/Berlin');
    expect(letter?.text).toContain(
      'Ana, 10 Mar 2026 11:45 CET (10:45 UTC). Next update by 10 Mar 2026 12:15',
    );
  });

  test('a service that nobody knows is remarked on where one subscribes to it', async () => {
    const desk = await openDesk(engine);
    expect(await accepted(desk, 'ana', 'subscribe on:nix')).not.toContain('is known');
    await accepted(desk, 'ana', '/change service api owner:@bob');
    expect(await accepted(desk, 'ana', 'subscribe on:API/prod')).not.toContain('is known');
    const text = await accepted(desk, 'ana', 'subscribe on:nix/prod,api');
    expect(text).toContain('No service “nix” is known; /change services shows those that are.');
  });

  test('a private incident is told to members alone, and a drill to nobody outside', async () => {
    const desk = await openDesk(engine);
    for (const line of ['subscribe', 'subscribe channel:#support']) await accepted(desk, 'bob', line);
    await accepted(desk, 'eve', 'subscribe');
    await accepted(desk, 'eve', 'declare the vault leaks sev:1 private');
    await accepted(desk, 'eve', 'update INC-1 the secret word');
    expect((await toldOf(desk.db.read, (await incident(desk)).id)).map(({ to }) => to)).toEqual([
      ['Eve'],
      ['Eve'],
    ]);
    expect(await refused(desk, 'bob', 'updates INC-1').catch(() => '')).not.toContain('secret');
    await accepted(desk, 'ana', 'declare we exercise sev:1 drill');
    expect(await accepted(desk, 'ana', 'update INC-2 exercised words')).toContain('This is a drill');
    expect(await toldOf(desk.db.read, (await incident(desk, 2)).id)).toEqual([]);
    await until(desk, '11:30');
    expect((await waiting(desk, 'updateReminder')).every((each) => /incident|U0EVE|U0ANA/.test(each))).toBe(
      true,
    );
  });

  test('taken back within a minute, those who got it are told so', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'update INC-1 it was the wrong cluster next:2h');
    const [row] = await desk.db.read.incidentUpdate.findMany();
    await accepted(desk, 'ana', 'undo INC-1');
    expect(await due(desk)).toBe('11:15');
    expect(await recorded(desk, 'UpdateCopiesRedrawn')).toHaveLength(1);
    expect((await copyOf(desk.db.read, `update/${row?.id}`))?.text).toMatch(/Update 1 was taken back/);
    expect(await waiting(desk, 'updateCopy')).toEqual(Array(3).fill('person U0EVE'));
    expect(await accepted(desk, 'ana', 'update INC-1 it is another cluster')).toContain('Update 2');
  });

  test('a redaction leaves the words nowhere, and names those who have a letter', async () => {
    const desk = await openDesk(engine);
    await desk.db.write((tx) =>
      tx.contactPath.create({
        data: {
          id: 'c',
          workspaceId: desk.workspace.id,
          userId: 'U0EVE',
          userName: 'Eve',
          mail: 'eve@example.com',
        },
      }),
    );
    await accepted(desk, 'eve', 'subscribe mail');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'update INC-1 customer Zanzibar lost data');
    const entry = await desk.db.read.entry.findFirstOrThrow({ where: { kind: 'update' } });
    await accepted(desk, 'ana', `redact INC-1 #${entry.seq} a name`);
    for (const table of ['fact', 'entry', 'incidentUpdate', 'job', 'request'] as const) {
      const delegate = desk.db.read[table] as unknown as { findMany(): Promise<unknown[]> };
      const text = JSON.stringify(await delegate.findMany(), (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(text, table).not.toContain('Zanzibar');
    }
    expect((await copyOf(desk.db.read, `update/${entry.id}`))?.text).toContain('Update 1 was redacted');
    const says = JSON.stringify(
      await desk.db.read.job.findMany({ where: { kind: 'say' }, select: { payload: true } }),
    );
    expect(says).toMatch(/Letters cannot be taken back.*Eve/);
  });

  test('hostile words stay words', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck sev:1');
    await accepted(desk, 'ana', 'update INC-1 <!channel> <https://evil.example|ours> & *bold*');
    const [row] = await desk.db.read.incidentUpdate.findMany();
    const copy = await copyOf(desk.db.read, `update/${row?.id}`);
    expect(copy?.text).toContain('&lt;!channel&gt; &lt;https://evil.example|ours&gt; &amp; *bold*');
    expect(JSON.stringify(copy?.blocks)).not.toMatch(/"type":"(?:broadcast|link)"/);
  });

  test('the rows are as a rebuild makes them', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'eve', 'subscribe on:api env:prod sev:2');
    await accepted(desk, 'bob', 'subscribe channel:#support');
    await accepted(desk, 'bob', 'unsubscribe channel:#support');
    await accepted(desk, 'ana', 'declare writes are stuck sev:1 on:api/prod');
    await accepted(desk, 'ana', 'update INC-1 the first next:2h');
    await accepted(desk, 'ana', 'update INC-1 the second');
    await accepted(desk, 'ana', 'undo INC-1');
    const rows = async () => [
      await desk.db.read.incidentUpdate.findMany(),
      await desk.db.read.subscription.findMany(),
    ];
    const before = await rows();
    await rebuild(desk.db, features, projectFacts);
    expect(await rows()).toEqual(before);
    expect(before.map((each) => each.length)).toEqual([1, 1]);
    expect(await due(desk)).toBe('12:45');
  });
});
