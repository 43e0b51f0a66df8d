// What each fact of an incident set, for taking it back.
import { type Fact, on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import * as facts from './facts.js';
import { idOf } from './row.js';
import { incidentStream } from './store.js';
import { componentName, levelName, statusStep } from './words.js';

export const undo: UndoRule[] = [
  on(facts.incidentDeclared, (fact) => ({
    what: 'the declaration',
    sets: [wholeState],
    instead: '/incident close declared by mistake',
    follows: [facts.incidentCalledOff({}, here(fact))],
  })),
  on(facts.incidentCalledOff, () => ({
    what: 'that it was declared by mistake',
    sets: ['status'],
    instead: '/incident reopen REASON',
    never: 'If it was no mistake after all: ',
  })),
  on(facts.severitySet, ({ data }) => ({
    what: `severity ${data.from} → ${data.to}`,
    sets: ['severity'],
    instead: '/incident severity SEV',
  })),
  on(facts.statusSet, ({ data }) => ({
    what: `status ${statusStep(data)}`,
    sets: ['status'],
    instead: '/incident status STATUS',
  })),
  on(facts.impactSet, ({ data }) => {
    const component = componentName(data.component);
    return {
      what: `${component}: ${levelName(data.level)}`,
      sets: [`impact/${component}`],
      instead: `/incident affects ${component} LEVEL`,
    };
  }),
  on(facts.keyTimeSet, ({ data }) => ({
    what: `${data.which}: ${data.shown}`,
    sets: [data.which],
    instead: `/incident ${data.which} TIME`,
  })),
  on(facts.incidentAcknowledged, () => ({
    what: 'acknowledged',
    sets: ['acknowledged'],
    instead: '/incident role commander @user',
  })),
  on(facts.incidentMerged, ({ data }) => ({
    what: `merged into INC-${data.into.number}`,
    sets: ['status'],
    instead: '/incident reopen REASON',
  })),
  on(facts.incidentAbsorbed, ({ data }) => ({
    what: `INC-${data.from.number} was merged into this`,
    sets: [`absorbed/${data.from.id}`],
    instead: `/incident reopen INC-${data.from.number} REASON`,
  })),
  on(facts.incidentSeparated, ({ data }) => ({
    what: `INC-${data.from.number} is no longer merged into this`,
    sets: [`absorbed/${data.from.id}`],
    instead: `/incident merge INC-${data.from.number} INC`,
  })),
  // Who was let in is in the channel and has read it.
  on(facts.memberAdded, () => null),
  on(facts.memberRemoved, () => null),
];

/** Stands for every part of the state, in what a fact sets. */
export const wholeState = '*';

/** An entry as a part of the state: what is said of it later sets it anew. */
export function entryPart(entryId: string): string {
  return `entry/${entryId}`;
}

function here(fact: Fact) {
  const id = idOf(fact);
  return { stream: incidentStream(id), incidentId: id };
}
