// Slack's door over HTTP: what is not Slack's writes nothing, what comes twice does one thing, and acknowledged means
// committed.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { everything, holdWriteLock, rows, unfinished } from '../helpers/record.js';
import { again, commandBody, mentionEvent, post, type RawRequest } from '../helpers/requests.js';
import { say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

const minute = 60;
const slackAckMs = 3_000;
const declare = 'declare writes are stuck sev:1 on:api/prod';

describe('what is not from Slack writes nothing', () => {
  const refused: Record<string, (world: World) => RawRequest> = {
    'signed with another secret': (world) => ({
      type: 'form',
      body: commandBody(world, declare),
      headers: { ...world.sandbox.sign(commandBody(world, declare), { secret: 'guessed' }) },
    }),
    'signed for another body': (world) => ({
      type: 'form',
      body: commandBody(world, declare),
      headers: { ...world.sandbox.sign(commandBody(world, 'list')) },
    }),
    'with a signature of no known version': (world) => ({
      type: 'form',
      body: commandBody(world, declare),
      headers: { 'x-slack-signature': 'v1=00' },
    }),
    'with no timestamp that is a number': (world) => ({
      type: 'form',
      body: commandBody(world, declare),
      headers: { 'x-slack-request-timestamp': 'now' },
    }),
    'stale by five minutes and a bit': (world) => {
      const body = commandBody(world, declare);
      const timestamp = Math.floor(Date.now() / 1000) - 5 * minute - 2;
      return { type: 'form', body, headers: { ...world.sandbox.sign(body, { timestamp }) } };
    },
    'stale, as an event': (world) => {
      const body = mentionEvent(world, declare);
      const timestamp = Math.floor(Date.now() / 1000) - 6 * minute;
      return { type: 'json', body, headers: { ...world.sandbox.sign(body, { timestamp }) } };
    },
    'dressed up as a check of TLS': (world) => ({
      type: 'form',
      body: `ssl_check=1&${commandBody(world, declare)}`,
      headers: { 'x-slack-signature': 'v0=00' },
    }),
    'larger than four megabytes': (world) => ({
      type: 'form',
      body: commandBody(world, `${declare} ${'x'.repeat(4 * 1024 * 1024)}`),
    }),
    'no JSON': () => ({ type: 'json', body: '{"type":' }),
    'an event of nothing': () => ({ type: 'json', body: '{}' }),
    'of no kind that Slack sends': (world) => ({
      type: 'form',
      body: commandBody(world, declare),
      headers: { 'content-type': 'text/plain' },
    }),
    'of another team': (world) => ({
      type: 'form',
      body: commandBody(world, declare, { team_id: 'T0ANOTHER1' }),
    }),
    'of another team, as an event': (world) => ({
      type: 'json',
      body: mentionEvent(world, declare, { team_id: 'T0ANOTHER1' }),
    }),
  };

  test('whatever is wrong with it', async () => {
    const world = await openWorld();
    const before = everything(world.databaseUrl);
    const calls = world.sandbox.calls.length;
    const answered: Record<string, number> = {};
    for (const [name, make] of Object.entries(refused)) {
      answered[name] = (await post(world, make(world))).status;
      await world.settled();
      expect(everything(world.databaseUrl), name).toEqual(before);
    }
    expect(answered).toMatchObject({
      'signed with another secret': 401,
      'stale by five minutes and a bit': 401,
      'of another team': 200,
      'of another team, as an event': 200,
      'larger than four megabytes': 413,
      'no JSON': 400,
    });
    // Nothing was asked of Slack either: not even who the sender is.
    expect(world.sandbox.calls.length).toBe(calls);
  });

  test('another workspace is told whose Andon this is, whatever it sends', async () => {
    const world = await openWorld();
    const before = everything(world.databaseUrl);
    const answers = await answerable(0);
    const team = { id: 'T0ANOTHER1' };
    const user = { id: 'U0STRANGER', name: 'zoe' };
    const send = (payload: object) =>
      post(world, { type: 'form', body: `payload=${encodeURIComponent(JSON.stringify(payload))}` });
    const command = await post(world, {
      type: 'form',
      body: commandBody(world, declare, { team_id: team.id }),
    });
    expect(JSON.parse(command.text)).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('belongs to another Slack workspace, so nothing was done'),
    });
    const action = {
      type: 'button',
      action_id: 'run:/incident list',
      value: '/incident list',
      block_id: 'b',
    };
    const pressed = { type: 'block_actions', team, user, actions: [action], trigger_id: '1.2.3' };
    expect((await send({ ...pressed, response_url: answers.url })).status).toBe(200);
    expect(answers.taken).toMatchObject([{ text: expect.stringContaining('belongs to another') }]);
    const view = { id: 'V1', callback_id: 'incident declare', private_metadata: '', state: { values: {} } };
    const blocks = [{ type: 'input', block_id: 'title' }];
    const filled = await send({ type: 'view_submission', team, user, view: { ...view, blocks } });
    expect(JSON.parse(filled.text)).toMatchObject({
      response_action: 'errors',
      errors: { title: expect.stringContaining('belongs to another') },
    });
    const shortcut = { type: 'shortcut', team, user, callback_id: 'declare', trigger_id: '1.2.4' };
    expect((await send(shortcut)).status).toBe(200);
    await world.settled();
    expect(everything(world.databaseUrl)).toEqual(before);
    expect(world.sandbox.calls.filter((each) => each.method === 'views.open')).toEqual([]);
  });

  test('while the same request, rightly signed, declares', async () => {
    const world = await openWorld();
    const answer = await post(world, { type: 'form', body: commandBody(world, declare) });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ response_type: 'ephemeral' });
    expect(rows(world.databaseUrl, 'SELECT "number" FROM "Incident"')).toEqual([{ number: 1 }]);
  });

  test('a request of a megabyte is read, and refused by what it says and not by its size', async () => {
    const world = await openWorld();
    await declared(world);
    const body = commandBody(world, `note INC-1 ${'x'.repeat(1024 * 1024)}`, { trigger_id: 'large' });
    const answer = await post(world, { type: 'form', body });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).text).toContain('1,048,576 characters; 10,000 is the most');
    expect(rows(world.databaseUrl, 'SELECT 1 FROM "Entry"')).toHaveLength(1);
  });
});

