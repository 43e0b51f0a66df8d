// The panel: what Slack refuses is red, with Slack's own word for it; and faults are laid, seen at work, and lifted.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { incidentChannel, type Local, openLocal } from '../helpers/local.js';
import { openScreen } from '../helpers/screen.js';
import { call, channelId } from '../sandbox/help.js';

const browser = openBrowser();

describe('what Slack refuses is red, with its own error', () => {
  const ackMs = 400;
  let sandbox: Sandbox;
  let app: Server;
  let heard: URLSearchParams[] = [];
  let answers = true;

  beforeAll(async () => {
    sandbox = await openSandbox({ ackMs, rateLimits: 'slack' });
    app = createServer((request, response) => void hear(request, response));
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    sandbox.deliverTo(`http://127.0.0.1:${(app.address() as AddressInfo).port}/`);
    await sandbox.person('ana').invite('general', sandbox.botUserId);
    await sandbox.settle();
  });
  afterAll(async () => {
    await sandbox.close();
    app.closeAllConnections();
    app.close();
  });

  async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    heard.push(new URLSearchParams(body));
    if (answers) response.end();
  }

  async function command(): Promise<URLSearchParams> {
    heard = [];
    await sandbox.person('ana').command('/try it', { channel: 'general' });
    const [asked] = heard;
    if (!asked) throw new Error('the app heard nothing');
    return asked;
  }

  const block = { type: 'divider' };
  const view = { type: 'modal', title: { type: 'plain_text', text: 'A form' }, blocks: [block] };
  const cases: Record<
    string,
    { name: string; error: string; means: RegExp; provoke: () => Promise<unknown> }
  > = {
    'a late acknowledgement': {
      name: '/try',
      error: 'operation_timeout',
      means: /acknowledge/,
      async provoke() {
        answers = false;
        await command();
        answers = true;
      },
    },
    'a trigger that was used': {
      name: 'views.open',
      error: 'exchanged_trigger_id',
      means: /trigger/,
      async provoke() {
        const trigger_id = (await command()).get('trigger_id');
        await call(sandbox, 'views.open', { trigger_id, view });
        await call(sandbox, 'views.open', { trigger_id, view });
        await sandbox.person('ana').closeView({ all: true });
      },
    },
    'too many blocks': {
      name: 'chat.postMessage',
      error: 'invalid_blocks',
      means: /block/,
      provoke: () => post({ text: 'many', blocks: Array.from({ length: 51 }, () => block) }),
    },
    'a name that is taken': {
      name: 'conversations.create',
      error: 'name_taken',
      means: /name/,
      provoke: () => call(sandbox, 'conversations.create', { name: 'general' }),
    },
    'a channel that the app is not in': {
      name: 'conversations.setTopic',
      error: 'not_in_channel',
      means: /channel/,
      provoke: () =>
        call(sandbox, 'conversations.setTopic', { channel: channelId(sandbox, 'changes'), topic: 'x' }),
    },
    'a response URL that was used up': {
      name: 'response_url',
      error: 'used_url',
      means: /five|5/,
      async provoke() {
        const url = (await command()).get('response_url') ?? '';
        for (let time = 0; time < 6; time += 1)
          await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ text: `answer ${time}` }),
          });
      },
    },
    'too many messages at once': {
      name: 'chat.postMessage',
      error: 'ratelimited',
      means: /\d+ s/,
      async provoke() {
        for (let time = 0; time < 8; time += 1) await post({ text: `message ${time}` });
      },
    },
  };

  function post(args: Record<string, unknown>) {
    return call(sandbox, 'chat.postMessage', { channel: channelId(sandbox, 'general'), ...args });
  }

  test.each(Object.entries(cases))('%s', async (_what, { name, error, means, provoke }) => {
    const { page } = await browser.visit(sandbox.url, { as: sandbox.person('ana').id });
    const screen = openScreen(page);
    await screen.openPanel();
    await screen.panel.getByRole('button', { name: 'Clear' }).click();
    await provoke();

    const card = row(screen.panel, new RegExp(`${name}.*refused: ${error}`)).last();
    await card.waitFor();
    expect(await reddish(card)).toBe(true);
    await card.click();
    await screen.panel.getByText(new RegExp(`refused: ${error}\\.`)).waitFor();
    expect(await screen.panel.getByText(means).count()).toBeGreaterThan(0);
    // The same word is what the app was told, or what the record of deliveries holds.
    const told = [
      ...sandbox.calls.map((each) => each.answer?.error),
      ...sandbox.log.map((each) => each.error),
    ];
    if (name !== 'response_url') expect(told).toContain(error);
    await picture(page, `panel-${error}`);
  });

  test('a scope that was taken away on the page', async () => {
    const { page } = await browser.visit(sandbox.url, { as: sandbox.person('ana').id });
    const screen = openScreen(page);
    await screen.openPanel();
    await screen.panel.getByRole('tab', { name: /^Faults/ }).click();
    await screen.panel.getByText('What the app may do').click();
    const scope = screen.panel.getByRole('checkbox', { name: 'pins:write', exact: true });
    await scope.click();
    await screen.panel.getByText('the scope pins:write is taken away').waitFor();
    const ts = (await sandbox.person('ana').say('pin me', { channel: 'general' })).ts;
    const pin = () => call(sandbox, 'pins.add', { channel: channelId(sandbox, 'general'), timestamp: ts });
    expect((await pin()).body.error).toBe('missing_scope');

    await screen.panel.getByRole('tab', { name: 'Requests' }).click();
    const card = row(screen.panel, /pins\.add.*refused: missing_scope/);
    await card.click();
    await screen.panel.getByText(/refused: missing_scope\./).waitFor();
    expect(await screen.panel.getByText(/pins:write/).count()).toBeGreaterThan(0);

    await screen.panel.getByRole('tab', { name: /^Faults/ }).click();
    await screen.panel.getByRole('button', { name: /^Give back/ }).click();
    await screen.panel.getByText('No fault is laid').waitFor();
    expect((await pin()).body.ok).toBe(true);
  });
});

