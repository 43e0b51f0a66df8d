// Alerts that fire on although their incident was resolved: said once, and whoever is on call is called once. Pure.
import type { Stated } from '../../core/fact.js';
import { componentName, type Incident } from '../incident/index.js';
import { type Calls, targetWord } from './calling.js';
import { alertsStillFire } from './facts.js';
import { type Alert, alertsStream, gravityOf, type Heard, stillMinutes } from './words.js';

const minuteMs = 60_000;
const namedMax = 3;

/** An incident that is over, on which an alert fires. */
export interface Ended {
  readonly incident: Pick<Incident, 'id' | 'number' | 'private'>;
  readonly resolvedAt: Date;
  /** Those who were called for that since, by the word of their target; null: nothing was said since. */
  readonly told: ReadonlySet<string> | null;
}

/** What is known of alerts whose incident is over. */
export interface Lingering {
  readonly rows: ReadonlyMap<string, Alert>;
  /** By the incident that the alert is on; it may have been merged into the one that is over. */
  readonly ended: ReadonlyMap<string, Ended>;
  readonly calls: Calls;
}

/** What is stated of alerts that are said to fire, and are known to, long after their incident was resolved. */
export function stillFiring(
  { rows, ended, calls }: Lingering,
  delivered: { readonly source: string; readonly alerts: readonly Heard[] },
  news: ReadonlySet<string>,
  now: Date,
): Stated[] {
  const found = new Map<string, { it: Ended; alerts: Heard[] }>();
  for (const heard of delivered.alerts) {
    const row = rows.get(heard.fingerprint);
    const it = ended.get(row?.incidentId ?? '');
    if (!it || row?.state !== 'firing' || heard.status !== 'firing' || news.has(heard.fingerprint)) continue;
    if (now.getTime() - it.resolvedAt.getTime() < stillMinutes * minuteMs) continue;
    const all = found.get(it.incident.id) ?? { it, alerts: [] };
    all.alerts.push(heard);
    found.set(it.incident.id, all);
  }
  return [...found.values()].flatMap(({ it, alerts }) => said(it, alerts, delivered.source, calls));
}

function said({ incident, resolvedAt, told }: Ended, all: readonly Heard[], source: string, calls: Calls) {
  const { id, number } = incident;
  const targets = new Map(
    all
      .filter((each) => gravityOf(each.severity).calls)
      .map((each) => [targetWord(calls, each.service), each.service] as const),
  );
  for (const word of told ?? []) targets.delete(word);
  if (told && targets.size === 0) return [];
  const places = new Set(all.flatMap((each) => (each.service === '' ? [] : [componentName(each)])));
  const fact = alertsStillFire(
    {
      ...{ incident: { id, number }, hidden: incident.private, source, resolvedAt },
      ...{ count: all.length, places: [...places].slice(0, namedMax) },
      calls: [...targets].map(([word, service]) => ({ word, service })),
    },
    { stream: alertsStream, incidentId: id },
  );
  return [fact];
}
