// When the next update is due: as was promised last, else by the severity's cadence. Pure.
import type { Cadence } from '../catalog/index.js';
import { type Severity, severities } from '../incident/index.js';

const minuteMs = 60_000;

/** Minutes between updates where the team said nothing. */
export const usualCadence: Readonly<Record<Severity, number | null>> = {
  SEV1: 30,
  SEV2: 60,
  SEV3: 240,
  SEV4: null,
};

/** How long between updates of a severity; null: none are due. */
export function cadenceOf(cadence: Cadence, severity: Severity): number | null {
  const said = cadence[severity];
  const minutes = said === undefined ? usualCadence[severity] : said;
  return minutes === null ? null : minutes * minuteMs;
}

/** What of an incident's record bears on when the next update is due, in the order of recording. */
export type PromiseEvent =
  | { readonly kind: 'declared'; readonly id: string; readonly at: Date; readonly severity: Severity }
  | { readonly kind: 'severity'; readonly at: Date; readonly to: Severity }
  | { readonly kind: 'update'; readonly id: string; readonly at: Date; readonly nextAt: Date | null }
  /** Those outside were told when they hear more, by something that is no update. */
  | { readonly kind: 'told'; readonly nextAt: Date }
  | { readonly kind: 'ended' }
  | { readonly kind: 'reopened'; readonly id: string; readonly at: Date };

/** What those outside wait for. */
export interface Promised {
  /** The update, the declaration or the reopening that it came from. */
  readonly id: string;
  readonly since: Date;
  readonly due: Date | null;
  /** It was said to people, and is no mere rule of ours. */
  readonly said: boolean;
  readonly severity: Severity;
}

/** What is due after all that happened. */
export function promiseAfter(events: readonly PromiseEvent[], cadence: Cadence): Promised | null {
  return events.reduce<Promised | null>((promised, event) => next(promised, event, cadence), null);
}

function next(promised: Promised | null, event: PromiseEvent, cadence: Cadence): Promised | null {
  if (event.kind === 'declared') {
    const { id, at, severity } = event;
    return { id, since: at, severity, said: false, due: later(at, cadenceOf(cadence, severity)) };
  }
  if (!promised) return null;
  switch (event.kind) {
    case 'ended':
      return { ...promised, due: null, said: false };
    case 'told': {
      const { due } = promised;
      return { ...promised, due: due ? earlier(due, event.nextAt) : event.nextAt, said: true };
    }
    case 'reopened':
      return {
        ...promised,
        ...{ id: event.id, since: event.at, said: false },
        due: later(event.at, cadenceOf(cadence, promised.severity)),
      };
    case 'update':
      return {
        ...promised,
        ...{ id: event.id, since: event.at, due: event.nextAt, said: event.nextAt !== null },
      };
    case 'severity':
      return withSeverity(promised, event, cadence);
  }
}

// Never later than was promised; and what gets worse is not a reason to wait longer either.
function withSeverity(
  promised: Promised,
  { at, to }: { readonly at: Date; readonly to: Severity },
  cadence: Cadence,
): Promised {
  const worse = severities.indexOf(to) < severities.indexOf(promised.severity);
  const from = later(at, cadenceOf(cadence, to));
  const { due, said, since } = promised;
  const now = { ...promised, severity: to };
  if (from === null) return { ...now, due: said ? due : null };
  if (due === null) return { ...now, due: worse ? from : null };
  if (said || worse) return { ...now, due: earlier(due, from) };
  const anew = later(since, cadenceOf(cadence, to));
  return { ...now, due: anew && anew > at ? anew : from };
}

function later(from: Date, ms: number | null): Date | null {
  return ms === null ? null : new Date(from.getTime() + ms);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
