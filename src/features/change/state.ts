// The rules by which a change comes from one state to another when people say so. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { line, type Message, message, say } from '../../core/message.js';
import { showDuration, showInstant, type WrittenTime } from '../../core/time/index.js';
import { understoodLine } from '../incident/index.js';
import { audienceOf } from './announcing.js';
import { conflictsOf } from './conflicts.js';
import { ownerTold, plannedMs, planOfChange, zoneOf } from './decide.js';
import * as facts from './facts.js';
import { conflictParts } from './replies.js';
import type { PlannedState } from './said.js';
import { slotsFor } from './slots.js';
import { type Change, changeStream } from './store.js';
import { type ChangeKind, type ChangeState, changeKey, isAttended, stateName } from './words.js';

export type StateVerb = 'start' | 'done' | 'fail' | 'rollback' | 'cancel';

/** For each verb, the states from which it is the usual next word. */
export const usualFrom: Readonly<Record<StateVerb, readonly ChangeState[]>> = {
  start: ['planned'],
  done: ['started', 'planned'],
  fail: ['started', 'validating'],
  rollback: ['started', 'validating', 'failed'],
  cancel: ['planned'],
};

/** A clock that runs fast is not the future. */
const skewMs = 60_000;
/** A change that begins this long after its planned time began late. */
export const lateMs = 15 * 60_000;

export interface StateInput {
  readonly id?: number | undefined;
  readonly text?: string | undefined;
  readonly at?: WrittenTime | undefined;
  readonly remarks: readonly string[];
}

export interface ChangeAt extends PlannedState {
  /** Nobody named it: it was the only one of theirs that it could mean. */
  readonly meant: boolean;
}

interface Step {
  readonly to: ChangeState;
  /** Where it differs from the time of the word. */
  readonly startedAt?: Date | null;
  /** What is said besides. */
  readonly besides?: string;
}

/** Decides what a verb does to a change. */
export function decideState(verb: StateVerb, state: ChangeAt, input: StateInput, ask: Ask): Decision {
  const { change } = state;
  const at = input.at ? input.at.at : (ask.saidAt ?? ask.now);
  if (at === null)
    return refuse(say('When? Say the time, or leave it out for now. Nothing was changed.'), 'at');
  if (at.getTime() > ask.now.getTime() + skewMs) return refuse(notYet(verb, change), 'at');
  const retimed = verb === 'start' && change.state === 'started' && input.at ? retime(change, at) : null;
  if (retimed) return accept([retimed], stateReply(state, { to: 'started' }, [], input, ask));
  const step = steps[verb](change, at, input.at !== undefined);
  if (!('to' in step)) return refuse(step, 'id');
  const startedAt = step.startedAt === undefined ? change.startedAt : step.startedAt;
  if (step.to !== 'started' && startedAt && at < startedAt)
    return refuse(endsFirst(change, startedAt, ask), 'at');
  const conflicts = verb === 'start' ? conflictsOf(planNow(state, at), state.around) : undefined;
  const late = change.plannedStart ? at.getTime() - change.plannedStart.getTime() : 0;
  const fact = facts.changeStateSet(
    {
      number: change.number,
      kind: change.kind as ChangeKind,
      from: change.state as ChangeState,
      to: step.to,
      text: input.text ?? null,
      sequence: null,
      ...(step.startedAt === undefined ? {} : { startedAt: step.startedAt }),
      ...(conflicts ? { conflicts } : {}),
      plannedMs: plannedMs(change),
      ...(verb === 'start' && change.state === 'planned' && late >= lateMs ? { lateMs: late } : {}),
      ...ownerTold(change, ask),
      ...(verb === 'cancel' ? toldOfTheEnd(state, ask) : {}),
    },
    { stream: changeStream(change.id), ...(input.at ? { when: input.at } : {}) },
  );
  return accept([fact], stateReply(state, step, conflicts ?? [], input, ask));
}

