// Which step the words mean: of the checklist that they name, or of the only one that is under way. Pure.
import { type Decision, refuse } from '../../core/command.js';
import { line, list, message, type Span, say, shorten } from '../../core/message.js';
import { type Incident, incidentKey, type OnIncident } from '../incident/index.js';
import type { Slots } from './store.js';
import { type Holder, nextStep, type Run, type RunStep, stepLine } from './words.js';

/** What is known where something is said of a step. */
export interface StepState {
  readonly incident: Incident;
  readonly runs: readonly Run[];
  readonly holders: readonly Holder[];
  /** The messages that tell people one by one of the steps of each. */
  readonly shown: Slots;
}

export interface StepInput extends OnIncident {
  readonly checklist: string;
  readonly step?: string | undefined;
  readonly text?: string | undefined;
}

/** A step, and what was said of it. */
export interface Meant {
  readonly run: Run;
  /** From 1. */
  readonly number: number;
  readonly step: RunStep;
  readonly text: string | null;
}

type Verb = 'check' | 'second' | 'uncheck' | 'skip';
type Refused = { readonly refused: Decision };
const shownMax = 8;

/** Finds the step. Where one checklist is under way, its name may be left out. */
export function readStep(state: StepState, input: StepInput, verb: Verb): Meant | Refused {
  const { runs } = state;
  if (runs.length === 0) return none(state);
  const named = runNamed(runs, input.checklist);
  const words = { step: input.step, text: input.text ?? null };
  if (named) return stepOf(state, named, words.step, words.text, verb);
  const spaced = runSpaced(runs, [input.checklist, words.step, words.text].filter(Boolean).join(' '));
  if (spaced) return stepOf(state, spaced.run, spaced.step, spaced.text, verb);
  if (!isNumber(input.checklist)) return which(state, input.checklist, verb);
  const open = runs.filter((each) => each.endedAt === null);
  const only = open.length === 1 ? open[0] : runs.length === 1 ? runs[0] : undefined;
  if (!only) return which(state, input.checklist, verb);
  const rest = [words.step, words.text].filter(Boolean).join(' ');
  return stepOf(state, only, input.checklist, rest === '' ? null : rest, verb);
}

// Of several of one name the one that is under way, else the last.
function runNamed(runs: readonly Run[], word: string): Run | undefined {
  const all = runs.filter((each) => each.name.toLowerCase() === word.toLowerCase());
  return all.findLast((each) => each.endedAt === null) ?? all.at(-1);
}

// A name of several words, without the quotes that hold them together.
function runSpaced(runs: readonly Run[], said: string) {
  const run = runs
    .filter(({ name }) => /\s/.test(name) && `${said.toLowerCase()} `.startsWith(`${name.toLowerCase()} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!run) return null;
  const [step, ...rest] = said
    .slice(run.name.length)
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  return {
    run: runNamed(runs, run.name) ?? run,
    step,
    text: rest.length > 0 ? rest.join(' ') : null,
  };
}

function stepOf(
  state: StepState,
  run: Run,
  word: string | undefined,
  text: string | null,
  verb: Verb,
): Meant | Refused {
  const number = Number(word?.replace(/^#/, ''));
  const step = word !== undefined && isNumber(word) ? run.steps[number - 1] : undefined;
  if (step) return { run, number, step, text };
  const said = word === undefined ? 'Say which step' : `${run.name} has no step “${shorten(word, 40)}”`;
  const next = nextStep(run.steps) ?? 1;
  const example = stepLine(verb, state.incident, run, next);
  return {
    refused: refuse(
      say(`${said}: 1 to ${run.steps.length}, such as `, { code: example }, '. Nothing was changed.'),
      'step',
    ),
  };
}

function none({ incident }: StepState): Refused {
  return {
    refused: refuse(
      say(
        `${incidentKey(incident)} has no checklist. `,
        { code: '/incident checklists' },
        ' lists those that the catalogue has, ',
        { code: '/incident checklist NAME' },
        ' begins one.',
      ),
      'checklist',
    ),
  };
}

function which({ incident, runs }: StepState, word: string, verb: Verb): Refused {
  const items = runs
    .slice(-shownMax)
    .map((run): Span[] => [{ code: stepLine(verb, incident, run, nextStep(run.steps) ?? 1) }]);
  return {
    refused: refuse(
      message(
        line(
          isNumber(word)
            ? 'Say of which checklist. Nothing was changed.'
            : `${incidentKey(incident)} has begun no checklist “${shorten(word, 60)}”. Nothing was changed.`,
        ),
        list(items),
      ),
      'checklist',
    ),
  };
}

function isNumber(word: string): boolean {
  return /^#?\d{1,3}$/.test(word);
}
