// The canary: Andon says something in Slack and hears it; where it does not, somebody is called by another way.
import { expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import { openMailbox } from '../helpers/mailbox.js';
import { openWorld, type World } from '../helpers/world.js';
import { send } from '../http/help.js';

const channel = 'andon-canary';
const start = { at: '2026-03-10T10:00:00Z', canaryChannel: channel };

async function round(world: World, minutes = 5): Promise<void> {
  await world.pass({ minutes });
  await world.app.canary.turn();
  await world.settled();
}

async function openWithChannel(more: object = {}): Promise<World> {
  const channels = ['incidents', 'changes', channel].map((name) => ({ name }));
  const world = await openWorld({ ...start, ...more, sandbox: { channels } });
  await world.app.canary.turn();
  await world.settled();
  return world;
}

const canaryOf = async (world: World) => (await send(world, '/readyz')).body.canary;

test.each(['http', 'socket'] as const)(
  '%s: one message, edited, comes back and is heard',
  async (transport) => {
    const world = await openWithChannel({ transport });
    await round(world);
    await round(world);
    expect(world.sandbox.messages(channel).filter((each) => each.text.includes('mark ')).length).toBe(1);
    expect(await canaryOf(world)).toMatchObject({ state: 'heard', heardAt: '2026-03-10T10:10:00.000Z' });
    const row = await world.app.db.read.heartbeat.findFirstOrThrow({ where: { name: 'andon-slack' } });
    expect(row).toMatchObject({ state: 'alive', everySeconds: 300, graceSeconds: 600 });
    // Not before its time, and by a restarted Andon the same message.
    await world.app.canary.turn();
    await world.restart();
    await round(world);
    expect(world.sandbox.messages(channel).filter((each) => each.text.includes('mark ')).length).toBe(1);
    expect(await canaryOf(world)).toMatchObject({ state: 'heard', heardAt: '2026-03-10T10:15:00.000Z' });
  },
);

test('where Slack tells nothing any more, the page goes by letter', async () => {
  const mailbox = await openMailbox();
  const world = await openWithChannel({ mail: { url: mailbox.url, from: 'andon@example.com' } });
  const bob = world.sandbox.person('bob');
  await bob.command('/incident contact mail:bob@example.com');
  await bob.command('/incident escalation default @bob 5m');
  await world.settled();
  await round(world);
  await round(world);
  expect(await canaryOf(world)).toMatchObject({ state: 'heard' });
  // Events do not come through; the Web API still takes what Andon says.
  world.sandbox.deliverTo(null);
  for (let i = 0; i < 5; i += 1) await round(world);
  expect(await canaryOf(world)).toMatchObject({ state: 'silent' });
  const page = await world.app.db.read.page.findFirstOrThrow();
  expect(page).toMatchObject({ cause: 'heartbeat', causeName: 'andon-slack', state: 'ringing' });
  const letter = mailbox.letters.find((each) => each.to.includes('bob@example.com'));
  expect(letter?.text).toContain('Andon does not hear Slack');
  // Slack is back.
  world.sandbox.deliverTo(`http://127.0.0.1:${world.app.port}/slack/events`);
  await round(world);
  expect((await world.app.db.read.page.findFirstOrThrow()).state).toBe('withdrawn');
});

test('two replicas send it once, and nobody posts a second message', async () => {
  const world = await openWithChannel();
  const edits = () => world.sandbox.calls.filter((call) => call.method === 'chat.update').length;
  const before = edits();
  await world.pass({ minutes: 5 });
  await Promise.all([world.app.canary.turn(), world.app.canary.turn()]);
  await world.settled();
  expect(edits()).toBe(before + 1);
  // Its place was lost, as where Andon died between posting and writing it down.
  await world.app.db.write((tx) => tx.canary.updateMany({ data: { ts: null, sentAt: null } }));
  await round(world);
  expect(world.sandbox.messages(channel).filter((each) => each.text.includes('mark ')).length).toBe(1);
});

test('nobody else can pretend to be it, and without a channel its heartbeat is forgotten', async () => {
  const world = await openWithChannel();
  const { mark } = await world.app.db.read.canary.findFirstOrThrow();
  await world.app.db.write((tx) => tx.canary.updateMany({ data: { heardAt: null } }));
  const posted = await world.sandbox.person('ana').say('mine', { channel });
  await world.sandbox.person('ana').edit(channel, posted.ts, `mark ${mark}`);
  await world.settled();
  expect((await world.app.db.read.canary.findFirstOrThrow()).heardAt).toBeNull();
});

test('a channel that is not there: the page, /readyz and the log say so, once; made and joined, it begins', async () => {
  const mailbox = await openMailbox();
  const channels = ['incidents', 'changes'].map((name) => ({ name }));
  const mail = { url: mailbox.url, from: 'andon@example.com' };
  const warned: object[] = [];
  const warn = (fields: object, said: string) => void (said === 'canary not sent' && warned.push(fields));
  const world = await openWorld({ ...start, mail, sandbox: { channels }, log: { ...silentLog, warn } });
  const bob = world.sandbox.person('bob');
  await bob.command('/incident contact mail:bob@example.com');
  await bob.command('/incident escalation default @bob 5m');
  await world.app.canary.turn();
  const cause = 'There is no channel #andon-canary that I can see: create it and invite Andon';
  for (let i = 0; i < 5; i += 1) await round(world);
  expect(await canaryOf(world)).toMatchObject({
    ...{ state: 'silent', sentAt: null, heardAt: null, problem: expect.stringContaining(cause) },
  });
  const letters = () => mailbox.letters.filter((each) => each.to.includes('bob@example.com'));
  expect(letters().some((each) => each.text.includes(cause))).toBe(true);
  expect(await world.app.db.read.page.count()).toBe(1);
  expect(warned).toMatchObject([{ reason: expect.stringContaining(cause) }]);

  await fetch(`${world.sandbox.apiUrl}conversations.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.botToken}` },
    body: new URLSearchParams({ name: channel }),
  });
  await round(world);
  expect(await canaryOf(world)).toMatchObject({ state: 'heard', problem: null });
  expect((await world.app.db.read.page.findFirstOrThrow()).state).toBe('withdrawn');
});

test('where Slack takes no message, nothing counts as sent', async () => {
  const channels = ['incidents', 'changes', channel].map((name) => ({ name }));
  const world = await openWorld({ ...start, sandbox: { channels } });
  world.sandbox.faults.refuse('chat.postMessage', 'restricted_action');
  await world.app.canary.turn();
  expect(await canaryOf(world)).toMatchObject({
    ...{ sentAt: null, problem: 'Slack refuses chat.postMessage: restricted_action.' },
  });
});

test('a channel that Andon is not in, and may not join, is one that it is to be invited to', async () => {
  const channels = ['incidents', 'changes', channel].map((name) => ({ name }));
  const world = await openWorld({ ...start, sandbox: { channels } });
  world.sandbox.faults.refuse('conversations.join', 'missing_scope', { times: 1 });
  await world.app.canary.turn();
  const { id } = world.sandbox.channels().find((each) => each.name === channel) ?? {};
  expect(await canaryOf(world)).toMatchObject({
    ...{ sentAt: null, problem: expect.stringContaining(`Andon is not in the channel`) },
  });
  expect((await canaryOf(world)).problem).toContain(`(${id}): type there /invite @Andon`);
  await round(world);
  expect(await canaryOf(world)).toMatchObject({ state: 'heard', problem: null });
});
