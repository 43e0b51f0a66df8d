// A report: what a pipeline or a program says of a change, once or again, in any order.
import { type Ask, defineCommand, internalVerb, type Located } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { placesOf } from './announcing.js';
import { decideReport, type ReportState, type Told, tidied } from './reporting.js';
import { planOf, ranBeforeOf, referenceOf, whoAnswers } from './reporting-rules.js';
import { type Change, changeStream, componentsOf, isTheSame, readChange, takeChangeNumber } from './store.js';
import { surroundingsOf } from './surroundings.js';
import { type Component, isOver, ownSource, reportSchema } from './words.js';

/** How far back one looks for what a rollback takes back, where it does not say. */
const rollbackDays = 14;
const dayMs = 86_400_000;
/** Of one place so many changes are read to learn what runs there. */
const lookedAtMax = 20;

/** Records what is reported: announces the change that `(source, key)` names, or follows it. */
export const recordReport = defineCommand({
  verb: internalVerb('record report'),
  input: reportSchema,
  locate: (tx, report, ask) => locateReport(tx, tidied(report), ask),
  load: (tx, report, target: ReportTarget, ask) => loadReport(tx, tidied(report), target, ask),
  decide: (state, _report, ask) => decideReport(state, ask),
});

/** The change that a report is about, and the one that it takes back. */
export interface ReportTarget {
  readonly id: string;
  readonly known: boolean;
  readonly takenBackId: string | null;
}

/** Finds the streams of a report. */
export async function locateReport(tx: Tx, told: Told, ask: Ask): Promise<Located<ReportTarget>> {
  const row = await changeOfReport(tx, ask.workspace.id, told);
  const id = row?.id ?? ask.newId();
  const takenBackId = row ? row.rollbackOfId : await takenBackBy(tx, told, ask);
  const streams = [id, ...(takenBackId === null ? [] : [takenBackId])].map(changeStream);
  return { streams, target: { id, known: row !== null, takenBackId } };
}

/** The change that a report is about, as far as it is on record: by its key, else by the one that it names. */
export async function changeOfReport(
  tx: Tx,
  workspaceId: string,
  told: Pick<Told, 'source' | 'key' | 'change' | 'title' | 'rollback' | 'targets'>,
): Promise<Change | null> {
  const { source, key } = told;
  const row = await tx.change.findUnique({
    where: { workspaceId_source_key: { workspaceId, source, key } },
  });
  if (row) return row;
  const reference = referenceOf(told);
  if (reference === null) return null;
  const { number } = reference;
  const named = await tx.change.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  if (named === null || reference.explicit) return named;
  // Words may name a change for many reasons; they carry out one that is open, was announced here, and is there.
  if (named.source !== ownSource || isOver(named.state)) return null;
  const at = await componentsOf(tx, named.id);
  const meets = at.some((it) => told.targets.some((target) => target.service === it.service));
  return meets || at.length === 0 || told.targets.length === 0 ? named : null;
}

/** Reads all that a report is judged by, after the lock. */
export async function loadReport(
  tx: Tx,
  told: Told,
  { id, known, takenBackId }: ReportTarget,
  ask: Ask,
): Promise<ReportState> {
  const row = known ? await readChange(tx, id) : null;
  const report = { ...told, state: told.state ?? stateNow(row) };
  const environments = await environmentsOf(tx, ask.workspace.id);
  const before = row ? await componentsOf(tx, row.id) : [];
  const components = placesOf([...before, ...report.targets], environments);
  const owner = await ownerOf(tx, ask.workspace.id, report);
  const plan = planOf({ id, row, report, components, owner, now: ask.now });
  const around = await surroundingsOf(tx, plan, ask);
  return {
    ...{ id, row, report, before, components, plan, around },
    owner: whoAnswers(owner, report, components, around.neighbourhood),
    number: row ? row.number : await takeChangeNumber(tx, ask.workspace),
    came: row !== null && (await cameBefore(tx, row, report)),
    ranBefore: row === null && report.kind === 'deploy' ? await ranBefore(tx, components, ask) : null,
    takenBack: takenBackId === null ? null : await readChange(tx, takenBackId),
  };
}

function stateNow(row: Change | null): ReportState['report']['state'] {
  // Written by the projections from what the facts' schema checked.
  return (row?.state ?? 'planned') as ReportState['report']['state'];
}

