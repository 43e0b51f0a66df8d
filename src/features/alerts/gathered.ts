// Alerts that share a line in the channel: what was said there already, and what a minute brought.
import { z } from 'zod';
import { accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Fact, readFact } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, isOpen } from '../incident/index.js';
import { type AlertData, alertFired, alertFlaps, alertsCounted } from './facts.js';
import type { Lines, Placed } from './rules.js';
import { alertStream, alertsStream, gatheredNamed, gravityOf, linesMax } from './words.js';

const minuteMs = 60_000;
/** How many of the latest alerts of an incident are read; where there are so many, it is a storm. */
const readMax = 5 * linesMax;
/** How many streams one query asks for. */
const streamsMax = 500;

/** What the channels of the incidents that alerts join were told of their alerts. */
export async function linesOf(
  tx: Tx,
  placings: readonly Placed[],
  now: Date,
): Promise<ReadonlyMap<string, Lines>> {
  const joined = placings.flatMap(({ home }) => (home && home !== 'new' ? [home.id] : []));
  const lines = new Map<string, Lines>();
  for (const incidentId of new Set(joined)) {
    const rows = await tx.fact.findMany({
      where: { incidentId, type: { in: [alertFired.type, alertFlaps.type] } },
      orderBy: { seq: 'desc' },
      take: readMax,
    });
    const all = rows.map((row) => toldBy(readFact(row)));
    const since = now.getTime() - minuteMs;
    lines.set(incidentId, {
      said: rows.length === readMax ? linesMax : all.filter((each) => each === 'said').length,
      recent: rows.some(({ recordedAt }, at) => all[at] !== null && recordedAt.getTime() > since),
    });
  }
  return lines;
}

function toldBy(fact: Fact): 'said' | 'held' | null {
  if (fact.type === alertFlaps.type) return alertFlaps.read(fact).data.said ? 'said' : null;
  const { said, held } = alertFired.read(fact).data;
  return said ? 'said' : held ? 'held' : null;
}

export const gatherInput = z.object({
  incidentId: z.string(),
  from: z.coerce.date(),
  to: z.coerce.date(),
});

/** What a minute brought. */
interface Gathered {
  readonly incident: Incident | null;
  /** Each alert that waits to be said, once; the newest first. */
  readonly alerts: readonly AlertData[];
}

/** Says in one line what a minute brought beside the lines that were said. */
export const gather = defineCommand<z.infer<typeof gatherInput>, null, Gathered>({
  verb: internalVerb('alerts gather'),
  input: gatherInput,
  locate: async () => ({ streams: [alertsStream], target: null }),
  async load(tx, { incidentId, from, to }, _target, ask) {
    const incident = await tx.incident.findUnique({ where: { id: incidentId } });
    const held = incident ? await heldIn(tx, ask.workspace.id, incidentId, { gte: from, lt: to }) : [];
    return { incident, alerts: held };
  },
  decide: decideGather,
});

function decideGather({ incident, alerts }: Gathered): Decision {
  if (!incident || !isOpen(incident.status) || alerts.length === 0) return refuse(say('Nothing to say.'));
  const { id, number } = incident;
  const critical = alerts.every(({ severity }) => gravityOf(severity).calls);
  const newest = alerts.slice(0, gatheredNamed).map(({ source, fingerprint }) => ({ source, fingerprint }));
  // No entry: each of them has its own, or is counted with its delivery.
  const fact = alertsCounted(
    {
      ...{ incident: { id, number }, fired: alerts.length, resolved: 0, unlisted: 0, truncated: 0 },
      gathered: { critical, newest },
    },
    { stream: alertsStream },
  );
  return accept([fact], message());
}

async function heldIn(
  tx: Tx,
  workspaceId: string,
  incidentId: string,
  recordedAt: { gte: Date; lt: Date },
): Promise<AlertData[]> {
  const rows = await tx.alert.findMany({
    where: { incidentId },
    select: { source: true, fingerprint: true },
  });
  const streams = rows.map(alertStream);
  const after = await lastPosition(tx, workspaceId, incidentId);
  const facts: { position: number; fact: Fact }[] = [];
  for (let at = 0; at < streams.length; at += streamsMax) {
    const found = await tx.fact.findMany({
      where: {
        ...{ workspaceId, stream: { in: streams.slice(at, at + streamsMax) }, type: alertFired.type },
        ...{ recordedAt, position: { gt: after } },
      },
    });
    facts.push(...found.map((row) => ({ position: row.position, fact: readFact(row) })));
  }
  const held = facts
    .sort((a, b) => b.position - a.position)
    .map(({ fact }) => alertFired.read(fact).data)
    .filter((each) => each.held && each.incident?.id === incidentId)
    .map(({ alert }) => alert);
  return [...new Map([...held].reverse().map((alert) => [alertStream(alert), alert])).values()].reverse();
}

const readLines = 50;

// Where a delivery came late into a minute that was said, only it is said.
async function lastPosition(tx: Tx, workspaceId: string, incidentId: string): Promise<number> {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: alertsStream, type: alertsCounted.type },
    orderBy: { version: 'desc' },
    take: readLines,
  });
  const said = rows.find((row) => {
    const { incident, gathered } = alertsCounted.read(readFact(row)).data;
    return gathered !== null && incident.id === incidentId;
  });
  return said?.position ?? 0;
}