describe('what comes twice does one thing', () => {
  test('a command with the same trigger gets the same answer', async () => {
    const world = await openWorld();
    await world.sandbox.person('ana').command(`/incident ${declare}`);
    await world.settled();
    const before = everything(world.databaseUrl);
    const first = world.sandbox.log.find((each) => each.kind === 'command');
    if (!first) throw new Error('no command on the wire');
    const second = await post(world, again(first));
    await world.settled();
    expect(JSON.parse(second.text)).toEqual(first.ack);
    expect(everything(world.databaseUrl)).toEqual(before);
  });

  test('a form with the same view is submitted once', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/incident declare');
    await ana.submit(await ana.waitForView(), { title: 'writes are stuck' });
    await world.settled();
    const before = everything(world.databaseUrl);
    const first = world.sandbox.log.find((each) => each.name === 'view_submission');
    if (!first) throw new Error('no submission on the wire');
    expect((await post(world, again(first))).status).toBe(200);
    await world.settled();
    expect(everything(world.databaseUrl)).toEqual(before);
    expect(world.sandbox.ephemerals('ana')).toHaveLength(1);
  });

  test('a mention is answered once, though it comes as two events and each of them again', async () => {
    const world = await openWorld();
    await declared(world);
    await inGeneral(world);
    world.sandbox.faults.deliverTwice(true);
    await world.sandbox
      .person('ana')
      .say('@localapp note INC-1 we saw it first at noon', { channel: 'general' });
    await world.settled();
    const event = world.sandbox.log.findLast((each) => each.name === 'app_mention');
    if (!event) throw new Error('no mention on the wire');
    const other = { ...event.payload, event_id: 'Ev0OTHER' };
    expect((await post(world, { type: 'json', body: JSON.stringify(other) })).status).toBe(200);
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toEqual([
      { text: 'we saw it first at noon' },
    ]);
    expect(world.sandbox.ephemerals('ana').filter((each) => each.via === 'chat.postEphemeral')).toHaveLength(
      1,
    );
  });

  test('a whole incident is made once when everything is delivered twice', async () => {
    const world = await openWorld();
    const { sandbox } = world;
    sandbox.faults.deliverTwice(true);
    const ana = sandbox.person('ana');
    await ana.command(`/incident ${declare}`);
    await world.settled();
    const channel = sandbox.channels().find((each) => each.name.startsWith('inc-'))?.name ?? '';
    for (const line of ['note hypothesis: the disk is full', 'role commander me', 'resolve all good']) {
      await ana.command(`/incident ${line}`, { channel });
      await world.settled();
    }
    expect(sandbox.log.filter((each) => each.kind === 'command')).toHaveLength(8);
    expect(sandbox.channels().filter((each) => each.name.startsWith('inc-'))).toHaveLength(1);
    expect(rows(world.databaseUrl, 'SELECT "seq", "kind" FROM "Entry" ORDER BY "seq"')).toEqual([
      { seq: 1, kind: 'status' },
      { seq: 2, kind: 'hypothesis' },
      { seq: 3, kind: 'role' },
      { seq: 4, kind: 'status' },
    ]);
    const mine = (name: string) =>
      sandbox.messages(name).filter((each) => each.user === sandbox.botUserId && !each.subtype);
    // Summary, note, role, status, and the draft's own message.
    expect(mine(channel)).toHaveLength(5);
    expect(mine('incidents')).toHaveLength(1);
    expect(sandbox.files()).toHaveLength(1);
    expect(sandbox.channel(channel)?.pins).toHaveLength(1);
    expect(sandbox.channel(channel)?.bookmarks).toHaveLength(1);
    expect(unfinished(world.databaseUrl)).toEqual([]);
  });

  test('a question asked by mention twice is answered once', async () => {
    const world = await openWorld();
    await inGeneral(world);
    world.sandbox.faults.deliverTwice(true);
    await world.sandbox.person('ana').say('@localapp list', { channel: 'general' });
    await world.settled();
    expect(world.sandbox.ephemerals('ana').map((each) => each.text)).toEqual([
      'No incident is open. /incident list all shows the past ones.',
    ]);
  });
});

