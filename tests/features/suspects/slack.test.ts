// Suspects as people meet them in Slack, and programs over HTTP: real requests, from the announcement to the answer.
import { expect, test } from 'vitest';
import { channelOf, directs, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';
import { program } from '../../http/help.js';

async function announced(world: World, person: string, line: string): Promise<void> {
  const outcome = await world.sandbox
    .person(person)
    .command(`/change announce ${line}`, { channel: 'general' });
  expect(outcome.reply?.text).toContain('CHG-');
  await world.settled();
}

const ours = (world: World, number = 1) =>
  channelOf(world, number).messages.filter((each) => each.user === world.sandbox.botUserId && !each.subtype);

function asked(world: World) {
  const rooms = world.sandbox.channels().filter((each) => each.isIm);
  return rooms.flatMap((room) =>
    room.messages
      .filter((each) => each.text.includes('Your change'))
      .map(({ ts, text }) => ({ ts, text, room })),
  );
}

test('the first message has the suspects, its owner is asked and answers by a button', async () => {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  await announced(world, 'bob', 'new build of the queue kind:deploy on:api/prod begun');
  await world.pass({ minutes: 5 });
  await say(world, 'ana', 'declare writes are stuck on:api/prod');
  const [first, second] = ours(world);
  expect(first?.text).toMatch(
    /Suspects, none confirmed.*\n• CHG-1 new build of the queue \(bob\): same service \(api\); began 5m before the incident was declared/,
  );
  expect(second?.text).toContain('I asked the owners of the suspects: @bob (CHG-1).');

  const [ask, ...more] = asked(world);
  expect(more).toEqual([]);
  expect(ask?.text).toContain('INC-1 writes are stuck (SEV2, investigating)');
  expect(ask?.text).toContain(
    'Your change CHG-1 new build of the queue is one of its suspects: same service (api); began 5m before',
  );
  await world.sandbox
    .person('bob')
    .click(ask?.room.id ?? '', ask?.ts ?? '', 'run:/incident suspect INC-1 CHG-1 rollback');
  await world.settled();
  expect(asked(world)[0]?.text).toContain('bob answered: CHG-1 is being rolled back.');
  expect(ours(world).at(-1)?.text).toContain('CHG-1 is being rolled back — bob');
  expect(ours(world)[0]?.text).toContain('being rolled back (bob)');

  await world.sandbox.person('bob').command('/change rollback CHG-1', { channel: 'general' });
  await say(world, 'ana', 'status INC-1 monitoring');
  const suggestion = ours(world).at(-1);
  expect(suggestion?.text).toContain(
    'CHG-1 was rolled back and it recovered. Confirm what was a cause: /incident suspect CHG-1 cause',
  );
  await world.sandbox
    .person('ana')
    .click(channelOf(world).id, suggestion?.ts ?? '', 'run:/incident suspect INC-1 CHG-1 cause');
  await world.settled();
  await say(world, 'ana', 'resolve INC-1');
  expect(ours(world)[0]?.text).toContain('Cause: CHG-1 new build of the queue (bob), confirmed by ana');

  const ci = await program(world);
  const { status, body } = await ci.get('incidents/1/changes');
  expect(status).toBe(200);
  expect(body).toMatchObject({ considered: 1, suspects: [], causes: [{ key: 'CHG-1', relation: 'cause' }] });
  expect((await ci.get('incidents/1/postmortem.json')).body.changes).toMatchObject([
    { key: 'CHG-1', relation: 'cause', components: ['api/prod'] },
  ]);
});

test('of a private incident nothing reaches an owner who is no member, nor the channel of changes', async () => {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  await announced(world, 'bob', 'new build of the queue kind:deploy on:api/prod begun');
  await say(world, 'ana', 'declare the keys leaked on:api/prod private');
  expect(ours(world)[0]?.text).toContain('• CHG-1 new build');
  expect(asked(world)).toEqual([]);
  expect(await say(world, 'bob', 'suspect INC-1 CHG-1 unrelated')).toContain('There is no INC-1.');
  expect(await say(world, 'bob', 'changes INC-1')).toContain('There is no INC-1.');
  await say(world, 'ana', 'suspect INC-1 CHG-1 cause');
  await world.sandbox.person('bob').command('/change fail CHG-1', { channel: 'general' });
  await world.settled();
  const ci = await program(world);
  expect((await ci.get('incidents/1/changes')).status).toBe(404);
  const elsewhere = [
    ...world.sandbox.messages('changes').map((each) => each.text),
    ...world.sandbox.messages('incidents').map((each) => each.text),
    ...directs(world),
    ...(await Promise.all(
      ['/change show CHG-1', '/change list'].map(async (line) => {
        const { reply } = await world.sandbox.person('bob').command(line, { channel: 'general' });
        return reply?.text ?? '';
      }),
    )),
  ].join('\n');
  expect(elsewhere).toContain('CHG-1');
  expect(elsewhere).not.toMatch(/INC-1|keys leaked|suspect/);
});
