// Who is told of verdicts that change by themselves, and when those that wait are looked at again.
import type { Destination, Effect, EffectKind, Later } from '../../core/effect.js';
import { onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, list, type Message, message, type Span, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { changeStateSet } from '../change/index.js';
import { exceptionApproved, exceptionRevoked } from '../exception/index.js';
import {
  freezeExtended,
  freezeLifted,
  freezeSet,
  freezeTold,
  onFreezes,
  refreshFreeze,
} from '../freeze/index.js';
import { gateLooked, heldLeft, thawBegan, verdictGiven, verdictRevised } from './facts.js';
import { lookCommand, recheckCommand } from './look.js';
import { mayGo } from './words.js';

const listedMax = 15;
const titleMax = 80;
/** A verdict that was being given when the freeze was made is overtaken a moment later. */
const settledMs = 5_000;

export const reactions: Reaction[] = [
  on(freezeSet, (fact) => {
    const { id, mode, startsAt, overAt, schedule } = fact.data;
    if (mode !== 'hard') return [];
    const ends: Later[] = schedule.type === 'once' ? [lookAt(`freeze/${id}`, overAt)] : [];
    if (startsAt > fact.recordedAt) return ends;
    return [
      ...ends,
      recheckNow({ freezeId: id }),
      recheckAt(id, new Date(fact.recordedAt.getTime() + settledMs)),
    ];
  }),
  on(freezeTold, ({ data: { id, what, mode } }) => {
    if (mode !== 'hard') return [];
    if (what === 'began') return [recheckNow({ freezeId: id })];
    return what === 'ended' ? [lookNow()] : [];
  }),
  on(freezeLifted, ({ data: { id } }) => [lookAt(`freeze/${id}`, null), lookNow()]),
  on(freezeExtended, ({ data: { id, until, schedule } }) => [
    ...(schedule.type === 'once' ? [lookAt(`freeze/${id}`, until)] : []),
    lookNow(),
  ]),
  on(exceptionApproved, () => [lookNow()]),
  on(exceptionRevoked, ({ data: { id } }) => [recheckNow({ exceptionId: id })]),
  on(changeStateSet, ({ data: { to } }) => (to === 'cancelled' ? [lookNow()] : [])),
  on(verdictGiven, (fact) => {
    const { id, next, queue, heldBy, drill } = fact.data;
    // The message of a freeze says how many it holds.
    const counted = queue === 'none' || drill ? [] : heldBy;
    return [
      ...(next === null ? [] : [lookAt(id, next)]),
      ...counted.map((number) => refreshFreeze({ number }, fact.recordedAt)),
    ];
  }),
  on(gateLooked, ({ data: { next } }) => (next === null ? [] : [lookAt('next', next)])),
  on(thawBegan, (fact) => {
    const said = thawText(fact);
    const kind = (to: Destination): EffectKind => ({
      do: 'say',
      slot: `thaw/${fact.id}/${to.to}`,
      destination: to,
      message: said,
    });
    return [
      ...(fact.data.drill ? [] : [onFreezes(kind({ to: 'changes' }), { essential: true })]),
      ...(fact.incidentId
        ? [onIncident(fact.incidentId, kind({ to: 'incident' }), { essential: true })]
        : []),
    ];
  }),
  on(verdictRevised, (fact) => {
    // The list of the thaw has told everybody when its turn is.
    const known = (mayGo(fact.data.answer.decision) || fact.data.untaken) && fact.data.owner === null;
    return known ? [] : tell(fact, revisedText(fact));
  }),
  on(heldLeft, (fact) => {
    const { why, title, owner } = fact.data;
    if (why === 'lapsed') return tell(fact, lapsedText(title));
    const byOther = fact.actor.kind === 'person' && owner !== null && owner.id !== fact.actor.id;
    return why === 'cancelled' && byOther ? tell(fact, droppedText(fact)) : [];
  }),
];

function lookNow(): Effect {
  return onFreezes(
    { do: 'decide', command: lookCommand, data: {} },
    { step: 1, essential: true, collapse: lookCommand },
  );
}

function lookAt(name: string, at: Date | null): Later {
  return { key: `gate/${name}`, at, command: lookCommand, data: {} };
}

function recheckNow(data: { freezeId: string } | { exceptionId: string }): Effect {
  const kind = { do: 'decide', command: recheckCommand, data } as const;
  return onFreezes(kind, { step: 1, essential: true, first: true });
}

function recheckAt(freezeId: string, at: Date): Later {
  return { key: `gate/recheck/${freezeId}`, at, command: recheckCommand, data: { freezeId } };
}

// The owner of the change; where nobody is known who could be written to, the channel of changes. A drill is nobody's.
function tell(
  fact: Fact<{ id: string; owner: { id: string } | null; drill: boolean }>,
  text: Message,
): Effect[] {
  const { id, owner, drill } = fact.data;
  const channel: Destination = { to: 'changes' };
  const destination: Destination = owner
    ? { to: 'person', userId: owner.id, ...(drill ? {} : { otherwise: channel }) }
    : channel;
  if (drill && !owner) return [];
  const kind = { do: 'say', slot: `gate/${fact.id}`, destination, message: text } as const;
  return [{ ...onFreezes(kind, { essential: true }), lane: `gate/${id}` }];
}

type Revised = Fact<ReturnType<typeof verdictRevised.read>['data']>;

function revisedText({ data }: Revised): Message {
  const { answer, title, givenAt, url, callback } = data;
  const run: Span[] = url ? [' ', { url, label: 'the run' }] : [];
  const name = { bold: shorten(oneLine(title), titleMax) };
  const why = list(answer.reasons.slice(0, 4).map((each) => [each.text]));
  if (mayGo(answer.decision)) {
    const now =
      callback === null ? 'Run it again, or let it ask again, within the hour.' : 'It goes on by itself.';
    return message(line(name, ' may start now: it is its turn. ', now, ...run), why);
  }
  if (data.untaken)
    return message(
      line(name, ' waits again: its turn had come, and it had not asked. It keeps its place.', ...run),
      why,
    );
  return message(
    line(name, ' was allowed at ', { at: givenAt, format: '{time}' }, ', and is denied now.', ...run),
    why,
    line('If it has not started, stop it. What has begun goes on.'),
    answer.howToProceed !== null && line(answer.howToProceed),
  );
}

function lapsedText(title: string): Message {
  return message(
    line(
      { bold: shorten(oneLine(title), titleMax) },
      ' waits no more: its turn came an hour ago and it did not come. Run it again: it is asked anew.',
    ),
  );
}

function droppedText({ actor, data }: Fact<{ title: string }>): Message {
  const name = { bold: shorten(oneLine(data.title), titleMax) };
  return message(
    line({ person: actor.id, name: actor.name }, ' took ', name, ' out of those that wait at the gate.'),
  );
}

function thawText({ data }: Fact<ReturnType<typeof thawBegan.read>['data']>): Message {
  const { held, freezes, spacingSeconds } = data;
  const more = held.length - listedMax;
  const keys = freezes.map((each) => `FRZ-${each}`).join(' and ');
  const thaws = freezes.length === 1 ? 'thaws' : 'thaw';
  const count = held.length === 1 ? '1 change was' : `${held.length} changes were`;
  return message(
    line(`${keys} ${thaws}: ${count} held, and may go in this order, ${spacingSeconds} seconds apart.`),
    list(
      held
        .slice(0, listedMax)
        .map((each) => [
          { at: each.turnAt, format: '{time_secs}' },
          ` ${shorten(oneLine(each.title), titleMax)}`,
        ]),
      { ordered: true },
    ),
    more > 0 && line(`And ${more} more.`),
    line('Who asks the gate again goes in turn; ', { code: '/freeze held' }, ' shows who waits.'),
  );
}
