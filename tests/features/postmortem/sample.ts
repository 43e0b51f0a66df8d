// Records for the postmortem's tests: a deleted production cluster, in our own words, and small ones to bend.
import type { IncidentRecord, Person, TimelineEntry } from '../../../src/features/postmortem/record.js';

export const ana: Person = { id: 'U1', name: 'Ana' };
export const ben: Person = { id: 'U2', name: 'Ben' };
export const cy: Person = { id: 'U3', name: 'Cy' };

/** An entry with its time as an instant; the sequence number decides id and hash. */
export function entry(seq: number, at: string | null, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    id: `e${seq}`,
    seq,
    kind: 'note',
    text: `entry ${seq}`,
    author: ana,
    source: 'command',
    occurredAt: at,
    occurredUntil: null,
    asWritten: null,
    precision: at === null ? 'unknown' : 'exact',
    recordedAt: at ?? '2022-05-18T16:30:00Z',
    corrects: null,
    struck: false,
    redacted: false,
    hash: `hash${seq}`,
    ...more,
  };
}

/** A record of which nothing is known but that it was declared. */
export function bareRecord(more: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    number: 12,
    title: 'Writes are stuck',
    severity: 'SEV2',
    status: 'investigating',
    private: false,
    drill: false,
    startedAt: null,
    detectedAt: null,
    declaredAt: '2022-05-18T10:37:00Z',
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    components: [],
    roles: [],
    durations: { detect: null, acknowledge: null, mitigate: null, resolve: null },
    timeline: [],
    changes: [],
    freezes: [],
    followups: [],
    ...more,
  };
}

const hit = [
  'storage/prod/central-eu',
  'write-api/prod/central-eu',
  'query-api/prod/central-eu',
  'tasks/prod/central-eu',
];

/** The whole story: two objects of one name, a deploy tool that deletes, five hours of rebuilding. */
export function deletedCluster(more: Partial<IncidentRecord> = {}): IncidentRecord {
  return bareRecord({
    title: 'Production cluster in central-eu is gone',
    severity: 'SEV1',
    status: 'resolved',
    zone: 'Europe/Berlin',
    startedAt: '2022-05-18T10:22:00Z',
    detectedAt: '2022-05-18T10:37:00Z',
    acknowledgedAt: '2022-05-18T10:42:00Z',
    mitigatedAt: '2022-05-18T15:26:00Z',
    resolvedAt: '2022-05-18T16:04:00Z',
    declaredBy: cy,
    durations: { detect: 'PT15M', acknowledge: 'PT5M', mitigate: 'PT5H4M', resolve: 'PT5H42M' },
    keyTimes: {
      started: { asWritten: '10:22 UTC', precision: 'exact' },
      detected: { asWritten: '3:37 AM PDT', precision: 'exact' },
    },
    components: hit.flatMap((component) => [
      { component, level: 'major_outage', from: '2022-05-18T10:22:00Z', until: '2022-05-18T15:26:00Z' },
    ]),
    roles: [
      { role: 'commander', user: ana, from: '2022-05-18T10:42:00Z', until: '2022-05-18T13:00:00Z' },
      { role: 'commander', user: ben, from: '2022-05-18T13:00:00Z', until: null },
      { role: 'communications', user: cy, from: '2022-05-18T10:56:00Z', until: null },
    ],
    timeline: clusterTimeline(),
    freezes: [
      {
        key: 'FRZ-3',
        reason: 'Red button: nothing is deployed while we rebuild',
        mode: 'hard',
        components: hit,
        owner: ana,
        from: '2022-05-18T11:17:00Z',
        until: '2022-05-18T16:04:00Z',
      },
    ],
    changes: [
      {
        key: 'CHG-41',
        title: 'Add a staging overlay to the application file',
        kind: 'config',
        state: 'failed',
        components: hit,
        owner: { id: 'U9', name: 'Dee' },
        startedAt: '2022-05-18T10:20:00Z',
        finishedAt: '2022-05-18T10:22:00Z',
        url: 'https://git.example.com/ops/pulls/41',
      },
    ],
    followups: [
      {
        key: 'F-1',
        text: 'Render the definitions in CI and refuse two objects of one name',
        owner: ben,
        dueAt: '2022-06-01T00:00:00Z',
      },
    ],
    channel: { name: '#inc-12-cluster-gone', url: 'https://example.slack.com/archives/C12' },
    links: [{ title: 'Error rate', url: 'https://grafana.example.com/d/1?var=a&b=c' }],
    lastHash: '9f2c',
    summaryText: 'Service is back; tasks that failed were listed to their owners.',
    ...more,
  });
}

function clusterTimeline(): TimelineEntry[] {
  const on = (time: string) => `2022-05-18T${time}:00Z`;
  return [
    entry(1, on('10:37'), { kind: 'system', text: 'Channel created', author: null, source: 'automatic' }),
    entry(2, on('10:22'), {
      kind: 'observation',
      text: 'The deploy tool deletes the cluster.\nAPI errors rise; customers write.',
      occurredUntil: on('10:37'),
      precision: 'range',
      asWritten: '10:22-10:37 UTC',
      recordedAt: on('10:45'),
    }),
    entry(3, on('10:37'), { kind: 'action', text: 'Support starts the incident process', author: cy }),
    entry(4, on('10:42'), {
      kind: 'hypothesis',
      text: 'Reverting the merge brings it back',
      struck: true,
      strikeReason: 'stateful services would come back with new, empty volumes',
    }),
    entry(5, on('10:56'), { kind: 'status', text: 'identified: recovery plan agreed', author: cy }),
    entry(6, on('11:17'), { kind: 'freeze', text: 'Red button pressed' }),
    entry(7, on('14:10'), {
      kind: 'action',
      text: 'Volumes attached by hand, lists checked twice',
      author: ben,
      precision: 'approximate',
      asWritten: '~4:10pm',
    }),
    entry(8, on('15:26'), { kind: 'action', text: 'Writes on, tested', author: ben }),
    entry(9, on('15:50'), { kind: 'note', text: 'Queries on' }),
    entry(10, on('15:40'), {
      kind: 'note',
      text: 'Queries on, after the tasks',
      corrects: 'e9',
      recordedAt: on('16:10'),
    }),
    entry(11, null, {
      kind: 'note',
      text: 'Somebody saw duplicate names in review',
      recordedAt: on('16:02'),
      asWritten: 'Time TBC',
    }),
    entry(12, on('15:55'), { kind: 'note', text: '', redacted: true, asWritten: 'secret' }),
    entry(13, on('16:04'), { kind: 'update', text: 'All is normal again', author: cy }),
  ];
}
