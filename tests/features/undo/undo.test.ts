// Undo: the state is as it was, nothing disappears from the record, and what others did since is not run over.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, type PersonName, stateTables } from '../../helpers/desk.js';

const stateOfIncidents = [
  ...(['task', 'handover', 'incidentUpdate', 'checklistRun'] as const),
  ...(['incident', 'impact', 'roleHolding', 'link', 'member'] as const),
  ...(['ranking', 'suspect'] as const),
] as const;
type Line = readonly [PersonName, string];

const opened: readonly Line[] = [
  ['ana', 'declare writes are stuck sev:2 on:api/prod,web/prod started:10:10 UTC'],
  ['bob', 'declare the proxy is slow on:proxy'],
  ['bob', 'note INC-1 10:20 hypothesis: the disk is full'],
];

/** A change by each verb that changes state: what is said before it, and the change, by Ana. */
const changes: Readonly<Record<string, { before?: readonly Line[]; line: string }>> = {
  ack: { line: 'ack INC-1' },
  severity: { line: 'severity INC-1 1 all writes fail' },
  status: { line: 'status INC-1 monitoring a fix is in' },
  resolve: { line: 'resolve INC-1 writes are back' },
  reopen: { before: [['bob', 'resolve INC-1']], line: 'reopen INC-1 errors are back' },
  close: { line: 'close INC-1' },
  merge: { line: 'merge INC-1 INC-2' },
  affects: { line: 'affects INC-1 api/prod degraded at:10:05 UTC' },
  started: { line: 'started INC-1 10:00 UTC' },
  detected: { line: 'detected INC-1 10:30 UTC' },
  mitigated: { line: 'mitigated INC-1' },
  role: { before: [['bob', 'role INC-1 commander me']], line: 'role INC-1 commander me' },
  note: { line: 'note INC-1 10:41 failing over' },
  correct: { line: 'correct INC-1 #2 10:21 hypothesis: the disk of db-2 is full' },
  strike: { line: 'strike INC-1 #2 it has room' },
  shift: { before: [['bob', 'role INC-1 scribe me at:10:31']], line: 'shift INC-1 -1h' },
  link: { line: 'link INC-1 https://example.com/graph the latency' },
  checklist: { line: 'checklist INC-1 rollback' },
  check: { before: [['bob', 'checklist INC-1 rollback']], line: 'check INC-1 rollback 1 it stands' },
  second: {
    before: [
      ['bob', 'checklist INC-1 rollback'],
      ['bob', 'check INC-1 rollback 2'],
    ],
    line: 'second INC-1 rollback 2',
  },
  uncheck: {
    before: [
      ['bob', 'checklist INC-1 rollback'],
      ['bob', 'check INC-1 rollback 2'],
    ],
    line: 'uncheck INC-1 rollback 2',
  },
  skip: { before: [['bob', 'checklist INC-1 rollback']], line: 'skip INC-1 rollback 1 there is none' },
  task: { line: 'task INC-1 restore the backup owner:@bob due:14:00 UTC' },
  followup: { before: [['bob', 'task INC-1 call the vendor']], line: 'followup INC-1 T1' },
  done: { before: [['bob', 'task INC-1 call the vendor']], line: 'done INC-1 T1 they called' },
  drop: { before: [['bob', 'task INC-1 call the vendor']], line: 'drop INC-1 T1 they called' },
  assign: { before: [['bob', 'task INC-1 call the vendor owner:me']], line: 'assign INC-1 T1 @eve' },
  due: { before: [['bob', 'task INC-1 call the vendor due:15:00 UTC']], line: 'due INC-1 T1 14:00 UTC' },
  handover: { before: [['bob', 'role INC-1 commander me']], line: 'handover INC-1 commander @eve' },
  stay: { before: [['bob', 'role INC-1 commander @ana']], line: 'stay INC-1 commander' },
  update: { line: 'update INC-1 we are on it next:2h' },
  snooze: { line: 'snooze INC-1 10m' },
  suspect: {
    before: [
      ['bob', '/change announce a new proxy on:proxy/prod begun'],
      ['bob', 'suspect INC-1 CHG-1 related'],
    ],
    line: 'suspect INC-1 CHG-1 unrelated it is another proxy',
  },
};

