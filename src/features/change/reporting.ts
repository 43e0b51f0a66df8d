// What follows from a report: a change that is announced, or one that is followed. Pure.

import { type Ask, accept, type Decision } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, message, type Part, type Span, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { exactly } from '../../core/time/index.js';
import { componentName } from '../incident/index.js';
import { announced, audienceOf, isProduction, titleLimit } from './announcing.js';
import { conflictsOf } from './conflicts.js';
import { ownerTold, plannedMs } from './decide.js';
import { changeDescribed, changeMoved, changeReported, changeStateSet } from './facts.js';
import type { Plan } from './plan.js';
import {
  awaitsPeople,
  isOfAPerson,
  nobodyYet,
  past,
  skewToldMs,
  stateAfter,
  toldOwner,
} from './reporting-rules.js';
import { lateMs } from './state.js';
import { type Change, changeStream, isAdoptedBy, isTheSame } from './store.js';
import type { Surroundings } from './surroundings.js';
import {
  type ChangeState,
  type Component,
  type Conflict,
  changeKey,
  isAttended,
  type Report,
  stateName,
} from './words.js';

export { type Told, tidied } from './reporting-rules.js';

/** All that a report is judged by. */
export interface ReportState {
  readonly id: string;
  readonly number: number;
  /** As it is; null for one of which nobody told before. */
  readonly row: Change | null;
  readonly report: Report;
  /** The same word of the same sender is on record. */
  readonly came: boolean;
  /** Where it was, and where it is with what the report says. */
  readonly before: readonly Component[];
  readonly components: readonly Component[];
  readonly owner: { readonly id: string | null; readonly name: string };
  readonly plan: Plan;
  readonly around: Surroundings;
  /** Of a new deployment: what ran on all its places, and what on those of which it is known. */
  readonly ranBefore: { readonly all: string | null; readonly some: string | null } | null;
  readonly takenBack: Change | null;
}

/** What a report leads to. A word that came before leads to nothing. */
export function decideReport(state: ReportState, ask: Ask): Decision {
  const { row } = state;
  if (row === null) return announce(state, ask);
  if (state.came)
    return accept(
      [],
      reply(state, ask, [`${changeKey(row)} is ${stateName(row.state)}; this word of it came before.`]),
    );
  return follow(state, row, ask);
}

function announce(state: ReportState, ask: Ask): Decision {
  const { id, number, report, ranBefore, takenBack } = state;
  const stream = changeStream(id);
  const previousArtifact = report.previousArtifact ?? ranBefore?.some ?? null;
  const same =
    report.artifact !== null && [report.previousArtifact, ranBefore?.all].includes(report.artifact);
  const unchanged = report.kind === 'deploy' && !report.rollback && same;
  const open = report.state === 'planned' || report.state === 'started';
  const conflicts = open && !unchanged ? conflictsOf(state.plan, state.around) : [];
  // Its end is a word of its own, on which people are asked whether everything still works.
  const watched = isAttended(report.kind) && report.state === 'succeeded';
  const { startedAt, finishedAt } = timesOf(report, ask.now);
  const facts = [
    announced(
      {
        ...report,
        ...{ id, number, previousArtifact, unchanged, conflicts, startedAt },
        state: watched ? 'started' : report.state,
        finishedAt: watched ? null : finishedAt,
        ...{ components: state.components, owner: state.owner, cover: null },
        rollbackOfId: takenBack?.id ?? null,
      },
      state.around,
      ask.actor,
    ),
    changeReported({ report, late: false }, { stream }),
    ...(watched ? [stateSet(state, 'started', 'validating', report.kind, ask)] : []),
    ...takingBack(state, report.state, ask),
  ];
  const now = watched ? 'validating' : report.state;
  const where = state.components.map(componentName).join(', ');
  const title = shorten(oneLine(report.title), titleLimit);
  return accept(
    facts,
    reply(
      state,
      ask,
      [
        `${changeKey(state)} announced: “${title}”, ${stateName(now)}${where ? `, on ${where}` : ''}.`,
        unchanged && 'It runs what ran there before, so it is kept and not announced to anybody.',
        watched && awaitsPeople,
      ],
      conflicts,
    ),
  );
}

