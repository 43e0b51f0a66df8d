// What those outside read, and what reminds whoever writes to them; drawn from the rows as they are by then.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, shorten } from '../../core/message.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, isOpen } from '../incident/index.js';
import { audienceOf } from './audience.js';
import { type Copy, copy, heading, titleMax } from './copy.js';
import { declaredCopy, droppedCopy, raisedView } from './declared.js';
import { updateGiven, updateReminded } from './facts.js';
import { drawMissed, missedView } from './missed.js';
import { readPromise, readScene } from './store.js';
import { nextSpans, raisedSeverityView } from './words.js';

const statusMax = 2_500;
const reopened = 'it was reopened';

/** What somebody outside is told of a fact, `what/factId`, or `what/factId/channel`; null where there is nothing to tell. */
export async function drawnOf(tx: Tx, about: string): Promise<Copy | null> {
  const [what = '', factId = '', way = ''] = about.split('/');
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const fact = row && readFact(row);
  if (!fact?.incidentId) return null;
  const incident = await tx.incident.findUnique({ where: { id: fact.incidentId } });
  if (!incident) return null;
  if (incident.mistaken)
    return copy(
      'declared by mistake',
      line({ bold: `${incidentKey(incident)} was declared by mistake` }, ': there is no such incident.'),
    );
  if (what === 'declared') return declaredCopy(tx, incident, fact, way === 'channel');
  if (what === 'dropped') return droppedCopy(incident, fact);
  if (what === 'resolved') return resolvedCopy(incident);
  if (what === 'reopened') return reopenedCopy(tx, incident);
  if (what === 'merged') return mergedCopy(tx, incident);
  return updateCopy(tx, incident, factId);
}

/** Its message alone. */
export async function copyOf(tx: Tx, about: string): Promise<Message | null> {
  return (await drawnOf(tx, about))?.message ?? null;
}

async function updateCopy(tx: Tx, incident: Incident, factId: string): Promise<Copy> {
  const fact = updateGiven.read(readFact(await tx.fact.findUniqueOrThrow({ where: { id: factId } })));
  const { number } = fact.data;
  const row = await tx.incidentUpdate.findUnique({ where: { id: factId } });
  if (!row)
    return copy(
      `update ${number} was taken back`,
      heading(incident),
      line({ bold: `Update ${number} was taken back.` }, ' What it said does not hold.'),
    );
  const said: Span[] = fact.redacted
    ? [{ bold: `Update ${number}` }, ' was redacted.']
    : [{ bold: `Update ${number}` }, `: ${row.text}`];
  return copy(
    fact.redacted ? `update ${number} was redacted` : 'an update',
    heading(incident),
    line(...said),
    line(`${row.authorName}, `, { at: row.at }, '. ', ...nextSpans(row.nextAt)),
  );
}

function resolvedCopy(incident: Incident): Copy {
  if (isOpen(incident.status))
    return copy(reopened, heading(incident), line('It was reopened: it is not over after all.'));
  const from = incident.startedAt ?? incident.declaredAt;
  const lasted = incident.resolvedAt ? incident.resolvedAt.getTime() - from.getTime() : 0;
  return copy(
    'it is resolved',
    heading(incident),
    line({ bold: 'It is over' }, lasted > 0 ? `, after ${showDuration(lasted)}.` : '.'),
    incident.statusText ? line(shorten(incident.statusText, statusMax)) : null,
  );
}

async function reopenedCopy(tx: Tx, incident: Incident): Promise<Copy> {
  if (!isOpen(incident.status)) return resolvedCopy(incident);
  const due = (await readPromise(tx, incident))?.due ?? null;
  return copy(
    reopened,
    heading(incident),
    line({ bold: 'It is not over after all' }, ': it was reopened. ', ...nextSpans(due)),
  );
}

async function mergedCopy(tx: Tx, incident: Incident): Promise<Copy> {
  const into = incident.mergedIntoId
    ? await tx.incident.findUnique({ where: { id: incident.mergedIntoId } })
    : null;
  const key = incidentKey(incident);
  if (!into)
    return copy(
      'it goes on by itself after all',
      heading(incident),
      line(`${key} goes on as an incident of its own after all.`),
    );
  const due = isOpen(into.status) ? ((await readPromise(tx, into))?.due ?? null) : null;
  return copy(
    'it goes on in another incident',
    line({ bold: `${key} goes on in ${incidentKey(into)}` }, ` ${shorten(into.title, titleMax)}`),
    line(
      `No more comes of ${key} itself; the updates of ${incidentKey(into)} come to those who heard of it. `,
      ...(due ? nextSpans(due) : []),
    ),
  );
}

const copyView: View = (tx, about) => copyOf(tx, about);

/** Reminds one person, or the channel; null once there is nothing to remind of. */
const reminderView: View = async (tx, factId) => {
  const fact = updateReminded.read(readFact(await tx.fact.findUniqueOrThrow({ where: { id: factId } })));
  if (!fact.incidentId) return null;
  const incident = await tx.incident.findUnique({ where: { id: fact.incidentId } });
  const promised = incident && (await readPromise(tx, incident));
  if (!incident || promised?.id !== fact.data.promise || !promised.due) return null;
  const key = incidentKey(incident);
  const due: Span = { at: promised.due };
  const first: Span[] =
    fact.data.what === 'late'
      ? [{ bold: `${key}: the update is late.` }, ' It was due ', due, '.']
      : fact.data.what === 'due'
        ? [{ bold: `${key}: an update is due now` }, ' (', due, ').']
        : [{ bold: `${key}: the next update is due ` }, due, '.'];
  return message(
    line(...first, ` ${shorten(incident.title, titleMax)}`),
    line(`${await waiters(tx, incident)}; that nothing is new yet is an update too.`),
    buttons(
      { label: 'Write the update', command: `/incident update ${key}`, style: 'primary' },
      { label: 'Not before 15 minutes', command: `/incident snooze ${key} 15m` },
    ),
    line({ code: `/incident update ${key} TEXT next:30m` }, ' · ', { code: `/incident snooze ${key} 15m` }),
  );
};

async function waiters(tx: Tx, incident: Incident): Promise<string> {
  if (incident.drill) return 'In a drill it is practised: it goes to nobody outside';
  if (!incident.private) return 'Those outside wait for it';
  const somebody = audienceOf(await readScene(tx, incident), 'update').length > 0;
  return somebody
    ? 'Members who subscribed wait for it'
    : 'No member subscribed, so it goes to nobody and is kept with the record';
}

export const views: Readonly<Record<string, View>> = {
  updateCopy: copyView,
  updateReminder: reminderView,
  [raisedSeverityView]: raisedView,
  [missedView]: drawMissed,
};
