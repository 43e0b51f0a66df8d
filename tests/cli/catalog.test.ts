// `andon catalog`: a file taken over beside a running Andon, and the catalogue written as one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld, temporaryFolder } from '../helpers/world.js';
import { andon } from './help.js';

const file = `
environments:
  prod: { tier: production, aliases: [live] }
services:
  api: { owners: ["@bob", "@nobody-here"], depends_on: [db], runs_on: [live/eks], tier: 1 }
  db: { team: Platform }
`;

async function opened(engine: 'sqlite' | 'postgresql' = 'sqlite') {
  const world = await openWorld({ engine });
  const folder = temporaryFolder();
  const put = (text: string, name = 'catalog.yaml') => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const catalog = (...args: string[]) =>
    andon(['catalog', ...args], { DATABASE_URL: world.databaseUrl, USER: 'ana' });
  return { world, put, catalog, folder };
}

describe.each(engines)('beside a running Andon on %s', (engine) => {
  test('a file is taken over, those it names are told of changes, and Slack shows it', async () => {
    const { world, put, catalog } = await opened(engine);
    const [ana, bob] = [world.sandbox.person('ana'), world.sandbox.person('bob')];
    // Whoever used Andon once is known by name.
    await bob.command('/change services', { channel: 'general' });
    const dry = await catalog('import', put(file), '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toContain('Nothing is imported (--dry-run)');
    expect(dry.stdout).toContain('Added 2 services: api, db.');
    expect(await world.app.db.read.fact.count({ where: { stream: 'catalog' } })).toBe(0);

    const done = await catalog('import', put(file));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('catalog.yaml: 2 services, 1 environment, 0 clusters.');
    expect(done.stdout).toContain('Slack cannot be told about nobody-here');
    expect(await world.app.db.read.fact.findMany({ where: { stream: 'catalog' } })).toMatchObject([
      { type: 'CatalogImported', source: 'cli', actorId: 'cli:ana' },
    ]);
    expect((await catalog('import', put(file))).stdout).toContain('nothing was changed');

    const shown = await ana.command('/change service db', { channel: 'general' });
    expect(JSON.stringify(shown.reply)).toContain('Needed by api.');
    const row = await world.app.db.read.service.findFirstOrThrow({ where: { name: 'api' } });
    expect(row.owners).toMatchObject([{ id: bob.id }, { id: null, name: 'nobody-here' }]);
  });

  test('what it shows can be imported and changes nothing', async () => {
    const { put, catalog } = await opened(engine);
    await catalog('import', put(file));
    const shown = await catalog('show');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('depends_on:\n      - db');
    const again = await catalog('import', put(shown.stdout, 'shown.yaml'), '--origin', 'elsewhere');
    expect(again.stdout).toContain('elsewhere: 2 services');
    expect(again.stdout).toContain('nothing was changed');
  });
});

test('what cannot be imported is refused with one sentence, its line, and exit code 2', async () => {
  const { world, put, catalog, folder } = await opened();
  for (const [path, sentence] of [
    [
      put('services:\n  api:\n    onwers: []\n', 'bad.yaml'),
      'bad.yaml, line 3: services.api cannot have “onwers”',
    ],
    [put('services:\n  api:\n    owners: [@ana]\n', 'at.yaml'), 'Put it in quotes'],
    [put(`# ${'x'.repeat(2_100_000)}`), 'is the most'],
    [join(folder, 'nowhere.yaml'), 'There is no file'],
    [folder, 'cannot be read (EISDIR)'],
  ] as const) {
    const done = await catalog('import', path);
    expect(done, sentence).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toContain(sentence);
    expect(done.stderr.trim().split('\n')).toHaveLength(1);
  }
  expect(await catalog('import')).toMatchObject({ code: 2 });
  expect(await world.app.db.read.fact.count({ where: { stream: 'catalog' } })).toBe(0);
});

test('a service is filled in by form, and a mistake lands on its field', async () => {
  const { world } = await opened();
  const ana = world.sandbox.person('ana');
  await ana.command('/change service', { channel: 'general' });
  const view = await ana.waitForView();
  expect(view.title).toBe('A service');
  const good = { name: 'api', owner: world.sandbox.person('bob').id, needs: 'db, cache', tier: '1' };
  expect((await ana.submit(view, { ...good, on: 'a/b/c/d' })).errors).toHaveProperty('on');
  expect((await ana.submit(view, { name: '<api>', on: '' })).errors).toHaveProperty('name');
  expect(await ana.submit(view, { ...good, on: 'prod/eks' })).toMatchObject({ ok: true, closed: true });
  await world.settled();
  expect(await world.app.db.read.service.findMany()).toMatchObject([
    { name: 'api', tier: 1, owners: [{ id: good.owner }], origin: 'slack' },
  ]);
  expect(await world.app.db.read.dependency.count()).toBe(2);
});