function follow(state: ReportState, row: Change, ask: Ask): Decision {
  const { report } = state;
  const own = isTheSame(row, report);
  const adopts = isAdoptedBy(row, report);
  const counted = (own || adopts) && report.sequence !== null;
  const late = own && counted && row.sequence !== null && BigInt(report.sequence ?? 0) < row.sequence;
  const from = row.state as ChangeState;
  const to = late ? from : stateAfter(row, report.state, counted);
  const starts = to === 'started' && from !== to;
  const moved = late ? null : movedTo(row, report);
  const conflicts = starts || moved ? conflictsOf(state.plan, state.around) : [];
  const stream = changeStream(row.id);
  const facts: Stated[] = [
    changeReported({ report, late }, { stream }),
    ...described(state, row, { late, to, own }, ask),
    ...(moved
      ? [changeMoved({ number: row.number, ...moved, conflicts, ...toldOfMove(state, row, ask) }, { stream })]
      : []),
    ...(from === to
      ? []
      : [stateSet(state, from, to, row.kind as Report['kind'], ask, starts ? conflicts : undefined)]),
    ...(late ? [] : takingBack(state, to, ask)),
  ];
  const kept =
    !late && from === to && report.state !== from && !(to === 'validating' && report.state === 'succeeded');
  return accept(
    facts,
    reply(
      state,
      ask,
      [
        from === to
          ? `${changeKey(row)} is ${stateName(from)}.`
          : `${changeKey(row)} ${stateName(from)} → ${stateName(to)}.`,
        late && 'A later word had come before this one, so its state stays.',
        kept &&
          `“${stateName(report.state)}” without a sequence does not take that back; a new run is a change of its own, with another key.`,
        to === 'validating' && report.state === 'succeeded' && awaitsPeople,
        adopts && `From now on ${report.source} tells of it.`,
      ],
      conflicts,
    ),
  );
}

// What is known of its beginning and end; where the sender says neither, it is when they told.
function timesOf(report: Report, now: Date): { startedAt: Date | null; finishedAt: Date | null } {
  const at = past(report.at ?? now, now);
  const startedAt = past(report.startedAt, now);
  if (report.state === 'planned') return { startedAt: null, finishedAt: null };
  if (report.state === 'started') return { startedAt: startedAt ?? at, finishedAt: null };
  if (report.state === 'cancelled') return { startedAt, finishedAt: null };
  return { startedAt, finishedAt: past(report.finishedAt, now) ?? at };
}

function stateSet(
  { id, number, report, row }: ReportState,
  from: ChangeState,
  to: ChangeState,
  kind: Report['kind'],
  ask: Ask,
  conflicts?: readonly Conflict[],
): Stated {
  const { now } = ask;
  const at = past(report.at ?? (to === 'started' ? report.startedAt : report.finishedAt), now) ?? now;
  const late =
    to === 'started' && from === 'planned' && row?.plannedStart
      ? at.getTime() - row.plannedStart.getTime()
      : 0;
  return changeStateSet(
    {
      ...{ number, kind, from, to, text: report.text, sequence: report.sequence },
      ...(report.startedAt ? { startedAt: past(report.startedAt, now) } : {}),
      ...(report.finishedAt ? { finishedAt: past(report.finishedAt, now) } : {}),
      ...(conflicts ? { conflicts: [...conflicts] } : {}),
      ...(late >= lateMs ? { lateMs: late } : {}),
      plannedMs: plannedMs(row ?? report),
      ...(row ? toldOwner(row, to, ask) : {}),
    },
    { stream: changeStream(id), when: exactly(at) },
  );
}

// What took effect takes back what was there; what is only begun, or failed, does not yet.
function takingBack({ takenBack, number }: ReportState, to: ChangeState, ask: Ask): Stated[] {
  const done = to === 'succeeded' || to === 'validating';
  if (!done || takenBack === null) return [];
  const { id, state } = takenBack;
  if (state === 'rolled_back' || state === 'planned' || state === 'cancelled') return [];
  return [
    changeStateSet(
      {
        ...{ number: takenBack.number, kind: takenBack.kind as Report['kind'], from: state as ChangeState },
        ...{ to: 'rolled_back', text: `taken back by ${changeKey({ number })}`, sequence: null },
        rolledBackBy: changeKey({ number }),
        ...toldOwner(takenBack, 'rolled_back', ask),
      },
      { stream: changeStream(id), when: exactly(ask.now) },
    ),
  ];
}

