// What programs say of changes in Andon's own form: the command behind POST, and the one behind PATCH.

import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, message, say, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { exactly } from '../../core/time/index.js';
import { audienceOf } from './announcing.js';
import { conflictsOf } from './conflicts.js';
import { ownerTold, plannedMs, planOfChange } from './decide.js';
import { changeDescribed, changeMoved, changeStateSet } from './facts.js';
import { loadReport, locateReport, ownerOf, type ReportTarget } from './report.js';
import { decideReport, type Told, tidied } from './reporting.js';
import { awaitsPeople, nobodyYet, past, stateAfter, toldOwner } from './reporting-rules.js';
import { type Change, changeStream, componentsOf, findChange, readChange } from './store.js';
import { type Surroundings, surroundingsOf } from './surroundings.js';
import {
  type ChangeKind,
  type ChangeState,
  type Component,
  changeKey,
  changeStates,
  ownerSchema,
  ownSource,
  reportSchema,
  reversibilities,
  stateName,
} from './words.js';

/** Further ahead than this nobody plans; a year that was mistyped is. */
const aheadDaysMax = 366;
const dayMs = 86_400_000;

/** A report in our own form: what the sender is called, and under which name they know it, may be left to us. */
const nativeSchema = reportSchema.extend({
  source: z.string().nullable(),
  key: z.string().nullable(),
  state: z.enum(changeStates).nullable(),
});
type Native = z.infer<typeof nativeSchema>;

/** Announces a change, or follows the one that the key names. */
export const reportNative = defineCommand({
  verb: internalVerb('report a change'),
  input: nativeSchema,
  async locate(tx, input: Native, ask) {
    if (typeof input.change === 'number') {
      const named = await findChange(tx, { id: input.change }, ask);
      if ('refused' in named) return { refused: { ...named.refused, field: 'change' } };
    }
    return locateReport(tx, named(input, ask), ask);
  },
  load: (tx, input, target: ReportTarget, ask) => loadReport(tx, named(input, ask), target, ask),
  decide(state, input, ask) {
    const others = input.source !== null && isOthers(input.source, ask);
    if (others) return refuse(notYours(input.source ?? '', ask), 'source');
    const far = tooFar(state.report.plannedStart, ask);
    return far ? refuse(far, 'plannedStart') : decideReport(state, ask);
  },
});

/** The source and the key of a report that leaves them to us: who sent it, and the name of the request. */
export function named(input: Native, ask: Ask): Told {
  const source = input.source ?? sourceOf(ask);
  // A door names a request after who sent it and, after a stroke, what they call it.
  const key = input.key ?? ask.requestId.slice(ask.requestId.indexOf('/') + 1);
  return tidied({ ...input, source, key });
}

/** The source of what somebody reports who names none. */
export function sourceOf({ actor: { kind, id, name } }: Ask): string {
  return kind === 'pipeline' ? `token:${name}` : id;
}

const ofHooks = /^(?:github|gitlab|cdevents|argocd|pagerduty):/i;

/** What a hook's signature vouches for, what people said, and what another token told is nobody else's to follow. */
export function isOthers(source: string, ask: Ask): boolean {
  if (source === sourceOf(ask)) return false;
  // People read what is written in other letters, or with signs that nobody sees, as the same.
  const seen = source
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase();
  return seen === ownSource || ofHooks.test(seen) || seen.startsWith('token:');
}

function notYours(source: string, ask: Ask) {
  return say(
    `The source “${shorten(source, 60)}” is not yours to speak for. Leave it out, and it is ${sourceOf(ask)}, or take a name of your own. Nothing was recorded.`,
  );
}

const date = z.coerce.date();

