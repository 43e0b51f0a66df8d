// What was affected: each component with its impacts over time.
import { showDuration } from '../../core/time/index.js';
import { type Block, heading, paragraph, question, type Span, said, table, words } from './document.js';
import { millis, showInstant, type WallClock } from './durations.js';
import type { Material } from './material.js';
import type { ComponentImpact, IncidentRecord } from './record.js';

export function impactSection({ record, clock }: Material): Block[] {
  const title = heading(2, ...words('Impact per component'));
  const ask = question(
    ...words('How many users or requests were hit, what did they see, and was anything lost for good?'),
  );
  if (record.components.length === 0) {
    return [title, paragraph(...words('No component is on record as affected.')), ask];
  }
  const rows = affected(record, true).flatMap(([, impacts]) =>
    impacts.map((impact) => impactRow(impact, clock)),
  );
  return [title, table(['component', 'impact', 'from', 'until', 'for'], rows), ask];
}

function impactRow({ component, level, from, until }: ComponentImpact, clock: WallClock): Span[][] {
  const lasted = from === null || until === null ? 'unknown' : showDuration(millis(until) - millis(from));
  const end = until === null ? 'no end on record' : showInstant(clock, until);
  return [
    [said(component, 'code')],
    words(level.replace('_', ' ')),
    words(showInstant(clock, from)),
    words(level === 'operational' && until === null ? '' : end),
    words(level === 'operational' ? '' : lasted),
  ];
}

/** Components in the order in which they were hit, each with its impacts over time. */
export function affected(record: IncidentRecord, withHealthy = false): [string, ComponentImpact[]][] {
  const byComponent = new Map<string, ComponentImpact[]>();
  for (const impact of record.components) {
    const before = byComponent.get(impact.component);
    if (before) before.push(impact);
    else byComponent.set(impact.component, [impact]);
  }
  // Where a time is unknown, the order is the one in which it was told.
  for (const impacts of byComponent.values())
    impacts.sort((a, b) => (a.from === null || b.from === null ? 0 : millis(a.from) - millis(b.from)));
  return [...byComponent].filter(
    ([, all]) => withHealthy || all.some(({ level }) => level !== 'operational'),
  );
}
