// Prometheus Alertmanager's webhook, version 4: a group of alerts that fire or are over.
import { z } from 'zod';
import type { Delivered, Heard } from '../../features/alerts/index.js';
import { deliveryMax } from '../../features/alerts/index.js';
import { type Delivery, fits, hashOf, link, placeName, type Reading, shortName, textIn } from './kit.js';

const labels = z.record(z.string(), z.unknown()).nullish();
const shape = z.object({
  version: z.literal('4', { error: 'must be "4", the version of Alertmanager’s webhook that is known here' }),
  groupKey: z.string().min(1),
  truncatedAlerts: z.int().min(0).nullish(),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved'], { error: 'is firing or resolved' }),
      labels: z.record(z.string(), z.unknown()),
      annotations: labels,
      startsAt: z.string().nullish(),
      endsAt: z.string().nullish(),
      generatorURL: link,
      fingerprint: z.string().nullish(),
    }),
  ),
});
type Group = z.infer<typeof shape>;
type Labels = Readonly<Record<string, unknown>>;

/** Reads a group of alerts. They are no changes. */
export function readAlertmanager(delivery: Delivery): Reading {
  const group = fits(shape, delivery.value);
  const alerts: Delivered = {
    source: delivery.hook.name,
    title:
      textIn(group.commonAnnotations ?? {}, 'summary', 'title') ??
      textIn(group.groupLabels ?? {}, 'alertname'),
    // Refused as a whole, Alertmanager would not send it again.
    truncated: (group.truncatedAlerts ?? 0) + Math.max(0, group.alerts.length - deliveryMax),
    alerts: group.alerts.slice(0, deliveryMax).map((each) => heardOf(delivery, group, each)),
  };
  return { reports: [], ignored: [], alerts };
}

function heardOf({ hook }: Delivery, group: Group, it: Group['alerts'][number]): Heard {
  const all: Labels = it.labels;
  const said: Labels = it.annotations ?? {};
  const place = (own: string | null, ...names: readonly string[]) => placeName(own ?? textIn(all, ...names));
  const alertname = textIn(all, 'alertname');
  return {
    // Alertmanager's own says the same: equal labels, equal alert.
    fingerprint: shortName(it.fingerprint?.trim() || hashOf(JSON.stringify(Object.entries(all).sort()))),
    status: it.status,
    title: textIn(said, 'summary', 'title') ?? alertname ?? 'Alert',
    description: textIn(said, 'description', 'message'),
    severity: textIn(all, 'sev', 'severity'),
    service: place(hook.service, 'service', 'app', 'job', 'component'),
    environment: place(hook.environment, 'env', 'environment', 'stage'),
    cluster: place(null, 'cluster'),
    groupKey: shortName(group.groupKey),
    url: it.generatorURL,
    startsAt: instantOf(it.startsAt),
    endsAt: it.status === 'resolved' ? instantOf(it.endsAt) : null,
  };
}

// 0001-01-01 is how Go writes no time at all; while an alert fires, endsAt is only a guess.
function instantOf(text: string | null | undefined): Date | null {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) && at.getUTCFullYear() > 1 ? at : null;
}
