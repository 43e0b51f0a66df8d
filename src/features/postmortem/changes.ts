// The changes around an incident, and the freezes.
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
  const items = record.freezes.map((freeze) => ({ spans: freezeSpans(freeze, clock) }));
  return [heading(2, ...words('Freezes')), list(items)];
}

function freezeSpans(
  { key, reason, mode, components, owner, from, until }: FreezeOnRecord,
  clock: WallClock,
): Span[] {
  return [
    ...(key ? [said(key, 'strong'), ...words(' ')] : []),
    said(reason),
    ...aside([mode]),
    ...onComponents(components),
    ...words(` · ${showInstant(clock, from)} – ${until ? showInstant(clock, until) : 'no end on record'}`),
    ...(owner ? [...words(' — '), said(owner.name)] : []),
  ];
}
