// Verifying: whatever is changed by hand in the database is found, and the first entry that does not fit is named.
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { chainStart, digestOf, linkHash, readFact, saidDigestOf } from '../../src/db/facts.js';
import { sqlitePath } from '../../src/db/open.js';
import type { Prisma, Tx } from '../../src/db/tx.js';
import { messagePosted, placeStream, recordResult } from '../../src/features/places/index.js';
import { engines } from '../helpers/databases.js';
import { type Desk, openDesk } from '../helpers/desk.js';
import { verdictOf } from '../helpers/verdict.js';

const lines = [
  ['ana', 'declare writes are stuck sev:1 on:api/prod private started:10:22 UTC'],
  ['ana', 'role INC-1 commander me'],
  ['ana', 'note INC-1 10:40 the password is hunter2'],
  ['ana', 'note INC-1 10:41 hypothesis: the disk is full'],
  ['ana', 'strike INC-1 4 it has room'],
  ['ana', 'link INC-1 https://example.com/graph latency'],
  ['ana', 'redact INC-1 3 a password'],
  ['ana', 'resolve INC-1 it works again'],
] as const;

/** An incident of eight entries: #3 is redacted by #7, #5 rules out #4. */
async function opened(engine: 'sqlite' | 'postgresql') {
  const desk = await openDesk(engine);
  for (const [person, line] of lines) {
    const said = await desk.say(person, line);
    if (!said.accepted) throw new Error(`${line}: ${said.text}`);
  }
  const { id } = await desk.db.read.incident.findFirstOrThrow();
  const posted = { incidentId: id, slot: `summary/${id}`, channelId: 'C1', ts: '1.1' };
  await desk.execute(recordResult.given([messagePosted(posted, { stream: placeStream(id) })]), desk.ask());
  const verdict = () => verdictOf(desk.db.of(desk.workspace.id), id);
  expect(await verdict()).toMatchObject({ whole: true, facts: lines.length, redacted: 1 });
  return { desk, id, verdict };
}

type Change = (tx: Tx, id: string) => Promise<unknown>;
const fact = (seq: number, data: Prisma.FactUpdateManyMutationInput): Change => {
  return (tx, incidentId) => tx.fact.updateMany({ where: { incidentId, seq }, data });
};
const entry = (seq: number, data: Prisma.EntryUpdateManyMutationInput): Change => {
  return (tx, incidentId) => tx.entry.updateMany({ where: { incidentId, seq }, data });
};
const incident = (data: Prisma.IncidentUpdateManyMutationInput): Change => {
  return (tx, id) => tx.incident.updateMany({ where: { id }, data });
};
const later = new Date('2026-03-11T00:00:00Z');

const changedFacts: [string, number, Change][] = [
  ['its words', 4, fact(4, { data: { kind: 'hypothesis', text: 'the network is full' } })],
  ['its kind', 4, fact(4, { type: 'EntryStruck' })],
  ['when it happened', 4, fact(4, { occurredAt: later })],
  ['until when it happened', 4, fact(4, { occurredUntil: later })],
  ['its time as written', 4, fact(4, { asWritten: '11:40' })],
  ['the precision of its time', 4, fact(4, { precision: 'approximate' })],
  ['when it was recorded', 4, fact(4, { recordedAt: later })],
  ['the name of who said it', 4, fact(4, { actorName: 'Bob' })],
  ['the id of who said it', 4, fact(4, { actorId: 'U0BOB' })],
  ['what said it', 4, fact(4, { actorKind: 'system' })],
  ['its source', 4, fact(4, { source: 'api' })],
  ['the request it came with', 4, fact(4, { requestId: 'another' })],
  ['its id', 4, fact(4, { id: 'another' })],
  ['its stream', 4, fact(4, { stream: 'another' })],
  ['its version', 4, fact(4, { version: 99 })],
  ['its digest', 4, fact(4, { digest: 'x' })],
  ['its hash', 4, fact(4, { hash: 'x' })],
  ['a redacted one: when it happened', 3, fact(3, { occurredAt: later })],
  ['a redacted one: who said it', 3, fact(3, { actorName: 'Bob' })],
  ['a redacted one: words are put in', 3, fact(3, { data: { kind: 'note', text: 'it was Bob' } })],
  ['a redacted one: a time as written is put in', 3, fact(3, { asWritten: '10:40' })],
  ['a redacted one: its salt is put back', 3, fact(3, { salt: 'x' })],
  ['a redacted one: it counts as not redacted', 3, fact(3, { redacted: false })],
  ['it is marked as redacted', 4, fact(4, { redacted: true })],
  [
    'it is marked as redacted, and blanked as a redaction would',
    4,
    fact(4, { redacted: true, salt: '', asWritten: null, data: { kind: 'hypothesis', text: '' } }),
  ],
  ['a redaction names another entry', 7, renamed],
];

