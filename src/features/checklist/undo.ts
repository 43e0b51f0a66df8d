// What each fact of checklists set, for taking it back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { quoted } from '../../core/text.js';
import * as facts from './facts.js';

const part = (run: string, step: number) => `checklist/${run}/${step}`;
const ofStep = ({ run, name, step }: { run: string; name: string; step: number }, what: string) => ({
  what: `${what} of the checklist ${name}`,
  sets: [part(run, step)],
});

export const undo: UndoRule[] = [
  // Once somebody has said something of a step, it was begun.
  on(facts.checklistBegun, ({ id, data }) => ({
    what: `the checklist ${data.name}`,
    sets: data.steps.map((_step, at) => part(id, at + 1)),
    instead: `/incident skip ${quoted(data.name)} STEP REASON`,
  })),
  on(facts.checklistStepDone, ({ data }) => ({
    ...ofStep(data, `that step ${data.step} is done`),
    instead: `/incident uncheck ${quoted(data.name)} ${data.step}`,
  })),
  on(facts.checklistStepSeconded, ({ data }) => ({
    ...ofStep(data, `the second word on step ${data.step}`),
    instead: `/incident uncheck ${quoted(data.name)} ${data.step}`,
  })),
  on(facts.checklistStepUnchecked, ({ data }) => ({
    ...ofStep(data, `that step ${data.step} is open`),
    instead: `/incident check ${quoted(data.name)} ${data.step}`,
  })),
  on(facts.checklistStepSkipped, ({ data }) => ({
    ...ofStep(data, `that step ${data.step} is skipped`),
    instead: `/incident uncheck ${quoted(data.name)} ${data.step}`,
  })),
  on(facts.checklistFinished, ({ data }) => ({
    what: `the end of the checklist ${data.name}`,
    sets: [],
    instead: `/incident uncheck ${quoted(data.name)} STEP`,
  })),
  on(facts.checklistRedrawn, () => null),
];
