// What people type by mistake or in malice: one helpful reply to the sender alone and nothing changes, or it is kept as
// plain text. Nothing that Andon says to Slack may call anybody or lie about a link.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallRecord, Json, Person } from '../../src/sandbox/index.js';
import { everything, rows, unfinished } from '../helpers/record.js';
import { commandBody, post } from '../helpers/requests.js';
import { openWorld, type World } from '../helpers/world.js';

describe('what is not understood changes nothing', () => {
  const refused: readonly (readonly [line: string, says: string])[] = [
    ['/incident decalre the api is down', 'Did you mean /incident declare?'],
    ['/incident frobnicate', '/incident help lists what there is'],
    ['/incident the api is down', '/incident declare the api is down'],
    ['/incident note', 'INC-1'],
    ['/incident severity INC-1 9', 'A severity is SEV1 (worst), SEV2, SEV3 or SEV4.'],
    ['/incident status INC-1 on-fire', 'A status is investigating'],
    ['/incident affects INC-1 api/prod very', 'A level is operational'],
    ['/incident affects INC-1 a/b/c/d degraded', 'is no component'],
    ['/incident affects INC-1 api/prod', 'Usage: /incident affects COMPONENT LEVEL'],
    ['/incident role INC-1 commander', 'Usage: /incident role ROLE @user'],
    ['/incident role INC-1 emperor me', 'A role is commander'],
    ['/incident role INC-1 commander @nobody.here', 'I do not know @nobody.here'],
    ['/incident role INC-1 commander <@U0NOBODY01>', 'I do not know'],
    ['/incident started INC-1', 'When? Say the time'],
    ['/incident note INC-1 25:99 it broke', '25:99'],
    ['/incident strike INC-1 99', 'has no entry #99'],
    ['/incident strike INC-1 1', 'cannot be struck out'],
    ['/incident note INC-77 who is there', 'There is no INC-77'],
    ['/incident status INC-1 investigating', 'is investigating already'],
    ['/incident declare started:13:99 the proxy died', '13:99'],
    ['/incident declare writes are stuck on:api/prod/eu-1/rack', 'is no component'],
    ['/incident declare \u0000\u202E \u2066', 'Say in a few words what is wrong'],
    [`/incident note INC-1 ${'x'.repeat(10_001)}`, '10,001 characters; 10,000 is the most'],
    ['/incident \'; DROP TABLE "Incident"; --', 'nothing was done'],
    ['/incident __proto__ constructor', 'nothing was done'],
  ];

  test('one reply to the sender, and not a row', async () => {
    const { world, ana } = await declared();
    const before = everything(world.databaseUrl);
    const calls = world.sandbox.calls.length;
    for (const [line, says] of refused) {
      const outcome = await ana.command(line, { channel: 'general' });
      expect(outcome.ok, line).toBe(true);
      expect(outcome.reply?.response_type ?? 'a form', line).toBe(
        line.endsWith('note') ? 'a form' : 'ephemeral',
      );
      if (outcome.reply) expect(outcome.reply.text, line).toContain(says);
      await world.settled();
      expect(everything(world.databaseUrl), line).toEqual(before);
    }
    const loud = world.sandbox.calls
      .slice(calls)
      .filter((each) => !/^(users\.info|views\.open)$/.test(each.method));
    expect(loud).toEqual([]);
    expect(world.sandbox.messages('general').filter((each) => each.user === world.sandbox.botUserId)).toEqual(
      [],
    );
  });

  test('the same by mention: said to the sender alone', async () => {
    const { world, ana } = await declared();
    await ana.invite('general', world.sandbox.botUserId);
    await world.settled();
    // That it was answered is kept, so that it is not answered again; nothing else.
    const recorded = () => {
      const { Request: _requests, Job: _jobs, Lane: _lanes, ...rest } = everything(world.databaseUrl);
      return rest;
    };
    const before = recorded();
    await ana.say('@localapp frobnicate', { channel: 'general' });
    await ana.say('@localapp note INC-1', { channel: 'general' });
    await ana.say('@localapp', { channel: 'general' });
    await world.settled();
    expect(recorded()).toEqual(before);
    expect(world.sandbox.ephemerals('ana').filter((each) => each.via === 'chat.postEphemeral')).toHaveLength(
      3,
    );
    expect(
      world.sandbox.messages('general').filter((each) => each.user === world.sandbox.botUserId),
    ).toMatchObject([{ subtype: 'channel_join' }]);
  });
});

