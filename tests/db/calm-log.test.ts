// The log while the database is away: whatever fails by it is a few lines, not one for each request and each round.
import { expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import { calmLog } from '../../src/db/calm-log.js';
import { openDatabase } from '../../src/db/open.js';

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

test('what fails for another reason is said each time, so that each request is found', () => {
  const lines: [string, object][] = [];
  const log = calmLog(
    { ...silentLog, error: (fields, message) => void lines.push([message, fields]) },
    () => 0,
  );
  for (const requestId of ['a', 'b']) log.error({ err: new TypeError('x'), requestId }, 'request failed');
  expect(lines.map(([, fields]) => (fields as { requestId: string }).requestId)).toEqual(['a', 'b']);
});
