// The message of a checklist in the incident's channel: each step, whose it is, who did it, and buttons for what is next.
import type { View } from '../../core/feature.js';
import {
  type ButtonSpec,
  buttons,
  line,
  list,
  type Message,
  message,
  type Span,
  shorten,
} from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey, isOpen } from '../incident/index.js';
import { currentRoles } from '../roles/index.js';
import { leftSlot } from './react.js';
import { membersOf, runOf, runsOf } from './store.js';
import {
  type Holder,
  isOver,
  ownerOf,
  ownerText,
  progress,
  type Run,
  type RunStep,
  type StepOwner,
  stepLine,
  waitsForSecond,
} from './words.js';

const buttonsMax = 5;
const labelTextMax = 40;
const titleMax = 120;
const ownTextMax = 200;
const noteMax = 120;
const leftMax = 5;

/** One checklist of an incident; what was taken back is not drawn. */
const checklistView: View = async (tx, id) => {
  const row = await tx.checklistRun.findUnique({ where: { id } });
  if (!row) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: row.incidentId } });
  return checklistMessage(incident, runOf(row), await holdersOf(tx, row.incidentId));
};

/** Who holds which role of an incident now. */
export async function holdersOf(tx: Tx, incidentId: string): Promise<Holder[]> {
  const held = await currentRoles(tx, incidentId);
  return held.map(({ role, userId, userName }) => ({ role, userId, userName }));
}

/** All of a checklist as it stands. */
function checklistMessage(
  incident: { readonly number: number },
  run: Run,
  holders: readonly Holder[],
): Message {
  return message(
    line(
      { bold: `Checklist: ${shorten(run.title, titleMax)}` },
      ` · ${progress(run)} · begun by ${run.startedBy.name}`,
    ),
    list(
      run.steps.map((step) => stepSpans(step, holders)),
      { ordered: true },
    ),
    buttons(...nextButtons(incident, run)),
    run.endedAt === null &&
      line({ code: stepLine('check', incident, run, 'STEP') }, ' says that one is done.'),
  );
}

/** A step in words: nothing rests on its look. */
function stepSpans(step: RunStep, holders: readonly Holder[]): Span[] {
  const owner = ownerSpan(step.owner, holders);
  const head: Span[] = [{ bold: stateWord(step) }, ` · ${step.text}`];
  if (step.skipped)
    return [
      ...head,
      ` · skipped by ${step.skipped.name} `,
      { at: new Date(step.skipped.at) },
      noteText(step.skipped.note),
    ];
  if (!step.done)
    return [
      ...head,
      ...(owner === '' ? [] : [' · ', owner]),
      step.second ? ' · a second person confirms it' : '',
    ];
  const { name, at, note } = step.done;
  const did: Span[] = [...head, ` · ${name} `, { at: new Date(at) }, noteText(note)];
  if (step.seconded)
    return [...did, ` · confirmed by ${step.seconded.name} `, { at: new Date(step.seconded.at) }];
  return step.second ? [...did, ` · waits for somebody other than ${step.done.name}`] : did;
}

// Slack says what somebody is called of whom only the id was written.
function ownerSpan(owner: StepOwner | null, holders: readonly Holder[]): Span {
  if (owner && !('role' in owner) && owner.id !== null && owner.id === owner.name)
    return { person: owner.id, name: owner.name };
  return ownerText(owner, holders);
}

function noteText(note: string | null): string {
  return note === null || note === '' ? '' : `: ${shorten(note, noteMax)}`;
}

function stateWord(step: RunStep): string {
  if (step.skipped) return 'skipped';
  if (isOver(step)) return 'done';
  return step.done ? 'to confirm' : 'open';
}

function nextButtons(incident: { readonly number: number }, run: Run): ButtonSpec[] {
  return run.steps
    .flatMap((step, at): ButtonSpec[] => {
      const number = at + 1;
      if (isOver(step)) return [];
      const text = shorten(step.text, labelTextMax);
      return waitsForSecond(step)
        ? [{ label: `Confirm ${number}: ${text}`, command: stepLine('second', incident, run, number) }]
        : [{ label: `Done ${number}: ${text}`, command: stepLine('check', incident, run, number) }];
    })
    .slice(0, buttonsMax);
}

