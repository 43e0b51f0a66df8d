// The run lock: one Andon per SQLite file, any number of replicas on PostgreSQL, and rebuild alone.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DatabaseInUse, takeRunLock, withMigrationLock } from '../../src/db/run-lock.js';
import { built, killHard, runChild, startChild } from '../helpers/child.js';
import { engines } from '../helpers/databases.js';
import { emptyDatabase } from '../helpers/desk.js';
import { temporaryFolder } from '../helpers/world.js';

/** A process that takes the lock, says so, and stays. */
function holder(url: string, options = '{}'): string {
  return `
    import { takeRunLock } from ${built('db/run-lock.js')};
    globalThis.lock = await takeRunLock(${JSON.stringify(url)}, ${options});
    console.log('has it');
    setInterval(() => {}, 1e6);`;
}

describe('sqlite', () => {
  test('a second Andon on the file is told whom it meets and what to do', async () => {
    const url = await emptyDatabase('sqlite');
    const lock = await takeRunLock(url);
    const second = takeRunLock(url);
    await expect(second).rejects.toBeInstanceOf(DatabaseInUse);
    await expect(second).rejects.toThrow(
      `Another Andon is running on ${url.slice(5)}. Stop it first, or give this one its own file with DATABASE_URL=file:….`,
    );
    await lock.release();
    await (await takeRunLock(url)).release();
  });

  test('another file is another lock, in a folder that need not exist', async () => {
    const folder = temporaryFolder();
    const one = await takeRunLock(`file:${join(folder, 'a/one.db')}`);
    const other = await takeRunLock(`file:${join(folder, 'b/other.db')}`);
    await Promise.all([one.release(), other.release()]);
  });

  test('another process has it until it is killed', async () => {
    const url = await emptyDatabase('sqlite');
    const { child, line } = await startChild(holder(url));
    expect(line).toBe('has it');
    await expect(takeRunLock(url)).rejects.toBeInstanceOf(DatabaseInUse);
    await killHard(child);
    await (await takeRunLock(url)).release();
  });

  test('a second process ends with the sentence and not with a stack of ours', async () => {
    const url = await emptyDatabase('sqlite');
    const lock = await takeRunLock(url);
    const second = await runChild(`
      import { takeRunLock } from ${built('db/run-lock.js')};
      try { await takeRunLock(${JSON.stringify(url)}); } catch (error) { console.log(error.message); process.exit(3); }`);
    expect(second).toMatchObject({ code: 3, output: expect.stringMatching(/^Another Andon is running on /) });
    await lock.release();
  });

  test('a migration waits for another process’s, and does not need the run lock', async () => {
    const url = await emptyDatabase('sqlite');
    const lock = await takeRunLock(url);
    const { child } = await startChild(`
      import { withMigrationLock } from ${built('db/run-lock.js')};
      await withMigrationLock(${JSON.stringify(url)}, async () => console.log('migrating'));`);
    const gone = new Promise((resolve) => child.once('close', resolve));
    await gone;
    expect(await withMigrationLock(url, async () => 'mine')).toBe('mine');
    await lock.release();
  });
});

describe.runIf(engines.includes('postgresql'))('postgresql', () => {
  test('replicas share it', async () => {
    const url = await emptyDatabase('postgresql');
    const locks = await Promise.all([takeRunLock(url), takeRunLock(url), takeRunLock(url)]);
    for (const lock of locks) await lock.release();
  });

  test('rebuild has it alone, and is refused while a replica runs', async () => {
    const url = await emptyDatabase('postgresql');
    const replica = await takeRunLock(url);
    await expect(takeRunLock(url, { alone: true })).rejects.toThrow(
      'Andon is running on this database. Stop every replica first, then try again.',
    );
    await replica.release();
    const alone = await takeRunLock(url, { alone: true });
    const refused = takeRunLock(url);
    await expect(refused).rejects.toBeInstanceOf(DatabaseInUse);
    await expect(refused).rejects.toThrow(
      'The database is being rebuilt. Start again when `andon rebuild` has ended.',
    );
    await expect(takeRunLock(url, { alone: true })).rejects.toBeInstanceOf(DatabaseInUse);
    await alone.release();
    await (await takeRunLock(url)).release();
  });

  test('two databases of one server do not meet', async () => {
    const [one, other] = [await emptyDatabase('postgresql'), await emptyDatabase('postgresql')];
    const locks = [await takeRunLock(one, { alone: true }), await takeRunLock(other, { alone: true })];
    for (const lock of locks) await lock.release();
  });

  test('a process that is killed leaves it free', async () => {
    const url = await emptyDatabase('postgresql');
    const { child } = await startChild(holder(url, '{ alone: true }'));
    await expect(takeRunLock(url)).rejects.toBeInstanceOf(DatabaseInUse);
    await killHard(child);
    // The server notices the broken connection by itself; there is nothing to wait for but that.
    const lock = await untilFree(() => takeRunLock(url));
    await lock.release();
  });
});

async function untilFree<T>(take: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof DatabaseInUse)) throw error;
    }
  }
}
