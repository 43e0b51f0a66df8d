// manifest.yml: what Slack accepts, what the code needs, and nothing more.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { isScalar, isSeq, parseDocument } from 'yaml';
import { makeSurface } from '../src/core/surface.js';
import { features } from '../src/features/index.js';
import { METHODS } from '../src/sandbox/index.js';
import { openWorld } from './helpers/world.js';

interface Manifest {
  features: {
    slash_commands: { command: string; usage_hint: string; should_escape: boolean }[];
    shortcuts: { type: string; callback_id: string }[];
    app_home: { messages_tab_enabled: boolean };
  };
  oauth_config: { scopes: { bot: string[]; bot_optional: string[] } };
  settings: Record<string, unknown> & { event_subscriptions: { bot_events: string[] } };
}

const root = fileURLToPath(new URL('../', import.meta.url));
const document = parseDocument(readFileSync(`${root}manifest.yml`, 'utf8'));
const manifest = document.toJS() as Manifest;
const { bot, bot_optional: optional } = manifest.oauth_config.scopes;
const surface = makeSurface(features);

/** What needs a scope without being a method that names it: docs.slack.dev, reference, scopes. */
const otherNeeds: Readonly<Record<string, (code: string) => boolean>> = {
  commands: (code) => /app\.command\(/.test(code),
  'app_mentions:read': (code) => /'app_mention'/.test(code),
  'reactions:read': (code) => /'reaction_added'/.test(code),
  'chat:write.public': (code) => /'chat\.postMessage'/.test(code),
};
/** The scopes of events, any one of them: docs.slack.dev, reference, events. Messages have a name for each kind of channel. */
const eventScopes: Readonly<Record<string, readonly string[]>> = {
  app_mention: ['app_mentions:read'],
  app_home_opened: [],
  channel_archive: ['channels:read'],
  channel_rename: ['channels:read'],
  channel_unarchive: ['channels:read'],
  group_archive: ['groups:read'],
  group_rename: ['groups:read'],
  group_unarchive: ['groups:read'],
  member_joined_channel: ['channels:read', 'groups:read', 'mpim:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  pin_added: ['pins:read'],
  pin_removed: ['pins:read'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  subteam_members_changed: ['usergroups:read'],
  tokens_revoked: [],
  user_change: ['users:read'],
};

/** What an admin may decline: then the event does not come, and Andon does without. */
const declinable = new Set(['message.groups', 'subteam_members_changed']);

const code = readdirSync(`${root}src/slack`)
  .filter((file) => file.endsWith('.ts'))
  // The table of rates names methods and calls none.
  .filter((file) => file !== 'pacing.ts')
  .map((file) => readFileSync(`${root}src/slack/${file}`, 'utf8'))
  .join('\n');
const called = [...new Set([...code.matchAll(/'([a-z]+(?:\.[A-Za-z]+)+)'/g)].map((found) => found[1] ?? ''))]
  .filter((name) => name in METHODS)
  // `andon doctor` asks about Socket Mode with the app-level token, which has no scopes in a manifest.
  .filter((name) => METHODS[name]?.token !== 'app')
  .sort();

describe('what Slack accepts', () => {
  test('the official schema accepts it', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { uri: true } });
    const accepts = ajv.compile(
      JSON.parse(readFileSync(`${root}tests/fixtures/manifest.schema.json`, 'utf8')),
    );
    expect(document.errors).toEqual([]);
    accepts(manifest);
    expect(accepts.errors).toBeNull();
    // The schema is awake: it refuses a key that it does not know.
    expect(accepts({ ...manifest, feature: {} })).toBe(false);
  });

  test('Socket Mode, one workspace, tokens that do not rotate', () => {
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: true,
      org_deploy_enabled: false,
      token_rotation_enabled: false,
      interactivity: { is_enabled: true },
    });
    // Without this tab a direct message from an app is refused.
    expect(manifest.features.app_home.messages_tab_enabled).toBe(true);
  });
});

