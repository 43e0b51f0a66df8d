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
import { currentRoles } from '../roles/index.js';
import { progress } from './decide.js';
import { runOf } from './store.js';
import { type Holder, isOver, ownerText, type Run, type RunStep, stepLine, waitsForSecond } from './words.js';

const buttonsMax = 5;
const labelTextMax = 40;
const titleMax = 120;

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
export function checklistMessage(
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
export function stepSpans(step: RunStep, holders: readonly Holder[]): Span[] {
  const owner = ownerText(step.owner, holders);
  const head: Span[] = [{ bold: stateWord(step) }, ` · ${step.text}`];
  if (step.skipped)
    return [...head, ` · skipped by ${step.skipped.name} `, { at: new Date(step.skipped.at) }];
  if (!step.done)
    return [...head, `${owner ? ` · ${owner}` : ''}${step.second ? ' · a second person confirms it' : ''}`];
  const did: Span[] = [...head, ` · ${step.done.name} `, { at: new Date(step.done.at) }];
  if (step.seconded)
    return [...did, ` · confirmed by ${step.seconded.name} `, { at: new Date(step.seconded.at) }];
  return step.second ? [...did, ` · waits for somebody other than ${step.done.name}`] : did;
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

export const views: Readonly<Record<string, View>> = { checklist: checklistView };
