// The rules of announcing, moving and describing a change. Pure: everything they know is in their arguments.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { type Message, say } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { readTime, showInstant, type WrittenTime } from '../../core/time/index.js';
import type { Component } from '../incident/index.js';
import { announced, audienceOf } from './announcing.js';
import { aheadProblem, asBegun } from './begun.js';
import { conflictsOf } from './conflicts.js';
import * as facts from './facts.js';
import type { Plan } from './plan.js';
import { askAgain, repeatOf } from './repeats.js';
import { announceReply, movedReply } from './replies.js';
import type { AnnounceInput, AnnounceState, MoveInput, PlannedState } from './said.js';
import { slotsFor } from './slots.js';
import { type Change, changeStream } from './store.js';
import {
  type ChangeKind,
  changeKey,
  isOver,
  ownSource,
  plannedDaysMax,
  silentReport,
  stateName,
} from './words.js';

/** A second announcement like the first within this time is probably the same one, sent twice. */
export const repeatMinutes = 2;
/** Further ahead nobody plans; a year that was mistyped is. */
const aheadDaysMax = 366;
/** For so long after it was said to begin it may be planned for another time: it had better wait, and nobody began. */
const notBegunMinutes = 15;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Said to be planned for a time this long past, it is rather a wrong date. */
const pastMsMax = dayMs;

/** From its title what kind a change is, where nobody said. */
export function kindFrom(title: string): ChangeKind {
  const words = title.toLowerCase();
  const kinds: readonly (readonly [RegExp, ChangeKind])[] = [
    [/\b(?:upgrad\w*|update to|bump\w*|patch\w*)\b/, 'upgrade'],
    [/\b(?:migrat\w*|backfill\w*|schema|alter table|reindex\w*)\b/, 'migration'],
    [/\b(?:submi\w+|app[- ]?store|play[- ]?store|testflight)\b/, 'submission'],
    [/\b(?:flags?|toggle\w*|experiment)\b/, 'flag'],
    [/\b(?:deploy\w*|releas\w*|roll(?:ing)? ?out|ship(?:ping)?)\b/, 'deploy'],
    [/\b(?:config\w*|settings?|env var\w*|dns|certificate)\b/, 'config'],
    [/\b(?:terraform|infra\w*|cluster|nodes?|network|firewall|load balancer)\b/, 'infrastructure'],
  ];
  return kinds.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}

/** When it is planned, of what was said of it. */
function windowOf(
  input: Pick<AnnounceInput, 'at' | 'for' | 'until'>,
  ask: Ask,
): { startsAt: Date; endsAt: Date | null } {
  const startsAt = input.at?.at ?? ask.now;
  const length = saidMs(input, input.at, startsAt, ask);
  return { startsAt, endsAt: length === null ? null : new Date(startsAt.getTime() + length) };
}

// How long it takes, however that was said: for:, until:, or a time that has an end.
function saidMs(
  input: Pick<AnnounceInput, 'for' | 'until'>,
  time: WrittenTime | undefined,
  startsAt: Date,
  ask: Ask,
): number | null {
  if (input.for !== undefined) return input.for;
  const end = input.until ? endOf(input.until, startsAt, ask) : (time?.until ?? null);
  return end && end.getTime() - startsAt.getTime();
}

// `at:"tomorrow 18:00" until:19:00`: the end is read as of the beginning, where it would be before it.
function endOf({ at, asWritten }: WrittenTime, startsAt: Date, ask: Ask): Date | null {
  if (!at || at > startsAt) return at;
  const zone = zoneOf(ask);
  const read = readTime(asWritten, { now: startsAt, zone, direction: 'future' });
  return read.ok && read.time.at && read.time.at > startsAt ? read.time.at : at;
}

/** The plan that a new change is judged by. */
export function planOf(
  id: string | null,
  input: AnnounceInput,
  components: readonly Component[],
  ask: Ask,
): Plan {
  const said = asBegun(input, ask);
  return {
    id,
    components,
    kind: input.kind ?? kindFrom(input.title),
    owner: ownerOf(input, ask),
    coverId: input.cover?.id ?? null,
    ...windowOf(said, ask),
    reversible: input.irreversible ? 'no' : (input.reversible ?? 'unknown'),
  };
}

