// What people and apps write is data: on the page nothing of it runs, becomes markup, or reaches who may not see it.
import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { pageClient } from '../helpers/local.js';
import { openScreen } from '../helpers/screen.js';
import { channelId, good } from '../sandbox/help.js';

const run = 'window.somethingRan=1';
const markup = [
  `<script>${run}</script>`,
  `<img src="x" onerror="${run}">`,
  `"><svg onload="${run}"></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `</textarea><style>*{display:none}</style>`,
];
const override = '\u202e';
const people = [
  { id: 'U0ANA00001', name: 'ana', realName: `Ana <img src=x onerror="${run}">`, tz: 'Europe/Berlin' },
  { id: 'U0BOB00002', name: 'bob', realName: `Bob ${override}txt.exe`, tz: 'America/New_York' },
  { id: 'U0CHEN0003', name: 'chen', realName: '*Chen* <@U0ANA00001>', tz: 'Asia/Kolkata' },
];
const [ana, bob, chen] = people.map((each) => each.id) as [string, string, string];

const browser = openBrowser();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({
    people,
    rateLimits: 'off',
    channels: [
      { name: 'general' },
      { name: 'only-ana', members: ['ana'], private: true },
      { name: 'both', members: ['ana', 'bob'] },
    ],
  });
  await sandbox.person('ana').invite('general', sandbox.botUserId);
});
afterAll(() => sandbox.close());

describe('what people write', () => {
  test('is drawn as it was typed, and nothing of it runs', async () => {
    await good(sandbox, 'conversations.setTopic', {
      channel: channelId(sandbox, 'general'),
      topic: markup[1],
    });
    const { page } = await browser.visit(sandbox.url, { as: ana });
    const screen = openScreen(page);
    await screen.enter('general');
    for (const text of markup) await screen.send(text);
    for (const text of markup) await screen.message(text).waitFor();
    // So is the topic, which an app had set.
    await page.getByTitle(markup[1] ?? '').waitFor();
    expect(sandbox.messages('general').map((each) => each.user)).toContain(ana);
    await expectNothingRan(page);
    await picture(page, 'safety-markup');
  });

  test('is no broadcast, mention or link unless the client made it one', async () => {
    const { page } = await browser.visit(sandbox.url, { as: bob });
    const screen = openScreen(page);
    await screen.enter('both');
    const typed = [
      'wake <!channel> up',
      'see <https://evil.example|https://bank.example>',
      'run <javascript:alert(1)|this>',
      'a [link](javascript:alert(1)) in markdown',
    ];
    for (const text of typed) await screen.send(text);
    for (const text of typed) await screen.message(text).waitFor();
    expect(await hrefsWithin(page)).not.toContainEqual(expect.stringMatching(/evil|javascript/i));
    expect(JSON.stringify(sandbox.messages('both').map((each) => each.blocks))).not.toContain('"broadcast"');
    await expectNothingRan(page);
  });

  test('does not turn around what stands beside it', async () => {
    await sandbox.person('bob').say(`${override}gnp.exe is the picture`, { channel: 'both' });
    await sandbox.person('bob').upload('both', { name: `report${override}txt.exe`, content: 'x' });
    const { page } = await browser.visit(sandbox.url, { as: ana });
    const screen = openScreen(page);
    await screen.enter('both');
    await screen.message('is the picture').waitFor();
    await page.getByText('report', { exact: false }).last().waitFor();
    expect(await page.evaluate(leakingOverrides)).toEqual([]);
  });
});

describe('a link of this workspace', () => {
  test('never leaves the page, and says so where it leads to nothing one can see', async () => {
    const unseen = `https://sandbox.slack.com/archives/${channelId(sandbox, 'only-ana')}`;
    const seen = `https://sandbox.slack.com/archives/${channelId(sandbox, 'both')}`;
    await good(sandbox, 'chat.postMessage', {
      channel: channelId(sandbox, 'general'),
      text: `see <${unseen}|the secret> or <${seen}|the open one>`,
    });
    const { page } = await browser.visit(sandbox.url, { as: bob });
    const screen = openScreen(page);
    await screen.enter('general');
    await page.getByRole('link', { name: 'the secret' }).click();
    await page.getByRole('alert').filter({ hasText: 'leads to a channel that' }).waitFor();
    await page.getByRole('heading', { name: '#general', exact: true }).waitFor();
    await page.getByRole('link', { name: 'the open one' }).click();
    await page.getByRole('heading', { name: '#both', exact: true }).waitFor();
    await page.getByRole('alert').filter({ hasText: 'leads to' }).waitFor({ state: 'detached' });
    expect(page.context().pages()).toHaveLength(1);
  });
});

