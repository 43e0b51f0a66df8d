// The end of a long shift, in Slack: asked by a message with a brief, declined, unanswered, accepted by a button.
import { expect, test, vi } from 'vitest';
import { openWorld, type World } from '../../helpers/world.js';

// A whole shift.
vi.setConfig({ testTimeout: 120_000 });

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];

async function say(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/incident ${line}`, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

function direct(world: World, person: string) {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().find((each) => each.isIm && each.members.includes(id));
  return { id: own?.id ?? '', messages: own?.messages ?? [] };
}

const directTexts = (world: World, person: string) => direct(world, person).messages.map(({ text }) => text);

/** What is said where the incident lives. */
function place(world: World): string[] {
  const found = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
  return (found?.messages ?? []).map(({ text }) => text);
}

/** Presses the button of this name under the latest direct message that has it. */
async function press(world: World, person: string, label: string): Promise<void> {
  const { id, messages } = direct(world, person);
  const found = messages.findLast((each) => JSON.stringify(each.blocks ?? []).includes(`"text":"${label}"`));
  expect(found, `${person}: ${label}`).toBeDefined();
  const parts = JSON.stringify(found?.blocks).split('{"type":"button"');
  const action = /"action_id":"(run:[^"]+)"/.exec(
    parts.find((each) => each.includes(`"text":"${label}"`)) ?? '',
  );
  await world.sandbox.person(person).click(id, found?.ts ?? '', action?.[1] ?? '');
  await world.settled();
}

test('at the end of a shift: gently told, declined, unanswered, and accepted with a button', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'ana', 'declare writes are stuck sev:1 on:api/prod');
  await say(world, 'ana', 'role INC-1 commander me');
  await say(world, 'chen', 'note INC-1 hypothesis: the disk of db-2');
  await say(world, 'ana', 'task INC-1 restore the backup <!channel> owner:@bob due:18:00 UTC');
  expect(directTexts(world, 'bob').at(-1)).toContain('For you, T1 of INC-1');
  await press(world, 'bob', 'T1 of INC-1 is done');
  expect(directTexts(world, 'bob').find((text) => text.includes('T1'))).toContain('is done, by bob');

  await world.pass({ hours: 5 });
  await say(world, 'bob', 'note INC-1 the restore runs');
  await world.pass({ hours: 1 });
  const word = directTexts(world, 'ana').at(-1) ?? '';
  expect(word).toContain('You have been commander of INC-1 for 6 hours');
  expect(word).toContain('/incident handover INC-1 commander @user');
  // Nobody else hears of it.
  expect(place(world).join('\n')).not.toContain('6 hours');

  await say(world, 'ana', 'handover INC-1 commander @bob');
  expect(directTexts(world, 'bob').at(-1)).toContain('Will you take over commander of INC-1 from ana?');
  await press(world, 'bob', 'Decline commander of INC-1');
  expect(directTexts(world, 'ana').at(-1)).toContain('does not take over commander. ana still holds it.');
  expect(place(world).at(-1)).toContain('ana still holds it');

  await say(world, 'ana', 'handover INC-1 commander @chen the vendor calls <!here> at 20:00');
  const offer = directTexts(world, 'chen').at(-1) ?? '';
  expect(offer).toContain('the vendor calls');
  expect(offer).not.toContain('<!here>');
  expect(offer).toContain('Open hypotheses: #3 the disk of db-2');
  await world.pass({ minutes: 5 });
  expect(directTexts(world, 'chen').at(-1)).toContain('Still waiting for you');
  expect(directTexts(world, 'ana').at(-1)).toContain('chen has not answered yet');
  const count = place(world).length;
  await world.pass({ minutes: 10 });
  expect(place(world).slice(count).join('\n')).toMatch(/has not answered\. @ana still holds it/);
  await world.pass({ minutes: 30 });
  expect(place(world)).toHaveLength(count + 1);

  await press(world, 'chen', 'Accept commander of INC-1');
  expect(directTexts(world, 'ana').at(-1)).toContain('chen took over commander of INC-1 from you');
  expect(place(world).join('\n')).toContain('@chen is commander, was ana (chen)');
  const topic = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.topic ?? '';
  expect(topic).toContain('chen');
  // The message that asked says what became of it, and offers nothing any more.
  const asked = direct(world, 'chen').messages.find(({ text }) => text.includes('You took over commander'));
  expect(JSON.stringify(asked?.blocks)).not.toContain('Accept commander');
});

test('in a drill whoever is asked from outside is asked in the drill’s channel, and nowhere else', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'ana', 'declare writes are stuck drill');
  await say(world, 'ana', 'role INC-1 commander me');
  await say(world, 'ana', 'handover INC-1 commander @bob');
  expect(directTexts(world, 'bob')).toEqual([]);
  expect(place(world).join('\n')).toContain('Will you take over commander of INC-1 from ana?');
  await say(world, 'ana', 'task INC-1 restore the backup owner:@bob');
  expect(directTexts(world, 'bob')).toEqual([]);
  expect(await say(world, 'bob', 'accept INC-1 commander')).toContain('You are commander of INC-1 now');
});
