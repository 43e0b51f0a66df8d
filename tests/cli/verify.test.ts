// `andon verify`: what it says of a record that is whole, changed, or partly gone, and with which exit code it ends.
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqlitePath } from '../../src/db/open.js';
import { readRecord, renderRecord } from '../../src/features/postmortem/index.js';
import { type Desk, openDesk } from '../helpers/desk.js';
import { andon } from './help.js';

const restore = 'It was changed outside Andon. Keep a copy of this database';

/** Two incidents of three entries. */
async function opened() {
  const desk = await openDesk('sqlite');
  for (const line of [
    'declare writes are stuck',
    'declare the keys leaked private',
    'note INC-1 the disk is full',
    'note INC-2 the keys of eu-1',
    'note INC-1 it has room',
    'note INC-2 they are revoked',
  ])
    await desk.say('ana', line);
  const verify = (...args: string[]) => andon(['verify', ...args], { DATABASE_URL: desk.url });
  return { desk, verify };
}

test('a whole record: a line for each incident, exit code 0', async () => {
  const { verify } = await opened();
  const done = await verify();
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toMatch(
    /^INC-1: whole, 3 entries, last hash [0-9a-f]{64}\.\nINC-2: whole, 3 entries, last hash [0-9a-f]{64}\.\n$/,
  );
  expect((await verify('inc2')).stdout).toMatch(/^INC-2: whole/);
});

