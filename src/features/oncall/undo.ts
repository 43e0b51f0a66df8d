// What `undo` says of on-call: whoever was told of it was told, so the opposite is said.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { quoted } from '../../core/text.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  on(facts.shiftEntered, ({ data }) => ({
    what: `that ${data.person.name} is on call by ${data.schedule}`,
    sets: [],
    instead: `/incident relieve ${quoted(data.schedule)} @${data.person.name}`,
  })),
  on(facts.shiftsRelieved, ({ data }) => ({
    what: `that ${data.person.name} is not on call any more by ${data.schedule}`,
    sets: [],
    instead: `/incident duty ${quoted(data.schedule)} @${data.person.name} for:8h`,
  })),
  on(facts.scheduleSet, ({ data }) => ({
    what: `the schedule ${data.name}`,
    sets: [],
    instead: `/incident unschedule ${quoted(data.name)}`,
  })),
  on(facts.contactSet, () => ({
    what: 'how you are reached',
    sets: [],
    instead: '/incident contact mail:name@example.com',
  })),
];