// The same word again: the latest one is on the row, earlier ones only on record.
async function cameBefore(tx: Tx, row: Change, report: Told): Promise<boolean> {
  if (!isTheSame(row, report) || report.sequence === null || row.sequence === null) return false;
  const sequence = BigInt(report.sequence);
  if (sequence >= row.sequence) return sequence === row.sequence;
  const facts = await tx.fact.findMany({
    where: { workspaceId: row.workspaceId, stream: changeStream(row.id), type: 'ChangeReported' },
    select: { data: true },
  });
  return facts.some(({ data }) => {
    // What the fact's schema checked when it was stated.
    const before = (data as unknown as { report: Told }).report;
    return isTheSame(before, report) && before.sequence === report.sequence;
  });
}

/** Who is meant, by Slack's id, by name, or by the part of an address before the @. */
export async function ownerOf(
  tx: Tx,
  workspaceId: string,
  { owner }: Pick<Told, 'owner'>,
): Promise<Told['owner']> {
  if (owner === null) return null;
  if (owner.id !== null) {
    const person = await tx.person.findUnique({ where: { workspaceId_id: { workspaceId, id: owner.id } } });
    return person ? { id: person.id, name: person.name } : owner;
  }
  const word = owner.name.replace(/^@/, '').replace(/@.*$/, '').trim();
  const spelt = [owner.name, word, word.toLowerCase(), word.slice(0, 1).toUpperCase() + word.slice(1)];
  const found = await tx.person.findMany({
    where: { workspaceId, isBot: false, name: { in: spelt } },
    take: 2,
  });
  // Two people of one name: neither is meant for certain.
  return found.length === 1 && found[0] ? { id: found[0].id, name: found[0].name } : owner;
}

// What each place runs, by the latest deployment there; null where that is not known.
async function ranBefore(
  tx: Tx,
  components: readonly Component[],
  ask: Ask,
): Promise<{ readonly all: string | null; readonly some: string | null }> {
  const ran = [];
  for (const place of components) {
    const rows = await changesAt(tx, place, ask);
    const deploy = rows.find((row) => row.kind === 'deploy' && row.artifact !== null);
    ran.push(deploy?.state === 'succeeded' ? deploy.artifact : null);
  }
  return ranBeforeOf(ran);
}

// The latest that began at a place, newest first.
async function changesAt(tx: Tx, place: Component, ask: Ask, since?: Date): Promise<Change[]> {
  const targets = await tx.changeTarget.findMany({
    where: {
      ...{ workspaceId: ask.workspace.id, ...place },
      state: { notIn: ['planned', 'cancelled'] },
      ...(since ? { startsAt: { gte: since } } : {}),
    },
    orderBy: [{ startsAt: 'desc' }, { changeId: 'desc' }],
    take: lookedAtMax,
  });
  const ids = targets.map((each) => each.changeId);
  const rows = await tx.change.findMany({ where: { id: { in: ids } } });
  return rows.sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime() || b.number - a.number);
}

// What a rollback takes back: what it names, else the latest that was begun where it is.
async function takenBackBy(tx: Tx, told: Told, ask: Ask): Promise<string | null> {
  if (!told.rollback && told.rollbackOf === null) return null;
  const workspaceId = ask.workspace.id;
  const { source, rollbackOf } = told;
  if (rollbackOf !== null && rollbackOf !== told.key) {
    const number = referenceOf({ key: rollbackOf, title: '', rollback: false })?.number;
    const named =
      (await tx.change.findUnique({
        where: { workspaceId_source_key: { workspaceId, source, key: rollbackOf } },
      })) ??
      (number === undefined
        ? null
        : await tx.change.findUnique({ where: { workspaceId_number: { workspaceId, number } } }));
    if (named) return named.id;
  }
  const places = placesOf(told.targets, await environmentsOf(tx, workspaceId));
  const since = new Date(ask.now.getTime() - rollbackDays * dayMs);
  const rows = [];
  for (const place of places) rows.push(...(await changesAt(tx, place, ask, since)));
  const candidates = rows
    .filter((row) => !row.unchanged && row.rollbackOfId === null && row.state !== 'rolled_back')
    .filter((row) => told.artifact === null || row.artifact !== told.artifact)
    .sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime() || b.number - a.number);
  return candidates[0]?.id ?? null;
}
