// Pacing: Slack's rates, kept before Slack has to say so. Kick-off messages and pages have a share of their own.
import type { Wire } from '../core/wire.js';
import { type SlackApi, SlackBusy } from './api.js';

interface Rate {
  readonly perMinute: number;
  /** So many at once, then evenly; without it any of a minute's calls may come together. */
  readonly burst?: number;
}

// docs.slack.dev, rate limits: tiers 1 to 4, by method and workspace; posting about one a second by channel.
const tier2: Rate = { perMinute: 20 };
const tier3: Rate = { perMinute: 50 };
const tier4: Rate = { perMinute: 100 };
const posting: Rate = { perMinute: 60, burst: 4 };
const rates: Readonly<Record<string, Rate>> = {
  'chat.postMessage': posting,
  'chat.update': tier3,
  'chat.postEphemeral': tier4,
  'chat.delete': tier3,
  'conversations.create': tier2,
  'conversations.rename': tier2,
  'conversations.invite': tier3,
  'conversations.setTopic': tier2,
  'conversations.setPurpose': tier2,
  'conversations.join': tier3,
  'conversations.info': tier3,
  'conversations.list': tier2,
  'conversations.history': tier3,
  'conversations.replies': tier3,
  'conversations.open': tier3,
  'users.conversations': tier3,
  'users.info': tier4,
  'pins.add': tier2,
  'bookmarks.add': tier2,
  'bookmarks.edit': tier2,
  'bookmarks.list': tier3,
  'files.getUploadURLExternal': tier4,
  'files.completeUploadExternal': tier4,
  'files.info': tier4,
  'views.open': tier4,
  'views.publish': tier4,
};
/** The share of a minute's calls that only urgent work may use. */
const urgentShare = 0.2;
/** A minute, and what calls may differ in their way to Slack. */
const windowMs = 62_000;
/** Longer waits are left to the job's own time, so that the lane is free for others. */
const patienceMs = 3_000;

export interface Paced {
  call(
    method: string,
    args: Readonly<Record<string, unknown>>,
    urgent: boolean,
  ): ReturnType<SlackApi['call']>;
}

/** Keeps calls within Slack's rates; throws SlackBusy when a wait would be long. One for each token and process. */
export function paced(api: SlackApi, wire: Wire): Paced {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const windows = new Map<string, number[]>();
  const pausedUntil = new Map<string, number>();

  /** Takes the right to call now, or says how many milliseconds there are to wait. */
  function take(key: string, rate: Rate, urgent: boolean): number {
    const now = wire.now();
    const pause = pausedUntil.get(key) ?? 0;
    if (pause > now) return pause - now;
    return rate.burst === undefined
      ? takeOfMinute(key, rate.perMinute, urgent, now)
      : takeOfBucket(key, rate.perMinute, rate.burst, now);
  }

  function takeOfBucket(key: string, perMinute: number, burst: number, now: number): number {
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const perMs = perMinute / 60_000;
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMs);
  }

  // Slack counts the calls of a minute: a bucket that fills again meanwhile would let through twice as many.
  function takeOfMinute(key: string, perMinute: number, urgent: boolean, now: number): number {
    const calls = (windows.get(key) ?? []).filter((at) => now - at < windowMs);
    windows.set(key, calls);
    const limit = urgent ? perMinute : perMinute * (1 - urgentShare);
    if (calls.length < limit) {
      calls.push(now);
      return 0;
    }
    return (calls[Math.ceil(calls.length - limit)] ?? now) + windowMs - now;
  }

  return {
    async call(method, args, urgent) {
      const rate = rates[method] ?? tier2;
      const key = method === 'chat.postMessage' ? `${method} ${String(args.channel)}` : method;
      for (let waited = 0; ; ) {
        const ms = take(key, rate, urgent);
        if (ms === 0) break;
        if (waited + ms > patienceMs) throw new SlackBusy(method, ms);
        await wire.wait(ms);
        waited += ms;
      }
      try {
        return await api.call(method, args);
      } catch (error) {
        if (error instanceof SlackBusy) pausedUntil.set(key, wire.now() + error.retryAfterMs);
        throw error;
      }
    },
  };
}
