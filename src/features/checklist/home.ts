// What is to be done of checklists by whoever looks, on their App Home: their steps, and those that they may confirm.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, openWhere, visibleTo } from '../incident/index.js';
import { runOf } from './store.js';
import { holdersOf } from './views.js';
import { type Holder, isOver, ownerOf, type Run, type RunStep, stepLine, waitsForSecond } from './words.js';

/** More than this nobody takes in on a phone. */
const shownMax = 5;
const readMax = 100;
const textMax = 150;
const labelMax = 70;

/** The open steps of whoever looks, of incidents that go on and that they may see. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const rows = await tx.checklistRun.findMany({
    where: { workspaceId: ask.workspace.id, endedAt: null },
    orderBy: { startedAt: 'asc' },
    take: readMax,
  });
  const incidents = await tx.incident.findMany({
    where: {
      id: { in: rows.map((each) => each.incidentId) },
      ...{ mistaken: false, ...openWhere },
      AND: [await visibleTo(tx, ask)],
    },
  });
  const own: Own[] = [];
  for (const row of rows) {
    const incident = incidents.find((each) => each.id === row.incidentId);
    if (!incident) continue;
    const holders = await holdersOf(tx, incident.id);
    // In a drill only those who take part have anything to do.
    if (incident.drill && !holders.some(({ userId }) => userId === ask.actor.id)) continue;
    own.push(...stepsFor(incident, runOf(row), holders, ask.actor.id));
  }
  return [
    ...own.slice(0, shownMax).flatMap(stepParts),
    ...(own.length > shownMax
      ? [line(`And ${own.length - shownMax} more: `, { code: '/incident checklists' })]
      : []),
  ];
}

interface Own {
  readonly incident: Incident;
  readonly run: Run;
  readonly number: number;
  readonly step: RunStep;
  readonly verb: 'check' | 'second';
}

function stepsFor(incident: Incident, run: Run, holders: readonly Holder[], me: string): Own[] {
  const leads = ownerOf({ role: 'commander' }, holders)?.id === me;
  return run.steps.flatMap((step, at): Own[] => {
    const mine = ownerOf(step.owner, holders)?.id === me;
    const of = { incident, run, step, number: at + 1 };
    if (waitsForSecond(step))
      return (mine || leads) && step.done?.id !== me ? [{ ...of, verb: 'second' }] : [];
    return mine && !isOver(step) ? [{ ...of, verb: 'check' }] : [];
  });
}

function stepParts({ incident, run, number, step, verb }: Own): Part[] {
  const key = incidentKey(incident);
  const what = verb === 'check' ? '' : `: ${step.done?.name ?? 'somebody'} did it, you may confirm it`;
  const label = `${verb === 'check' ? 'Done' : 'Confirm'} ${number} of ${run.name}, ${key}`;
  return [
    line(
      { bold: key },
      incident.drill ? ' (drill) ' : ' ',
      `${run.name} ${number} · ${shorten(step.text, textMax)}${what}`,
    ),
    buttons({ label: shorten(label, labelMax), command: stepLine(verb, incident, run, number) }),
  ];
}
