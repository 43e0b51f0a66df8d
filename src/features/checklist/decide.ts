// The rules of checklists: who may say what of which step. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { joined, line, type Message, message, say, shorten } from '../../core/message.js';
import { about, done, type OnIncident } from '../incident/index.js';
import * as facts from './facts.js';
import { type Meant, readStep, type StepInput, type StepState } from './meant.js';
import {
  type Holder,
  isOver,
  ownerOf,
  ownerText,
  type Run,
  type RunStep,
  stepLine,
  waitsForSecond,
  withLines,
} from './words.js';

const textMax = 100;

/** A step is done. */
export function decideCheck(state: StepState, input: StepInput, ask: Ask): Decision {
  const meant = readStep(state, input, 'check');
  if ('refused' in meant) return meant.refused;
  const { run, number, step, text } = meant;
  const { incident } = state;
  if (step.done)
    return refuse(
      message(
        line(
          `${run.name} ${number} was done by ${step.done.name} before, `,
          { at: new Date(step.done.at) },
          '. Nothing was changed.',
        ),
        waitsForSecond(step) &&
          line('It waits for the second person: ', { code: stepLine('second', incident, run, number) }, '.'),
        !waitsForSecond(step) && nextLine(state, run, null),
      ),
      'step',
    );
  const fact = facts.checklistStepDone(
    { ...stepFact(state, meant), note: text, second: step.second },
    about(incident, input.at),
  );
  const after = { ...step, skipped: null, done: somebody };
  const more = finishing(state, meant, after, input);
  return accept([fact, ...more], stepReply(state, meant, 'is done', input, ask, more.length > 0));
}

/** A step that somebody else did is confirmed. */
export function decideSecond(state: StepState, input: StepInput, ask: Ask): Decision {
  const meant = readStep(state, input, 'second');
  if ('refused' in meant) return meant.refused;
  const { run, number, step } = meant;
  const { incident, holders } = state;
  const where = `${run.name} ${number}`;
  if (!step.second) return refuse(say(`${where} needs no second person. Nothing was changed.`), 'step');
  if (step.seconded)
    return refuse(
      say(
        `${where} was confirmed by ${step.seconded.name} before, `,
        { at: new Date(step.seconded.at) },
        '. Nothing was changed.',
      ),
      'step',
    );
  if (!step.done)
    return refuse(
      say(
        `Nobody has said that ${where} is done. Who did it says: `,
        { code: stepLine('check', incident, run, number) },
        '; then somebody else confirms it. Nothing was changed.',
      ),
      'step',
    );
  const refused = whyNotSecond(step.done, ask);
  if (refused !== null)
    return refuse(say(`${refused} ${whoMay(step.done, holders)} Nothing was changed.`), 'step');
  const { fact: asked, id, name } = step.done;
  const fact = facts.checklistStepSeconded(
    { ...stepFact(state, meant), doneBy: { id, name }, asked },
    about(incident, input.at),
  );
  const more = finishing(state, meant, { ...step, seconded: somebody }, input);
  return accept(
    [fact, ...more],
    stepReply(state, meant, `is confirmed; ${name} did it`, input, ask, more.length > 0),
  );
}

// A token and a command line may be in anybody's hands: that it is another person can be told only of people in Slack.
function whyNotSecond(by: { readonly id: string; readonly name: string }, { actor }: Ask): string | null {
  if (actor.id === by.id) return 'You did it yourself, and this step needs a second person.';
  if (actor.kind !== 'person' || !isInSlack(actor.id))
    return 'A step is confirmed by a person in Slack: of anybody else it cannot be told that they are another one.';
  const sameName = actor.name.toLowerCase() === by.name.toLowerCase();
  if (!isInSlack(by.id) && sameName)
    return `It was done by ${by.name} outside Slack, which is your name, and this step needs a second person.`;
  return null;
}

function whoMay(by: { readonly id: string; readonly name: string }, holders: readonly Holder[]): string {
  const others = holders.filter((each) => each.userId !== by.id).slice(0, 3);
  const such =
    others.length > 0 ? `, such as ${others.map((it) => `${it.userName} (${it.role})`).join(' or ')}` : '';
  return `Anybody but ${by.name} may${such}.`;
}

/** A step is open again. */
export function decideUncheck(state: StepState, input: StepInput, ask: Ask): Decision {
  const meant = readStep(state, input, 'uncheck');
  if ('refused' in meant) return meant.refused;
  const { run, number, step } = meant;
  if (!step.done && !step.skipped)
    return refuse(say(`${run.name} ${number} is open. Nothing was changed.`), 'step');
  const was = step.skipped ? ('skipped' as const) : ('done' as const);
  const fact = facts.checklistStepUnchecked(
    { ...stepFact(state, meant), was, asked: askedOf(step) },
    about(state.incident, input.at),
  );
  return accept([fact], stepReply(state, meant, 'is open again', input, ask, false));
}

