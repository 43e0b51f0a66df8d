// How each change of an incident's state is taken back: by stating the one before it.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
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
    return [facts.impactSet({ component, level: before ?? 'operational', before: level }, here(fact))];
  }),
  on(facts.keyTimeSet, (fact) => {
    const { which, before } = fact.data;
    const when = before ?? unknown;
    const shown = before?.asWritten || 'unknown';
    return [facts.keyTimeSet({ which, shown, before: null }, { ...here(fact), when })];
  }),
  on(facts.incidentAcknowledged, (fact) => [facts.acknowledgementWithdrawn({}, here(fact))]),
];

function here(fact: Parameters<typeof idOf>[0]) {
  const id = idOf(fact);
  return { stream: incidentStream(id), incidentId: id };
}
