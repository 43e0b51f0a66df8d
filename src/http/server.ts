// The HTTP server: Slack's requests go to Bolt, everything else to the door for programs.
import { createServer, type RequestListener, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { ApiDoor } from './door.js';

/** A server that is not listening yet. `slack` answers `/slack/…`; null with Socket Mode. */
export function httpServer(api: ApiDoor, slack: RequestListener | null): Server {
  const others = getRequestListener(api.fetch);
  return createServer((request, response) => {
    if (slack && request.url?.startsWith('/slack/')) return slack(request, response);
    return others(request, response);
  });
}

/** Listens, and returns the port; throws what the operating system says, such as that the port is taken. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Takes no new connections, and ends when those that there are have ended; `finish` sees to that. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

const lastAnswersMs = 1_000;
const sweepMs = 10;

/** Lets the last answers go out, then cuts what is left, such as half a request. `closed` is what `close` gave. */
export async function finish(server: Server, closed: Promise<void>): Promise<void> {
  // A connection that is kept alive is idle only after its answer, and nothing tells when.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const limit = setTimeout(() => server.closeAllConnections(), lastAnswersMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}
