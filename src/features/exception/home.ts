// What waits for somebody on their App Home: exceptions to approve, and broken glass to review.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf } from '../catalog/index.js';
import { permittedTo } from '../permission/index.js';
import { type NamedFreeze, namedFreezes } from './load.js';
import { type Approvers, approversOf, mayAnswer } from './people.js';
import { type FreezeException, freezesOf } from './store.js';
import { exceptionKey, freezesText } from './words.js';

const shownMax = 8;
const readMax = 50;
const reasonMax = 120;

/** The exceptions that wait for an answer or a review of whoever looks. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const { id: workspaceId } = ask.workspace;
  const requested = await tx.freezeException.findMany({
    where: { workspaceId, expiresAt: { gt: ask.now }, state: 'requested' },
    ...oldestFirst,
  });
  const broken = await tx.freezeException.findMany({
    where: { workspaceId, emergency: true, reviewedAt: null },
    ...oldestFirst,
  });
  if (requested.length + broken.length === 0) return [];
  const { approvers: team } = await settingsOf(tx, workspaceId);
  const permitted = await permittedTo(tx, workspaceId, 'approve_exception');
  const mine: FreezeException[] = [];
  for (const row of [...requested, ...broken]) {
    const named = await namedFreezes(tx, workspaceId, freezesOf(row));
    if (row.state === 'requested' && isMoot(named, ask.now)) continue;
    if (isMine(approversOf(named, team, permitted, row.requestedById), row, named, ask)) mine.push(row);
  }
  return mine
    .slice(0, shownMax)
    .flatMap((row) => (row.state === 'requested' ? askParts(row) : reviewParts(row)));
}

// What froze it is over: it needs no answer any more.
function isMoot(named: readonly NamedFreeze[], now: Date): boolean {
  return named.length > 0 && named.every(({ frozen }) => frozen.overAt <= now);
}

const oldestFirst = { orderBy: { number: 'asc' }, take: readMax } as const;

// Where any person may, it waits for nobody in particular, unless it is asked for now; a drill is nobody else's.
function isMine(
  approvers: Approvers,
  row: FreezeException,
  named: readonly NamedFreeze[],
  ask: Ask,
): boolean {
  const drill = named.length > 0 && named.every(({ frozen }) => frozen.drill);
  const inCharge = approvers.people.some(({ id }) => id === ask.actor.id);
  if (drill && !inCharge) return false;
  return mayAnswer(approvers, ask.actor, row.requestedById);
}

function askParts(row: FreezeException): Part[] {
  const key = exceptionKey(row);
  return [
    line(
      { bold: key },
      ` ${row.requestedByName} asks for a way through ${freezesText(freezesOf(row))}: ${shorten(row.reason, reasonMax)}`,
    ),
    buttons(
      { label: `Approve ${key}`, command: `/freeze approve ${key}`, style: 'primary' },
      { label: `Deny ${key}`, command: `/freeze deny ${key}` },
    ),
  ];
}

function reviewParts(row: FreezeException): Part[] {
  const key = exceptionKey(row);
  return [
    line(
      { bold: key },
      ` ${row.requestedByName} broke the glass, through ${freezesText(freezesOf(row))}: ${shorten(row.reason, reasonMax)}. Your review is due by `,
      { at: row.reviewDueAt ?? row.expiresAt },
      '.',
    ),
    buttons({ label: `Review ${key}`, command: `/freeze review ${key}` }),
  ];
}
