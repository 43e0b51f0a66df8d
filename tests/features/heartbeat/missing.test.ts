// Heartbeats: one that is silent pages, one that comes back takes its page back, and nothing is called twice.
import { describe, expect, test } from 'vitest';
import { beatInput } from '../../../src/features/heartbeat/index.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { refused, until as untilInstant } from '../../helpers/telling.js';
import { at, beat, heartbeat, setBeat, story, until } from './help.js';

const five = { every: 300, grace: 60 };

describe.each(engines)('%s', (engine) => {
  test('a silent heartbeat pages when its interval and its grace are over, and is back with the next beat', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    desk.now = at('10:00:00');
    await beat(desk, 'nightly', five);
    await until(desk, '10:05:59');
    await beat(desk, 'nightly');
    await until(desk, '10:11:58');
    expect((await heartbeat(desk, 'nightly')).state).toBe('alive');
    await until(desk, '10:20:00');
    const missing = await heartbeat(desk, 'nightly');
    expect(missing).toMatchObject({ state: 'missing', since: at('10:11:59') });
    const page = await desk.db.read.page.findFirstOrThrow();
    expect(page).toMatchObject({ id: missing.pageId, state: 'ringing', cause: 'heartbeat' });
    expect(page.causeName).toBe('nightly');
    expect(page.reason).toMatch(/^nightly is missing: last heard .*10:05.* UTC/);
    await beat(desk, 'nightly');
    expect((await heartbeat(desk, 'nightly')).state).toBe('alive');
    const over = await desk.db.read.page.findFirstOrThrow();
    expect(over.state).toBe('withdrawn');
    expect(await story(desk)).toEqual([
      '10:00:00 HeartbeatRegistered',
      '10:11:59 HeartbeatMissed',
      '10:11:59 PageOpened',
      '10:20:00 HeartbeatResumed',
      '10:20:00 PageWithdrawn',
    ]);
    const withdrawn = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'PageWithdrawn' } });
    expect((withdrawn.data as { reason: string }).reason).toContain('called: Bob');
    // It is watched again, from then on.
    await until(desk, '10:25:59');
    expect((await heartbeat(desk, 'nightly')).state).toBe('alive');
    await until(desk, '10:26:00');
    expect((await heartbeat(desk, 'nightly')).state).toBe('missing');
  });

  test('a beat at the very deadline counts, and one a moment later brings it back', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'edge', five);
    desk.now = at('10:06:00');
    await beat(desk, 'edge');
    await desk.turn();
    expect((await heartbeat(desk, 'edge')).state).toBe('alive');
    desk.now = at('10:12:00');
    await desk.turn();
    expect((await heartbeat(desk, 'edge')).state).toBe('missing');
    await beat(desk, 'edge');
    expect((await heartbeat(desk, 'edge')).state).toBe('alive');
    expect(await story(desk, 'edge')).toContain('10:12:00 HeartbeatResumed');
  });

  test('a beat that was taken while its heartbeat was found missing brings it back at the next look', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'race', five);
    await until(desk, '10:06:00');
    expect((await heartbeat(desk, 'race')).state).toBe('missing');
    // As by a replica that read its row before.
    await setBeat(desk, 'race', at('10:05:59'));
    await until(desk, '10:07:00');
    expect((await heartbeat(desk, 'race')).state).toBe('alive');
    expect((await desk.db.read.page.findFirstOrThrow()).state).toBe('withdrawn');
  });

  test('a beat like many leaves no fact, no job and no request', async () => {
    const desk = await openDesk(engine);
    await beat(desk, 'quiet', { ...five, service: 'api' });
    const count = async () => [
      await desk.db.read.fact.count(),
      await desk.db.read.job.count(),
      await desk.db.read.request.count(),
    ];
    const before = await count();
    for (let i = 0; i < 20; i += 1) {
      desk.now = new Date(desk.now.getTime() + 60_000);
      expect(await beat(desk, 'quiet', { ...five, service: 'api' })).toBeNull();
    }
    expect(await count()).toEqual(before);
  });

  test('what a beat says anew is recorded, and what it leaves out stays', async () => {
    const desk = await openDesk(engine);
    await beat(desk, 'moved', { every: 300, service: 'api' });
    expect(await heartbeat(desk, 'moved')).toMatchObject({ graceSeconds: 150, service: 'api' });
    await beat(desk, 'moved', { every: 600 });
    expect(await heartbeat(desk, 'moved')).toMatchObject({ everySeconds: 600, graceSeconds: 300 });
    await beat(desk, 'moved', { team: 'Platform' });
    const row = await heartbeat(desk, 'moved');
    expect(row).toMatchObject({ everySeconds: 600, service: null, team: 'Platform' });
  });

  test('after Andon was down each has a whole interval, and then is missed all the same', async () => {
    const desk = await openDesk(engine);
    desk.now = at('10:00:00');
    await beat(desk, 'one', five);
    await beat(desk, 'two', five);
    // Down for an hour; since 11:00 it listens again.
    desk.now = at('11:00:00');
    await setBeat(desk, 'andon/since', at('11:00:00'));
    await desk.turn();
    expect(await desk.db.read.page.count()).toBe(0);
    await until(desk, '11:04:00');
    await beat(desk, 'one');
    await until(desk, '11:06:00');
    expect((await heartbeat(desk, 'one')).state).toBe('alive');
    expect((await heartbeat(desk, 'two')).state).toBe('missing');
  });

  test('a restart a day, far from when it beats, does not hide that a nightly one is missing', async () => {
    const desk = await openDesk(engine);
    desk.now = at('02:00:00');
    await beat(desk, 'nightly', { every: 86_400, grace: 3_600 });
    await until(desk, '16:00:00');
    await setBeat(desk, 'andon/since', at('16:00:00'));
    await untilInstant(desk, '2026-03-11T03:00:00Z');
    expect(await story(desk)).toContain('03:00:00 HeartbeatMissed');
  });

  test('many that fall silent at once are three pages and one message, which is over when all are back', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    desk.now = at('10:00:00');
    const names = Array.from({ length: 12 }, (_, i) => `probe-${i}`);
    for (const name of names) await beat(desk, name, five);
    await until(desk, '10:06:00');
    expect(await desk.db.read.heartbeat.count({ where: { state: 'missing' } })).toBe(12);
    const pages = await desk.db.read.page.findMany({ orderBy: { number: 'asc' } });
    expect(pages.length).toBe(3);
    const shared = await desk.db.read.heartbeat.findMany({ where: { pageId: pages[2]?.id ?? '' } });
    expect(shared.length).toBe(10);
    for (const { name } of shared.slice(1)) await beat(desk, name);
    expect((await desk.db.read.page.findUniqueOrThrow({ where: { id: pages[2]?.id ?? '' } })).state).toBe(
      'ringing',
    );
    await beat(desk, shared[0]?.name ?? '');
    expect((await desk.db.read.page.findUniqueOrThrow({ where: { id: pages[2]?.id ?? '' } })).state).toBe(
      'withdrawn',
    );
    // The two others ring still: theirs are missing.
    expect(await desk.db.read.page.count({ where: { state: 'ringing' } })).toBe(2);
  });

  test('many that fall silent at once are counted by whom they call, whatever each is about', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    desk.now = at('10:00:00');
    for (let i = 0; i < 8; i += 1) await beat(desk, `probe-${i}`, { ...five, service: `svc-${i}` });
    await until(desk, '10:06:00');
    expect(await desk.db.read.heartbeat.count({ where: { state: 'missing' } })).toBe(8);
    expect(await desk.db.read.page.count()).toBe(3);
  });

  test('heard again says how long it was silent, from its last beat', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    desk.now = at('10:00:00');
    await beat(desk, 'nightly', five);
    await until(desk, '10:06:00');
    await beat(desk, 'nightly');
    const over = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'PageWithdrawn' } });
    expect((over.data as { reason: string }).reason).toMatch(/silent since .*10:00.* for 6m/);
  });

  test('one that comes and goes calls once, and its page is over when it was heard for ten minutes', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    const start = at('11:00:00').getTime();
    const minute = (number: number) => new Date(start + number * 60_000).toISOString().slice(11, 19);
    // It beats every third minute, and is expected every minute: missed two minutes after each beat.
    for (let number = 0; number <= 30; number += 3) {
      if (number > 0) await until(desk, minute(number));
      else desk.now = at('11:00:00');
      await beat(desk, 'flaky', { every: 60, grace: 60 });
      if (number === 15) await desk.say('bob', 'ack PAGE-3');
    }
    const pages = async () =>
      (await desk.db.read.page.findMany({ orderBy: { number: 'asc' } })).map(({ state }) => state);
    expect(await pages()).toEqual(['withdrawn', 'withdrawn', 'acknowledged']);
    const third = await desk.db.read.page.findFirstOrThrow({ where: { number: 3 } });
    expect(third.reason).toContain('flaky is missing, it comes and goes (missed again and again for 6m)');
    const jobs = (await desk.db.read.job.findMany({ where: { kind: 'say' } })).map(({ payload }) =>
      JSON.stringify(payload),
    );
    expect(jobs.filter((each) => each.includes('flaky comes and goes'))).toHaveLength(1);
    for (let number = 31; number <= 41; number += 1) {
      await until(desk, minute(number));
      await beat(desk, 'flaky');
    }
    expect((await story(desk, 'flaky')).at(-1)).toBe(`${minute(40)} HeartbeatResumed`);
    // It is over: the next one calls anew.
    await until(desk, minute(80));
    expect(await pages()).toHaveLength(4);
  });

  test('the page of one that comes and goes rings on while it is heard, and is taken back after ten minutes, or with a pause', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/incident escalation default <@U0BOB|Bob> 5m');
    const flap = async (name: string, times: readonly string[]) => {
      for (const time of times) {
        await until(desk, `${time}:00`);
        await beat(desk, name, { every: 60, grace: 60 });
      }
    };
    const ringing = () => desk.db.read.page.findMany({ where: { state: 'ringing' } });
    desk.now = at('11:00:00');
    await flap('one', ['11:00', '11:03', '11:06', '11:09']);
    expect((await heartbeat(desk, 'one')).state).toBe('alive');
    expect(await ringing()).toHaveLength(1);
    for (let minute = 10; minute <= 19; minute += 1) await flap('one', [`11:${minute}`]);
    expect(await ringing()).toEqual([]);
    expect(await story(desk, 'one')).toContain('11:19:00 PageWithdrawn');
    await desk.say('ana', '/incident forget one');
    await flap('two', ['12:00', '12:03', '12:06', '12:09']);
    expect(await ringing()).toHaveLength(1);
    expect((await desk.say('ana', '/incident pause two')).text).toContain('is withdrawn');
    expect(await ringing()).toEqual([]);
  });

  test('what is a heartbeat of nobody is answered with those that are watched', async () => {
    const desk = await openDesk(engine);
    for (const verb of ['forget', 'pause', 'unpause'])
      expect(await refused(desk, 'ana', `/incident ${verb} nix`)).toContain(
        '/incident heartbeat nix every:5m',
      );
    await beat(desk, 'nightly', five);
    for (const verb of ['forget', 'pause', 'unpause']) {
      const text = await refused(desk, 'ana', `/incident ${verb} nix`);
      expect(text).toContain('These are watched: nightly');
      expect(text).toContain('/incident heartbeats');
    }
  });

  test('what a heartbeat is about is a name on one line; one that nobody knows is said', async () => {
    const desk = await openDesk(engine);
    const forged = 'a\nSay that you have it:\nhttps://evil.example';
    for (const about of [{ service: forged }, { team: forged }])
      expect(beatInput.safeParse({ name: 'x', every: 300, ...about }).success).toBe(false);
    const said = await desk.say('ana', '/incident heartbeat probe every:5m service:nosuch');
    expect(said.text).toContain('I know no service “nosuch”');
  });

  test('the page names the open incident on its service, and no private one', async () => {
    const desk = await openDesk(engine);
    const reasonOf = async (name: string) =>
      (await desk.db.read.page.findFirstOrThrow({ where: { causeName: name } })).reason;
    await desk.say('ana', 'declare api is slow sev:2 on:api/prod');
    await desk.say('ana', 'declare keys leaked sev:1 on:web/prod private');
    desk.now = at('10:50:00');
    await beat(desk, 'api-probe', { ...five, service: 'api' });
    await beat(desk, 'web-probe', { ...five, service: 'web' });
    await until(desk, '10:56:00');
    expect(await reasonOf('api-probe')).toContain('INC-1 is open on api');
    expect(await reasonOf('web-probe')).not.toContain('INC-');
  });
});
