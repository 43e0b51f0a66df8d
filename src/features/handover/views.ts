// The messages of a handover: the offer with its brief, as it stands, and the brief alone.
import { line, type Message, message } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, isOpen } from '../incident/index.js';
import { briefParts, short } from './brief.js';
import { handoverOffered } from './facts.js';
import { answerButtons } from './react.js';
import { isMember, type Offer } from './store.js';

/** An offer, to the one who is asked: `about` is its id. Of a private incident it says nothing but the number. */
export async function offerView(tx: Tx, id: string): Promise<Message | null> {
  const offer = await tx.handover.findUnique({ where: { id } });
  if (!offer) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: offer.incidentId } });
  const key = incidentKey(incident);
  if (offer.state !== 'offered' || !isOpen(incident.status)) return message(line(answered(offer, key)));
  const { text } = await textOf(tx, offer);
  const may = await isMember(tx, incident, offer.toId);
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

/** The brief to somebody who took over a private incident. */
export async function briefView(tx: Tx, id: string): Promise<Message | null> {
  const offer = await tx.handover.findUnique({ where: { id } });
  if (offer?.state !== 'accepted') return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: offer.incidentId } });
  if (!(await isMember(tx, incident, offer.toId))) return null;
  return message(...(await briefParts(tx, incident, short)), whole(incident));
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

// The words of the offer are in its fact alone: a redaction takes them there.
async function textOf(tx: Tx, offer: Offer) {
  const row = await tx.fact.findUniqueOrThrow({ where: { id: offer.id } });
  const data = row.data as { text?: string | null };
  return { text: row.type === handoverOffered.type ? (data.text ?? null) : null };
}
