// The messages of a handover: the offer with its brief, as it stands, and the brief alone.
import { line, type Message, message } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, isOpen } from '../incident/index.js';
import { briefParts, short } from './brief.js';
import { handoverAccepted } from './facts.js';
import { answerButtons } from './react.js';
import { isMember, type Offer, textOf } from './store.js';

/** An offer, to the one who is asked: `about` is its id. Of a private incident it says nothing but the number. */
export async function offerView(tx: Tx, id: string): Promise<Message | null> {
  const offer = await tx.handover.findUnique({ where: { id } });
  if (!offer) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: offer.incidentId } });
  const key = incidentKey(incident);
  const may = await isMember(tx, incident, offer.toId);
  if (offer.state === 'accepted' && may) return takenOver(tx, offer, incident);
  if (offer.state !== 'offered' || !isOpen(incident.status)) return message(line(answered(offer, key)));
  const { text } = await textOf(tx, offer);
  return message(
    line(
      { bold: `Will you take over ${offer.role} of ${key}` },
      ` from ${offer.fromName}? ${offer.offeredByName} asks. Until you accept, ${offer.fromName} holds it.`,
    ),
    may && text ? line(text) : null,
    ...(may
      ? await briefParts(tx, incident, short)
      : [line(`${key} is private. What it is about you are told when you accept; then you are its member.`)]),
    answerButtons(key, offer.role),
    may ? line({ code: `/incident brief ${key}` }, ' shows all of it.') : null,
  );
}

// What they were told stays with them; of what they learned only by accepting there is a message of its own.
async function takenOver(tx: Tx, offer: Offer, incident: Incident): Promise<Message> {
  const first = line({ bold: answered(offer, incidentKey(incident)) });
  if (await wasUnread(tx, offer)) return message(first);
  const { text } = await textOf(tx, offer);
  const open = isOpen(incident.status);
  return message(
    first,
    text ? line(text) : null,
    ...(open ? [...(await briefParts(tx, incident, short)), whole(incident)] : []),
  );
}

async function wasUnread(tx: Tx, { id, incidentId }: Offer): Promise<boolean> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: handoverAccepted.type },
    select: { data: true },
  });
  return rows.some(({ data }) => {
    const it = data as { id: string; unread: boolean };
    return it.id === id && it.unread;
  });
}

/** The brief to somebody who took over a private incident. */
export async function briefView(tx: Tx, id: string): Promise<Message | null> {
  const offer = await tx.handover.findUnique({ where: { id } });
  if (offer?.state !== 'accepted') return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: offer.incidentId } });
  if (!(await isMember(tx, incident, offer.toId))) return null;
  const { text } = await textOf(tx, offer);
  return message(text ? line(text) : null, ...(await briefParts(tx, incident, short)), whole(incident));
}

function whole(incident: Incident) {
  return line({ code: `/incident brief ${incidentKey(incident)}` }, ' shows all of it.');
}

function answered(offer: Offer, key: string): string {
  switch (offer.state) {
    case 'accepted':
      return `You took over ${offer.role} of ${key} from ${offer.fromName}.`;
    case 'declined':
      return `You did not take over ${offer.role} of ${key}; ${offer.fromName} went on.`;
    default:
      return `${offer.role} of ${key} is no longer offered to you.`;
  }
}
