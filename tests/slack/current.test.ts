// What people see is current and reaches them: deleted summaries, refused edits, invitations that fail, shared messages.
import { describe, expect, test } from 'vitest';
import { rows } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

describe('invitations refused for good', () => {
  test('the declarer is told where the incident is', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.invite', 'cant_invite');
    await tell(world, 'declare writes are stuck sev:1');
    await tell(world, 'role INC-1 commander me');
    const told = directs(world).filter((text) => text.includes('I could not invite you to #inc-1-'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Slack said cant_invite');
  });

  test('a private incident that nobody is in goes on in a direct message', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.invite', 'cant_invite');
    await tell(world, 'declare keys leaked sev:1 private');
    expect(rows(world.databaseUrl, 'SELECT "placeKind" FROM "Incident"')).toEqual([{ placeKind: 'direct' }]);
    await tell(world, 'note INC-1 rotating them');
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
    await tell(world, 'declare writes are stuck sev:1');
    await tell(world, 'role INC-1 scribe @bob');
    expect(directs(world).filter((text) => text.startsWith('You are scribe of INC-1'))).toHaveLength(1);
  });

  test('a direct message with several open incidents asks which; with one open, it is that', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    sandbox.faults.refuse('conversations.create', 'restricted_action');
    await tell(world, 'declare keys leaked private');
    await tell(world, 'declare doors open private');
    const channel = sandbox.channels().find((each) => each.isIm)?.id ?? '';
    const ana = sandbox.person('ana');
    const asked = await ana.command('/incident note hello', { channel });
    expect(asked.reply?.text).toContain('Which incident?');
    await tell(world, 'resolve INC-2 shut');
    const noted = await ana.command('/incident note hello', { channel });
    expect(noted.reply?.text).toContain('INC-1');
  });
});

describe('the summary', () => {
  test('deleted, it is posted, pinned and bookmarked anew', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    await tell(world, 'declare writes are stuck sev:1');
    const channel = incidentChannel(world);
    const first = channel.messages.find((each) => each.text.startsWith('INC-1'))?.ts ?? '';
    const url = channel.bookmarks[0]?.link;
    await sandbox.person('ana').remove(channel.id, first);
    await tell(world, 'status INC-1 identified it is the disk');
    const now = incidentChannel(world);
    const second = now.messages.find((each) => each.text.startsWith('INC-1') && each.ts !== first)?.ts;
    expect(now.pins.map((each) => each.ts)).toEqual([second]);
    expect(now.bookmarks).toHaveLength(1);
    expect(now.bookmarks[0]?.link).not.toBe(url);
  });

  test('too old to be edited, it is posted anew and current', async () => {
    const world = await openWorld();
    await tell(world, 'declare writes are stuck sev:1');
    world.sandbox.faults.refuse('chat.update', 'edit_window_closed');
    await tell(world, 'status INC-1 identified it is the disk');
    const last = (texts: readonly { text: string }[]) =>
      texts.filter((each) => each.text.startsWith('INC-1')).at(-1)?.text;
    expect(last(incidentChannel(world).messages)).toContain('identified');
    expect(last(world.sandbox.messages('incidents'))).toContain('identified');
  });

  test('says what was affected, the way out, and where the draft is', async () => {
    const world = await openWorld();
    await tell(world, 'declare writes are stuck sev:1 on:api/prod');
    await world.pass({ minutes: 5 });
    await tell(world, 'affects INC-1 api/prod operational');
    await tell(world, 'status INC-1 monitoring rolled back');
    expect(summary(world)).toContain('Affected: nothing any more (was: api/prod');
    expect(summary(world)).not.toContain('Say what is affected');
    expect(summary(world)).toContain('When it is over');
    await tell(world, 'resolve INC-1 it is back');
    expect(summary(world)).toContain('Was affected: api/prod');
    expect(summary(world)).toContain('The postmortem draft is where the incident lives');
  });

  test('without an uploaded draft it says how to get one', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('files.getUploadURLExternal', 'restricted_action');
    await tell(world, 'declare writes are stuck sev:1');
    await tell(world, 'resolve INC-1 it is back');
    expect(summary(world)).toContain('For the postmortem draft say /incident export INC-1');
  });
});

test('the notice names its incident and the channel that is meant', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  await sandbox.person('ana').command('/incident declare writes are stuck sev:1');
  sandbox.faults.refuse('pins.add', 'is_archived');
  await world.settled();
  const notice = incidentChannel(world).messages.find((each) => each.text.startsWith('Slack did not let me'));
  expect(notice?.text).toContain('INC-1 writes are stuck');
  expect(notice?.text).toContain('Somebody archived its channel');
});

test('without a channel to announce in, the notice says which to make', async () => {
  const world = await openWorld({
    before: (sandbox) => sandbox.faults.refuse('conversations.list', 'channel_not_found'),
  });
  await tell(world, 'declare writes are stuck sev:1');
  const notice = incidentChannel(world).messages.find((each) => each.text.startsWith('Slack did not let me'));
  expect(notice?.text).toContain(
    'There is no public channel #incidents that I can see; make one and /invite',
  );
});

async function tell(world: World, line: string): Promise<void> {
  const outcome = await world.sandbox.person('ana').command(`/incident ${line}`, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
}

function incidentChannel(world: World) {
  const found = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
  if (!found) throw new Error('no channel');
  return found;
}

function summary(world: World): string {
  return incidentChannel(world).messages.find((each) => each.text.startsWith('INC-1'))?.text ?? '';
}

function directs(world: World): string[] {
  const direct = world.sandbox.channels().filter((each) => each.isIm);
  return direct.flatMap((each) => each.messages).map((each) => each.text);
}
