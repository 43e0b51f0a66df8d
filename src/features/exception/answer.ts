// The rules of answering for an exception: approve, deny, revoke, review. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isPersonInSlack } from '../../core/fact.js';
import { line, type Message, message, say } from '../../core/message.js';
import { freezesStream } from '../freeze/index.js';
import { nextWorkingDay } from './due.js';
import {
  exceptionApproved,
  exceptionDenied,
  exceptionLapsed,
  exceptionRedrawn,
  exceptionReminded,
  exceptionReviewAsked,
  exceptionReviewed,
  exceptionRevoked,
} from './facts.js';
import type { AnswerState } from './load.js';
import { approversOf, mayAnswer, namesText, openlyNamed, openlyNamedFirst, type Person } from './people.js';
import { nothingDone, tooEarly, whenText } from './replies.js';
import { freezesOf, usesOf } from './store.js';
import { exceptionKey, freezesText, remindMs } from './words.js';

const minuteMs = 60_000;

export interface AnswerInput {
  readonly id: number;
  readonly text?: string | undefined;
}

/** Lets it through from now on, for as long and as often as was asked for. */
export function decideApprove(state: AnswerState, { text = '' }: AnswerInput, ask: Ask): Decision {
  const { row } = state;
  const wrong = notOpen(state, ask) ?? mayNot(state, ask, 'approve') ?? allOver(state, ask);
  if (wrong) return refuse(wrong);
  const expiresAt = new Date(ask.now.getTime() + row.minutes * minuteMs);
  const fact = exceptionApproved(
    { ...of(state), ...whom(state), expiresAt, text: text === '' ? null : text },
    about(state),
  );
  const key = exceptionKey(row);
  const times = row.usesMax === 1 ? 'one change' : `${row.usesMax} changes`;
  return accept(
    [fact],
    message(
      line({ bold: key }, ` is approved: ${times} may go through ${freezesText(freezesOf(row))}.`),
      line(`Good until ${whenText(expiresAt, ask)}. ${row.requestedByName} is told.`),
      tooEarly(
        state.named.map(({ frozen }) => frozen),
        ask.now,
        expiresAt,
      ),
      line({ code: `/freeze revoke ${key}` }, ' takes it back.'),
    ),
  );
}

/** It is not let through. */
export function decideDeny(state: AnswerState, { text = '' }: AnswerInput, ask: Ask): Decision {
  const { row } = state;
  const wrong = notOpen(state, ask) ?? mayNot(state, ask, 'deny');
  if (wrong) return refuse(wrong);
  const fact = exceptionDenied(
    { ...of(state), ...whom(state), text: text === '' ? null : text },
    about(state),
  );
  return accept([fact], say({ bold: exceptionKey(row) }, ` is denied. ${row.requestedByName} is told.`));
}

/** It counts no more: its requester, whoever approved it, and the owners of its freezes may say so. */
export function decideRevoke(state: AnswerState, { text = '' }: AnswerInput, ask: Ask): Decision {
  const { row, named } = state;
  const key = exceptionKey(row);
  if (row.state === 'denied' || row.state === 'revoked')
    return refuse(nothingDone(`${key} was ${row.state}${byWhom(row)}; there is nothing to take back.`));
  if (row.expiresAt <= ask.now)
    return refuse(nothingDone(`${key} counts no more since ${whenText(row.expiresAt, ask)}.`));
  const approver = row.state === 'approved' ? answererOf(row) : null;
  const may = [requesterOf(row), ...(approver ? [approver] : []), ...named.map(({ owner }) => owner)];
  if (!may.some(({ id }) => id === ask.actor.id))
    return refuse(nothingDone(`${namesText(distinct(may))} may take ${key} back. Ask one of them.`));
  const fact = exceptionRevoked(
    { ...of(state), ...whom(state), approver, text: text === '' ? null : text },
    about(state),
  );
  const used = usesOf(row).length;
  const reply = say(
    { bold: key },
    ` counts no more.${used > 0 ? ` It was used ${used === 1 ? 'once' : `${used} times`}: what has begun goes on.` : ''}`,
  );
  return accept([fact], reply);
}

/** What was done on one's own authority is looked at by somebody else. */
export function decideReview(state: AnswerState, input: AnswerInput & { text: string }, ask: Ask): Decision {
  const { row } = state;
  const key = exceptionKey(row);
  if (!row.emergency)
    return refuse(
      nothingDone(`${key} was ${row.state} by the usual way; only a broken glass is reviewed afterwards.`),
    );
  if (row.reviewedAt)
    return refuse(
      nothingDone(`${row.reviewedByName ?? 'Somebody'} reviewed ${key} at ${whenText(row.reviewedAt, ask)}.`),
    );
  if (!isPersonInSlack(ask.actor)) return refuse(nothingDone('A person reviews it, in Slack.'));
  if (row.requestedById === ask.actor.id)
    return refuse(nothingDone(`You broke the glass for ${key}, so somebody else reviews it.`));
  const fact = exceptionReviewed({ ...of(state), ...whom(state), text: input.text }, about(state));
  return accept([fact], say({ bold: key }, ` is reviewed. ${row.requestedByName} is told.`));
}

/** What is due of one: who may is asked once more, it lapses, or its review is asked for; overdue so that all hear it. */
export function decideLook(state: AnswerState, ask: Ask): Decision {
  const { row, named, team, permitted } = state;
  if (row.state === 'requested') return lookAtRequest(state, ask);
  if (!row.emergency || row.reviewedAt || !row.reviewDueAt) return refuse(say('Nothing is due.'));
  const overdue = ask.now >= row.reviewDueAt;
  const { people } = approversOf(named, team, permitted, row.requestedById);
  const next = overdue ? nextWorkingDay(ask.now, ask.workspace.zone) : row.reviewDueAt;
  const fact = exceptionReviewAsked(
    { ...of(state), people: [...people], dueAt: row.reviewDueAt, overdue, next },
    about(state),
  );
  return accept([fact], message());
}

