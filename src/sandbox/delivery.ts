// Deliveries to the app over HTTP or Socket Mode: the acknowledgement clock and the log.
import type { FaultState } from './faults.js';
import { postSigned } from './http-delivery.js';
import { type Sockets, sendEnvelope } from './sockets.js';
import type { Tickets } from './tickets.js';
import { beginPassage, endPassage, forgetOldest, newTraffic, type Traffic } from './traffic.js';
import type { DeliveryKind, Json, WireRecord } from './types.js';
import type { World } from './world.js';

export interface Wire {
  world: World;
  tickets: Tickets;
  faults: FaultState;
  sockets: Sockets;
  ackMs: number;
  retryMs: number[];
  requestUrl: string | null;
  /** There was a request URL once. */
  hadUrl: boolean;
  log: WireRecord[];
  /** How many records `log` and `calls` keep. */
  keep: number;
  traffic: Traffic;
  /** Deliveries and API calls under way, for settle(). */
  busy: number;
  timers: Set<NodeJS.Timeout>;
  closed: boolean;
}

export interface Ack {
  ok: boolean;
  status: number;
  body: unknown;
  error?: 'operation_timeout' | 'dispatch_failed';
  latencyMs: number;
  noRetry: boolean;
  retryReason?: string;
  dropped?: boolean;
}

export interface Parcel {
  kind: DeliveryKind;
  name: string;
  payload: Json;
  retryNum?: number;
  retryReason?: string;
}

const ENVELOPES: Readonly<Record<DeliveryKind, string>> = {
  command: 'slash_commands',
  interaction: 'interactive',
  event: 'events_api',
  verification: 'events_api',
};

/** Delivers once, or twice when the fault says so; the first acknowledgement counts. */
export async function deliver(wire: Wire, parcel: Parcel): Promise<Ack> {
  const again = wire.faults.twice && parcel.kind !== 'interaction' && parcel.retryNum === undefined;
  const first = deliverOnce(wire, parcel);
  if (again) void deliverOnce(wire, parcel);
  return await first;
}

export async function deliverOnce(wire: Wire, parcel: Parcel): Promise<Ack> {
  wire.busy += 1;
  const at = wire.world.wireNow();
  const viaHttp = wire.requestUrl !== null;
  // Before there was any app, nothing is sent to it.
  const hadApp = viaHttp || wire.hadUrl || wire.sockets.welcomed > 0;
  const traffic = hadApp ? wire.traffic : newTraffic();
  const passage = beginPassage(traffic, {
    at,
    direction: 'to-app',
    kind: parcel.kind,
    name: parcel.name,
    sent: parcel.payload,
    via: viaHttp ? 'http' : 'socket',
    ...(parcel.retryNum === undefined ? {} : { retry: parcel.retryNum }),
  });
  try {
    const ack = viaHttp ? await overHttp(wire, parcel, at) : await overSocket(wire, parcel, at);
    const via = viaHttp ? 'http' : ack.dropped ? 'none' : 'socket';
    const error = ack.error && ack.dropped ? 'not_connected' : ack.error;
    const { latencyMs, status, body } = ack;
    wire.log.push({
      kind: parcel.kind,
      name: parcel.name,
      via,
      payload: parcel.payload,
      at,
      latencyMs,
      status,
      ...(body === undefined ? {} : { ack: body }),
      ...(error ? { error } : {}),
      ...(parcel.retryNum === undefined ? {} : { retryNum: parcel.retryNum }),
    });
    forgetOldest(wire.log, wire.keep);
    endPassage(traffic, passage, {
      via,
      latencyMs,
      status,
      ...(error ? { error } : {}),
      ...(body === undefined ? {} : { answer: body }),
    });
    return ack;
  } finally {
    wire.busy -= 1;
  }
}

function bodyOf(parcel: Parcel): { body: string; contentType: string } {
  // Receivers compare the type letter for letter: no charset.
  const form = 'application/x-www-form-urlencoded';
  if (parcel.kind === 'command') {
    const fields = Object.entries(parcel.payload).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    return { body: new URLSearchParams(fields).toString(), contentType: form };
  }
  const json = JSON.stringify(parcel.payload);
  if (parcel.kind === 'interaction') {
    return { body: `payload=${encodeURIComponent(json)}`, contentType: form };
  }
  return { body: json, contentType: 'application/json' };
}

async function overHttp(wire: Wire, parcel: Parcel, at: number): Promise<Ack> {
  const answer = await postSigned({
    ...bodyOf(parcel),
    url: wire.requestUrl ?? '',
    secret: wire.world.tokens.signingSecret,
    at,
    timeoutMs: wire.ackMs,
    headers:
      parcel.retryNum === undefined
        ? {}
        : {
            'x-slack-retry-num': String(parcel.retryNum),
            'x-slack-retry-reason': parcel.retryReason ?? 'unknown_error',
          },
  });
  const latencyMs = wire.world.wireNow() - at;
  const late = answer.failure === 'http_timeout' || latencyMs > wire.ackMs;
  const ok = !late && answer.status >= 200 && answer.status < 300;
  return {
    ok,
    status: answer.status,
    body: ok ? parseAck(answer.text, answer.contentType) : undefined,
    latencyMs,
    noRetry: answer.noRetry,
    ...(ok ? {} : { error: late ? 'operation_timeout' : 'dispatch_failed' }),
    ...(ok ? {} : { retryReason: late ? 'http_timeout' : (answer.failure ?? 'http_error') }),
  };
}

function parseAck(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function nothing(
  error: 'operation_timeout' | 'dispatch_failed',
  latencyMs: number,
  retryReason: string,
): Ack {
  return { ok: false, status: 0, body: undefined, error, latencyMs, noRetry: false, retryReason };
}

async function overSocket(wire: Wire, parcel: Parcel, at: number): Promise<Ack> {
  const type = parcel.payload.type;
  const answers = parcel.kind === 'command' || type === 'view_submission' || type === 'block_suggestion';
  const sent = sendEnvelope(wire.sockets, {
    type: ENVELOPES[parcel.kind],
    accepts_response_payload: answers,
    payload: parcel.payload,
    ...(parcel.kind === 'event'
      ? { retry_attempt: parcel.retryNum ?? 0, retry_reason: parcel.retryReason ?? '' }
      : {}),
  });
  if (!sent) return { ...nothing('dispatch_failed', 0, 'connection_failed'), dropped: true };
  const clock = later(wire, wire.ackMs);
  const answer = await Promise.race([sent.answer, clock.rung]);
  clock.stop();
  sent.giveUp();
  const latencyMs = wire.world.wireNow() - at;
  if (answer === 'late' || latencyMs > wire.ackMs) return nothing('operation_timeout', latencyMs, 'timeout');
  if (answer === 'closed') return nothing('dispatch_failed', latencyMs, 'connection_failed');
  // Bolt sends {} for an empty acknowledgement.
  const { payload } = answer;
  const empty = typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0;
  const body = empty || payload === null || payload === '' || !answers ? undefined : payload;
  return { ok: true, status: 200, body, latencyMs, noRetry: false };
}

function later(wire: Wire, ms: number): { rung: Promise<'late'>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const rung = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
    wire.timers.add(timer);
  });
  return {
    rung,
    stop: () => {
      clearTimeout(timer);
      if (timer) wire.timers.delete(timer);
    },
  };
}
