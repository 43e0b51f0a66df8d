// What people read of freezes: one message that stays current, each window said once, and the topic of the channel.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Stated } from '../../../src/core/fact.js';
import { execute } from '../../../src/execute.js';
import { lookCommand } from '../../../src/features/freeze/effects.js';
import { freezeFacts, freezeFeature } from '../../../src/features/freeze/index.js';
import { features } from '../../../src/features/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { saidIn, toldTo } from '../../helpers/changes.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { openWorld, type World } from '../../helpers/world.js';

async function say(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/freeze ${line}`, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

const topic = (world: World) => world.sandbox.channel('changes')?.topic ?? '';

async function statesAs(world: World, facts: readonly Stated[]): Promise<void> {
  const { db, workspace } = world.app;
  const ask = {
    ...{ requestId: 'test/cord', workspace, now: world.now(), newId: randomUUID, source: 'command' as const },
    ...{ channelId: null, threadTs: null, respondUrl: null },
    actor: { kind: 'person' as const, id: world.sandbox.person('ana').id, name: 'Ana', zone: 'UTC' },
  };
  await execute({ db, features, wake() {} }, recordResult.given([...facts]), ask);
  await world.settled();
}

async function setTopic(world: World, text: string): Promise<void> {
  const answer = await fetch(new URL('conversations.setTopic', world.sandbox.apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: world.sandbox.channel('changes')?.id, topic: text }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}

describe('in the channel of changes', () => {
  test('a freeze is one message that stays current, a line when it ends, and stands in the topic meanwhile', async () => {
    const world = await openWorld();
    const before = topic(world);
    await say(world, 'ana', 'on rebuilding eks on:*/prod/eks for:1h');
    expect(saidIn(world)).toHaveLength(1);
    expect(saidIn(world)[0]).toContain('FRZ-1 · frozen, hard · everything in prod on eks');
    expect(saidIn(world)[0]).toContain('rebuilding eks');
    expect(topic(world)).toMatch(/^\[FROZEN hard until 11:30 UTC: everything in prod on eks \(FRZ-1, /);
    await world.pass({ minutes: 59 });
    expect(saidIn(world)).toHaveLength(1);
    await world.pass({ minutes: 1 });
    expect(saidIn(world)).toHaveLength(2);
    expect(saidIn(world)[0]).toContain('FRZ-1 · over ·');
    expect(saidIn(world)[1]).toContain('FRZ-1 ended');
    expect(topic(world)).toBe(before);
    await world.pass({ hours: 5 });
    expect(saidIn(world)).toHaveLength(2);
  });

  test('what people wrote in the topic stays, and comes back', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'on first on:api/prod for:1h');
    // Somebody writes behind it.
    await setTopic(world, `${topic(world)} Ask in #platform`);
    await say(world, 'ana', 'on second one <!channel> ]x[ on:web/prod for:2h soft');
    expect(topic(world)).toContain('FRZ-1');
    expect(topic(world)).toContain(', and 1 more]');
    await say(world, 'ana', 'lift FRZ-1');
    expect(topic(world)).toContain('FROZEN soft until 12:30 UTC');
    expect(topic(world)).toContain('second one &lt;!channel&gt;  x )] Ask in #platform');
    await say(world, 'ana', 'lift FRZ-2');
    expect(topic(world)).toBe('Ask in #platform');
  });

  test('one to come is said a quarter of an hour before, and when it begins; one that was lifted is never on', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'on maintenance on:api/prod from:12:30 for:1h');
    await say(world, 'ana', 'on never mind on:web/prod from:12:30 for:1h');
    expect(topic(world)).not.toContain('FROZEN');
    await say(world, 'bob', 'lift FRZ-2 not today');
    expect(toldTo(world, 'ana').at(-1)).toContain('Your freeze FRZ-2 was lifted by');
    const [first] = saidIn(world);
    expect(first).toContain('will be frozen');
    const count = saidIn(world).length;
    // Ana is in Berlin: 12:30 there is 11:30 UTC.
    world.at('2026-03-10T11:15:00Z');
    await world.settled();
    expect(saidIn(world).slice(count).join()).toContain('FRZ-1 freezes api/prod from');
    world.at('2026-03-10T11:30:00Z');
    await world.settled();
    expect(saidIn(world).at(-1)).toContain('FRZ-1 begins: api/prod is frozen');
    expect(saidIn(world)[0]).toContain('FRZ-1 · frozen, hard');
    expect(topic(world)).toContain('FRZ-1');
    await world.pass({ hours: 2 });
    expect(saidIn(world).filter((each) => each.includes('FRZ-2'))).toHaveLength(2);
  });

  test('its owner is asked every two hours whether it is needed, in the thread and alone', async () => {
    const world = await openWorld();
    await say(world, 'bob', 'on the network is moved on:api/prod for:5h owner:@ana');
    expect(toldTo(world, 'ana')[0]).toContain('named you as its owner');
    await world.pass({ hours: 2 });
    expect(toldTo(world, 'ana').at(-1)).toContain('Your freeze FRZ-1 has been on for 2h');
    expect(saidIn(world, 'changes', 'thread').at(-1)).toContain('Is it still needed?');
    await world.pass({ hours: 2 });
    await world.pass({ minutes: 45 });
    const asked = toldTo(world, 'ana').filter((each) => each.includes('Is it still needed?'));
    expect(asked).toHaveLength(2);
    await say(world, 'ana', 'extend FRZ-1 for:1h');
    expect(saidIn(world, 'changes', 'thread').at(-1)).toContain('later: it was to end');
  });

  test('a quarter of an hour before it ends its owner is told, once for each end that it has', async () => {
    const world = await openWorld();
    await say(world, 'bob', 'on the network is moved on:api/prod for:1h owner:@ana');
    await say(world, 'bob', 'on a short one on:web/prod for:20m owner:@ana');
    const told = () => toldTo(world, 'ana').filter((each) => each.includes(' ends in '));
    await world.pass({ minutes: 44 });
    expect(told()).toEqual([]);
    await world.pass({ minutes: 1 });
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('Your freeze FRZ-1 of api/prod ends in 15m');
    expect(told()[0]).toContain('/freeze extend FRZ-1 for:1h');
    expect(saidIn(world, 'changes', 'thread').at(-1)).toContain('FRZ-1 of api/prod ends in 15m');
    await say(world, 'ana', 'extend FRZ-1 for:1h');
    await world.pass({ minutes: 59 });
    expect(told()).toHaveLength(1);
    await world.pass({ minutes: 1 });
    expect(told()).toHaveLength(2);
    // Whoever lets it end sooner than that has said so.
    expect(await say(world, 'ana', 'extend FRZ-1 until:"12:20 UTC"')).toContain('sooner');
    await world.pass({ minutes: 10 });
    expect(told()).toHaveLength(2);
    expect(saidIn(world).at(-1)).toContain('FRZ-1 ended');
  });

  test('of a rule that is on for days its owner is asked each day, and told before it ends', async () => {
    const world = await openWorld();
    await say(
      world,
      'bob',
      'on the holidays on:api/prod every:"11 Mar to 14 Mar" zone:UTC until:"1 Dec" owner:@ana',
    );
    await say(world, 'bob', 'on nights on:web/prod every:"every day 20:00 to 08:00" zone:UTC owner:@ana');
    world.at('2026-03-11T00:00:00Z');
    await world.settled();
    const told = (words: string) => toldTo(world, 'ana').filter((each) => each.includes(words));
    for (let hour = 0; hour < 95; hour += 1) await world.pass({ hours: 1 });
    await world.pass({ minutes: 45 });
    expect(told('Is it still needed?')).toHaveLength(3);
    expect(told('FRZ-1 has been on for 1d')).toHaveLength(1);
    expect(told(' ends in ')).toEqual([expect.stringContaining('FRZ-1 of api/prod ends in 15m')]);
    expect(told('FRZ-2')).toHaveLength(1);
  });

  test('a drill and words of people make no noise: nothing pings, nothing links', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'on <!everyone> <https://evil.example|here> & more on:api/prod');
    const message = world.sandbox.messages('changes').at(-1);
    expect(message?.text).not.toContain('<!everyone>');
    expect(JSON.stringify(message?.blocks)).not.toMatch(/"type":"(?:link|broadcast)"/);
  });

  test('where Slack refuses the topic, that is said once, and freezes go on', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.setTopic', 'missing_scope', {
      needed: 'channels:write.topic',
    });
    await say(world, 'ana', 'on first on:api/prod for:1h');
    await say(world, 'ana', 'on second on:web/prod for:1h');
    await world.pass({ hours: 2 });
    const said = saidIn(world).filter((each) => each.includes('in the topic of this channel'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('channels:write.topic');
    expect(saidIn(world).filter((each) => /^FRZ-\d ended/.test(each))).toHaveLength(2);
  });

  test('without words a form asks, and freezes alike; what is wrong is said at its field', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/freeze on', { channel: 'general' });
    const view = await ana.waitForView();
    const wrong = await ana.submit(view, { reason: 'quiet nights', every: 'now and then' });
    expect(JSON.stringify(wrong)).toContain('Write it like');
    await ana.submit(view, {
      reason: 'quiet nights',
      on: 'api/prod, web/prod',
      every: 'weekday 18:00 to 08:00',
      zone: 'Asia/Tokyo',
      flags: ['soft'],
    });
    await world.settled();
    expect(saidIn(world)[0]).toContain('FRZ-1 · frozen, soft: changes are warned · api/prod and web/prod');
    expect(saidIn(world)[0]).toContain('Every weekday 18:00 to 08:00 (Asia/Tokyo)');
  });

  test('a cord is shown in its incident’s channel too, and a private incident is named nowhere else', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    await sandbox.person('ana').command('/incident declare keys leaked private', { channel: 'general' });
    await world.settled();
    const incident = await world.app.db.read.incident.findFirstOrThrow();
    const startsAt = world.now();
    const overAt = new Date(startsAt.getTime() + 3_600_000);
    const ana = { id: sandbox.person('ana').id, name: 'Ana' };
    const facts = freezeFacts({
      ...{
        id: 'f1',
        number: 1,
        mode: 'hard',
        reason: 'no deploys please',
        owner: ana,
        by: ana,
        drill: false,
      },
      ...{ startsAt, overAt, schedule: { type: 'once', startsAt, endsAt: overAt }, whenText: 'for 1 h' },
      scope: {
        include: [{ services: ['api'], environments: ['prod'], clusters: [], tiers: [] }],
        exclude: [],
      },
      scopeText: 'api/prod',
      incident: { id: incident.id, number: incident.number, shown: false },
    });
    await statesAs(world, facts);
    await world.pass({ minutes: 45 });
    const own = () => {
      const channel = sandbox.channels().find((each) => each.id === incident.channelId);
      return channel?.messages.map((each) => each.text).join('\n');
    };
    expect(own()).toContain('FRZ-1 of api/prod ends in 15m');
    expect(toldTo(world, 'ana').at(-1)).toContain('Your freeze FRZ-1 of api/prod ends in 15m');
    await world.pass({ minutes: 15 });
    expect(own()).toContain('FRZ-1 ended');
    expect(saidIn(world)).toHaveLength(2);
    expect(`${saidIn(world).join('\n')}${await say(world, 'bob', 'show FRZ-1')}${topic(world)}`).not.toMatch(
      /INC-|keys leaked/,
    );
  });

  test('where nobody can read of it in the channel, its owner is told, once', async () => {
    const world = await openWorld();
    const channel = world.sandbox.channel('changes');
    if (!channel) throw new Error('no channel');
    world.sandbox.faults.refuse('chat.postMessage', 'restricted_action', { times: 1 });
    await say(world, 'ana', 'on first on:api/prod for:1h');
    expect(toldTo(world, 'ana').filter((each) => each.includes('Nobody reads of FRZ-1'))).toHaveLength(1);
    expect(await say(world, 'ana', 'status on:api/prod')).toContain('is frozen by FRZ-1');
  });

  test('what came and went while Andon was down is said once, as that', async () => {
    const world = await openWorld();
    await say(world, 'bob', 'on maintenance on:api/prod from:"12:00 UTC" for:1h');
    await say(world, 'bob', 'on nights on:web/prod every:"every day 20:00 to 22:00" zone:UTC');
    await world.restart(async () => world.at('2026-03-14T21:00:00Z'));
    await world.settled();
    const said = saidIn(world).slice(2);
    expect(said.filter((each) => each.includes('FRZ-1'))).toHaveLength(1);
    expect(said.find((each) => each.includes('FRZ-1'))).toContain('while I could not say so');
    const nights = said.filter((each) => each.includes('FRZ-2'));
    expect(nights).toHaveLength(1);
    expect(nights[0]).toContain('begins');
    await world.pass({ hours: 1 });
    expect(saidIn(world).at(-1)).toContain('FRZ-2 ended');
    await world.pass({ hours: 22 });
    expect(saidIn(world).at(-1)).toContain('FRZ-2 begins');
  });
});

