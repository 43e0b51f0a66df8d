// Tasks: work during an incident, and follow-ups after it.
import type { Feature } from '../../core/feature.js';
import * as commands from './commands.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { routes } from './http.js';
import { tasksQuery } from './list.js';
import { keepCommand, leftCommand, reactions, redrawCommand, remindCommand } from './react.js';
import { projections, reset } from './store.js';
import { undo } from './undo.js';
import { leftView, ownLeftView, taskView } from './views.js';

export { tasksRedrawn } from './facts.js';
export { openTasks, tasksOf } from './store.js';
export { nextReminder } from './times.js';
export { taskSpans, toDoLine } from './views.js';
export { type Task, taskKey } from './words.js';

export const tasksFeature: Feature = {
  name: 'tasks',
  topic: 'doing',
  facts: Object.values(facts),
  // By name: help stands in this order.
  commands: [
    commands.task,
    commands.followup,
    commands.doneCommand,
    commands.assign,
    commands.due,
    commands.drop,
  ],
  queries: [tasksQuery],
  project: projections,
  reset,
  react: reactions,
  automatic: {
    [remindCommand]: commands.remindOf,
    [redrawCommand]: commands.redrawOf,
    [leftCommand]: commands.leftOf,
    [keepCommand]: commands.keepLeftOf,
  },
  undo,
  views: { task: taskView, tasksLeft: leftView, tasksOwn: ownLeftView },
  home: { waiting: waitingSection },
  routes,
  tables: ['task'],
};
