// Who did not get what they were to be told of an incident, and who hears of that.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { line, list, message, type Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { keyOf } from './audience.js';
import {
  type Recipient,
  recipientSpan,
  tellingName,
  type UpdateUndelivered,
  updateUndelivered,
} from './facts.js';

/** The view of whom one telling did not reach. */
export const missedView = 'updateMissed';

/** Everything of an incident that did not get through, in the order in which it was given up. */
export async function readMissed(tx: Tx, incidentId: string): Promise<UpdateUndelivered[]> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: updateUndelivered.type },
    orderBy: { position: 'asc' },
  });
  return rows.map((row) => updateUndelivered.read(readFact(row)));
}

/** Those of one telling whom it reached, as far as is known, and those whom it did not. */
export function sorted(factId: string, to: readonly Recipient[], missed: readonly UpdateUndelivered[]) {
  const lost = new Set(
    missed.flatMap(({ data: { way, telling } }) =>
      telling?.factId === factId ? [keyOf({ way, id: telling.id })] : [],
    ),
  );
  return {
    reached: to.filter((each) => !lost.has(keyOf(each))),
    missed: to.filter((each) => lost.has(keyOf(each))),
  };
}

/** One message for each telling, edited when somebody else is found not to be reached. */
export const drawMissed: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const incident = row?.incidentId && (await tx.incident.findUnique({ where: { id: row.incidentId } }));
  if (!incident) return null;
  const missed = (await readMissed(tx, incident.id)).filter(({ data }) => data.telling?.factId === factId);
  const telling = missed[0]?.data.telling;
  if (!telling) return null;
  const key = incidentKey(incident);
  const items = missed.map(({ data: { way, targetName: name, telling: it, error } }): Span[] => [
    recipientSpan({ way, id: it?.id ?? '', name }),
    ` (${error})`,
  ]);
  return message(
    line(
      { bold: `${key}: ${items.length} could not be reached` },
      `. ${tellingName(telling.what, telling.number)}: this did not get through to`,
    ),
    list(items),
    line('Whoever else may hear did. Tell these another way, if it matters. ', {
      code: `/incident updates ${key}`,
    }),
  );
};
