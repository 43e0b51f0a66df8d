// The record tells of each freeze: the cord with what it held, what slipped through and who had leave, and those that were on anyway.
import { expect, test } from 'vitest';
import { gateStream, queueStream, thawBegan, verdictGiven } from '../../../src/features/gate/index.js';
import { draftPostmortem } from '../../../src/features/postmortem/draft.js';
import { renderMarkdown } from '../../../src/features/postmortem/markdown.js';
import { readRecord } from '../../../src/features/postmortem/read.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';
import { announce, clock, stated } from '../suspects/help.js';

async function said(desk: Desk, time: string, line: string, person: PersonName = 'ana') {
  desk.at(time);
  const answer = await desk.say(person, line);
  if (!answer.accepted) throw new Error(`${line}: ${answer.text}`);
  await desk.turn();
}

type Queue = 'waiting' | 'gone';

async function denied(desk: Desk, incidentId: string, at: string, title: string, queue: Queue = 'waiting') {
  desk.at(at);
  const id = `v-${title}`;
  const place = { service: 'web', environment: 'prod', cluster: '' };
  const question = {
    ...{ source: 'token:ci', key: title, kind: 'deploy' as const, title, targets: [place], artifact: null },
    ...{ previousArtifact: null, rollback: false, actor: null, url: null, exception: null, change: null },
    drill: false,
  };
  const answer = {
    ...{
      id,
      decision: queue === 'gone' ? ('allow' as const) : ('deny' as const),
      targets: [],
      reasons: [],
      exceptionId: null,
      turn: null,
    },
    ...{ nextTransitionAt: null, retryAfterSeconds: 60, howToProceed: null },
    ...{ evaluatedAt: clock(at).toISOString(), validUntil: clock(at).toISOString() },
  };
  const fact = verdictGiven(
    {
      ...{ id, question, answer, changeId: null, exceptionId: null, queue },
      ...{ heldAt: clock(at), turnAt: null, heldBy: [3], callback: null, next: null, drill: false },
    },
    { stream: gateStream(id), incidentId },
  );
  await stated(desk, fact);
}

async function lateThaw(desk: Desk, incidentId: string, at: string, title: string) {
  desk.at(at);
  const held = [{ id: `v-${title}`, title, source: 'token:ci', turnAt: clock(at) }];
  const fact = thawBegan(
    { freezes: [3], spacingSeconds: 60, held, drill: false },
    { stream: queueStream, incidentId },
  );
  await stated(desk, fact);
}

test.each(engines)('%s', async (engine) => {
  const desk = await openDesk(engine);
  await said(desk, '09:00', '/freeze on the audit on:api/prod for:8h', 'eve');
  await said(desk, '09:00', '/freeze on elsewhere on:mail/prod for:8h', 'eve');
  await said(desk, '10:37', 'declare the cluster is gone on:api/prod,web/prod sev:1');
  await said(desk, '11:17', 'freeze INC-1 the cluster is rebuilt for:8h now');
  const { id } = await desk.db.read.incident.findFirstOrThrow();
  await denied(desk, id, '11:20', 'Deploy web 8');
  await denied(desk, id, '11:25', 'Deploy web 8');
  await denied(desk, id, '11:26', 'Deploy web 10');
  desk.at('11:40');
  await announce(desk, { number: 1, on: 'web/prod', started: '11:31', title: 'Deploy web 9' });
  await desk.turn();
  await said(desk, '16:04', '/freeze lift FRZ-3', 'bob');
  await denied(desk, id, '16:05', 'Deploy web 8', 'gone');
  for (const time of ['17:06', '17:10']) await said(desk, time, '/freeze held');
  // Told in a list of its own, as one is whose freeze ends later.
  await denied(desk, id, '17:15', 'Deploy web 11');
  await lateThaw(desk, id, '17:16', 'Deploy web 11');
  await said(desk, '17:30', 'resolve INC-1');

  const read = desk.db.of(desk.workspace.id).read;
  const record = await readRecord(read, id, desk.workspace);
  expect(record.freezes.map((each) => [each.key, each.cord])).toEqual([
    ['FRZ-3', true],
    ['FRZ-1', false],
  ]);
  expect(record.freezes[0]).toMatchObject({
    ...{ reason: 'the cluster is rebuilt', mode: 'hard', components: ['api/prod', 'web/prod'] },
    ...{ from: '2026-03-10T11:17:00.000Z', until: '2026-03-10T16:04:00.000Z', liftedBy: { name: 'Bob' } },
    held: [
      { title: 'Deploy web 8', source: 'token:ci', at: '2026-03-10T11:20:00.000Z' },
      { title: 'Deploy web 10' },
      { title: 'Deploy web 11' },
    ],
    violations: [{ key: 'CHG-1', startedAt: '2026-03-10T11:31:00.000Z' }],
    thaw: {
      at: '2026-03-10T16:04:00.000Z',
      order: [
        { title: 'Deploy web 8', wentAt: '2026-03-10T16:05:00.000Z', left: null },
        { title: 'Deploy web 10', wentAt: null, left: 'lapsed' },
        { title: 'Deploy web 11', wentAt: null, left: null },
      ],
    },
  });
  const texts = record.timeline.filter((each) => each.kind === 'freeze').map((each) => each.text);
  for (const each of [
    'The cord is pulled: FRZ-3',
    'Deploy web 8',
    'CHG-1 began on frozen ground',
    'FRZ-3 is lifted',
    'The thaw',
  ])
    expect(texts.join('\n')).toContain(each);
  const draft = renderMarkdown(draftPostmortem(record));
  expect(draft).toContain('lifted by Bob; pulled from this incident');
  expect(draft).toContain(
    'FRZ-3 did not stop: CHG-1 Deploy web 9 of Bob, which began at 2026-03-10 11:31 UTC',
  );
  expect(draft).toContain('on by itself, not pulled from this incident');
  expect(draft).toContain('After FRZ-3 they were let go in this order: Deploy web 8 at 2026-03-10 16:05 UTC');
  expect(draft).toContain(
    'After FRZ-3 these did not come: Deploy web 10 (its turn was at 2026-03-10 16:05 UTC)',
  );
  expect(draft).toContain('After FRZ-3 these wait still: Deploy web 11 (its turn:');
});
