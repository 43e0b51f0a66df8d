// What people see is current and reaches them: deleted summaries, refused edits, invitations that fail, shared messages.
import { describe, expect, test } from 'vitest';
import { rows } from '../helpers/record.js';
import { channelOf, directs, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

describe('invitations refused for good', () => {
  test('the declarer is told where the incident is', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.invite', 'cant_invite');
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await say(world, 'ana', 'role INC-1 commander me');
    const told = directs(world).filter((text) => text.includes('I could not invite you to #inc-1-'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Slack said cant_invite');
  });

  test('a private incident that nobody is in goes on in a direct message', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.invite', 'cant_invite');
    await say(world, 'ana', 'declare keys leaked sev:1 private');
    expect(rows(world.databaseUrl, 'SELECT "placeKind" FROM "Incident"')).toEqual([{ placeKind: 'direct' }]);
    await say(world, 'ana', 'note INC-1 rotating them');
    const texts = directs(world);
    expect(texts.filter((text) => text.startsWith('INC-1 keys leaked'))).toHaveLength(1);
    expect(texts.some((text) => text.includes('rotating them'))).toBe(true);
    expect(texts.filter((text) => text.includes('goes on in a direct message'))).toHaveLength(1);
  });
});

describe('without a channel', () => {
  test('a new holder of a role is told by direct message', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.create', 'restricted_action');
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await say(world, 'ana', 'role INC-1 scribe @bob');
    expect(directs(world).filter((text) => text.startsWith('You are scribe of INC-1'))).toHaveLength(1);
  });

  test('a direct message with several open incidents asks which; with one open, it is that', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    sandbox.faults.refuse('conversations.create', 'restricted_action');
    await say(world, 'ana', 'declare keys leaked private');
    await say(world, 'ana', 'declare doors open private');
    const channel = sandbox.channels().find((each) => each.isIm)?.id ?? '';
    const ana = sandbox.person('ana');
    const asked = await ana.command('/incident note hello', { channel });
    expect(asked.reply?.text).toContain('Which incident?');
    await say(world, 'ana', 'resolve INC-2 shut');
    const noted = await ana.command('/incident note hello', { channel });
    expect(noted.reply?.text).toContain('INC-1');
  });
});