/** The redaction #7 claims that it was #4 that it redacted. */
async function renamed(tx: Tx, incidentId: string) {
  const [third, fourth, redaction] = await tx.fact.findMany({
    where: { incidentId, seq: { in: [3, 4, 7] } },
    orderBy: { seq: 'asc' },
  });
  const data = { ...(redaction?.data as object), factIds: [third?.id ?? '', fourth?.id ?? ''] };
  await fact(4, { redacted: true, salt: '', asWritten: null, data: { kind: 'hypothesis', text: '' } })(
    tx,
    incidentId,
  );
  await fact(7, { data })(tx, incidentId);
}

const shownOtherwise: [string, number | null, string, Change][] = [
  ['an entry’s text', 4, 'its text', entry(4, { text: 'the network is full' })],
  ['an entry’s author', 4, 'its author', entry(4, { authorName: 'Bob' })],
  ['an entry’s time', 4, 'its time', entry(4, { occurredAt: later })],
  ['an entry’s being ruled out', 4, 'its struck', entry(4, { struck: false })],
  ['an entry taken back', 6, 'its withdrawn', entry(6, { withdrawn: true })],
  ['words in a redacted entry', 3, 'its text', entry(3, { text: 'it was Bob' })],
  [
    'an entry removed',
    4,
    'it is missing',
    (tx, id) => tx.entry.deleteMany({ where: { incidentId: id, seq: 4 } }),
  ],
  ['an entry added', 99, 'does not have', addedEntry],
  ['the title', null, 'its title', incident({ title: 'all is well' })],
  ['the severity', null, 'its severity', incident({ severity: 'SEV4' })],
  ['when it began', null, 'its started', incident({ startedAt: later })],
  ['that it is private', null, 'its private', incident({ private: false })],
  ['its number', null, 'its number', incident({ number: 7 })],
  ['the incident removed', null, 'missing', (tx, id) => tx.incident.deleteMany({ where: { id } })],
  ['a role', 2, 'its person', (tx) => tx.roleHolding.updateMany({ data: { userName: 'Bob' } })],
  ['an impact', 1, 'its level', (tx) => tx.impact.updateMany({ data: { level: 'degraded' } })],
  ['a link', 6, 'its url', (tx) => tx.link.updateMany({ data: { url: 'https://example.org' } })],
  ['where a message is', null, 'its channel', (tx) => tx.posted.updateMany({ data: { channelId: 'C2' } })],
  [
    'a member let in',
    null,
    'among the members',
    (tx, incidentId) =>
      tx.member.create({ data: { id: 'x', workspaceId: 'w', incidentId, userId: 'U0EVE' } }),
  ],
];

async function addedEntry(tx: Tx, incidentId: string) {
  const { files, ...row } = await tx.entry.findFirstOrThrow({ where: { incidentId, seq: 4 } });
  expect(files).toBeNull();
  await tx.entry.create({ data: { ...row, id: 'added', seq: 99 } });
}

