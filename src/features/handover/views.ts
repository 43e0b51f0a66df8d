// The messages of a handover: the offer with its brief, as it stands, and the brief alone.
import { line, type Message, message } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { goesOnIn, type Incident, incidentKey, isOpen } from '../incident/index.js';
import { currentRoles } from '../roles/index.js';
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
  if (offer.state !== 'offered' || !isOpen(incident.status))
    return message(line(answered(offer, key)), ...(await goesOnLine(tx, incident)));
  const { text } = await textOf(tx, offer);
  return message(
    line(
      { bold: `Will you take over ${offer.role} of ${key}` },
      ` from ${offer.fromName}? ${offer.offeredByName} asks. Until you accept, ${offer.fromName} holds it.`,
    ),
    may && text ? line(text) : null,
    ...(may
      ? await briefParts(tx, incident, short, asOf(offer))
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
    ...(open ? [...(await briefParts(tx, incident, short, asOf(offer))), whole(incident)] : []),
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
  return message(
    text ? line(text) : null,
    ...(await briefParts(tx, incident, short, asOf(offer))),
    whole(incident),
  );
}

/** To somebody who had a role in what was merged: `about` is that incident, and who they are. */
export async function movedView(tx: Tx, about: string): Promise<Message | null> {
  const [incidentId = '', userId = ''] = about.split(' ');
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  const into = incident && (await goesOnIn(tx, incident));
  if (!into || !(await isMember(tx, incident, userId)) || !(await isMember(tx, into, userId))) return null;
  const commander = (await currentRoles(tx, into.id)).find(({ role }) => role === 'commander');
  const key = incidentKey(into);
  return message(
    line(
      { bold: `${incidentKey(incident)} goes on in ${key}` },
      ', commander: ',
      commander ? { person: commander.userId, name: commander.userName } : 'nobody yet',
      '. ',
      { code: `/incident brief ${key}` },
      ' shows where it stands; to lead there: ',
      { code: `/incident role ${key} commander me` },
    ),
  );
}

async function goesOnLine(tx: Tx, incident: Incident) {
  const into = await goesOnIn(tx, incident);
  if (!into) return [];
  const [key, other] = [incidentKey(incident), incidentKey(into)];
  return [line(`${key} goes on in ${other}: `, { code: `/incident brief ${other}` })];
}

// As far as the offer is of now: what it says was true when it was made, or answered.
function asOf({ offeredAt, answeredAt }: Offer): Date {
  return answeredAt ?? offeredAt;
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
