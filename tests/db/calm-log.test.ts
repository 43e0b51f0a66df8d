// The log while the database is away: whatever fails by it is a few lines, not one for each request and each round.
import { expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import { isDatabaseAway } from '../../src/db/away.js';
import { calmLog } from '../../src/db/calm-log.js';
import { openDatabase } from '../../src/db/open.js';
import { engines } from '../helpers/databases.js';
import { openDesk } from '../helpers/desk.js';

async function refusedByDatabase(): Promise<unknown> {
  const away = openDatabase('postgresql://andon:andon@127.0.0.1:1/andon');
  const thrown = await away.read.beat.findFirst().catch((error: unknown) => error);
  await away.close();
  return thrown;
}

test('a database that is away is a line with its cause, one a minute with how much failed, and one when it is back', async () => {
  const err = await refusedByDatabase();
  const lines: [string, object][] = [];
  const keep = (fields: object, message: string) => void lines.push([message, fields]);
  let at = 1_000_000;
  const log = calmLog({ ...silentLog, info: keep, warn: keep, error: keep }, () => at);
  for (let second = 0; second < 97; second += 1) {
    log.error({ err }, 'worker round failed');
    if (second % 8 === 0) log.error({ err, requestId: String(second) }, 'request failed');
    at += 1_000;
  }
  // Half back: what waits for it fails still.
  log.wrote();
  expect(lines.map(([message]) => message)).toEqual([
    'the database does not answer',
    'the database does not answer still',
  ]);
  expect(lines[0]?.[1]).toEqual({ err, what: 'worker round failed' });
  expect(lines[1]?.[1]).toMatchObject({ err, failed: 69, forMs: 60_000 });
  at += 10_000;
  log.wrote();
  log.wrote();
  expect(lines.slice(2)).toEqual([['the database answers again', { failed: 110, forMs: 107_000 }]]);
});

test.skipIf(!engines.includes('postgresql'))(
  'a transaction whose connection is cut says that the database is away',
  async () => {
    const { db } = await openDesk('postgresql');
    const cut = await db
      .write(async (tx) => {
        const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS "pid"`;
        await db.read.$queryRaw`SELECT pg_terminate_backend(${row?.pid}::int)`;
        const alive = () =>
          db.read.$queryRaw<object[]>`SELECT 1 FROM pg_stat_activity WHERE pid = ${row?.pid}::int`;
        await expect.poll(alive).toEqual([]);
        return tx.beat.findFirst();
      })
      .catch((error: unknown) => error);
    expect(isDatabaseAway(cut)).toBe(true);
  },
);

test('what fails for another reason is said each time, so that each request is found', () => {
  const lines: [string, object][] = [];
  const log = calmLog(
    { ...silentLog, error: (fields, message) => void lines.push([message, fields]) },
    () => 0,
  );
  for (const requestId of ['a', 'b']) log.error({ err: new TypeError('x'), requestId }, 'request failed');
  expect(lines.map(([, fields]) => (fields as { requestId: string }).requestId)).toEqual(['a', 'b']);
});
