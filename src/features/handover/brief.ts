// The brief: what somebody must know who takes over, or comes back from sleep, made from the record.
import {
  fewSpans,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { openText } from '../checklist/index.js';
import {
  affectedWhere,
  componentName,
  type Incident,
  incidentKey,
  isOpen,
  levelName,
} from '../incident/index.js';
import { answeredOn, holderText, pageKey, ringingOn, targetText } from '../paging/index.js';
import { currentRoles } from '../roles/index.js';
import { openTasks, taskSpans } from '../tasks/index.js';
import type { Entry } from '../timeline/index.js';
import { latestUpdate, nextUpdateDue, toldOf } from '../updates/index.js';
import { cameWithParts, freezeParts, goesOnParts } from './beside.js';
import { wordsFor } from './store.js';

const minuteMs = 60_000;

/** How much of each is shown: on a phone's screen, or of all that there is. */
interface Limits {
  readonly items: number;
  readonly words: number;
  /** Each in a line of its own; else all of a kind in one. */
  readonly apart: boolean;
}
export const short: Limits = { items: 3, words: 80, apart: false };
export const long: Limits = { items: 12, words: 400, apart: true };

/**
 * Where an incident stands, in lines, with the freezes of the instant `at` and how late an update was then; nothing else
 * that only a clock could say, so that it stays true as it is read.
 */
export async function briefParts(tx: Tx, incident: Incident, limits: Limits, at: Date): Promise<Part[]> {
  return [
    line({ bold: incidentKey(incident) }, ` ${shorten(incident.title, limits.words)}`),
    line(...stateSpans(incident, limits)),
    ...(await goesOnParts(tx, incident)),
    line(...(await affectedSpans(tx, incident, limits))),
    line('Roles: ', ...(await roleSpans(tx, incident))),
    line(...(await updateSpans(tx, incident, limits, at))),
    ...(await toldParts(tx, incident, limits)),
    ...(await taskParts(tx, incident, limits)),
    ...(await checklistParts(tx, incident)),
    ...entryParts('Open hypotheses', await entriesOf(tx, incident, 'hypothesis'), limits),
    ...entryParts('Decided last', (await entriesOf(tx, incident, 'decision')).toReversed(), limits),
    ...(await freezeParts(tx, incident, limits, at)),
    ...(await cameWithParts(tx, incident, limits.items)),
    ...(await pageParts(tx, incident, limits)),
  ];
}

/** The whole brief, as an answer; whoever took a role over finds there what the one before them said. */
export async function wholeBrief(tx: Tx, incident: Incident, userId: string, at: Date): Promise<Message> {
  const key = incidentKey(incident);
  const words = await wordsFor(tx, incident.id, userId);
  return message(
    ...words.map(({ role, from, text }) => line({ bold: `${from} to you, with ${role}` }, `: ${text}`)),
    ...(await briefParts(tx, incident, long, at)),
    line({ code: `/incident timeline ${key}` }, ' shows what happened; ', {
      code: `/incident tasks ${key}`,
    }),
  );
}

/** What is under way, a line of each kind: who is called, what is to be done, which checklists. */
export async function underWay(tx: Tx, incident: Incident): Promise<Part[]> {
  if (incident.mistaken) return [];
  return [
    ...(await pageParts(tx, incident, short)),
    ...(await taskParts(tx, incident, short)),
    ...(await checklistParts(tx, incident)),
  ];
}

function stateSpans(incident: Incident, { words }: Limits): Span[] {
  const flags = `${incident.drill ? ' · drill' : ''}${incident.private ? ' · private' : ''}`;
  const started: Span[] = incident.startedAt
    ? [' · started ', { at: incident.startedAt }]
    : [' · declared ', { at: incident.declaredAt }];
  const text = incident.statusText ? `: ${shorten(incident.statusText, words)}` : '';
  return [{ bold: incident.severity }, ' · ', { bold: incident.status }, `${text}${flags}`, ...started];
}

async function affectedSpans(tx: Tx, incident: Incident, { items }: Limits): Promise<Span[]> {
  const rows = await tx.impact.findMany({
    where: { incidentId: incident.id, ...affectedWhere },
    orderBy: { since: 'asc' },
  });
  if (rows.length === 0) return ['Affected: nothing that was said'];
  const names = rows.map((each) => `${componentName(each)} (${levelName(each.level)})`);
  return [`Affected: ${fewNames(names, items + 2)}`];
}

async function roleSpans(tx: Tx, incident: Incident): Promise<Span[]> {
  const held = await currentRoles(tx, incident.id);
  if (held.length === 0) return ['nobody has one'];
  return held.flatMap((each, i): Span[] => [
    `${i === 0 ? '' : ', '}${each.role} `,
    { person: each.userId, name: each.userName },
  ]);
}

async function updateSpans(tx: Tx, incident: Incident, { words }: Limits, at: Date): Promise<Span[]> {
  const last = await latestUpdate(tx, incident.id);
  const next = await nextUpdateDue(tx, incident);
  const late = next ? at.getTime() - next.getTime() : 0;
  const due: Span[] = next
    ? late >= minuteMs
      ? ['next one was due ', { at: next }, ', ', { bold: `late by ${showDuration(inMinutes(late))}` }]
      : ['next one due ', { at: next }]
    : ['none is due'];
  if (!last) return ['No update yet; ', ...due];
  return [
    'Updated ',
    { at: last.at },
    last.redacted ? ' (redacted); ' : `: ${shorten(last.text, words)}; `,
    ...due,
  ];
}

function inMinutes(ms: number): number {
  return ms - (ms % minuteMs);
}

async function toldParts(tx: Tx, incident: Incident, { items }: Limits): Promise<Part[]> {
  const told = await toldOf(tx, incident.id);
  const last = told.findLast(({ what }) => what === 'update') ?? told.at(-1);
  if (!last) return [];
  const what = last.number === null ? '' : ` (update ${last.number})`;
  const missed: Span[] =
    last.missed.length > 0 ? ['; not reached: ', ...fewSpans(last.missed, items + 3)] : [];
  return [
    line(
      `Told outside${what}: `,
      ...(last.to.length > 0 ? fewSpans(last.to, items + 3) : ['nobody']),
      ...missed,
      '; ',
      { at: last.at },
    ),
  ];
}

async function taskParts(tx: Tx, incident: Incident, limits: Limits): Promise<Part[]> {
  const tasks = await openTasks(tx, incident.id);
  const items = tasks.map((each) => taskSpans({ ...each, text: shorten(each.text, limits.words) }));
  return parts(`To be done (${tasks.length})`, items, limits);
}

async function checklistParts(tx: Tx, incident: Incident): Promise<Part[]> {
  const open = await openText(tx, incident.id);
  return open === null ? [] : [line(`Checklists: ${open}`)];
}

async function entriesOf(tx: Tx, incident: Incident, kind: string): Promise<Entry[]> {
  return tx.entry.findMany({
    where: {
      ...{ incidentId: incident.id, kind, struck: false, redacted: false, withdrawn: false },
      ...{ correctedBy: null, takenBackAt: null },
    },
    orderBy: { seq: 'asc' },
  });
}

function entryParts(what: string, entries: readonly Entry[], limits: Limits): Part[] {
  const items = entries.map((each): Span[] => [
    { bold: `#${each.seq}` },
    ` ${shorten(each.text, limits.words)} — ${each.authorName}`,
  ]);
  return parts(what, items, limits);
}

function parts(what: string, items: readonly (readonly Span[])[], limits: Limits): Part[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, limits.items);
  const more = items.length > shown.length ? `and ${items.length - shown.length} more` : '';
  if (limits.apart) return [line({ bold: what }), list(more ? [...shown, [more]] : shown)];
  const inOne = shown.flatMap((each, i): Span[] => [...(i === 0 ? [] : ['; ']), ...each]);
  return [line({ bold: what }, ': ', ...inOne, ...(more ? [`; ${more}`] : []))];
}

async function pageParts(tx: Tx, incident: Incident, { items }: Limits): Promise<Part[]> {
  const rings = (await ringingOn(tx, incident.id)).slice(0, items + 2);
  const had = isOpen(incident.status) ? await answeredOn(tx, incident.id) : [];
  const names = rings.map((each) => `${pageKey(each)} to ${targetText(each)}`);
  const holders = had.slice(-items - 2).map((each) => `${pageKey(each)}: ${holderText(each)} has it`);
  return [
    ...(names.length > 0 ? [line({ bold: 'Ringing, not answered: ' }, names.join(', '))] : []),
    ...(holders.length > 0 ? [line({ bold: 'Answered: ' }, holders.join('; '))] : []),
  ];
}
