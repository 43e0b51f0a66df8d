// The HTTP door: Slack's requests go to Bolt, everything else to the routes.
import { createServer, type RequestListener, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';

export interface Health {
  /** True when commands can be recorded. */
  ready(): Promise<boolean>;
}

/** A server that is not listening yet. `slack` answers `/slack/…`; null with Socket Mode. */
export function httpServer(health: Health, slack: RequestListener | null): Server {
  const routes = new Hono();
  routes.get('/healthz', (context) => context.json({ alive: true }));
  routes.get('/readyz', async (context) => {
    const ready = await health.ready().catch(() => false);
    return context.json({ ready }, ready ? 200 : 503);
  });
  const others = getRequestListener(routes.fetch);
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

/** Stops taking requests and waits for those under way. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