describe('a fault laid on the page meets Andon, and Andon does one thing once', () => {
  let local: Local;
  let channel = '';
  let count = 0;

  beforeAll(async () => {
    local = await openLocal();
    const ana = local.sandbox.person('ana');
    await ana.command('/incident declare writes are stuck', { channel: 'general' });
    await vi.waitFor(() => expect(incidentChannel(local.sandbox, 1)?.pins).toHaveLength(1), {
      timeout: patienceMs,
    });
    channel = incidentChannel(local.sandbox, 1)?.name ?? '';
  });
  afterAll(() => local.stop());

  const faults: Record<string, { lay: (panel: Locator) => Promise<void>; seen: RegExp; lifted?: true }> = {
    'asked to wait': {
      lay: (panel) => layOwn(panel, 'rateLimit', { 'Retry-After, in seconds': '1' }),
      seen: /chat\.postMessage.*refused: ratelimited/,
    },
    refused: {
      lay: (panel) => layOwn(panel, 'refuse', {}, 'internal_error'),
      seen: /chat\.postMessage.*refused: internal_error/,
    },
    'an HTTP status': {
      lay: (panel) => layOwn(panel, 'status', { 'HTTP status': '503' }),
      seen: /chat\.postMessage.*refused/,
    },
    'dropped before the work': {
      lay: (panel) => layOwn(panel, 'drop', {}, 'before'),
      seen: /chat\.postMessage.*refused/,
    },
    'dropped after the work': {
      lay: (panel) => layOwn(panel, 'drop', {}, 'after'),
      seen: /chat\.postMessage.*refused/,
    },
    late: {
      lay: (panel) => layOwn(panel, 'delay', { 'Delay, in milliseconds': '900' }),
      seen: /chat\.postMessage/,
    },
    'everything twice': {
      lay: (panel) => panel.getByRole('switch', { name: /^Everything comes twice/ }).click(),
      seen: /\/incident.*again/,
    },
    'out of reach': {
      lay: (panel) => panel.getByRole('switch', { name: /^Slack is down/ }).click(),
      seen: /refused/,
      lifted: true,
    },
  };

  test.each(Object.entries(faults))('%s', async (what, { lay, seen, lifted }) => {
    count += 1;
    const words = `note number ${count} while ${what}`;
    const { page } = await browser.visit(local.url, { as: local.sandbox.person('ana').id });
    const screen = openScreen(page);
    await screen.enter(channel);
    await screen.openPanel();
    await screen.panel.getByRole('button', { name: 'Clear' }).click();
    await screen.panel.getByRole('tab', { name: /^Faults/ }).click();
    await lay(screen.panel);
    await screen.panel.getByText('Laid now').waitFor();
    await picture(page, `fault-${what.replaceAll(' ', '-')}`);

    await screen.send(`/incident note ${words}`);
    await screen.whisper(/on INC-1’s timeline/).waitFor();
    await screen.panel.getByRole('tab', { name: 'Requests' }).click();
    await row(screen.panel, seen).last().waitFor();
    if (lifted) await liftAll(screen.panel);
    await screen.message(`${words} — ana`).waitFor();
    if (!lifted) await liftAll(screen.panel);
    await local.sandbox.settle({ quietMs: 300 });

    const said = local.sandbox.messages(channel).filter((each) => each.text.includes(words));
    expect(said.map((each) => each.text)).toHaveLength(1);
    const answers = local.sandbox
      .ephemerals('ana')
      .filter((each) => each.text.includes(`#${count + 1} on INC-1`));
    expect(answers.length).toBeLessThanOrEqual(1);
    const timeline = await local.sandbox.person('ana').command('/incident timeline all', { channel });
    expect(timeline.reply?.text.split(words)).toHaveLength(2);
  });
});

function row(panel: Locator, words: RegExp): Locator {
  return panel.getByRole('listitem').getByRole('button', { name: words });
}

/** Lays a fault on chat.postMessage, once. */
async function layOwn(
  panel: Locator,
  kind: string,
  fields: Record<string, string>,
  choice?: string,
): Promise<void> {
  await panel.getByLabel('When the app calls').selectOption('chat.postMessage');
  await panel.getByLabel('Slack', { exact: true }).selectOption(kind);
  for (const [label, value] of Object.entries(fields)) await panel.getByLabel(label).fill(value);
  if (choice) await panel.getByLabel(/^With the error$|^When$/).selectOption(choice);
  await panel.getByLabel(/^How many times/).fill('1');
  await panel.getByRole('button', { name: 'Lay it' }).click();
}

/** Lifts what is still laid; what was laid once may have done its work. */
async function liftAll(panel: Locator): Promise<void> {
  await panel.getByRole('tab', { name: /^Faults/ }).click();
  const all = panel.getByRole('button', { name: 'Lift all' });
  if (await all.isVisible()) await all.click();
  await panel.getByText('No fault is laid').waitFor();
}

/** Whether something in it is drawn red: more red than green and blue together would make grey. */
async function reddish(card: Locator): Promise<boolean> {
  return card.evaluate((element) =>
    [element, ...element.querySelectorAll('*')].some((each) => {
      const { color, backgroundColor, borderLeftColor } = getComputedStyle(each);
      return [color, backgroundColor, borderLeftColor].some((one) => {
        const [red = 0, green = 0, blue = 0, alpha = 1] = (one.match(/[\d.]+/g) ?? []).map(Number);
        return alpha > 0 && red > green + 40 && red > blue + 40;
      });
    }),
  );
}