const hostile: Record<string, string> = {
  'everybody by Slack’s own words': 'fire <!channel> <!here> <!everyone> <!subteam^S0ALL>',
  'everybody by at': 'fire @channel @here @everyone',
  'a link that lies': '<http://evil.example|http://good.example> and [good](http://evil.example)',
  'a person who is not meant': 'ask <@U0BOB00002> and <@U0NOBODY01>',
  Markdown: '# big *bold* _it_ ~no~ `code` ```block``` > quote | table |',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; &amp;',
  SQL: `'); DROP TABLE "Fact"; --`,
  'right to left': 'gpj.\u202Eexe بيانات שלום \u2067x\u2069',
  emoji: 'writes 🔥🔥 👩‍👩‍👧‍👦 :fire: 🇩🇪',
  'NUL and controls': 'a\u0000b\u0007c\u001B[31md',
  'a lone surrogate': 'half \uD83D of it',
  'a template': '$' + '{process.env.SLACK_BOT_TOKEN} {{x}} %s',
  'a date token': '<!date^1^{date}^http://evil.example|now>',
};

describe('what is kept is kept as plain text', () => {
  test.each(Object.entries(hostile))('%s', async (_name, text) => {
    const { world, ana } = await declared();
    await everywhere(world, ana, text);
    expectHarmless(world.sandbox.calls);
    expect(unfinished(world.databaseUrl)).toEqual([]);
    expect(rows(world.databaseUrl, 'SELECT "number" FROM "Incident"')).toHaveLength(2);
  });

  test('its words are all there: nothing is swallowed', async () => {
    const { world, ana } = await declared();
    await ana.command(
      '/incident note INC-1 <http://evil.example|http://good.example> cost < 5 && > 3 *all* of it',
    );
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toEqual([
      { text: expect.stringContaining('cost < 5 && > 3 *all* of it') },
    ]);
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toEqual([
      { text: expect.stringContaining('evil.example') },
    ]);
  });

  test('a title of 5,000 characters names the incident by its beginning and keeps the rest', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    const title = `writes <!channel> ${'are very stuck and '.repeat(262)}so on`.slice(0, 5_000);
    const outcome = await ana.command(`/incident declare ${title}`);
    expect(outcome.reply?.text).toContain('The title was long');
    await world.settled();
    const [incident] = rows<{ title: string }>(world.databaseUrl, 'SELECT "title" FROM "Incident"');
    expect(incident?.title.length).toBeLessThanOrEqual(120);
    const [entry] = rows<{ text: string }>(world.databaseUrl, 'SELECT "text" FROM "Entry"');
    expect(entry?.text.length).toBeGreaterThan(4_900);
    expect(world.sandbox.channels().filter((each) => each.name.startsWith('inc-1'))).toHaveLength(1);
    expect(unfinished(world.databaseUrl)).toEqual([]);
    expect(world.sandbox.calls.filter((each) => each.answer?.ok === false)).toEqual([]);
    expectHarmless(world.sandbox.calls);
  });

  test('bytes that are no text are refused or kept, and never break anything', async () => {
    const { world } = await declared();
    for (const text of ['note INC-1 %ff%fe', 'note INC-1 a\uD800b', 'note INC-1 a%00b']) {
      const body = `${commandBody(world, 'x', { trigger_id: text })}`.replace('text=x', `text=${raw(text)}`);
      const answer = await post(world, { type: 'form', body });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ response_type: 'ephemeral' });
    }
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT 1 FROM "Entry" WHERE "kind" = \'note\'')).toHaveLength(3);
    expect(unfinished(world.databaseUrl)).toEqual([]);
  });

  test('whatever anybody writes', async () => {
    const { world, ana } = await declared();
    const words = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(fc.constantFrom(...Object.values(hostile), ' ', '*', '`', '<', '>', '|', '\n', '&', '10:42 '))
        .map((parts) => parts.join('')),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(words, words, async (title, note) => {
        number += 1;
        const first = world.sandbox.calls.length;
        // A word in front, so that it is text and no key, time or flag; and no two alike.
        for (const line of [`declare n${number} ${title} n${number}`, `note INC-1 n${number} ${note}`]) {
          const outcome = await ana.command(`/incident ${line}`, { channel: 'general' });
          expect(outcome.ok).toBe(true);
          expect(outcome.reply?.response_type).toBe('ephemeral');
          expect(outcome.reply?.text).not.toContain('Something went wrong');
        }
        await world.settled();
        expectHarmless(world.sandbox.calls.slice(first));
        expect(unfinished(world.databaseUrl)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

/** The text wherever a person can put one. */
async function everywhere(world: World, ana: Person, text: string): Promise<void> {
  const lines = [
    `declare second ${text}`,
    `note INC-2 ${text}`,
    `note INC-2 hypothesis: ${text}`,
    'strike INC-2 3 no',
    `severity INC-2 1 ${text}`,
    `status INC-2 identified ${text}`,
    'role INC-2 commander me',
    'timeline INC-2',
    'show INC-2',
    'list',
    `resolve INC-2 ${text}`,
  ];
  for (const line of lines) {
    const outcome = await ana.command(`/incident ${line}`, { channel: 'general' });
    expect(outcome.ok, line).toBe(true);
    expect(outcome.reply?.response_type, line).toBe('ephemeral');
    expectSafeText(outcome.reply?.text ?? '');
    expectSafeBlocks(outcome.reply?.blocks ?? []);
  }
  await world.settled();
}

/** Nothing that was sent to Slack calls everybody, hides a link or is markup that a person wrote. */
function expectHarmless(calls: readonly CallRecord[]): void {
  for (const { method, args } of calls) {
    for (const key of ['text', 'topic', 'purpose', 'initial_comment'])
      if (typeof args[key] === 'string') expectSafeText(args[key]);
    if (args.blocks !== undefined) {
      const blocks =
        typeof args.blocks === 'string' ? (JSON.parse(args.blocks) as Json[]) : (args.blocks as Json[]);
      expect(Array.isArray(blocks), method).toBe(true);
      expectSafeBlocks(blocks);
    }
    expect(args.parse, method).toBeUndefined();
    expect(args.link_names, method).toBeUndefined();
  }
}

// In what Slack reads as markup, the only angle brackets are those of our own date tokens.
function expectSafeText(text: string): void {
  const rest = text.replace(/<!date\^\d+\^[{}a-z_ ]+\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>/g, '');
  expect(rest).not.toMatch(/[<>]/);
  expect(rest.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(rest).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202A-\u202E\u2066-\u2069]/);
}

function expectSafeBlocks(blocks: readonly Json[]): void {
  visit(blocks, (node) => {
    expect(node.type).not.toBe('mrkdwn');
    expect(node.type).not.toBe('markdown');
    expect(node.type).not.toBe('broadcast');
    expect(node.type).not.toBe('usergroup');
    if (node.type === 'link') expect(String(node.text ?? node.url)).toContain(new URL(String(node.url)).host);
    // A person is named by a token only where they hold a role: here, that is nobody but Ana.
    if (node.type === 'user') expect(node.user_id).toBe('U0ANA00001');
  });
}

function visit(value: unknown, look: (node: Json) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, look);
  else if (value !== null && typeof value === 'object') {
    look(value as Json);
    for (const each of Object.values(value)) visit(each, look);
  }
}

/** Form encoding that leaves what is already encoded as it is. */
function raw(text: string): string {
  return text.replaceAll(' ', '+').replace(/[\uD800-\uDFFF]/g, '%ED%A0%80');
}

async function declared(): Promise<{ world: World; ana: Person }> {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  const ana = world.sandbox.person('ana');
  await ana.command('/incident declare writes are stuck sev:1 on:api/prod');
  await world.settled();
  return { world, ana };
}
