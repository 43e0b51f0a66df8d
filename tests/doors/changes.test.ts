// Changes through Slack's own protocol: by line, form, button and mention, each asked once or twice, with Slack refusing.
import { describe, expect, test } from 'vitest';
import { saidIn, sayChange, toldTo } from '../helpers/changes.js';
import { rows, unfinished } from '../helpers/record.js';
import { again, commandBody, post } from '../helpers/requests.js';
import { openWorld, type World } from '../helpers/world.js';

const changes = (world: World) =>
  rows<{ number: number; title: string; kind: string; state: string; ownerName: string }>(
    world.databaseUrl,
    'SELECT "number", "title", "kind", "state", "ownerName" FROM "Change" ORDER BY "number"',
  );

describe('the form', () => {
  test('no words open it, and what it is filled with is announced', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/change announce');
    const view = await ana.waitForView();
    expect(view.title).toBe('Announce a change');
    const sent = await ana.submit(view, {
      title: 'upgrade the control plane',
      kind: 'upgrade',
      on: 'k8s/production',
      at: 'tomorrow 10:00',
      for: '2h',
      flags: ['irreversible'],
      cover: world.sandbox.person('bob').id,
    });
    expect(sent).toMatchObject({ ok: true, closed: true });
    await world.settled();
    expect(changes(world)).toMatchObject([{ kind: 'upgrade', state: 'planned', ownerName: 'ana' }]);
    expect(rows(world.databaseUrl, 'SELECT "reversible", "coverName" FROM "Change"')).toEqual([
      { reversible: 'no', coverName: 'bob' },
    ]);
    expect(world.sandbox.ephemerals('ana')[0]?.text).toContain('CHG-1 announced, an upgrade');
    expect(saidIn(world)).toHaveLength(1);
  });

  test('a mistake lands on its field and writes nothing', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/change announce');
    const view = await ana.waitForView();
    for (const [field, value] of Object.entries({
      title: ' ',
      on: 'a/b/c/d',
      at: '13:55 PM',
      for: 'soon',
      url: 'ftp://x',
    })) {
      const good = { title: 'deploy api', on: '', at: '', for: '', url: '' };
      const answer = await ana.submit(view, { ...good, [field]: value });
      expect(Object.keys(answer.errors ?? {}), field).toEqual([field]);
    }
    expect(changes(world)).toEqual([]);
  });

  test('a button that leaves the time open opens the form of moving, with the change filled in', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod at:"10:40 UTC"');
    await world.pass({ minutes: 26 });
    const [asked] = toldTo(world, 'ana').filter((text) => text.includes('Did CHG-1 begin?'));
    expect(asked).toBeDefined();
    const direct = world.sandbox.channels().find((each) => each.isIm && each.members.includes(ana.id));
    const ts = direct?.messages.find((each) => each.text.includes('Did CHG-1 begin?'))?.ts ?? '';
    await ana.click(direct?.id ?? '', ts, 'run:/change move CHG-1');
    const view = await ana.waitForView();
    expect(view.title).toBe('Move a change');
    expect(await ana.submit(view, { time: '14:00 UTC' })).toMatchObject({ ok: true, closed: true });
    await world.settled();
    expect(saidIn(world, 'changes', 'thread')[0]).toContain('CHG-1 moved');
  });
});