describe('the summary', () => {
  test('deleted, it is posted, pinned and bookmarked anew', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    await say(world, 'ana', 'declare writes are stuck sev:1');
    const channel = channelOf(world);
    const first = channel.messages.find((each) => each.text.startsWith('INC-1'))?.ts ?? '';
    const url = channel.bookmarks[0]?.link;
    await sandbox.person('ana').remove(channel.id, first);
    await say(world, 'ana', 'status INC-1 identified it is the disk');
    const now = channelOf(world);
    const second = now.messages.find((each) => each.text.startsWith('INC-1') && each.ts !== first)?.ts;
    expect(now.pins.map((each) => each.ts)).toEqual([second]);
    expect(now.bookmarks).toHaveLength(1);
    expect(now.bookmarks[0]?.link).not.toBe(url);
  });

  test('too old to be edited, it is posted anew and current', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare writes are stuck sev:1');
    world.sandbox.faults.refuse('chat.update', 'edit_window_closed');
    await say(world, 'ana', 'status INC-1 identified it is the disk');
    const last = (texts: readonly { text: string }[]) =>
      texts.filter((each) => each.text.startsWith('INC-1')).at(-1)?.text;
    expect(last(channelOf(world).messages)).toContain('identified');
    expect(last(world.sandbox.messages('incidents'))).toContain('identified');
  });

  test('where nothing may be edited it is posted anew once, said once, and once an hour after that', async () => {
    const world = await openWorld();
    // No reminder of an update comes between.
    await say(world, 'ana', 'cadence 1 off');
    await say(world, 'ana', 'declare writes are stuck sev:1');
    world.sandbox.faults.refuse('chat.update', 'edit_window_closed');
    const shown = () =>
      channelOf(world).messages.filter((each) => each.text.startsWith('INC-1')).length +
      world.sandbox.messages('incidents').filter((each) => each.text.startsWith('INC-1')).length;
    for (const status of ['identified', 'monitoring', 'investigating'])
      await say(world, 'ana', `status INC-1 ${status}`);
    expect(shown()).toBe(4);
    const notices = channelOf(world).messages.filter((each) => each.text.startsWith('Slack did not let me'));
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).toContain('I post it anew instead');
    await world.pass({ hours: 1, minutes: 1 });
    await say(world, 'ana', 'status INC-1 identified');
    await say(world, 'ana', 'status INC-1 monitoring');
    expect(shown()).toBe(6);
    world.sandbox.faults.clear();
    await say(world, 'ana', 'status INC-1 identified it is the disk');
    expect(shown()).toBe(6);
    const last = channelOf(world)
      .messages.filter((each) => each.text.startsWith('INC-1'))
      .at(-1);
    expect(last?.text).toContain('it is the disk');
  });

  test('says what was affected, the way out, and where the draft is', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare writes are stuck sev:1 on:api/prod');
    await world.pass({ minutes: 5 });
    await say(world, 'ana', 'affects INC-1 api/prod operational');
    await say(world, 'ana', 'status INC-1 monitoring rolled back');
    expect(summary(world)).toContain('Affected: nothing any more (was: api/prod');
    expect(summary(world)).not.toContain('Say what is affected');
    expect(summary(world)).toContain('When it is over');
    await say(world, 'ana', 'resolve INC-1 it is back');
    expect(summary(world)).toContain('Was affected: api/prod');
    expect(summary(world)).toContain('The postmortem draft is where the incident lives');
  });

  test('without an uploaded draft it says how to get one', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('files.getUploadURLExternal', 'restricted_action');
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await say(world, 'ana', 'resolve INC-1 it is back');
    expect(summary(world)).toContain(
      'Slack took no postmortem draft. GET /api/v1/incidents/1/postmortem.md gives it',
    );
    expect(summary(world)).toContain('andon export INC-1 writes it to disk');
    expect(summary(world)).not.toContain('/incident export');
  });
});

test('the notice names its incident and the channel that is meant', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  await sandbox.person('ana').command('/incident declare writes are stuck sev:1');
  sandbox.faults.refuse('pins.add', 'is_archived');
  await world.settled();
  const notice = channelOf(world).messages.find((each) => each.text.startsWith('Slack did not let me'));
  expect(notice?.text).toContain('INC-1 writes are stuck');
  expect(notice?.text).toContain('Somebody archived its channel');
});

test('where Slack tells no time zones, the notice says once whose zone is taken', async () => {
  const world = await openWorld({
    before: (sandbox) => sandbox.faults.refuse('users.info', 'missing_scope', { needed: 'users:read' }),
  });
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'bob', 'note INC-1 10:12 it began');
  const notices = channelOf(world).messages.filter((each) => each.text.startsWith('Slack did not let me'));
  expect(notices).toHaveLength(1);
  expect(notices[0]?.text).toContain('a time without a zone is read and shown in the workspace’s zone');
  expect(notices[0]?.text).toContain('The scope users:read is missing.');
});

test('without a channel to announce in, the notice says which to make', async () => {
  const world = await openWorld({
    before: (sandbox) => sandbox.faults.refuse('conversations.list', 'channel_not_found'),
  });
  await say(world, 'ana', 'declare writes are stuck sev:1');
  const notice = channelOf(world).messages.find((each) => each.text.startsWith('Slack did not let me'));
  expect(notice?.text).toContain(
    'There is no public channel #incidents that I can see; make one and /invite',
  );
});

function summary(world: World): string {
  return channelOf(world).messages.find((each) => each.text.startsWith('INC-1'))?.text ?? '';
}
