// Measures Andon beside something plain, in one run on one machine: npm run bench [-- postgresql://…/EMPTY_DATABASE] [--trial]
// Ratios travel from machine to machine, milliseconds do not. The worker rests meanwhile: what is measured is what a
// person waits for.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bolt from '@slack/bolt';
import Sqlite from 'better-sqlite3';
import { startApp } from '../dist/app.js';
import { reading } from '../dist/cli/verify.js';
import { accept, defineCommand, internalVerb } from '../dist/core/command.js';
import { silentLog } from '../dist/core/log.js';
import { realWire } from '../dist/core/wire.js';
import { openVerifier } from '../dist/db/verify.js';
import { execute } from '../dist/execute.js';
import { readRecord, renderRecord } from '../dist/features/postmortem/index.js';
import { plainAsk } from '../dist/plain-ask.js';
import { openSandbox, signedRequest } from '../dist/sandbox/index.js';
import { gateTimes } from './bench-gate.mjs';
import { ledgerSizes, ledgerTimes } from './bench-ledger.mjs';
import { sized } from './bench-size.mjs';

const rounds = sized(1_000, 20);
const warmUps = sized(200, 2);
const atOnce = 20;
const small = sized(100, 10);
const large = sized(10_000, 100);
const batch = 500;
const person = { kind: 'person', id: 'U0ANA00001', name: 'ana', zone: 'Europe/Berlin' };

const folder = mkdtempSync(join(tmpdir(), 'andon-bench-'));
const named = process.argv.slice(2).find((word) => !word.startsWith('--'));
const databaseUrl = named ?? `file:${join(folder, 'bench.db')}`;
const secret = 'bench signing secret';
const sandbox = await openSandbox({ rateLimits: 'off', app: { signingSecret: secret } });
const andon = await startApp({
  databaseUrl,
  slack: { apiUrl: sandbox.apiUrl, botToken: sandbox.botToken, signingSecret: secret },
  host: '127.0.0.1',
  port: 0,
  zone: 'UTC',
  incidentsChannel: 'incidents',
  changesChannel: 'changes',
  now: () => new Date(),
  wire: realWire,
  log: silentLog,
  manualWorker: true,
});
const plain = await plainBolt();
const verifier = openVerifier(reading);
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

