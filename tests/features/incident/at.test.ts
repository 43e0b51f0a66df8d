// at:TIME goes with every verb that changes the state of an incident.
import { expect, test } from 'vitest';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { openDesk } from '../../helpers/desk.js';

const lines: readonly string[] = [
  'severity INC-1 1 all writes fail',
  'status INC-1 identified a bad merge',
  'affects INC-1 api/prod major_outage',
  'ack INC-1',
  'role INC-1 operations @bob',
  'link INC-1 https://example.com/graph the write latency',
  'checklist INC-2 rollback',
  'check INC-1 rollback 1 it stands',
  'second INC-1 rollback 2',
  'uncheck INC-1 rollback 2',
  'skip INC-1 rollback 1 there is none',
  'started INC-1',
  'detected INC-1',
  'mitigated INC-1',
  'resolve INC-1 it is over',
  'close INC-1 nothing is left',
  'reopen INC-3 errors are back',
  'merge INC-1 INC-2',
  'note INC-1 failing over',
  'suspect INC-1 CHG-1 related',
  'freeze INC-1 nothing leaves the line now',
  'update INC-1 we are on it',
  'snooze INC-1 10m',
  'done INC-1 T1 it runs again',
];

test.each(lines)('%s', async (line) => {
  const desk = await openDesk('sqlite');
  const file = 'checklists: { rollback: { steps: [Stop the pipeline, { text: Look at it, second: true }] } }';
  await desk.execute(importCatalog.given(readCatalog(file, 'f.yaml')), desk.ask());
  for (const before of [
    'declare writes are stuck',
    'declare reads are slow',
    'declare it is down',
    'resolve INC-3 at:10:05',
    'task INC-1 restart the proxy',
    '/change announce a new proxy on:proxy/prod begun',
    'checklist INC-1 rollback',
  ])
    expect((await desk.say('bob', before)).accepted).toBe(true);
  await desk.say('ana', 'check INC-1 rollback 2');
  const count = await desk.db.read.fact.count();
  const answer = await desk.say('bob', `${line} at:10:20`);
  expect(answer.accepted, answer.text).toBe(true);
  expect(answer.text).toContain('10:20 UTC');
  const facts = await desk.db.read.fact.findMany({ skip: count, orderBy: { position: 'asc' } });
  expect(facts.length).toBeGreaterThan(0);
  for (const fact of facts)
    expect(fact).toMatchObject({ occurredAt: new Date('2026-03-10T10:20:00Z'), asWritten: '10:20' });
});

test('a declaration', async () => {
  const desk = await openDesk('sqlite');
  await desk.say('bob', 'declare writes are stuck at:10:20');
  expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({
    title: 'writes are stuck',
    declaredAt: new Date('2026-03-10T10:20:00Z'),
  });
});
