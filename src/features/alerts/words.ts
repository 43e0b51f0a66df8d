// The words of alerts: what a sender says of one, how serious it is taken, and where it is kept.
import { z } from 'zod';
import type { Prisma } from '../../db/tx.js';
import type { Severity } from '../incident/index.js';

export type Alert = Prisma.AlertGetPayload<object>;

/** One stream decides what all deliveries come to, so that two at once cannot open two incidents. */
export const alertsStream = 'alerts';
/** The stream of one alert: each time that it began or ended. */
export const alertStream = (alert: { readonly source: string; readonly fingerprint: string }) =>
  `alert/${alert.source}/${alert.fingerprint}`;
/** The id of its row. */
export const alertId = (
  workspaceId: string,
  alert: { readonly source: string; readonly fingerprint: string },
) => `${workspaceId}/${alert.source}/${alert.fingerprint}`;

/** So many of one delivery are entries of their own, and so many are said in the channel; the rest is counted. */
export const entriesMax = 10;
export const saidMax = 3;
/** So many alerts of an incident have a line of their own in its channel; all others share one line a minute. */
export const linesMax = 10;
/** How many of those that share a line are named. */
export const gatheredNamed = 3;
/** An alert that changes more often than this in so many minutes flaps: it is said once, and counted from then on. */
export const flapsAfter = 3;
export const flapMinutes = 30;
/** All is quiet for so long before it is said, and it is said no oftener than this. */
export const quietMinutes = 2;
export const quietAgainMinutes = 30;
/** After this long an alert that fires on although its incident was resolved is said once more. */
export const stillMinutes = 30;
/** The most that one delivery may carry. */
export const deliveryMax = 1_000;
/** How many components the incident of a delivery names. */
export const componentsMax = 8;

/** One alert as a sender tells of it; times that say nothing are null. */
const heardSchema = z.object({
  fingerprint: z.string().min(1).max(300),
  status: z.enum(['firing', 'resolved']),
  title: z.string().min(1),
  description: z.string().nullable(),
  /** As its label says. */
  severity: z.string().nullable(),
  service: z.string(),
  environment: z.string(),
  cluster: z.string(),
  groupKey: z.string().nullable(),
  url: z.string().nullable(),
  startsAt: z.coerce.date().nullable(),
  endsAt: z.coerce.date().nullable(),
});
export type Heard = z.infer<typeof heardSchema>;

/** What came at once. */
export const deliverySchema = z.object({
  /** Empty: whoever sends it. */
  source: z.string(),
  /** What all of it is about, where there is more than one. */
  title: z.string().nullable(),
  /** How many the sender left out. */
  truncated: z.int().min(0),
  alerts: z.array(heardSchema).max(deliveryMax, {
    error: `At most ${deliveryMax} alerts at once; set max_alerts, or group them by fewer labels.`,
  }),
});
export type Delivered = z.infer<typeof deliverySchema>;

/** How serious an alert is taken. `null`: it is kept and listed, and makes no incident. */
export interface Gravity {
  readonly severity: Severity | null;
  /** Somebody is called. */
  readonly calls: boolean;
}

const urgent = new Set(['critical', 'page', 'emergency', 'fatal', 'high']);
const listedOnly = new Set(['info', 'information', 'informational', 'none', 'notice', 'debug']);

/** Whether a word says that it is worse than another one does. */
export function isGraver(word: string | null, before: string | null): boolean {
  const rank = (it: string | null) => gravityOf(it).severity ?? 'SEV9';
  return rank(word) < rank(before);
}

/** `SEV1`…`SEV4` as said; critical and page are SEV2 and call somebody; info makes no incident; all else is SEV3. */
export function gravityOf(word: string | null): Gravity {
  const text = (word ?? '').trim().toLowerCase();
  const said = /^sev[-_ ]?([1-4])$/.exec(text)?.[1];
  if (said) return { severity: `SEV${said}` as Severity, calls: said === '1' || said === '2' };
  if (urgent.has(text)) return { severity: 'SEV2', calls: true };
  return { severity: listedOnly.has(text) ? null : 'SEV3', calls: false };
}