describe.each(engines)('on %s', (engine) => {
  test('two replicas look at once, and it is said once', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on maintenance on:api/prod for:1h');
    const { id } = await desk.db.read.freeze.findFirstOrThrow();
    desk.now = new Date(desk.now.getTime() + 3_600_000);
    const look = freezeFeature.automatic?.[lookCommand];
    if (!look) throw new Error('nobody looks');
    const outcomes = await Promise.all(
      [0, 2_000].map((skew) =>
        desk.execute(look({ id }), desk.ask('ana', { now: new Date(desk.now.getTime() + skew) })),
      ),
    );
    expect(outcomes.filter((each) => each.accepted)).toHaveLength(1);
    expect(await told(desk)).toEqual(['ended']);
  });

  test('of a rule each window is said once: near, began, ended', async () => {
    const desk = await openDesk(engine);
    await desk.say('bob', '/freeze on nights on:api/prod every:"weekday 18:00 to 08:00" zone:UTC');
    // Tuesday to Friday.
    for (let hour = 0; hour < 72; hour += 1) {
      desk.now = new Date(desk.now.getTime() + 3_600_000);
      await desk.turn();
    }
    const each = ['near', 'began', 'ended'];
    expect(await told(desk)).toEqual([...each, ...each, ...each]);
  });

  test('a freeze that was lifted does not expire, nor does it expire its successor', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on first on:api/prod for:1h');
    await desk.say('ana', '/freeze lift FRZ-1');
    await desk.say('bob', '/freeze on second on:api/prod for:3h');
    desk.now = new Date(desk.now.getTime() + 90 * 60_000);
    await desk.turn();
    expect(await told(desk)).toEqual([]);
    const second = await desk.db.read.freeze.findFirstOrThrow({ where: { number: 2 } });
    expect(second.liftedAt).toBeNull();
    expect(second.overAt > desk.now).toBe(true);
  });
});

async function told(desk: Desk): Promise<string[]> {
  const facts = await desk.db.read.fact.findMany({
    where: { type: 'FreezeTold' },
    orderBy: { position: 'asc' },
  });
  return facts.map((each) => (each.data as { what: string }).what);
}
