// The order of statuses: the one of the latest time is that of now, whenever it was told.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function open(desk: Desk, more = '') {
  const say = async (line: string) => {
    const [verb, ...rest] = line.split(' ');
    return desk.say('bob', [verb, 'INC-1', ...rest].join(' '));
  };
  const accepted = async (line: string) => {
    const answer = await say(line);
    expect(answer.accepted, answer.text).toBe(true);
    return answer.text;
  };
  desk.at('10:30');
  await desk.say('bob', `declare writes are stuck ${more}`);
  desk.at('11:00');
  const row = () => desk.db.read.incident.findFirstOrThrow();
  const impacts = () => desk.db.read.impact.findMany({ orderBy: [{ service: 'asc' }, { since: 'asc' }] });
  return { say, accepted, row, impacts };
}

const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);

describe.each(engines)('on %s', (engine) => {
  test('a status of an earlier time told later does not undo what came after it', async () => {
    const desk = await openDesk(engine);
    const { accepted, row, impacts } = await open(desk, 'on:api/prod');
    await accepted('resolve at:10:50');
    expect(await accepted('status identified a bad merge at:10:35')).toContain('INC-1 stays resolved');
    expect(await row()).toMatchObject({ status: 'resolved', resolvedAt: at('10:50'), statusText: null });
    expect(await impacts()).toMatchObject([{ until: at('10:50') }]);
    const entries = await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
    expect(entries.at(-1)).toMatchObject({
      text: 'Status identified; resolved came later and stays: a bad merge',
      occurredAt: at('10:35'),
    });
    await accepted('status monitoring at:10:40');
    expect(await row()).toMatchObject({ status: 'resolved', mitigatedAt: at('10:40') });
  });

  test('a status with no time is of now, one of an unknown time of when it was told', async () => {
    const desk = await openDesk(engine);
    const { accepted, row } = await open(desk);
    await accepted('resolve at:10:50');
    await accepted('status identified');
    expect(await row()).toMatchObject({ status: 'identified', resolvedAt: null });
    await accepted('resolve at:TBC');
    expect(await row()).toMatchObject({ status: 'resolved', resolvedAt: null });
    await accepted('status monitoring at:TBC');
    expect(await row()).toMatchObject({ status: 'monitoring' });
  });

  test('a status that was told for a time to come gives way to the next', async () => {
    const desk = await openDesk(engine);
    const { accepted, row } = await open(desk);
    await accepted('status monitoring at:15:00 today');
    desk.at('11:05');
    await accepted('status identified');
    expect(await row()).toMatchObject({ status: 'identified' });
  });

  test('to reopen counts whatever its time, and undone, the earlier status is that of now', async () => {
    const desk = await openDesk(engine);
    const { accepted, row } = await open(desk);
    await accepted('resolve at:10:50');
    await accepted('reopen errors are back at:10:45');
    expect(await row()).toMatchObject({ status: 'investigating', resolvedAt: null });
    await accepted('undo');
    expect(await row()).toMatchObject({ status: 'resolved', resolvedAt: at('10:50') });
  });

  test('the time of resolution and of acknowledgement can be mended', async () => {
    const desk = await openDesk(engine);
    const { accepted, say, row, impacts } = await open(desk, 'on:api/prod');
    await accepted('affects web/prod degraded at:10:35');
    await accepted('resolve it is over');
    expect((await say('resolve')).text).toContain('/incident status resolved at:TIME');
    expect(await accepted('resolve at:10:45')).toContain('the time said before no longer counts');
    expect(await row()).toMatchObject({ resolvedAt: at('10:45'), statusText: 'it is over' });
    expect(await impacts()).toMatchObject([{ until: at('10:45') }, { until: at('10:45') }]);
    await accepted('ack');
    expect((await say('ack')).text).toContain('/incident ack at:TIME');
    await accepted('ack at:10:33');
    expect(await row()).toMatchObject({ acknowledgedAt: at('10:33') });
    await accepted('close');
    expect(await accepted('resolve at:10:40')).toContain('INC-1 stays closed');
    expect(await row()).toMatchObject({ status: 'closed', resolvedAt: at('10:40') });
    const entries = await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
    expect(entries.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Status resolved, at another time than said before',
        'Acknowledged at another time than said before',
      ]),
    );
    await accepted('reopen errors are back');
    expect(await impacts()).toMatchObject([{ until: null }, { until: null }]);
  });

  test('to correct the entry of a status or of an acknowledgement names the command that mends it', async () => {
    const desk = await openDesk(engine);
    const { accepted, say } = await open(desk);
    await accepted('ack');
    await accepted('resolve');
    expect((await say('correct #2 10:33')).text).toContain('/incident ack at:TIME');
    expect((await say('correct #3 10:50')).text).toContain('/incident status resolved at:TIME');
  });

  test('an impact that would run backwards is remarked, as is a resolution before the start', async () => {
    const desk = await openDesk(engine);
    const { accepted } = await open(desk, 'on:api/prod started:10:25');
    await accepted('affects web/prod major_outage at:10:50');
    const said = await accepted('resolve at:10:20');
    expect(said).toContain('before it started');
    expect(said).toMatch(
      /api\/prod and 1 more was affected only from .*10:25.*one of the two times is wrong/,
    );
    expect(await accepted('resolve at:10:55')).not.toContain('wrong');
  });
});