describe('acknowledged means committed', () => {
  test('a command is acknowledged within three seconds, with its row in the database', async () => {
    const world = await openWorld();
    const outcome = await world.sandbox.person('ana').command(`/incident ${declare}`);
    // Read before anything else of this process runs.
    const stored = rows(world.databaseUrl, 'SELECT "title", "placeKind" FROM "Incident"');
    expect(outcome.ok).toBe(true);
    expect(outcome.latencyMs).toBeLessThan(slackAckMs);
    expect(stored).toEqual([{ title: 'writes are stuck', placeKind: 'none' }]);
  });

  test('neither a command nor an event is acknowledged while the commit waits', async () => {
    const world = await openWorld();
    await declared(world);
    await inGeneral(world);
    const ana = world.sandbox.person('ana');
    const letGo = holdWriteLock(world.databaseUrl);
    const heldMs = 400;
    setTimeout(letGo, heldMs);
    const command = ana.command('/incident note INC-1 by command', { channel: 'general' });
    await ana.say('@localapp note INC-1 by mention', { channel: 'general' });
    const outcome = await command;
    await world.settled();
    expect(outcome.reply?.text).toContain('on INC-1’s timeline');
    expect(outcome.latencyMs).toBeGreaterThanOrEqual(heldMs - 50);
    const event = world.sandbox.log.findLast((each) => each.name === 'app_mention');
    expect(event?.status).toBe(200);
    expect(event?.latencyMs).toBeGreaterThanOrEqual(heldMs - 50);
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toHaveLength(2);
  });
});