describe('what an app writes', () => {
  test('links only to where a browser may go', async () => {
    const channel = channelId(sandbox, 'general');
    await good(sandbox, 'chat.postMessage', {
      channel,
      text: `an app's words <javascript:${run}|with a link> <data:text/html,x|and data> &lt;b&gt;bold&lt;/b&gt; &amp;amp; *${markup[0]}*`,
    });
    await good(sandbox, 'chat.postMessage', {
      channel,
      text: 'plain',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '*plain* <@U0ANA00001> <b>x</b>' } },
        { type: 'section', text: { type: 'plain_text', text: `plain ${markup[1]} &lt;i&gt;` } },
      ],
    });
    const { page } = await browser.visit(sandbox.url, { as: chen });
    const screen = openScreen(page);
    await screen.enter('general');
    const words = screen.message("an app's words");
    await words.waitFor();
    expect(await words.textContent()).toContain('<b>bold</b> &amp;');
    await page.getByText('*plain* <@U0ANA00001> <b>x</b>').waitFor();
    const hrefs = await hrefsWithin(page);
    expect(hrefs.filter((each) => !/^(https?|mailto|slack):/.test(each))).toEqual([]);
    await expectNothingRan(page);
  });
});

describe('an uploaded page', () => {
  test('is not run: neither in the channel nor when its address is opened', async () => {
    const html = `<!doctype html><script>${run};fetch('/page/open?as=${ana}')</script><h1>Hello</h1>`;
    await sandbox.person('bob').upload('both', { name: 'page.html', content: html });
    await sandbox.person('bob').upload('both', {
      name: 'drawing.svg',
      content: `<svg xmlns="http://www.w3.org/2000/svg"><script>${run}</script></svg>`,
    });
    const { messages } = (await (
      await fetch(`${sandbox.url}/page/channels/${channelId(sandbox, 'both')}?as=${ana}`)
    ).json()) as { messages: { files: { name: string; url: string }[] }[] };
    const files = messages.flatMap((each) => each.files).filter((each) => /html|svg/.test(each.name));
    expect(files).toHaveLength(2);
    for (const file of files) {
      const response = await fetch(new URL(file.url, sandbox.url));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-type')).not.toMatch(/html|svg/);
    }
    const { page } = await browser.visit(sandbox.url, { as: ana });
    const screen = openScreen(page);
    await screen.enter('both');
    await page.getByText('page.html').first().waitFor();
    await expectNothingRan(page);
  });
});

