// Opens the sandbox: one loopback HTTP server for the Web API, response URLs, uploads and sockets.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { receiveUpload } from './api/files.js';
import { postScheduled } from './api/schedule.js';
import { type ApiServer, serveApi, turnAway } from './api-server.js';
import { readBody, readUpload } from './body.js';
import type { Wire } from './delivery.js';
import { happen, verifyUrl } from './events.js';
import { faultControls, newFaultState } from './faults.js';
import { viewJson } from './format.js';
import { theGroup } from './groups.js';
import { newLimits } from './limits.js';
import { channelView, messageView } from './look.js';
import { isPagePath, openPage, type Page, servePage } from './page/server.js';
import { makePerson, theChannel, theUser } from './people.js';
import { hearResponseUrl } from './response-url.js';
import { openWorld } from './seed.js';
import { signBody } from './signature.js';
import {
  acceptUpgrade,
  askToReconnect,
  closeSockets,
  dropSockets,
  makeSocketUrl,
  newSockets,
} from './sockets.js';
import { newTickets } from './tickets.js';
import { newTraffic } from './traffic.js';
import type { Sandbox, SandboxOptions } from './types.js';
import { findChannel, findUser, type World } from './world.js';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const API_PATH = 'api/';

export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.includes(host) && options.allowRemote !== true) {
    throw new Error(`sandbox: ${host} is not a loopback address; say allowRemote: true if you mean it`);
  }
  const world = openWorld(options);
  const wire = newWire(world, options);
  const page = openPage(wire, {
    host,
    remote: !LOOPBACK.includes(host),
    ...(options.pageFolder === undefined ? {} : { folder: options.pageFolder }),
  });
  const api: ApiServer = {
    world,
    tickets: wire.tickets,
    faults: wire.faults,
    limits: newLimits(options.rateLimits !== 'off'),
    calls: [],
    keep: wire.keep,
    traffic: wire.traffic,
    socketUrl: () => makeSocketUrl(wire.sockets),
  };
  const server = createServer((request, response) => {
    void serve(api, wire, page, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    if (wire.faults.isDown) socket.destroy();
    else acceptUpgrade(wire.sockets, request, socket, head);
  });
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  world.baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { ...identity(world), ...looking(world), ...acting(wire, page, server), calls: api.calls };
}

function newWire(world: World, options: SandboxOptions): Wire {
  const wire: Wire = {
    world,
    tickets: newTickets(),
    faults: newFaultState(),
    sockets: newSockets(world, options.pingMs ?? 5000),
    ackMs: options.ackMs ?? 3000,
    retryMs: options.eventRetryMs ?? [50, 60_000, 300_000],
    requestUrl: null,
    hadUrl: false,
    log: [],
    keep: options.keepRecords ?? Number.POSITIVE_INFINITY,
    traffic: newTraffic(),
    busy: 0,
    timers: new Set(),
    closed: false,
  };
  wire.faults.onDown = () => dropSockets(wire.sockets);
  wire.faults.channelId = (id) => findChannel(world, id)?.id ?? id;
  world.happen = (happening) => happen(wire, happening);
  return wire;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  api: ApiServer,
  wire: Wire,
  page: Page,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = addressOf(request, api.world.baseUrl);
  const path = url.pathname.slice(1);
  // The page is no part of Slack: it is there when Slack is down, and who looks at it keeps nothing waiting.
  const isPage = isPagePath(path);
  if (!isPage) wire.busy += 1;
  try {
    if (isPage) await servePage(page, path, url.searchParams, request, response);
    else if (!wire.faults.isDown) await route(api, request, response, url);
    else if (path.startsWith(API_PATH))
      await turnAway(api, request, path.slice(API_PATH.length), url.searchParams);
    else request.socket.destroy();
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    if (!isPage) wire.busy -= 1;
  }
}

/** An address that is none leads nowhere. */
function addressOf(request: IncomingMessage, base: string): URL {
  const given = request.url ?? '/';
  return URL.canParse(given, base) ? new URL(given, base) : new URL('/nowhere', base);
}

async function route(
  api: ApiServer,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { world } = api;
  const path = url.pathname.slice(1);
  if (path.startsWith(API_PATH)) {
    await serveApi(api, request, response, path.slice(API_PATH.length), url.searchParams);
    return;
  }
  const body = await readBody(request);
  const plain = (status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(text);
  };
  if (/^(commands|actions|app)\//.test(path) && request.method === 'POST') {
    const type = request.headers['content-type'] ?? '';
    const answer = hearResponseUrl(api, path, body.toString('utf8'), type);
    plain(answer.status, answer.body);
  } else if (path.startsWith('upload/v1/') && request.method === 'POST') {
    const key = path.slice('upload/v1/'.length);
    const content = await readUpload(request, body);
    const status = receiveUpload(world, key, content);
    plain(status, status === 200 ? `OK - ${content?.length ?? 0}` : 'upload refused');
  } else if (path.startsWith('files/') && request.method === 'GET') {
    serveFile(world, path.split('/')[1] ?? '', request, response);
  } else {
    plain(404, 'not found');
  }
}

