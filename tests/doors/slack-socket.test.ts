// Slack's door over Socket Mode: the same path as over HTTP, through refreshes, outages and a token that is refused.
import { expect, onTestFinished, test } from 'vitest';
import { everything, holdWriteLock, rows, unfinished } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

const declare = '/incident declare writes are stuck sev:1 on:api/prod';
const slackAckMs = 3_000;

test('a whole incident is made over two connections, once though everything comes twice', async () => {
  const world = await socketWorld();
  const { sandbox } = world;
  expect(sandbox.connections()).toBe(2);
  sandbox.faults.deliverTwice(true);
  const ana = sandbox.person('ana');
  const outcome = await ana.command(declare);
  const stored = rows(world.databaseUrl, 'SELECT "title" FROM "Incident"');
  expect(outcome.reply).toMatchObject({ response_type: 'ephemeral' });
  expect(outcome.latencyMs).toBeLessThan(slackAckMs);
  expect(stored).toEqual([{ title: 'writes are stuck' }]);
  await world.settled();
  const channel = sandbox.channels().find((each) => each.name.startsWith('inc-'))?.name ?? '';
  await ana.command('/incident note hypothesis: the disk is full', { channel });
  await ana.say('@localapp note by mention', { channel });
  await ana.command('/incident resolve all good', { channel });
  await world.settled();
  expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" ORDER BY "seq"')).toHaveLength(4);
  expect(sandbox.channels().filter((each) => each.name.startsWith('inc-'))).toHaveLength(1);
  expect(sandbox.files()).toHaveLength(1);
  expect(unfinished(world.databaseUrl)).toEqual([]);
});

test('forms open and their mistakes land on the field', async () => {
  const world = await socketWorld();
  const ana = world.sandbox.person('ana');
  const opened = await ana.command('/incident declare');
  expect(opened.ok).toBe(true);
  const view = await ana.waitForView();
  const wrong = await ana.submit(view, { title: 'writes are stuck', started: 'a while ago-ish' });
  expect(Object.keys(wrong.errors ?? {})).toEqual(['started']);
  const right = await ana.submit(view, { title: 'writes are stuck', started: '20m ago' });
  expect(right).toMatchObject({ ok: true, closed: true });
  expect(rows(world.databaseUrl, 'SELECT "title" FROM "Incident"')).toHaveLength(1);
});

test('an event is acknowledged after it is committed, and not before', async () => {
  const world = await socketWorld();
  await world.sandbox.person('ana').command(declare);
  await world.settled();
  const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-'))?.name ?? '';
  const heldMs = 400;
  setTimeout(holdWriteLock(world.databaseUrl), heldMs);
  await world.sandbox.person('ana').say('@localapp note by mention', { channel });
  await world.settled();
  const event = world.sandbox.log.findLast((each) => each.name === 'app_mention');
  expect(event?.status).toBe(200);
  expect(event?.latencyMs).toBeGreaterThanOrEqual(heldMs - 50);
  expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'')).toEqual([
    { text: 'by mention' },
  ]);
});

test('Slack replaces the connections while an incident goes on, and no command is lost', async () => {
  const world = await socketWorld();
  const { sandbox } = world;
  await sandbox.person('ana').command(declare);
  await world.settled();
  // Both are told to go at the same moment, the worst case; the next command waits for neither of them.
  const opened = () => sandbox.calls.filter((call) => call.method === 'apps.connections.open').length;
  const before = opened();
  const replaced = () => opened() >= before + 2 && sandbox.connections() === 2;
  sandbox.refreshSocket({ graceMs: 0 });
  const during: boolean[] = [];
  for (let i = 0; i < 5; i += 1) {
    const { ok } = await sandbox.person('ana').command(`/incident note INC-1 number ${i}`);
    during.push(ok);
    // In the moment when the old ones are gone Slack says that nobody answered; how long it is, the machine decides.
    if (!ok) await until(replaced);
  }
  await until(replaced);
  expect(during.filter((ok) => !ok).length).toBeLessThanOrEqual(1);
  const kept = rows<{ text: string }>(
    world.databaseUrl,
    'SELECT "text" FROM "Entry" WHERE "kind" = \'note\'',
  );
  expect(kept.length).toBeGreaterThanOrEqual(during.filter((ok) => ok).length);
});

test('with one connection gone the other answers at once', async () => {
  const world = await socketWorld();
  const { sandbox } = world;
  // Slack does not let it come back for a while: the gap of a refresh, held open.
  sandbox.faults.refuse('apps.connections.open', 'internal_error', { times: 1 });
  sandbox.refreshSocket({ graceMs: 0 });
  await until(() => sandbox.connections() === 1);
  const outcome = await sandbox.person('ana').command(declare);
  expect(outcome.ok).toBe(true);
  expect(outcome.latencyMs).toBeLessThan(slackAckMs);
  await until(() => sandbox.connections() === 2);
});

test('Slack may be away when Andon starts, and refuse the token later; neither ends the process', async () => {
  const unhandled = listenForUnhandled();
  const world = await openWorld({
    transport: 'socket',
    before: (sandbox) => {
      sandbox.faults.refuse('auth.test', 'internal_error', { times: 1 });
      sandbox.faults.refuse('apps.connections.open', 'internal_error', { times: 3 });
    },
  });
  const { sandbox } = world;
  const ready = await fetch(`http://127.0.0.1:${world.app.port}/readyz`);
  expect(ready.status).toBe(503);
  await until(() => sandbox.connections() === 2);
  expect((await fetch(`http://127.0.0.1:${world.app.port}/readyz`)).status).toBe(200);
  expect((await sandbox.person('ana').command(declare)).ok).toBe(true);

  sandbox.faults.refuse('apps.connections.open', 'token_revoked', { times: 3 });
  sandbox.refreshSocket({ graceMs: 0 });
  await until(() => sandbox.connections() === 0);
  await until(() => sandbox.connections() === 2);

  sandbox.faults.down();
  await until(() => sandbox.connections() === 0);
  await until(async () => (await fetch(`http://127.0.0.1:${world.app.port}/readyz`)).status === 503);
  sandbox.faults.up();
  await until(() => sandbox.connections() === 2);
  const after = await sandbox.person('ana').command('/incident note INC-1 it is back');
  expect(after.ok).toBe(true);
  await world.settled();
  expect(unfinished(world.databaseUrl)).toEqual([]);
  expect(unhandled).toEqual([]);
});

test('another team writes nothing', async () => {
  const world = await openWorld({ transport: 'socket' });
  await world.app.db.write((tx) => tx.workspace.updateMany({ data: { slackTeamId: 'T0ANOTHER1' } }));
  const before = everything(world.databaseUrl);
  const outcome = await world.sandbox.person('ana').command(declare);
  await world.settled();
  expect(outcome.reply?.text).toContain('belongs to another Slack workspace');
  expect(everything(world.databaseUrl)).toEqual(before);
});

async function socketWorld(): Promise<World> {
  const world = await openWorld({ transport: 'socket' });
  await until(() => world.sandbox.connections() === 2);
  return world;
}

/** The wire takes its time: a socket needs a few round trips. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('waited for ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function listenForUnhandled(): unknown[] {
  const seen: unknown[] = [];
  const listener = (reason: unknown) => seen.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return seen;
}
