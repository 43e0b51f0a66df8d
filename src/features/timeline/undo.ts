// How what was said on a timeline is taken back.
import { type Fact, on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { about, idOf } from '../incident/index.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  on(facts.noteTaken, (fact) => [facts.entryWithdrawn({ entryId: fact.id, seq: fact.seq ?? 0 }, here(fact))]),
  on(facts.entryStruck, (fact) => {
    const { entryId, seq, kind } = fact.data;
    return [facts.entryRestored({ entryId, seq, kind }, here(fact))];
  }),
  on(facts.entryCorrected, (fact) => {
    const { entryId, seq } = fact.data;
    return [facts.correctionWithdrawn({ entryId, seq, correctionId: fact.id }, here(fact))];
  }),
  on(facts.timelineShifted, (fact) => {
    const { milliseconds, shown, entryIds, keyTimes } = fact.data;
    const back = shown.startsWith('-') ? `+${shown.slice(1)}` : `-${shown.replace(/^\+/, '')}`;
    return [
      facts.timelineShifted({ milliseconds: -milliseconds, shown: back, entryIds, keyTimes }, here(fact)),
    ];
  }),
];

function here(fact: Fact) {
  return about({ id: idOf(fact) });
}
