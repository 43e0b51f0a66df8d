// What each fact of a timeline set, for taking it back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { entryPart } from '../incident/index.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  on(facts.noteTaken, ({ data, seq }) => ({
    what: `the ${data.kind}`,
    sets: [],
    instead: `/incident correct #${seq} TEXT`,
    hidden: true,
  })),
  on(facts.entryStruck, ({ data }) => ({
    what: `the ruling out of #${data.seq}`,
    sets: [entryPart(data.entryId)],
    instead: `/incident correct #${data.seq} TEXT`,
  })),
  on(facts.entryCorrected, ({ data, seq }) => ({
    what: `the correction of #${data.seq}`,
    sets: [entryPart(data.entryId)],
    instead: `/incident correct #${seq} TEXT`,
    hidden: true,
  })),
  on(facts.timelineShifted, ({ data }) => ({
    what: `the shift by ${data.shown}`,
    sets: ['shift', ...data.keyTimes, ...data.entryIds.map(entryPart)],
    instead: '/incident shift DURATION',
  })),
  on(facts.entryRedacted, ({ data }) => ({
    what: `the redaction of #${data.seq}`,
    sets: data.factIds.map(entryPart),
    instead: '/incident note TEXT',
    never: 'The words are gone for good. Without what had to go they can be said anew: ',
  })),
];
