// The state behind the methods: channels, messages, items, files, views.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { type Body, type Clock, call, channelId, errorOf, good, undocumented, withClock } from './help.js';

let sandbox: Sandbox;
let clock: Clock;
beforeEach(async () => {
  ({ sandbox, clock } = await withClock({ rateLimits: 'off' }));
});
afterEach(async () => {
  expect(undocumented(sandbox)).toEqual([]);
  await sandbox.close();
});

const at = (name: string): string => channelId(sandbox, name);
const idOf = (body: Body): string => (body.channel as { id: string }).id;
async function made(name: string, args: Record<string, unknown> = {}): Promise<string> {
  return idOf(await good(sandbox, 'conversations.create', { name, ...args }));
}

describe('conversations', () => {
  test.each([
    ['Upper', 'invalid_name_specials'],
    ['with space', 'invalid_name_specials'],
    ['x'.repeat(81), 'invalid_name_maxlength'],
    ['---', 'invalid_name_punctuation'],
    ['', 'invalid_name_required'],
    ['general', 'name_taken'],
  ])('name %s: %s', async (name, error) => {
    expect(await errorOf(sandbox, 'conversations.create', { name })).toBe(error);
  });

  test('an archived channel keeps its name and takes no messages', async () => {
    const id = await made('inc-1');
    await good(sandbox, 'conversations.archive', { channel: id });
    expect(await errorOf(sandbox, 'conversations.archive', { channel: id })).toBe('already_archived');
    expect(await errorOf(sandbox, 'conversations.create', { name: 'inc-1' })).toBe('name_taken');
    expect(await errorOf(sandbox, 'chat.postMessage', { channel: id, text: 'x' })).toBe('is_archived');
    expect(await errorOf(sandbox, 'conversations.setTopic', { channel: id, topic: 'x' })).toBe('is_archived');
    await good(sandbox, 'conversations.unarchive', { channel: id });
    await good(sandbox, 'conversations.rename', { channel: id, name: 'inc-2' });
    expect(sandbox.channel('inc-2')?.id).toBe(id);
  });

  test('topics hold 250 characters', async () => {
    const id = await made('inc-1');
    await good(sandbox, 'conversations.setTopic', { channel: id, topic: 'x'.repeat(250) });
    const long = { channel: id, purpose: 'x'.repeat(251) };
    expect(await errorOf(sandbox, 'conversations.setPurpose', long)).toBe('too_long');
    await good(sandbox, 'conversations.setTopic', { channel: id, topic: '' });
    expect(sandbox.channel(id)).toMatchObject({ topic: '', creator: sandbox.botUserId });
  });

  test('invitations: errors person by person, force goes on', async () => {
    const id = await made('inc-1');
    const [ana, bob] = [sandbox.person('ana').id, sandbox.person('bob').id];
    await good(sandbox, 'conversations.invite', { channel: id, users: ana });
    expect(await errorOf(sandbox, 'conversations.invite', { channel: id, users: ana })).toBe(
      'already_in_channel',
    );
    const users = `UNONE,${sandbox.botUserId},${bob}`;
    const { body } = await call(sandbox, 'conversations.invite', { channel: id, users });
    expect(body).toMatchObject({
      error: 'user_not_found',
      errors: [
        { user: 'UNONE', ok: false, error: 'user_not_found' },
        { user: sandbox.botUserId, ok: false, error: 'cant_invite_self' },
      ],
    });
    expect(sandbox.channel(id)?.members).not.toContain(bob);
    await good(sandbox, 'conversations.invite', { channel: id, users, force: true });
    expect(sandbox.channel(id)?.members).toContain(bob);
    expect(await errorOf(sandbox, 'conversations.invite', { channel: at('general'), users: ana })).toBe(
      'not_in_channel',
    );
  });

  test('a private channel the bot is not in does not exist for it', async () => {
    const { sandbox: other } = await withClock({
      channels: [{ name: 'general' }, { name: 'board', private: true, members: ['ana'] }],
      app: { botScopes: ['chat:write', 'groups:read', 'channels:read', 'groups:history'] },
    });
    const board = channelId(other, 'board');
    expect(await errorOf(other, 'conversations.info', { channel: board })).toBe('channel_not_found');
    expect(await errorOf(other, 'chat.postMessage', { channel: board, text: 'x' })).toBe('channel_not_found');
    const general = channelId(other, 'general');
    expect(await errorOf(other, 'chat.postMessage', { channel: general, text: 'x' })).toBe('not_in_channel');
    await other.close();
  });

  test('lists come in pages', async () => {
    for (let number = 1; number <= 3; number += 1) await made(`inc-${number}`);
    const names: string[] = [];
    let cursor = '';
    do {
      const body = await good(sandbox, 'conversations.list', { limit: 4, cursor });
      names.push(...(body.channels as { name: string }[]).map((one) => one.name));
      cursor = (body.response_metadata as { next_cursor: string }).next_cursor;
    } while (cursor);
    expect(names).toEqual(['general', 'incidents', 'changes', 'inc-1', 'inc-2', 'inc-3']);
    expect(await errorOf(sandbox, 'conversations.list', { cursor: 'x' })).toBe('invalid_cursor');
    expect(await errorOf(sandbox, 'conversations.list', { limit: 1000 })).toBe('invalid_limit');
  });
});

