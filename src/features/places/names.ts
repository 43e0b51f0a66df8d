// Names that Slack gives limits for: the channel, its topic and its purpose.
import { DateTime } from 'luxon';
import { escapeSlack, shorten } from '../../core/message.js';
import { type Incident, incidentKey } from '../incident/index.js';

// docs.slack.dev, conversations.create and conversations.setTopic.
const channelNameLimit = 80;
const topicLimit = 250;

/**
 * `inc-12-2026-11-21-writes-stuck`: lower-case letters, digits and hyphens, at most 80. The date is the declaration's
 * in the workspace's zone. `attempt` 2 and on appends `-2`, for a name that somebody else has taken.
 */
export function channelName(incident: Incident, zone: string, attempt = 1): string {
  const date = DateTime.fromJSDate(incident.declaredAt, { zone }).toFormat('yyyy-MM-dd');
  const words = incident.title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const suffix = attempt > 1 ? `-${attempt}` : '';
  const stem = [`inc-${incident.number}`, date, words].filter((part) => part !== '').join('-');
  return `${stem.slice(0, channelNameLimit - suffix.length).replace(/-+$/, '')}${suffix}`;
}

/** By this the channel is known to be ours, whatever its name. */
export function purposeMarker(incident: Incident): string {
  return `[andon:${incident.id}]`;
}

export function incidentPurpose(incident: Incident): string {
  const marker = purposeMarker(incident);
  const words = `${incidentKey(incident)} ${incident.title}`;
  return `${within(words, topicLimit - marker.length - 1)} ${marker}`;
}

/** Severity, status, commander: what one wants to see without scrolling. */
export function incidentTopic(incident: Incident, commander: string | null): string {
  const flags = `${incident.drill ? 'DRILL · ' : ''}${incident.private ? 'private · ' : ''}`;
  return within(
    `${flags}${incident.severity} · ${incident.status} · commander: ${commander ?? 'nobody yet'} · ${incidentKey(incident)} ${incident.title}`,
    topicLimit,
  );
}

// Escaping makes text longer, so the cut is made again until it fits.
function within(text: string, limit: number): string {
  for (let length = limit; length > 0; length -= 10) {
    const escaped = escapeSlack(shorten(text, length));
    if (escaped.length <= limit) return escaped;
  }
  return '';
}