describe('commands, shortcuts and events', () => {
  test('each slash command is one that has verbs, and its hint names them all', () => {
    const surfaces = (['incident', 'change', 'freeze', 'report'] as const).filter(
      (name) => surface.verbs(name).length > 0,
    );
    expect(
      manifest.features.slash_commands.map(({ command, usage_hint, should_escape }) => ({
        command,
        usage_hint,
        should_escape,
      })),
    ).toEqual(
      surfaces.map((name) => ({
        command: `/${name}`,
        usage_hint: [...surface.verbs(name).map((verb) => verb.words[0]), 'help'].join(' | '),
        should_escape: true,
      })),
    );
  });

  test('each shortcut opens a form', async () => {
    const world = await openWorld({ sandbox: { app: { botScopes: [...bot, ...optional] } } });
    const ana = world.sandbox.person('ana');
    await ana.command('/incident declare so that there is a timeline', { channel: 'general' });
    await world.settled();
    const { ts } = await ana.say('something happened', { channel: 'general' });
    for (const { callback_id, type } of manifest.features.shortcuts) {
      if (type === 'message') await ana.messageShortcut(callback_id, 'general', ts);
      else await ana.shortcut(callback_id);
      await expect(ana.waitForView(), callback_id).resolves.toMatchObject({ type: 'modal' });
      await ana.closeView({ all: true });
    }
  });

  test('the events are those that the door listens to', () => {
    const quoted = [...code.matchAll(/'([a-z_]+)'/g)].map((found) => found[1] ?? '');
    const heard = [...new Set(quoted)].filter((name) => name in eventScopes);
    // The app hears of `message`; the manifest names the kinds of channels that it happens in.
    if (/app\.event\('message'/.test(code)) heard.push('message.channels', 'message.groups');
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(heard.sort());
    // Every event that is listened to by name stands in the table above.
    const direct = [...code.matchAll(/app\.event\('([a-z_]+)'/g)].map((found) => found[1] ?? '');
    expect(direct.filter((name) => name !== 'message' && !heard.includes(name))).toEqual([]);
    for (const event of heard)
      for (const scope of eventScopes[event]?.slice(0, 1) ?? [])
        expect(declinable.has(event) ? optional : bot, event).toContain(scope);
  });
});

describe('scopes', () => {
  test('the methods that are called were found', () => {
    expect(called).toEqual(expect.arrayContaining(['auth.test', 'chat.postMessage', 'conversations.create']));
    const direct = [...code.matchAll(/\.call\(\s*'([^']+)'/g)].map((found) => found[1] ?? '');
    expect(direct.filter((method) => !called.includes(method))).toEqual([]);
  });

  test.each(called)('%s has a scope', (method) => {
    const wanted = METHODS[method]?.scopes ?? [];
    expect(wanted.length === 0 || wanted.some((scope) => [...bot, ...optional].includes(scope))).toBe(true);
  });

  test('none is granted for nothing, and none twice', () => {
    const all = [...bot, ...optional];
    const unused = all.filter(
      (scope) =>
        !called.some((method) => METHODS[method]?.scopes.includes(scope)) && !otherNeeds[scope]?.(code),
    );
    expect(unused).toEqual([]);
    expect(all).toHaveLength(new Set(all).size);
  });

  test('each says what it is for, and names the method that needs it', () => {
    for (const list of ['bot', 'bot_optional']) {
      const items = document.getIn(['oauth_config', 'scopes', list]);
      if (!isSeq(items)) throw new Error(`no list ${list}`);
      for (const item of items.items) {
        if (!isScalar(item)) throw new Error('a scope is a word');
        const scope = String(item.value);
        const comment = item.comment ?? '';
        const methods = called.filter((method) => METHODS[method]?.scopes.includes(scope));
        const named = methods.some((method) => comment.includes(method));
        expect(named || scope in otherNeeds, `${scope}: ${comment}`).toBe(true);
        expect(comment.length, scope).toBeGreaterThan(20);
      }
    }
  });
});

describe('a whole incident', () => {
  const lines = [
    'note 10:22-10:37 UTC observation: the deploy tool deletes the cluster',
    'role commander me',
    'status identified a merge deleted it',
    'export json',
    'resolve writes are back',
  ];

  test.each(['', ' private'])('all scopes: Slack misses none%s', async (flag) => {
    const refused = await missingScopes([...bot, ...optional], flag, lines);
    expect(refused).toEqual([]);
  });

  test('without those that may be declined, it goes on and only those are missed', async () => {
    const refused = await missingScopes(bot, '', lines);
    const declined = refused.filter((method) =>
      METHODS[method]?.scopes.every((scope) => !bot.includes(scope)),
    );
    expect(refused).toEqual(declined);
    expect(refused).toEqual(expect.arrayContaining(['pins.add', 'bookmarks.add']));
  });
});

/** Runs an incident with these scopes and returns the methods that were refused for want of another. */
async function missingScopes(scopes: string[], flag: string, lines: readonly string[]): Promise<string[]> {
  const world = await openWorld({
    sandbox: {
      app: {
        botScopes: scopes,
        commands: manifest.features.slash_commands.map(({ command }) => command),
        events: manifest.settings.event_subscriptions.bot_events,
      },
    },
  });
  const ana = world.sandbox.person('ana');
  await ana.command(`/incident declare writes are stuck${flag}`, { channel: 'general' });
  await world.settled();
  const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.name;
  if (!channel) throw new Error('the incident has no channel');
  for (const line of lines) {
    const { ok, error } = await ana.command(`/incident ${line}`, { channel });
    expect(error ?? '', line).toBe('');
    expect(ok, line).toBe(true);
    await world.settled();
  }
  const told = world.sandbox.messages(channel).map((message) => message.text);
  expect(told.filter((text) => text.includes('resolved')).length).toBeGreaterThan(0);
  return [
    ...new Set(
      world.sandbox.calls.filter((call) => call.answer?.error === 'missing_scope').map((call) => call.method),
    ),
  ];
}