function lookAtRequest(state: AnswerState, ask: Ask): Decision {
  const { row, named, team, permitted, reminded } = state;
  if (row.expiresAt <= ask.now)
    return accept([exceptionLapsed({ ...of(state), ...whom(state) }, about(state))], message());
  const remindAt = new Date(row.requestedAt.getTime() + remindMs);
  const isMoot = reminded || named.every(({ frozen }) => frozen.overAt <= ask.now);
  if (isMoot || remindAt > ask.now) return nothingYet(isMoot ? row.expiresAt : remindAt);
  const { people } = approversOf(named, team, permitted, row.requestedById);
  const fact = exceptionReminded(
    {
      ...{ ...of(state), requester: requesterOf(row), people: [...people] },
      ...{ requestedAt: row.requestedAt, next: row.expiresAt },
    },
    about(state),
  );
  return accept([fact], message());
}

function nothingYet(again: Date): Decision {
  return { accepted: false, refusal: { message: say('Nothing is due.'), again } };
}

/** One of which words were redacted, and the facts of its uses among them. */
export interface RedactedOf extends AnswerState {
  readonly uses: readonly { readonly factId: string; readonly verdictId: string }[];
}

/** Words of some were redacted: what shows them is drawn anew. */
export function decideRedraw(states: readonly RedactedOf[]): Decision {
  if (states.length === 0) return refuse(say('Nothing is shown of it.'));
  const where = { stream: freezesStream };
  return accept(
    states.map((state) =>
      exceptionRedrawn({ ...of(state), asked: readersOf(state), uses: [...state.uses] }, where),
    ),
    message(),
  );
}

// Whoever has no message yet is not sent one for a redaction.
function readersOf({ row, asked }: AnswerState): Person[] {
  const heard = row.emergency ? row.reviewedAt !== null : row.state !== 'requested';
  return heard ? [...asked, requesterOf(row)] : [...asked];
}

function notOpen({ row }: AnswerState, ask: Ask): Message | null {
  const key = exceptionKey(row);
  if (row.state !== 'requested' && row.state !== 'lapsed')
    return nothingDone(
      `${key} was ${row.emergency ? 'a broken glass, and needs no answer' : row.state}${byWhom(row)}${row.answeredAt ? ` at ${whenText(row.answeredAt, ask)}` : ''}.`,
    );
  if (row.state === 'lapsed' || row.expiresAt <= ask.now)
    return nothingDone(
      `Nobody answered ${key} until ${whenText(row.expiresAt, ask)}, so it lapsed. ${row.requestedByName} may ask again.`,
    );
  return null;
}

function mayNot({ row, named, team, permitted }: AnswerState, ask: Ask, verb: string): Message | null {
  const approvers = approversOf(named, team, permitted, row.requestedById);
  if (mayAnswer(approvers, ask.actor, row.requestedById)) return null;
  const key = exceptionKey(row);
  const who = approvers.anybody ? 'any other person' : openlyNamed(named, team, permitted, row.requestedById);
  const first = approvers.anybody
    ? 'Any other person'
    : openlyNamedFirst(named, team, permitted, row.requestedById);
  if (!isPersonInSlack(ask.actor))
    return nothingDone(`A person answers for an exception, in Slack: ${who} may ${verb} ${key}.`);
  if (ask.actor.id === row.requestedById)
    return nothingDone(
      `You asked for ${key}, so somebody else answers it: ${who} may.`,
      verb === 'deny' ? ' To take it back: ' : '',
      ...(verb === 'deny' ? [{ code: `/freeze revoke ${key}` }, '.'] : []),
    );
  return nothingDone(
    `${first} may ${verb} ${key}: the owner of the freeze, who leads its incident, and the team’s approvers (`,
    { code: '/freeze approvers' },
    ').',
  );
}

function allOver({ row, named }: AnswerState, ask: Ask): Message | null {
  if (named.length === 0 || named.some(({ frozen }) => frozen.overAt > ask.now)) return null;
  return nothingDone(`${freezesText(freezesOf(row))} is over: nothing needs ${exceptionKey(row)} any more.`);
}

function of({ row, named }: AnswerState) {
  const incident = named.find(({ incident: one }) => one)?.incident ?? null;
  return {
    ...{ id: row.id, number: row.number, freezes: freezesOf(row) },
    drill: named.length > 0 && named.every(({ frozen }) => frozen.drill),
    incident: incident && { id: incident.id, number: incident.number, shown: !incident.private },
  };
}

function whom({ row, asked }: AnswerState) {
  return { requester: requesterOf(row), asked: [...asked] };
}

// What belongs to its incident stays with it, whoever says it.
function about({ row }: AnswerState) {
  return { stream: freezesStream, ...(row.incidentId ? { incidentId: row.incidentId } : {}) };
}

function requesterOf(row: AnswerState['row']): Person {
  return { id: row.requestedById, name: row.requestedByName };
}

function answererOf(row: AnswerState['row']): Person | null {
  return row.answeredById === null ? null : { id: row.answeredById, name: row.answeredByName ?? '' };
}

function byWhom(row: AnswerState['row']): string {
  return row.state !== 'revoked' && row.answeredByName ? ` by ${row.answeredByName}` : '';
}

function distinct(people: readonly Person[]): Person[] {
  return [...new Map(people.map((each) => [each.id, each])).values()];
}
