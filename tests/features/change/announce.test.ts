// Announcing, moving and describing: what is understood is said back, and one change is announced once.
import { describe, expect, test } from 'vitest';
import { kindFrom } from '../../../src/features/change/decide.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

const only = async (desk: Desk) => desk.db.read.change.findFirstOrThrow({ orderBy: { number: 'desc' } });

/** The command lines of the buttons that move a change. */
const movesIn = (blocks: unknown) =>
  [...JSON.stringify(blocks).matchAll(/"value":"(\/change move CHG-2 at:[^"]*Z)"/g)].map(
    (found) => found[1] ?? '',
  );

/** Services as the catalogue has them: web depends on api, which depends on db. */
async function catalogue(desk: Desk): Promise<void> {
  const workspaceId = desk.workspace.id;
  const owners = { api: 'bob', db: 'eve', web: 'bob' } as const;
  await desk.db.write(async (tx) => {
    for (const [name, who] of Object.entries(owners)) {
      const owner = { id: who === 'bob' ? 'U0BOB' : 'U0EVE', name: who === 'bob' ? 'Bob' : 'Eve' };
      const lists = { owners: [owner], runsOn: [], checks: [] };
      const channel = name === 'db' ? 'team-db' : null;
      await tx.service.create({ data: { id: name, workspaceId, name, channel, origin: 'slack', ...lists } });
    }
    await tx.dependency.create({ data: { id: '1', workspaceId, service: 'api', dependsOn: 'db' } });
    await tx.dependency.create({ data: { id: '2', workspaceId, service: 'web', dependsOn: 'api' } });
  });
}

test.each([
  ['Upgrade the control plane to 1.31', 'upgrade'],
  ['migrate the orders table', 'migration'],
  ['Deploy api 41', 'deploy'],
  ['submit 5.2 to the app store', 'submission'],
  ['turn the checkout flag on', 'flag'],
  ['lower a config timeout', 'config'],
  ['drain two nodes', 'infrastructure'],
  ['rename a team', 'other'],
])('a kind that nobody said is read from the words: %s', (title, kind) => {
  expect(kindFrom(title)).toBe(kind);
});

