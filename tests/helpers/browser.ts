// A browser for tests: one Chromium for a file, and pages in it that tell what went wrong in them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { browserPath } from './chromium.js';

/** How long something that a person waits for may take on two slow cores. */
export const patienceMs = 30_000;

export interface VisitOptions {
  readonly as?: string | undefined;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** The zone of the machine that the browser runs on, which is not the person's. */
  readonly zone?: string;
  /** The part of the address behind `#`. */
  readonly hash?: string;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of: errors, what its policy blocked, what it fetched from elsewhere. */
  readonly trouble: string[];
}

export interface TestBrowser {
  /** Opens the page as one of the workspace's people. The test fails if the page complains of anything. */
  visit(url: string, options?: VisitOptions): Promise<Visit>;
}

/** One Chromium for all tests of a file. */
export function openBrowser(): TestBrowser {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: browserPath() ?? '',
      // Chromium refuses its own sandbox to root, as in most containers.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });
  afterAll(async () => void (await browser?.close()));

  return {
    async visit(url, options = {}) {
      if (!browser) throw new Error('the browser is not open yet');
      const { width = 1280, height = 800, zone = 'Pacific/Auckland' } = options;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: options.dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        timezoneId: zone,
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      const trouble = listen(page, url);
      onTestFinished(async ({ task }) => {
        await picture(page, `end of ${task.name}`.replace(/[^\w]+/g, '-').slice(0, 60));
        await context.close();
        expect(trouble, 'what the page complained of').toEqual([]);
      });
      await page.goto(addressOf(url, options));
      await page.getByRole('main').waitFor();
      return { page, context, trouble };
    },
  };
}

/** Keeps a picture of the page in the folder that ANDON_SCREENSHOTS names; without it does nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.ANDON_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

function addressOf(url: string, options: VisitOptions): string {
  const address = new URL(url);
  if (options.as) address.searchParams.set('as', options.as);
  if (options.hash) address.hash = options.hash;
  return address.href;
}

function listen(page: Page, url: string): string[] {
  const { origin } = new URL(url);
  const trouble: string[] = [];
  page.on('pageerror', (error) => void trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy'))
      trouble.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.origin !== origin && !['data:', 'blob:'].includes(target.protocol))
      trouble.push(`request to elsewhere: ${request.url()}`);
  });
  return trouble;
}
