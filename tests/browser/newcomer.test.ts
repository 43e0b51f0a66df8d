// A newcomer's path on the page that `npm start` opens: from the drilled incident to the draft of their own.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, patienceMs, picture } from '../helpers/browser.js';
import { incidentChannel, type Local, missingWords, openLocal } from '../helpers/local.js';
import { openScreen, type Screen, sendIn } from '../helpers/screen.js';

const browser = openBrowser();
let local: Local;

beforeAll(async () => {
  local = await openLocal({ drilled: true });
});
afterAll(() => local.stop());

test('somebody who came five minutes ago leads an incident to its draft', { timeout: 90_000 }, async () => {
  const { page } = await browser.visit(local.url);
  const screen = openScreen(page);
  await arrives(page, screen);
  await declares(page, screen);
  await goesIn(page, screen);
  await notes(page, screen);
  await marksReply(page, screen);
  await handsOver(page, screen);
  await resolves(page, screen);
  await readsDraft(page, screen);
});

/** The drilled incident is open before anything was clicked, and it says that all of this is a copy. */
async function arrives(page: Page, screen: Screen): Promise<void> {
  await page
    .getByText(/local copy/i)
    .first()
    .waitFor();
  const drilled = incidentChannel(local.sandbox, 1);
  await screen.entry(drilled?.name ?? '').waitFor();
  await expectDrawn(screen, 'INC-1 Writes and queries fail');
  await picture(page, '01-arrives');
  await screen.toNewest();
  await expectDrawn(screen, 'Postmortem draft of INC-1');
  const people = page.getByRole('combobox', { name: 'You are' }).getByRole('option');
  expect(await people.count()).toBe(4);
  await picture(page, '01-arrives-newest');
}

/** No words open the form; what is wrong with them stands beside the field, as Slack was told. */
async function declares(page: Page, screen: Screen): Promise<void> {
  await screen.enter('general');
  await screen.send('/incident declare');
  await screen.modal.getByRole('heading', { name: 'Declare an incident' }).waitFor();
  await picture(page, '02-form');
  await screen.modal.getByLabel(/What is wrong/).fill('writes are stuck');
  const affected = screen.modal.getByLabel(/What is affected/);
  await affected.fill('api/prod/eu-1/rack-7');
  await screen.modal.getByLabel(/Since when/).fill('20m ago');
  await screen.modal.getByRole('button', { name: 'Declare' }).click();

  const error = screen.modal.getByText('is no component', { exact: false });
  await error.waitFor();
  expect(await affected.getAttribute('aria-invalid')).toBe('true');
  const told = local.sandbox.log.findLast((each) => each.name === 'view_submission')?.ack;
  const { on } = (told as { errors: Record<string, string> }).errors;
  expect(await error.textContent()).toContain(on);
  await picture(page, '03-form-wrong');

  await affected.fill('api/prod');
  await screen.modal.getByRole('button', { name: 'Declare' }).click();
  await screen.modal.waitFor({ state: 'detached' });
  await expectWhispered(screen, 'INC-2 declared', 'general');
}

/** The channel is there, with what one has not read in it, and nothing is unread any more once one is in. */
async function goesIn(page: Page, screen: Screen): Promise<void> {
  await expect.poll(() => incidentChannel(local.sandbox, 2)?.pins.length, { timeout: patienceMs }).toBe(1);
  const { name } = own();
  const entry = screen.entry(name);
  await entry.filter({ hasText: 'unread' }).waitFor();
  await picture(page, '04-declared');
  await screen.enter(name);
  await page.getByText(own().topic).first().waitFor();
  await entry.filter({ hasNotText: 'unread' }).waitFor();
  for (const message of local.sandbox.messages(name).filter((each) => !each.subtype)) {
    const drawn = screen.message(message.text.split('\n')[0] ?? '');
    expect(missingWords(message, (await drawn.textContent()) ?? '')).toEqual([]);
  }
  await picture(page, '05-channel');
}

async function notes(page: Page, screen: Screen): Promise<void> {
  await screen.send('/incident note 10:42 restarting the proxy');
  await expectWhispered(screen, 'on INC-2’s timeline', own().name);
  await expectDrawn(screen, 'restarting the proxy — ana');
  await picture(page, '06-noted');
}