describe.each(engines)('%s', (engine) => {
  test('the reply says what was understood: the time in both zones, where, the kind, who is told', async () => {
    const desk = await openDesk(engine);
    await catalogue(desk);
    const said = await desk.say(
      'ana',
      '/change announce upgrade the cluster on:db/production at:18:00 for:2h owner:@ana',
    );
    expect(said).toMatchObject({ accepted: true });
    for (const words of [
      'CHG-1',
      '18:00 CET (17:00 UTC), for 2h',
      'Touches db/prod.',
      'I took it for an upgrade',
      '/change describe CHG-1 kind:',
      '#changes',
      'Eve (owns db)',
      'Bob (owns api, which depends on db)',
      '#team-db',
    ])
      expect(said.text).toContain(words);
    expect(said.text).not.toContain('Not in the catalogue');
    expect(await only(desk)).toMatchObject({
      ...{ kind: 'upgrade', state: 'planned', source: 'andon', production: true, ownerId: 'U0ANA' },
      plannedStart: new Date('2026-03-10T17:00:00Z'),
      plannedEnd: new Date('2026-03-10T19:00:00Z'),
    });
  });

  test('without a time it is planned for now, and the reply says how to say that it began', async () => {
    const desk = await openDesk(engine);
    const said = await desk.say('ana', '/change announce deploy api 41 on:api/prod');
    expect(said.text).toContain('Planned for now. When it begins: /change start CHG-1.');
    expect(said.text).toContain('Not in the catalogue: api.');
    expect(await only(desk)).toMatchObject({ plannedStart: desk.now, plannedEnd: null });
    const begun = await desk.say('ana', '/change announce deploy web 3 begun');
    expect(begun.text).toContain('Under way since');
    expect(await only(desk)).toMatchObject({ state: 'started', startedAt: desk.now });
    expect(begun.text).toContain('Nobody said what it touches');
  });

  test('what collides is said with its why and three free times, each as a line that moves it there', async () => {
    const desk = await openDesk(engine);
    await desk.say('bob', '/change announce deploy api 41 on:api/prod kind:deploy at:"18:00 UTC" for:1h');
    const said = await desk.say(
      'ana',
      '/change announce deploy api 42 on:api/prod kind:deploy at:"18:30 UTC" for:1h',
    );
    expect(said.accepted).toBe(true);
    expect(said.text).toContain('CHG-1');
    expect(said.text).toContain('It had better wait');
    expect(said.text.match(/\/change move CHG-2 at:\S+Z/g)).toHaveLength(1);
    expect(said.text.split('\n').length).toBeLessThanOrEqual(12);
    const lines = movesIn(said.blocks);
    expect(new Set(lines).size).toBe(3);
    const moved = await desk.say('ana', lines[0] ?? '');
    expect(moved.accepted).toBe(true);
    expect(moved.text).toContain('I see nothing that it collides with.');
    const at = lines[0]?.split('at:')[1] ?? '';
    expect(await only(desk)).toMatchObject({
      plannedStart: new Date(at),
      plannedEnd: new Date(Date.parse(at) + 3_600_000),
    });
  });

  test('the same again within two minutes asks first; anyway means it; a repeated request is one change', async () => {
    const desk = await openDesk(engine);
    const line = '/change announce Deploy api, 41! on:api/prod url:https://ci.example.com/41 for:30m';
    await desk.say('ana', line);
    const again = await desk.say('ana', '/change announce deploy API 41 on:api/prod for:30m reversible:no');
    expect(again).toMatchObject({ accepted: false, field: 'title' });
    const whole = '/change announce deploy API 41 on:api/prod for:30m reversible:no anyway';
    expect(again.text).toContain(whole);
    expect(await desk.db.read.change.count()).toBe(1);
    expect((await desk.say('bob', line)).accepted).toBe(true);
    expect((await desk.say('ana', whole)).accepted).toBe(true);
    const ask = desk.ask('ana');
    await desk.execute(desk.bound('/change announce migrate orders'), ask);
    await desk.execute(desk.bound('/change announce migrate orders'), ask);
    expect(await desk.db.read.change.count()).toBe(4);
  });

  test('the line that is offered again keeps every word, and says the same', async () => {
    const desk = await openDesk(engine);
    const line =
      '/change announce deploy api 41 kind:deploy on:api/prod at:"2026-03-10 11:40" until:"13:10" cover:@Bob owner:@Eve url:https://ci.example.com/41 reversible:no begun irreversible';
    expect((await desk.say('ana', line)).accepted).toBe(true);
    const again = await desk.say('ana', line);
    expect(again.accepted).toBe(false);
    expect(again.text).toContain(`${line} anyway`);
    expect((await desk.say('ana', `${line} anyway`)).accepted).toBe(true);
    const [one, two] = await desk.db.read.change.findMany({ orderBy: { number: 'asc' } });
    const { id: _id, number: _number, key: _key, conflicts: _conflicts, ...same } = one ?? {};
    expect(two).toMatchObject(same);
  });

  test('what has begun began at the latest such time, never ahead', async () => {
    const desk = await openDesk(engine);
    // 11:45 for Ana.
    expect((await desk.say('ana', '/change announce sneaky on:db/prod at:11:30 begun')).accepted).toBe(true);
    const change = await desk.db.read.change.findFirstOrThrow();
    expect(change).toMatchObject({ state: 'started', startedAt: new Date('2026-03-10T10:30:00Z') });
    for (const at of ['"2026-03-11 11:30"', '"in 2 hours"', '"tomorrow 9:00"']) {
      const said = await desk.say('ana', `/change announce sly on:web/prod at:${at} begun`);
      expect([said.accepted, said.text], at).toEqual([false, expect.stringContaining('is still to come')]);
    }
    expect((await desk.say('ana', '/change announce late on:api/prod at:11:30')).text).toContain('11 Mar');
  });

  test('the same words somewhere else are another change', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/change announce restart on:api/prod');
    expect((await desk.say('ana', '/change announce restart on:web/prod')).accepted).toBe(true);
    expect((await desk.say('ana', '/change announce restart on:api/staging')).accepted).toBe(true);
    expect((await desk.say('ana', '/change announce restart on:db/prod,api/production')).accepted).toBe(
      false,
    );
    expect((await desk.say('ana', '/change announce restart')).accepted).toBe(false);
  });

  test('until: says its end, of the day on which it begins', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/change announce deploy api on:api/prod at:"18:00 UTC" until:"19:30 UTC"');
    expect(await only(desk)).toMatchObject({ plannedEnd: new Date('2026-03-10T19:30:00Z') });
    await desk.say('ana', '/change move CHG-1 "2026-03-12 09:00" until:10:15');
    expect(await only(desk)).toMatchObject({
      plannedStart: new Date('2026-03-12T08:00:00Z'),
      plannedEnd: new Date('2026-03-12T09:15:00Z'),
    });
    await desk.say('ana', '/change move CHG-1 until:11:00');
    expect(await only(desk)).toMatchObject({ plannedEnd: new Date('2026-03-12T10:00:00Z') });
    expect((await desk.say('ana', '/change move CHG-1 "2026-03-10 10:00"')).text).toContain('is past');
  });

  test('what cannot be planned is refused with what to write, and nothing is recorded', async () => {
    const desk = await openDesk(engine);
    for (const [line, words] of [
      ['at:unknown', 'Leave it out'],
      ['at:2029-01-01 10:00', 'more than a year ahead'],
      ['at:2026-03-01 10:00', '/change done CHG-7 at:TIME'],
      ['for:31d', '30 days'],
      ['for:soon', 'for:'],
      ['kind:party', 'A kind is'],
      ['url:javascript:alert(1)', 'https://'],
      ['url:https://e.example/a?b=1&c=<2>', 'url: has a character that no address has'],
      ['at:18:00 until:19:00 for:1h', 'not both'],
      ['at:"2026-03-12 18:00" until:"2026-03-12 17:00"', 'not after its beginning'],
      ['at:"2026-03-10 11:00"', 'Has it begun?'],
      ['reversible:maybe', 'yes, no or unknown'],
      ['cover:@ana', 'somebody else'],
      ['on:a/b/c/d', 'no component'],
    ] as const) {
      const said = await desk.say('ana', `/change announce deploy api ${line}`);
      expect(said.accepted, line).toBe(false);
      expect(said.text, line).toContain(words);
    }
    expect(await desk.db.read.fact.count()).toBe(0);
  });

  test('moving needs a plan and a time; a change that runs is not moved but takes longer', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/change announce deploy api on:api/prod at:"18:00 UTC" for:1h');
    expect((await desk.say('bob', '/change move CHG-1 "18:00 UTC"')).text).toContain('already');
    const moved = await desk.say('bob', '/change move CHG-1 19:00 UTC');
    expect(moved.text).toContain('CHG-1 is planned for 10 Mar 2026 19:00 UTC, for 1h.');
    expect(moved.text).toContain('It was 2026-03-10 18:00 UTC.');
    expect(await only(desk)).toMatchObject({ plannedEnd: new Date('2026-03-10T20:00:00Z') });
    expect((await desk.say('ana', '/change move CHG-9 19:00')).text).toContain('There is no CHG-9');
    await desk.say('ana', '/change start CHG-1');
    desk.now = new Date(desk.now.getTime() + 16 * 60_000);
    expect((await desk.say('ana', '/change move CHG-1 20:00')).text).toContain('/change running CHG-1');
    desk.now = new Date(desk.now.getTime() - 16 * 60_000);
    const longer = await desk.say('ana', '/change running CHG-1 for:3h');
    expect(longer.text).toContain('until about 2026-03-10 14:45 CET');
    await desk.say('ana', '/change done CHG-1');
    expect((await desk.say('ana', '/change move CHG-1 20:00')).text).toContain('only what is planned');
    expect((await desk.say('ana', '/change running CHG-1')).accepted).toBe(false);
  });

  test('told at its start that it had better wait, one plans it for another time, and it has not begun', async () => {
    const desk = await openDesk(engine);
    await desk.say('bob', '/change announce deploy web on:api/prod begun for:1h');
    await desk.say('ana', '/change announce deploy api on:api/prod at:"18:00 UTC" for:30m');
    const started = await desk.say('ana', '/change start CHG-2');
    const lines = movesIn(started.blocks);
    expect(lines).toHaveLength(3);
    const moved = await desk.say('ana', lines[0] ?? '');
    expect(moved.text).toContain('That it began no longer counts.');
    expect(await desk.db.read.change.findFirstOrThrow({ where: { number: 2 } })).toMatchObject({
      state: 'planned',
      startedAt: null,
      plannedStart: new Date((lines[0] ?? '').replace(/^.* at:/, '')),
    });
  });

  test('describing changes only what is named, and keeps the kind of what is over', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/change announce deploy api on:api/staging');
    expect(await only(desk)).toMatchObject({ production: false });
    const said = await desk.say('bob', '/change describe CHG-1 kind:config on:api/production owner:@bob');
    expect(said.accepted).toBe(true);
    expect(await only(desk)).toMatchObject({
      ...{ kind: 'config', production: true, ownerId: 'U0BOB', title: 'deploy api' },
    });
    expect(await desk.db.read.changeTarget.findMany({ select: { environment: true } })).toEqual([
      { environment: 'prod' },
    ]);
    expect((await desk.say('bob', '/change describe CHG-1 kind:config')).accepted).toBe(false);
    await desk.say('bob', '/change start CHG-1');
    await desk.say('bob', '/change done CHG-1');
    expect((await desk.say('bob', '/change describe CHG-1 kind:upgrade')).text).toContain('is counted');
  });

  test('hostile words are words: nothing is mentioned, linked or marked up', async () => {
    const desk = await openDesk(engine);
    const title = '<!channel> *bold* `code` <https://evil.example|ok> @here';
    const said = await desk.say('ana', `/change announce ${title} on:"<!here>/prod"`);
    expect(said.accepted).toBe(false);
    const good = await desk.say('ana', `/change announce ${title} on:api/prod`);
    expect(good.text).not.toMatch(/<!channel>|<https:/);
    expect(good.text).toContain('&lt;!channel&gt;');
    const shown = await desk.say('bob', '/change show CHG-1');
    expect(shown.text).not.toMatch(/<!channel>|<https:/);
  });
});
