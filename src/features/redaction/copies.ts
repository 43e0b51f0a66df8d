// What holds the words of an entry, for its redaction: facts, answers, and messages of people.
import { oneLine } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { placeStream } from '../incident/index.js';
import { lettersWith } from '../reports/index.js';
import { type Entry, type OnEntry, strikesOf } from '../timeline/index.js';
import type { RedactState } from './decide.js';
import { echoesOf } from './echoes.js';

const wordKeys = ['text', 'reason', 'title', 'description'];
/** Fewer letters are in many titles by chance. */
const alikeFrom = 8;

/** Everything that holds the words of an entry and its kin, and what can be said of where else they are. */
export async function loadRedaction(
  tx: Tx,
  state: OnEntry & { family: readonly Entry[] },
): Promise<RedactState> {
  const { incident, family } = state;
  const ids = family.map((each) => each.id);
  const strikes = await strikesOf(tx, incident.id, ids);
  const rows = await tx.fact.findMany({
    where: { id: { in: [...ids, ...strikes] } },
    orderBy: { position: 'asc' },
    select: { id: true, type: true, data: true, requestId: true },
  });
  const title = rows.some((row) => row.type === 'IncidentDeclared');
  const requestIds = [...new Set(rows.map((row) => row.requestId))];
  const factIds = [
    ...new Set([
      ...rows.map((row) => row.id),
      ...(title ? await namedAfter(tx, incident) : []),
      ...(await saidBefore(tx, incident, ids)),
    ]),
  ];
  return {
    ...state,
    factIds,
    requestIds: [...new Set([...requestIds, ...(await echoesOf(tx, incident.workspaceId, factIds))])],
    // Of a page whoever redacts hears it by direct message, once its messages are drawn anew.
    sent: await lettersWith(tx, incident.workspaceId, factIds),
    title,
    hasWords: rows.some((row) => ids.includes(row.id) && holdsWords(row.data as Record<string, unknown>)),
    drafts: await tx.uploadedFile.count({ where: { incidentId: incident.id, removed: false } }),
    links: await messagesOf(tx, incident.workspaceId, family, requestIds),
    namesakes: await namedAlike(tx, incident, rows),
  };
}

/** Whether the data of a fact hold words that can be taken out. */
export function holdsWords(data: Readonly<Record<string, unknown>>): boolean {
  // An alert is kept as its sender told of it.
  const alert = (data.alert ?? {}) as Readonly<Record<string, unknown>>;
  return wordKeys.some((key) => data[key] || alert[key]);
}

// A channel is called after the title, and its name is on record.
async function namedAfter(tx: Tx, incident: OnEntry['incident']): Promise<string[]> {
  const places = await tx.fact.findMany({
    where: { workspaceId: incident.workspaceId, stream: placeStream(incident.id), type: 'PlaceOpened' },
    select: { id: true },
  });
  return places.map((each) => each.id);
}

// What an alert or a report said may have become the title of its incident.
async function namedAlike(
  tx: Tx,
  incident: OnEntry['incident'],
  rows: readonly { readonly type: string; readonly data: unknown }[],
): Promise<{ number: number; seq: number }[]> {
  if (rows.some((row) => row.type === 'IncidentDeclared')) return [];
  const words = rows.map(({ data }) => {
    const { text, alert } = data as { text?: unknown; alert?: { title?: unknown } };
    return String(text ?? alert?.title ?? '');
  });
  if (!words.some((each) => isAlike(incident.title, each))) return [];
  const declared = await tx.fact.findFirst({
    where: { incidentId: incident.id, type: 'IncidentDeclared', redacted: false },
    select: { seq: true },
  });
  return declared?.seq ? [{ number: incident.number, seq: declared.seq }] : [];
}

// A title is cut where it is long, with the service before it or the count of alerts behind it.
function isAlike(title: string, words: string): boolean {
  const plain = (text: string) => oneLine(text).toLowerCase();
  const name = plain(title)
    .replace(/ \(\d+ alerts\)$/, '')
    .replace(/…$/, '');
  const said = plain(words);
  if (said === '' || name === said) return said !== '';
  const parts = [name, name.slice(name.indexOf(': ') + 1).trim()];
  return parts.some((part) => {
    const [short, long] = part.length < said.length ? [part, said] : [said, part];
    return short.length >= alikeFrom && long.includes(short);
  });
}

// An alert says the same each time that it fires; a report was made before it was put on an incident.
async function saidBefore(
  tx: Tx,
  { workspaceId }: OnEntry['incident'],
  ids: readonly string[],
): Promise<string[]> {
  const rows = await tx.fact.findMany({
    where: { id: { in: [...ids] } },
    select: { stream: true, data: true },
  });
  const alerts = rows.flatMap(({ stream }) => (stream.startsWith('alert/') ? [stream] : []));
  const told = await tx.fact.findMany({
    where: { workspaceId, stream: { in: alerts } },
    select: { id: true },
  });
  const reports = rows.flatMap(({ data }) => (data as { reportId?: string }).reportId ?? []);
  return [...told.map((each) => each.id), ...reports];
}

/** The messages of people: an edited one is one, and who said it by a mention said it in one too. */
export async function messagesOf(
  tx: Tx,
  workspaceId: string,
  family: readonly Pick<Entry, 'permalink'>[],
  requestIds: readonly string[],
): Promise<string[]> {
  const { slackTeamUrl } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const taken = family.flatMap((each) => (each.permalink ? [each.permalink] : []));
  const mentions = requestIds.flatMap((id) => {
    const [, channel, ts = ''] = /^mention\/([^/]+)\/([\d.]+)$/.exec(id) ?? [];
    return slackTeamUrl && channel ? [`${slackTeamUrl}archives/${channel}/p${ts.replace('.', '')}`] : [];
  });
  return [...new Set([...taken, ...mentions])];
}
