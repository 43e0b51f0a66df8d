// What App Home says of changes: what is changing, and what of one's own nobody has said the end of.
import type { Ask } from '../../core/command.js';
import { buttons, line, list, type Part } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { inOrder, whereOf, withPlaces } from './list.js';
import { changeLine, stateSpans } from './phrases.js';
import { changeKey } from './words.js';

/** More than this nobody takes in on a phone. */
const shownMax = 8;
const waitingMax = 5;
const readMax = 100;
const startGraceMs = 15 * 60_000;
/** Where nobody said how long it takes. */
const longMs = 120 * 60_000;
/** What was to begin so long ago is forgotten rather than forgotten to be told. */
const forgottenMs = 7 * 86_400_000;

/** What is under way, and what is planned for today and was today; production first. */
export async function changingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const where = whereOf('today', ask);
  const found = await tx.change.findMany({ where, orderBy: { startsAt: 'desc' }, take: readMax });
  const production = inOrder(found.filter((each) => each.production && !each.unchanged));
  const all = [...production, ...inOrder(found.filter((each) => !production.includes(each)))];
  if (all.length === 0) return [];
  const shown = await withPlaces(tx, ask.workspace.id, all.slice(0, shownMax));
  return [
    list(shown.map((each) => changeLine(each.change, each.components, each.unknown))),
    ...(all.length > shown.length
      ? [line(`${all.length - shown.length} more: `, { code: '/change list today' })]
      : []),
  ];
}

/** One's own changes that should have begun, or ended, and nobody said so. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const now = ask.now.getTime();
  const own = await tx.change.findMany({
    where: {
      workspaceId: ask.workspace.id,
      ownerId: ask.actor.id,
      state: { in: ['planned', 'started'] },
      startsAt: { gte: new Date(now - forgottenMs), lte: ask.now },
    },
    orderBy: { startsAt: 'asc' },
    take: readMax,
  });
  const late = own.filter((each) => {
    if (each.state === 'planned')
      return each.plannedStart !== null && each.plannedStart.getTime() + startGraceMs <= now;
    const end = each.plannedEnd?.getTime() ?? (each.startedAt ?? each.startsAt).getTime() + longMs;
    return end <= now;
  });
  return late.slice(0, waitingMax).flatMap((each) => {
    const key = changeKey(each);
    const planned = each.state === 'planned';
    return [
      line(
        { bold: planned ? `Did ${key} begin?` : `Did ${key} end?` },
        ` ${each.title} · `,
        ...stateSpans(each),
      ),
      planned
        ? buttons(
            { label: `${key} began`, command: `/change start ${key}` },
            { label: `Move ${key}`, command: `/change move ${key}` },
            { label: `Cancel ${key}`, command: `/change cancel ${key}` },
          )
        : buttons(
            { label: `${key} is done`, command: `/change done ${key}` },
            { label: `${key} failed`, command: `/change fail ${key}` },
            { label: `${key} still runs`, command: `/change running ${key}` },
          ),
    ];
  });
}