describe('a slow database', () => {
  test('promises nothing, and the answer follows where it was asked', async () => {
    const world = await openWorld();
    await declared(world);
    const outcome = await slowly(world, '/incident note INC-1 slow as it is');
    expect(outcome.reply?.text).toBe('Not recorded yet, I will answer here.');
    expect(outcome.latencyMs).toBeLessThan(slackAckMs);
    await expect
      .poll(() => world.sandbox.ephemerals('ana').filter((each) => each.via === 'response_url'))
      .toMatchObject([{ text: expect.stringContaining('on INC-1’s timeline') }]);
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toHaveLength(1);
  });

  test('answers by direct message when the response_url does not work', async () => {
    const world = await openWorld();
    await declared(world);
    const letGo = holdWriteLock(world.databaseUrl);
    setTimeout(letGo, slowMs);
    const body = commandBody(world, 'note INC-1 slow as it is', {
      trigger_id: 'slow',
      response_url: `${world.sandbox.url}/commands/not/a/url`,
    });
    const answer = await post(world, { type: 'form', body });
    expect(JSON.parse(answer.text).text).toBe('Not recorded yet, I will answer here.');
    letGo();
    await expect
      .poll(() => world.sandbox.channels().filter((each) => each.isIm))
      .toMatchObject([
        {
          members: expect.arrayContaining([world.sandbox.person('ana').id]),
          messages: [{ text: expect.stringContaining('on INC-1’s timeline') }],
        },
      ]);
  });
});

describe('stopping', () => {
  test('what was promised is answered before Andon is gone', async () => {
    const world = await openWorld();
    await declared(world);
    const answers = await answerable(300);
    const letGo = holdWriteLock(world.databaseUrl);
    const body = commandBody(world, 'note INC-1 slow as it is', {
      trigger_id: 'slow',
      response_url: answers.url,
    });
    const first = await post(world, { type: 'form', body });
    expect(JSON.parse(first.text).text).toBe('Not recorded yet, I will answer here.');
    const stopped = world.app.stop();
    letGo();
    await stopped;
    expect(answers.taken).toMatchObject([{ text: expect.stringContaining('on INC-1’s timeline') }]);
  });
});

describe('Slack is away when Andon starts', () => {
  test('it starts, records, and tells everything when Slack is back', async () => {
    const world = await openWorld({ before: (sandbox) => sandbox.faults.down() });
    const { sandbox } = world;
    // Slack's API is away; what it sends still comes in.
    const answer = await post(world, { type: 'form', body: commandBody(world, declare) });
    expect(answer.status).toBe(200);
    expect(rows(world.databaseUrl, 'SELECT "title" FROM "Incident"')).toEqual([
      { title: 'writes are stuck' },
    ]);
    sandbox.faults.up();
    await world.settled();
    expect(sandbox.channels().filter((each) => each.name.startsWith('inc-1'))).toHaveLength(1);
    expect(unfinished(world.databaseUrl)).toEqual([]);
  });
});

/** A response_url that takes its time; what it has taken. */
async function answerable(ms: number): Promise<{ url: string; taken: unknown[] }> {
  const taken: unknown[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    setTimeout(() => {
      taken.push(JSON.parse(Buffer.concat(parts).toString()));
      response.end('ok');
    }, ms);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, taken };
}

const slowMs = 2_500;

async function slowly(world: World, line: string) {
  const letGo = holdWriteLock(world.databaseUrl);
  setTimeout(letGo, slowMs);
  const outcome = await world.sandbox.person('ana').command(line, { channel: 'general' });
  letGo();
  return outcome;
}

async function declared(world: World): Promise<void> {
  await say(world, 'ana', declare);
}

/** The app is asked into a channel, so that it hears when it is mentioned there. */
async function inGeneral(world: World): Promise<void> {
  await world.sandbox.person('ana').invite('general', world.sandbox.botUserId);
  await world.settled();
}
