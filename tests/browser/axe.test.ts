// Everybody can use the page: axe finds nothing to mend, in light and dark, wide and narrow; nothing hangs over the edge.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { type Local, openLocal } from '../helpers/local.js';
import { openScreen, sendIn } from '../helpers/screen.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = openBrowser();
let local: Local;

beforeAll(async () => {
  local = await openLocal({ drilled: true });
  const names = () => local.sandbox.files().map((each) => each.name);
  await vi.waitFor(() => expect(names()).toContain('INC-1-postmortem.md'), { timeout: patienceMs });
});
afterAll(() => local.stop());

// Each of them has not read the drilled incident yet.
const screens = [
  { width: 1280, who: 'ana' },
  { width: 390, who: 'bob' },
];

test.each(screens)('$width pixels wide', { timeout: 90_000 }, async ({ width, who }) => {
  const { page } = await browser.visit(local.url, { as: local.sandbox.person(who).id, width });
  const screen = openScreen(page);
  // The page's policy lets no script in; what the browser itself is told to run may come.
  await page.evaluate(axe);
  const look = async (what: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const name = `${what}-${width}-${colorScheme}`;
      await picture(page, name);
      expect.soft(await violations(page, colorScheme), name).toEqual([]);
    }
    expect.soft(await overhang(page), `${what}: wider than ${width} pixels`).toBe(0);
  };
  await page.getByRole('button', { name: 'Jump to newest' }).hover();
  await look('unread');
  await screen.toNewest();
  await screen.message('Postmortem draft of INC-1').waitFor();
  await look('channel');

  await screen.send('/incident timeline all');
  await screen.whisper('INC-1 timeline').waitFor();
  await look('timeline');

  const question = `who has looked at the proxy, on a screen of ${width}? \`code\` and https://example.com/graph`;
  await screen.send(question);
  const asked = screen.message(`a screen of ${width}?`);
  await asked.hover();
  await asked.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await look('menu');
  await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
  await sendIn(screen.thread.getByRole('textbox'), 'I did: it drops writes');
  await screen.message('it drops writes', screen.thread).waitFor();
  await look('thread');
  await page.keyboard.press('Escape');
  await screen.thread.waitFor({ state: 'detached' });

  await screen.send('/incident declare');
  await screen.modal.getByLabel(/What is wrong/).fill('writes are stuck');
  await screen.modal.getByLabel(/What is affected/).fill('a/b/c/d');
  await screen.modal.getByRole('button', { name: 'Declare' }).click();
  await screen.modal.getByText('is no component', { exact: false }).waitFor();
  await look('form-wrong');
  await page.keyboard.press('Escape');
  await screen.modal.waitFor({ state: 'detached' });

  await screen
    .message('Postmortem draft of INC-1')
    .getByRole('button', { name: /^Read .*md/ })
    .click();
  await page.getByRole('dialog').getByText('# DRILL INC-1').waitFor();
  await look('draft');
  await page.keyboard.press('Escape');

  await screen.openPanel();
  await look('panel');
  await screen.panel.getByRole('listitem').last().getByRole('button').click();
  await look('panel-open');
  await screen.panel.getByRole('tab', { name: /^Faults/ }).click();
  await look('faults');
  await screen.panel.getByRole('button', { name: 'Close', exact: true }).click();

  await screen.openDrawer();
  await look('channels');
  await page.getByRole('navigation').getByRole('button', { name: /Home$/ }).click();
  await page.getByRole('main').getByText('No incident is open').waitFor();
  await look('home');
});

/** What axe would have mended, with where it is. In the dark only colours are another matter. */
async function violations(page: Page, scheme: 'dark' | 'light'): Promise<string[]> {
  const rules = scheme === 'dark' ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {};
  const options = JSON.stringify({ resultTypes: ['violations'], ...rules });
  const { violations: found } = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResults;
  return found.flatMap((rule) =>
    rule.nodes.map(
      (node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim()}`,
    ),
  );
}

/** By how many pixels the page can be scrolled sideways. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth, document.body.scrollWidth - clientWidth);
  });
}