describe('messages', () => {
  test('timestamps come from the record clock and only ever grow', async () => {
    const channel = at('general');
    const first = await good(sandbox, 'chat.postMessage', { channel, text: 'a' });
    const second = await good(sandbox, 'chat.postMessage', { channel, text: 'b' });
    const seconds = clock.now / 1000;
    expect([first.ts, second.ts]).toEqual([`${seconds}.000000`, `${seconds}.000001`]);
    clock.now += 60_000;
    const third = await good(sandbox, 'chat.postMessage', { channel, text: 'c' });
    expect(third.ts).toBe(`${seconds + 60}.000000`);
    const link = await good(sandbox, 'chat.getPermalink', { channel, message_ts: third.ts });
    expect(link.permalink).toBe(
      `https://sandbox.slack.com/archives/${channel}/p${String(third.ts).replace('.', '')}`,
    );
  });

  test('threads, history and metadata', async () => {
    const channel = await made('inc-1');
    const metadata = { event_type: 'incident', event_payload: { id: 7 } };
    const root = await good(sandbox, 'chat.postMessage', { channel, text: 'root', metadata });
    const reply = await good(sandbox, 'chat.postMessage', { channel, text: 'reply', thread_ts: root.ts });
    const history = await good(sandbox, 'conversations.history', { channel });
    const [top] = history.messages as Record<string, unknown>[];
    expect(top).toMatchObject({ text: 'root', reply_count: 1, latest_reply: reply.ts });
    expect(top).not.toHaveProperty('metadata');
    const full = await good(sandbox, 'conversations.history', { channel, include_all_metadata: true });
    expect((full.messages as unknown[])[0]).toMatchObject({ metadata });
    const thread = await good(sandbox, 'conversations.replies', { channel, ts: root.ts });
    expect((thread.messages as { text: string }[]).map((one) => one.text)).toEqual(['root', 'reply']);
    const later = await good(sandbox, 'conversations.history', { channel, oldest: root.ts });
    expect(later.messages).toEqual([]);
    const wrong = { channel, text: 'x', metadata: { event_type: '' } };
    expect(await errorOf(sandbox, 'chat.postMessage', wrong)).toBe('invalid_metadata_schema');
    expect(await errorOf(sandbox, 'chat.postMessage', { channel, text: 'x', metadata: '{' })).toBe(
      'invalid_metadata_format',
    );
  });

  test('updates: own messages only, blocks stay when the text is left out', async () => {
    const channel = await made('inc-1');
    const ana = sandbox.person('ana');
    await ana.join('inc-1');
    const hers = await ana.say('hers', { channel });
    expect(await errorOf(sandbox, 'chat.update', { channel, ts: hers.ts, text: 'x' })).toBe(
      'cant_update_message',
    );
    expect(await errorOf(sandbox, 'chat.delete', { channel, ts: hers.ts })).toBe('cant_delete_message');
    const blocks = [{ type: 'divider', block_id: 'd' }];
    const { ts } = await good(sandbox, 'chat.postMessage', { channel, text: 'x', blocks });
    expect(await errorOf(sandbox, 'chat.update', { channel, ts, text: 'x'.repeat(4001) })).toBe(
      'msg_too_long',
    );
    await good(sandbox, 'chat.update', { channel, ts, metadata: { event_type: 'e', event_payload: {} } });
    expect(sandbox.messages(channel).at(-1)).toMatchObject({ text: 'x', blocks });
    await good(sandbox, 'chat.update', { channel, ts, text: 'y' });
    expect(sandbox.messages(channel).at(-1)).toMatchObject({
      text: 'y',
      blocks: [],
      metadata: { event_type: 'e' },
    });
    await good(sandbox, 'chat.delete', { channel, ts });
    expect(await errorOf(sandbox, 'chat.update', { channel, ts, text: 'z' })).toBe('message_not_found');
  });

  test('long text is cut, empty text refused, ephemerals stay out of the history', async () => {
    const channel = at('general');
    const long = await good(sandbox, 'chat.postMessage', { channel, text: 'x'.repeat(40_001) });
    expect(long.warning).toBe('message_truncated');
    expect(sandbox.messages(channel)[0]?.text).toHaveLength(40_000);
    expect(await errorOf(sandbox, 'chat.postMessage', { channel })).toBe('no_text');
    const user = sandbox.person('ana').id;
    await good(sandbox, 'chat.postEphemeral', { channel, user, text: 'psst' });
    expect(sandbox.ephemerals('ana')).toMatchObject([{ text: 'psst', channel }]);
    expect(sandbox.messages(channel)).toHaveLength(1);
    await sandbox.person('ana').leave('general');
    expect(await errorOf(sandbox, 'chat.postEphemeral', { channel, user, text: 'x' })).toBe(
      'user_not_in_channel',
    );
  });

  test('scheduled messages come when the clock gets there', async () => {
    const channel = at('general');
    const postAt = clock.now / 1000 + 60;
    expect(await errorOf(sandbox, 'chat.scheduleMessage', { channel, text: 'x', post_at: 1 })).toBe(
      'time_in_past',
    );
    const far = { channel, text: 'x', post_at: postAt + 121 * 86_400 };
    expect(await errorOf(sandbox, 'chat.scheduleMessage', far)).toBe('time_too_far');
    await good(sandbox, 'chat.scheduleMessage', { channel, text: 'later', post_at: postAt });
    const metadata = { event_type: 'e', event_payload: {} };
    await good(sandbox, 'chat.scheduleMessage', { channel, text: 'never', post_at: postAt, metadata });
    clock.now += 61_000;
    sandbox.runScheduled();
    expect(sandbox.messages(channel).map((one) => one.text)).toEqual(['later']);
  });

  test('what one person alone sees has a ts that no message of the channel has', async () => {
    const channel = channelId(sandbox, 'general');
    const user = sandbox.person('ana').id;
    await good(sandbox, 'conversations.join', { channel });
    await sandbox.person('ana').say('first', { channel });
    await good(sandbox, 'chat.postEphemeral', { channel, user, text: 'psst' });
    await sandbox.person('ana').say('second', { channel });
    const all = [...sandbox.messages(channel), ...sandbox.ephemerals()].map((each) => each.ts);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('items and files', () => {
  test('pins, bookmarks, reactions', async () => {
    const channel = await made('inc-1');
    const { ts: timestamp } = await good(sandbox, 'chat.postMessage', { channel, text: 'x' });
    await good(sandbox, 'pins.add', { channel, timestamp });
    expect(await errorOf(sandbox, 'pins.add', { channel, timestamp })).toBe('already_pinned');
    expect((await good(sandbox, 'pins.list', { channel })).items).toHaveLength(1);
    await good(sandbox, 'reactions.add', { channel, timestamp, name: 'eyes' });
    const again = { channel, timestamp, name: 'eyes' };
    expect(await errorOf(sandbox, 'reactions.add', again)).toBe('already_reacted');
    expect(await errorOf(sandbox, 'reactions.add', { ...again, name: 'No!' })).toBe('invalid_name');
    await good(sandbox, 'pins.remove', { channel, timestamp });
    expect(await errorOf(sandbox, 'pins.remove', { channel, timestamp })).toBe('no_pin');
    const mark = { channel_id: channel, title: 'Doc', type: 'link' };
    expect(await errorOf(sandbox, 'bookmarks.add', { ...mark, link: 'nope' })).toBe('invalid_link');
    await good(sandbox, 'bookmarks.add', { ...mark, link: 'https://docs.example/1' });
    expect(sandbox.channel(channel)?.bookmarks).toMatchObject([{ title: 'Doc' }]);
  });

  test('an upload in three steps', async () => {
    const channel = await made('inc-1');
    const content = '# Postmortem';
    const step = await good(sandbox, 'files.getUploadURLExternal', {
      filename: 'pm.md',
      length: content.length,
    });
    const form = new FormData();
    form.set('body', new Blob([content]), 'Untitled');
    const files = [{ id: step.file_id, title: 'Postmortem' }];
    expect(await errorOf(sandbox, 'files.completeUploadExternal', { files })).toBe('file_not_found');
    expect((await fetch(String(step.upload_url), { method: 'POST', body: form })).status).toBe(200);
    await good(sandbox, 'files.completeUploadExternal', { files, channel_id: channel });
    expect(sandbox.files()[0]).toMatchObject({ name: 'pm.md', title: 'Postmortem', channels: [channel] });
    expect(String(sandbox.files()[0]?.content)).toBe(content);
    expect(sandbox.messages(channel).at(-1)?.files).toHaveLength(1);
  });
});

describe('people', () => {
  test('they are found by id and by address; groups need a paid plan', async () => {
    const ana = await good(sandbox, 'users.lookupByEmail', { email: 'ana@sandbox.example' });
    expect(ana.user).toMatchObject({ name: 'ana', tz: 'Europe/Berlin', tz_offset: 3600 });
    expect(await errorOf(sandbox, 'users.lookupByEmail', { email: 'no@x.example' })).toBe('users_not_found');
    expect(await errorOf(sandbox, 'users.info', { user: 'UNONE' })).toBe('user_not_found');
    expect(await errorOf(sandbox, 'usergroups.list')).toBe('plan_upgrade_required');
  });

  test('a direct message opens once, and by posting to a person', async () => {
    const users = sandbox.person('bob').id;
    const id = idOf(await good(sandbox, 'conversations.open', { users }));
    expect(await good(sandbox, 'conversations.open', { users })).toMatchObject({ already_open: true });
    await good(sandbox, 'chat.postMessage', { channel: users, text: 'hi' });
    expect(sandbox.messages(id)).toMatchObject([{ text: 'hi' }]);
  });
});

test('home views are published per person and guarded by their hash', async () => {
  const view = { type: 'home', blocks: [{ type: 'divider' }] };
  const user_id = sandbox.person('ana').id;
  const first = await good(sandbox, 'views.publish', { user_id, view });
  const { hash } = first.view as { hash: string };
  await good(sandbox, 'views.publish', { user_id, view, hash });
  expect(await errorOf(sandbox, 'views.publish', { user_id, view, hash })).toBe('hash_conflict');
  expect(sandbox.homeOf('ana')).toMatchObject({ type: 'home' });
  expect(await errorOf(sandbox, 'views.open', { trigger_id: 'x', view })).toBe('invalid_trigger_id');
});
