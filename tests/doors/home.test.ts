// App Home: what is open, what waits for the reader and what is missing, drawn for each person, with buttons that work.
import { describe, expect, test } from 'vitest';
import { homePlaces } from '../../src/core/feature.js';
import { line, type Part } from '../../src/core/message.js';
import { drawHome } from '../../src/features/home/index.js';
import { engines } from '../helpers/databases.js';
import { rows, unfinished } from '../helpers/record.js';
import { post } from '../helpers/requests.js';
import { say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

describe('what it shows', () => {
  test('before anything happened: how to declare, and how to get help', async () => {
    const world = await openWorld();
    await open(world, 'ana');
    const home = homeOf(world, 'ana');
    expect(home).toContain('No incident is open.');
    expect(home).toContain('Declare an incident');
    expect(home).toContain('/incident help');
    expect(home).not.toContain('Missing');
    // Nothing happened, so nothing is recorded.
    expect(rows(world.databaseUrl, 'SELECT 1 FROM "Fact"')).toEqual([]);
  });

  test('open incidents for everybody, roles for who holds them, and neither when it is over', async () => {
    const world = await openWorld();
    await declare(world, 'ana', 'writes are stuck sev:1 on:api/prod');
    await say(world, 'ana', 'role INC-1 commander me');
    await open(world, 'ana');
    await open(world, 'bob');
    for (const name of ['ana', 'bob']) {
      expect(homeOf(world, name)).toContain('INC-1 writes are stuck');
      expect(homeOf(world, name)).toContain('SEV1 · investigating');
    }
    expect(homeOf(world, 'ana')).toContain('You are commander of INC-1');
    expect(homeOf(world, 'bob')).not.toContain('You are');
    expect(homeOf(world, 'bob')).toContain('commander: @U0ANA00001');
    await say(world, 'ana', 'resolve INC-1 writes are back');
    await open(world, 'ana');
    expect(homeOf(world, 'ana')).toContain('No incident is open.');
    expect(homeOf(world, 'ana')).not.toContain('INC-1');
  });

  test('a private incident only for its members', async () => {
    const world = await openWorld();
    await declare(world, 'ana', 'salaries leaked private');
    world.sandbox.faults.refuse('chat.update', 'restricted_action');
    await open(world, 'ana');
    await open(world, 'bob');
    expect(homeOf(world, 'ana')).toContain('salaries leaked');
    expect(homeOf(world, 'bob')).not.toMatch(/INC-1|salaries/);
  });

  test('what Slack refused, where no notice of it could be put elsewhere', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('pins.add', 'missing_scope', { needed: 'pins:write' });
    await declare(world, 'ana', 'writes are stuck');
    await open(world, 'ana');
    // Its channel says so.
    expect(homeOf(world, 'ana')).not.toContain('Missing');
    world.sandbox.faults.refuse('conversations.create', 'restricted_action');
    world.sandbox.faults.refuse('chat.postMessage', 'restricted_action');
    world.sandbox.faults.refuse('conversations.open', 'missing_scope', { needed: 'im:write' });
    await declare(world, 'ana', 'reads are slow');
    await open(world, 'ana');
    expect(homeOf(world, 'ana')).toContain('Missing');
    expect(homeOf(world, 'ana')).toContain('INC-2: I could not open a channel: Slack said restricted_action');
    await world.pass({ hours: 25 });
    await open(world, 'ana');
    expect(homeOf(world, 'ana')).not.toContain('Missing');
  });

  test('with a dozen incidents and long words it still is a home that Slack takes', async () => {
    const world = await openWorld();
    for (let i = 1; i <= 12; i += 1) {
      await say(world, 'ana', `declare ${'very '.repeat(60)}stuck ${i} anyway`);
      await say(world, 'ana', `role INC-${i} commander me`);
    }
    await open(world, 'ana');
    const view = world.sandbox.homeOf('ana') as { blocks: unknown[] };
    expect(view.blocks.length).toBeLessThanOrEqual(100);
    expect(homeOf(world, 'ana')).toContain('INC-12');
    expect(homeOf(world, 'ana')).toContain('There are more: /incident list');
    expect(unfinished(world.databaseUrl)).toEqual([]);
  });

  test('what features add stands in its part, in the order of the parts', async () => {
    const world = await openWorld();
    const says = (text: string) => async (): Promise<readonly Part[]> => [line(text)];
    const ask = { now: world.now() } as Parameters<typeof drawHome>[2];
    const plain = { name: 'one', facts: [], home: { waiting: says('a task'), missing: says('a scope') } };
    const more = { name: 'two', facts: [], home: { waiting: says('a review'), frozen: says('api/prod') } };
    const { text } = await drawHome([plain, more], world.app.db.read, ask);
    const shown = [
      'On fire',
      'Waiting for you',
      'a task',
      'a review',
      'Frozen',
      'api/prod',
      'Missing',
      'a scope',
    ];
    expect(shown.map((each) => text.indexOf(each))).toEqual(
      shown.map((each) => text.indexOf(each)).sort((a, b) => a - b),
    );
    expect(text).not.toContain('Changing');
    expect(text).not.toContain('You are called');
    expect(homePlaces[0]).toBe('ringing');
  });
});