describe('buttons and mentions', () => {
  test('the buttons of the message begin and end it, whoever presses', async () => {
    const world = await openWorld();
    const bob = world.sandbox.person('bob');
    await sayChange(world, 'ana', 'announce deploy api 41 kind:deploy on:api/prod');
    for (const [command, state] of [
      ['/change start CHG-1', 'started'],
      ['/change done CHG-1', 'succeeded'],
    ] as const) {
      const ts = world.sandbox.messages('changes').find((each) => each.blocks.length > 0)?.ts ?? '';
      await bob.click('changes', ts, `run:${command}`);
      await world.settled();
      expect(changes(world)).toMatchObject([{ state }]);
    }
    expect(saidIn(world)).toHaveLength(1);
    expect(toldTo(world, 'ana').join('\n')).toContain('bob says that CHG-1 is started');
  });

  test('a mention may name the surface, or let the verb tell', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.say('@localapp announce deploy api 41 kind:deploy on:api/prod', { channel: 'incidents' });
    await world.settled();
    expect(changes(world)).toMatchObject([{ title: 'deploy api 41' }]);
    await ana.say('@localapp change list', { channel: 'incidents' });
    await ana.say('@localapp show CHG-1', { channel: 'incidents' });
    await ana.say('@localapp start CHG-1', { channel: 'incidents' });
    await ana.say('@localapp done CHG-1 all is well', { channel: 'incidents' });
    await world.settled();
    expect(changes(world)).toMatchObject([{ state: 'succeeded' }]);
    const answers = world.sandbox.ephemerals('ana').map((each) => each.text);
    expect(answers.filter((text) => text.includes('deploy api 41'))).toHaveLength(3);
    // What incidents have too stays theirs.
    await ana.say('@localapp list', { channel: 'incidents' });
    await world.settled();
    expect(world.sandbox.ephemerals('ana').at(-1)?.text).toContain('No incident is open');
  });

  test('App Home shows what is changing, and what of one’s own nobody said the end of', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 kind:deploy on:api/prod for:30m begun');
    await sayChange(world, 'bob', 'announce deploy web 3 kind:deploy on:web/staging');
    const home = async (name: string) => {
      await world.sandbox.person(name).openHome();
      await world.settled();
      return JSON.stringify(world.sandbox.homeOf(name));
    };
    const drawn = await home('bob');
    expect(drawn).toContain('Changing');
    expect(drawn.indexOf('CHG-1')).toBeLessThan(drawn.indexOf('CHG-2'));
    expect(await home('ana')).not.toContain('Did CHG-1 end?');
    await world.pass({ minutes: 31 });
    expect(await home('ana')).toContain('Did CHG-1 end?');
    expect(await home('bob')).toContain('Did CHG-2 begin?');
    await world.sandbox.person('ana').clickHome('run:/change done CHG-1');
    await world.settled();
    expect(changes(world)[0]).toMatchObject({ state: 'succeeded' });
    expect(await home('ana')).not.toContain('Did CHG-1 end?');
  });
});

describe('twice, and refused', () => {
  test('a request that comes twice is one change and one message', async () => {
    const world = await openWorld();
    const request = {
      type: 'form' as const,
      body: commandBody(world, 'announce deploy api 41 on:api/prod', { command: '/change' }),
    };
    const [one, two] = await Promise.all([post(world, request), post(world, request)]);
    expect([one?.status, two?.status]).toEqual([200, 200]);
    await world.settled();
    expect(changes(world)).toHaveLength(1);
    expect(saidIn(world)).toHaveLength(1);
    const click = await (async () => {
      const ts = world.sandbox.messages('changes').find((each) => each.blocks.length > 0)?.ts ?? '';
      await world.sandbox.person('bob').click('changes', ts, 'run:/change start CHG-1');
      await world.settled();
      return world.sandbox.log.filter((each) => each.kind === 'interaction').at(-1);
    })();
    if (click) await post(world, again(click));
    await world.settled();
    expect(rows(world.databaseUrl, `SELECT 1 FROM "Fact" WHERE "type" = 'ChangeStateSet'`)).toHaveLength(1);
  });

  test.each([
    'chat.postMessage',
    'chat.update',
    'conversations.open',
    'users.info',
    'views.open',
    'chat.postEphemeral',
  ])(
    '%s refused: the change is on record, nothing waits for ever, and what can be said is said',
    async (method) => {
      const world = await openWorld();
      world.sandbox.faults.refuse(method, 'missing_scope');
      const reply = await sayChange(
        world,
        'ana',
        'announce deploy api 41 kind:deploy on:api/prod owner:@bob',
      );
      expect(reply).toContain('CHG-1 announced');
      expect(await sayChange(world, 'chen', 'start CHG-1')).toContain('started now');
      expect(await sayChange(world, 'chen', 'fail CHG-1 broken')).toContain('failed now');
      expect(changes(world)).toMatchObject([{ state: 'failed' }]);
      expect(unfinished(world.databaseUrl).filter((each) => each.state === 'waiting')).toEqual([]);
      if (method !== 'chat.postMessage') expect(saidIn(world)).toHaveLength(1);
    },
  );
});
