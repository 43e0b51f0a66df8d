// Socket Mode over more than one connection: Slack replaces connections every few hours, and a lone one is deaf
// for five seconds each time. Events are acknowledged after they are committed, not before.
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { Fault } from '../core/faults.js';
import type { Log } from '../core/log.js';
import { realWire } from '../core/wire.js';
import { isTokenError } from './api.js';
import { sdkLogger } from './sdk-log.js';

interface SlackEvent {
  readonly ack: (response?: object) => Promise<void>;
  readonly body: Record<string, unknown>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

const connections = 2;
const helloTimeoutMs = 15_000;
const drainMs = 5_000;
const pauseFirstMs = 500;
const pauseMaxMs = 30_000;
/** Of an app token only: it is another kind of token, or may not connect. */
const appTokenErrors = new Set(['not_allowed_token_type', 'missing_scope', 'no_permission']);

export interface SocketReceiver extends Receiver {
  /** True while at least one connection is up. */
  connected(): boolean;
}

/**
 * A receiver for Bolt. `back` is called when a connection is up again after there was none: what Slack sent meanwhile
 * is lost. `start` returns when a connection is up or could not be made; connections are made anew for as
 * long as it runs, so Slack may be away meanwhile. It throws a Fault when Slack refuses the token at the first try; a
 * token that is refused later is tried again, as somebody may mend it.
 */
export function socketReceiver(
  apiUrl: string,
  appToken: string,
  log: Log,
  back: (deafMs: number) => void = () => {},
): SocketReceiver {
  let app: App | null = null;
  const up = new Set<SocketModeClient>();
  let deafSince: number | null = null;
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  let running: Promise<unknown> = Promise.resolve();

  function newClient(): SocketModeClient {
    const client = new SocketModeClient({
      appToken,
      // Its own reconnecting waits five seconds, and where Slack is away just then rejects a promise that nobody
      // catches, which ends the process. `keepUp` does it instead.
      autoReconnectEnabled: false,
      // An object of its own: the client writes its retry policy into what it is given.
      clientOptions: {
        slackApiUrl: apiUrl,
        timeout: 10_000,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
      },
      logger: sdkLogger({
        warn: (fields) => log.debug(fields, 'socket'),
        error: (fields) => log.warn(fields, 'socket'),
      }),
    });
    client.on('error', (error: unknown) => log.warn({ err: error }, 'socket error'));
    client.on('slack_event', (event: SlackEvent) => {
      const work = receive(event).finally(() => underWay.delete(work));
      underWay.add(work);
    });
    return client;
  }

  async function receive(event: SlackEvent): Promise<void> {
    let response: unknown;
    const isEvent = event.body.type === 'event_callback';
    const forBolt: ReceiverEvent = {
      body: event.body,
      // Bolt acknowledges events before its listeners run; what it says is kept until they are done.
      ack: async (answer) => {
        response = answer;
        if (!isEvent) await event.ack(asObject(answer));
      },
      ...(event.retry_num === undefined ? {} : { retryNum: event.retry_num }),
      ...(event.retry_reason ? { retryReason: event.retry_reason } : {}),
    };
    try {
      await app?.processEvent(forBolt);
      if (isEvent) await event.ack(asObject(response));
    } catch (error) {
      // Not acknowledged: Slack sends it again, and the same request does one thing.
      log.error({ err: error }, 'event not processed');
    }
  }

  /** One connection, kept up until the receiver stops; a client of its own each time. */
  async function keepUp(settled: (error?: unknown) => void): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const client = newClient();
      const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      try {
        await begin(client, stopped);
        up.add(client);
        if (deafSince !== null) back(realWire.now() - deafSince);
        deafSince = null;
        failures = 0;
        settled();
        await Promise.race([gone, stopped]);
      } catch (error) {
        failures += 1;
        if (!stopping.signal.aborted) log.warn({ err: error }, 'socket did not connect');
        settled(error);
      } finally {
        if (up.delete(client) && up.size === 0) deafSince = realWire.now();
        void client.disconnect().catch(() => {});
      }
      if (failures > 0) await realWire.wait(pause(failures), stopping.signal);
    }
  }

  return {
    init: (bolt) => {
      app = bolt;
    },
    async start() {
      const first = await new Promise<unknown>((resolve) => {
        running = Promise.all(Array.from({ length: connections }, () => keepUp(resolve)));
      });
      const refused = refusedAppToken(first);
      if (!refused) return;
      stopping.abort();
      await running;
      throw refused;
    },
    async stop() {
      // What is under way is acknowledged over the connection that it came by.
      await Promise.race([Promise.all(underWay), realWire.wait(drainMs, stopping.signal)]);
      stopping.abort();
      await running;
    },
    connected: () => up.size > 0,
  };
}

/** Connects; throws when Slack does not say hello in time or the receiver stops first. */
async function begin(client: SocketModeClient, stopped: Promise<void>): Promise<void> {
  const given = new AbortController();
  const started = client.start();
  try {
    const first = await Promise.race([
      started.then(() => 'hello'),
      realWire.wait(helloTimeoutMs, given.signal).then(() => 'late'),
      stopped.then(() => 'stopping'),
    ]);
    if (first === 'hello') return;
    // The client cannot be told to stop while it asks for an address; it connects first and is then let go.
    void started.then(
      () => client.disconnect(),
      () => {},
    );
    throw new Error(first === 'late' ? 'no hello from Slack in time' : 'stopping');
  } finally {
    given.abort();
  }
}

function refusedAppToken(error: unknown): Fault | null {
  const code = (error as { data?: { error?: unknown } } | null | undefined)?.data?.error;
  if (typeof code !== 'string' || !(isTokenError(code) || appTokenErrors.has(code))) return null;
  return new Fault(
    'app_token_refused',
    code,
    `SLACK_APP_TOKEN is refused by Slack (${code}). Make one with the scope connections:write on the app's Basic Information page, under App-Level Tokens.`,
  );
}

function pause(failures: number): number {
  return Math.min(pauseMaxMs, pauseFirstMs * 2 ** Math.min(10, failures - 1));
}

function asObject(answer: unknown): object | undefined {
  if (typeof answer === 'string') return answer === '' ? undefined : { text: answer };
  return (answer ?? undefined) as object | undefined;
}
