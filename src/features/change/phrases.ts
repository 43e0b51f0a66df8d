// How changes read: their kind, when they are or were, where; the same in messages, lists and on App Home.
import { line, type Part, type Span, shorten } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import { type Component, componentName } from '../incident/index.js';
import { type Change, conflictsOfRow } from './store.js';
import { type Conflict, changeKey, isOver, isUnderWay, stateName } from './words.js';

const kindPhrases: Readonly<Record<string, string>> = {
  deploy: 'a deploy',
  config: 'a change of configuration',
  flag: 'a flag',
  migration: 'a migration',
  infrastructure: 'a change of infrastructure',
  upgrade: 'an upgrade',
  submission: 'a submission',
  other: 'a change of another kind',
};

/** How a kind is read in a sentence. */
export function kindPhrase(kind: string): string {
  return kindPhrases[kind] ?? kind;
}

const titleShown = 120;
const componentsShown = 4;

/** Its state, and when it is or was, in each reader's zone. */
export function stateSpans(change: Change): Span[] {
  const { startedAt, finishedAt, plannedEnd, state } = change;
  const name: Span = { bold: stateName(state) };
  if (state === 'planned') return [name, ...plannedSpans(change)];
  if (state === 'cancelled') return [name, ', was planned', ...plannedSpans(change)];
  if (!isUnderWay(state)) return [name, ...pastSpans(startedAt, finishedAt)];
  const since: Span[] = startedAt ? [' since ', { at: startedAt }] : [', nobody said since when'];
  if (state === 'started' && plannedEnd) since.push(', planned until ', { at: plannedEnd });
  if (state === 'validating' && finishedAt) since.push(', done ', { at: finishedAt });
  return [name, ...since];
}

function plannedSpans({ plannedStart, plannedEnd }: Change): Span[] {
  if (!plannedStart) return [' for no time yet'];
  const length = plannedEnd ? ` for ${showDuration(plannedEnd.getTime() - plannedStart.getTime())}` : '';
  return length === '' ? [' for ', { at: plannedStart }] : [' for ', { at: plannedStart }, length];
}

function pastSpans(startedAt: Date | null, finishedAt: Date | null): Span[] {
  if (!finishedAt) return startedAt ? [', began ', { at: startedAt }] : [];
  if (!startedAt) return [', ended ', { at: finishedAt }];
  return [', from ', { at: startedAt }, ' to ', { at: finishedAt }];
}

/** Components in a line, a few by name. */
export function placesText(components: readonly Component[]): string {
  if (components.length === 0) return 'nobody said where';
  return fewNames(components.map(componentName), componentsShown);
}

/** A change in one line of a list. */
export function changeLine(
  change: Change,
  components: readonly Component[],
  unknown: readonly string[],
): Span[] {
  const strangers = components.filter((each) => unknown.includes(each.service)).map((each) => each.service);
  return [
    { bold: changeKey(change) },
    ` ${shorten(change.title, titleShown)} · ${change.kind} · `,
    ...stateSpans(change),
    ` · ${placesText(components)}${change.production ? '' : ' (not production)'} · ${change.ownerName}`,
    strangers.length > 0 ? ` · not in the catalogue: ${[...new Set(strangers)].slice(0, 3).join(', ')}` : '',
    ...needSpans(change),
  ].filter((span) => span !== '');
}

/** What it collided with when it was last looked at; of its cover, what is known now. */
export function conflictsShown(change: Change): Conflict[] {
  return conflictsOfRow(change).flatMap((each) => {
    if (each.kind !== 'cover' || isOver(change.state) || change.cover === 'none') return [each];
    if (change.cover !== 'asked') return change.cover === 'given' ? [] : [each];
    return [{ ...each, text: `${change.coverName ?? 'Somebody'} was asked to cover it; no answer yet.` }];
  });
}

/** One conflict in a list. */
export function conflictSpans(conflict: Conflict): Span[] {
  return [{ bold: conflict.severity === 'hold' ? 'hold' : 'warning' }, `: ${conflict.text}`];
}

/** How many collisions are left out, and how to see them. */
export function moreConflicts(more: number, key: string): Part[] {
  return more > 0 ? [line(`and ${more} more: `, { code: `/change show ${key}` })] : [];
}

/** The freezes in which it began although nobody had let it. */
export function violatedBy({ violates }: Pick<Change, 'violates'>): string[] {
  // Written by the projection of what the fact’s schema checked.
  return (violates as number[]).map((number) => `FRZ-${number}`);
}

/** What freezes have to do with it, in words; nothing for most. */
export function freezeMarks(change: Pick<Change, 'violates' | 'afterFreeze'>): string[] {
  const violated = violatedBy(change);
  return [
    ...(violated.length > 0 ? [`began in ${violated.join(', ')} without a verdict that let it`] : []),
    ...(change.afterFreeze ? ['the first there after a freeze'] : []),
  ];
}

// What is missing is said in words wherever the change stands.
function needSpans(change: Change): Span[] {
  const needs = [
    ...freezeMarks(change),
    ...(change.cover === 'asked' && !isOver(change.state)
      ? [`cover: ${change.coverName ?? 'somebody'} was asked`]
      : []),
    ...(change.validation === 'asked' ? ['waits for somebody to validate it'] : []),
    ...(change.unchanged ? ['what runs is what ran before'] : []),
  ];
  return needs.map((need) => ` · ${need}`);
}