for (const engine of engines) {
  describe(engine, () => {
    test.each(changedFacts)('a fact changed by hand: %s', async (_what, seq, change) => {
      const { desk, id, verdict } = await opened(engine);
      await desk.db.write((tx) => change(tx, id));
      expect(await verdict()).toMatchObject({ whole: false, seq, mend: 'restore' });
    });

    test.each(shownOtherwise)('shown otherwise than recorded: %s', async (_what, seq, says, change) => {
      const { desk, id, verdict } = await opened(engine);
      await desk.db.write(async (tx) => {
        await change(tx, id);
        // Nothing is written for another workspace but here, by hand.
        await tx.member.updateMany({ data: { workspaceId: desk.workspace.id } });
      });
      expect(await verdict()).toMatchObject({
        whole: false,
        seq,
        mend: 'rebuild',
        reason: expect.stringContaining(says),
      });
    });

    test('facts that are missing are named, wherever they stood', async () => {
      const { desk, id, verdict } = await opened(engine);
      const remove = (where: Prisma.FactWhereInput) => desk.db.write((tx) => tx.fact.deleteMany({ where }));
      await remove({ incidentId: id, seq: 8 });
      expect(await verdict()).toMatchObject({ seq: 8, reason: 'it is missing' });
      await remove({ incidentId: id, seq: { in: [4, 5] } });
      expect(await verdict()).toMatchObject({ seq: 4, reason: 'it is missing, with all up to #5' });
      await remove({ incidentId: id });
      expect(await verdict()).toMatchObject({ seq: 1, reason: 'it is missing, with all up to #8' });
      await desk.db.write((tx) => tx.chain.deleteMany());
      expect(await verdict()).toMatchObject({ seq: 1, reason: expect.stringContaining('missing') });
    });

    test('the last entries removed, and the chain set back to before them', async () => {
      const { desk, id, verdict } = await opened(engine);
      await desk.db.write((tx) => cutAfter(tx, id, 7));
      const found = await verdict();
      expect(found).toMatchObject({ whole: false, seq: null });
      expect(found).toMatchObject({ reason: expect.stringContaining('1 is missing') });
      expect(found).toMatchObject({ reason: expect.stringContaining('the last entry that is there is #7') });
    });

    test('an entry added at the end by hand', async () => {
      const { desk, id, verdict } = await opened(engine);
      await desk.db.write((tx) => appendByHand(tx, id));
      expect(await verdict()).toMatchObject({ seq: 9, reason: expect.stringContaining('added by hand') });
      const { hash } = await desk.db.read.fact.findFirstOrThrow({ where: { incidentId: id, seq: 9 } });
      await desk.db.write((tx) => tx.chain.updateMany({ data: { seq: 9, hash: hash ?? '' } }));
      expect(await verdict()).toMatchObject({
        seq: null,
        reason: expect.stringContaining('only 8 were recorded'),
      });
    });

    test('the end of the chain removed, or another hash kept there', async () => {
      const { desk, verdict } = await opened(engine);
      await desk.db.write((tx) => tx.chain.updateMany({ data: { hash: chainStart } }));
      expect(await verdict()).toMatchObject({
        seq: 8,
        reason: expect.stringContaining('the hash kept there'),
      });
      await desk.db.write((tx) => tx.chain.deleteMany());
      expect(await verdict()).toMatchObject({
        seq: null,
        reason: expect.stringContaining('nobody can tell whether anything came after entry #8'),
      });
    });

    test('what Slack answered, which is no entry, changed or removed', async () => {
      const { desk, verdict } = await opened(engine);
      const where = { type: 'MessagePosted' };
      await desk.db.write((tx) => tx.fact.updateMany({ where, data: { source: 'api' } }));
      expect(await verdict()).toMatchObject({
        seq: null,
        reason: expect.stringContaining('fact 1 of place/'),
      });
      await desk.db.write((tx) => tx.fact.deleteMany({ where }));
      expect(await verdict()).toMatchObject({ seq: null, reason: expect.stringContaining('1 is missing') });
    });

    test('a fact of a later version of Andon is as it was recorded, and the version is to blame', async () => {
      const { desk, id, verdict } = await opened(engine);
      await desk.db.write((tx) => retyped(tx, id, 'FreezeThawed'));
      expect(await verdict()).toMatchObject({
        seq: 8,
        mend: 'version',
        reason: expect.stringContaining('FreezeThawed'),
      });
    });
  });
}

