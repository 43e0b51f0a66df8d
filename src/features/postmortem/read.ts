// Reads an incident's rows into the record from which drafts, files and the API are made.
import type { WorkspaceRef } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { changeKey, componentsOf } from '../change/index.js';
import { type RunStep, stepsLeft } from '../checklist/index.js';
import { componentName, type Incident, type KeyTimes, shapeOf } from '../incident/index.js';
import { reasonsOf, suspectsOf } from '../suspects/index.js';
import { type Task, taskKey, tasksOf } from '../tasks/index.js';
import { allEntries, entryOfRow } from '../timeline/index.js';
import { durationsOf } from './durations.js';
import { freezesOnRecord } from './freezes.js';
import { type ChangeOnRecord, type IncidentRecord, incidentRecord } from './record.js';

/** The whole record of an incident, as it stands. */
export async function readRecord(
  tx: Tx,
  incidentId: string,
  workspace: WorkspaceRef,
): Promise<IncidentRecord> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const entries = await allEntries(tx, incidentId);
  const impacts = await tx.impact.findMany({ where: { incidentId }, orderBy: { since: 'asc' } });
  const roles = await tx.roleHolding.findMany({ where: { incidentId }, orderBy: { since: 'asc' } });
  const links = await tx.link.findMany({ where: { incidentId }, orderBy: { at: 'asc' } });
  const tasks = await tasksOf(tx, incidentId);
  const left = await stepsLeft(tx, incidentId);
  const chain = await tx.chain.findUnique({ where: { incidentId } });
  const { slackTeamUrl } = await tx.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  const shape = shapeOf(incident, impacts);
  return incidentRecord.parse({
    ...shape,
    roles: roles.map((each) => ({
      role: each.role,
      user: { id: each.userId, name: each.userName },
      from: each.sinceUnknown ? null : iso(each.since),
      until: each.untilUnknown ? null : iso(each.until),
    })),
    durations: durationsOf(shape),
    timeline: entries.map((entry) => ({ ...entryOfRow(entry), strikeReason: entry.strikeReason })),
    changes: await changesOnRecord(tx, incidentId),
    freezes: await freezesOnRecord(tx, incident),
    followups: tasks.filter(({ kind }) => kind === 'followup').map(taskOnRecord),
    tasks: tasks.filter(({ kind }) => kind === 'task').map(taskOnRecord),
    ...(left.length > 0 ? { stepsLeft: left.map(stepOnRecord) } : {}),
    zone: workspace.zone,
    keyTimes: incident.keyTimes as KeyTimes,
    declaredBy: { id: incident.declaredById, name: incident.declaredByName },
    links: links.map(({ url, title }) => ({ url, title })),
    channel: channelOf(incident, slackTeamUrl),
    lastHash: chain?.hash ?? null,
    summaryText: incident.statusText,
  });
}

// Those that a person confirmed first, then the suspects, then what began after it.
async function changesOnRecord(tx: Tx, incidentId: string) {
  const { causes, ranked, after, others } = await suspectsOf(tx, incidentId);
  const changes: ChangeOnRecord[] = [];
  for (const { row, change } of [...causes, ...ranked, ...after, ...others]) {
    changes.push({
      ...{ key: changeKey(change), title: change.title, kind: change.kind, state: change.state },
      components: (await componentsOf(tx, change.id)).map(componentName),
      owner: { id: change.ownerId ?? '', name: change.ownerName },
      startedAt: iso(change.startedAt),
      finishedAt: iso(change.finishedAt),
      url: change.url,
      // Written by the projection of what the fact's schema checked.
      relation: row.answer as ChangeOnRecord['relation'],
      ...{ rank: row.rank, reasons: reasonsOf(row), after: row.after },
    });
  }
  return changes;
}

function taskOnRecord(task: Task) {
  const { text, ownerId, ownerName, dueAt, state } = task;
  const owner = ownerId === null ? null : { id: ownerId, name: ownerName ?? ownerId };
  return { key: taskKey(task), text, owner, dueAt: iso(dueAt), done: state === 'done' };
}

function stepOnRecord({ name, number, step }: { name: string; number: number; step: RunStep }) {
  return { key: `${name} ${number}`, text: step.text, done: false };
}

function channelOf(incident: Incident, teamUrl: string | null) {
  if (incident.placeKind !== 'channel' || !incident.channelId || !teamUrl) return null;
  return {
    name: incident.channelName ?? incident.channelId,
    url: `${teamUrl}archives/${incident.channelId}`,
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
