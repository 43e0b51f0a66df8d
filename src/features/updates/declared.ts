// What people outside read first of an incident, what they read when it does not concern them after all, and what the
// channel of announcements reads when it gets graver.
import { type Fact, readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { line, message, type Part, type Span, shorten } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import {
  announcementSlot,
  componentName,
  type Incident,
  incidentKey,
  incidentStream,
  isOpen,
  severitySet,
} from '../incident/index.js';
import { changeUndone } from '../undo/index.js';
import { type Copy, copy, heading, titleMax } from './copy.js';
import { isOverdue } from './remind.js';
import { readDelivered, readUpdates, readWaiting, undoneBy } from './store.js';
import { promisedSpans, raisedSlot } from './words.js';

const placesShown = 6;
const quotedMax = 1_000;

/** That there is an incident: to whoever hears of it only now, also why now, and what was said so far. */
export async function declaredCopy(
  tx: Tx,
  incident: Incident,
  fact: Fact,
  inChannel: boolean,
): Promise<Copy> {
  const set = fact.type === severitySet.type ? severitySet.read(fact).data : null;
  const raised = set !== null && set.from !== incident.severity;
  const now = `${incidentKey(incident)} is ${incident.severity} now`;
  const at: Span = { at: incident.declaredAt };
  const places = `Affected: ${await affected(tx, incident)}.`;
  return copy(
    raised ? `it is ${incident.severity} now` : 'an incident was declared',
    heading(incident),
    ...(raised
      ? [line({ bold: now }, `, was ${set.from}; declared `, at, '.'), line(places)]
      : [line(places, ' Declared ', at, '.')]),
    ...(await saidSoFar(tx, incident, fact)),
    // In a channel the bare word would take away what the reader subscribed to.
    line(
      inChannel
        ? 'Updates follow here. For this channel to hear no more: '
        : 'Updates follow here. To hear no more: ',
      {
        code: `/incident unsubscribe${inChannel ? ' channel:here' : ''}`,
      },
    ),
  );
}

/** What brought them in was taken back: they hear that, and then nothing more. */
export function droppedCopy(incident: Incident, fact: Fact): Copy {
  const key = incidentKey(incident);
  const raised = fact.type === severitySet.type;
  const what = raised ? `${incident.severity} after all` : 'not about what you subscribed to after all';
  return copy(
    raised ? what : 'it does not concern you after all',
    heading(incident),
    line({ bold: `${key} is ${what}` }, '; nothing more comes to this subscription.'),
  );
}

/** One new message where incidents are announced, since an edit is read by nobody; null where there is none. */
export const raisedView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (row?.type !== severitySet.type || !row.incidentId) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: row.incidentId } });
  if (incident.private || incident.drill) return null;
  const { workspaceId, id } = incident;
  const slots = [announcementSlot(id), raisedSlot(factId)];
  const posted = await tx.posted.findMany({ where: { workspaceId, slot: { in: slots } } });
  const said = posted.some(({ slot }) => slot === raisedSlot(factId));
  if (!said && (posted.length === 0 || !isOpen(incident.status))) return null;
  const { from, to } = severitySet.read(readFact(row)).data;
  const key = incidentKey(incident);
  const undone = await tx.fact.findMany({
    where: { workspaceId, stream: incidentStream(id), type: changeUndone.type },
  });
  if (undoneBy(undone.map(readFact)).has(factId))
    return said ? message(line({ bold: `${key} is ${incident.severity} after all` }, '.')) : null;
  const where: Span[] =
    incident.placeKind === 'channel' && incident.channelId
      ? [' · ', { channel: incident.channelId, name: incident.channelName ?? incident.channelId }]
      : [];
  return message(
    line({ bold: `${key} is ${to} now` }, `, was ${from}: ${shorten(incident.title, titleMax)}`, ...where),
  );
};

async function affected(tx: Tx, incident: Incident): Promise<string> {
  const impacts = await tx.impact.findMany({
    where: { incidentId: incident.id, level: { not: 'operational' } },
    orderBy: { since: 'asc' },
  });
  const names = [...new Set(impacts.map(componentName))];
  return names.length === 0 ? 'not said yet' : fewNames(names, placesShown);
}

// The update that was the last one when they were told: a redaction of it finds this copy by that.
async function saidSoFar(tx: Tx, incident: Incident, fact: Fact): Promise<Part[]> {
  const delivered = await readDelivered(tx, incident.id);
  const telling = delivered.find(({ data }) => data.what === 'declared' && data.factId === fact.id);
  const last = (await readUpdates(tx, incident.id)).find(({ id }) => id === telling?.data.quotes);
  const raised = fact.type === severitySet.type;
  if (!last && !raised) return [];
  const waiting = await readWaiting(tx, incident);
  const due = waiting?.promised.due ?? null;
  const words = last?.redacted ? 'redacted' : shorten(last?.text ?? '', quotedMax);
  return [
    ...(last ? [line({ bold: `Update ${last.number}` }, ' (', { at: last.at }, `): ${words}`)] : []),
    ...(waiting && due ? [line(...promisedSpans({ due, late: isOverdue(waiting) }))] : []),
  ];
}