const damages: [string, number | null, string, string][] = [
  ['the words of a fact', 4, 'it does not read', `UPDATE "Fact" SET "data" = '{"kind":' WHERE "seq" = 4`],
  [
    'the time of a fact',
    4,
    'it does not read',
    `UPDATE "Fact" SET "occurredAt" = 'yesterday' WHERE "seq" = 4`,
  ],
  ['the first fact', 1, 'it does not read', `UPDATE "Fact" SET "data" = '' WHERE "seq" = 1`],
  ['a redaction', 7, 'it does not read', `UPDATE "Fact" SET "data" = '{' WHERE "seq" = 7`],
  ['a redacted fact', 3, 'it does not read', `UPDATE "Fact" SET "data" = '7' WHERE "seq" = 3`],
  [
    'what Slack answered',
    null,
    'does not read',
    `UPDATE "Fact" SET "data" = '{' WHERE "type" = 'MessagePosted'`,
  ],
  [
    'an entry’s files',
    6,
    'on the timeline it does not read',
    `UPDATE "Entry" SET "files" = '[' WHERE "seq" = 6`,
  ],
  ['an entry’s time', 6, 'its time', `UPDATE "Entry" SET "occurredAt" = 'yesterday' WHERE "seq" = 6`],
  ['the incident’s times', null, 'it does not read', `UPDATE "Incident" SET "keyTimes" = '{'`],
];

test.each(damages)('damaged in the file: %s', async (_what, seq, says, statement) => {
  const { desk, verdict } = await opened('sqlite');
  byHand(desk, statement);
  expect(await verdict()).toMatchObject({ whole: false, seq, reason: expect.stringContaining(says) });
});

function byHand(desk: Desk, statement: string): void {
  const file = new Sqlite(sqlitePath(desk.url));
  expect(file.prepare(statement).run().changes).toBeGreaterThan(0);
  file.close();
}

/** Removes everything after an entry as somebody would who knows the chain. */
async function cutAfter(tx: Tx, incidentId: string, seq: number): Promise<void> {
  await tx.fact.deleteMany({ where: { incidentId, seq: { gt: seq } } });
  await tx.entry.deleteMany({ where: { incidentId, seq: { gt: seq } } });
  const last = await tx.fact.findFirstOrThrow({ where: { incidentId, seq } });
  await tx.chain.updateMany({ where: { incidentId }, data: { seq, hash: last.hash ?? '' } });
}

async function appendByHand(tx: Tx, incidentId: string): Promise<void> {
  const last = await tx.fact.findFirstOrThrow({ where: { incidentId, seq: 8 } });
  const { position: _position, ...row } = { ...last, id: 'added', version: 99, seq: 9 };
  const { digest } = digestsOf(row);
  const hash = linkHash(last.hash ?? '', 9, digest);
  await tx.fact.create({ data: { ...row, data: row.data as object, digest, hash } });
}

/** The last fact, as a version of Andon would have recorded it that knows more kinds. */
async function retyped(tx: Tx, incidentId: string, type: string): Promise<void> {
  const last = await tx.fact.findFirstOrThrow({ where: { incidentId, seq: 8 } });
  const before = await tx.fact.findFirstOrThrow({ where: { incidentId, seq: 7 } });
  const { digest } = digestsOf({ ...last, type });
  const hash = linkHash(before.hash ?? '', 8, digest);
  await fact(8, { type, digest, hash })(tx, incidentId);
  await tx.chain.updateMany({ where: { incidentId }, data: { hash } });
}

function digestsOf(row: Omit<Prisma.FactGetPayload<object>, 'position'>) {
  const read = readFact(row);
  return { digest: digestOf(saidDigestOf(row.salt, read), read) };
}
