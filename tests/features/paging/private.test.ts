// What pages of private incidents and of drills keep to themselves.
import { describe, expect, test } from 'vitest';
import { readCall } from '../../../src/features/paging/index.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { factsOf, onCall, pass, said, waiting, ways } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('of a private incident whoever is no member learns its number, and is let in when they have it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', 'page INC-1 default rotate them');
    for (const { effect } of await waiting(desk)) {
      const call = await readCall(desk.db.read, effect.attemptId);
      expect(call).toMatchObject({ reason: null, incident: { key: 'INC-1', shown: null } });
    }
    // To others there is no such page, and Bob, who was called, sees nothing of what it is.
    expect((await desk.say('eve', 'ack PAGE-1')).text).toContain('There is no PAGE-1');
    expect((await desk.say('eve', 'pages')).text).not.toContain('PAGE-1');
    expect((await desk.say('bob', 'page PAGE-1')).text).not.toContain('rotate');
    expect((await desk.say('bob', 'show INC-1')).text).not.toContain('keys');

    await says(desk, 'bob', 'ack PAGE-1');
    expect(await desk.db.read.member.findMany({ where: { userId: 'U0BOB' } })).toHaveLength(1);
    expect((await desk.say('bob', 'page PAGE-1')).text).toContain('rotate');
  });

  test('a member hears by Slack what it is, and by letter nothing', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', 'role INC-1 operations @bob');
    await says(desk, 'ana', 'page INC-1 @bob rotate them');
    const told = new Map<string, string | null>();
    for (const { effect } of await waiting(desk))
      told.set(effect.path, (await readCall(desk.db.read, effect.attemptId))?.reason ?? null);
    expect(Object.fromEntries(told)).toEqual({ slack: 'rotate them', mail: null });
  });

  test('a drill says whom it would call, calls only its own people, and goes on from level to level', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the cluster is gone drill');
    await says(desk, 'ana', 'role INC-1 operations @bob');
    const reply = await says(desk, 'ana', 'page INC-1 default');
    expect(reply).toContain('Would be called: Bob by e-mail');
    expect(await ways(desk)).toEqual(['Bob slack']);
    await pass(desk, 5);
    expect(await waiting(desk)).toEqual([]);
    expect(await said(desk)).toContainEqual(expect.stringContaining('would call Eve by Slack and e-mail'));
    const attempts = await desk.db.read.pageAttempt.findMany({
      select: { toName: true, path: true, state: true },
    });
    expect(attempts).toHaveLength(4);
    expect(attempts.filter(({ state }) => state !== 'simulated')).toEqual([
      { toName: 'Bob', path: 'slack', state: 'delivered' },
    ]);
    expect(await factsOf(desk, 'PageFailed')).toEqual([]);
  });

  test('what is redacted is in no page any more', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default the password is hunter2');
    await ways(desk);
    const entry = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter2' } } });
    await says(desk, 'ana', `redact INC-1 ${entry.seq} a password`);
    await desk.turn();
    expect(JSON.stringify(await desk.db.read.page.findMany())).not.toContain('hunter2');
    const edits = (await waiting(desk)).filter(({ effect }) => effect.what === 'over');
    expect(edits).toHaveLength(1);
    for (const table of ['fact', 'entry', 'request', 'job'] as const) {
      const rows = await (desk.db.read[table] as unknown as { findMany(): Promise<unknown[]> }).findMany();
      const text = JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
      expect(text, table).not.toContain('hunter2');
    }
  });
});
