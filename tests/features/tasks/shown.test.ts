// What Andon's own messages show of tasks, roles, updates and handovers after a redaction, and after an undo.
import { expect, test } from 'vitest';
import { channelOf, directs, say } from '../../helpers/talk.js';
import { openWorld } from '../../helpers/world.js';

const words = { title: 'hunterone', task: 'huntertwo', decided: 'hunterthree', update: 'hunterfour' };

test('what was redacted leaves the messages to people too, those that name the incident as well', async () => {
  const world = await openWorld();
  for (const line of [
    `declare ${words.title} is stuck sev:1`,
    'role INC-1 commander @bob',
    `task INC-1 ${words.task} owner:@bob due:11:00 UTC`,
    `note INC-1 decision: ${words.decided}`,
    `update INC-1 ${words.update} next:30m`,
    'role INC-1 scribe @chen',
    'undo INC-1',
    'handover INC-1 commander @chen',
  ])
    await say(world, 'ana', line);
  await world.pass({ minutes: 29 });
  const before = directs(world).join('\n');
  for (const word of Object.values(words)) expect(before, word).toContain(word);
  expect(before).toContain('the next update is due');

  for (const word of [words.task, words.decided, words.update, words.title]) {
    const { seq } = await world.app.db.read.entry.findFirstOrThrow({ where: { text: { contains: word } } });
    await say(world, 'ana', `redact INC-1 ${seq} it is nobody’s business`);
    expect(directs(world).filter((each) => each.includes(word))).toEqual([]);
  }
  expect(directs(world).filter((each) => each.includes('Will you take over commander'))).toHaveLength(1);
  expect(directs(world).join()).toContain('You are not scribe of INC-1 after all');
}, 120_000);

test('the brief of somebody who took over a private incident loses what was redacted, after they left too', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare the keys leaked sev:1 private');
  const channel = channelOf(world).name;
  for (const line of [
    'role commander @bob',
    'handover commander @chen',
    `note decision: ${words.task}`,
    `note decision: ${words.decided}`,
  ])
    await say(world, 'ana', line, channel);
  await say(world, 'chen', 'accept commander');
  const seqOf = async (text: string) =>
    (await world.app.db.read.entry.findFirstOrThrow({ where: { text: { contains: text } } })).seq;
  expect(directs(world).filter((each) => each.includes(words.decided))).toHaveLength(1);
  await say(world, 'ana', `redact ${await seqOf(words.task)} it is secret`, channel);
  expect(directs(world).join()).not.toContain(words.task);
  expect(directs(world).join()).toContain(words.decided);
  await world.sandbox.person('chen').leave(channel);
  await world.settled();
  await say(world, 'ana', `redact ${await seqOf(words.decided)} it is secret`, channel);
  expect(directs(world).join()).not.toContain(words.decided);
}, 120_000);

test('an undo changes what the owners of tasks were shown', async () => {
  const world = await openWorld();
  const shown = (word: string) => directs(world).filter((each) => each.includes(word));
  for (const line of ['declare it is down', 'task INC-1 look owner:@bob']) await say(world, 'ana', line);
  await say(world, 'ana', 'assign INC-1 T1 @chen');
  expect(shown('is chen’s now')).toHaveLength(1);
  await say(world, 'ana', 'undo INC-1');
  expect(shown('is bob’s now')).toHaveLength(1);
  expect(shown('For you, T1')).toHaveLength(1);
  for (const [line, text] of [
    ['done INC-1 T1', 'is done, by'],
    ['drop INC-1 T1 the host is gone', 'is dropped, by'],
  ] as const) {
    await world.pass({ minutes: 2 });
    await say(world, 'ana', line);
    expect(shown(text).length, line).toBeGreaterThan(0);
    await say(world, 'ana', 'undo INC-1');
    expect(shown(text), line).toEqual([]);
    expect(shown('For you, T1'), line).toHaveLength(1);
  }
  await world.pass({ minutes: 2 });
  await say(world, 'ana', 'task INC-1 listen owner:@bob');
  await say(world, 'ana', 'undo INC-1');
  expect(shown('listen')).toEqual([]);
  expect(shown('was taken back')).toHaveLength(1);
}, 120_000);

test('what cannot be said to somebody alone is said in the channel, with their name and the task', async () => {
  const world = await openWorld();
  await say(world, 'ana', 'declare it is down');
  world.sandbox.faults.refuse('conversations.open', 'user_disabled');
  await say(world, 'ana', 'task INC-1 look at db-2 owner:@bob due:10m');
  const heard = () => channelOf(world).messages.map(({ text }) => text);
  const given = heard().findIndex((text) => text.includes('For you, T1'));
  expect(heard()[given]).toMatch(/For @U0BOB\w+, whom I could not write to \(user_disabled\).*look at db-2/s);
  await world.pass({ minutes: 11 });
  expect(heard().filter((text) => text.includes('Not forgotten: T1'))).toEqual([
    expect.stringContaining(', whom I could not write to'),
  ]);
  expect(heard().join()).not.toContain('post or update a message in its channel');
}, 120_000);
