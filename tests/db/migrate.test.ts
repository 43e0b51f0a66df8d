// Migrations: they make exactly the schema, once, however many processes begin at the same time.
import { describe, expect, test } from 'vitest';
import { migrate, missingMigration, schemaFor } from '../../src/db/migrate.js';
import { openDatabase } from '../../src/db/open.js';
import { built, runChild } from '../helpers/child.js';
import { engines } from '../helpers/databases.js';
import { emptyDatabase } from '../helpers/desk.js';

for (const engine of engines) {
  describe(engine, () => {
    test('the schema and the migrations agree', async () => {
      const url = await emptyDatabase(engine);
      expect(await missingMigration(url)).toBe('');
    });

    test('a schema that says more is noticed', async () => {
      const url = await emptyDatabase(engine);
      const more = schemaFor(engine).replace('model Incident {', 'model Incident {\n  mood String?');
      expect(await missingMigration(url, more)).toMatch(/ALTER TABLE "Incident" ADD COLUMN\s+"mood" TEXT/);
      const less = schemaFor(engine).replace('  drill          Boolean\n', '');
      expect(await missingMigration(url, less)).toContain('"Incident"');
    });

    test('are applied to an empty database, and then there is nothing to do', async () => {
      const url = await emptyDatabase(engine);
      const applied = await migrate(url);
      expect(applied.length).toBeGreaterThan(0);
      expect(await migrate(url)).toEqual([]);
      const db = openDatabase(url);
      expect(await db.read.incident.count()).toBe(0);
      await db.close();
    });

    test('leave nothing behind that keeps a process from ending', async () => {
      const url = await emptyDatabase(engine);
      const ended = await runChild(`
        import { migrate } from ${built('db/migrate.js')};
        await migrate(${JSON.stringify(url)});
        console.log(process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length);`);
      expect(ended).toEqual({ code: 0, output: '0\n' });
    });

    test('that two processes begin at once are applied once', async () => {
      const url = await emptyDatabase(engine);
      const script = `
        import { migrate } from ${built('db/migrate.js')};
        console.log(JSON.stringify(await migrate(${JSON.stringify(url)})));`;
      const ended = await Promise.all([runChild(script), runChild(script)]);
      expect(ended.map((each) => each.code)).toEqual([0, 0]);
      const applied = ended.map((each) => JSON.parse(each.output) as string[]);
      expect(applied.map((names) => names.length).sort()[0]).toBe(0);
      expect(applied.flat().length).toBeGreaterThan(0);
      expect(await migrate(url)).toEqual([]);
    });
  });
}
