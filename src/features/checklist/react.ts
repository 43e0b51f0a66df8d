// What the world is told of checklists: one message that stays current, and a word to those who have something to do.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, message, say, shorten } from '../../core/message.js';
import {
  idOf,
  incidentMerged,
  isEnd,
  memberAdded,
  saidSlot,
  sayInstead,
  statusSet,
  tellIncident,
} from '../incident/index.js';
import { roleAssigned } from '../roles/index.js';
import { entryRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { stepLine } from './words.js';

/** What the program decides in its turn: who has steps now, and which messages are to be drawn anew. */
export const lookCommand = 'checklist.look';

const textMax = 200;

/** The slot of what is left of checklists when an incident is over. */
export const leftSlot = (incidentId: string) => `checklistsLeft/${incidentId}`;

export const reactions: Reaction[] = [
  on(facts.checklistBegun, (fact) => {
    const { told } = fact.data;
    return [show(idOf(fact), fact.id), ...told.map(({ person }) => tellOwner(fact, fact.id, person.id))];
  }),
  on(facts.checklistStepDone, (fact) => {
    const { number, name, step, text, second } = fact.data;
    const id = idOf(fact);
    const ask = message(
      line(
        { bold: `${name} ${step}` },
        ` ${shorten(text, textMax)}: ${fact.actor.name} did it. Somebody else has a look and confirms it.`,
      ),
      buttons({ label: `Confirm ${step}`, command: stepLine('second', { number }, { name }, step) }),
    );
    return [...(second ? [tellIncident(fact, id, ask)] : []), ...changed(fact)];
  }),
  on(facts.checklistStepSeconded, (fact) => {
    const { name, step, text, doneBy, asked } = fact.data;
    const told = say(
      { bold: `${name} ${step}` },
      ` ${shorten(text, textMax)}: ${doneBy.name} did it, ${fact.actor.name} confirmed it.`,
    );
    return [sayInstead(idOf(fact), asked, told), ...changed(fact)];
  }),
  on(facts.checklistStepUnchecked, (fact) => {
    const { name, step, text, asked } = fact.data;
    const told = say(
      { bold: `${name} ${step}` },
      ` ${shorten(text, textMax)}: open again (${fact.actor.name}).`,
    );
    const id = idOf(fact);
    return [asked === null ? tellIncident(fact, id, told) : sayInstead(id, asked, told), ...changed(fact)];
  }),
  on(facts.checklistStepSkipped, (fact) => {
    const { name, step, text, reason, asked } = fact.data;
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
      ...changed(fact),
    ];
  }),
  on(facts.checklistFinished, (fact) => {
    const { title, done, skipped } = fact.data;
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    return [tellIncident(fact, idOf(fact), say({ bold: 'Finished' }, `: ${title}. ${done} done${left}.`), 1)];
  }),
  on(facts.checklistRedrawn, (fact) => [
    ...fact.data.runs.map((run) => show(idOf(fact), run)),
    ...fact.data.shown.map((slot) => drawOwner(idOf(fact), slot)),
    ...fact.data.gone.map((slot) =>
      onIncident(
        idOf(fact),
        { do: 'replace', slot, message: say('That checklist was taken back: nothing of it is yours.') },
        { essential: true },
      ),
    ),
    ...fact.data.told.map(({ run, person }) => tellOwner(fact, run, person.id)),
    left(idOf(fact)),
  ]),
  on(statusSet, (fact) => (isEnd(fact.data.from, fact.data.to) ? [left(idOf(fact))] : [])),
  on(incidentMerged, (fact) => [left(idOf(fact))]),
  // The messages name who has the role, and whoever takes it is told of its steps.
  on(roleAssigned, (fact) => [look(fact, fact.data.role)]),
  // Whoever may know of a private incident from now on hears of their steps.
  on(memberAdded, (fact) => [look(fact, null, { member: fact.data.person.id })]),
  // The words of a redacted check or skip stood in the message.
  on(entryRedacted, (fact) => [look(fact, null)]),
  on(changeUndone, (fact) =>
    fact.data.undone.some(({ what }) => what.includes('checklist'))
      ? [look(fact, null, { gone: fact.data.undone.map(({ factId }) => factId) })]
      : [],
  ),
];

function look(
  fact: Fact,
  role: string | null,
  more: { readonly member?: string; readonly gone?: string[] } = {},
): Effect {
  const incidentId = idOf(fact);
  return onIncident(
    incidentId,
    {
      do: 'decide',
      command: lookCommand,
      data: { incidentId, role, ...more, seq: fact.seq },
    },
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

function tellOwner(fact: Fact, run: string, userId: string): Effect {
  return drawOwner(idOf(fact), `checklist/${run}/${userId}/${fact.id}`);
}

// Drawn when it is sent: whoever is told late is not told what is done already.
function drawOwner(incidentId: string, slot: string): Effect {
  const [, run = '', userId = ''] = slot.split('/');
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: 'checklistOwner',
      slot,
      destination: { to: 'person', userId, otherwise: { to: 'incident' } },
      about: `${run} ${userId}`,
    },
    { essential: true, collapse: slot },
  );
}

// Nothing is shown before the incident is over.
function left(incidentId: string): Effect {
  const slot = leftSlot(incidentId);
  return onIncident(
    incidentId,
    { do: 'show', view: 'checklistsLeft', slot, destination: { to: 'incident' } },
    { step: 1, essential: true, collapse: slot },
  );
}

function changed(fact: Fact<{ run: string; shown: readonly string[] }>): Effect[] {
  const id = idOf(fact);
  const { run, shown } = fact.data;
  return [show(id, run), ...shown.map((slot) => drawOwner(id, slot)), left(id)];
}