describe('who may ask', () => {
  const json = { 'content-type': 'application/json' };
  const say = JSON.stringify({ as: ana, act: { do: 'say', channel: 'C', text: 'forged' } });

  test.each(['evil.example', 'evil.example:PORT', 'localhost.evil.example', '127.0.0.1.evil.example:PORT'])(
    'a page that reached this machine under the name %s is refused',
    async (name) => {
      const host = name.replace('PORT', new URL(sandbox.url).port);
      for (const path of ['/', `/page/open?as=${ana}`, `/page/stream?as=${ana}`])
        expect(await statusOf('GET', path, { host }), path).toBeGreaterThanOrEqual(400);
      expect(await statusOf('POST', '/page/act', { ...json, host }, say)).toBeGreaterThanOrEqual(400);
      expect(await statusOf('GET', '/')).toBe(200);
    },
  );

  test.each([
    ['a foreign Origin', { ...json, origin: 'https://evil.example' }],
    ['a sandboxed frame', { ...json, origin: 'null' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text that reads as JSON', { 'content-type': 'text/plain' }],
  ])('%s cannot act nor lay faults', async (_what, headers) => {
    const channel = channelId(sandbox, 'general');
    const forged = say.replace('"C"', JSON.stringify(channel));
    expect(await statusOf('POST', '/page/act', headers, forged)).toBeGreaterThanOrEqual(400);
    expect(await statusOf('POST', '/page/faults', headers, '{"do":"down"}')).toBeGreaterThanOrEqual(400);
    expect(sandbox.messages('general').map((each) => each.text)).not.toContain('forged');
    expect((await pageClient(sandbox.url, ana).open()).faults.isDown).toBe(false);
    // The same words from the page itself are heard: what refused them was who asked.
    expect(await statusOf('POST', '/page/act', json, forged)).toBe(200);
    const ts = sandbox.messages('general').at(-1)?.ts ?? '';
    await sandbox.person('ana').remove('general', ts);
  });
});

describe('what is meant for one person', () => {
  test('reaches neither the stream nor the page of another', async () => {
    const { page } = await browser.visit(sandbox.url, { as: bob });
    const heard = await listenIn(page, bob);
    const own = await listenIn(page, ana);
    await sandbox.person('ana').say('a private word', { channel: 'only-ana' });
    await good(sandbox, 'chat.postEphemeral', {
      channel: channelId(sandbox, 'general'),
      user: ana,
      text: 'a whispered word',
    });
    await sandbox.person('ana').upload('only-ana', { name: 'private.txt', content: 'a private file' });
    await sandbox.person('ana').say('the last word', { channel: 'both' });
    await expect.poll(own, { timeout: patienceMs }).toContain('the last word');
    await expect.poll(heard, { timeout: patienceMs }).toContain('the last word');
    // The ear hears: what is Ana's reaches Ana.
    expect(await own()).toMatch(/a private word[\s\S]*a whispered word/);
    expect(await heard()).not.toMatch(/private word|whispered|private\.txt|only-ana/);

    await openScreen(page).enter('general');
    expect(await page.content()).not.toMatch(/whispered|only-ana/);
    const channel = channelId(sandbox, 'only-ana');
    for (const path of [
      `/page/channels/${channel}?as=${bob}`,
      `/page/files/${fileId('private.txt')}?as=${bob}`,
    ])
      expect(await statusOf('GET', path), path).toBeGreaterThanOrEqual(400);
    expect(await statusOf('GET', `/page/channels/${channel}?as=${ana}`)).toBe(200);
    expect(JSON.stringify((await pageClient(sandbox.url, bob).open()).channels)).not.toContain('only-ana');
  });
});

async function expectNothingRan(page: Page): Promise<void> {
  expect(await page.evaluate('window.somethingRan')).toBeUndefined();
  // Nothing of what was written is an element: these the page itself does not use.
  const foreign = 'script:not([src]), iframe, object, embed, img[onerror], svg[onload], [src="x"]';
  expect(await page.locator(foreign).count()).toBe(0);
}

async function hrefsWithin(page: Page): Promise<string[]> {
  const links = page.getByRole('main').locator('a[href]');
  const hrefs = await links.evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''));
  return hrefs.filter((each) => !/^(#|\?|\/|page\/|blob:)/.test(each));
}

/** Where an override in somebody's words reaches words of somebody else: no element stands between. */
function leakingOverrides(): string[] {
  const leaks: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!/[\u202a-\u202e\u2066-\u2069]/.test(node.textContent ?? '')) continue;
    let box = node.parentElement;
    while (box && !isolates(box)) box = box.parentElement;
    const others = (box?.textContent ?? '').replace(node.textContent ?? '', '');
    if (others.trim() !== '') leaks.push(`${box?.tagName} ${box?.className}: ${box?.textContent}`);
  }
  return leaks;

  function isolates(element: Element): boolean {
    const { display, unicodeBidi } = getComputedStyle(element);
    return display !== 'inline' || /isolate|plaintext/.test(unicodeBidi);
  }
}

/** All that the stream of one person says from now on. */
async function listenIn(page: Page, as: string): Promise<() => Promise<string>> {
  await page.evaluate(async (who) => {
    const ears = window as unknown as { heard?: Record<string, string> };
    const all = ears.heard ?? {};
    ears.heard = all;
    all[who] = '';
    const stream = new EventSource(`/page/stream?as=${who}`);
    stream.onmessage = (event) => {
      all[who] += `${event.data}\n`;
    };
    await new Promise((resolve) => stream.addEventListener('open', resolve));
  }, as);
  return async () => {
    const all = await page.evaluate(
      (who) => (window as unknown as { heard: Record<string, string> }).heard[who] ?? '',
      as,
    );
    // The panel shows the app's whole traffic, whoever looks; what is a person's own is in all else.
    const lines = all.split('\n').filter((line) => line !== '');
    return lines.filter((line) => (JSON.parse(line) as { kind: string }).kind !== 'wire').join('\n');
  };
}

function fileId(name: string): string {
  return sandbox.files().find((each) => each.name === name)?.id ?? '';
}

/** The status of a request with headers that a browser would not let a page set. */
function statusOf(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, sandbox.url), { method, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
