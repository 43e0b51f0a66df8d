// Slack's rates: kept before Slack has to say so, in order, with the urgent first and repeated edits made one.
import { expect, test } from 'vitest';
import type { MessageView, Person } from '../../src/sandbox/index.js';
import { unfinished } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

const notes = 30;

test('thirty notes in a row arrive in order, and Slack never has to ask for patience', async () => {
  const { world, ana, channel } = await declared();
  for (let i = 1; i <= notes; i += 1) await note(ana, 1, `number ${i}`);
  await world.settled();
  const said = mine(world, channel).flatMap((each) => /number (\d+)/.exec(each.text)?.[1] ?? []);
  expect(said).toEqual(Array.from({ length: notes }, (_, i) => String(i + 1)));
  expect(world.sandbox.calls.filter((each) => each.status === 429)).toEqual([]);
  // Posting was spread out: about one message a second in a channel after the first few.
  const posts = world.sandbox.calls.filter((each) => each.method === 'chat.postMessage' && each.at > 0);
  const span = (posts.at(-1)?.at ?? 0) - (posts[0]?.at ?? 0);
  expect(span).toBeGreaterThan((notes - 6) * 1_000);
  expect(unfinished(world.databaseUrl)).toEqual([]);
});

test('what changes while a message waits is one edit', async () => {
  const { world, ana } = await declared();
  const before = edits(world);
  const changes = 12;
  // All of them are recorded before anything is told: each would be an edit of the summary and of the announcement.
  for (let i = 1; i <= changes; i += 1)
    await ana.command(`/incident severity INC-1 ${(i % 2) + 2}`, { channel: 'general' });
  await world.settled();
  // Half way the edits that wait are made, with the state as it is then; nothing like one for each change.
  expect(edits(world) - before).toBeLessThanOrEqual(4);
  const summary = mine(world, 'inc-1-2026-03-10-writes-are-stuck')[0];
  expect(summary?.text).toContain('SEV2 · investigating');
  expect(mine(world, 'incidents')[0]?.text).toContain('SEV2 · investigating');
});

test('the kick-off of a second incident does not wait for the backlog of the first', async () => {
  const { world, ana } = await declared();
  for (let i = 1; i <= notes; i += 1) await note(ana, 1, `number ${i}`);
  await ana.command('/incident declare and now reads sev:1 on:web/prod', { channel: 'general' });
  await world.settled();
  const { calls } = world.sandbox;
  const made = calls.findIndex(
    (each) => each.method === 'conversations.create' && String(each.args.name).startsWith('inc-2'),
  );
  const kickOff = calls.findIndex(
    (each) => each.method === 'chat.postMessage' && String(each.args.text).startsWith('INC-2 and now reads'),
  );
  const backlog = calls.filter(
    (each, index) =>
      index > kickOff && each.method === 'chat.postMessage' && /number \d/.test(String(each.args.text)),
  );
  expect(made).toBeGreaterThan(-1);
  expect(kickOff).toBeGreaterThan(made);
  // Most of the first incident's notes come after it.
  expect(backlog.length).toBeGreaterThan(notes / 2);
  expect(calls.filter((each) => each.status === 429)).toEqual([]);
});

test('many incidents at once all open, within the rates', async () => {
  const { world, ana } = await declared();
  const incidents = 25;
  for (let i = 2; i <= incidents; i += 1)
    await ana.command(`/incident declare storm part ${i} sev:3 on:cell-${i}/prod`, { channel: 'general' });
  await world.settled();
  expect(world.sandbox.channels().filter((each) => each.name.startsWith('inc-'))).toHaveLength(incidents);
  for (const each of world.sandbox.channels().filter((one) => one.name.startsWith('inc-'))) {
    expect(each.pins).toHaveLength(1);
    expect(each.bookmarks).toHaveLength(1);
    expect(each.topic).not.toBe('');
    expect(each.members).toContain(ana.id);
  }
  expect(mine(world, 'incidents')).toHaveLength(incidents);
  // Posts of several lanes are bunched by the test's clock, which jumps while one is under way; nothing else is.
  const refused = world.sandbox.calls.filter((each) => each.status === 429);
  expect(refused.map((each) => each.method).filter((method) => method !== 'chat.postMessage')).toEqual([]);
  expect(refused.length).toBeLessThan(incidents / 2);
  expect(unfinished(world.databaseUrl)).toEqual([]);
});

test('when Slack asks to wait all the same, only that method waits', async () => {
  const { world, ana } = await declared();
  world.sandbox.faults.rateLimit('conversations.setTopic', { times: 1, retryAfter: 30 });
  const first = world.sandbox.calls.length;
  await ana.command('/incident severity INC-1 3', { channel: 'general' });
  await note(ana, 1, 'meanwhile');
  await world.settled();
  const calls = world.sandbox.calls.slice(first);
  const refused = calls.find((each) => each.status === 429);
  const again = calls.find((each) => each.method === 'conversations.setTopic' && each.status === 200);
  expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
  const edited = calls.filter((each) => each.method === 'chat.update');
  expect(edited.length).toBeGreaterThan(0);
  for (const each of edited) expect(each.at).toBeLessThan((refused?.at ?? 0) + 5_000);
});

async function declared(): Promise<{ world: World; ana: Person; channel: string }> {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z', sandbox: { rateLimits: 'slack' } });
  const ana = world.sandbox.person('ana');
  await ana.command('/incident declare writes are stuck sev:1 on:api/prod', { channel: 'general' });
  await world.settled();
  return { world, ana, channel: 'inc-1-2026-03-10-writes-are-stuck' };
}

async function note(ana: Person, incident: number, text: string): Promise<void> {
  const outcome = await ana.command(`/incident note INC-${incident} ${text}`, { channel: 'general' });
  expect(outcome.ok).toBe(true);
}

function edits(world: World): number {
  return world.sandbox.calls.filter((each) => each.method === 'chat.update').length;
}

function mine(world: World, channel: string): MessageView[] {
  return world.sandbox
    .messages(channel)
    .filter((each) => each.user === world.sandbox.botUserId && !each.subtype);
}
