// Where to read on, and what the draft was made from.
import {
  type Block,
  heading,
  type ListItem,
  link,
  list,
  paragraph,
  question,
  said,
  words,
} from './document.js';
import type { Material } from './material.js';
import { count } from './phrases.js';
import { incidentKey, type TimelineEntry } from './record.js';

export function linksSection({ record }: Material): Block[] {
  const { channel, links = [] } = record;
  const items: ListItem[] = links.map(({ title, url }) => ({
    spans: [said(title), ...words(': '), link(url)],
  }));
  if (channel)
    items.unshift({
      spans: [...words('Slack channel '), said(channel.name), ...words(': '), link(channel.url)],
    });
  const ask = question(...words('Which dashboards, pull requests and documents does a reader need?'));
  return [
    heading(2, ...words('Links')),
    ...(items.length > 0 ? [list(items)] : []),
    ...(links.length === 0 ? [ask] : []),
  ];
}

export function provenanceSection({ record }: Material): Block[] {
  const last = record.timeline.reduce<TimelineEntry | null>(
    (max, entry) => (max && max.seq > entry.seq ? max : entry),
    null,
  );
  const hash = record.lastHash ?? last?.hash;
  const made = `Drafted by Andon from the record of ${incidentKey(record)}: ${count(record.timeline.length, 'entry', 'entries')}${last ? `, up to entry ${last.seq}` : ''}.`;
  return [
    { kind: 'rule' },
    paragraph(
      ...words(made),
      ...(hash
        ? [
            ...words(' Hash of the last one: '),
            said(hash, 'code'),
            ...words('. Whether the record still holds it, says '),
            said(`andon verify ${incidentKey(record)} ${hash}`, 'code'),
            ...words('.'),
          ]
        : []),
    ),
  ];
}
