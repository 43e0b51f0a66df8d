// How each change of an incident's state is taken back: by stating the one before it.
import { type Fact, on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import type { WrittenTime } from '../../core/time/index.js';
import * as facts from './facts.js';
import { idOf, incidentStream } from './store.js';

const unknown = { at: null, until: null, precision: 'unknown' as const, asWritten: '' };

export const undo: UndoRule[] = [
  on(facts.severitySet, (fact) => [
    facts.severitySet({ from: fact.data.to, to: fact.data.from, reason: null }, here(fact)),
  ]),
  on(facts.statusSet, (fact) => [
    facts.statusSet({ from: fact.data.to, to: fact.data.from, text: null }, here(fact)),
  ]),
  on(facts.impactSet, (fact) => {
    const { component, level, before } = fact.data;
    const undone = { component, level: before ?? ('operational' as const), before: level };
    return [facts.impactSet(undone, { ...here(fact), ...whenOf(fact) })];
  }),
  on(facts.keyTimeSet, (fact) => {
    const { which, before } = fact.data;
    const when = before ?? unknown;
    const shown = before?.asWritten || 'unknown';
    return [facts.keyTimeSet({ which, shown, before: null }, { ...here(fact), when })];
  }),
  on(facts.incidentAcknowledged, (fact) => [facts.acknowledgementWithdrawn({}, here(fact))]),
];

/** What was said of an earlier time is taken back from that time on. */
export function whenOf(fact: Fact): { when?: WrittenTime } {
  if (fact.asWritten === null || !fact.occurredAt) return {};
  const exact = fact.precision === 'range' || fact.precision === 'unknown';
  const precision = exact ? 'exact' : (fact.precision as WrittenTime['precision']);
  return { when: { at: fact.occurredAt, until: null, precision, asWritten: fact.asWritten } };
}

function here(fact: Parameters<typeof idOf>[0]) {
  const id = idOf(fact);
  return { stream: incidentStream(id), incidentId: id };
}
