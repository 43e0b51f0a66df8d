// What the world is told of a change: one message that stays current, and those whom it concerns, each with why.
import { describe, expect, test } from 'vitest';
import { execute } from '../../../src/execute.js';
import { recordReport, silentReport } from '../../../src/features/change/index.js';
import { plainAsk } from '../../../src/plain-ask.js';
import { saidIn, sayChange, toldTo } from '../../helpers/changes.js';
import { callSlack } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

/** Bob owns api, on which Chen's web depends; api's owners read #general. */
async function catalogue(world: World): Promise<void> {
  const { db, workspace } = world.app;
  const workspaceId = workspace.id;
  const owner = (name: string) => ({ id: world.sandbox.person(name).id, name });
  await db.of(workspaceId).write(async (tx) => {
    const lists = { runsOn: [], checks: [], origin: 'slack' };
    await tx.service.create({
      data: { id: 'api', workspaceId, name: 'api', channel: 'general', owners: [owner('bob')], ...lists },
    });
    await tx.service.create({
      data: { id: 'web', workspaceId, name: 'web', owners: [owner('chen')], ...lists },
    });
    await tx.dependency.create({ data: { id: '1', workspaceId, service: 'web', dependsOn: 'api' } });
  });
}

async function report(world: World, over: object): Promise<void> {
  const { kernel, workspace } = world.app;
  const actor = { kind: 'pipeline' as const, id: 'token:ci', name: 'ci', zone: null };
  const target = { service: 'api', environment: 'prod', cluster: '' };
  const told = {
    ...silentReport,
    ...{ source: 'token:ci', key: '41', kind: 'deploy' as const, title: 'deploy api 41' },
    ...{ state: 'started' as const, targets: [target], format: 'native', ...over },
  };
  await execute(kernel, recordReport.given(told), plainAsk(workspace, actor, 'api', world.now()));
  await world.settled();
}

describe('in the channel', () => {
  test('a change is one message that stays current through its states; what matters is said in its thread', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 kind:deploy on:api/prod at:"11:00 UTC" for:1h');
    expect(saidIn(world)).toHaveLength(1);
    expect(saidIn(world)[0]).toContain('CHG-1 deploy api 41');
    expect(saidIn(world)[0]).toContain('planned for');
    await sayChange(world, 'ana', 'move CHG-1 11:10 UTC');
    await world.pass({ minutes: 70 });
    await sayChange(world, 'bob', 'start CHG-1');
    expect(saidIn(world)[0]).toContain('started since');
    await sayChange(world, 'bob', 'fail CHG-1 it does not come up');
    expect(saidIn(world)[0]).toContain('“it does not come up”');
    await sayChange(world, 'bob', 'rollback CHG-1');
    expect(saidIn(world)).toHaveLength(1);
    expect(saidIn(world)[0]).toContain('rolled back');
    const thread = saidIn(world, 'changes', 'thread');
    expect(thread).toHaveLength(4);
    for (const [i, words] of ['moved', 'begins 30m late', 'failed: it does not', 'rolled back'].entries())
      expect(thread[i]).toContain(words);
  });

  test('what is not in production, or runs what ran before, is not posted, whatever becomes of it', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 kind:deploy on:api/staging');
    await sayChange(world, 'ana', 'start CHG-1');
    await sayChange(world, 'ana', 'fail CHG-1 broken');
    expect(saidIn(world)).toEqual([]);
    expect(saidIn(world, 'changes', 'thread')).toEqual([]);
    await sayChange(world, 'ana', 'describe CHG-1 on:api/prod');
    expect(saidIn(world)).toHaveLength(1);
  });

  test('words of people are words: no mention, no link, and nothing is unfurled', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce <!channel> <https://evil.example|ok> *x* on:api/prod');
    const [call] = world.sandbox.calls.filter((each) => each.method === 'chat.postMessage');
    expect(JSON.stringify(call?.args.blocks)).not.toMatch(/"broadcast"|"usergroup"|"type":"mrkdwn"/);
    expect(String(call?.args.unfurl_links)).toBe('false');
    expect(saidIn(world)[0]).not.toContain('<!channel>');
  });

  test('it is readable without blocks, and every button has its line', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod begun');
    const [posted] = world.sandbox
      .messages('changes')
      .filter((each) => each.user === world.sandbox.botUserId && each.blocks.length > 0);
    const actions = (posted?.blocks ?? []).flatMap((each) => (each.elements ?? []) as { value?: string }[]);
    const values = actions.flatMap((each) => each.value ?? []);
    expect(values).toEqual(['/change done CHG-1', '/change fail CHG-1', '/change rollback CHG-1']);
    expect(posted?.text).toContain('started since');
  });
});

