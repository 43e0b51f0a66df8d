// What can happen to alerts. Each change of one is a fact; repeats of what is known are none.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { componentName } from '../incident/index.js';
import { flapMinutes } from './words.js';

/** The incident that it is on; an alert that is only listed is on none. */
const incident = z.object({ id: z.string(), number: z.int() }).nullable();

const alert = z.object({
  source: z.string(),
  fingerprint: z.string(),
  groupKey: z.string().nullable(),
  title: z.string(),
  description: z.string().nullable(),
  severity: z.string().nullable(),
  service: z.string(),
  environment: z.string(),
  cluster: z.string(),
  url: z.string().nullable(),
});
export type AlertData = z.infer<typeof alert>;

/** What stands where the title of an alert was. */
export const redactedTitle = 'redacted';

/** An alert without what its sender wrote of it; an address may say as much as a title. */
export const wordless = (it: AlertData): AlertData => ({
  ...it,
  ...{ title: redactedTitle, description: null, url: null },
});

export const alertFired = defineFact(
  'AlertFired',
  z.object({
    alert,
    startsAt: z.coerce.date(),
    incident,
    /** Its incident is opened by it, and by what came with it. */
    opens: z.boolean(),
    /** It is said in the channel; of a storm only the first ones are. */
    said: z.boolean(),
    /** Somebody is called for it. */
    calls: z.boolean(),
    /** It fires already, and is worse than it was. */
    rose: z.boolean().default(false),
    /** It is said within a minute, in one line with others. */
    held: z.boolean().default(false),
  }),
  (it) => ({ kind: 'observation', text: told(it.alert, it.rose ? roseText(it.alert) : 'fires') }),
  (it) => ({ ...it, alert: wordless(it.alert) }),
);

export const alertResolved = defineFact(
  'AlertResolved',
  z.object({ alert, startsAt: z.coerce.date(), endsAt: z.coerce.date(), incident }),
  (it) => ({ kind: 'observation', text: told(it.alert, 'is quiet') }),
  (it) => ({ ...it, alert: wordless(it.alert) }),
);

/** It comes and goes; what it does from now on is kept, and no entry of its own. */
export const alertFlaps = defineFact(
  'AlertFlaps',
  z.object({ alert, incident, said: z.boolean().default(true) }),
  (it) => ({
    kind: 'observation',
    text: `${told(it.alert, 'flaps')}. It came and went more than once in ${flapMinutes} min; /incident alerts says how it is`,
  }),
  (it) => ({ ...it, alert: wordless(it.alert) }),
);

/** What one delivery brought beside the entries of its first alerts, or what a minute brought beside the first lines. */
export const alertsCounted = defineFact(
  'AlertsCounted',
  z.object({
    incident: z.object({ id: z.string(), number: z.int() }),
    fired: z.int(),
    resolved: z.int(),
    /** How many of them have no entry. */
    unlisted: z.int(),
    /** How many the sender left out. */
    truncated: z.int(),
    /** What is said of them in one line; of a delivery nothing is. */
    gathered: z
      .object({
        /** All of them are. */
        critical: z.boolean(),
        newest: z.array(z.object({ source: z.string(), fingerprint: z.string() })),
      })
      .nullable()
      .default(null),
  }),
  (it) => ({ kind: 'system', text: counted(it) }),
);

/** Every alert of an incident is quiet. What that means is for people to say. */
export const alertsQuiet = defineFact(
  'AlertsQuiet',
  z.object({
    incident: z.object({ id: z.string(), number: z.int() }),
    count: z.int(),
    since: z.coerce.date(),
  }),
  (it) => ({
    kind: 'system',
    text: it.count === 1 ? 'Its alert is quiet' : `All ${it.count} alerts are quiet`,
  }),
);

/** Alerts of an incident fire on, long after it was resolved. */
export const alertsStillFire = defineFact(
  'AlertsStillFire',
  z.object({
    incident: z.object({ id: z.string(), number: z.int() }),
    /** The incident is private. */
    hidden: z.boolean(),
    source: z.string(),
    resolvedAt: z.coerce.date(),
    count: z.int(),
    /** Where the first ones are, such as api/prod. */
    places: z.array(z.string()),
    /** Who is called for it: a service, or '' for whoever is on call by default; `word` tells it from others. */
    calls: z.array(z.object({ word: z.string(), service: z.string() })),
  }),
  (it) => ({
    kind: 'system',
    text: `${it.count === 1 ? 'An alert still fires' : `${it.count} alerts still fire`}${placesText(it)}`,
  }),
);

/** ` on api/prod, db/prod`. */
export function placesText({ places }: { readonly places: readonly string[] }): string {
  return places.length === 0 ? '' : ` on ${places.join(', ')}`;
}

/** Deliveries of a monitor were refused, because they are too large. */
export const alertsRefused = defineFact(
  'AlertsRefused',
  z.object({
    source: z.string(),
    /** Null where the sender did not say how large it is. */
    bytes: z.int().nullable(),
    maxBytes: z.int(),
  }),
  (it) => ({ kind: 'system', text: `What ${it.source} sent is too large` }),
);

function roseText({ severity }: AlertData): string {
  return severity ? `is ${severity} now` : 'is worse now';
}

function told(it: AlertData, does: string): string {
  if (it.title === redactedTitle) return `An alert, whose words were redacted, ${does}`;
  const where = componentName(it);
  return `Alert ${does}: ${it.title}${where === '' || it.title.includes(where) ? '' : ` (${where})`}`;
}

function counted(it: { fired: number; resolved: number; unlisted: number; truncated: number }): string {
  const came = [
    it.fired > 0 ? `${it.fired} alerts fired` : '',
    it.resolved > 0 ? `${it.resolved} alerts went quiet` : '',
  ].filter((each) => each !== '');
  const left = it.unlisted > 0 ? `; ${it.unlisted} of them stand only in /incident alerts` : '';
  const cut = it.truncated > 0 ? `; the sender left ${it.truncated} more out` : '';
  return `At once: ${came.join(', ')}${left}${cut}`;
}