const steps: Readonly<Record<StateVerb, (change: Change, at: Date, timed: boolean) => Step | Message>> = {
  start(change, at, timed) {
    const key = changeKey(change);
    if (change.state === 'started')
      return say(
        `${key} has begun already. Nothing was changed. `,
        { code: `/change start ${key} at:TIME` },
        ' says that it began at another time.',
      );
    if (change.state === 'planned') return { to: 'started', besides: punctuality(change, at) };
    if (change.state === 'cancelled') return { to: 'started', startedAt: at, besides: ' It goes on.' };
    return { to: 'started', startedAt: timed ? at : (change.startedAt ?? at), besides: ' It goes on.' };
  },
  done(change, at) {
    const key = changeKey(change);
    const to = isAttended(change.kind) ? 'validating' : 'succeeded';
    if (change.state === 'validating')
      return say(
        `${key} is done, and waits for somebody to say that everything still works: `,
        { code: `/change validate ${key} good` },
        ' or ',
        { code: `/change validate ${key} bad what is wrong` },
        '. Nothing was changed.',
      );
    if (change.state === 'succeeded') return alreadySo(change);
    if (change.state === 'cancelled' || change.state === 'rolled_back') return startFirst(change, 'done');
    if (change.state === 'planned') return begunAsPlanned(change, at, to);
    return { to, besides: doneBesides(change, to) };
  },
  fail(change, at) {
    if (change.state === 'failed') return alreadySo(change);
    if (change.state === 'cancelled') return startFirst(change, 'fail');
    if (change.state === 'planned') return begunAsPlanned(change, at, 'failed');
    return {
      to: 'failed',
      besides: ` When it is taken back: \`/change rollback ${changeKey(change)}\`.`,
    };
  },
  rollback(change) {
    const key = changeKey(change);
    if (change.state === 'rolled_back') return alreadySo(change);
    if (change.state === 'planned')
      return say(
        `${key} has not begun as far as I know, so there is nothing to roll back: `,
        { code: `/change cancel ${key}` },
        ' calls it off; ',
        { code: `/change start ${key} at:TIME` },
        ' says when it began. Nothing was changed.',
      );
    if (change.state === 'cancelled') return startFirst(change, 'rollback');
    return { to: 'rolled_back' };
  },
  cancel(change) {
    const key = changeKey(change);
    if (change.state === 'cancelled') return alreadySo(change);
    if (change.state === 'planned') return { to: 'cancelled' };
    return say(
      `${key} is ${stateName(change.state)}, and only what has not begun can be cancelled. `,
      { code: `/change fail ${key}` },
      ' says that it failed, ',
      { code: `/change rollback ${key}` },
      ' that it was taken back. Nothing was changed.',
    );
  },
};

// Whoever says that it ended says that it began: as planned, where that time is past.
function begunAsPlanned(change: Change, at: Date, to: ChangeState): Step | Message {
  const key = changeKey(change);
  if (change.plannedStart && change.plannedStart <= at)
    return {
      to,
      startedAt: change.plannedStart,
      besides: ` Nobody said that it began, so I take it that it did as planned; \`/change start ${key}\` and its end again, with at:TIME, say it better.${to === 'validating' ? validating(change) : ''}`,
    };
  return say(
    `${key} has not begun as far as I know: it is planned for later. `,
    { code: `/change start ${key} at:TIME` },
    ' says when it began, ',
    { code: `/change cancel ${key}` },
    ' calls it off. Nothing was changed.',
  );
}

function doneBesides(change: Change, to: ChangeState): string {
  return to === 'validating' ? validating(change) : '';
}

function validating(change: Change): string {
  const key = changeKey(change);
  return ` It counts as succeeded when somebody has looked: \`/change validate ${key} good\` or \`/change validate ${key} bad\`.`;
}