describe('one by one', () => {
  test('owners of what it touches, and of what depends on that, are told why; the announcer is not', async () => {
    const world = await openWorld();
    await catalogue(world);
    await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod at:"18:00 UTC"');
    expect(toldTo(world, 'bob')).toEqual([expect.stringContaining('because you own api.')]);
    expect(toldTo(world, 'chen')).toEqual([
      expect.stringContaining('because you own web, which depends on api.'),
    ]);
    expect(toldTo(world, 'chen')[0]).toContain('/change move CHG-1');
    expect(toldTo(world, 'ana')).toEqual([]);
    expect(
      saidIn(world, 'general').filter((text) => text.includes('those who own api read here')),
    ).toHaveLength(1);
    await sayChange(world, 'ana', 'move CHG-1 19:00 UTC');
    expect(toldTo(world, 'chen')[1]).toContain('CHG-1 was moved');
    await sayChange(world, 'ana', 'cancel CHG-1 not ready');
    expect(toldTo(world, 'chen')[2]).toContain('cancelled, was planned: not ready');
  });

  test('where it is said later what it touches, those who own that are told then, once', async () => {
    const world = await openWorld();
    await catalogue(world);
    await sayChange(world, 'ana', 'announce deploy something kind:deploy on:other/prod at:"18:00 UTC"');
    expect(toldTo(world, 'bob')).toEqual([]);
    await sayChange(world, 'ana', 'describe CHG-1 on:other/prod,api/prod');
    expect(toldTo(world, 'bob')).toEqual([expect.stringContaining('because you own api.')]);
    await sayChange(world, 'ana', 'describe CHG-1 on:api/prod');
    expect(toldTo(world, 'bob')).toHaveLength(1);
    expect(toldTo(world, 'chen')).toHaveLength(1);
  });

  test('whose change it is, if somebody else announced it or ended it, is told', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 owner:@bob begun');
    expect(toldTo(world, 'bob')).toEqual([expect.stringContaining('because you own this change')]);
    await sayChange(world, 'ana', 'fail CHG-1');
    expect(toldTo(world, 'bob')[1]).toContain('failed, was started');
    await sayChange(world, 'bob', 'rollback CHG-1');
    expect(toldTo(world, 'bob')).toHaveLength(2);
  });

  test('what a pipeline runs as always disturbs nobody; its upgrade does', async () => {
    const world = await openWorld();
    await catalogue(world);
    await report(world, {});
    expect(saidIn(world)).toHaveLength(1);
    expect([toldTo(world, 'bob'), toldTo(world, 'chen')]).toEqual([[], []]);
    await report(world, { key: '42', kind: 'upgrade', title: 'upgrade the base image' });
    expect(toldTo(world, 'chen')).toHaveLength(1);
    await report(world, { key: '43', targets: [{ service: 'api', environment: 'staging', cluster: '' }] });
    expect(saidIn(world).join('\n')).not.toContain('CHG-3');
  });
});

describe('the channel of changes', () => {
  test.each(['missing', 'archived', 'closed to us'])(
    '%s: whoever announced is told once, App Home says it while it lasts, and then all goes on',
    async (how) => {
      const world = await openWorld(
        how === 'missing' ? { sandbox: { channels: [{ name: 'general' }, { name: 'incidents' }] } } : {},
      );
      const id = world.sandbox.channel('changes')?.id ?? '';
      if (how === 'archived') await callSlack(world, 'conversations.archive', { channel: id });
      if (how === 'closed to us')
        world.sandbox.faults.refuse('chat.postMessage', 'not_in_channel', { channel: id });
      const reply = await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod kind:deploy');
      expect(reply).toContain('CHG-1');
      await sayChange(world, 'ana', 'announce deploy web 7 on:web/prod kind:deploy');
      const told = toldTo(world, 'ana').filter((text) => text.includes('could not announce'));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('CHG-2, CHG-1');
      expect(told[0]).toMatch(/\/invite @Andon|unarchive it/);
      expect(told[0]).toContain('ANDON_CHANGES_CHANNEL');
      const home = async () => {
        await world.sandbox.person('bob').openHome();
        await world.settled();
        return JSON.stringify(world.sandbox.homeOf('bob'));
      };
      expect(await home()).toContain('Changes cannot be announced in #changes');

      world.sandbox.faults.clear();
      if (how === 'archived') await callSlack(world, 'conversations.unarchive', { channel: id });
      if (how === 'missing') await callSlack(world, 'conversations.create', { name: 'changes' });
      await world.pass({ minutes: 1 });
      await sayChange(world, 'ana', 'start CHG-1');
      expect(saidIn(world)).toHaveLength(1);
      expect(await home()).not.toContain('cannot be announced');
    },
  );
});

describe('Slack away', () => {
  test('the change is on record at once, and announced when Slack is back, once', async () => {
    const world = await openWorld();
    world.sandbox.faults.drop('chat.postMessage', 'after', { times: 1 });
    world.sandbox.faults.status('conversations.open', 500, { times: 2 });
    await catalogue(world);
    await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod');
    await sayChange(world, 'ana', 'start CHG-1');
    expect(saidIn(world)).toHaveLength(1);
    expect(toldTo(world, 'chen')).toHaveLength(1);
  });
});
