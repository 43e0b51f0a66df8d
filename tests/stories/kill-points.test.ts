// Killed between any two effects: Andon as a process of its own is killed before, and after, every single call to
// Slack of an incident's life, and started again each time. Nothing is lost, and nothing appears twice.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type ApiCall, openSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { freshDatabase } from '../helpers/databases.js';
import { brokenChains, rows, unfinished } from '../helpers/record.js';
import { again } from '../helpers/requests.js';

type Side = 'before' | 'after';

/** So many calls the story takes at least; without this the list of points could shrink unseen. */
const callsAtLeast = 26;

const entry = fileURLToPath(new URL('../helpers/andon-process.mjs', import.meta.url));
const story = [
  { line: '/incident declare writes are stuck sev:1 on:api/prod', where: 'general' },
  { line: '/incident note 20m ago observation: all writes time out', where: 'incident' },
  { line: '/incident role commander @bob', where: 'incident' },
  { line: '/incident status monitoring rolled back', where: 'incident' },
  { line: '/incident resolve writes are back', where: 'incident' },
] as const;

test('left alone, the story makes its calls', async () => {
  const quiet = await run(null);
  expectWhole(quiet);
  expect(quiet.points.length).toBeGreaterThanOrEqual(callsAtLeast);
});

test.each(['before', 'after'] as const)(
  'killed %s every call of an incident, it ends as if it had never been',
  async (side) => {
    const killed = await run(side);
    expectWhole(killed);
    expect(await brokenChains(killed.databaseUrl)).toEqual([]);
    // No call was left out.
    expect(killed.points.filter((point) => !killed.kills.includes(point))).toEqual([]);
    expect(killed.kills.length).toBeGreaterThanOrEqual(callsAtLeast);
  },
  // A process starts for each of them, twice: on a machine that has other things to do that takes its time.
  900_000,
);

interface Run {
  readonly sandbox: Sandbox;
  readonly databaseUrl: string;
  /** The calls, each named once. */
  readonly points: string[];
  /** Those at which the process was killed. */
  readonly kills: string[];
}

async function run(side: Side | null): Promise<Run> {
  const sandbox = await openSandbox({ rateLimits: 'off' });
  const database = await freshDatabase('sqlite');
  const supervisor = supervise(sandbox, database.url);
  onTestFinished(async () => {
    await supervisor.stop();
    await sandbox.close();
    await database.drop();
  });
  const points: string[] = [];
  const kills: string[] = [];
  let step = 0;
  sandbox.faults.before('*', (call) => {
    const point = pointOf(call, step);
    if (!points.includes(point)) points.push(point);
  });
  if (side) {
    sandbox.faults[side]('*', async (call) => {
      const point = pointOf(call, step);
      const alive = supervisor.running();
      // Of calls made together the first is the end of the process, and so comes after the others, or before them.
      if (side === 'before' && !alive) throw new Error('killed before');
      if (kills.includes(point)) return;
      kills.push(point);
      if (alive) await supervisor.kill();
      // The process never made this call: the work is not to be done.
      if (side === 'before') throw new Error('killed before');
    });
  }
  await supervisor.up();
  for (const { line, where } of story) {
    step += 1;
    const channel = where === 'general' ? where : incidentChannels(sandbox)[0]?.name;
    await tell(sandbox, supervisor, line, channel ?? '');
    await idle(sandbox, supervisor, database.url);
  }
  return { sandbox, databaseUrl: database.url, points, kills };
}

/** Says a line; Slack sends it again when it was not acknowledged, which is what a person does who sees nothing. */
async function tell(sandbox: Sandbox, supervisor: Supervisor, line: string, channel: string): Promise<void> {
  let { ok } = await sandbox.person('ana').command(line, { channel });
  const sent = sandbox.log.findLast((each) => each.kind === 'command');
  while (!ok && sent) {
    await supervisor.up();
    const { type, body } = again(sent);
    const answer = await fetch(sandbox.requestUrl() ?? '', {
      method: 'POST',
      headers: {
        'content-type': type === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
        ...sandbox.sign(body),
      },
      body,
    }).catch(() => null);
    ok = answer?.status === 200;
  }
}

