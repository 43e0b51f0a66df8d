// The page's side of the HTTP server: the built page, what a person sees, their stream, and what they do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Wire } from '../delivery.js';
import { findChannel, type User } from '../world.js';
import { readAct } from './act-shape.js';
import { perform } from './acts.js';
import { type Assets, openAssets, serveAsset } from './assets.js';
import { actOnFaults } from './fault-acts.js';
import { faultsCard } from './fault-cards.js';
import { type Guard, refusal } from './guard.js';
import { type Hub, openHub, openStream } from './hub.js';
import { openingFor } from './opening.js';
import { kindOfFile, messagesFor, sees, seesFile } from './sight.js';

/** Room for a file of 12 MB in base64. */
const BODY_BYTES_MAX = 16_500_000;

export interface Page {
  hub: Hub;
  assets: Assets;
  guard: Guard;
}

export function openPage(wire: Wire, options: { host: string; remote: boolean; folder?: string }): Page {
  return {
    hub: openHub(wire, options),
    assets: openAssets(options.folder),
    guard: { host: options.host, remote: options.remote },
  };
}

/** The paths that belong to the page; all others are Slack's. */
export function isPagePath(path: string): boolean {
  return path === '' || /^(assets|page)(\/|$)/.test(path);
}

/** An answer that is neither a page nor a stream: something in JSON, or a sentence. */
class Answer extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

export async function servePage(
  page: Page,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const refused = refusal(page.guard, request);
    if (refused) throw new Answer(403, refused);
    if (path.startsWith('page/')) await serveData(page, path.slice('page/'.length), query, request, response);
    else if (request.method === 'GET' || request.method === 'HEAD')
      await serveAsset(page.assets, path, request, response);
    else throw new Answer(405, 'The page is read with GET.');
  } catch (error) {
    if (!(error instanceof Answer)) throw error;
    json(response, error.status, { ok: false, said: error.message });
  }
}

async function serveData(
  page: Page,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { hub } = page;
  const [what = '', id = ''] = path.split('/');
  if (request.method === 'POST') {
    json(response, 200, await post(hub, what, await readJson(request)));
    return;
  }
  if (request.method !== 'GET') throw new Answer(405, 'Use GET or POST.');
  const person = personNamed(hub, query.get('as'));
  if (what === 'open') json(response, 200, openingFor(hub, person));
  else if (what === 'stream') openStream(hub, person.id, response);
  else if (what === 'channels') json(response, 200, { messages: channelFor(hub, id, person) });
  else if (what === 'files') serveFile(hub, id, person, response);
  else throw new Answer(404, 'There is no such address here.');
}

async function post(hub: Hub, what: string, body: Record<string, unknown>): Promise<unknown> {
  if (what === 'faults') {
    const wrong = actOnFaults(hub, body);
    if (wrong) throw new Answer(400, wrong);
    return faultsCard(hub.wire, hub.scopes);
  }
  if (what !== 'act') throw new Answer(404, 'There is no such address here.');
  const person = personNamed(hub, typeof body.as === 'string' ? body.as : null);
  const read = readAct(body.act);
  if ('wrong' in read) throw new Answer(400, read.wrong);
  return await perform(hub, person, read.act);
}

/** Without a name, the first of the people. */
function personNamed(hub: Hub, id: string | null): User {
  const people = [...hub.wire.world.users.values()].filter((one) => !one.isBot && !one.deleted);
  const found = id ? people.find((one) => one.id === id || one.name === id) : people[0];
  if (found) return found;
  throw new Answer(404, `There is no such person. The people: ${people.map((one) => one.id).join(', ')}.`);
}

function channelFor(hub: Hub, id: string, person: User): unknown {
  const { world } = hub.wire;
  const channel = findChannel(world, id);
  if (!channel || !sees(channel, person.id)) throw new Answer(404, 'There is no such channel.');
  return messagesFor(world, channel, person.id);
}

/** Given away as data, in a box of its own, so that what somebody uploaded never runs as the page. */
function serveFile(hub: Hub, id: string, person: User, response: ServerResponse): void {
  const { world } = hub.wire;
  const file = world.files.get(id);
  if (!file || !seesFile(world, id, person.id)) throw new Answer(404, 'There is no such file.');
  response.writeHead(200, {
    'content-type': kindOfFile(file.name).type,
    'content-length': file.content.length,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, escaped)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  response.end(file.content);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Answer(415, 'Send JSON, with content-type: application/json.');
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    // The rest is read and forgotten, so that the answer reaches who is still sending.
    if (bytes <= BODY_BYTES_MAX) parts.push(part as Buffer);
  }
  if (bytes > BODY_BYTES_MAX)
    throw new Answer(413, 'This is too much at once: a file may have 12 MB in the local workspace.');
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
  } catch {
    throw new Answer(400, 'What was sent is not a JSON object.');
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}
