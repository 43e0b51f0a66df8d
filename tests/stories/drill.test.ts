// A drill in a company that does not know of it: every verb there is, half a day, and nobody outside hears a word.
import { expect, test, vi } from 'vitest';
import type { Verb } from '../../src/core/command.js';
import { channelOf, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

// Every verb of the program, one after the other.
vi.setConfig({ testTimeout: 180_000 });

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }, { name: 'support' }];

/** Whatever ends the incident, or takes something back, comes last. */
const last = ['merge', 'resolve', 'reopen', 'close', 'undo'];

function verbsOf(world: World): Verb[] {
  const verbs = world.app.surface
    .verbs('incident')
    .filter((verb) => verb.onIncident && verb.example?.startsWith('/incident '));
  const place = (verb: Verb) => last.indexOf(verb.words[0] ?? '');
  return verbs.sort((a, b) => place(a) - place(b));
}

/** Those of the workspace: about no incident. */
function realVerbsOf(world: World): Verb[] {
  const { commands } = world.app.surface;
  return commands.map(({ verb }) => verb).filter(({ surface, onIncident }) => surface && !onIncident);
}

/** One’s own, and nobody is told: what somebody says in a drill of how they are reached, of roles, and a slip taken out. */
const ownFacts = ['ContactSet', 'RoleDefined', 'RoleUndefined', 'WordsRedacted'];

/** What people stated since that is of no drill. */
async function statedOutside(world: World, since: number): Promise<string[]> {
  const facts = await world.app.db.read.fact.findMany({
    where: { position: { gt: since }, actorKind: 'person' },
  });
  const drills = (await world.app.db.read.incident.findMany({ where: { drill: true } })).map(({ id }) => id);
  return facts
    .filter(({ incidentId, data }) => !isOfDrill(data) && !drills.includes(incidentId ?? ''))
    .map(({ type }) => type);
}

function isOfDrill(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'drill' in data && data.drill === true;
}

/** What stands outside the drill: everywhere but in its channel, and in messages to those who are in it. */
async function outside(world: World, drillChannel: string | null): Promise<string[]> {
  const inside = new Set((await world.app.db.read.roleHolding.findMany()).map((each) => each.userId)).add(
    world.sandbox.person('ana').id,
  );
  return world.sandbox
    .channels()
    .filter((each) => each.id !== drillChannel)
    .filter((each) => !(each.isIm && each.members.some((id) => inside.has(id))))
    .flatMap((each) => each.messages.map((message) => `${each.name}: ${message.text}`));
}

test('nobody outside a drill hears of it, whatever is said in it', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  // A real change, whose owner is not in the drill, and a support channel that is told of such.
  await world.sandbox.person('bob').command('/change support channel:#support', { channel: 'general' });
  await world.sandbox
    .person('bob')
    .command('/change announce upgrade the database kind:upgrade on:api/prod at:08:50', {
      channel: 'general',
    });
  await world.sandbox.person('bob').command('/change start CHG-1', { channel: 'general' });
  await world.settled();

  await say(world, 'ana', 'declare writes are stuck sev:1 on:api/prod drill');
  const drill = channelOf(world);
  const before = (await outside(world, drill.id)).length;
  for (const verb of verbsOf(world)) {
    const words = (verb.example ?? '').replace('/incident ', '').replaceAll(/INC-\d+/g, 'INC-1');
    await world.sandbox.person('ana').command(`/incident ${words}`, { channel: drill.id });
    await world.pass({ minutes: 20 });
  }
  await world.pass({ hours: 12 });
  // The upgrade goes on outside: whether it works is asked, and that is no part of the drill.
  const told = (await outside(world, drill.id)).slice(before);
  expect(told.filter((text) => !text.includes('CHG-1'))).toEqual([]);
  expect(told.join('\n')).not.toMatch(/INC-1|drill|writes are stuck/i);
  expect(channelOf(world).messages.length).toBeGreaterThan(20);
});

test('what is of the workspace is not said in a drill by mistake, whichever verb it is', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  const bob = (line: string) => world.sandbox.person('bob').command(line, { channel: 'general' });
  for (const line of [
    '/incident escalation default @bob 5m',
    '/incident schedule primary',
    '/incident heartbeat nightly-backup every:1d',
    '/change announce upgrade the control plane on:api/prod at:12:00 for:1h',
    '/freeze on we count on:web/prod for:8h',
    '/freeze except FRZ-1 on:web/prod the certificate expires tonight',
    '/report the checkout hangs on:checkout/prod',
  ])
    expect((await bob(line)).ok, line).toBe(true);
  await world.settled();
  await say(world, 'ana', 'declare writes are stuck sev:1 on:api/prod drill');
  const drill = channelOf(world);
  const told = (await outside(world, drill.id)).length;
  const last = await world.app.db.read.fact.findFirstOrThrow({ orderBy: { position: 'desc' } });
  for (const verb of realVerbsOf(world)) {
    // A key in an example is that of the one there is.
    const line = (verb.example ?? '').replaceAll(/\b(INC|CHG|FRZ|EXC|REP|PAGE)-\d+/g, '$1-1');
    expect(line, verb.words[0]).toMatch(/^\/\w+ /);
    await world.sandbox.person('ana').command(line, { channel: drill.id });
    await world.settled();
  }
  expect((await statedOutside(world, last.position)).filter((type) => !ownFacts.includes(type))).toEqual([]);
  await world.pass({ hours: 1 });
  const heard = (await outside(world, drill.id)).slice(told).join('\n');
  expect(heard).not.toMatch(/\bana\b|drill|writes are stuck/i);
});