// Those who were told when it is, are told when that is no longer so.
function toldOfMove({ components, around }: ReportState, row: Change, ask: Ask) {
  if (!row.production || row.state !== 'planned') return {};
  const services = components.map((each) => each.service);
  return {
    ...ownerTold(row, ask),
    audience: audienceOf(services, around.neighbourhood, [row.ownerId, ask.actor.id]),
  };
}

function movedTo(row: Change, report: Report) {
  const plannedStart = report.plannedStart ?? row.plannedStart;
  const plannedEnd = report.plannedEnd ?? row.plannedEnd;
  const before = { plannedStart: row.plannedStart, plannedEnd: row.plannedEnd };
  const stays =
    plannedStart?.getTime() === row.plannedStart?.getTime() &&
    plannedEnd?.getTime() === row.plannedEnd?.getTime();
  return stays ? null : { plannedStart, plannedEnd, before };
}

// What it says besides its state. An older word, and one on what a person announced, only fills what nobody said.
function described(
  state: ReportState,
  row: Change,
  { late, to, own }: { late: boolean; to: ChangeState; own: boolean },
  ask: Ask,
): Stated[] {
  const { report, components, before, owner } = state;
  const fills = late || !own || isOfAPerson(row);
  const better = <T>(said: T | null, known: T | null) =>
    said !== null && said !== known && (known === null || !fills);
  const title = shorten(oneLine(report.title), titleLimit);
  const ownerKnown = row.ownerName === nobodyYet ? null : (row.ownerId ?? row.ownerName);
  const began = past(report.startedAt ?? (report.state === 'started' ? report.at : null), ask.now);
  const earlier = began !== null && (row.startedAt === null || began < row.startedAt);
  const said = {
    ...(!fills && title !== row.title ? { title } : {}),
    ...(report.owner && better(owner.id ?? owner.name, ownerKnown) ? { owner } : {}),
    ...(better(report.artifact, row.artifact) ? { artifact: report.artifact } : {}),
    ...(better(report.previousArtifact, row.previousArtifact)
      ? { previousArtifact: report.previousArtifact }
      : {}),
    ...(better(report.url, row.url) ? { url: report.url } : {}),
    ...(report.reversible !== 'unknown' && better(report.reversible, reversibleOf(row))
      ? { reversible: report.reversible }
      : {}),
    ...(earlier && to === row.state && to !== 'planned' ? { startedAt: began } : {}),
    ...(!late && to === row.state && report.text !== null && report.text !== row.stateText
      ? { stateText: report.text }
      : {}),
    ...(components.length > before.length
      ? { components: [...components], production: isProduction(components, state.around.environments) }
      : {}),
  };
  if (Object.keys(said).length === 0) return [];
  return [changeDescribed({ number: row.number, ...said }, { stream: changeStream(row.id) })];
}

function reversibleOf(row: Change): string | null {
  return row.reversible === 'unknown' ? null : row.reversible;
}

function reply(
  { report, around, components }: ReportState,
  { now }: Ask,
  sentences: readonly (string | false)[],
  conflicts: readonly Conflict[] = [],
) {
  const unknown = [...new Set(components.map((each) => each.service))].filter(
    (name) => !around.neighbourhood.services.has(name),
  );
  const ahead = [report.at, report.startedAt, report.finishedAt].some(
    (each) => each !== null && each.getTime() - now.getTime() > skewToldMs,
  );
  const spans: Span[] = [sentences.filter((each): each is string => each !== false).join(' ')];
  const more: (Part | false)[] = [
    unknown.length > 0 && line(`Not in the catalogue: ${unknown.join(', ')}.`),
    ahead && line('Its clock is ahead of ours, so what it says to have happened is taken to be now.'),
    ...conflicts
      .slice(0, 5)
      .map((each) => line(`${each.severity === 'hold' ? 'Had better wait' : 'Look out'}: ${each.text}`)),
  ];
  return message(line(...spans), ...more);
}
