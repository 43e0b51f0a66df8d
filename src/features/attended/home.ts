// What waits for somebody on their App Home: to say whether they cover a change, and whether one works.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf } from '../catalog/index.js';
import { type Change, changeKey } from '../change/index.js';
import { startOf } from './due.js';

const shownMax = 8;
const titleMax = 120;

/** The questions of cover and validation that wait for whoever looks. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const workspaceId = ask.workspace.id;
  const me = ask.actor.id;
  const { supportPeople } = await settingsOf(tx, workspaceId);
  const mine = supportPeople.some((each) => each.id === me)
    ? {}
    : { OR: [{ ownerId: me }, { coverId: me, cover: 'given' }] };
  const order = { orderBy: { startsAt: 'asc' }, take: shownMax } as const;
  const asked = await tx.change.findMany({
    where: {
      ...{ workspaceId, coverId: me, cover: 'asked' },
      state: { in: ['planned', 'started', 'validating'] },
    },
    ...order,
  });
  const open = await tx.change.findMany({
    where: { workspaceId, state: 'validating', validation: 'asked', ...mine },
    ...order,
  });
  return [...open.flatMap(validationParts), ...asked.flatMap(coverParts)];
}

function coverParts(change: Change): Part[] {
  const key = changeKey(change);
  return [
    line(
      'Will you cover ',
      { bold: key },
      ` ${shorten(change.title, titleMax)}? It begins `,
      {
        at: startOf(change),
      },
      '.',
    ),
    buttons(
      { label: `I will cover ${key}`, command: `/change cover ${key}`, style: 'primary' },
      { label: `I cannot cover ${key}`, command: `/change decline ${key}` },
    ),
  ];
}

function validationParts(change: Change): Part[] {
  const key = changeKey(change);
  return [
    line('Does everything still work after ', { bold: key }, ` ${shorten(change.title, titleMax)}?`),
    buttons(
      { label: `${key} is good`, command: `/change validate ${key} good`, style: 'primary' },
      { label: `Something is wrong with ${key}`, command: `/change validate ${key} bad` },
    ),
  ];
}
