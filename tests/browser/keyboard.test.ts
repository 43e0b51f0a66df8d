// With the keyboard alone: an incident is declared, noted on, marked and resolved; the focus is always somewhere.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { incidentChannel, type Local, openLocal } from '../helpers/local.js';
import { openScreen, type Screen } from '../helpers/screen.js';

/** No way on the page is longer. */
const mostTabs = 60;
const browser = openBrowser();
let local: Local;

beforeAll(async () => {
  local = await openLocal();
});
afterAll(() => local.stop());

test('declare, note, mark, resolve', { timeout: 60_000 }, async () => {
  const { page } = await browser.visit(local.url, { as: local.sandbox.person('ana').id });
  const screen = openScreen(page);
  await declares(page, screen);
  await entersChannel(page, screen);
  await notes(page, screen);
  await marks(page, screen);
  await resolves(page, screen);
});

test('Escape closes what opened last and gives the focus back', { timeout: 60_000 }, async () => {
  const { page } = await browser.visit(local.url, { as: local.sandbox.person('bob').id });
  const screen = openScreen(page);
  for (const name of [/members$/, /^Browse channels$/, /^New message$/, /^Shortcuts$/, /^What Slack and/]) {
    const opener = page.getByRole('button', { name }).first();
    await tabTo(page, opener);
    await page.keyboard.press('Enter');
    const opened = page.getByRole('dialog').or(page.getByRole('menu')).or(screen.panel);
    await opened.first().waitFor();
    await expectFocus(page);
    await page.keyboard.press('Escape');
    await opened.first().waitFor({ state: 'hidden' });
    await expect.poll(() => isFocused(opener), { timeout: patienceMs, message: String(name) }).toBe(true);
  }
});

async function declares(page: Page, screen: Screen): Promise<void> {
  await tabTo(page, screen.composer);
  // The completion is taken by Tab, and Escape leaves it without losing a word.
  await page.keyboard.type('/inc');
  await page.getByRole('option', { name: '/incident' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('decl');
  await page.getByRole('option', { name: /declare/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox', { name: 'Suggestions' }).waitFor({ state: 'detached' });
  expect(await screen.composer.inputValue()).toBe('/incident decl');
  await page.keyboard.type('are');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await screen.modal.getByRole('heading', { name: 'Declare an incident' }).waitFor();
  await expectFocus(page, screen.modal);

  await tabTo(page, screen.modal.getByLabel(/What is affected/));
  await page.keyboard.type('a/b/c/d');
  await page.keyboard.press('Enter');
  // The title is missing: the focus is where something must be said.
  const title = screen.modal.getByLabel(/What is wrong/);
  await expect.poll(() => isFocused(title), { timeout: patienceMs }).toBe(true);
  await page.keyboard.type('writes are stuck');
  await page.keyboard.press('Enter');
  const affected = screen.modal.getByLabel(/What is affected/);
  await screen.modal.getByText('is no component', { exact: false }).waitFor();
  await expect.poll(() => isFocused(affected), { timeout: patienceMs }).toBe(true);
  await picture(page, 'keyboard-form-wrong');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('api/prod');
  await page.keyboard.press('Enter');
  await screen.modal.waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(screen.composer), { timeout: patienceMs }).toBe(true);
}

async function entersChannel(page: Page, screen: Screen): Promise<void> {
  await expect.poll(() => incidentChannel(local.sandbox, 1)?.pins.length, { timeout: patienceMs }).toBe(1);
  const name = incidentChannel(local.sandbox, 1)?.name ?? '';
  await tabTo(page, screen.entry(name), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `#${name}`, exact: true }).waitFor();
  await expectFocus(page);
}

async function notes(page: Page, screen: Screen): Promise<void> {
  await tabTo(page, screen.composer);
  await page.keyboard.type('/incident note 10:42 restarting the proxy');
  await page.keyboard.press('Enter');
  await screen.whisper('on INC-1’s timeline').waitFor();
  await screen.message('restarting the proxy — ana').waitFor();
  expect(await isFocused(screen.composer)).toBe(true);
}

async function marks(page: Page, screen: Screen): Promise<void> {
  await page.keyboard.type('the proxy drops writes');
  await page.keyboard.press('Enter');
  const message = screen.message('the proxy drops writes');
  await message.waitFor();
  await tabTo(page, page.getByRole('main').locator('article:focus'), 'Shift+Tab');
  await page.keyboard.press('End');
  await expect.poll(() => isFocused(message), { timeout: patienceMs }).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await expectFocus(page, page.getByRole('menu'));
  await picture(page, 'keyboard-menu');
  await arrowTo(page, /Put on the timeline/);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await message.getByRole('button', { name: /^pushpin/ }).waitFor();
  await screen.whisper(/On INC-1’s timeline as #\d+/).waitFor();
  await expectFocus(page);
}

async function resolves(page: Page, screen: Screen): Promise<void> {
  await tabTo(page, screen.composer);
  await page.keyboard.type('/incident resolve writes are back');
  await page.keyboard.press('Enter');
  await screen.whisper('INC-1 is resolved now').waitFor();
  const read = page.getByRole('button', { name: /^Read .*postmortem/ });
  await read.waitFor();
  await tabTo(page, read, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('# INC-1: writes are stuck').waitFor();
  await expectFocus(page, page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(read), { timeout: patienceMs }).toBe(true);
}

type Target = ReturnType<Page['getByRole']>;

/** Goes there as one does without a mouse. At each step the focus is on something that can be seen. */
async function tabTo(page: Page, target: Target, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const way: string[] = [];
  for (let step = 0; step < mostTabs; step += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press(key);
    way.push(await focused(page));
  }
  throw new Error(`not reached with ${key}: ${target}; the way was ${way.join(' → ')}`);
}

async function arrowTo(page: Page, name: RegExp): Promise<void> {
  const item = page.getByRole('menuitem', { name });
  for (let step = 0; step < mostTabs && !(await isFocused(item)); step += 1)
    await page.keyboard.press('ArrowDown');
  expect(await isFocused(item)).toBe(true);
}

async function isFocused(target: Target): Promise<boolean> {
  return (await target.count()) > 0 && target.evaluate((element) => element === document.activeElement);
}

/** The focus is on something, and where a place is given, within it. */
async function expectFocus(page: Page, within?: Target): Promise<void> {
  await expect.poll(() => focused(page), { timeout: patienceMs }).not.toMatch(/^BODY/);
  if (within)
    await expect
      .poll(() => within.evaluate((element) => element.contains(document.activeElement)), {
        timeout: patienceMs,
      })
      .toBe(true);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return `${element?.tagName ?? 'BODY'} ${name.slice(0, 30)}`;
  });
}
