// Mending the record: nothing is changed but by saying so, and what was said before stays, except what is redacted.
import { describe, expect, test } from 'vitest';

import { engines } from '../../helpers/databases.js';
import { verdictOf } from '../../helpers/verdict.js';
import { openWorld, type World } from '../../helpers/world.js';

async function openIncident(world: World) {
  await world.sandbox
    .person('ana')
    .command('/incident declare writes are stuck sev:2 on:api/prod', { channel: 'general' });
  await world.settled();
  const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.name ?? '';
  await world.sandbox.person('bob').join(channel);
  const incident = await world.app.db.read.incident.findFirstOrThrow();
  const say = async (line: string, who = 'ana') => {
    const outcome = await world.sandbox.person(who).command(`/incident ${line}`, { channel });
    await world.settled();
    return outcome.reply?.text ?? outcome.error ?? '';
  };
  const entries = () =>
    world.app.db.read.entry.findMany({ where: { incidentId: incident.id }, orderBy: { seq: 'asc' } });
  const posted = () =>
    world.sandbox
      .messages(channel)
      .map((each) => each.text)
      .join('\n');
  const verdict = () => verdictOf(world.app.db, incident.id);
  return { incident, channel, say, entries, posted, verdict };
}

describe.each(engines)('%s', (engine) => {
  test('a correction says it better, with its own time, and the old words stay on record', async () => {
    const world = await openWorld({ engine });
    const { say, entries, posted, verdict } = await openIncident(world);
    await say('note 10:22 UTC the disk is full');
    const reply = await say('correct #2 10:25 UTC the disk of db-2 is full', 'bob');
    expect(reply).toContain('#2 is corrected by #3');
    expect(reply).toContain('10:25 UTC');
    const [, old, better] = await entries();
    expect(old).toMatchObject({ text: 'the disk is full', correctedBy: better?.id });
    expect(better).toMatchObject({
      text: 'the disk of db-2 is full',
      corrects: old?.id,
      authorName: 'ana',
      occurredAt: new Date('2026-03-10T10:25:00Z'),
    });
    expect(posted()).toContain('#2 corrected, now #3');
    expect(await say('timeline')).not.toContain('the disk is full');
    // A correction of the old number reaches the latest words.
    expect(await say('correct #2 the disk of db-3 is full')).toContain('#3 is corrected by #4');
    expect(await verdict()).toMatchObject({ whole: true });
  });

  test('a redaction takes the words out everywhere, and the chain still holds', async () => {
    const world = await openWorld({ engine });
    const { say, entries, posted, verdict, channel } = await openIncident(world);
    await say('note the password is hunter2');
    await say('export md');
    expect(posted()).toContain('hunter2');
    const reply = await say('redact #2 a password');
    expect(reply).toContain('taken out of the record');
    expect(reply).toContain('backups');
    const rows = await Promise.all([
      world.app.db.read.fact.findMany(),
      world.app.db.read.entry.findMany(),
      world.app.db.read.job.findMany(),
      world.app.db.read.request.findMany(),
      world.app.db.read.incident.findMany(),
    ]);
    expect(
      JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('hunter2');
    expect(posted()).not.toContain('hunter2');
    const files = world.sandbox.files().filter((file) => !file.deleted);
    expect(files).toHaveLength(1);
    expect(files[0]?.content.toString()).not.toContain('hunter2');
    expect(files[0]?.content.toString()).toContain('redacted');
    expect((await entries())[1]).toMatchObject({ redacted: true, text: '' });
    expect(await verdict()).toMatchObject({ whole: true, redacted: 1 });
    expect(
      world.sandbox.channel(channel)?.messages.some((each) => each.text.includes('#2 was redacted')),
    ).toBe(true);
    expect(await say('redact #2 again')).toContain('was redacted before');
  });

  test('an update and a task are not mended on the timeline alone', async () => {
    const world = await openWorld({ engine });
    const { say, entries } = await openIncident(world);
    await say('update all is well');
    await say('task look at it');
    const seq = async (text: string) => (await entries()).find((each) => each.text.includes(text))?.seq ?? 0;
    const [told, task] = [await seq('all is well'), await seq('look at it')];
    expect(await say(`correct #${told} nothing is well`)).toContain('/incident update TEXT');
    for (const line of [`correct #${task} look there`, `strike #${task}`])
      expect(await say(line)).toContain('/incident drop TASK REASON');
    expect((await entries()).filter((each) => each.struck || each.correctedBy)).toEqual([]);
  });

  test('what was taken back, or repeated by a correction or a strike, is redacted with the rest', async () => {
    const world = await openWorld({ engine });
    const { say, posted } = await openIncident(world);
    await say('note the key is hunter2');
    await say('correct #2 the key is hunter3');
    await say('undo');
    await say('strike #2 since hunter4 works');
    await say('redact #2 a key');
    await say('note it was hunter5');
    const taken = (await say('undo')).match(/#(\d+)/)?.[1];
    expect(await say(`redact #${taken} a key`)).toContain('taken out of the record');
    const rows = await Promise.all([
      world.app.db.read.fact.findMany(),
      world.app.db.read.entry.findMany(),
      world.app.db.read.job.findMany(),
      world.app.db.read.request.findMany(),
    ]);
    const text = JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(text + posted()).not.toMatch(/hunter\d/);
  });

  test('a timeline written in the wrong zone is moved, and what named its zone or its moment stays', async () => {
    const world = await openWorld({ engine, at: '2026-03-10T12:30:00Z' });
    const { say, entries } = await openIncident(world);
    await say('note 11:22 the proxy restarts');
    await say('note 10:40 UTC the proxy is up');
    await say('note now it works');
    await say('started 11:10');
    const reply = await say('shift -1h');
    expect(reply).toContain('2 entries');
    const times = (await entries()).map((each) => each.occurredAt?.toISOString().slice(11, 16));
    // Ana is in Berlin: 11:22 was 10:22 UTC.
    expect(times.slice(1, 5)).toEqual(['09:22', '10:40', '12:30', '09:10']);
    expect((await world.app.db.read.incident.findFirstOrThrow()).startedAt?.toISOString()).toContain('09:10');
    await say('undo');
    expect((await entries())[1]?.occurredAt?.toISOString()).toContain('10:22');
    expect((await world.app.db.read.incident.findFirstOrThrow()).startedAt?.toISOString()).toContain('10:10');
  });

  test('each change of state is taken back within a minute, by who made it, and both stay on record', async () => {
    const world = await openWorld({ engine });
    const { say, entries, verdict } = await openIncident(world);
    const state = async () => {
      const incident = await world.app.db.read.incident.findFirstOrThrow();
      const roles = await world.app.db.read.roleHolding.findMany({ where: { until: null } });
      const impacts = await world.app.db.read.impact.findMany({ where: { until: null } });
      const { status, severity, startedAt, mitigatedAt, acknowledgedAt, resolvedAt } = incident;
      return {
        ...{ status, severity, startedAt, mitigatedAt, acknowledgedAt, resolvedAt },
        roles: roles.map((each) => `${each.role} ${each.userName}`),
        impacts: impacts.map((each) => `${each.service} ${each.level}`),
      };
    };
    const changes = [
      'severity 1',
      'status monitoring a fix is in',
      'resolve',
      'role commander me',
      'affects api/prod degraded',
      'affects web/prod major_outage',
      'started 10:00 UTC',
      'ack',
    ];
    for (const change of changes) {
      const before = await state();
      await say(change);
      expect(await state(), change).not.toEqual(before);
      expect(await say('undo', 'bob')).toContain('You changed nothing');
      expect(await say('undo'), change).toContain('Undone');
      expect(await state(), change).toEqual(before);
    }
    await say('role commander me');
    await say('role commander @bob');
    await say('undo');
    expect((await state()).roles).toEqual(['commander ana']);
    const count = (await entries()).length;
    await say('severity 4');
    await world.pass({ seconds: 61 });
    expect(await say('undo')).toContain('within the last minute');
    expect((await entries()).length).toBe(count + 1);
    expect(await verdict()).toMatchObject({ whole: true });
  });

  test('verify names the first entry that does not fit', async () => {
    const world = await openWorld({ engine });
    const { say, incident, verdict } = await openIncident(world);
    for (const text of ['one', 'two', 'three']) await say(`note ${text}`);
    expect(await verdict()).toMatchObject({ whole: true, facts: 4 });
    const fact = await world.app.db.read.fact.findFirstOrThrow({
      where: { incidentId: incident.id, seq: 3 },
    });
    const tamper = (data: object) =>
      world.app.db.write((tx) => tx.fact.update({ where: { id: fact.id }, data }));
    await tamper({ data: { kind: 'note', text: 'two and a half' } });
    expect(await verdict()).toMatchObject({
      whole: false,
      seq: 3,
      reason: 'it was changed after it was recorded',
    });
    await tamper({ data: fact.data as object, occurredAt: new Date(0) });
    expect(await verdict()).toMatchObject({ whole: false, seq: 3 });
    await tamper({ occurredAt: fact.occurredAt });
    expect(await verdict()).toMatchObject({ whole: true });
    await world.app.db.write((tx) => tx.fact.delete({ where: { id: fact.id } }));
    expect(await verdict()).toMatchObject({ whole: false, seq: 3, reason: 'it is missing' });
  });

  test('the last fact cannot be cut off unnoticed', async () => {
    const world = await openWorld({ engine });
    const { say, incident, verdict } = await openIncident(world);
    await say('note the last word');
    await world.app.db.write((tx) => tx.fact.deleteMany({ where: { incidentId: incident.id, seq: 2 } }));
    expect(await verdict()).toMatchObject({ whole: false, seq: 2 });
  });

  test('an incident is merged, reopened, closed and linked, and says so', async () => {
    const world = await openWorld({ engine });
    const { say, posted } = await openIncident(world);
    await world.sandbox.person('bob').command('/incident declare the proxy is slow', { channel: 'general' });
    await world.settled();
    expect(await say('merge INC-2')).toContain('merged into INC-2');
    expect(posted()).toContain('merged into INC-2');
    const second = world.sandbox.channels().find((each) => each.name.startsWith('inc-2-'))?.name ?? '';
    expect(
      world.sandbox
        .messages(second)
        .map((each) => each.text)
        .join('\n'),
    ).toContain('INC-1 was merged into this');
    expect(await say('merge INC-9')).toContain('There is no INC-9');
    expect(await say('reopen it is another thing')).toContain('is open again');
    expect(await say('link https://example.com/graph write latency')).toContain('The link is with INC-1');
    expect(await say('link javascript:alert(1)')).toContain('https://');
    await say('resolve');
    expect(await say('close')).toContain('closed');
    await say('export md');
    expect(world.sandbox.files().at(-1)?.content.toString()).toContain('<https://example.com/graph>');
  });
});