/** What is to be different of a change; null takes it away. */
const amendSchema = z.object({
  id: z.number(),
  state: z.enum(changeStates).optional(),
  text: z.string().nullable().optional(),
  title: z.string().optional(),
  owner: ownerSchema.nullable().optional(),
  plannedStart: date.nullable().optional(),
  plannedEnd: date.nullable().optional(),
  startedAt: date.optional(),
  finishedAt: date.optional(),
  url: z.string().nullable().optional(),
  artifact: z.string().nullable().optional(),
  previousArtifact: z.string().nullable().optional(),
  reversible: z.enum(reversibilities).optional(),
});
type Amend = z.infer<typeof amendSchema>;

interface AmendState {
  readonly row: Change;
  readonly components: readonly Component[];
  readonly around: Surroundings;
  readonly owner: { readonly id: string | null; readonly name: string } | null;
}

/** Says something else, or more, of a change that is on record. */
export const amend = defineCommand({
  verb: internalVerb('amend a change'),
  input: amendSchema,
  locate: (tx, input: Amend, ask) => findChange(tx, input, ask),
  async load(tx, input, { id }: Change, ask): Promise<AmendState> {
    const row = await readChange(tx, id);
    const components = await componentsOf(tx, id);
    const plan = planOfChange(row, components, windowOf(row, input, ask));
    const around = await surroundingsOf(tx, plan, ask);
    const owner = input.owner ? await ownerOf(tx, ask.workspace.id, { owner: input.owner }) : null;
    return { row, components, around, owner };
  },
  decide: decideAmend,
});

/** What follows from what a program says of a change that is on record. */
function decideAmend(state: AmendState, input: Amend, ask: Ask): Decision {
  const { row } = state;
  const far = tooFar(input.plannedStart ?? null, ask);
  if (far) return refuse(far, 'plannedStart');
  const from = row.state as ChangeState;
  const to = stateAfter(row, input.state ?? from, false);
  const awaits = to === 'validating' && input.state === 'succeeded';
  if (input.state !== undefined && to !== input.state && !awaits)
    return refuse(goesNotBack(row, input.state), 'state');
  const planned = movedTo(row, input);
  if (planned && !isInOrder(planned))
    return refuse(say('plannedEnd must be after plannedStart. Nothing was recorded.'), 'plannedEnd');
  const starts = to === 'started' && from !== to;
  const plan = planOfChange(row, state.components, windowOf(row, input, ask));
  const conflicts = starts || planned ? conflictsOf(plan, state.around) : [];
  const stream = changeStream(row.id);
  const facts: Stated[] = [
    ...describedBy(state, input, from === to),
    ...(planned
      ? [changeMoved({ number: row.number, ...planned, conflicts, ...toldOfMove(state, ask) }, { stream })]
      : []),
    ...(from === to ? [] : [stateSet(row, to, input, ask, starts ? conflicts : null)]),
  ];
  const key = changeKey(row);
  const stays =
    facts.length === 0 ? `${key} is so already.` : `${key} is ${stateName(to)}; what you said is recorded.`;
  return accept(
    facts,
    message(
      line(
        from === to ? stays : `${key} ${stateName(from)} → ${stateName(to)}.`,
        awaits && from !== to ? ` ${awaitsPeople}` : '',
      ),
      ...conflicts.slice(0, 5).map((each) => line(each.text)),
    ),
  );
}

function goesNotBack(row: Change, wanted: ChangeState) {
  return say(
    `${changeKey(row)} is ${stateName(row.state)}, and does not become ${stateName(wanted)} again. A new run is a change of its own: POST it with another key. Nothing was recorded.`,
  );
}

function tooFar(at: Date | null, { now }: Ask) {
  if (at === null || at.getTime() - now.getTime() <= aheadDaysMax * dayMs) return null;
  return say(
    'plannedStart is more than a year ahead. Look at its year, or announce it nearer to then. Nothing was recorded.',
  );
}