export function decideAnnounce(state: AnnounceState, announcing: AnnounceInput, ask: Ask): Decision {
  const input = asBegun(announcing, ask);
  const title = oneLine(input.title);
  const window = windowOf(input, ask);
  const wrong =
    timeProblem(input.at, window, ask) ??
    (input.begun ? aheadProblem(window, ask) : pastProblem(window, ask));
  if (wrong) return refuse(wrong, 'at');
  const endless = endProblem(input, window);
  if (endless) return refuse(endless, 'until');
  if (input.cover && input.cover.id === ownerOf(input, ask).id)
    return refuse(
      say('Cover is somebody else than its owner: who can act when you cannot. Nothing was announced.'),
      'cover',
    );
  const twin = repeatOf(title, state.components, state.recent, state.around);
  if (twin && !input.anyway) return refuse(askAgain(twin, title, input), 'title');
  const plan = planOf(state.id, input, state.components, ask);
  const conflicts = conflictsOf(plan, state.around);
  const fact = announced(
    {
      ...silentReport,
      ...{ id: state.id, number: state.number, source: 'andon', key: state.id },
      ...{ kind: plan.kind as ChangeKind, title, components: state.components },
      state: input.begun ? 'started' : 'planned',
      reversible: plan.reversible as 'yes' | 'no' | 'unknown',
      owner: plan.owner,
      cover: input.cover ?? null,
      plannedStart: plan.startsAt,
      plannedEnd: plan.endsAt,
      startedAt: input.begun ? plan.startsAt : null,
      url: input.url ?? null,
      unchanged: false,
      rollbackOfId: null,
      conflicts,
      format: 'andon',
    },
    state.around,
    ask.actor,
  );
  const slots = slotsFor(conflicts, plan, state.around, later(plan.startsAt, ask.now), zoneOf(ask));
  return accept([fact], announceReply({ state, input, plan, conflicts, slots, fact }, ask));
}

/** Where a change that is on record is planned to go. */
export function movedWindow(
  change: Change,
  input: MoveInput,
  ask: Ask,
): { startsAt: Date; endsAt: Date | null } {
  const startsAt = input.time?.at ?? change.plannedStart ?? change.startsAt;
  const before = plannedMs(change);
  const length = saidMs(input, input.time, startsAt, ask) ?? before;
  return { startsAt, endsAt: length === null ? null : new Date(startsAt.getTime() + length) };
}

/** How long a change is planned to take, in milliseconds; null where nobody said. */
export function plannedMs(change: Pick<Change, 'plannedStart' | 'plannedEnd'>): number | null {
  const { plannedStart, plannedEnd } = change;
  return plannedStart && plannedEnd ? Math.max(0, plannedEnd.getTime() - plannedStart.getTime()) : null;
}

export function decideMove(
  { change, components, around }: PlannedState,
  input: MoveInput,
  ask: Ask,
): Decision {
  const key = changeKey(change);
  const back = isJustBegun(change, ask.now);
  if (change.state !== 'planned' && !back) return refuse(notPlanned(change), 'id');
  if (!input.time && input.for === undefined && !input.until)
    return refuse(
      say('To when? Say the time, such as ', { code: `/change move ${key} tomorrow 10:00` }, '.'),
      'time',
    );
  const window = movedWindow(change, input, ask);
  const wrong = timeProblem(input.time, window, ask) ?? (input.time ? pastProblem(window, ask) : null);
  if (wrong) return refuse(wrong, 'time');
  const endless = endProblem(input, window);
  if (endless) return refuse(endless, 'until');
  const same =
    change.plannedStart?.getTime() === window.startsAt.getTime() &&
    change.plannedEnd?.getTime() === window.endsAt?.getTime();
  if (same && !back)
    return refuse(say(`${key} is planned for that time already. Nothing was changed.`), 'time');
  const plan = planOfChange(change, components, window);
  const conflicts = conflictsOf(plan, around);
  const services = components.map((each) => each.service);
  const fact = facts.changeMoved(
    {
      number: change.number,
      plannedStart: window.startsAt,
      plannedEnd: window.endsAt,
      before: { plannedStart: change.plannedStart, plannedEnd: change.plannedEnd },
      conflicts,
      ...ownerTold(change, ask),
      ...(change.production
        ? { audience: audienceOf(services, around.neighbourhood, [change.ownerId, ask.actor.id]) }
        : {}),
    },
    { stream: changeStream(change.id) },
  );
  const slots = slotsFor(conflicts, plan, around, later(window.startsAt, ask.now), zoneOf(ask));
  const reply = movedReply({ change, window, conflicts, slots, back }, input, ask);
  return accept(back ? [notBegun(change), fact] : [fact], reply);
}