/** Verbs whose change cannot be made as if it had not been, and what `undo` says of it. */
const notAsIfNeverSaid: Readonly<Record<string, { before?: readonly Line[]; line: string; says: RegExp }>> = {
  declare: { line: 'declare it is down', says: /Undone: #1 the declaration/ },
  // It was a freeze for as long as it was one.
  freeze: { line: 'freeze INC-1 stop now', says: /Undone: #\d+ the cord, FRZ-1/ },
  // Whoever was called was called.
  page: { line: 'page INC-1 @bob look', says: /cannot be taken back.*\/incident withdraw PAGE-1 REASON/s },
  // The one before was told that they may rest.
  accept: {
    before: [
      ['bob', 'role INC-1 commander me'],
      ['bob', 'handover INC-1 commander @ana'],
    ],
    line: 'accept INC-1 commander',
    says: /cannot be taken back.*\/incident handover commander @user/s,
  },
  decline: {
    before: [
      ['bob', 'role INC-1 commander me'],
      ['bob', 'handover INC-1 commander @ana'],
    ],
    line: 'decline INC-1 commander',
    says: /cannot be taken back.*\/incident role commander me/s,
  },
  redact: { line: 'redact INC-1 #2 a name', says: /words are gone for good.*\/incident note TEXT/s },
  undo: { line: 'undo INC-1', says: /undoing of #\d+\) cannot be taken back/ },
};

async function openDeskWith(engine: 'sqlite' | 'postgresql', lines: readonly Line[]): Promise<Desk> {
  const desk = await openDesk(engine);
  const file = 'checklists: { rollback: { steps: [Stop the pipeline, { text: Look at it, second: true }] } }';
  await desk.execute(importCatalog.given(readCatalog(file, 'f.yaml')), desk.ask('eve'));
  for (const [who, line] of lines) await saidBy(desk, who, line);
  return desk;
}

async function saidBy(desk: Desk, who: PersonName, line: string): Promise<string> {
  const { accepted, text } = await desk.say(who, line);
  expect(accepted, `${line}: ${text}`).toBe(true);
  return text;
}

const entries = (desk: Desk) =>
  desk.db.read.entry.findMany({ orderBy: [{ incidentId: 'asc' }, { seq: 'asc' }] });

/** The entries as a reader counts them: without those that the change and its undoing made. */
async function entriesUpTo(desk: Desk, known: ReadonlySet<string>): Promise<object[]> {
  return (await entries(desk)).filter(({ id }) => known.has(id));
}

test('every verb that changes state can be undone, or says why not', () => {
  const verbs = features
    .flatMap((feature) => feature.commands ?? [])
    .map((each) => each.verb)
    .filter((each) => each.surface === 'incident' && (each.onIncident || each.words[0] === 'declare'))
    .map((each) => each.words[0])
    .filter((word) => word !== 'export')
    .sort();
  expect([...Object.keys(changes), ...Object.keys(notAsIfNeverSaid)].sort()).toEqual(verbs);
});

describe.each(engines)('%s', (engine) => {
  test.each(Object.entries(changes))(
    '%s, undone, leaves the state as it was',
    async (_verb, { before = [], line }) => {
      const desk = await openDeskWith(engine, [...opened, ...before]);
      const rows = await dump(desk.db, stateOfIncidents);
      const known = new Set((await entries(desk)).map(({ id }) => id));
      const told = await entriesUpTo(desk, known);
      await saidBy(desk, 'ana', line);
      const made = (await entries(desk)).filter(({ id }) => !known.has(id));
      expect(await saidBy(desk, 'ana', 'undo INC-1')).toMatch(/^Undone: #\d+ /);
      expect(await dump(desk.db, stateOfIncidents)).toEqual(rows);
      expect(await entriesUpTo(desk, known)).toEqual(told);
      // What was undone is marked, and the undoing says what it was.
      const after = await entries(desk);
      for (const { id, seq, incidentId } of made) {
        expect(after.find((each) => each.id === id)).toMatchObject({
          takenBackByName: 'Ana',
          takenBackAt: desk.now,
        });
        expect(after.filter((each) => each.incidentId === incidentId).at(-1)?.text).toMatch(
          new RegExp(`^Undone: #${seq} \\S`),
        );
      }
    },
  );

  test.each(Object.entries(notAsIfNeverSaid))(
    '%s, undone, says what is so',
    async (verb, { before = [], line, says }) => {
      const desk = await openDeskWith(engine, [...opened, ...before]);
      if (verb === 'undo') await saidBy(desk, 'ana', 'severity INC-1 1');
      await saidBy(desk, 'ana', line);
      expect((await desk.say('ana', `undo INC-${verb === 'declare' ? 3 : 1}`)).text).toMatch(says);
    },
  );

  test('an incident declared by mistake is closed as such; its number and record stay, and it can be reopened', async () => {
    const desk = await openDeskWith(engine, [['ana', 'declare it is down on:api/prod']]);
    await saidBy(desk, 'ana', 'undo INC-1');
    const closed = await desk.db.read.incident.findFirstOrThrow();
    expect(closed).toMatchObject({ number: 1, status: 'closed', mistaken: true, title: 'it is down' });
    expect(await desk.db.read.impact.count()).toBe(0);
    expect((await entries(desk)).map(({ text }) => text)).toEqual([
      'Declared as SEV2: it is down',
      'Undone: #1 the declaration',
      'Closed: declared by mistake',
    ]);
    expect(await saidBy(desk, 'ana', 'show INC-1')).toContain('Declared by mistake');
    expect((await desk.say('ana', 'undo INC-1')).accepted).toBe(false);
    await saidBy(desk, 'ana', 'reopen INC-1 it is down after all');
    expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({
      status: 'investigating',
      mistaken: false,
    });
  });

  test('a declaration stands once somebody works on it', async () => {
    const desk = await openDeskWith(engine, [
      ['ana', 'declare it is down'],
      ['bob', 'ack INC-1'],
    ]);
    const refused = await desk.say('ana', 'undo INC-1');
    expect(refused.accepted).toBe(false);
    expect(refused.text).toContain('Bob has changed it since, #2 acknowledged');
    expect(refused.text).toContain('/incident close declared by mistake');
  });

  test.each<[string, string, string, RegExp]>([
    [
      'severity INC-1 1',
      'severity INC-1 3',
      'severity',
      /Bob has changed it since, #\d+ severity SEV1 → SEV3.*\/incident severity SEV/s,
    ],
    [
      'status INC-1 identified',
      'resolve INC-1',
      'status',
      /Bob .* status identified → resolved.*\/incident status/s,
    ],
    ['resolve INC-1', 'reopen INC-1 no', 'status', /Bob .* status resolved → investigating/s],
    [
      'affects INC-1 api/prod degraded',
      'affects INC-1 api/prod operational',
      'impact',
      /Bob .*\/incident affects api\/prod LEVEL/s,
    ],
    [
      'mitigated INC-1',
      'mitigated INC-1 10:40',
      'key time',
      /Bob .*mitigated: 10:40.*\/incident mitigated TIME/s,
    ],
    ['role INC-1 commander me', 'role INC-1 commander me', 'role', /Bob .*\/incident role commander @user/s],
    ['merge INC-1 INC-2', 'reopen INC-1 it is another', 'merge', /Bob .*\/incident reopen REASON/s],
    ['note INC-1 it works', 'correct INC-1 #3 it works again', 'words', /Bob .*the correction of #3/s],
    ['strike INC-1 #2', 'redact INC-1 #2 a name', 'strike', /Bob .*the redaction of #2/s],
  ])('what %s set is not taken back over %s', async (line, theirs, _part, says) => {
    const desk = await openDeskWith(engine, opened);
    await saidBy(desk, 'ana', line);
    await saidBy(desk, 'bob', theirs);
    const rows = await dump(desk.db);
    const refused = await desk.say('ana', 'undo INC-1');
    expect(refused.accepted).toBe(false);
    expect(refused.text).toMatch(says);
    expect(await dump(desk.db)).toEqual(rows);
  });

  test('what somebody changed and took back himself is in nobody’s way, nor is what is about something else', async () => {
    const desk = await openDeskWith(engine, opened);
    await saidBy(desk, 'ana', 'severity INC-1 1');
    await saidBy(desk, 'bob', 'severity INC-1 3');
    await saidBy(desk, 'bob', 'undo INC-1');
    await saidBy(desk, 'bob', 'affects INC-1 web/prod degraded');
    await saidBy(desk, 'ana', 'undo INC-1');
    expect(await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } })).toMatchObject({
      severity: 'SEV2',
    });
    expect(await desk.db.read.impact.count({ where: { level: 'degraded' } })).toBe(1);
  });

  test('a merge is taken back from either side, for both', async () => {
    const desk = await openDeskWith(engine, opened);
    await saidBy(desk, 'ana', 'merge INC-1 INC-2');
    await saidBy(desk, 'ana', 'undo INC-2');
    expect(
      await desk.db.read.incident.count({ where: { status: 'investigating', mergedIntoId: null } }),
    ).toBe(2);
    const undone = (await entries(desk)).filter(({ takenBackAt }) => takenBackAt);
    expect(undone.map(({ text }) => text).sort()).toEqual([
      'INC-1 was merged into this',
      'Merged into INC-2',
    ]);
  });

  test('the list strikes what was undone and says who did it and what the undoing took back', async () => {
    const desk = await openDeskWith(engine, opened);
    await saidBy(desk, 'ana', 'mitigated INC-1');
    await saidBy(desk, 'ana', 'undo INC-1');
    const list = await saidBy(desk, 'bob', 'timeline INC-1');
    expect(list).toMatch(/#3 .*Mitigated: now.* — Ana, undone by Ana .*10:45 UTC/);
    expect(list).toContain('Undone: #3 mitigated: now');
    expect(list).not.toContain('Mitigated: unknown');
  });

  test('a correction says who made it and when; timeline all keeps the words from before', async () => {
    const desk = await openDeskWith(engine, opened);
    desk.at('10:50');
    await saidBy(desk, 'ana', 'correct INC-1 #2 hypothesis: the disk of db-2 is full');
    const list = await saidBy(desk, 'bob', 'timeline INC-1');
    expect(list).toMatch(/the disk of db-2 is full — Bob, corrected by Ana .*10:50 UTC/);
    expect(list).not.toContain('the disk is full');
    const all = await saidBy(desk, 'bob', 'timeline INC-1 all');
    expect(all).toMatch(/#2 .*the disk is full.* — Bob, now #3/);
    expect(all).toMatch(/corrected from #2 by Ana/);
  });
});

test('a redacted time stays the time, as a rebuild reads it too', async () => {
  const desk = await openDeskWith('sqlite', opened);
  desk.now = new Date('2026-03-10T11:01:00Z');
  await desk.say('ana', 'status INC-1 closed a name at:10:20');
  const { id: incidentId } = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
  const redactLast = async () => {
    const status = await desk.db.read.entry.findFirstOrThrow({
      where: { incidentId, kind: 'status', redacted: false },
      orderBy: { recordedAt: 'desc' },
    });
    const { accepted } = await desk.say('ana', `redact INC-1 #${status.seq} a name`);
    expect(accepted).toBe(true);
  };
  await redactLast();
  desk.now = new Date('2026-03-10T11:02:00Z');
  await desk.say('ana', 'status INC-1 closed another name at:10:25');
  const rows = await dump(desk.db, stateTables);
  const incident = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
  expect(incident.resolvedAt?.toISOString()).toMatch(/:25:00/);
  await rebuild(desk.db, features, projectFacts);
  expect(await dump(desk.db, stateTables)).toEqual(rows);
  await redactLast();
  const { keyTimes } = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
  expect(keyTimes).toMatchObject({ resolved: { asWritten: null } });
  await rebuild(desk.db, features, projectFacts);
  expect((await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } })).resolvedAt).toEqual(
    incident.resolvedAt,
  );
  await desk.db.close();
});

const line = fc.oneof(
  fc.constantFrom(1, 2, 3, 4).map((sev) => `severity INC-1 ${sev}`),
  fc
    .constantFrom('investigating', 'identified', 'monitoring', 'resolved', 'closed')
    .chain((status) => timed(`status INC-1 ${status} because of ${status}`)),
  fc
    .tuple(
      fc.constantFrom('api/prod', 'web/prod', 'db'),
      fc.constantFrom('operational', 'degraded', 'major_outage'),
    )
    .chain(([on, level]) => timed(`affects INC-1 ${on} ${level}`)),
  fc
    .tuple(fc.constantFrom('commander', 'scribe'), fc.constantFrom('@ana', '@bob', '@eve'))
    .chain(([role, who]) => timed(`role INC-1 ${role} ${who}`)),
  fc
    .tuple(fc.constantFrom('started', 'detected', 'mitigated'), fc.integer({ min: 10, max: 59 }))
    .map(([which, minute]) => `${which} INC-1 10:${minute}`),
  fc.constantFrom('ack INC-1', 'shift INC-1 -1h', 'merge INC-1 INC-2', 'reopen INC-1 it is back'),
  fc.constantFrom('strike INC-1 #2 no', 'correct INC-1 #2 10:25 it was the disk', 'note INC-1 10:33 a step'),
);

const redaction = fc.integer({ min: 1, max: 9 }).map((seq) => `redact INC-1 #${seq} a name`);

function timed(text: string) {
  return fc
    .option(fc.integer({ min: 10, max: 59 }))
    .map((minute) => (minute === null ? text : `${text} at:10:${minute}`));
}

test('whatever was said before: a change, undone, leaves all rows of the incident as they were, and so does a rebuild', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.tuple(line, fc.boolean()) },
          { weight: 1, arbitrary: fc.tuple(redaction, fc.constant(false)) },
        ),
        { minLength: 4, maxLength: 14 },
      ),
      async (said) => {
        const desk = await openDeskWith('sqlite', opened);
        let minute = 0;
        for (const [text, undone] of said) {
          minute += 1;
          desk.now = new Date(Date.parse('2026-03-10T11:00:00Z') + minute * 60_000);
          const rows = await dump(desk.db, stateOfIncidents);
          const { accepted } = await desk.say('ana', text);
          if (!accepted || !undone) continue;
          await saidBy(desk, 'ana', 'undo INC-1');
          expect(await dump(desk.db, stateOfIncidents), text).toEqual(rows);
        }
        const rows = await dump(desk.db, stateTables);
        await rebuild(desk.db, features, projectFacts);
        expect(await dump(desk.db, stateTables)).toEqual(rows);
        await desk.db.close();
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);
