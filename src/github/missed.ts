// What GitHub asked while nobody listened: it does not ask again by itself, and a job would wait for 30 days without a word.
import { z } from 'zod';
import type { Log } from '../core/log.js';
import type { GithubApi } from './api.js';

/** GitHub delivers again what is no older (docs.github.com, redelivering webhooks). */
const backMs = 3 * 86_400_000;
const perPage = 100;
const event = 'deployment_protection_rule';

const deliveriesShape = z.array(
  z.object({
    // Numbers of 17 digits and more.
    id: z.union([z.number(), z.bigint(), z.string()]).transform(String),
    guid: z.string(),
    delivered_at: z.string(),
    event: z.string(),
  }),
);

/** The deliveries of protection rules that failed lately, each question once, the oldest first. */
export async function missedDeliveries(api: GithubApi, now: number): Promise<string[]> {
  const found = await api.callAsApp('GET /app/hook/deliveries', { status: 'failure', per_page: perPage });
  const ours = deliveriesShape
    .parse(found)
    .filter((each) => each.event === event && now - Date.parse(each.delivered_at) < backMs);
  return [...new Map(ours.map((each) => [each.guid, each.id])).values()].reverse();
}

/** Asks GitHub to deliver them again. What was heard since is answered no second time. */
export async function askForMissed(api: GithubApi, now: number, log: Log): Promise<void> {
  try {
    const missed = await missedDeliveries(api, now);
    for (const id of missed)
      await api.callAsApp('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id });
    if (missed.length > 0) log.info({ deliveries: missed.length }, 'GitHub delivers again what was missed');
  } catch (error) {
    log.warn({ err: error }, 'GitHub was not asked for what was missed');
  }
}
