// What waits for somebody on their App Home: to say whether they take over a role.
import type { Ask } from '../../core/command.js';
import { line, type Part } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { partOf } from '../roles/index.js';
import { answerButtons } from './react.js';
import { offersTo } from './store.js';

const shownMax = 4;

/** The offers to whoever looks; of a private incident nothing but its number. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const offers = await offersTo(tx, ask);
  const incidents = await tx.incident.findMany({
    where: { id: { in: offers.map((each) => each.incidentId) } },
    select: { id: true, number: true, drill: true, declaredById: true },
  });
  const own = await partOf(tx, incidents, ask.actor.id);
  const mine = offers.filter((offer) => own.some(({ id }) => id === offer.incidentId));
  return mine.slice(0, shownMax).flatMap((offer) => {
    const incident = own.find(({ id }) => id === offer.incidentId);
    if (!incident) return [];
    const key = incidentKey(incident);
    return [
      line(
        'Will you take over ',
        { bold: `${offer.role} of ${key}` },
        ` from ${offer.fromName}?${incident.drill ? ' It is a drill.' : ''}`,
      ),
      answerButtons(key, offer.role),
    ];
  });
}
