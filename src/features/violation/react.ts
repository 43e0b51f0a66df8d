// When a change's beginning is looked at, and who hears of a violation.
import { type Destination, type Effect, onChange, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on, readFact } from '../../core/fact.js';
import type { Reaction, View } from '../../core/feature.js';
import { line, message, type Span, shorten } from '../../core/message.js';
import {
  changeAnnounced,
  changeDescribed,
  changeIdOf,
  changeKey,
  changeStateSet,
  refreshChange,
} from '../change/index.js';
import { freezeKey } from '../freeze/index.js';
import { firstAfterThaw, freezeViolated, toldBy, violationWithdrawn } from './facts.js';

/** What the program decides in its turn of a change that began. */
export const lookCommand = 'violation.look';

const titleShown = 100;
const reasonShown = 150;

export const reactions: Reaction[] = [
  on(changeAnnounced, (fact) => {
    const { state } = fact.data;
    return state === 'planned' || state === 'cancelled' ? [] : [look(fact)];
  }),
  on(changeStateSet, (fact) => {
    const { from, to, startedAt } = fact.data;
    const begins = from === 'planned' || from === 'cancelled' || to === 'planned' || to === 'started';
    return begins || startedAt !== undefined ? [look(fact)] : [];
  }),
  on(changeDescribed, (fact) =>
    fact.data.startedAt === undefined && fact.data.components === undefined ? [] : [look(fact)],
  ),
  on(freezeViolated, (fact) => {
    const id = changeIdOf(fact);
    const { freezes, owner, late } = fact.data;
    if (late) return [refreshChange(id)];
    const people = new Set(
      [owner.id, ...freezes.map((each) => each.owner.id)].filter((each) => each !== null && isInSlack(each)),
    );
    const incidents = new Set(freezes.flatMap((each) => each.incident?.id ?? []));
    return [
      refreshChange(id),
      tell(fact, { to: 'changes' }, 'changes'),
      ...[...people].map((userId) => tell(fact, { to: 'person', userId: userId ?? '' }, userId ?? '')),
      ...[...incidents].map((incidentId) =>
        onIncident(incidentId, shown(fact, { to: 'incident' }, incidentId), { essential: true }),
      ),
    ];
  }),
  on(violationWithdrawn, (fact) => [refreshChange(changeIdOf(fact))]),
  on(firstAfterThaw, (fact) => [refreshChange(changeIdOf(fact))]),
];

// Behind what announces the change.
function look(fact: Fact): Effect {
  const changeId = changeIdOf(fact);
  return onChange(
    changeId,
    { do: 'decide', command: lookCommand, data: { changeId } },
    { step: 1, essential: true },
  );
}

function shown(fact: Fact, destination: Destination, who: string) {
  return {
    do: 'show' as const,
    view: 'violation',
    slot: `violated/${fact.id}/${who}`,
    destination,
    about: fact.id,
  };
}

function tell(fact: Fact, destination: Destination, who: string): Effect {
  return onChange(changeIdOf(fact), shown(fact, destination, who), { essential: true });
}

/** A violation as it is announced: what, where, since when, who said what of it, and what can be done. */
export const violationView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const fact = freezeViolated.read(readFact(row));
  const change = await tx.change.findUnique({ where: { id: changeIdOf(fact) } });
  if (!change) return null;
  const { freezes, startedAt, startUnknown, verdict } = fact.data;
  const rows = await tx.freeze.findMany({
    where: { id: { in: freezes.map((each) => each.id) } },
    orderBy: { number: 'asc' },
  });
  const key = changeKey(change);
  const owner: Span = change.ownerId ? { person: change.ownerId, name: change.ownerName } : change.ownerName;
  const named = rows.map(
    (each) => `${freezeKey(each)} (${each.ownerName}: ${shorten(each.reason, reasonShown)})`,
  );
  return message(
    line(
      { bold: `${key} began on frozen ground` },
      `: ${shorten(change.title, titleShown)}, owner `,
      owner,
      startUnknown ? ', ended ' : ', began ',
      { at: startedAt },
      `; ${toldBy(verdict)}.`,
    ),
    line(`Frozen by ${named.join('; ')}.`),
    line(
      'Nothing stopped it. If it should not run, stop it where it runs, and say so: ',
      { code: `/change rollback ${key}` },
      '. Leave to go through a freeze is asked for with ',
      { code: `/freeze except ${freezes.map(freezeKey).join(',')} change:${key} REASON` },
      '.',
    ),
  );
};
