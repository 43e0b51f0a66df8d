// A morning in Slack: the digest stands in the channel of changes once, whatever is restarted or refused meanwhile.
import { expect, test } from 'vitest';
import { openWorld, type World } from '../../helpers/world.js';
import { keepChanges } from '../insights/ledger.js';

async function evening(): Promise<World> {
  const world = await openWorld({ at: '2026-03-28T20:00:00Z', zone: 'Europe/Berlin' });
  await keepChanges({ db: world.app.db, workspace: world.app.workspace, now: world.now() }, [
    { state: 'planned', title: 'upgrade <!everyone> now', plannedStart: new Date('2026-03-29T12:00:00Z') },
  ]);
  return world;
}

const digests = (world: World) =>
  world.sandbox.messages('changes').filter(({ text }) => text.startsWith('What changes in production'));

test('at 08:30 of the workspace’s wall clock, also in the night after which the clocks differ', async () => {
  const world = await evening();
  // 08:30 was at 07:30 UTC until the clocks were put forward.
  world.at('2026-03-29T06:29:00Z');
  await world.settled();
  expect(digests(world)).toEqual([]);
  await world.pass({ minutes: 1 });
  expect(digests(world)).toHaveLength(1);
  expect(digests(world)[0]?.text).toContain('Sunday 29 March (Europe/Berlin)');
  expect(JSON.stringify(digests(world)[0]?.blocks)).toContain('upgrade <!everyone> now');
  expect(digests(world)[0]?.text).not.toContain('<!everyone>');
  await world.pass({ hours: 3 });
  expect(digests(world)).toHaveLength(1);
});

test('started anew before and after, it is there once', async () => {
  const world = await evening();
  await world.restart();
  await world.restart(async () => world.at('2026-03-29T08:45:00Z'));
  await world.settled();
  await world.restart();
  await world.pass({ minutes: 5 });
  expect(digests(world)).toHaveLength(1);
});

test('when Slack’s answer is lost, it is not said twice', async () => {
  const world = await evening();
  world.sandbox.faults.drop('chat.postMessage', 'after', { times: 1 });
  world.at('2026-03-29T06:30:00Z');
  await world.settled();
  await world.pass({ minutes: 10 });
  expect(digests(world)).toHaveLength(1);
});
