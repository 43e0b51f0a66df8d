// Socket Mode: one-time tickets, hello, pings, envelopes to any one connection, disconnects.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Json } from './types.js';
import { secret, type World } from './world.js';

const CONNECTIONS_MAX = 10;
const GOODBYE_MS = 100;

type SocketAnswer = { payload: unknown } | 'closed';

export interface Sockets {
  world: World;
  server: WebSocketServer;
  tickets: Set<string>;
  open: WebSocket[];
  /** How many there have been. */
  welcomed: number;
  turn: number;
  waiting: Map<string, { socket: WebSocket; answer: (answer: SocketAnswer) => void }>;
  pings: NodeJS.Timeout;
}

export function newSockets(world: World, pingMs: number): Sockets {
  const sockets: Sockets = {
    world,
    server: new WebSocketServer({ noServer: true }),
    tickets: new Set(),
    open: [],
    welcomed: 0,
    turn: 0,
    waiting: new Map(),
    pings: setInterval(() => {
      for (const socket of sockets.open)
        if (socket.readyState === WebSocket.OPEN) socket.ping('Ping from sandbox');
    }, pingMs),
  };
  sockets.pings.unref();
  return sockets;
}

export function makeSocketUrl(sockets: Sockets): string {
  const ticket = secret(16);
  sockets.tickets.add(ticket);
  const base = sockets.world.baseUrl.replace(/^http/, 'ws');
  return `${base}/link/?ticket=${ticket}&app_id=${sockets.world.app.id}`;
}

export function acceptUpgrade(sockets: Sockets, request: IncomingMessage, raw: Duplex, head: Buffer): void {
  const url = new URL(request.url ?? '/', sockets.world.baseUrl);
  const ticket = url.searchParams.get('ticket') ?? '';
  if (url.pathname !== '/link/' || !sockets.tickets.delete(ticket)) {
    raw.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  sockets.server.handleUpgrade(request, raw, head, (socket) => {
    welcome(sockets, socket);
  });
}

function welcome(sockets: Sockets, socket: WebSocket): void {
  if (sockets.open.length >= CONNECTIONS_MAX) {
    socket.send(
      JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: debugInfo() }),
    );
    socket.close();
    return;
  }
  sockets.open.push(socket);
  sockets.welcomed += 1;
  socket.on('message', (data) => {
    hear(sockets, String(data));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    sockets.open = sockets.open.filter((one) => one !== socket);
    for (const [id, one] of sockets.waiting) {
      if (one.socket === socket) {
        sockets.waiting.delete(id);
        one.answer('closed');
      }
    }
  });
  socket.send(
    JSON.stringify({
      type: 'hello',
      connection_info: { app_id: sockets.world.app.id },
      num_connections: sockets.open.length,
      debug_info: { ...debugInfo(), build_number: 54, approximate_connection_time: 18_060 },
    }),
  );
}

function debugInfo(): Json {
  return { host: 'applink-sandbox' };
}

function hear(sockets: Sockets, data: string): void {
  let frame: Json;
  try {
    frame = JSON.parse(data) as Json;
  } catch {
    return;
  }
  const id = typeof frame.envelope_id === 'string' ? frame.envelope_id : '';
  const waiting = sockets.waiting.get(id);
  if (!waiting) return;
  sockets.waiting.delete(id);
  waiting.answer({ payload: frame.payload });
}

/** Sends an envelope to one connection; undefined when there is none. */
export function sendEnvelope(
  sockets: Sockets,
  envelope: Json,
): { answer: Promise<SocketAnswer>; giveUp: () => void } | undefined {
  const ready = sockets.open.filter((one) => one.readyState === WebSocket.OPEN);
  sockets.turn += 1;
  const socket = ready[sockets.turn % Math.max(1, ready.length)];
  if (!socket) return undefined;
  const id = randomUUID();
  const answer = new Promise<SocketAnswer>((resolve) => {
    sockets.waiting.set(id, { socket, answer: resolve });
  });
  socket.send(JSON.stringify({ envelope_id: id, ...envelope }));
  return { answer, giveUp: () => sockets.waiting.delete(id) };
}

export function askToReconnect(sockets: Sockets, reason: string, graceMs: number): void {
  for (const socket of [...sockets.open]) {
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debugInfo() }));
    const timer = setTimeout(() => socket.close(), graceMs);
    timer.unref();
  }
}

export function dropSockets(sockets: Sockets): void {
  for (const socket of [...sockets.open]) socket.terminate();
}

/** Says goodbye first: a client that is closing at the same moment must not see a broken socket. */
export async function closeSockets(sockets: Sockets): Promise<void> {
  clearInterval(sockets.pings);
  const gone = [...sockets.server.clients].map(
    (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
  );
  for (const client of sockets.server.clients) client.close(1001);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([Promise.all(gone), patience]);
  clearTimeout(timer);
  for (const client of sockets.server.clients) client.terminate();
  sockets.server.close();
}