function windowOf(row: Change, input: Amend, ask: Ask): { startsAt: Date; endsAt: Date | null } {
  const { plannedStart, plannedEnd } = { ...row, ...defined(input) };
  const begins = input.state === 'started' ? (past(input.startedAt ?? null, ask.now) ?? ask.now) : null;
  const startsAt = begins ?? plannedStart ?? row.startsAt;
  const length = plannedStart && plannedEnd ? plannedEnd.getTime() - plannedStart.getTime() : null;
  return { startsAt, endsAt: length === null ? null : new Date(startsAt.getTime() + length) };
}

function defined({ plannedStart, plannedEnd }: Amend) {
  return {
    ...(plannedStart === undefined ? {} : { plannedStart }),
    ...(plannedEnd === undefined ? {} : { plannedEnd }),
  };
}

function movedTo(row: Change, input: Amend) {
  const before = { plannedStart: row.plannedStart, plannedEnd: row.plannedEnd };
  const after = { ...before, ...defined(input) };
  const same =
    after.plannedStart?.getTime() === before.plannedStart?.getTime() &&
    after.plannedEnd?.getTime() === before.plannedEnd?.getTime();
  return same ? null : { ...after, before };
}

function isInOrder({
  plannedStart,
  plannedEnd,
}: {
  plannedStart: Date | null;
  plannedEnd: Date | null;
}): boolean {
  return plannedStart === null || plannedEnd === null || plannedEnd > plannedStart;
}

// Those who were told when it is, are told when that is no longer so.
function toldOfMove({ row, components, around }: AmendState, ask: Ask) {
  if (!row.production || row.state !== 'planned') return {};
  const services = components.map((each) => each.service);
  return {
    ...ownerTold(row, ask),
    audience: audienceOf(services, around.neighbourhood, [row.ownerId, ask.actor.id]),
  };
}

function stateSet(
  row: Change,
  to: ChangeState,
  input: Amend,
  ask: Ask,
  conflicts: ReturnType<typeof conflictsOf> | null,
): Stated {
  const startedAt = past(input.startedAt ?? null, ask.now);
  const finishedAt = past(input.finishedAt ?? null, ask.now);
  const at = (to === 'started' ? startedAt : finishedAt) ?? ask.now;
  return changeStateSet(
    {
      ...{ number: row.number, kind: row.kind as ChangeKind, from: row.state as ChangeState, to },
      ...{ text: input.text ?? null, sequence: null, plannedMs: plannedMs(row) },
      ...(startedAt ? { startedAt } : {}),
      ...(finishedAt ? { finishedAt } : {}),
      ...(conflicts ? { conflicts } : {}),
      ...toldOwner(row, to, ask),
    },
    { stream: changeStream(row.id), when: exactly(at) },
  );
}

function describedBy({ row, owner }: AmendState, input: Amend, sameState: boolean): Stated[] {
  const { title, artifact, previousArtifact, url, reversible, text } = input;
  const ownerSaid = input.owner === undefined ? null : (owner ?? { id: null, name: nobodyYet });
  const isNewOwner = ownerSaid && (ownerSaid.id !== row.ownerId || ownerSaid.name !== row.ownerName);
  const said = {
    ...(title !== undefined && oneLine(title) !== row.title ? { title: oneLine(title) } : {}),
    ...(isNewOwner ? { owner: ownerSaid } : {}),
    ...(artifact !== undefined && artifact !== row.artifact ? { artifact } : {}),
    ...(previousArtifact !== undefined && previousArtifact !== row.previousArtifact
      ? { previousArtifact }
      : {}),
    ...(url !== undefined && url !== row.url ? { url } : {}),
    ...(reversible !== undefined && reversible !== row.reversible ? { reversible } : {}),
    ...(sameState && text !== undefined && text !== row.stateText ? { stateText: text } : {}),
    ...(sameState && input.startedAt && row.startedAt?.getTime() !== input.startedAt.getTime()
      ? { startedAt: input.startedAt }
      : {}),
  };
  if (Object.keys(said).length === 0) return [];
  return [changeDescribed({ number: row.number, ...said }, { stream: changeStream(row.id) })];
}
