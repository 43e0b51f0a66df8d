// A channel with 2,000 messages: it opens at its end, few of them are in the document, and one can go to the first.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { openScreen } from '../helpers/screen.js';

const messageCount = 2_000;
/** Many times what a window shows, and far from all. */
const mostDrawn = 120;
const browser = openBrowser();
let sandbox: Sandbox;

beforeAll(async () => {
  let now = Date.parse('2026-03-10T00:00:00Z');
  sandbox = await openSandbox({ now: () => now });
  const speakers = ['ana', 'bob', 'chen', 'dee'].map((name) => sandbox.person(name));
  for (let number = 1; number <= messageCount; number += 1) {
    now += 47_000;
    const text = `message ${number}: ${'words of a long night '.repeat(number % 7)}`;
    await speakers[(number >> 2) % speakers.length]?.say(text, { channel: 'general' });
  }
});
afterAll(() => sandbox.close());

test('opens at its end, goes to the first message and back, and draws only what is in sight', async () => {
  const { page } = await browser.visit(sandbox.url, { as: sandbox.person('ana').id });
  const screen = openScreen(page);
  await screen.enter('general');
  await screen.toNewest();
  await screen.message(`message ${messageCount}:`).waitFor();
  expect(await drawn(page)).toBeLessThan(mostDrawn);
  await picture(page, 'big-end');

  await screen.message(`message ${messageCount}:`).focus();
  await page.keyboard.press('Home');
  await screen.message(/message 1:/).waitFor();
  await expect.poll(() => inSight(page, 'message 1:'), { timeout: patienceMs }).toBe(true);
  expect(await drawn(page)).toBeLessThan(mostDrawn);
  await picture(page, 'big-first');

  await screen.toNewest();
  await expect.poll(() => inSight(page, `message ${messageCount}:`), { timeout: patienceMs }).toBe(true);
  expect(await drawn(page)).toBeLessThan(mostDrawn);
});

test('scrolled by wheel, each message comes into sight once and in order', async () => {
  const { page } = await browser.visit(sandbox.url, { as: sandbox.person('bob').id });
  const screen = openScreen(page);
  await screen.enter('general');
  await screen.toNewest();
  await page.mouse.move(600, 400);
  const seen = new Set<number>();
  for (let turn = 0; turn < 40; turn += 1) {
    for (const number of await numbers(page)) seen.add(number);
    await page.mouse.wheel(0, -400);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }
  const lowest = Math.min(...seen);
  expect(lowest).toBeLessThan(messageCount - 60);
  expect([...seen].sort((a, b) => a - b)).toEqual(
    Array.from({ length: messageCount - lowest + 1 }, (_, index) => lowest + index),
  );
  const order = await numbers(page);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('a message that comes while one reads the past does not move what one reads', async () => {
  const { page } = await browser.visit(sandbox.url, { as: sandbox.person('chen').id });
  const screen = openScreen(page);
  await screen.enter('general');
  await screen.toNewest();
  await screen.message(`message ${messageCount}:`).focus();
  await page.keyboard.press('Home');
  await expect.poll(() => inSight(page, 'message 1:'), { timeout: patienceMs }).toBe(true);
  await sandbox.person('dee').say('something new at the end', { channel: 'general' });
  await page.getByRole('button', { name: 'Jump to newest' }).waitFor();
  expect(await inSight(page, 'message 1:')).toBe(true);
  await screen.toNewest();
  await expect.poll(() => inSight(page, 'something new at the end'), { timeout: patienceMs }).toBe(true);
});

test('at its end it stays there when its window gets lower or narrower, and lets go of who scrolls', async () => {
  const { page } = await browser.visit(sandbox.url, { as: sandbox.person('dee').id });
  const screen = openScreen(page);
  const last = 'the very last words';
  await sandbox.person('ana').say(last, { channel: 'general' });
  await screen.enter('general');
  await screen.toNewest();
  const isLastWhole = () => expect.poll(() => wholeInList(page, last), { timeout: patienceMs }).toBe(true);
  await isLastWhole();
  const whole = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ ...whole, height: whole.height - 200 });
  await isLastWhole();
  await screen.openPanel();
  await isLastWhole();
  await screen.composer.fill('one\ntwo\nthree\nfour\nfive');
  await isLastWhole();

  await page.mouse.move(500, 300);
  await page.mouse.wheel(0, -400);
  await expect.poll(() => wholeInList(page, last), { timeout: patienceMs }).toBe(false);
  await page.setViewportSize(whole);
  await page.setViewportSize({ ...whole, height: whole.height - 250 });
  await page.getByRole('button', { name: 'Jump to newest' }).waitFor();
  expect(await wholeInList(page, last)).toBe(false);
});

test('the way past the channels leads to the newest message, wherever one was, and arrows go on', async () => {
  for (const text of ['the last but one', 'the last to be said'])
    await sandbox.person('bob').say(text, { channel: 'general' });
  const { page } = await browser.visit(sandbox.url, { as: sandbox.person('ana').id });
  const screen = openScreen(page);
  await screen.enter('general');
  await page.getByRole('article').first().waitFor();
  for (const away of ['Home', 'End']) {
    await page.getByRole('button', { name: 'Skip to the messages' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedMessage(page), { timeout: patienceMs }).toContain('the last to be said');
    await page.keyboard.press(away);
    const there = away === 'Home' ? 'message 1:' : 'the last to be said';
    await expect.poll(() => focusedMessage(page), { timeout: patienceMs }).toContain(there);
  }
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => focusedMessage(page), { timeout: patienceMs }).toContain('the last but one');
});

function focusedMessage(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.closest('[data-message]')?.textContent ?? '');
}

/** Whether all of a message is within the window of its list. */
function wholeInList(page: Page, words: string): Promise<boolean> {
  const messages = page.getByRole('main').getByRole('article').filter({ hasText: words });
  // Of all there are, so that nothing is waited for where it is gone.
  return messages.evaluateAll((elements) => {
    const element = elements.at(-1);
    const list = element?.closest('.list-scroll')?.getBoundingClientRect();
    const box = element?.getBoundingClientRect();
    return !!list && !!box && box.top >= list.top - 1 && box.bottom <= list.bottom + 1;
  });
}

async function drawn(page: Page): Promise<number> {
  return page.getByRole('article').count();
}

async function numbers(page: Page): Promise<number[]> {
  const texts = await page.getByRole('article').allTextContents();
  return texts.flatMap((text) => /message (\d+):/.exec(text)?.[1] ?? []).map(Number);
}

function inSight(page: Page, words: string): Promise<boolean> {
  return page
    .getByRole('article')
    .filter({ hasText: words })
    .evaluateAll((elements) => {
      const box = elements.at(-1)?.getBoundingClientRect();
      return !!box && box.bottom > 0 && box.top < window.innerHeight;
    });
}
