// Slack's rate limits: per method in a minute's window, and about one message a second per channel.
import { METHODS } from './methods.js';
import type { World } from './world.js';

const WINDOW_MS = 60_000;
const POST_BURST = 5;
const POST_MS = 1000;

export interface Limits {
  on: boolean;
  windows: Map<string, number[]>;
  buckets: Map<string, { tokens: number; at: number }>;
}

export function newLimits(on: boolean): Limits {
  return { on, windows: new Map(), buckets: new Map() };
}

/** Seconds to wait before this call is welcome again; 0 when it is welcome now. */
export function secondsToWait(limits: Limits, world: World, method: string, channel: string): number {
  const contract = METHODS[method];
  if (!limits.on || !contract) return 0;
  const now = world.wireNow();
  if (method === 'chat.postMessage') return waitForChannel(limits, now, channel);
  const window = (limits.windows.get(method) ?? []).filter((at) => now - at < WINDOW_MS);
  limits.windows.set(method, window);
  const oldest = window[0];
  if (window.length >= contract.perMinute && oldest !== undefined) {
    return Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1000));
  }
  window.push(now);
  return 0;
}

/** A short burst is tolerated, then one message a second. */
function waitForChannel(limits: Limits, now: number, channel: string): number {
  const bucket = limits.buckets.get(channel) ?? { tokens: POST_BURST, at: now };
  bucket.tokens = Math.min(POST_BURST, bucket.tokens + Math.max(0, now - bucket.at) / POST_MS);
  bucket.at = now;
  limits.buckets.set(channel, bucket);
  if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * POST_MS) / 1000));
  bucket.tokens -= 1;
  return 0;
}
