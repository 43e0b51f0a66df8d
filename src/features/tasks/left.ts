// What becomes of tasks that were not done when their incident is over. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { about, type Incident, isOpen } from '../incident/index.js';
import * as facts from './facts.js';
import { nextReminder } from './times.js';
import type { Task } from './words.js';

const nothing = refuse(say('Nothing is left.'));

export interface LeftState {
  readonly incident: Incident;
  /** What is open and was to be done while the incident lasted, with the messages that show each. */
  readonly left: readonly (Task & { readonly shown: readonly string[] })[];
  /** Those who may be told, where the incident is private; null: everybody. */
  readonly members: ReadonlySet<string> | null;
  readonly zoneOf: (userId: string | null) => string;
}

/** It is over: each owner of something that was not done is told once what is theirs. */
export function decideLeft({ incident, left, members }: LeftState): Decision {
  if (isOpen(incident.status) || incident.mistaken) return nothing;
  const owners = left.flatMap(({ ownerId, ownerName }) =>
    ownerId !== null && isInSlack(ownerId) && (members?.has(ownerId) ?? true)
      ? [{ id: ownerId, name: ownerName ?? ownerId }]
      : [],
  );
  const each = [...new Map(owners.map((owner) => [owner.id, owner])).values()];
  if (each.length === 0) return nothing;
  return accept([facts.tasksRedrawn({ tasks: [], owners: each }, about(incident))], message());
}

/** It is closed: what was not done is done after it. What was merged goes on with the other. */
export function decideKeepLeft({ incident, left, zoneOf }: LeftState, ask: Ask): Decision {
  if (incident.status !== 'closed' || incident.mistaken || incident.mergedIntoId !== null) return nothing;
  const numbers = left.map(({ number }) => number).sort((a, b) => a - b);
  const kept = left.map((task, i) => {
    const { id, number, shown, dueAt } = task;
    const remindAt = dueAt && nextReminder('followup', dueAt, zoneOf(task.ownerId), ask.now);
    const closed = { left: i === 0 ? numbers : [] };
    return facts.taskKept({ id, number, shown: [...shown], remindAt, closed }, about(incident));
  });
  return kept.length === 0 ? nothing : accept(kept, message());
}