function expectWhole(run: Run): void {
  const { sandbox, databaseUrl } = run;
  const channels = incidentChannels(sandbox);
  expect(channels).toHaveLength(1);
  const [channel] = channels;
  if (!channel) return;
  expect(channel.topic).toMatch(/^SEV1 · resolved · commander: bob/);
  expect(channel.members).toEqual(
    expect.arrayContaining([sandbox.person('ana').id, sandbox.person('bob').id, sandbox.botUserId]),
  );
  expect(channel.pins).toHaveLength(1);
  expect(channel.bookmarks).toHaveLength(1);

  const mine = [...channel.messages, ...sandbox.messages('incidents')].filter(
    (each) => each.user === sandbox.botUserId && !each.subtype,
  );
  const marks = mine.flatMap((each) => (each.metadata ? [each.metadata.event_payload.job] : []));
  // The summary, four lines and the announcement carry a mark, each its own; the file's message has none.
  expect(marks).toHaveLength(6);
  expect(new Set(marks).size).toBe(6);
  expect(mine).toHaveLength(7);
  const summary = mine.filter((each) => each.text.startsWith('INC-1 writes are stuck'));
  expect(summary.map((each) => each.channel === channel.id)).toEqual([true, false]);
  for (const each of summary) expect(each.text).toContain('resolved');
  expect(sandbox.files().map((each) => [each.name, each.channels])).toEqual([
    ['INC-1-postmortem.md', [channel.id]],
  ]);

  expect(
    rows(databaseUrl, 'SELECT "seq", "kind", "text" FROM "Entry" ORDER BY "seq"').map((each) =>
      Object.values(each as object).join(' '),
    ),
  ).toEqual([
    '1 status Declared as SEV1: writes are stuck',
    '2 observation all writes time out',
    '3 role bob is commander',
    '4 status Status investigating → monitoring: rolled back',
    '5 status Status monitoring → resolved: writes are back',
  ]);
  expect(unfinished(databaseUrl)).toEqual([]);
  expect(rows(databaseUrl, 'SELECT * FROM "Shortfall"')).toEqual([]);
}

interface Supervisor {
  running(): boolean;
  /** Resolves when the process answers. */
  up(): Promise<void>;
  /** Ends the process at once, and starts the next. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Keeps one process running and one loaded behind it, since loading takes longer than starting. */
function supervise(sandbox: Sandbox, databaseUrl: string): Supervisor {
  const { apiUrl, botToken, signingSecret } = sandbox;
  const all = new Set<ChildProcess>();
  let spare = load();
  let current: ChildProcess | null = null;
  let stopped = false;
  let coming: Promise<void> = start();

  async function start(): Promise<void> {
    const child = await spare;
    if (stopped) return;
    spare = load();
    current = child;
    child.send({ databaseUrl, slack: { apiUrl, botToken, signingSecret } });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    const port = (message as { port?: number } | null)?.port;
    if (port) sandbox.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  }

  async function load(): Promise<ChildProcess> {
    const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    all.add(child);
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return child;
  }

  return {
    running: () => current !== null,
    async up() {
      // A process may be killed while it starts; then it is the next one's turn.
      for (let seen: Promise<void> | null = null; seen !== coming; ) {
        seen = coming;
        await seen;
      }
    },
    async kill() {
      const child = current;
      current = null;
      if (!child) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      coming = start();
    },
    async stop() {
      stopped = true;
      current = null;
      for (const child of all) child.kill('SIGKILL');
      await Promise.all([spare, coming.catch(() => {})]);
    },
  };
}

/** Nothing waits, nobody is being started, and Slack has heard everything. */
async function idle(sandbox: Sandbox, supervisor: Supervisor, databaseUrl: string): Promise<void> {
  const end = Date.now() + 150_000;
  for (;;) {
    await supervisor.up();
    await sandbox.settle();
    const [waiting] = rows<{ n: number }>(
      databaseUrl,
      `SELECT COUNT(*) AS n FROM "Job" WHERE "state" = 'waiting'`,
    );
    if (waiting?.n === 0 && supervisor.running()) return;
    if (Date.now() > end) throw new Error(`still waiting: ${JSON.stringify(unfinished(databaseUrl))}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a call is about, so that its repetition by the next process counts as the same point. */
function pointOf({ method, args }: ApiCall, step: number): string {
  if (/^(auth\.test|conversations\.(list|join)|users\.info)$/.test(method)) return method;
  const job = (args.metadata as { event_payload?: { job?: string } } | undefined)?.event_payload?.job;
  const { files, length, text, blocks, ...rest } = args as Record<string, unknown>;
  const about = job ?? JSON.stringify({ ...rest, text: method === 'chat.update' ? text : undefined });
  const file = Array.isArray(files) ? String((files[0] as { title?: string }).title) : '';
  return `${step} ${method} ${file}${about}`;
}

function incidentChannels(sandbox: Sandbox) {
  return sandbox.channels().filter((each) => each.name.startsWith('inc-'));
}
