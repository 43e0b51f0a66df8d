// What is taken back with an update: its words, wherever they were sent.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  on(facts.updateGiven, ({ data }) => ({
    what: `update ${data.number}`,
    sets: ['update'],
    instead: '/incident update TEXT',
  })),
  on(facts.updatesSnoozed, () => ({
    what: 'the wait of reminders',
    sets: ['snooze'],
    instead: '/incident snooze DURATION',
  })),
  // Who was told was told.
  on(facts.updateDelivered, () => null),
  on(facts.updateUndelivered, () => null),
  on(facts.updateReminded, () => null),
];
