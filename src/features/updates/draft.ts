// The draft of an update, made from the record. Only what was said for others is taken from people: the words of a status.
import type { Ask } from '../../core/command.js';
import { readFact } from '../../core/fact.js';
import { showInstant } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf } from '../catalog/index.js';
import {
  affectedWhere,
  componentName,
  type Incident,
  impactSet,
  isOpen,
  levelName,
  severitySet,
  severityWord,
  statusSet,
} from '../incident/index.js';
import { cadenceOf } from './promise.js';
import { readUpdates } from './store.js';

const minuteMs = 60_000;
const stepsMax = 8;

interface Step {
  readonly at: Date;
  readonly text: string;
}

/** What the form of an update begins with. */
export async function draftOf(
  tx: Tx,
  incident: Incident,
  ask: Ask,
): Promise<Readonly<Record<string, string>>> {
  const [latest = null] = await readUpdates(tx, incident.id);
  const steps = await stepsSince(tx, incident, latest?.at ?? null);
  const { cadence } = await settingsOf(tx, incident.workspaceId);
  const every = cadenceOf(cadence, severityWord.parse(incident.severity));
  const { zone } = ask.workspace;
  const lines = [
    `${incident.drill ? 'DRILL: ' : ''}${stateText(incident)}`,
    await affectedText(tx, incident, zone),
    ...(latest ? [`Since the last update (${showInstant(latest.at, zone)}):`] : []),
    ...steps.slice(-stepsMax).map(({ at, text }) => `- ${showInstant(at, zone)} ${text}`),
    ...(latest && steps.length === 0 ? ['- nothing new'] : []),
    incident.mitigatedAt ? `The impact was over at ${showInstant(incident.mitigatedAt, zone)}.` : '',
  ];
  const next = isOpen(incident.status) && every !== null ? `${Math.round(every / minuteMs)}m` : '';
  return { text: lines.filter((each) => each !== '').join('\n'), ...(next ? { next } : {}) };
}

function stateText(incident: Incident): string {
  const text = incident.statusText ? ` ${incident.statusText}` : '';
  switch (incident.status) {
    case 'investigating':
      return `We are investigating a problem.${text}`;
    case 'identified':
      return `We know what is wrong and are working on it.${text}`;
    case 'monitoring':
      return `A repair is in, and we are watching it.${text}`;
    default:
      return `It is over.${text}`;
  }
}

async function affectedText(tx: Tx, incident: Incident, zone: string): Promise<string> {
  const impacts = await tx.impact.findMany({
    where: { incidentId: incident.id, ...affectedWhere },
    orderBy: { since: 'asc' },
  });
  const since = incident.startedAt ? ` since ${showInstant(incident.startedAt, zone)}` : '';
  if (impacts.length === 0) return since === '' ? '' : `It began at ${since.slice(' since '.length)}.`;
  const names = impacts.map((each) => `${componentName(each)} (${levelName(each.level)})`);
  return `Affected${since}: ${[...new Set(names)].join(', ')}.`;
}

// What is said of the state, without the reasons that people gave each other.
async function stepsSince(tx: Tx, incident: Incident, since: Date | null): Promise<Step[]> {
  const rows = await tx.fact.findMany({
    where: {
      incidentId: incident.id,
      type: { in: [severitySet.type, statusSet.type, impactSet.type] },
      ...(since ? { recordedAt: { gt: since } } : {}),
    },
    orderBy: { position: 'asc' },
  });
  const entries = await tx.entry.findMany({
    where: { id: { in: rows.map(({ id }) => id) }, takenBackAt: null, struck: false },
    select: { id: true },
  });
  const standing = new Set(entries.map(({ id }) => id));
  return rows
    .filter(({ id }) => standing.has(id))
    .map((row) => {
      const fact = readFact(row);
      return { at: fact.occurredAt ?? fact.recordedAt, text: stepText(fact) };
    });
}

function stepText(fact: ReturnType<typeof readFact>): string {
  if (fact.type === severitySet.type) {
    const { from, to } = severitySet.read(fact).data;
    return `severity ${to}, was ${from}`;
  }
  if (fact.type === impactSet.type) {
    const { component, level } = impactSet.read(fact).data;
    return `${componentName(component)}: ${levelName(level)}`;
  }
  const { to, text } = statusSet.read(fact).data;
  return text ? `${to}: ${text}` : to;
}
