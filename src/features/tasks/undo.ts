// What each fact of a task set, for taking it back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import * as facts from './facts.js';
import { kindName, taskKey } from './words.js';

const part = (task: { number: number }, what: string) => `task/${task.number}/${what}`;

export const undo: UndoRule[] = [
  on(facts.taskAdded, ({ data }) => ({
    what: `${taskKey(data)}, a ${kindName(data.kind)}`,
    sets: ['state', 'owner', 'due', 'kind'].map((each) => part(data, each)),
    instead: `/incident drop ${taskKey(data)} REASON`,
    hidden: true,
  })),
  on(facts.taskDone, ({ data }) => ({
    what: `${taskKey(data)} is done`,
    sets: [part(data, 'state')],
    instead: '/incident task TEXT',
  })),
  on(facts.taskDropped, ({ data }) => ({
    what: `${taskKey(data)} is dropped`,
    sets: [part(data, 'state')],
    instead: '/incident task TEXT',
  })),
  on(facts.taskAssigned, ({ data }) => ({
    what: `${taskKey(data)} is ${data.owner.name}’s`,
    sets: [part(data, 'owner')],
    instead: `/incident assign ${taskKey(data)} @user`,
  })),
  on(facts.taskDueSet, ({ data }) => ({
    what: `when ${taskKey(data)} is due`,
    sets: [part(data, 'due')],
    instead: `/incident due ${taskKey(data)} WHEN`,
  })),
  on(facts.taskKept, ({ data }) => ({
    what: `${taskKey(data)} is a follow-up`,
    sets: [part(data, 'kind')],
    instead: `/incident drop ${taskKey(data)} REASON`,
  })),
  // What was brought to mind was.
  on(facts.taskReminded, () => null),
  on(facts.tasksRedrawn, () => null),
];
