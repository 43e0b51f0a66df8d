// Whom critical alerts call: each target once on an incident, and those whom it calls already not again. Pure.
import type { Escalation, Target } from '../oncall/index.js';
import type { Home, Placed } from './rules.js';
import { gravityOf } from './words.js';

export const whoeverIsOnCall: Target = { kind: 'default', id: null, name: 'whoever is on call' };

/** Who is called for an alert: whoever is on call for its service, else by default. */
export function targetOf({ service }: { readonly service: string }): Target {
  return service === '' ? whoeverIsOnCall : { kind: 'service', id: null, name: service };
}

/** What tells one target from another: its name, and whom that calls. Two services of the same people are one. */
export interface Calls {
  /** By the name of the service, in small letters; the default by ''. */
  readonly byService: ReadonlyMap<string, string>;
  /** By the incident: those who have a page on it, ringing or answered. */
  readonly paged: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whom an escalation calls, as a word to compare. */
export function wordOf(escalation: Escalation | null): string {
  return JSON.stringify(escalation?.levels.map(({ whom }) => whom) ?? []);
}

/** What tells a service's target from others. */
export function targetWord({ byService }: Calls, service: string): string {
  return byService.get(service.toLowerCase()) ?? service.toLowerCase();
}

/** For each of some news, whether somebody is called for it. */
export function callsIn(placings: readonly Placed[], opened: Home | null, calls: Calls): readonly boolean[] {
  const called = new Set<string>();
  return placings.map((each) => {
    const home = each.home === 'new' ? opened : each.home;
    if (each.state !== 'firing' || !home || !gravityOf(each.heard.severity).calls) return false;
    const target = targetWord(calls, each.heard.service);
    const key = `${home.id} ${target}`;
    if (called.has(key) || calls.paged.get(home.id)?.has(target)) return false;
    called.add(key);
    return true;
  });
}