// Of a pipeline's change the pipeline knows whether it runs.
function isJustBegun(change: Change, now: Date): boolean {
  if (change.source !== ownSource || change.state !== 'started' || !change.startedAt) return false;
  return now.getTime() - change.startedAt.getTime() <= notBegunMinutes * minuteMs;
}

function notBegun(change: Change): Stated {
  return facts.changeStateSet(
    {
      ...{ number: change.number, kind: change.kind as ChangeKind },
      ...{ from: 'started', to: 'planned', text: null, sequence: null },
    },
    { stream: changeStream(change.id) },
  );
}

/** A change on record as a plan: for another time, or as it is. */
export function planOfChange(
  change: Change,
  components: readonly Component[],
  window: { startsAt: Date; endsAt: Date | null },
): Plan {
  return {
    id: change.id,
    kind: change.kind,
    components,
    owner: { id: change.ownerId, name: change.ownerName },
    coverId: change.coverId,
    reversible: change.reversible,
    ...window,
  };
}

/** Its owner, where somebody else says something of it. */
export function ownerTold(change: Change, ask: Ask) {
  const { ownerId: id, ownerName: name } = change;
  return id !== null && id !== ask.actor.id ? { owner: { id, name } } : {};
}

function ownerOf(input: Pick<AnnounceInput, 'owner'>, ask: Ask): { id: string | null; name: string } {
  if (input.owner) return { id: input.owner.id, name: input.owner.name };
  return { id: isInSlack(ask.actor.id) ? ask.actor.id : null, name: ask.actor.name };
}

/** Where the clock of whoever asks stands. */
export function zoneOf(ask: Ask): string {
  return ask.actor.zone ?? ask.workspace.zone;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** Why a change cannot be planned for that time; null when it can. */
function timeProblem(
  time: WrittenTime | undefined,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date | null },
  ask: Ask,
): Message | null {
  if (time && !time.at)
    return say(
      `“${time.asWritten}” is no time that can be planned. Leave it out, and move it when you know: `,
      { code: '/change move CHG-7 18:00' },
      '.',
    );
  const zone = zoneOf(ask);
  const ahead = startsAt.getTime() - ask.now.getTime();
  const example = { code: showInstant(new Date(ask.now.getTime() + dayMs), zone).slice(0, 16) };
  if (ahead > aheadDaysMax * dayMs)
    return say(
      `${showInstant(startsAt, zone)} is more than a year ahead. Write the date in full, such as `,
      example,
      '.',
    );
  if (-ahead > pastMsMax)
    return say(
      `${showInstant(startsAt, zone)} is more than a day ago. If it is to come, write its date, such as `,
      example,
      '; if it is done, announce it without a time and say ',
      { code: '/change done CHG-7 at:TIME' },
      '.',
    );
  if (endsAt && endsAt.getTime() - startsAt.getTime() > plannedDaysMax * dayMs)
    return say(`That is longer than ${plannedDaysMax} days. Announce its parts one by one.`);
  return null;
}

/** What is planned lies ahead; a few minutes ago is as good as now. */
function pastProblem({ startsAt }: { startsAt: Date }, ask: Ask): Message | null {
  if (ask.now.getTime() - startsAt.getTime() <= notBegunMinutes * minuteMs) return null;
  const zone = zoneOf(ask);
  return say(
    `${showInstant(startsAt, zone)} is past. Has it begun? An announcement takes the word `,
    { code: 'begun' },
    ' at its end, a change on record ',
    { code: '/change start CHG-7 at:TIME' },
    '. Else say a time to come. Nothing was done.',
  );
}

/** Why it cannot end when it was said to; null when it can. */
function endProblem(
  input: Pick<AnnounceInput, 'for' | 'until'>,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date | null },
): Message | null {
  const { until } = input;
  if (!until) return null;
  if (input.for !== undefined)
    return say('Say its end with until: or its length with for:, not both. Nothing was done.');
  if (!until.at)
    return say(`“${until.asWritten}” is no time at which it can end. Leave it out. Nothing was done.`);
  if (endsAt && endsAt <= startsAt)
    return say('That end is not after its beginning. Say a later until:, or for: and its length.');
  return null;
}

function notPlanned(change: Change): Message {
  const key = changeKey(change);
  if (isOver(change.state))
    return say(
      `${key} is ${stateName(change.state)}; only what is planned can be moved. `,
      { code: '/change announce …' },
      ' plans another one. Nothing was changed.',
    );
  return say(
    `${key} has begun, so it cannot be moved. `,
    { code: `/change running ${key} for:1h` },
    ' says that it takes longer. Nothing was changed.',
  );
}
