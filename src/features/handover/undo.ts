// What each fact of a handover set, for taking it back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import * as facts from './facts.js';

const part = (it: { role: string }) => `handover/${it.role}`;

export const undo: UndoRule[] = [
  on(facts.handoverOffered, ({ data }) => ({
    what: `that ${data.to.name} is asked to take over ${data.role}${notAgain(data.before)}`,
    sets: [part(data)],
    instead: `/incident decline ${data.role}`,
    hidden: true,
  })),
  on(facts.handoverAccepted, ({ data }) => ({
    what: `${data.to.name} takes over ${data.role}`,
    sets: [part(data)],
    instead: `/incident handover ${data.role} @user`,
    never: 'The one before was told that they may rest. Hand it over: ',
  })),
  on(facts.handoverDeclined, ({ data }) => ({
    what: `${data.to.name} does not take over ${data.role}`,
    sets: [part(data)],
    instead: `/incident role ${data.role} me`,
    never: 'To take it after all: ',
  })),
  // Where somebody else was asked instead, it goes with that; else it is a step of its own.
  on(facts.handoverWithdrawn, ({ data }) =>
    data.because === 'another'
      ? null
      : {
          what: `${data.to.name} is no longer asked to take over ${data.role}`,
          sets: [part(data)],
          instead: `/incident handover ${data.role} @user`,
          never: 'To ask them again: ',
        },
  ),
  on(facts.handoverReminded, () => null),
  on(facts.roleHeldLong, () => null),
  on(facts.roleKept, ({ data }) => ({
    what: `${data.person.name} goes on as ${data.role}`,
    sets: [`kept/${data.role}`],
    instead: `/incident handover ${data.role} @user`,
  })),
];

// They were told that they are not asked any more, and are not asked again by a slip of somebody else.
function notAgain(before: readonly string[]): string {
  if (before.length === 0) return '';
  return ` (nobody is asked now: ${before.join(' and ')}, asked before, ${before.length === 1 ? 'is' : 'are'} not asked again)`;
}