describe('what does not fit is named, with what to do, and exit code 1', () => {
  test('a fact that was changed', async () => {
    const { desk, verify } = await opened();
    byHand(desk, `UPDATE "Fact" SET "actorName" = 'Bob' WHERE "seq" = 2 AND ${of(1)}`);
    const done = await verify();
    expect(done).toMatchObject({ code: 1, stderr: '' });
    expect(done.stdout).toContain('INC-1: NOT whole: entry #2: it was changed after it was recorded.\n');
    expect(done.stdout).toContain(restore);
    expect(done.stdout).toContain('INC-2: whole');
  });

  test('what is shown otherwise than recorded: rebuild makes it anew', async () => {
    const { desk, verify } = await opened();
    byHand(desk, `UPDATE "Entry" SET "text" = 'the network is full' WHERE "seq" = 2 AND ${of(1)}`);
    const done = await verify('INC-1');
    expect(done).toMatchObject({ code: 1, stderr: '' });
    expect(done.stdout).toContain(
      'INC-1: NOT whole: entry #2: on the timeline its text is not what was recorded.\n',
    );
    expect(done.stdout).toContain('Stop Andon and run `andon rebuild`');
    expect(done.stdout).not.toContain('network');
    await desk.db.close();
    expect(await andon(['rebuild'], { DATABASE_URL: desk.url })).toMatchObject({ code: 0 });
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test('a damaged row is no stack trace', async () => {
    const { desk, verify } = await opened();
    byHand(desk, `UPDATE "Fact" SET "data" = '{"kind":' WHERE "seq" = 3 AND ${of(2)}`);
    const done = await verify();
    expect(done).toMatchObject({ code: 1, stderr: '' });
    expect(done.stdout).toContain(
      'INC-2: NOT whole: entry #3: it does not read: its row in the database is damaged.',
    );
  });

  test('an incident of which nothing is left but its number', async () => {
    const { desk, verify } = await opened();
    const everywhere = ['Entry', 'Impact', 'RoleHolding', 'Member', 'Fact', 'Chain'];
    for (const table of everywhere.slice(0, -2)) byHand(desk, `DELETE FROM "${table}" WHERE ${of(1)}`, 0);
    for (const table of everywhere.slice(-2)) byHand(desk, `DELETE FROM "${table}" WHERE ${of(1)}`);
    const hollow = await verify('INC-1');
    expect(hollow.code).toBe(1);
    expect(hollow.stdout).toContain(
      'INC-1: NOT whole: entry #1: it is missing, and so is all that came after it.',
    );
    byHand(desk, `DELETE FROM "Incident" WHERE "number" = 1`);
    for (const args of [[], ['INC-1']]) {
      const gone = await verify(...args);
      expect(gone.code).toBe(1);
      expect(gone.stdout).toContain(
        'INC-1: NOT whole: its number was given out, but nothing of it is in the database',
      );
    }
  });

  test('facts whose incident is no longer shown, and an empty record', async () => {
    const { desk, verify } = await opened();
    byHand(desk, `DELETE FROM "Incident" WHERE "number" = 1`);
    const hidden = await verify('INC-1');
    expect(hidden.code).toBe(1);
    expect(hidden.stdout).toContain(
      'INC-1: NOT whole: the record has it, but in what is shown of the incident',
    );
    byHand(desk, 'DELETE FROM "Fact"');
    byHand(desk, 'DELETE FROM "Chain"');
    byHand(desk, 'DELETE FROM "Incident"');
    const empty = await verify();
    expect(empty.code).toBe(1);
    expect(empty.stdout.match(/NOT whole/g)).toHaveLength(2);
  });
});

describe('with the hash of a draft', () => {
  test('the entry that it was made up to, also when more came after', async () => {
    const { desk, verify } = await opened();
    const hash = await draftHash(desk);
    await desk.say('ana', 'note INC-1 one more');
    const done = await verify('INC-1', hash.toUpperCase());
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/^INC-1: whole, 4 entries, .*; the draft's hash is entry #3\.\n$/);
  });

  test('entries removed after the draft was made, by somebody who covered every trace', async () => {
    const { desk, verify } = await opened();
    const hash = await draftHash(desk);
    byHand(desk, `DELETE FROM "Fact" WHERE "seq" = 3 AND ${of(1)}`);
    byHand(desk, `DELETE FROM "Entry" WHERE "seq" = 3 AND ${of(1)}`);
    byHand(desk, `UPDATE "Stream" SET "version" = 2 WHERE "name" = 'incident/' || ${idOf(1)}`);
    byHand(
      desk,
      `UPDATE "Chain" SET "seq" = 2, "hash" = (SELECT "hash" FROM "Fact" WHERE "seq" = 2 AND ${of(1)}) WHERE ${of(1)}`,
    );
    // Nothing in the database itself tells of it any more.
    expect(await verify('INC-1')).toMatchObject({ code: 0 });
    const done = await verify('INC-1', hash);
    expect(done).toMatchObject({ code: 1, stderr: '' });
    expect(done.stdout).toContain(
      'INC-1: NOT whole: this hash is not in its record: entries were removed or rewritten',
    );
  });

  test('what is no hash is refused', async () => {
    const { verify } = await opened();
    const done = await verify('INC-1', 'abc');
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toContain('“abc” is no hash. Copy all of it from the end of the draft');
  });
});

test.each([
  ['INC-3', 'There is no INC-3 in this database.'],
  ['three', '“three” is no incident; write it as INC-12.'],
])('%s is refused with exit code 2', async (word, sentence) => {
  const { verify } = await opened();
  const done = await verify(word);
  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toContain(sentence);
});

/** The hash at the end of the draft of INC-1. */
async function draftHash(desk: Desk): Promise<string> {
  const rows = desk.db.of(desk.workspace.id).read;
  const { id } = await rows.incident.findFirstOrThrow({ where: { number: 1 } });
  const draft = renderRecord(await readRecord(rows, id, desk.workspace), 'md');
  const [hash] = /[0-9a-f]{64}/.exec(draft) ?? [];
  return hash ?? '';
}

function idOf(number: number): string {
  return `(SELECT "id" FROM "Incident" WHERE "number" = ${number})`;
}

function of(number: number): string {
  return `"incidentId" = ${idOf(number)}`;
}

function byHand(desk: Desk, statement: string, atLeast = 1): void {
  const file = new Sqlite(sqlitePath(desk.url));
  expect(file.prepare(statement).run().changes, statement).toBeGreaterThanOrEqual(atLeast);
  file.close();
}
