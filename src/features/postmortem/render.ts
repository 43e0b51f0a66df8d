// The files that a record makes: the draft to fill in, and the record itself.
import { draftPostmortem } from './draft.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import type { IncidentRecord } from './record.js';

export const formats = ['md', 'html', 'json'] as const;
export type Format = (typeof formats)[number];

/** The record as a file's text: a draft to fill in (md, html), or the record itself (json). */
export function renderRecord(record: IncidentRecord, format: Format): string {
  if (format === 'json') return `${JSON.stringify(record, null, 2)}\n`;
  const draft = draftPostmortem(record);
  return format === 'md' ? renderMarkdown(draft) : renderHtml(draft);
}

/** `INC-12-postmortem.md`. */
export function fileName(record: IncidentRecord, format: Format): string {
  return format === 'json' ? `INC-${record.number}.json` : `INC-${record.number}-postmortem.${format}`;
}