/** To one person, `about` being the checklist and who they are: their steps as they stand. */
const ownerView: View = async (tx, about) => {
  const [id = '', userId = ''] = about.split(' ');
  const row = await tx.checklistRun.findUnique({ where: { id } });
  if (!row) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: row.incidentId } });
  const members = await membersOf(tx, incident);
  if (members && !members.has(userId)) return null;
  return ownerMessage(incident, runOf(row), userId, await holdersOf(tx, incident.id));
};

function ownerMessage(
  incident: { readonly number: number },
  run: Run,
  userId: string,
  holders: readonly Holder[],
): Message {
  const mine = run.steps.flatMap((step, at) =>
    ownerOf(step.owner, holders)?.id === userId ? [{ step, number: at + 1 }] : [],
  );
  const open = mine.filter(({ step }) => step.done === null && step.skipped === null);
  const head: Span[] = [{ bold: run.title }, ` in INC-${incident.number}: `];
  const [first] = open;
  if (!first)
    return message(
      line(...head, mine.length > 0 ? 'nothing is left of your steps.' : 'no step of it is yours now.'),
      list(mine.map(({ step, number }) => [{ bold: String(number) }, ' ', ...stepSpans(step, [])])),
    );
  const check = stepLine('check', incident, run, first.number);
  return message(
    line(...head, open.length === 1 ? 'a step is yours.' : `${open.length} steps are yours.`),
    list(open.map(({ step, number }) => [{ bold: String(number) }, ` ${shorten(step.text, ownTextMax)}`])),
    line({ code: check }, ' says that it is done.'),
    buttons({ label: `Done ${first.number}`, command: check }),
  );
}

/** What is left of checklists when an incident is over, said once. */
const leftView: View = async (tx, incidentId) => {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident || incident.mistaken || isOpen(incident.status)) return null;
  const open = (await runsOf(tx, incidentId)).filter((run) => run.endedAt === null);
  const key = incidentKey(incident);
  if (open.length === 0) {
    const where = { workspaceId_slot: { workspaceId: incident.workspaceId, slot: leftSlot(incidentId) } };
    const said = await tx.posted.findUnique({ where });
    return said && message(line(`No checklist of ${key} is left open.`));
  }
  return message(
    line({ bold: `${key} is over, and not every checklist is finished.` }),
    list(
      open.slice(0, leftMax).map((run): Span[] => {
        return [{ bold: run.name }, `: ${progress(run)}. `, ...leftSpans(incident, run)];
      }),
    ),
    open.length > leftMax && line({ code: `/incident checklists ${key}` }, ' shows them all.'),
  );
};

// The first that nobody did, and the first that waits for somebody else to look at it.
function leftSpans(incident: { readonly number: number }, run: Run): Span[] {
  const numberOf = (is: (step: RunStep) => boolean) => run.steps.findIndex(is) + 1;
  const name = (number: number) => `${number} ${shorten(run.steps[number - 1]?.text ?? '', ownTextMax)}`;
  const open = numberOf((step) => !isOver(step) && !waitsForSecond(step));
  const waits = numberOf(waitsForSecond);
  const by = run.steps[waits - 1]?.done?.name ?? '';
  return [
    ...(open > 0
      ? [
          `Open: ${name(open)}. `,
          { code: stepLine('check', incident, run, open) },
          ' or ',
          { code: stepLine('skip', incident, run, `${open} REASON`) },
        ]
      : []),
    ...(waits > 0
      ? [
          `${open > 0 ? '. ' : ''}To confirm, by somebody other than ${by}: ${name(waits)}. `,
          { code: stepLine('second', incident, run, waits) },
        ]
      : []),
  ];
}

export const views: Readonly<Record<string, View>> = {
  checklist: checklistView,
  checklistOwner: ownerView,
  checklistsLeft: leftView,
};