/** A step is left out, and why. */
export function decideSkip(state: StepState, input: StepInput, ask: Ask): Decision {
  const meant = readStep(state, input, 'skip');
  if ('refused' in meant) return meant.refused;
  const { run, number, step, text } = meant;
  const { incident } = state;
  if (step.skipped)
    return refuse(
      say(`${run.name} ${number} was skipped by ${step.skipped.name} before. Nothing was changed.`),
      'step',
    );
  if (isOver(step))
    return refuse(
      say(
        `${run.name} ${number} is done. Nothing was changed. If it is not: `,
        { code: stepLine('uncheck', incident, run, number) },
        '.',
      ),
      'step',
    );
  if (text === null)
    return refuse(
      say(
        'Say why, so that others can tell later: ',
        { code: stepLine('skip', incident, run, `${number} it does not apply here`) },
        '. Nothing was changed.',
      ),
      'reason',
    );
  const wrong = whyNotSkip(state, meant, ask);
  if (wrong) return refuse(wrong, 'step');
  const fact = facts.checklistStepSkipped(
    { ...stepFact(state, meant), reason: text, asked: askedOf(step) },
    about(incident, input.at),
  );
  const more = finishing(state, meant, { ...step, done: null, skipped: somebody }, input);
  return accept([fact, ...more], stepReply(state, meant, 'is skipped', input, ask, more.length > 0));
}

// Whoever alone could leave it out could do without the second person.
function whyNotSkip(
  { incident, holders }: StepState,
  { run, number, step }: Meant,
  ask: Ask,
): Message | null {
  if (!step.second) return null;
  const owner = ownerOf(step.owner, holders);
  const commander = ownerOf({ role: 'commander' }, holders);
  if ([owner?.id, commander?.id].includes(ask.actor.id)) return null;
  const who = [...new Set([owner?.name, commander?.name].filter((name) => name !== undefined))];
  const may = who.length > 0 ? `${who.join(' or ')} may skip it` : 'its owner or the commander may skip it';
  const head = `${run.name} ${number} needs a second person, so ${may}. Nothing was changed.`;
  if (commander) return say(head);
  return say(
    `${head} Nobody commands: `,
    { code: `/incident role INC-${incident.number} commander me` },
    '.',
  );
}

const somebody = { id: '', name: '', at: '', fact: '', note: null };

function askedOf(step: RunStep): string | null {
  return waitsForSecond(step) ? (step.done?.fact ?? null) : null;
}

function stepFact({ incident, shown }: StepState, { run, number, step }: Meant) {
  return {
    ...{ run: run.id, number: incident.number, name: run.name, step: number, text: step.text },
    shown: [...(shown.get(run.id) ?? [])],
  };
}

// What follows where this was the last step.
function finishing(
  { incident }: StepState,
  { run, number }: Meant,
  after: RunStep,
  input: OnIncident,
): Stated[] {
  const steps = run.steps.map((each, at) => (at + 1 === number ? after : each));
  if (!steps.every(isOver)) return [];
  const skipped = steps.filter((each) => each.skipped !== null).length;
  const { id, name, title } = run;
  return [
    facts.checklistFinished(
      { run: id, name, title, done: steps.length - skipped, skipped },
      about(incident, input.at),
    ),
  ];
}

function stepReply(
  state: StepState,
  { run, number, step }: Meant,
  what: string,
  input: OnIncident,
  ask: Ask,
  last: boolean,
): Message {
  const second =
    what === 'is done' && step.second
      ? ` by you; a second person confirms: \`${stepLine('second', state.incident, run, number)}\``
      : '';
  const head = done(`${run.name} ${number} ${what}${second}.`, input, ask);
  if (last) return withLines(head, `${run.title} is finished.`);
  const rest = message(nextLine(state, run, number));
  return rest.text === '' ? head : joined(head, rest);
}

// The step that is to be done after this one was.
function nextLine({ holders }: StepState, run: Run, just: number | null) {
  const open = run.steps.findIndex(
    (step, at) => step.done === null && step.skipped === null && at + 1 !== just,
  );
  const step = run.steps[open];
  if (!step) return null;
  const owner = ownerText(step.owner, holders);
  return line(`Next: ${open + 1} ${shorten(step.text, textMax)}${owner ? ` (${owner})` : ''}`);
}
