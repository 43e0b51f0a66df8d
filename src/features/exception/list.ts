// Exceptions in a list: those that wait for an answer, those that are good, and reviews that are due.
import type { Ask, Query } from '../../core/command.js';
import { line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { findException } from './commands.js';
import { isUnseen, namedFreezes } from './load.js';
import { type FreezeException, freezesOf, usesOf } from './store.js';
import { exceptionMessage, forText, stateSpans } from './views.js';
import { exceptionKey, freezesText, readExceptionKey } from './words.js';

const shownMax = 20;
const reasonMax = 80;

/** Those that still count for something at an instant: asked for, good, or to be reviewed. */
export async function openExceptions(tx: Tx, ask: Ask): Promise<FreezeException[]> {
  const { now } = ask;
  const workspaceId = ask.workspace.id;
  const rows = await tx.freezeException.findMany({
    where: { workspaceId, expiresAt: { gt: now }, state: { in: ['requested', 'approved'] } },
    orderBy: { number: 'desc' },
  });
  const broken = await tx.freezeException.findMany({
    where: { workspaceId, emergency: true, reviewedAt: null },
    orderBy: { number: 'desc' },
  });
  const good = rows.filter((row) => row.state === 'requested' || usesOf(row).length < row.usesMax);
  const all = new Map([...good, ...broken].map((row) => [row.id, row]));
  const seen: FreezeException[] = [];
  for (const row of all.values()) if (!(await isUnseen(tx, row, ask))) seen.push(row);
  return seen.sort((a, b) => b.number - a.number);
}

export const exceptionsQuery: Query = {
  verb: {
    surface: 'freeze',
    words: ['exceptions'],
    usage: '[ID]',
    summary: 'The exceptions that wait for an answer, those that are good, and reviews that are due.',
    example: '/freeze exceptions EXC-2',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    if (typeof values.id === 'string') return one(tx, values.id, ask);
    const rows = await openExceptions(tx, ask);
    if (rows.length === 0)
      return say(
        'Nobody waits for an exception, and none is good. ',
        { code: '/freeze except FRZ-3 change:CHG-7 REASON' },
        ' asks for one.',
      );
    const items: Span[][] = [];
    for (const row of rows.slice(0, shownMax)) items.push(await rowSpans(tx, row, ask));
    const more = rows.length - items.length;
    return message(
      line({ bold: `Exceptions: ${rows.length}` }),
      list(items),
      more > 0 && line(`${more} more, older.`),
      line({ code: '/freeze exceptions EXC-2' }, ' shows all of one.'),
    );
  },
};

// Nobody answered in time, and the program has not said so yet.
function asOf(row: FreezeException, now: Date): FreezeException {
  return row.state === 'requested' && row.expiresAt <= now ? { ...row, state: 'lapsed' } : row;
}

async function one(tx: Tx, word: string, ask: Ask): Promise<Message> {
  const number = readExceptionKey(word);
  const row = number === null ? null : await findException(tx, number, ask);
  if (row) return exceptionMessage(tx, asOf(row, ask.now));
  return say(
    `There is no “${shorten(word, 40)}”. `,
    { code: '/freeze exceptions' },
    ' shows those that there are.',
  );
}

async function rowSpans(tx: Tx, row: FreezeException, ask: Ask): Promise<Span[]> {
  const named = await namedFreezes(tx, row.workspaceId, freezesOf(row));
  const due: Span[] =
    row.emergency && !row.reviewedAt && row.reviewDueAt
      ? [
          { bold: row.reviewDueAt <= ask.now ? ' Its review is overdue' : ' Its review is due' },
          ': ',
          { code: `/freeze review ${exceptionKey(row)} TEXT` },
          '.',
        ]
      : [];
  const state: Span[] =
    row.state === 'approved' && row.expiresAt <= ask.now
      ? [{ bold: 'Past' }, ' since ', { at: row.expiresAt }, '.']
      : await stateSpans(tx, row, named);
  return [
    { bold: exceptionKey(row) },
    `${row.emergency ? ' (the glass was broken)' : ''} ${row.requestedByName}, through ${freezesText(freezesOf(row))}: ${shorten(row.reason, reasonMax)}. ${await forText(tx, row)}. `,
    ...state,
    ...due,
  ];
}
