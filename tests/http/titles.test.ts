// A title over HTTP or in a form is only text: nothing in it stands for a flag or a severity.
import { expect, test } from 'vitest';
import { say } from '../helpers/talk.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

test('the words of a title override neither the body nor what the token may do', async () => {
  const world = await openWorld();
  const ci = await program(world);
  for (const title of ['Disk alert private SEV1', 'Checkout raised to SEV1', 'A test drill', 'A drill SEV4'])
    expect((await ci.post('incidents', { title, private: false })).body).toMatchObject({
      title,
      severity: 'SEV2',
      private: false,
      drill: false,
    });
  expect((await ci.get('incidents')).body.incidents).toHaveLength(4);
});

test('nor do they in a form, but on a line they count', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  const ana = sandbox.person('ana');
  await ana.command('/incident declare', { channel: 'general' });
  await ana.submit(await ana.waitForView(), { title: 'Disk alert private SEV1', sev: 'SEV3' });
  await ana.command('/incident declare', { channel: 'general' });
  await ana.submit(await ana.waitForView(), { title: 'Raised to SEV1' });
  await say(world, 'bob', 'declare Disk alert drill SEV1');
  const all = await world.app.db.read.incident.findMany({ orderBy: { number: 'asc' } });
  expect(all).toMatchObject([
    { title: 'Disk alert private SEV1', severity: 'SEV3', private: false },
    { title: 'Raised to SEV1', severity: 'SEV2' },
    { title: 'Disk alert', severity: 'SEV1', drill: true },
  ]);
});
