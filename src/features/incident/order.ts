// What is odd about the order of an incident's key times. Nothing is refused for it: people record what they know.
import { showDuration } from '../../core/time/index.js';
import type { Incident } from './row.js';
import type { KeyTimeName } from './words.js';

const dayMs = 86_400_000;

/** Each of these comes before the other, wherever both are known. */
const inOrder: readonly (readonly [KeyTimeName, KeyTimeName])[] = [
  ['started', 'detected'],
  ['started', 'declared'],
  ['started', 'acknowledged'],
  ['started', 'mitigated'],
  ['started', 'resolved'],
  ['detected', 'declared'],
  ['detected', 'acknowledged'],
  ['detected', 'resolved'],
  ['mitigated', 'resolved'],
];

/** A remark on a key time that is said now, beside those that are known; empty when it fits. Begins with a space. */
export function orderRemark(which: KeyTimeName, at: Date | null, incident: Incident): string {
  if (!at) return '';
  const odd = inOrder.flatMap(([first, second]) => {
    if (which === first) return isAfter(at, incident[`${second}At`]) ? [`after ${happened(second)}`] : [];
    if (which === second) return isAfter(incident[`${first}At`], at) ? [`before ${happened(first)}`] : [];
    return [];
  });
  if (odd.length > 0) return ` That is ${odd.join(' and ')}; recorded as you said it.`;
  return which === 'started' || which === 'detected' ? '' : earlyRemark(at, incident);
}

/** More than a day before anything began is more likely a wrong date than a fact. */
export function earlyRemark(at: Date | null, incident: Incident): string {
  const { startedAt, declaredAt } = incident;
  const began = startedAt && startedAt < declaredAt ? startedAt : declaredAt;
  if (!at || began.getTime() - at.getTime() <= dayMs) return '';
  const before = showDuration(declaredAt.getTime() - at.getTime());
  return ` That is ${before} before it was declared; recorded as you said it.`;
}

function isAfter(one: Date | null, other: Date | null): boolean {
  return one !== null && other !== null && one > other;
}

function happened(name: KeyTimeName): string {
  return name === 'started' ? 'it started' : `it was ${name}`;
}
