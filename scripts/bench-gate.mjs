// The part of the benchmark about the gate: a question over HTTP, beside a bare Hono route that reads the same body.
import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { keepToken, tokenOf } from '../dist/db/tokens.js';
import { sized } from './bench-size.mjs';

const warmUps = sized(50, 2);
const rounds = sized(300, 20);
const atOnce = 20;

/** Rows of a table: what is asked, and how long it takes at a bare route and at the gate. `say` types a line to Andon. */
export async function gateTimes(andon, say, { timed, at }) {
  const secret = tokenOf(randomBytes(32));
  const token = {
    id: randomUUID(),
    name: `bench-${randomUUID()}`,
    secret,
    scopes: ['gate', 'freezes:read'],
    now: new Date(),
  };
  await keepToken(andon.db, andon.workspace.id, token);
  const bare = await bareRoute();
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const plain = () => ask(agent, bare.port, secret, question('web'));
  const both = async (name, ours) => {
    for (let i = 0; i < warmUps; i += 1) {
      await plain();
      await ours();
    }
    const [without, withUs] = [[], []];
    for (let i = 0; i < rounds; i += 1) {
      without.push(await timed(plain));
      withUs.push(await timed(ours));
    }
    return [name, at(without, 0.5), at(withUs, 0.5)];
  };
  const crowd = async (work) => {
    const took = await timed(async () => {
      for (let i = 0; i < rounds; i += atOnce) await Promise.all(Array.from({ length: atOnce }, work));
    });
    return took / rounds;
  };
  try {
    const open = () => ask(agent, andon.port, secret, question('web'));
    const rows = [await both('a question, nothing frozen', open)];
    rows.push([`each, ${atOnce} at once`, await crowd(plain), await crowd(open)]);
    const same = question('web');
    rows.push(await both('the same question again', () => ask(agent, andon.port, secret, same)));
    rows.push(await both('the state, read only', () => state(agent, andon.port, secret)));
    await say('on the bench is measured on:frozen/prod for:1h');
    for (let i = 0; i < 20; i += 1)
      await say(
        `on the bench is measured, weekly on:other-${i}/prod every:"weekday 18:00 to 08:00" zone:Europe/Berlin anyway`,
      );
    rows.push(await both('beside 21 freezes', open));
    const denied = question('frozen');
    await ask(agent, andon.port, secret, denied);
    rows.push(await both('denied, polled again', () => ask(agent, andon.port, secret, denied)));
    return rows;
  } finally {
    agent.destroy();
    bare.server.close();
  }
}

function question(service) {
  return {
    ...{ kind: 'deploy', title: `Deploy ${service}`, key: randomUUID(), artifact: randomUUID() },
    targets: [{ service, environment: 'prod' }],
  };
}

/** What a server costs that reads the question and says yes. */
async function bareRoute() {
  const app = new Hono();
  app.post('/api/v1/gate', async (context) => {
    const { targets } = await context.req.json();
    return context.json({ decision: 'allow', targets });
  });
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ server, port }),
    );
  });
}

function ask(agent, port, secret, body) {
  const once = body.key === undefined ? {} : { 'idempotency-key': randomUUID() };
  return send(agent, port, 'POST', '/api/v1/gate', secret, JSON.stringify(body), once);
}

function state(agent, port, secret) {
  return send(agent, port, 'GET', '/api/v1/freezes/state?service=web&environment=prod', secret, '', {});
}

function send(agent, port, method, path, secret, body, more) {
  const headers = {
    authorization: `Bearer ${secret}`,
    ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...more,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method, agent, headers }, (answer) => {
      let got = '';
      answer.on('data', (part) => {
        got += part;
      });
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(got) : reject(new Error(`${answer.statusCode} ${got}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