/** url_private wants the bot's token, as Slack's does. */
function serveFile(world: World, id: string, request: IncomingMessage, response: ServerResponse): void {
  const file = world.files.get(id);
  if (request.headers.authorization !== `Bearer ${world.tokens.bot}`) response.writeHead(403).end();
  else if (!file || file.deleted) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.content);
}

type Identity = Pick<
  Sandbox,
  | 'url'
  | 'apiUrl'
  | 'botToken'
  | 'appToken'
  | 'signingSecret'
  | 'teamId'
  | 'botUserId'
  | 'botId'
  | 'appId'
  | 'sign'
>;

function identity(world: World): Identity {
  return {
    url: world.baseUrl,
    apiUrl: `${world.baseUrl}/api/`,
    botToken: world.tokens.bot,
    appToken: world.tokens.app,
    signingSecret: world.tokens.signingSecret,
    teamId: world.team.id,
    botUserId: world.app.botUserId,
    botId: world.app.botId,
    appId: world.app.id,
    sign: (body, opts) =>
      signBody(
        body,
        opts?.secret ?? world.tokens.signingSecret,
        opts?.timestamp ?? Math.floor(world.wireNow() / 1000),
      ),
  };
}

type Looking = Pick<
  Sandbox,
  'people' | 'channels' | 'channel' | 'messages' | 'ephemerals' | 'files' | 'homeOf'
>;

function looking(world: World): Looking {
  return {
    people: () => [...world.users.values()].filter((one) => !one.isBot),
    channels: () => [...world.channels.values()].map((one) => channelView(world, one)),
    channel: (nameOrId) => {
      const found = findChannel(world, nameOrId);
      return found ? channelView(world, found) : undefined;
    },
    messages: (nameOrId) => {
      const channel = theChannel(world, nameOrId);
      return channel.messages.map((one) => messageView(world, channel, one));
    },
    ephemerals: (user) => {
      const id = user === undefined ? undefined : theUser(world, user).id;
      return structuredClone(world.ephemerals.filter((one) => id === undefined || one.user === id));
    },
    files: () => [...world.files.values()].filter((one) => !one.deleted),
    homeOf: (user) => {
      const home = world.homes.get(findUser(world, user)?.id ?? user);
      return home ? structuredClone(viewJson(world, home)) : undefined;
    },
  };
}

type Acting = Omit<Sandbox, keyof Identity | keyof Looking | 'calls'>;

function acting(wire: Wire, page: Page, server: Server): Acting {
  const { world } = wire;
  return {
    deliverTo: (requestUrl) => {
      wire.requestUrl = requestUrl;
      wire.hadUrl ||= requestUrl !== null;
    },
    requestUrl: () => wire.requestUrl,
    verifyRequestUrl: () => verifyUrl(wire),
    group: (handle) => theGroup(world, handle),
    person: (nameOrId) => makePerson(wire, theUser(world, nameOrId)),
    log: wire.log,
    faults: faultControls(wire.faults),
    refreshSocket: (opts) =>
      askToReconnect(wire.sockets, opts?.reason ?? 'refresh_requested', opts?.graceMs ?? 10_000),
    connections: () => wire.sockets.open.length,
    revokeToken: (which = 'bot') => world.tokens.revoked.add(world.tokens[which]),
    startIn: (channel) => {
      page.hub.startIn = theChannel(world, channel).id;
    },
    runScheduled: () => postScheduled(world),
    settle: (opts) => settle(wire, opts?.quietMs ?? 15, opts?.timeoutMs ?? 10_000),
    close: () => close(wire, server),
  };
}

/** Waits until nothing is under way and stays so: an app goes on working after it acknowledged. */
async function settle(wire: Wire, quietMs: number, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  let quietSince = wire.busy === 0 ? Date.now() : undefined;
  while (quietSince === undefined || Date.now() - quietSince < quietMs) {
    if (Date.now() > until) throw new Error(`sandbox: ${wire.busy} deliveries or calls still under way`);
    await new Promise((resolve) => setTimeout(resolve, 3));
    if (wire.busy > 0) quietSince = undefined;
    else quietSince ??= Date.now();
  }
}

async function close(wire: Wire, server: Server): Promise<void> {
  if (wire.closed) return;
  wire.closed = true;
  for (const timer of wire.timers) clearTimeout(timer);
  await closeSockets(wire.sockets);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
