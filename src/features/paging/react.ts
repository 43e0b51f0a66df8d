// What follows from the facts of a page: each attempt in a lane of its own, what the channel hears, and when to look again.
import { type Effect, type EffectKind, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, type Message, message, type Span, say } from '../../core/message.js';
import { validationAnswered, validationAsked } from '../attended/index.js';
import { changeIdOf, changeKey, changeStateSet, isOver } from '../change/index.js';
import {
  idOf,
  incidentCalledOff,
  incidentKey,
  incidentMerged,
  incidentSeparated,
  isEnd,
  isOpen,
  saidSlot,
  statusSet,
} from '../incident/index.js';
import { escalationSet, feedRead, shiftEntered } from '../oncall/index.js';
import { entryRedacted, wordsGone, wordsRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import { callOff, own } from './asking.js';
import { seekMs, stuckMs } from './due.js';
import * as facts from './facts.js';
import { calledText, isSaid, levelText, pageKey, skipText, wasSaid } from './words.js';

/** What the program decides in its turn. */
export const lookCommand = 'paging.look';
export const seekCommand = 'paging.seek';
export const endCommand = 'paging.end';
export const againCommand = 'paging.again';
export const validationCommand = 'paging.validation';
export const redrawCommand = 'paging.redraw';

export const pageSlot = (id: string) => `page/${id}`;
/** The view of a round that nobody answered. */
export const unansweredName = 'pageUnanswered';
/** The view of an attempt that came to nothing, or is stuck. */
export const troubleName = 'pageTrouble';
const dueKey = (id: string) => `page/${id}`;
const saidLane = (id: string) => `page/${id}/said`;

interface OfPage {
  readonly id: string;
  readonly number: number;
}

export const reactions: Reaction[] = [
  on(facts.pageOpened, (fact) => [show(fact)]),
  on(facts.pageLevelReached, (fact) => {
    const { id, attempts, nextAt, because } = fact.data;
    const real = attempts.filter((each) => !each.simulated);
    const soon = attempts.length === 0 ? seekMs : real.length > 0 ? stuckMs : Number.POSITIVE_INFINITY;
    const lookAt = Math.min(nextAt.getTime(), fact.recordedAt.getTime() + soon);
    return [
      ...real.map((each) => ring(fact, each)),
      ...(because === 'opened' ? [] : [show(fact)]),
      ...levelWords(fact),
      later(id, new Date(lookAt)),
    ];
  }),
  on(facts.pageDelivered, (fact) => [show(fact)]),
  on(facts.pageFailed, (fact) => [
    lookNow(fact.data.id),
    show(fact),
    ...(fact.data.again ? [] : [drawn(fact, troubleName)]),
  ]),
  on(facts.pageStuck, (fact) => [
    lookNow(fact.data.id),
    show(fact),
    ...(fact.data.again ? [] : [drawn(fact, troubleName)]),
  ]),
  on(facts.pageUnanswered, (fact) => (wasSaid(fact.data) ? [drawn(fact, unansweredName)] : [])),
  on(facts.pageAcknowledged, (fact) => {
    const { id, by, minutes, opener, attempts, invites, through } = fact.data;
    const how = through === null ? '' : `, by ${through}`;
    const has = ` has it${how}, after ${minutes} min.`;
    const told = say({ bold: pageKey(fact.data) }, ': ', personSpan(by), has);
    return [
      later(id, null),
      ...attempts.map((each) => over(fact, each)),
      show(fact),
      ...tell(fact, told),
      ...(fact.incidentId === null ? heardBy(fact, opener, told) : []),
      ...(fact.incidentId !== null && invites ? invited(fact.incidentId, by.id) : []),
    ];
  }),
  on(facts.pageWithdrawn, (fact) => {
    const { id, attempts, reason } = fact.data;
    return [
      later(id, null),
      ...attempts.map((each) => over(fact, each)),
      show(fact),
      ...tell(fact, say({ bold: pageKey(fact.data) }, ` was withdrawn: ${reason}`)),
    ];
  }),
  on(facts.pageRedrawn, (fact) => [
    show(fact),
    ...fact.data.attempts.map((each) => over(fact, each)),
    ...rings(fact),
    ...sentStays(fact),
  ]),
  on(statusSet, (fact) => {
    const { from, to } = fact.data;
    if (isEnd(from, to)) return [ended(fact, `the incident is ${to}`)];
    return !isOpen(from) && isOpen(to) ? [again(idOf(fact), {})] : [];
  }),
  on(changeUndone, (fact) => {
    const factIds = fact.data.undone.map(({ factId }) => factId);
    return [again(idOf(fact), { factIds })];
  }),
  on(incidentSeparated, (fact) => [again(fact.data.from.id, { apart: idOf(fact) })]),
  on(escalationSet, () => [seekNow]),
  on(shiftEntered, () => [seekNow]),
  on(feedRead, () => [seekNow]),
  on(incidentCalledOff, (fact) => [ended(fact, 'the incident was declared by mistake')]),
  on(entryRedacted, (fact) => {
    const { factIds, title } = fact.data;
    const by = { id: fact.actor.id, name: fact.actor.name };
    const titleOf = title ? fact.incidentId : null;
    return [own('page/redacted', redrawCommand, { factIds, titleOf, merged: null, by })];
  }),
  // Who has them by letter was said where it was redacted.
  on(wordsRedacted, ({ data: { of, key, id, facts: words } }) => {
    if (of !== 'page') return [];
    const factIds = words.map((each) => each.id);
    return [
      ...factIds.map((factId) => {
        const kind = { do: 'replace', slot: saidSlot(factId), message: wordsGone(key) } as const;
        return { ...onIncident('', kind, { essential: true }), lane: saidLane(id), incidentId: null };
      }),
      own('page/redacted', redrawCommand, { factIds, titleOf: null, merged: null, by: null }),
    ];
  }),
  on(incidentMerged, (fact) => {
    const merged = idOf(fact);
    return [own(`page/incident/${merged}`, redrawCommand, { factIds: [], titleOf: null, merged, by: null })];
  }),
  on(validationAsked, (fact) => {
    const changeId = changeIdOf(fact);
    const { level, announced } = fact.data;
    return level === 'loud' && announced
      ? [own(`page/change/${changeId}`, validationCommand, { changeId })]
      : [];
  }),
  on(validationAnswered, (fact) => [validationOver(fact.data, `${fact.actor.name} said whether it works`)]),
  on(changeStateSet, (fact) =>
    isOver(fact.data.to) ? [validationOver(fact.data, 'the change is over')] : [],
  ),
];

function validationOver(change: { readonly number: number }, reason: string): Effect {
  return callOff({ kind: 'validation', name: changeKey(change) }, reason);
}

function ended(fact: Fact, reason: string): Effect {
  const incidentId = idOf(fact);
  return own(`page/incident/${incidentId}`, endCommand, { incidentId, reason });
}

// Behind what ends its pages.
function again(
  incidentId: string,
  { factIds = [], apart = null }: { readonly factIds?: readonly string[]; readonly apart?: string | null },
): Effect {
  return own(`page/incident/${incidentId}`, againCommand, { incidentId, factIds, apart });
}

const seekNow: Effect = { ...own('page/seek', seekCommand, {}), collapse: 'seek' };

/** Looks at once. */
function lookNow(id: string): Effect {
  return own(`page/${id}`, lookCommand, { pageId: id });
}

function later(id: string, at: Date | null): Later {
  return { key: dueKey(id), at, command: lookCommand, data: { pageId: id } };
}

// A slow path holds no other: each attempt has a lane, and what is said of it afterwards comes behind it there.
function attemptEffect(
  fact: Fact<OfPage>,
  { id: attemptId, path }: Pick<facts.Attempt, 'id' | 'path'>,
  what: 'ring' | 'over',
): Effect {
  return {
    ...{ lane: `page/${attemptId}`, step: 0, incidentId: fact.incidentId, collapse: null },
    ...{ first: what === 'ring', essential: what === 'ring' },
    kind: { do: 'page', path, what, pageId: fact.data.id, attemptId },
  };
}

function ring(fact: Fact<OfPage>, attempt: facts.Attempt): Effect {
  return attemptEffect(fact, attempt, 'ring');
}

function over(fact: Fact<OfPage>, attempt: Pick<facts.Attempt, 'id' | 'path'>): Effect {
  return attemptEffect(fact, attempt, 'over');
}

// In the incident's place, or where incidents are announced: then in a lane of the page's own.
function effect(
  fact: Fact<OfPage>,
  kind: EffectKind,
  options: { first?: boolean; collapse?: string } = {},
): Effect {
  const all = { essential: true, ...options };
  if (fact.incidentId !== null) return onIncident(fact.incidentId, kind, { step: 1, ...all });
  return { ...onIncident('', kind, all), lane: saidLane(fact.data.id), incidentId: null };
}

const place = (fact: Fact) =>
  fact.incidentId === null ? ({ to: 'announcements' } as const) : ({ to: 'incident' } as const);

function show(fact: Fact<OfPage>): Effect {
  const { id } = fact.data;
  const kind = { do: 'show', view: 'page', slot: pageSlot(id), destination: place(fact), about: id } as const;
  return effect(fact, kind, { collapse: pageSlot(id), first: fact.type === facts.pageOpened.type });
}

function tell(fact: Fact<OfPage>, text: Message, first = false): Effect[] {
  const kind = { do: 'say', slot: saidSlot(fact.id), destination: place(fact), message: text } as const;
  return [effect(fact, kind, { first })];
}

// Drawn when it is sent: Slack may have been away until somebody had it.
function drawn(fact: Fact<OfPage>, view: string): Effect {
  const slot = saidSlot(fact.id);
  return effect(fact, { do: 'show', view, slot, destination: place(fact), about: fact.id }, { first: true });
}

function loud(fact: Fact<OfPage>, ...parts: Parameters<typeof message>): Effect[] {
  return tell(fact, message(...parts), true);
}

// The first level stands in the message that stays current; later rounds only where nobody can be reached.
function levelWords(fact: Fact<Called>): Effect[] {
  const { attempts, empty, because, round, drill, level, last, found, same, skipped, by, had } = fact.data;
  const key = pageKey(fact.data);
  if (skipped)
    return by || isSaid(round)
      ? tell(fact, say({ bold: `${key}, ${levelText(fact.data)}` }, ` is skipped: ${skipText(skipped, by)}.`))
      : [];
  const missing = empty.length > 0 ? ` Not to be reached: ${empty.join(', ')}.` : '';
  if (attempts.length === 0 && !by && (same || !isSaid(round))) return [];
  if (attempts.length === 0)
    return loud(
      fact,
      line(
        { bold: `${key}, ${levelText(fact.data)}: nobody can be reached.` },
        missing === '' ? ' Nobody is known who could be called.' : missing,
      ),
      by &&
        had &&
        had.id !== by.id &&
        line(personSpan(had), ' has it no more: ', personSpan(by), ' called on.'),
      last
        ? line('Page somebody by name: ', { code: '/incident page @somebody' })
        : line('The next level’s turn comes at once.'),
    );
  const whom = `${drill ? 'would call' : 'calls'} ${calledText(attempts)}.${missing}`;
  if (by)
    return loud(fact, line({ bold: key }, ': ', ...passedSpans(fact.data), `level ${level + 1} ${whom}`));
  const again = whyAgain(fact.data) !== null;
  if (because === 'opened' || (round > 0 && !found && !again))
    return missing === '' ? [] : loud(fact, line({ bold: key }, `:${missing}`));
  const why =
    whyAgain(fact.data) ?? (found ? 'has somebody to call now' : (reasons[because] ?? 'has no answer'));
  return loud(fact, line({ bold: key }, ` ${why}: level ${level + 1} ${whom}`));
}

type Called = ReturnType<typeof facts.pageLevelReached.read>['data'];

const reasons: Partial<Record<Called['because'], string>> = {
  asked: 'was passed on',
  unreached: 'reached nobody',
};

function whyAgain({ because, incident }: Called): string | null {
  if (because === 'undone') return 'rings again, “I have it” was taken back';
  return because === 'open'
    ? `rings again, ${incident ? incidentKey(incident) : 'its incident'} is open again`
    : null;
}

// Whoever reads it last knows that nobody has it any more.
function passedSpans({ by, had }: Called): Span[] {
  if (!by) return [];
  if (!had || had.id === by.id) return [personSpan(by), ' passed it on: '];
  return [personSpan(by), ' called on: ', personSpan(had), ' has it no more; '];
}

function personSpan({ id, name }: { readonly id: string; readonly name: string }): Span {
  return isInSlack(id) ? { person: id, name } : name;
}

// Of what is about no incident whoever called hears it, wherever they are.
function heardBy(fact: Fact<OfPage>, opener: { readonly id: string } | null, told: Message): Effect[] {
  if (!opener) return [];
  const destination = { to: 'person', userId: opener.id } as const;
  return [effect(fact, { do: 'say', slot: `${saidSlot(fact.id)}/opener`, destination, message: told })];
}

type Redrawn = Fact<ReturnType<typeof facts.pageRedrawn.read>['data']>;

// In the place of the incident that goes on nobody has read of it yet.
function rings(fact: Redrawn): Effect[] {
  const key = pageKey(fact.data);
  if (fact.data.from === null) return [];
  const text = fact.data.back
    ? ` rings for this incident again, and no more for INC-${fact.data.from}. Whoever has this has it too: `
    : `, which INC-${fact.data.from} made, rings on for this incident. Whoever has this has it too: `;
  return tell(fact, say({ bold: key }, text, { code: '/incident ack' }));
}

function sentStays(fact: Redrawn): Effect[] {
  const { sent, by } = fact.data;
  if (sent.length === 0 || !by || !isInSlack(by.id)) return [];
  const text = `What you redacted went out with a page too, by ways that take nothing back: ${sent.join(', ')}. Ask them to delete it.`;
  const destination = { to: 'person', userId: by.id } as const;
  const kind = { do: 'say', slot: `${saidSlot(fact.id)}/sent`, destination, message: say(text) } as const;
  return [{ ...effect(fact, kind), lane: `person/${by.id}`, step: 0, incidentId: null }];
}

function invited(incidentId: string, userId: string): Effect[] {
  if (!isInSlack(userId)) return [];
  return [onIncident(incidentId, { do: 'invite', userIds: [userId] }, { step: 1, essential: true })];
}