try {
  const engine = databaseUrl.startsWith('file:') ? 'SQLite, every commit on disk' : 'PostgreSQL';
  console.log(`Node ${process.version}, ${engine}. Medians.`);
  await roundTrips();
  await gate();
  await sizes();
  await ledgers();
} finally {
  agent.destroy();
  plain.server.closeAllConnections();
  plain.server.close();
  await verifier.close();
  await andon.stop();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A signed `/incident note` over HTTP, answered by Andon and by a Bolt app that does nothing. */
async function roundTrips() {
  await send(andon.port, 'declare writes are stuck');
  const note = (port) => send(port, 'note INC-1 restarting the proxy');
  for (let i = 0; i < warmUps; i += 1) for (const port of [plain.port, andon.port]) await note(port);
  const [bare, ours] = [[], []];
  for (let i = 0; i < rounds; i += 1) {
    bare.push(await timed(() => note(plain.port)));
    ours.push(await timed(() => note(andon.port)));
  }
  const crowd = async (port) => {
    const took = await timed(async () => {
      for (let i = 0; i < rounds; i += atOnce)
        await Promise.all(Array.from({ length: atOnce }, () => note(port)));
    });
    return took / rounds;
  };
  const [crowdBare, crowdOurs] = [await crowd(plain.port), await crowd(andon.port)];
  table(
    `\`/incident note\` over HTTP, ${rounds} times`,
    ['bare Bolt', 'Andon'],
    [
      ['one after the other', at(bare, 0.5), at(ours, 0.5)],
      ['95 of 100 within', at(bare, 0.95), at(ours, 0.95)],
      [`each, ${atOnce} at once`, crowdBare, crowdOurs],
    ],
  );
  const commit = await durableCommit();
  console.log(`  One durable SQLite commit on this disk, and nothing else: ${commit.toFixed(2)} ms.`);
}

/** What the disk alone costs: a row a commit, as safe as Andon's. */
async function durableCommit() {
  const db = new Sqlite(join(folder, 'beside.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE it (text)');
  const insert = db.prepare('INSERT INTO it VALUES (?)');
  const took = await median(200, async () => insert.run('restarting the proxy'));
  db.close();
  return took;
}

/** A pipeline's question over HTTP, and a route that reads it and says yes. */
async function gate() {
  const say = async (line) => {
    const time = { now: new Date(), zone: 'UTC', workspaceZone: 'UTC', locale: 'en-GB' };
    const routed = andon.surface.route('freeze', line, { me: person, people: new Map(), time });
    if (routed.kind !== 'command') throw new Error(`${line}: ${routed.kind}`);
    const outcome = await execute(andon.kernel, routed.bound, newAsk());
    if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
  };
  table('The gate, over HTTP', ['bare Hono', 'Andon'], await gateTimes(andon, say, { timed, at }));
}

/** What takes longer the longer a timeline is, and by how much. */
async function sizes() {
  const short = await incidentWith(small);
  const long = await incidentWith(large);
  const row = async (name, times, work) => [
    name,
    await median(times, () => work(short)),
    await median(times, () => work(long)),
  ];
  table(
    `${small} entries beside ${large.toLocaleString('en')}`,
    [`${small}`, large.toLocaleString('en')],
    [
      await row('/incident timeline', 30, (it) => ask(`timeline INC-${it.number}`)),
      await row('/incident timeline all', 30, (it) => ask(`timeline INC-${it.number} all`)),
      await row('a note’s commit', 200, (it) => command(`note INC-${it.number} restarting the proxy`)),
      await row('export md', 7, async (it) => renderRecord(await record(it), 'md')),
      await row('export html', 7, async (it) => renderRecord(await record(it), 'html')),
      await row('export json', 7, async (it) => renderRecord(await record(it), 'json')),
      await row('verify', 7, verify),
    ],
  );
}

/** What is asked of changes, with a week of them and with two years. */
async function ledgers() {
  const engines = process.env.ANDON_TEST_POSTGRES ? ['sqlite', 'postgresql'] : ['sqlite'];
  const sizes = ledgerSizes.map((size) => size.toLocaleString('en'));
  for (const engine of engines)
    table(
      `${sizes[0]} changes beside ${sizes[1]}, on ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`,
      sizes,
      await ledgerTimes(engine, folder, median),
    );
}

async function plainBolt() {
  const receiver = new bolt.HTTPReceiver({ signingSecret: secret, processBeforeResponse: true });
  const app = new bolt.App({
    receiver,
    authorize: async () => ({
      botToken: sandbox.botToken,
      botId: sandbox.botId,
      botUserId: sandbox.botUserId,
    }),
    logLevel: bolt.LogLevel.ERROR,
  });
  app.command('/incident', async ({ ack }) => ack({ response_type: 'ephemeral', text: 'Noted.' }));
  const server = createServer(receiver.requestListener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: server.address().port };
}

function send(port, text) {
  const body = new URLSearchParams({
    token: 'unused',
    team_id: sandbox.teamId,
    team_domain: 'sandbox',
    channel_id: sandbox.channel('general').id,
    channel_name: 'general',
    user_id: sandbox.person('ana').id,
    user_name: 'ana',
    command: '/incident',
    text,
    api_app_id: sandbox.appId,
    is_enterprise_install: 'false',
    response_url: `${sandbox.url}/commands/none`,
    trigger_id: randomUUID(),
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    ...signedRequest(body, secret, Math.floor(Date.now() / 1000)),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', path: '/slack/events', method: 'POST', agent, headers },
      (answer) => {
        let got = '';
        answer.on('data', (part) => {
          got += part;
        });
        answer.on('end', () =>
          answer.statusCode === 200 && got !== ''
            ? resolve(got)
            : reject(new Error(`${answer.statusCode} ${got}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function newAsk() {
  return plainAsk(andon.workspace, person, 'cli', new Date());
}

function route(line) {
  const time = { now: new Date(), zone: 'UTC', workspaceZone: 'UTC', locale: 'en-GB' };
  const routed = andon.surface.route('incident', line, { me: person, people: new Map(), time });
  if (routed.kind === 'refused') throw new Error(routed.refusal.message.text);
  return routed;
}

function rows() {
  return andon.db.of(andon.workspace.id);
}

async function ask(line) {
  return route(line).answer(rows().read, newAsk());
}

async function command(line, kernel = andon.kernel) {
  const outcome = await execute(kernel, route(line).bound, newAsk());
  if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
  return outcome;
}

function record(incident) {
  return readRecord(rows().read, incident.id, andon.workspace);
}

async function verify(incident) {
  const verdict = await verifier.verify(rows(), incident.id);
  if (!verdict.whole) throw new Error(`#${verdict.seq}: ${verdict.reason}`);
}

/** An incident with so many notes, through the write path, many in one transaction and with nothing said in Slack. */
async function incidentWith(entries) {
  const features = andon.kernel.features.map((feature) => ({ ...feature, react: [] }));
  const kernel = { ...andon.kernel, features };
  const declared = await command(`declare a timeline of ${entries} entries anyway`, kernel);
  const id = declared.facts[0].incidentId;
  const noteTaken = features.flatMap((feature) => feature.facts).find((kind) => kind.type === 'NoteTaken');
  const stream = `incident/${id}`;
  const notes = defineCommand({
    verb: internalVerb('bench'),
    input: undefined,
    locate: async () => ({ streams: [stream], target: null }),
    load: async () => null,
    decide: (_state, texts) =>
      accept(
        texts.map((text) => noteTaken({ kind: 'note', text }, { stream, incidentId: id })),
        { text: '', blocks: [] },
      ),
  });
  for (let made = 1; made < entries; made += batch) {
    const size = Math.min(batch, entries - made);
    const texts = Array.from(
      { length: size },
      (_, i) => `entry ${made + i}: the backlog is at ${i * 37} messages`,
    );
    await execute(kernel, notes.given(texts), newAsk());
  }
  return rows().read.incident.findUniqueOrThrow({ where: { id } });
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function median(times, work) {
  const took = [];
  await work();
  for (let i = 0; i < times; i += 1) took.push(await timed(work));
  return at(took, 0.5);
}

function at(took, share) {
  return took.sort((a, b) => a - b)[Math.floor(took.length * share)];
}

function table(title, [first, second], lines) {
  const line = (name, ...cells) => `  ${name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  console.log(`\n${title}\n${line('', first, second, 'ratio')}`);
  for (const [name, a, b] of lines)
    console.log(line(name, `${a.toFixed(2)} ms`, `${b.toFixed(2)} ms`, `${(b / a).toFixed(1)}`));
}
