// The changes around an incident, and the freezes.
import { leftBecause } from '../gate/index.js';
import { type Block, heading, link, list, type Span, said, words } from './document.js';
import { showInstant, type WallClock } from './durations.js';
import type { Material } from './material.js';
import { aside, onComponents } from './phrases.js';
import type { ChangeOnRecord, FreezeOnRecord } from './record.js';

export function changesSection({ record, clock }: Material): Block[] {
  if (record.changes.length === 0) return [];
  const items = record.changes.map((change) => ({
    spans: [...changeSpans(change, clock), ...reasonSpans(change)],
  }));
  return [heading(2, ...words('Changes around it')), list(items)];
}

// Names of services are in them, so they are said and not our words.
function reasonSpans({ reasons, after }: ChangeOnRecord): Span[] {
  if (!reasons || reasons.length === 0) return [];
  return [...words(after ? ' · ' : ' · looked at because: '), said(reasons.join('; '))];
}

const relations = {
  cause: 'confirmed as a cause',
  rollback: 'rolled back for this',
  related: 'said to be related',
  unrelated: 'said to be unrelated',
} as const;

const unconfirmed = 'a suspect at most: nobody confirmed it';

export function changeSpans(change: ChangeOnRecord, clock: WallClock): Span[] {
  const { key, title, kind, state, components, owner, startedAt, finishedAt, url, relation, after } = change;
  return [
    ...(key ? [said(key, 'strong'), ...words(' ')] : []),
    said(title),
    ...aside([kind, state]),
    ...onComponents(components),
    ...words(
      ` · ${showInstant(clock, startedAt)} – ${finishedAt ? showInstant(clock, finishedAt) : 'no end on record'}`,
    ),
    ...words(` · ${relation ? relations[relation] : after ? 'began after it: a possible fix' : unconfirmed}`),
    ...(owner ? [...words(' — '), said(owner.name)] : []),
    ...(url ? [...words(' '), link(url)] : []),
  ];
}

export function freezesSection({ record, clock }: Material): Block[] {
  if (record.freezes.length === 0) return [];
  const items = record.freezes.flatMap((freeze) =>
    [freezeSpans(freeze, clock), ...doneBy(freeze, clock)].map((spans) => ({ spans })),
  );
  return [heading(2, ...words('Freezes')), list(items)];
}

function freezeSpans(
  { key, reason, mode, components, owner, from, until, cord, liftedBy }: FreezeOnRecord,
  clock: WallClock,
): Span[] {
  return [
    ...(key ? [said(key, 'strong'), ...words(' ')] : []),
    said(reason),
    ...aside([mode]),
    ...onComponents(components),
    ...words(` · ${showInstant(clock, from)} – ${until ? showInstant(clock, until) : 'no end on record'}`),
    ...(owner ? [...words(' — '), said(owner.name)] : []),
    ...(liftedBy ? [...words('; lifted by '), said(liftedBy.name)] : []),
    ...words(cord === true ? '; pulled from this incident' : ''),
    ...words(cord === false ? '; on by itself, not pulled from this incident' : ''),
  ];
}

// What it held, what slipped through, who was let through, and in which order what waited went: a sentence each.
function doneBy(freeze: FreezeOnRecord, clock: WallClock): Span[][] {
  const { held, violations, exceptions, thaw } = freeze;
  const key = freeze.key ? said(freeze.key) : words('It');
  const name = Array.isArray(key) ? key : [key];
  return [
    ...(held && held.length > 0
      ? [[...name, ...words(' held: '), ...joined(held.map((each) => heldSpans(each, clock)))]]
      : []),
    ...(violations && violations.length > 0
      ? [
          [
            ...name,
            ...words(' did not stop: '),
            ...joined(violations.map((each) => violationSpans(each, clock))),
          ],
        ]
      : []),
    ...(exceptions && exceptions.length > 0
      ? [
          [
            ...words('Through '),
            ...name,
            ...words(' by exception: '),
            ...joined(exceptions.map(exceptionSpans)),
          ],
        ]
      : []),
    ...thawSpans(thaw?.order ?? [], clock).map((each) => [...words('After '), ...name, ...each]),
  ];
}

type Part<K extends 'held' | 'violations' | 'exceptions'> = NonNullable<FreezeOnRecord[K]>[number];

function heldSpans({ title, source, change, at }: Part<'held'>, clock: WallClock): Span[] {
  return [
    ...(change ? [said(change), ...words(' ')] : []),
    said(title),
    ...words(' ('),
    said(source),
    ...words(`) at ${showInstant(clock, at)}`),
  ];
}

function violationSpans({ key, title, owner, startedAt }: Part<'violations'>, clock: WallClock): Span[] {
  return [
    said(key),
    ...words(' '),
    said(title),
    ...words(' of '),
    said(owner),
    ...words(`, which began at ${showInstant(clock, startedAt)} without a verdict that let it`),
  ];
}

function exceptionSpans({ key, reason, by, approvedBy, uses }: Part<'exceptions'>): Span[] {
  const used: Span[] =
    uses.length === 0 ? words('never used') : [...words('used by '), said(uses.join(', '))];
  const leave: Span[] = approvedBy
    ? [...words(', approved by '), said(approvedBy)]
    : words(', on their own authority');
  return [
    said(key),
    ...words(' of '),
    said(by),
    ...leave,
    ...words(': '),
    said(reason),
    ...words(' ('),
    ...used,
    ...words(')'),
  ];
}

type Turn = NonNullable<FreezeOnRecord['thaw']>['order'][number];

// Those that went, in order; those that did not come, and why; and those that wait still.
function thawSpans(order: readonly Turn[], clock: WallClock): Span[][] {
  const shown = (at: string) => showInstant(clock, at);
  const sentence = (text: string, those: readonly Turn[], after: (each: Turn) => string) =>
    those.length === 0
      ? []
      : [[...words(text), ...joined(those.map((each) => [said(each.title), ...words(after(each))]))]];
  const went = order
    .filter((each) => each.wentAt)
    .toSorted((a, b) => (a.wentAt ?? '').localeCompare(b.wentAt ?? ''));
  const others = order.filter((each) => !each.wentAt);
  return [
    ...sentence(
      ' they were let go in this order: ',
      went,
      (each) => ` at ${shown(each.wentAt ?? each.turnAt)}`,
    ),
    ...sentence(
      ' these did not come: ',
      others.filter((each) => each.left),
      ({ left, turnAt }) =>
        left && left !== 'lapsed' ? ` (${leftBecause[left]})` : ` (its turn was at ${shown(turnAt)})`,
    ),
    ...sentence(
      ' these wait still: ',
      others.filter((each) => !each.left),
      (each) => ` (its turn: ${shown(each.turnAt)})`,
    ),
  ];
}

function joined(parts: readonly Span[][]): Span[] {
  return parts.flatMap((part, i) => (i === 0 ? part : [...words('; '), ...part]));
}
