// Which freeze is lifted or extended where the words do not say: never one that was perhaps not meant.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';

const said = async (desk: Desk, line: string, person: PersonName = 'ana') => {
  const answer = await desk.say(person, line);
  if (!answer.accepted) throw new Error(`${line}: ${answer.text}`);
  return answer.text;
};
const lifted = (desk: Desk) => desk.db.read.freeze.count({ where: { liftedAt: { not: null } } });

describe.each(engines)('on %s', (engine) => {
  test.each([
    'on:api/prod',
    'api/prod is back',
    'CHG-7',
    'chg7',
    'INC-1 is over',
    'EXC-2',
    'the one of INC-1',
    'it is over env:prod',
    'web',
    'prod is fine again',
    'FRZ-x',
  ])('lift %s names no freeze: nothing is lifted, and the line to type is said', async (words) => {
    const desk = await openDesk(engine);
    await said(desk, '/freeze on the audit on:web/prod for:3h');
    const { accepted, text } = await desk.say('ana', `/freeze lift ${words}`);
    expect([accepted, await lifted(desk)]).toEqual([false, 0]);
    expect(text).toContain('/freeze lift FRZ-1');
    expect(text.split('\n').length).toBeLessThanOrEqual(6);
  });

  test('free words are why one’s own, the only one that is on, is lifted', async () => {
    const desk = await openDesk(engine);
    await said(desk, '/freeze on the audit on:web/prod for:3h');
    await said(desk, '/freeze lift all is well');
    expect(await desk.db.read.freeze.findFirstOrThrow()).toMatchObject({ liftText: 'all is well' });
  });

  test('another’s is not lifted by free words; in its incident’s channel it is', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'declare the cluster is gone on:web/prod', 'bob');
    await said(desk, 'freeze INC-1 stop now', 'bob');
    const { accepted, text } = await desk.say('ana', '/freeze lift all is well');
    expect([accepted, await lifted(desk)]).toEqual([false, 0]);
    expect(text).toContain('/freeze lift FRZ-1 all is well');
    await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId: 'C1' } }));
    const there = await desk.say('ana', '/freeze lift all is well', { channelId: 'C1' });
    expect([there.accepted, await lifted(desk)]).toEqual([true, 1]);
  });

  test('in the channel of a drill its own cord is listed and lifted, and nowhere else', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'declare the cluster is gone on:web/prod drill');
    await said(desk, 'freeze INC-1 stop now');
    await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId: 'C1' } }));
    const over = { channelId: 'C1' };
    for (const line of ['/freeze list', '/freeze status', '/freeze status on:web/prod']) {
      expect((await desk.say('ana', line, over)).text).toContain('FRZ-1');
      expect((await desk.say('ana', line, { channelId: 'C2' })).text).not.toContain('FRZ-1');
    }
    expect((await desk.say('ana', '/freeze lift', { channelId: 'C2' })).accepted).toBe(false);
    expect((await desk.say('ana', '/freeze lift', over)).accepted).toBe(true);
  });

  test('with a key any words are why', async () => {
    const desk = await openDesk(engine);
    await said(desk, '/freeze on the audit on:web/prod for:3h', 'bob');
    await said(desk, '/freeze lift FRZ-1 INC-1 is over, web/prod is back');
    expect(await lifted(desk)).toBe(1);
  });

  test('a length behind the key is how much longer; other words are not guessed', async () => {
    const desk = await openDesk(engine);
    await said(desk, '/freeze on the audit on:web/prod for:3h');
    expect(await said(desk, '/freeze extend FRZ-1 1h')).toContain('14:45 UTC');
    expect(await said(desk, '/freeze extend FRZ-1 by 30m')).toContain('15:15 UTC');
    for (const words of ['FRZ-1 a bit', 'FRZ-1 on:api/prod']) {
      const { accepted, text } = await desk.say('ana', `/freeze extend ${words}`);
      expect(accepted).toBe(false);
      expect(text).toContain('/freeze extend FRZ-1 for:1h');
    }
    for (const words of ['on:web/prod for:1h', 'CHG-7 for:1h', '1h', 'for:1h', '']) {
      const { accepted, text } = await desk.say('ana', `/freeze extend ${words}`.trim());
      expect(accepted).toBe(false);
      expect(text).toContain('FRZ-3');
      expect(text).not.toContain('`');
    }
    expect((await desk.db.read.freeze.findFirstOrThrow()).overAt).toEqual(new Date('2026-03-10T15:15:00Z'));
  });
});