function startFirst(change: Change, verb: StateVerb): Message {
  const key = changeKey(change);
  return say(
    `${key} is ${stateName(change.state)}. If it went on after all: `,
    { code: `/change start ${key} at:TIME` },
    `, and then ${verb} again. Nothing was changed.`,
  );
}

function alreadySo(change: Change): Message {
  const key = changeKey(change);
  return say(
    `${key} is ${stateName(change.state)} already. Nothing was changed. `,
    { code: `/change show ${key}` },
    ' shows it.',
  );
}

function notYet(verb: StateVerb, change: Change): Message {
  const key = changeKey(change);
  if (verb === 'start' && change.state === 'planned')
    return say(
      'That is to come. ',
      { code: `/change move ${key} WHEN` },
      ' plans it for then; say start when it begins. Nothing was changed.',
    );
  return say(`That is to come. Say ${verb} when it has happened. Nothing was changed.`);
}

function endsFirst(change: Change, startedAt: Date, ask: Ask): Message {
  const key = changeKey(change);
  const zone = zoneOf(ask);
  return say(
    `${key} began at ${showInstant(startedAt, zone)}, so that is before its beginning. `,
    { code: `/change start ${key} at:TIME` },
    ' says when it really began. Nothing was changed.',
  );
}

function punctuality(change: Change, at: Date): string {
  if (!change.plannedStart) return '';
  const by = at.getTime() - change.plannedStart.getTime();
  if (by >= lateMs) return ` That is ${showDuration(by)} after it was planned.`;
  return -by >= lateMs ? ` That is ${showDuration(-by)} before it was planned.` : '';
}

// It began at another time than was said.
function retime(change: Change, at: Date) {
  return facts.changeDescribed({ number: change.number, startedAt: at }, { stream: changeStream(change.id) });
}

function planNow({ change, components }: PlannedState, at: Date) {
  const length = plannedMs(change);
  const endsAt = length === null ? null : new Date(at.getTime() + length);
  return planOfChange(change, components, { startsAt: at, endsAt });
}

// Whoever said that they would be there need not be; others only where it would have been in production.
function toldOfTheEnd({ change, components, around }: PlannedState, ask: Ask) {
  const services = components.map((each) => each.service);
  const knowing = [change.ownerId, ask.actor.id];
  const told = change.production
    ? audienceOf(services, around.neighbourhood, knowing)
    : { people: [], channels: [] };
  const { coverId: id, coverName: name, cover } = change;
  const covers = id !== null && (cover === 'given' || cover === 'asked') && !knowing.includes(id);
  const people = covers ? [{ id, name: name ?? id }] : [];
  const others = told.people.filter((each) => each.id !== id);
  return { audience: { ...told, people: [...people, ...others] } };
}

function stateReply(
  state: ChangeAt,
  step: Step,
  conflicts: ReturnType<typeof conflictsOf>,
  input: StateInput,
  ask: Ask,
): Message {
  const { change } = state;
  const key = changeKey(change);
  const text = ` is ${stateName(step.to)} now${change.state === step.to ? ', since another time than said before' : `, was ${stateName(change.state)}`}.`;
  const slots = slotsFor(conflicts, planNow(state, ask.now), state.around, ask.now, zoneOf(ask));
  const next =
    step.to === 'started' ? ` When it ends: \`/change done ${key}\`, or \`/change fail ${key}\`.` : '';
  const [first = '', ...more] = `${text}${step.besides ?? ''}${next}`.split('`');
  // Every second piece stood between backquotes; nothing that a person wrote is among them.
  const rest = more
    .map((piece, i) => (i % 2 === 0 ? { code: piece } : piece))
    .filter((piece) => piece !== '');
  return message(
    line({ bold: key }, first, ...rest),
    state.meant && line(`I took it for ${key} “${change.title}”, the only one of yours that you could mean.`),
    understoodLine(input.at, ask),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    ...conflictParts({ conflicts, slots, key, began: step.to !== 'planned' }, ask),
  );
}
