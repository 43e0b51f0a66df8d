// What the world is told of checklists: one message that stays current, and a word to those who have something to do.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, list, message, say, shorten } from '../../core/message.js';
import { idOf, saidSlot, sayInstead, tellIncident } from '../incident/index.js';
import { roleAssigned } from '../roles/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { stepLine } from './words.js';

/** What the program decides in its turn: who has steps now, and which messages are to be drawn anew. */
export const lookCommand = 'checklist.look';

const textMax = 200;

export const reactions: Reaction[] = [
  on(facts.checklistBegun, (fact) => {
    const { number, name, title, steps, told } = fact.data;
    const ofRun = { run: fact.id, number, name, title };
    return [
      show(idOf(fact), fact.id),
      ...told.map((each) =>
        tellOwner(
          fact,
          { ...ofRun, ...each },
          each.steps.map((step) => steps[step - 1]?.text ?? ''),
        ),
      ),
    ];
  }),
  on(facts.checklistStepDone, (fact) => {
    const { run, number, name, step, text, second } = fact.data;
    const id = idOf(fact);
    const ask = message(
      line(
        { bold: `${name} ${step}` },
        ` ${shorten(text, textMax)}: ${fact.actor.name} did it. Somebody else has a look and confirms it.`,
      ),
      buttons({ label: `Confirm ${step}`, command: stepLine('second', { number }, { name }, step) }),
    );
    return [...(second ? [tellIncident(fact, id, ask)] : []), show(id, run)];
  }),
  on(facts.checklistStepSeconded, (fact) => {
    const { run, name, step, text, doneBy, asked } = fact.data;
    const told = say(
      { bold: `${name} ${step}` },
      ` ${shorten(text, textMax)}: ${doneBy.name} did it, ${fact.actor.name} confirmed it.`,
    );
    return [sayInstead(idOf(fact), asked, told), show(idOf(fact), run)];
  }),
  on(facts.checklistStepUnchecked, (fact) => {
    const { run, name, step, text, asked } = fact.data;
    const told = say(
      { bold: `${name} ${step}` },
      ` ${shorten(text, textMax)}: open again (${fact.actor.name}).`,
    );
    const id = idOf(fact);
    return [asked === null ? tellIncident(fact, id, told) : sayInstead(id, asked, told), show(id, run)];
  }),
  on(facts.checklistStepSkipped, (fact) => {
    const { run, name, step, text, reason, asked } = fact.data;
    const id = idOf(fact);
    const skipped = say({ bold: `${name} ${step}` }, ` ${shorten(text, textMax)}: skipped.`);
    return [
      tellIncident(
        fact,
        id,
        say(
          { bold: `${name} ${step}` },
          ` ${shorten(text, textMax)}: skipped, ${shorten(reason, textMax)} (${fact.actor.name})`,
        ),
      ),
      ...(asked === null ? [] : [sayInstead(id, asked, skipped)]),
      show(id, run),
    ];
  }),
  on(facts.checklistFinished, (fact) => {
    const { title, done, skipped } = fact.data;
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    return [tellIncident(fact, idOf(fact), say({ bold: 'Finished' }, `: ${title}. ${done} done${left}.`), 1)];
  }),
  on(facts.checklistRedrawn, (fact) => [
    ...fact.data.runs.map((run) => show(idOf(fact), run)),
    ...fact.data.told.map((each) => tellOwner(fact, each, [])),
  ]),
  // The messages name who has the role, and whoever takes it is told of its steps.
  on(roleAssigned, (fact) => [look(fact, fact.data.role)]),
  on(changeUndone, (fact) =>
    fact.data.undone.some(({ what }) => what.includes('checklist')) ? [look(fact, null)] : [],
  ),
];

function look(fact: Fact, role: string | null): Effect {
  const incidentId = idOf(fact);
  return onIncident(
    incidentId,
    { do: 'decide', command: lookCommand, data: { incidentId, role, seq: fact.seq } },
    { step: 1, essential: true },
  );
}

// The slot of what is said of its beginning: where that is taken back, this message says so.
function show(incidentId: string, run: string): Effect {
  return onIncident(
    incidentId,
    { do: 'show', view: 'checklist', slot: saidSlot(run), destination: { to: 'incident' }, about: run },
    { essential: true, collapse: `checklist/${run}` },
  );
}

interface Told extends facts.ToldOwner {
  readonly run: string;
  readonly number: number;
  readonly name: string;
  readonly title: string;
}

function tellOwner(fact: Fact, told: Told, texts: readonly string[]): Effect {
  const { person, run, number, name, title, steps } = told;
  const count = steps.length === 1 ? 'a step is yours' : `${steps.length} steps are yours`;
  const [first = 1] = steps;
  return onIncident(
    idOf(fact),
    {
      do: 'say',
      slot: `checklist/${fact.id}/${run}/${person.id}`,
      destination: { to: 'person', userId: person.id, otherwise: { to: 'incident' } },
      message: message(
        line(
          { bold: title },
          ` in INC-${number}: ${count}${texts.length > 0 ? '.' : `: ${steps.join(', ')}.`}`,
        ),
        list(texts.map((text, at) => [{ bold: String(steps[at] ?? '') }, ` ${shorten(text, textMax)}`])),
        line({ code: stepLine('check', { number }, { name }, first) }, ' says that it is done.'),
        buttons({ label: `Done ${first}`, command: stepLine('check', { number }, { name }, first) }),
      ),
    },
    { essential: true },
  );
}
