// The draft says what the record says, marks what is missing, and asks for the rest.
import { describe, expect, test } from 'vitest';
import { draftPostmortem } from '../../../src/features/postmortem/draft.js';
import { orderEntries } from '../../../src/features/postmortem/entries.js';
import { renderHtml } from '../../../src/features/postmortem/html.js';
import { renderMarkdown } from '../../../src/features/postmortem/markdown.js';
import { entryKinds, type IncidentRecord, parseRecord } from '../../../src/features/postmortem/record.js';
import { ana, bareRecord, deletedCluster, entry } from './sample.js';

function draft(record: IncidentRecord): string {
  return renderMarkdown(draftPostmortem(record));
}

function section(record: IncidentRecord, title: string): string {
  const parts = draft(record).split(/^## /m);
  return parts.find((part) => part.startsWith(title)) ?? '';
}

test('the first screen of a deleted cluster has the facts', () => {
  const screen = draft(parseRecord(JSON.parse(JSON.stringify(deletedCluster()))))
    .split('\n')
    .slice(0, 10)
    .join('\n');
  expect(screen).toContain('# INC-12: Production cluster in central-eu is gone');
  expect(screen).toContain('**SEV1 · resolved · Wednesday 18 May 2022 · 5h 42m from start to resolved**');
  expect(screen).toContain('The impact began at 2022-05-18 12:22 (10:22 UTC); it was detected 15m later');
  expect(screen).toContain('It was mitigated at 2022-05-18 17:26 (15:26 UTC), 5h 4m after it began.');
  expect(screen).toContain('Ana commanded, then Ben.');
});

test('every section is there, in the order in which it is read', () => {
  const titles = [...draft(deletedCluster()).matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  expect(titles).toEqual([
    'Summary',
    'Key times and durations',
    'Impact per component',
    'Timeline',
    'People and roles',
    'Changes around it',
    'Freezes',
    'Hypotheses ruled out',
    'Root causes',
    'Lessons',
    'Actions',
    'Links',
  ]);
});

test('no heading is left empty: what a person must write is a question', () => {
  for (const record of [bareRecord(), deletedCluster()])
    expect(draft(record)).not.toMatch(/^#+ .*\n\n(## |---)/m);
  const causes = section(deletedCluster(), 'Root causes');
  expect(causes).toContain(
    '> **To write:** Which change or condition made `storage/prod/central-eu` (and 3 more) go down at 12:22?',
  );
});

describe('the timeline', () => {
  const timeline = section(deletedCluster(), 'Timeline');

  test('has ranges, approximate and unknown times, and the words used where they differ', () => {
    expect(timeline).toContain(
      '- **12:22–12:37** (10:22–10:37 UTC) observation · The deploy tool deletes the cluster.  \n  API errors rise',
    );
    expect(timeline).toContain(
      '- **~16:10** (~14:10 UTC) action · Volumes attached by hand, lists checked twice — Ben, written “~4:10pm”',
    );
    expect(timeline).toContain(
      '- **time unknown, recorded 18:02** (16:02 UTC) note · Somebody saw duplicate names',
    );
    expect(timeline).not.toContain('written “10:22-10:37 UTC”');
  });

  test('marks what was corrected, struck and redacted', () => {
    expect(timeline).toContain('note (entry 10, corrects entry 9) · Queries on, after the tasks');
    expect(timeline).toContain('note (entry 9, corrected by entry 10) · ~~Queries on~~');
    expect(timeline).toContain('~~Reverting the merge brings it back~~ ruled out: stateful services');
    expect(timeline).toContain(
      '- **17:55** (15:55 UTC) note · redacted: its words were taken out of the record\n',
    );
  });

  test('leaves housekeeping out, says so, and keeps what matters', () => {
    expect(timeline).not.toContain('Channel created');
    expect(timeline).toContain('1 entry of housekeeping left out here');
    const given = entry(1, '2022-05-18T11:00:00Z', {
      kind: 'system',
      author: null,
      source: 'automatic',
      text: 'Page given up',
      matters: true,
    });
    expect(section(bareRecord({ timeline: [given] }), 'Timeline')).toContain('Page given up');
  });

  test('asks about long silences, not about those that a range covers', () => {
    expect(timeline).toContain(
      '> **To write:** Nothing is recorded between 13:17 and 16:10 (2h 53m). What happened then?',
    );
    const covered = deletedCluster().timeline.map((each) =>
      each.seq === 6 ? { ...each, occurredUntil: '2022-05-18T15:26:00Z' } : each,
    );
    expect(section(deletedCluster({ timeline: covered }), 'Timeline')).not.toContain('Nothing is recorded');
  });

  test('shows the day whenever it changes, and UTC with its own date', () => {
    const record = bareRecord({
      zone: 'Europe/Berlin',
      timeline: [
        entry(1, '2026-03-28T22:30:00Z'),
        entry(2, '2026-03-28T23:15:00Z'),
        entry(3, '2026-03-29T00:59:00Z'),
        entry(4, '2026-03-29T01:05:00Z'),
      ],
    });
    const lines = section(record, 'Timeline').split('\n').filter(Boolean).slice(1);
    expect(lines).toEqual([
      'Times are Europe/Berlin (UTC+1), with UTC in brackets.',
      '### Saturday 28 March 2026',
      '- **23:30** (22:30 UTC) note · entry 1 — Ana',
      expect.stringContaining('Nothing is recorded between 23:30 and 2026-03-29 00:15 (45m)'),
      '### Sunday 29 March 2026',
      '- **00:15** (2026-03-28 23:15 UTC) note · entry 2 — Ana',
      expect.stringContaining('Nothing is recorded between 00:15 and 01:59 (1h 44m)'),
      '- **01:59** (00:59 UTC) note · entry 3 — Ana',
      'The clocks changed: from here Europe/Berlin is UTC+2, it was UTC+1.',
      '- **03:05** (01:05 UTC) note · entry 4 — Ana',
    ]);
  });

  test('has one column of times where the workspace is in UTC', () => {
    expect(section(deletedCluster({ zone: 'UTC' }), 'Timeline')).toContain(
      '- **10:37** action · Support starts',
    );
  });

  test('goes by when it happened; an unknown time stands where it was recorded', () => {
    const unordered = [
      entry(1, '2022-05-18T12:00:00Z'),
      entry(2, null, { recordedAt: '2022-05-18T11:30:00Z' }),
      entry(3, '2022-05-18T11:00:00Z'),
      entry(4, '2022-05-18T12:00:00+02:00'),
      entry(5, '2022-05-18T11:00:00Z'),
    ];
    expect(orderEntries(unordered).map(({ seq }) => seq)).toEqual([4, 3, 5, 2, 1]);
  });

  test('of 10,000 entries is drafted whole', () => {
    const start = Date.parse('2022-05-18T10:00:00Z');
    const timeline = Array.from({ length: 10_000 }, (_, i) =>
      entry(i + 1, new Date(start + i * 60_000).toISOString()),
    );
    const document = draftPostmortem(deletedCluster({ timeline }));
    expect(renderMarkdown(document).match(/ note · entry /g)).toHaveLength(10_000);
    expect(renderHtml(document).match(/ note · /g)).toHaveLength(10_000);
  });
});

test('what is unknown stays unknown and says how to make it known, once', () => {
  const times = section(bareRecord(), 'Key times');
  expect(times).toMatch(/\| started +\| unknown +\|/);
  expect(times.match(/started is unknown: say it with `\/incident started TIME`/g)).toHaveLength(1);
  expect(draft(bareRecord())).toContain('When the impact began is unknown');
});

test('a detection before the start is shown and explained', () => {
  const record = deletedCluster({ detectedAt: '2022-05-18T10:17:00Z' });
  expect(section(record, 'Key times')).toMatch(/\| to detect +\| -5m +\|/);
  expect(section(record, 'Key times')).toContain(
    '- detected 5m before it started: either a warning came before the impact',
  );
  expect(section(record, 'Summary')).toContain('it was detected 5m before that');
});

test('a key time that is not exact makes its durations approximate', () => {
  const keyTimes = { started: { asWritten: '~10:20', precision: 'approximate' as const } };
  const times = section(deletedCluster({ keyTimes }), 'Key times');
  expect(times).toContain('| ~2022-05-18 12:22 |');
  expect(times).toMatch(/\| to resolve +\| ~5h 42m \|/);
  expect(times).toMatch(/\| to acknowledge +\| 5m +\|/);
});

test('a key time that nobody said is told as such', () => {
  const keyTimes = { mitigated: { asWritten: null, precision: 'exact' as const, derived: true } };
  expect(section(deletedCluster({ keyTimes }), 'Key times')).toContain(
    '- nobody said when it was mitigated, the time follows from the status: say it with `/incident mitigated TIME`',
  );
});

test('drills and private incidents cannot be mistaken', () => {
  const text = draft(deletedCluster({ drill: true, private: true }));
  expect(text).toMatch(/^# DRILL INC-12: /);
  expect(text).toContain('**This was a drill.**');
  expect(text).toContain('**Private incident.**');
});

test('a handover names both, and a missing commander is asked for', () => {
  expect(section(deletedCluster(), 'People')).toContain(
    '- **commander**: Ana, from 2022-05-18 12:42 (10:42 UTC) until 2022-05-18 15:00 (13:00 UTC), handed over to Ben',
  );
  expect(section(deletedCluster({ roles: [] }), 'People')).toContain(
    'Nobody is on record as commander. Who led',
  );
});

test('who was let in and who left stands with the people, and nowhere else', () => {
  const timeline = [
    entry(1, '2022-05-18T11:00:00Z', { kind: 'system', text: 'Ben was let in', author: ana }),
    entry(2, '2022-05-18T12:00:00Z', { kind: 'system', text: 'hunter2', redacted: true }),
  ];
  const text = section(bareRecord({ private: true, timeline }), 'People');
  expect(text).toContain('- **2022-05-18 11:00** system · Ben was let in — Ana\n');
  expect(text).toContain('- **2022-05-18 12:00** system · redacted: its words were taken out of the record');
  expect(draft(bareRecord({ timeline })).match(/Ben was let in/g)).toHaveLength(1);
  expect(draft(bareRecord({ timeline }))).not.toContain('hunter2');
  expect(section(bareRecord({ timeline, zone: 'Asia/Tokyo' }), 'People')).toContain(
    '- **2022-05-18 20:00** (11:00 UTC) system',
  );
  expect(section(bareRecord(), 'People')).not.toContain('came and went');
});

test('hypotheses: ruled out with the reason, open ones as open, redacted and corrected ones not at all', () => {
  const timeline = [
    ...deletedCluster().timeline,
    entry(20, '2022-05-18T12:00:00Z', { kind: 'hypothesis', text: 'A name collision' }),
    entry(21, '2022-05-18T12:01:00Z', { kind: 'hypothesis', text: 'secret', redacted: true }),
    entry(22, '2022-05-18T12:02:00Z', { kind: 'hypothesis', text: 'Old wording' }),
    entry(23, '2022-05-18T12:02:00Z', { kind: 'hypothesis', text: 'New wording', corrects: 'e22' }),
  ];
  const text = section(deletedCluster({ timeline }), 'Hypotheses');
  expect(text).toContain('Reverting the merge brings it back — ruled out: stateful services');
  expect(text).toMatch(/Still open[\s\S]*A name collision[\s\S]*New wording/);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('Old wording');
});

test.each(entryKinds)(
  'nothing of a redacted %s is in any format, even where the record still had it',
  (kind) => {
    const gone = entry(3, '2022-05-18T11:00:00Z', {
      kind,
      corrects: 'e2',
      text: 'hunter2',
      asWritten: 'hunter2',
      strikeReason: 'hunter2',
      struck: true,
      redacted: true,
      author: { id: 'U', name: 'hunter2' },
    });
    const older = entry(2, '2022-05-18T10:50:00Z', { kind });
    const newer = entry(4, null, { kind, corrects: 'e3' });
    for (const timeline of [
      [gone],
      [older, gone, newer],
      [older, { ...gone, occurredAt: null, matters: true }],
    ]) {
      const document = draftPostmortem(bareRecord({ timeline }));
      const text = renderMarkdown(document) + renderHtml(document);
      expect(text).toContain('redacted: its words were taken out of the record');
      expect(text).not.toContain('hunter2');
    }
  },
);

test('a change is a suspect until a person confirms it', () => {
  expect(section(deletedCluster(), 'Changes')).toContain('a suspect at most: nobody confirmed it');
  const changes = deletedCluster().changes.map((change) => ({ ...change, relation: 'cause' as const }));
  expect(section(deletedCluster({ changes }), 'Root causes')).toContain(
    'Add a staging overlay to the application file',
  );
  expect(section(bareRecord(), 'Changes')).toBe('');
});

test('says what it was made from', () => {
  expect(draft(deletedCluster())).toContain(
    'from the record of INC-12: 13 entries, up to entry 13. Hash of the last one: `9f2c`. ' +
      'Whether the record still holds it, says `andon verify INC-12 9f2c`.',
  );
});
