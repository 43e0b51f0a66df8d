// What updates share in their words: slots, lanes, and how a person reads when the next one comes.
import type { Destination, Effect, EffectKind } from '../../core/effect.js';
import type { Span } from '../../core/message.js';
import { quoted } from '../../core/text.js';
import { announcementSlot } from '../incident/index.js';
import type { Recipient } from './facts.js';

/** What the program decides in its turn: whether somebody is to be reminded. */
export const remindCommand = 'updates.remind';
/** Who is told what happened. */
export const deliverCommand = 'updates.deliver';
/** What was sent is drawn anew. */
export const redrawCommand = 'updates.redraw';

/** The view of what is said where incidents are announced when one gets graver, and its slot. */
export const raisedSeverityView = 'severityRaised';
export const raisedSlot = (factId: string) => `raised/${factId}`;

/** How often they come was changed. */
export const cadenceCommand = 'updates.cadence';

/** After so many in a row that did not get through a way ends. */
export const unreachableMax = 3;

interface Wish {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly severities: readonly string[];
}

/** What to say to subscribe to it, such as `on:api sev:2`; nothing for all. */
export function wishSaid({ services, environments, severities }: Wish): string {
  const worst = severities.at(-1);
  const parts = [
    services.length > 0 ? `on:${quoted(services.join(','))}` : '',
    environments.length > 0 ? `env:${quoted(environments.join(','))}` : '',
    worst ? `sev:${worst.replace('SEV', '')}` : '',
  ];
  return parts.filter((each) => each !== '').join(' ');
}

/** The slot of what somebody was told of a fact. */
export function copySlot(factId: string, { way, id }: Pick<Recipient, 'way' | 'id'>): string {
  return `update/${factId}/${way}/${id}`;
}

/** Everything that one subscription brings stands in one lane, whose stream says what came of it. */
export function laneOf(recipient: Pick<Recipient, 'way' | 'id' | 'subscription'>): string {
  return `updates/${recipient.subscription ?? ''}/${recipient.way}`;
}

/** The subscription and the way of a lane; null for another lane. */
export function ofLane(lane: string): { subscription: string; way: 'person' | 'channel' | 'mail' } | null {
  const [, subscription = '', way = ''] = /^updates\/([^/]+)\/(person|channel|mail)$/.exec(lane) ?? [];
  return way === 'person' || way === 'channel' || way === 'mail' ? { subscription, way } : null;
}

/** Shows somebody outside what they are told of a fact, as the rows have it by then. */
export function toOutside(incidentId: string, factId: string, what: string, to: Recipient): Effect {
  const about = aboutOf(what, factId, to.way);
  if (to.way === 'thread') {
    const slot = announcementSlot(incidentId);
    const destination: Destination = { to: 'under', slot, otherwise: { to: 'incident' } };
    const kind: EffectKind = {
      do: 'show',
      view: 'updateCopy',
      slot: copySlot(factId, to),
      destination,
      about,
    };
    return { ...alone, lane: `incident/${incidentId}`, incidentId, kind };
  }
  if (to.way === 'mail') {
    const kind: EffectKind = { do: 'mail', to: to.address ?? '', subject: '', text: '', letter: about };
    // One that still waits is drawn as it is by then.
    return { ...alone, lane: laneOf(to), collapse: `letter/${about}/${to.id}`, kind };
  }
  const destination: Destination =
    to.way === 'person' ? { to: 'person', userId: to.id } : { to: 'channel', channel: to.id };
  const kind: EffectKind = { do: 'show', view: 'updateCopy', slot: copySlot(factId, to), destination, about };
  return { ...alone, lane: laneOf(to), kind };
}

/** An effect that stands by itself, and must get through. */
export const alone = { step: 0, incidentId: null, first: false, essential: true, collapse: null } as const;

/** What a copy is drawn of, and for whom where that matters. */
function aboutOf(what: string, factId: string, way: Recipient['way'] = 'person'): string {
  return `${what}/${factId}${way === 'channel' ? '/channel' : ''}`;
}

/** When the next one comes, for those who wait for it. */
export function nextSpans(nextAt: Date | null): Span[] {
  return nextAt ? ['Next update by ', { at: nextAt }, '.'] : ['No next update is promised.'];
}

/** The same of what was promised, which is no promise any more once it is long past. */
export function promisedSpans({ due, late }: { readonly due: Date; readonly late: boolean }): Span[] {
  return late ? ['The next update was due ', { at: due }, '; it is late.'] : nextSpans(due);
}
