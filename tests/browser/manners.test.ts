// What the page offers, and where it does not: nothing that is sure to be refused, nothing that cannot be left.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { openBrowser } from '../helpers/browser.js';
import { openScreen } from '../helpers/screen.js';
import { call, good } from '../sandbox/help.js';
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

test('a form closes at once though the server does not answer', async () => {
  const sandbox = await withPage();
  const { page } = await browser.visit(sandbox.url, { as: ANA });
  const view = await opensForm(sandbox);
  const form = page.getByRole('dialog', { name: 'A form' });
  await form.waitFor();
  // In the page itself: a route of the browser's may come into force after the next request of a busy machine.
  await page.evaluate(() => {
    const real = window.fetch;
    window.fetch = (to, how) => (to === 'page/act' ? new Promise(() => undefined) : real(to, how));
  });
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await good(sandbox, 'views.update', { view_id: view, view: formView });
  await sandbox.person('ana').say('after the form', { channel: 'general' });
  await page.getByText('after the form').waitFor();
  expect(await form.count()).toBe(0);
});

test('only what was refused since the page was opened, or the list cleared, is news', async () => {
  const sandbox = await withPage();
  const refuse = () => call(sandbox, 'conversations.create', { name: 'general' });
  await refuse();
  const { page } = await browser.visit(sandbox.url, { as: ANA });
  const { panel, openPanel } = openScreen(page);
  const count = page
    .getByRole('banner')
    .getByText(/\d refused/)
    .first();
  const listed = panel.getByRole('button', { name: /conversations\.create.*refused/ });
  await openPanel();
  await listed.waitFor();
  expect(await count.count()).toBe(0);
  await refuse();
  await count.waitFor();
  expect(await count.textContent()).toBe('1 refused');
  expect(await listed.count()).toBe(2);
  await panel.getByRole('button', { name: 'Clear' }).click();
  await count.waitFor({ state: 'detached' });
});

const formView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'A form' },
  blocks: [{ type: 'divider' }],
};

/** An app that answers a command with a form; the form's id. */
async function opensForm(sandbox: Sandbox): Promise<string> {
  let trigger: string | null = null;
  const app = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    trigger = new URLSearchParams(body).get('trigger_id');
    response.end();
  });
  onTestFinished(() => void app.close());
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  sandbox.deliverTo(`http://127.0.0.1:${(app.address() as AddressInfo).port}/`);
  await sandbox.person('ana').command('/try it', { channel: 'general' });
  const { view } = await good(sandbox, 'views.open', { trigger_id: trigger, view: formView });
  return (view as { id: string }).id;
}
