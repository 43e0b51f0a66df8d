// What PagerDuty and Opsgenie say of who answered there: from their bodies to one form. Pure.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import type { BackKind } from '../../core/pager.js';
import { oneLine } from '../../core/text.js';

/** Somebody answered there. */
export interface AnsweredThere {
  /** What we called it: the page's id. */
  readonly key: string;
  readonly by: { readonly name: string | null; readonly mail: string | null };
  /** When, as they say; null where they do not. */
  readonly at: Date | null;
  /** Tells a delivery from another one. */
  readonly delivery: string;
}

/** What a body says, or why nothing of it is used. Never a refusal: three of those, and PagerDuty sends no more for a day. */
export type PagerWords = AnsweredThere | { readonly unused: string };

const keyMax = 512;
const nameMax = 80;
const mailPattern = /^[^\s@<>]{1,100}@[^\s@<>]{1,150}$/;

const name = z
  .string()
  .transform((text) => shorten(oneLine(text), nameMax))
  .nullish()
  .catch(null);

const eventShape = z.object({
  event: z.object({
    id: z.string().min(1).max(keyMax),
    event_type: z.string(),
    occurred_at: z.string().nullish().catch(null),
    agent: z.object({ type: z.string(), summary: name }).nullish(),
    data: z.unknown(),
  }),
});
const incidentShape = z.object({ incident_key: z.string().min(1).max(keyMax) });

/**
 * A webhook of PagerDuty, version 3: developer.pagerduty.com/docs/webhooks, Overview (`event.id`, `event_type`,
 * `occurred_at`, `agent` with `summary` and a `type` such as `user_reference`, `data.incident_key`). `agent` may be null:
 * then nobody did it, such as where it resolves what is old. What we say there comes back too, with an integration as agent.
 */
export function readPagerdutyWords(value: unknown): PagerWords {
  const read = eventShape.safeParse(value);
  if (!read.success) return { unused: 'It is no event of PagerDuty’s webhooks, version 3.' };
  const { id, event_type: type, occurred_at: at, agent, data } = read.data.event;
  if (type !== 'incident.acknowledged' && type !== 'incident.resolved')
    return { unused: 'Only incident.acknowledged and incident.resolved are used.' };
  const incident = incidentShape.safeParse(data);
  if (!incident.success) return { unused: 'Its incident has no incident_key.' };
  if (!agent?.type.startsWith('user')) return { unused: 'No person did it.' };
  return {
    key: incident.data.incident_key,
    by: { name: agent.summary || null, mail: null },
    at: instantOf(at ? new Date(at) : null),
    delivery: id,
  };
}

const alertShape = z.object({
  action: z.string(),
  source: z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish().catch(null),
  alert: z.object({
    alertId: z.string().max(keyMax).nullish().catch(null),
    alias: z.string().min(1).max(keyMax),
    username: name,
    updatedAt: z.number().nullish().catch(null),
  }),
});
/** How Opsgenie calls what is no person. */
const nobody = new Set(['', 'system', 'alert api', 'api', 'policy']);
/** Opsgenie counts in nanoseconds, where a JSON number holds no more than about a microsecond of them. */
const nanosecondsPerMs = 1e6;
const millisecondsMax = 1e14;

/**
 * A body of Opsgenie's Webhook integration: docs.opsgenie.com/docs/webhook-integration, and for the actions
 * support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data (`action` is `Acknowledge` or `Close`,
 * `alert.alias` what we called it, `alert.username` who did it, mostly an address, `alert.updatedAt` when, in nanoseconds).
 * What we say there comes back with `andon` as its source.
 */
export function readOpsgenieWords(value: unknown): PagerWords {
  const read = alertShape.safeParse(value);
  if (!read.success) return { unused: 'It is no alert of Opsgenie’s Webhook integration with an alias.' };
  const { action, source, alert } = read.data;
  if (action !== 'Acknowledge' && action !== 'Close')
    return { unused: 'Only the actions Acknowledge and Close are used.' };
  const who = alert.username ?? '';
  if (source?.name === 'andon' || nobody.has(who.toLowerCase())) return { unused: 'No person did it.' };
  const updated = alert.updatedAt ?? null;
  const ms = updated !== null && updated > millisecondsMax ? updated / nanosecondsPerMs : updated;
  return {
    key: alert.alias,
    by: { name: who, mail: mailPattern.test(who) ? who : null },
    at: instantOf(ms === null ? null : new Date(ms)),
    delivery: [action, alert.alertId ?? alert.alias, updated ?? ''].join('/'),
  };
}

/** How each says it. */
export const wordsOf: Readonly<Record<BackKind, (value: unknown) => PagerWords>> = {
  pagerduty: readPagerdutyWords,
  opsgenie: readOpsgenieWords,
};

function instantOf(at: Date | null): Date | null {
  return at && !Number.isNaN(at.getTime()) ? at : null;
}
