// What is real wherever it is said is refused where a drill is: a report, a change, what calls people.
import { expect, test, vi } from 'vitest';
import type { Verb } from '../../../src/core/command.js';
import { makeSurface } from '../../../src/core/surface.js';
import { leaves, wouldBeReal } from '../../../src/features/drill/real.js';
import { features } from '../../../src/features/index.js';
import { channelOf, directs, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

vi.setConfig({ testTimeout: 180_000 });

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }, { name: 'support' }];

/** Those that one may say in a drill although they are of the workspace: they are one’s own, and tell nobody. */
const allowed = ['contact', 'define', 'redact', 'stats', 'undefine'];

function commandsOf(): Verb[] {
  const { commands } = makeSurface(features);
  return commands.map(({ verb }) => verb).filter(({ surface, onIncident }) => surface && !onIncident);
}

async function said(world: World, person: string, line: string, channel: string): Promise<string> {
  const { reply } = await world.sandbox.person(person).command(line, { channel });
  return reply?.text ?? '';
}

test('every verb that is about no incident says what it is in a drill', () => {
  const verbs = commandsOf();
  expect(verbs.filter(({ inDrill }) => inDrill === undefined).map(({ words }) => words[0])).toEqual([]);
  const free = verbs.filter(({ inDrill }) => inDrill === 'allowed').map(({ words }) => words[0]);
  expect(free.sort()).toEqual(allowed);
});

test('one that shows what is set says nothing, and a drill’s own freeze is no other’s', () => {
  const verb = (word: string) => commandsOf().find(({ words }) => words[0] === word) as Verb;
  const stated = (data: object, incidentId?: string) => [
    { type: 'Said', data, about: { stream: 'it', ...(incidentId ? { incidentId } : {}) } },
  ];
  expect(leaves(verb('support'), [])).toBe(false);
  expect(leaves(verb('support'), stated({}))).toBe(true);
  expect(leaves(verb('support'), null)).toBe(true);
  expect(leaves(verb('lift'), stated({ drill: true }))).toBe(false);
  expect(leaves(verb('lift'), stated({ drill: false }, 'one'))).toBe(true);
  expect(leaves(verb('withdraw'), stated({}, 'one'))).toBe(false);
  expect(leaves(verb('declare'), null)).toBe(false);
  expect(wouldBeReal(verb('report'), 'INC-3').text).toContain('INC-3, and /report would be real');
});

test('what a drill’s people say in its channel calls nobody outside, and says where to say it', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  await said(world, 'bob', '/incident heartbeat backup every:1h', 'general');
  await said(world, 'bob', '/incident escalation default @bob 5m', 'general');
  await said(world, 'bob', '/freeze on we count on:web/prod for:8h', 'general');
  await say(world, 'ana', 'declare we practise sev:2 on:api/prod drill');
  const drill = channelOf(world).id;
  await world.settled();
  const before = { facts: await world.app.db.read.fact.count(), told: directs(world).length };
  for (const line of [
    '/report the checkout hangs on:api/prod',
    '/incident heartbeat drillbeat every:1m',
    '/incident pause backup for:2h the disk is changed',
    '/incident duty primary @bob for:4h',
    '/incident declare this is real sev:1 on:api/prod',
    '/change announce upgrade the database kind:upgrade on:api/prod begun',
    '/change service api owner:@bob on:prod/eks',
    '/change announce',
    '/freeze on all of it everything for:1h',
    '/freeze extend FRZ-1 for:1h',
    '/freeze lift FRZ-1 enough',
  ]) {
    const text = await said(world, 'ana', line, drill);
    expect(text, line).toContain('This is the channel of the drill INC-1');
    expect(text, line).toContain('say it in another channel');
  }
  // Questions are nobody's, and another channel is the way to mean it.
  expect(await said(world, 'ana', '/incident heartbeats', drill)).toContain('backup');
  expect(await said(world, 'ana', '/change support', drill)).not.toContain('drill');
  expect(await said(world, 'ana', '/freeze list', drill)).toContain('FRZ-1');
  await world.settled();
  expect(await world.app.db.read.fact.count()).toBe(before.facts);
  await world.pass({ minutes: 5 });
  expect(directs(world).slice(before.told).join()).not.toContain('checkout');
  expect(await said(world, 'ana', '/report the checkout hangs on:api/prod', 'general')).toContain('REP-1');
});

test('a drill’s own freeze and one more drill are made and ended in its channel', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  await say(world, 'ana', 'declare we practise sev:2 on:api/prod drill');
  const drill = channelOf(world).id;
  expect(await said(world, 'ana', '/incident freeze on:api/prod for:2h now', drill)).toContain('FRZ-1');
  expect(await said(world, 'ana', '/freeze extend FRZ-1 for:1h', drill)).not.toContain('would be real');
  expect(await said(world, 'ana', '/freeze lift FRZ-1 done', drill)).toContain('lifted');
  expect(await said(world, 'ana', '/incident declare more practice sev:3 drill', drill)).toContain('INC-2');
  expect(await said(world, 'ana', '/incident contact mail:ana@example.com', drill)).toContain('ana@example');
  expect(await said(world, 'ana', '/incident page default look', drill)).toContain('PAGE-1');
  expect(await said(world, 'ana', '/incident escalate PAGE-1', drill)).not.toContain('would be real');
  expect(await said(world, 'ana', '/incident withdraw PAGE-1 enough', drill)).toContain('withdrawn');
});

test('in somebody’s own messages a drill counts as long as it runs', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  await say(world, 'ana', 'declare we practise sev:2 on:api/prod drill');
  const { id } = channelOf(world);
  const put = (placeKind: string) =>
    world.app.db.write((tx) => tx.incident.updateMany({ data: { placeKind } }));
  const line = '/report the checkout hangs on:api/prod';
  await put('direct');
  expect(await said(world, 'ana', line, id)).toContain('would be real');
  await say(world, 'ana', 'resolve', id);
  expect(await said(world, 'ana', line, id)).toContain('REP-1');
  // Its channel stays its own.
  await put('channel');
  expect(await said(world, 'ana', line, id)).toContain('would be real');
});