describe('when it is drawn', () => {
  test('only for the tab that it is on', async () => {
    const world = await openWorld();
    const before = world.sandbox.calls.length;
    await post(world, { type: 'json', body: opened(world, 'messages') });
    await world.settled();
    expect(published(world, before)).toEqual([]);
    await post(world, { type: 'json', body: opened(world, 'home') });
    // The same event again.
    await post(world, { type: 'json', body: opened(world, 'home') });
    await world.settled();
    expect(published(world, before)).toEqual(['U0ANA00001']);
  });

  test.each(engines)(
    '%s: again when an incident changes, for who opened it within the hour and for nobody else',
    async (engine) => {
      const world = await openWorld({ engine });
      await open(world, 'ana');
      const before = world.sandbox.calls.length;
      await declare(world, 'bob', 'writes are stuck');
      expect(new Set(published(world, before))).toEqual(new Set(['U0ANA00001']));
      expect(homeOf(world, 'ana')).toContain('INC-1 writes are stuck');
      // What was shown because something changed counts for no opening.
      await world.pass({ minutes: 59 });
      await say(world, 'bob', 'severity INC-1 1');
      await world.pass({ minutes: 2 });
      const later = world.sandbox.calls.length;
      await say(world, 'bob', 'status INC-1 identified');
      expect(published(world, later)).toEqual([]);
      expect(homeOf(world, 'ana')).toContain('SEV1 · investigating');
    },
  );

  test('a Slack without App Home costs an incident nothing', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('views.publish', 'not_enabled');
    await open(world, 'ana');
    await declare(world, 'ana', 'writes are stuck');
    expect(unfinished(world.databaseUrl).map((job) => [job.kind, job.error])).toEqual(
      expect.arrayContaining([['publishHome', 'views.publish: not_enabled']]),
    );
    expect(world.sandbox.channels().some((each) => each.name.startsWith('inc-1-'))).toBe(true);
    const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.name ?? '';
    expect(
      world.sandbox
        .messages(channel)
        .map((each) => each.text)
        .join(),
    ).not.toContain('did not let me');
  });

  test('the time from which an incident counts is shown as it is known now', async () => {
    const world = await openWorld({ at: '2026-03-10T10:30:00Z' });
    await declare(world, 'ana', 'writes are stuck');
    await open(world, 'ana');
    const before = world.sandbox.calls.length;
    await say(world, 'ana', 'started INC-1 10:05 UTC');
    expect(published(world, before)).toEqual(['U0ANA00001']);
    expect(JSON.stringify(world.sandbox.homeOf('ana'))).toMatch(/since.*10:05 UTC/);
  });
});

describe('its buttons', () => {
  test.each(['http', 'socket'] as const)(
    '%s: one opens a form, whose answer comes by direct message',
    async (transport) => {
      const world = await openWorld({ transport });
      const ana = world.sandbox.person('ana');
      await open(world, 'ana');
      await ana.clickHome('run:/incident declare');
      await ana.submit(await ana.waitForView(), { title: 'writes are stuck' });
      await world.settled();
      expect(homeOf(world, 'ana')).toContain('INC-1 writes are stuck');
      expect(directly(world)).toContain('INC-1');
    },
  );

  test('one without a form does what its command does, and answers by direct message', async () => {
    const world = await openWorld();
    await declare(world, 'bob', 'writes are stuck');
    const ana = world.sandbox.person('ana');
    await open(world, 'ana');
    await ana.clickHome('run:/incident role INC-1 commander me');
    await world.settled();
    expect(homeOf(world, 'ana')).toContain('You are commander of INC-1');
    expect(directly(world)).toContain('ana is commander of INC-1');
    // And the one that needs words asks for them.
    await ana.clickHome('run:/incident note INC-1');
    await ana.submit(await ana.waitForView(), { text: 'restarting the proxy' });
    await world.settled();
    expect(rows(world.databaseUrl, `SELECT "text" FROM "Entry" WHERE "kind" = 'note'`)).toEqual([
      { text: 'restarting the proxy' },
    ]);
  });

  test('one that is pressed late is refused with words, not with silence', async () => {
    const world = await openWorld();
    await declare(world, 'bob', 'writes are stuck');
    const ana = world.sandbox.person('ana');
    await open(world, 'ana');
    world.sandbox.faults.refuse('views.publish', 'not_enabled');
    await say(world, 'bob', 'role INC-1 commander @ana');
    await ana.clickHome('run:/incident role INC-1 commander me');
    await world.settled();
    expect(directly(world)).toContain('ana is commander of INC-1 already');
  });
});

async function open(world: World, name: string): Promise<void> {
  await world.sandbox.person(name).openHome();
  await world.settled();
}

async function declare(world: World, name: string, text: string): Promise<void> {
  await say(world, name, `declare ${text}`);
}

/** The words of a person's home, as its blocks hold them. */
function homeOf(world: World, name: string): string {
  const view = world.sandbox.homeOf(name) as { blocks: unknown[] } | undefined;
  if (!view) throw new Error(`nothing was published to the home of ${name}`);
  return view.blocks.map((block) => words(block)).join('\n');
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join('');
  if (typeof value !== 'object' || value === null) return '';
  const it = value as Record<string, unknown>;
  if (it.type === 'user') return `@${String(it.user_id)}`;
  if (typeof it.text === 'string') return it.text;
  return [it.text, it.elements].map(words).join('');
}

function published(world: World, since: number): unknown[] {
  return world.sandbox.calls
    .slice(since)
    .filter((call) => call.method === 'views.publish')
    .map((call) => call.args.user_id);
}

/** What Andon said to Ana alone. */
function directly(world: World): string {
  const channel = world.sandbox.channels().find((each) => each.isIm && each.members.includes('U0ANA00001'));
  return (channel?.messages ?? []).map((each) => each.text).join('\n');
}

function opened(world: World, tab: string): string {
  return JSON.stringify({
    token: 'unused',
    team_id: world.sandbox.teamId,
    api_app_id: world.sandbox.appId,
    type: 'event_callback',
    event_id: `Ev0HOME${tab}`,
    event_time: 1,
    event: { type: 'app_home_opened', user: 'U0ANA00001', channel: 'D0ANA00001', tab, event_ts: '1.1' },
  });
}
