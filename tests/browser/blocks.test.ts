// Block Kit in a browser: an app sends messages and modals, a person uses what is drawn, the app hears it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openBrowser } from '../helpers/browser.js';
import { channelId, good } from '../sandbox/help.js';

type Json = Record<string, unknown>;

const browser = openBrowser();
const plain = (text: string): Json => ({ type: 'plain_text', text });
const option = (value: string): Json => ({ text: plain(`Option ${value}`), value });
const button = (id: string, more: Json = {}): Json => ({
  type: 'button',
  action_id: id,
  text: plain(id),
  ...more,
});
const input = (id: string, element: Json, more: Json = {}): Json => ({
  type: 'input',
  block_id: id,
  label: plain(`The ${id}`),
  element: { action_id: 'value', ...element },
  ...more,
});
const optional = { optional: true };

interface App {
  sandbox: Sandbox;
  page: Page;
  /** What the app heard, of one kind. */
  heard: (type: string) => Json[];
}

/** A workspace with an app that answers as told, and its page as ana sees it in #general. */
async function withApp(
  blocks: Json[],
  answer: (payload: Json, sandbox: Sandbox) => unknown = () => undefined,
  options: { width?: number; dark?: boolean } = {},
): Promise<App> {
  const sandbox = await openSandbox({ rateLimits: 'off', ackMs: 1000 });
  onTestFinished(() => sandbox.close());
  const heard: Json[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
    const payload = JSON.parse(form.get('payload') ?? '{}') as Json;
    heard.push(payload);
    const body = await answer(payload, sandbox);
    if (typeof body === 'number') return response.writeHead(body).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end(body ? JSON.stringify(body) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  sandbox.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await sandbox.person('ana').invite('general', sandbox.botUserId);
  const channel = channelId(sandbox, 'general');
  await good(sandbox, 'chat.postMessage', { channel, text: 'fallback', blocks });
  const ana = sandbox.person('ana').id;
  const { page } = await browser.visit(sandbox.url, { ...options, as: ana, hash: `/${channel}` });
  await page.getByRole('main').getByRole('heading', { name: '#general' }).waitFor();
  return { sandbox, page, heard: (type) => heard.filter((one) => one.type === type) };
}

const actionOf = (payload: Json | undefined): Json => (payload?.actions as Json[] | undefined)?.[0] ?? {};
const stateOf = (payload: Json | undefined): Json =>
  (payload as { view?: { state: { values: Json } } } | undefined)?.view?.state.values ?? {};

/** A message whose button opens a modal, and what the app does then. */
async function withModal(
  blocks: Json[],
  answer: (payload: Json, sandbox: Sandbox) => unknown = () => undefined,
  options: { width?: number; dark?: boolean } = {},
): Promise<App> {
  const view = { type: 'modal', title: plain('The form'), submit: plain('Send it'), blocks };
  const app = await withApp(
    [{ type: 'actions', elements: [button('open')] }],
    async (payload, sandbox) => {
      if (actionOf(payload).action_id !== 'open') return await answer(payload, sandbox);
      await good(sandbox, 'views.open', { trigger_id: payload.trigger_id, view });
      return undefined;
    },
    options,
  );
  await app.page.getByRole('button', { name: 'open', exact: true }).click();
  await app.page.getByRole('dialog').waitFor();
  return app;
}

describe('a message', () => {
  test('asks before a click where the app wants that, and the app hears of a yes only', async () => {
    const confirm = {
      title: plain('Really?'),
      text: plain('It ends.'),
      confirm: plain('End it'),
      deny: plain('Wait'),
    };
    const { page, heard } = await withApp([
      { type: 'actions', elements: [button('end', { confirm, value: '7' })] },
    ]);
    const end = page.getByRole('button', { name: 'end', exact: true });
    await end.click();
    await page.getByRole('dialog', { name: 'Really?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(heard('block_actions')).toEqual([]);

    await end.click();
    await page.getByRole('button', { name: 'End it' }).click();
    await expect
      .poll(() => heard('block_actions').map(actionOf))
      .toMatchObject([{ action_id: 'end', value: '7' }]);
  });

  test('has menus and selects that work by keyboard', async () => {
    const menu = { type: 'overflow', action_id: 'menu', options: [option('1'), option('2')] };
    const text = plain('Words');
    const { page, heard } = await withApp([{ type: 'section', text, accessory: menu }]);
    await page.getByRole('button', { name: 'More actions' }).last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Option 1' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => heard('block_actions').map(actionOf))
      .toMatchObject([{ action_id: 'menu', selected_option: { value: '2' } }]);
    expect(await page.getByRole('menu').isVisible()).toBe(false);
  });

  test('says beside the button that the app failed, with the word Slack has for it', async () => {
    const { page } = await withApp([{ type: 'actions', elements: [button('fails')] }], () => 500);
    await page.getByRole('button', { name: 'fails' }).click();
    await page
      .locator('.bk-control')
      .filter({ hasText: 'fails' })
      .getByRole('status')
      .getByText(/\w+_\w+/)
      .waitFor();
  });
});

describe('a modal', () => {
  const ask = [
    input('title', { type: 'plain_text_input' }),
    input('level', { type: 'radio_buttons', options: [option('1'), option('2')] }),
    input('who', { type: 'multi_users_select' }, optional),
    input('part', { type: 'external_select', min_query_length: 1 }, optional),
    input('when', { type: 'datetimepicker' }, optional),
    input(
      'kind',
      { type: 'static_select', options: [option('1'), option('2')] },
      { ...optional, dispatch_action: true },
    ),
  ];

  test('sends what was filled in as Slack sends it', async () => {
    const { page, heard } = await withModal(ask, (payload) =>
      payload.type === 'block_suggestion'
        ? { options: [option(`${String(payload.value)}/prod`)] }
        : undefined,
    );
    const form = page.getByRole('dialog');
    await expect
      .poll(() => form.getByLabel('The title').evaluate((one) => one === document.activeElement))
      .toBe(true);
    await page.keyboard.type('Writes <are> stuck & *slow*');
    await form.getByRole('radio', { name: 'Option 2' }).check();
    await form.getByRole('combobox', { name: /The who/ }).fill('bo');
    await form.getByRole('listbox').getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await form.getByRole('combobox', { name: /The part/ }).fill('api');
    await page.getByRole('option', { name: 'Option api/prod' }).click();
    await form.getByLabel(/The when/).fill('2026-11-21T14:00');
    await form.getByRole('button', { name: 'Send it' }).click();
    await form.waitFor({ state: 'detached' });
    expect(heard('block_suggestion')[0]).toMatchObject({ block_id: 'part', value: 'api' });
    expect(stateOf(heard('view_submission')[0])).toMatchObject({
      title: { value: { value: 'Writes <are> stuck & *slow*' } },
      level: { value: { selected_option: { value: '2' } } },
      who: { value: { selected_users: [expect.stringMatching(/^U/)] } },
      part: { value: { selected_option: option('api/prod') } },
      // Ana is in Berlin; the browser stands in Auckland.
      when: { value: { selected_date_time: Date.parse('2026-11-21T13:00:00Z') / 1000 } },
    });
  });

  test('shows what is wrong beside each field, and takes one to the first', async () => {
    const { page, heard } = await withModal(ask, (payload) =>
      payload.type === 'view_submission'
        ? { response_action: 'errors', errors: { title: 'There is one like it.' } }
        : undefined,
    );
    const form = page.getByRole('dialog');
    const send = form.getByRole('button', { name: 'Send it' });
    await send.click();
    await form.getByText('2 answers need a look.').waitFor();
    const title = form.getByRole('textbox', { name: 'The title' });
    expect(await title.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await form.getByText('Please complete this required field.').count()).toBe(2);
    expect(heard('view_submission')).toEqual([]);

    await page.keyboard.type('Stuck');
    await form.getByText('One answer needs a look.').waitFor();
    await form.getByRole('radio', { name: 'Option 1' }).check();
    await send.click();
    const error = form.getByText('There is one like it.');
    await error.waitFor();
    expect(await title.getAttribute('aria-describedby')).toBe(await error.getAttribute('id'));
    expect(await title.inputValue()).toBe('Stuck');
  });

  test('keeps what was typed when the app updates it, and tells the app all of it with an action', async () => {
    const { page, heard } = await withModal(ask, async (payload, sandbox) => {
      if (payload.type !== 'block_actions') return undefined;
      const blocks = [{ type: 'section', text: plain('Updated') }, ...ask];
      const view = { type: 'modal', title: plain('The form'), submit: plain('Send it'), blocks };
      await good(sandbox, 'views.update', { view_id: (payload.view as Json).id, view });
      return undefined;
    });
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'The title' }).fill('Stuck');
    await form.getByRole('radio', { name: 'Option 2' }).check();
    await form.getByLabel(/The kind/).selectOption('1');
    await form.getByText('Updated').waitFor();
    expect(await form.getByRole('textbox', { name: 'The title' }).inputValue()).toBe('Stuck');
    expect(await form.getByRole('radio', { name: 'Option 2' }).isChecked()).toBe(true);
    const [told] = heard('block_actions').filter((one) => actionOf(one).block_id === 'kind');
    expect(stateOf(told)).toMatchObject({
      title: { value: { value: 'Stuck' } },
      level: { value: { selected_option: { value: '2' } } },
      kind: { value: { selected_option: { value: '1' } } },
    });
  });

  test('pushes another over itself; Back and Escape lead to what was typed, and then out', async () => {
    const pushed = {
      type: 'modal',
      title: plain('The second'),
      blocks: [{ type: 'section', text: plain('More') }],
    };
    const { page } = await withModal([input('title', { type: 'plain_text_input' })], (payload) =>
      payload.type === 'view_submission' ? { response_action: 'push', view: pushed } : undefined,
    );
    const first = page.getByRole('dialog', { name: 'The form' });
    const second = page.getByRole('dialog', { name: 'The second' });
    for (const back of ['button', 'key'] as const) {
      await first.getByLabel('The title').fill(`Stuck ${back}`);
      await page.keyboard.press('Enter');
      await second.waitFor();
      if (back === 'button') await second.getByRole('button', { name: 'Back' }).click();
      else await page.keyboard.press('Escape');
      await first.waitFor();
      expect(await first.getByLabel('The title').inputValue()).toBe(`Stuck ${back}`);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const opener = page.getByRole('button', { name: 'open', exact: true });
    expect(await opener.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('says so when the app does not answer, and keeps what was typed', async () => {
    const { page } = await withModal([input('title', { type: 'plain_text_input' })], () => 500);
    const form = page.getByRole('dialog');
    await form.getByLabel('The title').fill('Stuck');
    await form.getByRole('button', { name: 'Send it' }).click();
    await expect.poll(() => form.getByRole('alert').textContent()).not.toBe('');
    expect(await form.getByLabel('The title').inputValue()).toBe('Stuck');
  });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Found[] }> } };
    type Found = { id: string; nodes: { html: string }[] };
    const found = (await axe.run()).violations;
    return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  });
}

test.each([
  { width: 390, dark: true },
  { width: 390, dark: false },
])('every kind of field has its label and contrast: %j', async (options) => {
  const types = ['plain_text_input', 'email_text_input', 'url_text_input', 'rich_text_input', 'datepicker'];
  const selects = ['users_select', 'multi_users_select', 'channels_select', 'multi_conversations_select'];
  const choices = ['checkboxes', 'radio_buttons', 'static_select', 'multi_static_select'];
  const blocks = [
    input('number', { type: 'number_input', is_decimal_allowed: true }, { hint: plain('A hint') }),
    ...[...types, ...selects, 'timepicker', 'datetimepicker'].map((type) => input(type, { type }, optional)),
    ...choices.map((type) => input(type, { type, options: [option('1')] }, optional)),
  ];
  const { page } = await withModal(blocks, undefined, options);
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('One answer needs a look.').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.width);
});
