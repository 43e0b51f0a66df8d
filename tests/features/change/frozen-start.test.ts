// What begins on frozen ground is told so at once: that it is frozen, that this is a violation, and how to ask.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';

describe.each(engines)('on %s', (engine) => {
  test.each([
    ['/change announce a new proxy on:api/prod begun', []],
    ['/change start CHG-1', ['/change announce a new proxy on:api/prod']],
  ])(
    '%s on hard-frozen ground is a violation, and nobody is told that they may go on',
    async (line, before) => {
      const desk = await openDesk(engine);
      for (const each of before) await desk.say('bob', each);
      await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod');
      const { accepted, text } = await desk.say('bob', line);
      expect(accepted).toBe(true);
      expect(text).toContain('That is frozen.');
      expect(text).toContain('is recorded as a violation');
      expect(text).toContain('/freeze except FRZ-1 change:CHG-1 REASON');
      expect(text).toContain('FRZ-1 freezes api/prod until');
      expect(text).not.toContain('you may go on');
      expect(text.split('\n').length).toBeLessThanOrEqual(12);
    },
  );

  test('begun a while ago, by its time of the day alone, it is a violation of that time', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod for:3h');
    desk.now = new Date('2026-03-10T11:05:00Z');
    const line = '/change announce sneaky kind:deploy on:api/prod at:10:50 begun';
    expect((await desk.say('bob', line)).text).toContain('is recorded as a violation');
    await desk.turn();
    expect(await desk.db.read.change.findFirstOrThrow()).toMatchObject({
      startedAt: new Date('2026-03-10T10:50:00Z'),
      violates: [1],
    });
  });

  test('planned into one it is frozen then; what only collides may go on', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod');
    const { text } = await desk.say('bob', '/change announce a new proxy on:api/prod at:"11:30 UTC"');
    expect(text).toContain('That is frozen then.');
    expect(text).not.toContain('you may go on');
    await desk.say('ana', '/freeze on mind your step on:web/prod soft');
    const soft = await desk.say('bob', '/change announce a new page on:web/prod begun');
    expect(soft.text).toContain('Mind: you may go on');
  });
});
