// Reads an incident's rows into the record from which drafts, files and the API are made.
import type { WorkspaceRef } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, type KeyTimes, shapeOf } from '../incident/index.js';
import { allEntries, entryOfRow } from '../timeline/index.js';
import { durationsOf } from './durations.js';
import { type IncidentRecord, incidentRecord } from './record.js';

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
    changes: [],
    freezes: [],
    followups: [],
    zone: workspace.zone,
    keyTimes: incident.keyTimes as KeyTimes,
    declaredBy: { id: incident.declaredById, name: incident.declaredByName },
    links: links.map(({ url, title }) => ({ url, title })),
    channel: channelOf(incident, slackTeamUrl),
    lastHash: chain?.hash ?? null,
    summaryText: incident.statusText,
  });
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
