// Redacting what belongs to no incident: of a report, a page and a pause no word is left, and nobody learns what is private.
import { describe, expect, test, vi } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { linesCalledFor } from '../../../src/features/reports/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, stateTables } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';
import { verdictOf } from '../../helpers/verdict.js';
import { factsOf, onCall, pass, waiting, ways } from '../paging/help.js';

vi.setConfig({ testTimeout: 60_000 });

const secret = 'hunter2';

/** No row has the secret, every incident's record is whole, and made again from the record all rows are as they are. */
async function expectGone(desk: Desk): Promise<void> {
  await desk.turn();
  for (const [table, rows] of Object.entries(await dump(desk.db)))
    expect(
      rows.filter((row) => row.includes(secret)),
      table,
    ).toEqual([]);
  for (const { id } of await desk.db.read.incident.findMany())
    expect(await verdictOf(desk.db, id)).toMatchObject({ whole: true });
  const state = await dump(desk.db, stateTables);
  await rebuild(desk.db, features, projectFacts);
  expect(await dump(desk.db, stateTables)).toEqual(state);
}

describe.each(engines)('%s', (engine) => {
  test('a report alone: its words go, that it was made and who redacted it stays', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'eve', `/report my password ${secret} fails on:api`);
    const said = await says(desk, 'bob', '/report redact REP-1 a password');
    expect(said).toContain('REP-1’s words are taken out of the record');
    expect(said).toContain('What I cannot reach');
    expect((await desk.say('ana', '/report list')).text).toMatch(/REP-1 .*Eve on api: redacted/);
    const fact = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'WordsRedacted' } });
    expect(fact).toMatchObject({
      actorName: 'Bob',
      data: { of: 'report', key: 'REP-1', reason: 'a password' },
    });
    expect(await refused(desk, 'ana', '/report redact REP-1')).toContain('was redacted before');
    expect(await refused(desk, 'ana', '/report redact REP-7')).toContain('There is no REP-7');
    await expectGone(desk);
  });

  test('of gathered reports the question is drawn anew, and whoever has a letter with the words is named', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', `/report ${secret} fails on:api`);
    await says(desk, 'eve', '/report slow on:api');
    await pass(desk, 10);
    await pass(desk, 10);
    await ways(desk);
    const before = (await factsOf(desk, 'GatheringRedrawn')).length;
    const said = await says(desk, 'ana', 'redact rep-1 a password');
    expect(said).toContain('Bob by e-mail');
    expect(said).not.toContain('by Slack');
    await desk.turn();
    expect(await factsOf(desk, 'GatheringRedrawn')).toHaveLength(before + 1);
    expect(await linesCalledFor(desk.db.read, desk.workspace.id, 'REP-1')).toEqual([
      expect.stringMatching(/^- REP-1, .*: redacted$/),
      expect.stringMatching(/^- REP-2, .*“slow”$/),
    ]);
    await expectGone(desk);
  });

  test('a page of no incident: reason, messages and what was answered of it; letters that left are named', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', `page default the password is ${secret}`);
    await ways(desk);
    // What is shown of it is kept with the request.
    expect(await says(desk, 'eve', 'page PAGE-1')).toContain(secret);
    await says(desk, 'ana', `withdraw PAGE-1 ${secret} is changed`);
    const said = await says(desk, 'ana', 'redact PAGE-1 a password');
    expect(said).toContain('to Bob by e-mail: it cannot be called back');
    await desk.turn();
    const edits = (await waiting(desk)).filter(({ effect }) => effect.what === 'over');
    expect(edits.every(({ effect }) => effect.path === 'slack')).toBe(true);
    expect(edits.length).toBeGreaterThan(0);
    expect((await desk.say('bob', 'pages')).text).toContain('redacted');
    expect(await says(desk, 'bob', 'page PAGE-1')).toContain('Its reason was redacted');
    expect(await refused(desk, 'ana', 'redact PAGE-1 once more')).toContain('was redacted before');
    await expectGone(desk);
  });

  test('a page without words, a page that is none, and a word that names nothing are refused', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page @bob');
    expect(await refused(desk, 'ana', 'redact PAGE-1 why not')).toContain('holds no words');
    expect(await refused(desk, 'ana', 'redact PAGE-9 why not')).toContain('There is no PAGE-9');
    expect(await refused(desk, 'ana', 'redact PAGE-x why not')).toContain('An entry is a number');
    expect(await refused(desk, 'ana', 'redact heartbeat:none why not')).toContain('No pause');
    expect(await refused(desk, 'ana', 'redact PAGE-1')).not.toBe('');
  });

  test('why a heartbeat is paused', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'heartbeat nightly every:1d');
    await says(desk, 'ana', `pause nightly for:2h the new password is ${secret}`);
    await says(desk, 'bob', 'redact heartbeat:nightly a password');
    expect(await refused(desk, 'bob', 'redact heartbeat:nightly again')).toContain('was redacted before');
    await expectGone(desk);
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'replace' } });
    const slots = jobs.map(({ payload }) => (payload as { slot: string }).slot);
    expect(slots).toContain(`heartbeat/paused/nightly/${desk.now.toISOString()}`);
  });

  test('a report on an incident: by its own name, and then nothing more is to be taken out by the entry’s', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'eve', `/report ${secret} fails on:api`);
    await says(desk, 'bob', 'declare login is down on:web');
    await says(desk, 'bob', '/report belongs REP-1 INC-1');
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: secret } } });
    const said = await says(desk, 'eve', '/report redact REP-1');
    expect(said).toContain(`#${seq} of INC-1`);
    expect(await refused(desk, 'eve', `redact INC-1 #${seq} again`)).toContain('was redacted before');
    expect(await refused(desk, 'eve', '/report redact REP-1')).toContain('was redacted before');
    await expectGone(desk);
  });

  test('by the entry’s name, and then nothing more by its own', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', 'declare login is down on:api');
    await says(desk, 'eve', `/report ${secret} fails on:api`);
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: secret } } });
    await says(desk, 'bob', `redact INC-1 #${seq} a password`);
    expect(await refused(desk, 'eve', '/report redact REP-1')).toContain('was redacted before');
    await expectGone(desk);
  });

  test('a report that was redacted first is put on an incident without its words', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'eve', `/report ${secret} fails on:api`);
    await says(desk, 'eve', '/report redact REP-1 a password');
    await says(desk, 'bob', '/report declare REP-1');
    const entries = await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
    expect(entries.map((each) => each.text)).toContain('REP-1: redacted');
    await expectGone(desk);
  });

  test('a page of an incident by its own name, also where that was merged meanwhile', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'declare reads are slow');
    await says(desk, 'ana', `page INC-1 default the password is ${secret}`);
    await ways(desk);
    await says(desk, 'ana', 'merge INC-1 INC-2');
    await says(desk, 'ana', `withdraw PAGE-1 ${secret} was it`);
    const said = await says(desk, 'ana', 'redact PAGE-1 a password');
    expect(said).toMatch(/#\d+ of INC-1, #\d+ of INC-2/);
    expect(said).toContain('Bob by e-mail');
    await expectGone(desk);
  });

  test('of a private incident a report exists for its members, and for who made it, who learns nothing of it', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'eve', `/report ${secret} fails on:api`);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', '/report belongs REP-1 INC-1');
    expect(await refused(desk, 'bob', '/report redact REP-1')).toContain('There is no REP-1');
    expect(await refused(desk, 'bob', 'redact REP-1 a password')).toContain('There is no REP-1');
    const said = await says(desk, 'eve', '/report redact REP-1 a password');
    expect(said).not.toMatch(/INC-|#\d/);
    const copies = await desk.db.read.job.findMany({ where: { kind: 'seekCopies' } });
    expect(copies.map(({ payload }) => (payload as { userId: string | null }).userId)).toEqual([null]);
    await expectGone(desk);
    expect(await desk.db.read.member.count({ where: { userId: 'U0EVE' } })).toBe(0);
  });

  test('a page of a private incident is not redacted by whom it called and who is not in it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', `page INC-1 default ${secret} leaked`);
    expect(await refused(desk, 'eve', 'redact PAGE-1 a password')).toContain('There is no PAGE-1');
    const said = await refused(desk, 'bob', 'redact PAGE-1 a password');
    expect(said).toContain('private incident, which you are not in');
    expect(said).not.toMatch(/INC-|leaked/);
    const told = await says(desk, 'ana', 'redact PAGE-1 a password');
    expect(told).not.toContain('by e-mail');
    await expectGone(desk);
    expect(await says(desk, 'bob', 'page PAGE-1')).not.toContain('redacted');
  });
});
