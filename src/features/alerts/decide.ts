// What becomes of a delivery of alerts: the facts of what is news. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { About, Stated } from '../../core/fact.js';
import { buttons, line, type Message, message, say } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { exactly, showInstant, type WrittenTime } from '../../core/time/index.js';
import { type Component, componentName, type Incident, incidentKey, isOpen } from '../incident/index.js';
import { type Calls, callsIn } from './calling.js';
import type { AlertData } from './facts.js';
import { alertFired, alertFlaps, alertResolved, alertsCounted, alertsQuiet, wordless } from './facts.js';
import { type Home, type Placed, type Telling, worstOf } from './rules.js';
import {
  type Alert,
  alertStream,
  alertsStream,
  componentsMax,
  type Delivered,
  gravityOf,
  quietAgainMinutes,
} from './words.js';

const minuteMs = 60_000;
const titleMax = 120;

/** What an incident that alerts open is declared with. */
export interface Opening {
  readonly title: string;
  readonly sev: ReturnType<typeof worstOf>;
  readonly on: readonly Component[];
  readonly started: WrittenTime;
  readonly detected: WrittenTime;
}

/** What all that is opened together is opened as; null where nothing is. */
export function openingOf(placings: readonly Placed[], delivered: Delivered, now: Date): Opening | null {
  const all = placings.filter((each) => each.home === 'new');
  if (all.length === 0) return null;
  const sev = worstOf(all.map((each) => gravityOf(each.heard.severity).severity));
  const worst = all.find((each) => gravityOf(each.heard.severity).severity === sev) ?? all[0];
  const components = new Map(
    all.filter((each) => each.heard.service !== '').map((each) => [componentName(each.heard), each.heard]),
  );
  const first = new Date(Math.min(now.getTime(), ...all.map((each) => each.startsAt.getTime())));
  const title = (all.length > 1 && delivered.title) || (worst?.heard.title ?? 'Alert');
  const more = all.length > 1 ? ` (${all.length} alerts)` : '';
  return {
    title: `${clip(oneLine(title), titleMax - more.length)}${more}`,
    sev,
    on: [...components.values()]
      .slice(0, componentsMax)
      .map(({ service, environment, cluster }) => ({ service, environment, cluster })),
    // An alert fires after what it watches was wrong for a while; nobody knows a better time yet.
    started: { ...exactly(first), precision: 'approximate' },
    detected: exactly(first),
  };
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What a delivery comes to. */
export interface DeliveryState {
  readonly placings: readonly Placed[];
  readonly tellings: readonly Telling[];
  /** The incident that is opened: its facts are stated with the alerts'. */
  readonly opened: { readonly home: Home; readonly facts: readonly Stated[] } | null;
  /** The alerts whose words were redacted, by fingerprint, with the incident on which that was. */
  readonly redacted: ReadonlyMap<string, string>;
  readonly calls: Calls;
  /** Of alerts that are no news: they fire on, although their incident was resolved. */
  readonly still: readonly Stated[];
}

/** States what is news. What is known already states nothing, and is answered all the same. */
export function decideDelivery(state: DeliveryState, delivered: Delivered): Decision {
  const { placings, opened } = state;
  const called = callsIn(placings, opened?.home ?? null, state.calls);
  const facts = placings.flatMap((each, index) => {
    const home = each.home === 'new' ? (opened?.home ?? null) : each.home;
    const telling = state.tellings[index] ?? { entry: false, said: false, held: false, flaps: false };
    const calls = called[index] ?? false;
    const alert = kept(each, delivered.source);
    // What was taken out of an incident does not come back to it with the next word of the monitor.
    const blank = home !== null && state.redacted.get(each.heard.fingerprint) === home.id;
    return stated(each, home, telling, calls, blank ? wordless(alert) : alert);
  });
  return accept(
    [...(opened?.facts ?? []), ...facts, ...counts(state, delivered), ...state.still],
    recorded(state, delivered),
  );
}

function stated(it: Placed, home: Home | null, telling: Telling, calls: boolean, alert: AlertData): Stated[] {
  const incident = home && { id: home.id, number: home.number };
  const stream = alertStream(alert);
  const about = (at: Date | null): About => ({
    stream,
    ...(telling.entry && home ? { incidentId: home.id } : {}),
    ...(at ? { when: exactly(at) } : {}),
  });
  const { startsAt, endsAt } = it;
  const fact =
    it.state === 'firing'
      ? alertFired(
          {
            ...{ alert, startsAt, incident, opens: it.home === 'new', calls, rose: it.rose },
            ...{ said: telling.said && !telling.flaps, held: telling.held },
          },
          about(it.rose ? null : startsAt),
        )
      : alertResolved({ alert, startsAt, endsAt: endsAt ?? startsAt, incident }, about(endsAt));
  const flaps =
    telling.flaps && home
      ? [alertFlaps({ alert, incident, said: telling.said }, { stream, incidentId: home.id })]
      : [];
  return [fact, ...flaps];
}

function kept({ heard }: Placed, source: string): AlertData {
  const { fingerprint, groupKey, title, description, severity, service, environment, cluster, url } = heard;
  return { source, fingerprint, groupKey, title, description, severity, service, environment, cluster, url };
}

function counts({ placings, tellings: all, opened }: DeliveryState, { truncated }: Delivered): Stated[] {
  const homes = new Map<string, { home: Home; fired: number; resolved: number; unlisted: number }>();
  placings.forEach((each, index) => {
    const home = each.home === 'new' ? (opened?.home ?? null) : each.home;
    if (!home) return;
    const sum = homes.get(home.id) ?? { home, fired: 0, resolved: 0, unlisted: 0 };
    sum[each.state === 'firing' ? 'fired' : 'resolved'] += 1;
    // What flaps was said to, and counts no more.
    if (!all[index]?.entry && isStorm(placings.length)) sum.unlisted += 1;
    homes.set(home.id, sum);
  });
  return [...homes.values()]
    .filter((sum) => sum.unlisted > 0 || truncated > 0)
    .map(({ home, fired, resolved, unlisted }) =>
      alertsCounted(
        {
          ...{ incident: { id: home.id, number: home.number }, fired, resolved, unlisted, truncated },
          gathered: null,
        },
        { stream: alertsStream, incidentId: home.id },
      ),
    );
}

function isStorm(news: number): boolean {
  return news > 1;
}

// Whoever sends alerts sees no private incident, and not that there is one.
function recorded({ placings, opened }: DeliveryState, { alerts, truncated }: Delivered): Message {
  const homes = placings.flatMap(({ home }) =>
    home && home !== 'new' && !home.private ? [incidentKey(home)] : [],
  );
  const joined = [...new Set(homes)].join(', ');
  return message(
    line(
      `Recorded: ${alerts.length} alert${alerts.length === 1 ? '' : 's'}, ${placings.length} of them news.`,
      opened ? ` ${incidentKey(opened.home)} is opened.` : '',
      joined === '' ? '' : ` On ${joined}.`,
      truncated > 0 ? ` ${truncated} were left out by the sender.` : '',
    ),
  );
}

/** What is looked at when alerts of an incident have been quiet for a while. */
export interface QuietState {
  readonly incident: Incident | null;
  readonly alerts: readonly Pick<Alert, 'state' | 'endsAt' | 'startsAt'>[];
  /** When that was said last. */
  readonly saidAt: Date | null;
}

/** Says once that all is quiet; it is for people to say that it is mitigated. */
export function decideQuiet({ incident, alerts, saidAt }: QuietState, ask: Ask): Decision {
  const nothing = refuse(say('Nothing to say.'));
  if (!incident || !isOpen(incident.status) || incident.mitigatedAt || alerts.length === 0) return nothing;
  if (alerts.some((each) => each.state === 'firing')) return nothing;
  const since = new Date(Math.max(...alerts.map((each) => (each.endsAt ?? each.startsAt).getTime())));
  if (saidAt && saidAt >= since) return nothing;
  const again = saidAt ? new Date(saidAt.getTime() + quietAgainMinutes * minuteMs) : null;
  if (again && again > ask.now)
    return { accepted: false, refusal: { message: say('It was said lately.'), again } };
  const about = { id: incident.id, number: incident.number };
  return accept(
    [
      alertsQuiet(
        { incident: about, count: alerts.length, since },
        { stream: alertsStream, incidentId: incident.id },
      ),
    ],
    message(),
  );
}

/** Asks the channel whether that is the end of it. */
export function quietMessage(it: { incident: { number: number }; count: number; since: Date }): Message {
  const key = incidentKey(it.incident);
  const command = `/incident mitigated ${key} ${showInstant(it.since, 'UTC')}`;
  return message(
    line(
      { bold: it.count === 1 ? 'The alert is quiet' : `All ${it.count} alerts are quiet` },
      ' since ',
      { at: it.since },
      `: is ${key} mitigated? Look first: a monitor that fell silent is quiet too. Nothing is set by itself.`,
    ),
    buttons({ label: 'Mitigated', command }),
    line('Or in words: ', { code: command }),
  );
}