/** A reply in a thread goes on the timeline by its pushpin, and the timeline tells of it. */
async function marksReply(page: Page, screen: Screen): Promise<void> {
  await screen.send('who has looked at the proxy?');
  const question = screen.message('who has looked at the proxy?');
  await question.waitFor();
  await question.hover();
  await page.getByRole('button', { name: 'Reply in thread' }).click();
  await sendIn(screen.thread.getByRole('textbox'), 'I did: it drops writes');
  const reply = screen.message('I did: it drops writes', screen.thread);
  await reply.waitFor();
  await reply.hover();
  await screen.thread.getByRole('button', { name: /Put on the timeline/ }).click();
  await reply.getByRole('button', { name: /^pushpin/ }).waitFor();
  await screen.thread.getByText(/On INC-2’s timeline as #\d+/).waitFor();
  await picture(page, '07-thread');
  await page.keyboard.press('Escape');

  await screen.send('/incident timeline');
  await expectWhispered(screen, 'INC-2 timeline', own().name);
  const timeline = await screen.whisper('INC-2 timeline').textContent();
  expect(timeline).toContain('I did: it drops writes — ana');
  await picture(page, '08-timeline');
}

/** Whoever is given a role finds the channel among their own, and is named in it. */
async function handsOver(page: Page, screen: Screen): Promise<void> {
  await screen.send('/incident role commander @bob');
  await expectWhispered(screen, 'bob is commander of INC-2', own().name);
  await expectDrawn(screen, 'is commander (ana)');
  await screen.enter('general');
  await screen.become('Bob Castle');
  const entry = screen.entry(own().name);
  await entry.filter({ hasText: /unread, \d mention/ }).waitFor();
  // What Ana alone was told is hers.
  await screen.message('Only you can see this').waitFor({ state: 'detached' });
  await picture(page, '09-another-person');
  await screen.enter(own().name);
  await page.getByRole('main').getByText('New messages').waitFor();
  await expectDrawn(screen, 'is commander (ana)');
  expect(await screen.whisper('INC-2 timeline').count()).toBe(0);
}

async function resolves(page: Page, screen: Screen): Promise<void> {
  await screen.send('/incident resolve writes are back');
  await expectWhispered(screen, 'INC-2 is resolved now', own().name, 'bob');
  await page
    .getByText(/resolved · commander: bob/)
    .first()
    .waitFor();
  await expectDrawn(screen, 'Postmortem draft of INC-2');
  await picture(page, '10-resolved');
}

/** The draft is read on the page, word for word as it lies in Slack. */
async function readsDraft(page: Page, screen: Screen): Promise<void> {
  await screen
    .message('Postmortem draft of INC-2')
    .getByRole('button', { name: /Read .*INC-2-postmortem/ })
    .click();
  const draft = page.getByRole('dialog');
  await draft.getByText('# INC-2: writes are stuck').waitFor();
  const file = local.sandbox.files().find((each) => each.name === 'INC-2-postmortem.md');
  const drawn = (await draft.locator('pre').textContent()) ?? '';
  expect(drawn).toBe(file?.content.toString());
  expect(drawn).toContain('I did: it drops writes — ana');
  expect(drawn).toContain('restarting the proxy — ana');
  await picture(page, '11-draft');
  await page.keyboard.press('Escape');
  await draft.waitFor({ state: 'detached' });
}

function own() {
  const channel = incidentChannel(local.sandbox, 2);
  if (!channel) throw new Error('INC-2 has no channel');
  return channel;
}

/** The page shows the channel's message as Slack has it. */
async function expectDrawn(screen: Screen, words: string): Promise<void> {
  const drawn = screen.message(words);
  await drawn.waitFor();
  const channels = local.sandbox.channels().filter((each) => !each.isIm);
  const all = channels.flatMap((each) => local.sandbox.messages(each.name));
  const held = all.findLast((each) => !each.subtype && each.text.includes(words));
  if (!held) throw new Error(`Slack has no message with ${words}`);
  expect(missingWords(held, (await drawn.textContent()) ?? '')).toEqual([]);
}

/** The page shows, to who asked alone, what the protocol's tests see as the answer. */
async function expectWhispered(screen: Screen, words: string, channel: string, who = 'ana'): Promise<void> {
  const drawn = screen.whisper(words);
  await drawn.waitFor();
  const held = local.sandbox.ephemerals(who).findLast((each) => each.text.includes(words));
  expect(held?.channel).toBe(local.sandbox.channel(channel)?.id);
  expect(missingWords({ text: held?.text ?? '' }, (await drawn.textContent()) ?? '')).toEqual([]);
}
