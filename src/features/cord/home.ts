// What waits for somebody on their App Home: whether the cord of an incident that is over is still needed.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Freeze, freezeKey, readFrozen, windowNow } from '../freeze/index.js';
import { type Incident, incidentKey, isOpen, visibleTo } from '../incident/index.js';
import { commanderOf } from './ask.js';
import { freezeKept, freezeOwnerAsked } from './facts.js';

const shownMax = 4;
const reasonShown = 120;

/** The cords that are on although their incident is over, for their owner and whoever leads there. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const { id: workspaceId } = ask.workspace;
  const rows = await tx.freeze.findMany({
    where: { workspaceId, incidentId: { not: null }, overAt: { gt: ask.now }, drill: false },
    orderBy: { number: 'asc' },
  });
  const parts: Part[] = [];
  for (const freeze of rows.filter((row) => windowNow(readFrozen(row), ask.now) !== null)) {
    const incident = await overFor(tx, freeze, ask);
    if (incident && parts.length < shownMax * 2 && (await isAsked(tx, freeze)))
      parts.push(...questionParts(freeze, incident));
  }
  return parts;
}

async function overFor(tx: Tx, freeze: Freeze, ask: Ask): Promise<Incident | null> {
  const where = { id: freeze.incidentId ?? '', AND: [await visibleTo(tx, ask)] };
  const incident = await tx.incident.findFirst({ where });
  if (!incident || isOpen(incident.status)) return null;
  if (freeze.ownerId === ask.actor.id) return incident;
  return (await commanderOf(tx, incident))?.id === ask.actor.id ? incident : null;
}

async function isAsked(tx: Tx, { id, workspaceId, incidentId }: Freeze): Promise<boolean> {
  const facts = await tx.fact.findMany({
    where: { workspaceId, incidentId, type: { in: [freezeOwnerAsked.type, freezeKept.type] } },
    orderBy: { position: 'asc' },
  });
  const last = facts.findLast((each) => (each.data as { id: string }).id === id);
  return last?.type === freezeOwnerAsked.type;
}

function questionParts(freeze: Freeze, incident: Incident): Part[] {
  const key = freezeKey(freeze);
  return [
    line(
      { bold: key },
      ` is on until `,
      { at: freeze.overAt },
      `, and ${incidentKey(incident)} is over: ${shorten(freeze.reason, reasonShown)}. Is it still needed?`,
    ),
    buttons(
      { label: `Lift ${key}`, command: `/freeze lift ${key}`, style: 'primary' },
      { label: `Keep ${key}`, command: `/freeze keep ${key}` },
    ),
  ];
}
