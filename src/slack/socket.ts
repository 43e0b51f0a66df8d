// Socket Mode over more than one connection: Slack replaces connections every few hours, and a lone one is deaf
// for five seconds each time. Events are acknowledged after they are committed, not before.
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { Log } from '../core/log.js';

interface SlackEvent {
  readonly ack: (response?: object) => Promise<void>;
  readonly body: Record<string, unknown>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

const connections = 2;
const startTimeoutMs = 15_000;
const watchMs = 30_000;
const drainMs = 5_000;

export interface SocketReceiver extends Receiver {
  /** True while at least one connection is up. */
  connected(): boolean;
}

/** A receiver for Bolt. `start` returns when the first connection is up, or throws when none comes up in time. */
export function socketReceiver(apiUrl: string, appToken: string, log: Log): SocketReceiver {
  let app: App | null = null;
  let clients: SocketModeClient[] = [];
  const up = new Set<SocketModeClient>();
  const underWay = new Set<Promise<void>>();
  let watch: NodeJS.Timeout | null = null;

  function connect(): SocketModeClient {
    const client = new SocketModeClient({
      appToken,
      clientPingTimeout: 2_000,
      // An object of its own: the client writes its retry policy into what it is given.
      clientOptions: { slackApiUrl: apiUrl, timeout: 10_000, retryConfig: { retries: 2 } },
      logger: bridge(log),
    });
    client.on('connected', () => up.add(client));
    client.on('disconnected', () => up.delete(client));
    client.on('reconnecting', () => up.delete(client));
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

  async function begin(client: SocketModeClient): Promise<void> {
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('no hello from Slack in time')), startTimeoutMs).unref();
    });
    await Promise.race([client.start(), late]);
  }

  // The client gives up for good on some errors, and on others stays half dead; a dead one is replaced.
  function replaceTheDead(): void {
    clients = clients.map((client) => {
      if (up.has(client)) return client;
      void client.disconnect().catch(() => {});
      const fresh = connect();
      void begin(fresh).catch((error: unknown) => log.warn({ err: error }, 'socket did not connect'));
      return fresh;
    });
  }

  return {
    init: (bolt) => {
      app = bolt;
    },
    async start() {
      clients = Array.from({ length: connections }, connect);
      watch = setInterval(replaceTheDead, watchMs);
      await Promise.any(clients.map(begin));
    },
    async stop() {
      if (watch) clearInterval(watch);
      await Promise.all(clients.map((client) => client.disconnect().catch(() => {})));
      await Promise.race([
        Promise.all(underWay),
        new Promise((resolve) => setTimeout(resolve, drainMs).unref()),
      ]);
    },
    connected: () => up.size > 0,
  };
}

function asObject(answer: unknown): object | undefined {
  if (typeof answer === 'string') return answer === '' ? undefined : { text: answer };
  return (answer ?? undefined) as object | undefined;
}

function bridge(log: Log) {
  const nothing = () => {};
  return {
    debug: nothing,
    info: nothing,
    warn: (...words: unknown[]) => log.debug({ words: words.map(String) }, 'socket'),
    error: (...words: unknown[]) => log.warn({ words: words.map(String) }, 'socket'),
    setLevel: nothing,
    getLevel: () => 'error' as never,
    setName: nothing,
  };
}
