// Asking what is watched: which heartbeats there are, when each was heard last, which are missing.
import type { Ask, Query } from '../../core/command.js';
import { line, list, type Message, message, type Span, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type HeartbeatRow, ownBeats } from './store.js';
import { dueAt, rhythm } from './words.js';

/** More than this nobody takes in on a phone. */
const listed = 20;

/** A heartbeat with when it was heard, and when it would be missed. */
export interface Listed {
  readonly row: HeartbeatRow;
  readonly lastAt: Date | null;
  readonly dueAt: Date;
}

/** Those that are watched, the missing ones first; one, where it is named. */
export async function readAll(tx: Tx, workspaceId: string, name?: string): Promise<Listed[]> {
  const rows = await tx.heartbeat.findMany({
    where: { workspaceId, ...(name === undefined ? {} : { name }) },
    orderBy: { name: 'asc' },
  });
  const names = name === undefined ? {} : { name: { in: [name, ownBeats.since] } };
  const beats = await tx.beat.findMany({ where: { workspaceId, ...names } });
  const at = new Map(beats.map((each) => [each.name, each.at]));
  const since = at.get(ownBeats.since) ?? null;
  const all = rows.map((row) => {
    const lastAt = at.get(row.name) ?? null;
    return { row, lastAt, dueAt: dueAt(row, lastAt, since) };
  });
  return all.sort((a, b) => orderOf(a.row) - orderOf(b.row));
}

function orderOf({ state }: HeartbeatRow): number {
  return ['missing', 'paused', 'alive'].indexOf(state);
}

export const heartbeatsQuery: Query = {
  verb: {
    ...{ surface: 'incident', words: ['heartbeats'], usage: '', onIncident: false },
    summary: 'What is watched: when each heartbeat was heard last, which are missing, which are paused.',
  },
  answer: async (tx: Tx, _values, ask: Ask) => tellAll(await readAll(tx, ask.workspace.id)),
};

function tellAll(all: readonly Listed[]): Message {
  if (all.length === 0)
    return say('No heartbeat is watched. To watch one: ', {
      code: '/incident heartbeat nightly-backup every:1d service:db',
    });
  const missing = all.filter(({ row }) => row.state === 'missing').length;
  const rest = all.length - listed;
  return message(
    line(
      { bold: missing === 0 ? 'No heartbeat is missing' : `${missing} of ${all.length} are missing` },
      missing === 0 ? `, of ${all.length} that ${all.length === 1 ? 'is' : 'are'} watched.` : '.',
    ),
    list(all.slice(0, listed).map(spansOf)),
    rest > 0 && line(`And ${rest} more, as JSON: `, { code: 'GET /api/v1/heartbeats' }),
  );
}

function spansOf({ row, lastAt }: Listed): Span[] {
  const heard: Span[] = lastAt ? ['last heard ', { at: lastAt }] : ['never heard'];
  const state: Span[] =
    row.state === 'paused' && row.pausedUntil
      ? ['paused until ', { at: row.pausedUntil }]
      : row.state === 'missing'
        ? [{ bold: 'missing' }, ' since ', { at: row.since }]
        : ['alive'];
  const whose = row.service ?? (row.team ? `the team ${row.team}` : null);
  return [
    { bold: row.name },
    `${whose ? ` (${whose})` : ''}: `,
    ...state,
    ', ',
    ...heard,
    `, ${rhythm(row)}`,
  ];
}
