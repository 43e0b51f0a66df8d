// Rows that were damaged in the database: found, and frozen rather than not.
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqlitePath } from '../../../src/db/open.js';
import { environmentsOf } from '../../../src/features/catalog/index.js';
import {
  damagedFreezes,
  freezesOver,
  freezesSince,
  type Target,
  targetsOf,
} from '../../../src/features/freeze/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function heldAt(desk: Desk, ...places: string[]): Promise<number[]> {
  const tx = desk.db.of(desk.workspace.id).read;
  const components = places.map((place) => {
    const [service = '', environment = '', cluster = ''] = place.split('/');
    return { service, environment, cluster };
  });
  const targets: Target[] = targetsOf(components, await environmentsOf(tx, desk.workspace.id));
  const freezes = await freezesSince(tx, desk.workspace.id, desk.now);
  return targets.map((each) => freezesOver(freezes, each, desk.now).length);
}

// As somebody may who has the file; SQLite keeps whatever is written.
function damage(desk: Desk, sql: string): void {
  const file = new Database(sqlitePath(desk.url));
  file.exec(sql);
  file.close();
}

test.each([
  ['an end that is a number', 'UPDATE Freeze SET overAt = 5'],
  ['an empty end', `UPDATE Freeze SET overAt = ''`],
  ['an end without sense', `UPDATE Freeze SET overAt = 'soon'`],
  ['an end long past', `UPDATE Freeze SET overAt = '2025-01-01T00:00:00.000+00:00'`],
  ['a beginning to come', `UPDATE Freeze SET startsAt = '2030-01-01T00:00:00.000+00:00'`],
  ['a beginning without sense', `UPDATE Freeze SET startsAt = 'soon'`],
  ['an empty beginning', `UPDATE Freeze SET startsAt = ''`],
  ['a lift without an end', `UPDATE Freeze SET liftedAt = '2026-03-10T10:50:00.000+00:00'`],
  ['a drill without an incident', 'UPDATE Freeze SET drill = 1'],
  ['a time of making without sense', `UPDATE Freeze SET madeAt = 'soon'`],
])('%s: it holds everything, and a lift ends it', async (_what, sql) => {
  const desk = await openDesk('sqlite');
  await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod for:3h');
  desk.at('11:00');
  damage(desk, sql);
  expect(await heldAt(desk, 'api/prod', 'web/dev')).toEqual([1, 1]);
  expect((await desk.say('ana', '/freeze list')).text).toContain('FRZ-1 everything, hard');
  expect(await desk.say('ana', '/freeze lift FRZ-1')).toMatchObject({ accepted: true });
  desk.at('11:01');
  expect(await heldAt(desk, 'api/prod')).toEqual([0]);
});

test.each([5, `'soon'`, `'2026-03-12T00:00:00.000+00:00'`])('a rule whose end is %s too', async (end) => {
  const desk = await openDesk('sqlite');
  await desk.say('ana', '/freeze on nobody is there every:"day 20:00 to 08:00" zone:UTC on:api/prod');
  desk.at('11:00');
  expect(await heldAt(desk, 'api/prod')).toEqual([0]);
  damage(desk, `UPDATE Freeze SET overAt = ${end}`);
  desk.now = new Date('2026-05-01T11:00:00Z');
  expect(await heldAt(desk, 'api/prod', 'web/dev')).toEqual([1, 1]);
});

test('the doctor names the rows and what mends them, also one that the database cannot read', async () => {
  const desk = await openDesk('sqlite');
  for (const place of ['api', 'web', 'db'])
    await desk.say('ana', `/freeze on the ${place} is rebuilt on:${place}/prod for:3h`);
  const tx = desk.db.of(desk.workspace.id).read;
  expect(await damagedFreezes(tx)).toEqual([]);
  damage(desk, 'UPDATE Freeze SET overAt = 5 WHERE number = 1');
  damage(desk, `UPDATE Freeze SET scope = '{' WHERE number = 3`);
  const found = await damagedFreezes(tx);
  expect(found.map(({ outcome, said }) => `${outcome} ${said}`)).toEqual([
    expect.stringMatching(/^FAIL The rows of FRZ-3 cannot be read/),
    expect.stringMatching(/^FAIL The rows of FRZ-1 were damaged/),
  ]);
  expect(found[0]?.mend).toContain('andon rebuild');
});

describe.each(engines)('on %s', (engine) => {
  test('an end that was moved into the past is no end; what ended by itself is over', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod for:3h');
    await desk.say('ana', '/freeze on the proxy is rebuilt on:web/prod for:10m');
    desk.at('11:00');
    expect(await heldAt(desk, 'api/prod', 'web/prod')).toEqual([1, 0]);
    const overAt = new Date('2026-03-10T10:50:00Z');
    await desk.db.write((tx) => tx.freeze.updateMany({ data: { overAt } }));
    expect(await heldAt(desk, 'api/prod', 'web/dev')).toEqual([1, 1]);
    desk.at('13:46');
    expect(await heldAt(desk, 'api/prod', 'web/dev')).toEqual([0, 0]);
  });

  test('an environment whose tier cannot be read may be any', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/change environment prod tier:production aliases:live');
    await desk.say('ana', '/change environment staging tier:staging');
    const held = () => heldAt(desk, 'api/prod', 'api/live', 'api/staging', 'api/dev');
    await desk.say('ana', '/freeze on the cluster is rebuilt');
    expect(await held()).toEqual([1, 1, 0, 0]);
    await desk.db.write((tx) => tx.environment.updateMany({ data: { tier: 'junk' } }));
    expect(await held()).toEqual([1, 1, 1, 0]);
    await desk.say('ana', '/freeze lift FRZ-1');
    desk.at('11:00');
    await desk.say('ana', '/freeze on the demo tier:staging');
    expect(await held()).toEqual([1, 1, 1, 0]);
    await desk.say('ana', '/freeze lift FRZ-2');
    desk.at('11:05');
    await desk.say('ana', '/freeze on the demo env:prod except:*/staging');
    expect(await held()).toEqual([1, 1, 0, 0]);
    // Said anew, it is known again.
    expect((await desk.say('ana', '/change environment prod aliases:live')).text).toContain('tier:');
    expect(await desk.say('ana', '/change environment prod tier:production')).toMatchObject({
      accepted: true,
    });
    await desk.db.write((tx) => tx.environment.updateMany({ data: { aliases: 5 } }));
    await expect(held()).rejects.toThrow('cannot be read');
  });
});
