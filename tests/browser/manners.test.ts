// What the page offers, and where it does not: nothing that is sure to be refused, nothing that cannot be left.
import { expect, test } from 'vitest';
import { openBrowser } from '../helpers/browser.js';
import { openScreen } from '../helpers/screen.js';
import { ANA, act, withPage } from '../sandbox/page-help.js';

const browser = openBrowser();

const firstSteps = { says: 'Try these.', steps: [{ words: '/try it', says: 'See what comes' }] };

test('an app that takes no messages is read, and not offered as somebody to write to', async () => {
  const hints = { commands: [], shortcuts: [], firstSteps };
  const sandbox = await withPage({ app: { name: 'Andon', messagesReadOnly: true, hints } });
  await act(sandbox, ANA, { do: 'openDm', who: sandbox.botUserId });
  const { page } = await browser.visit(sandbox.url, { as: ANA });
  const screen = openScreen(page);
  const firstCard = page.getByRole('region', { name: 'First steps' });
  await screen.composer.waitFor();
  await firstCard.waitFor();

  await page.getByRole('button', { name: 'New message' }).click();
  const dialog = page.getByRole('dialog', { name: 'New message' });
  await dialog.getByRole('button', { name: 'Bob Castle' }).waitFor();
  expect(await dialog.getByRole('button', { name: 'Andon' }).count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.getByRole('navigation').getByRole('button', { name: 'Andon', exact: true }).click();
  await page.getByText('Sending messages to this app has been turned off.').waitFor();
  expect(await screen.composer.count()).toBe(0);
  expect(await firstCard.count()).toBe(0);
});

test('first steps stand where a newcomer is led, and nowhere else', async () => {
  const hints = { commands: [], shortcuts: [], firstSteps };
  const sandbox = await withPage({ app: { name: 'Andon', hints } });
  sandbox.startIn('incidents');
  const { page } = await browser.visit(sandbox.url, { as: ANA });
  const screen = openScreen(page);
  const firstCard = page.getByRole('region', { name: 'First steps' });
  await firstCard.waitFor();
  await screen.enter('general');
  expect(await firstCard.count()).toBe(0);
  await screen.enter('incidents');
  await firstCard.waitFor();
});
