// What a person does on the page, by the roles and names that they see or hear.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from './browser.js';

export interface Screen {
  readonly composer: Locator;
  /** The pane of the open thread. */
  readonly thread: Locator;
  /** The modal that an app opened. */
  readonly modal: Locator;
  /** The panel with the requests and the faults. */
  readonly panel: Locator;
  /** The channel's entry in the sidebar. */
  entry(channel: string): Locator;
  /** Goes into a channel, through the drawer where the screen is narrow. */
  enter(channel: string): Promise<void>;
  /** Goes to the end of what was said. */
  toNewest(): Promise<void>;
  /** Types into the composer and sends. */
  send(text: string): Promise<void>;
  /** The messages that say this, the latest last; within the thread where one is given. */
  message(text: string | RegExp, within?: Locator): Locator;
  /** What was answered to this person alone. */
  whisper(text: string | RegExp): Locator;
  /** Becomes another of the workspace's people. */
  become(realName: string): Promise<void>;
  openPanel(): Promise<void>;
  /** Where the screen is narrow the channels are in a drawer; elsewhere they are there. */
  openDrawer(): Promise<void>;
}

/** The page as somebody in front of it knows it. */
export function openScreen(page: Page): Screen {
  const main = page.getByRole('main');
  const composer = main.getByRole('textbox', { name: /^Message / });
  const drawer = page.getByRole('button', { name: 'Channels', exact: true });
  const message = (text: string | RegExp, within: Locator = main) =>
    within.getByRole('article').filter({ hasText: text }).last();
  const entry = (channel: string) =>
    page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: `#${channel}` });

  const openDrawer = async () => {
    if (await drawer.isVisible()) await drawer.click();
  };

  return {
    composer,
    thread: page.getByRole('complementary', { name: 'Thread' }),
    modal: page.getByRole('dialog'),
    panel: page.getByRole('complementary', { name: /^What Slack and .* say$/ }),
    entry,
    async enter(channel) {
      await openDrawer();
      await entry(channel).click();
      await main.getByRole('heading', { name: `#${channel}`, exact: true }).waitFor();
    },
    async toNewest() {
      await main.getByRole('article').first().waitFor();
      const newest = main.getByRole('button', { name: 'Jump to newest' });
      const lastRow = main.locator('.row').last();
      // The list may still be on its way to where it opens: what is offered now may be gone at the next moment.
      const isThere = async () => {
        if (await newest.isVisible()) await newest.click({ timeout: 1000 }).catch(() => undefined);
        const isLast = await lastRow.evaluate((row) => row.ariaPosInSet === row.ariaSetSize);
        return isLast && !(await newest.isVisible());
      };
      await expect.poll(isThere, { timeout: patienceMs }).toBe(true);
    },
    async send(text) {
      await sendIn(composer, text);
    },
    openDrawer,
    message,
    whisper: (text) =>
      main
        .getByRole('listitem')
        .filter({ hasText: 'Only you can see this' })
        .filter({ hasText: text })
        .last(),
    async become(realName) {
      await page.getByRole('combobox', { name: 'You are' }).selectOption({ label: realName });
    },
    async openPanel() {
      await page.getByRole('button', { name: /^What Slack and .* say/ }).click();
      await page.getByRole('complementary', { name: /^What Slack and .* say$/ }).waitFor();
    },
  };
}

/** Types into a composer and presses the button beside it: Enter might take what is suggested instead. */
export async function sendIn(composer: Locator, text: string): Promise<void> {
  await composer.fill(text);
  await composer.locator('xpath=ancestor::form').getByRole('button', { name: 'Send', exact: true }).click();
}
