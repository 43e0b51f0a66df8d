// What a drill would show to somebody outside stands in its channel, and says for whom it would be.
import { expect, test } from 'vitest';
import { toldTo } from '../../helpers/changes.js';
import { channelOf, say } from '../../helpers/talk.js';
import { openWorld } from '../../helpers/world.js';

test('a task and an offer for somebody outside are shown in the drill, by name, also after a redaction', async () => {
  const world = await openWorld({
    sandbox: { channels: [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }] },
  });
  await say(world, 'chen', 'list');
  await say(world, 'ana', 'declare the vault is open drill');
  await say(world, 'ana', 'task INC-1 restore the table owner:@chen');
  await say(world, 'ana', 'role INC-1 commander me');
  await say(world, 'ana', 'handover INC-1 commander @chen I have to go');
  const instead = () =>
    channelOf(world)
      .messages.map((each) => each.text)
      .filter((text) =>
        text.startsWith('A drill: outside it this would go to chen, who is not in the drill.'),
      );
  const cards = instead();
  expect(cards.length).toBeGreaterThanOrEqual(2);
  expect(cards.join()).toContain('restore the table');
  await say(world, 'ana', 'redact INC-1 #1 a customer');
  expect(instead()).toHaveLength(cards.length);
  expect(instead().join()).not.toContain('the vault');
  expect(toldTo(world, 'chen')).toEqual([]);
});
