// Words that a key names, with the records in which they stand: a report may be an entry of an incident besides.
import type { Ask, Located } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { wordsOfPauses } from '../heartbeat/index.js';
import { incidentStream } from '../incident/index.js';
import { wordsOfPage } from '../paging/index.js';
import { lettersWith, wordsOfReport } from '../reports/index.js';
import { type Entry, entryFamily, madeBy } from '../timeline/index.js';
import { holdsWords, loadRedaction, messagesOf } from './copies.js';
import { type KeyedState, notTheirs, type RedactState } from './decide.js';
import { echoesOf } from './echoes.js';

/** What a key names: a report or a page by its number, a heartbeat by its name. */
export type Key =
  | { readonly of: 'report' | 'page'; readonly number: number }
  | { readonly of: 'heartbeat'; readonly name: string };

/** What was found before the lock. */
export interface Keyed extends Pick<KeyedState, 'of' | 'key' | 'id' | 'stream' | 'outsider'> {
  readonly workspaceId: string;
  readonly factIds: readonly string[];
}

/** Finds what a key names, with the streams of all records in which its words stand. */
export async function locateKeyed(tx: Tx, key: Key, ask: Ask): Promise<Located<Keyed>> {
  const found = await wordsOf(tx, key, ask);
  if ('refused' in found) return found;
  const { seen, ...words } = found.target;
  if (!seen && key.of === 'page') return { refused: { message: notTheirs(words.key) } };
  const told = await tx.fact.findMany({
    where: { id: { in: [...words.factIds] } },
    select: { incidentId: true },
  });
  const incidents = told.flatMap(({ incidentId }) => (incidentId ? [incidentStream(incidentId)] : []));
  return {
    streams: [...found.streams, words.stream, ...incidents],
    target: { ...words, of: key.of, outsider: !seen, workspaceId: ask.workspace.id },
  };
}

async function wordsOf(tx: Tx, key: Key, ask: Ask) {
  if (key.of === 'heartbeat') return wordsOfPauses(tx, key.name, ask);
  return key.of === 'page' ? wordsOfPage(tx, key.number, ask) : wordsOfReport(tx, key.number, ask);
}

/** All that a redaction of it knows, read under the lock. */
export async function readKeyed(tx: Tx, keyed: Keyed): Promise<KeyedState> {
  const { factIds, workspaceId, outsider, ...words } = keyed;
  const rows = await tx.fact.findMany({
    where: { id: { in: [...factIds] } },
    orderBy: { position: 'asc' },
  });
  const live = rows.filter((row) => !row.redacted && holdsWords(row.data as Record<string, unknown>));
  const ids = live.map(({ id }) => id);
  const loose = live.filter(({ incidentId }) => incidentId === null);
  // Of a report that is not theirs to see on an incident, the message that made it is theirs all the same.
  const asked = (outsider ? loose : live).map(({ requestId }) => requestId);
  const entries = await entriesOf(tx, ids);
  return {
    ...{ ...words, outsider, entries },
    loose: loose.map(({ id, recordedAt: at, requestId }) => ({ id, at, requestId })),
    wasRedacted: rows.some((row) => row.redacted),
    requestIds: await echoesOf(tx, workspaceId, ids),
    links: await messagesOf(tx, workspaceId, [], asked),
    sent: await lettersWith(tx, workspaceId, ids),
  };
}

// Of each incident one: a page may have been opened for one and have ended for another that this was merged into.
async function entriesOf(tx: Tx, factIds: readonly string[]): Promise<RedactState[]> {
  const rows = await tx.entry.findMany({ where: { id: { in: [...factIds] } }, orderBy: { seq: 'asc' } });
  const states: RedactState[] = [];
  for (const incidentId of new Set(rows.map((each) => each.incidentId))) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
    const mine = rows.filter((each) => each.incidentId === incidentId);
    const family = await kinOf(tx, mine);
    const entry = mine[0] ?? null;
    const made = await madeBy(tx, family);
    states.push(await loadRedaction(tx, { incident, entry, latest: entry, family, madeBy: made }));
  }
  return states;
}

async function kinOf(tx: Tx, entries: readonly Entry[]): Promise<Entry[]> {
  const families = await Promise.all(entries.map(({ incidentId, seq }) => entryFamily(tx, incidentId, seq)));
  return [...new Map(families.flatMap(({ family }) => family).map((each) => [each.id, each])).values()];
}
