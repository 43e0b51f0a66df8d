// Migrations: Andon applies its own at start, and a test holds them against the schema.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapterFor, type Engine, engineOf } from './open.js';
import { withMigrationLock } from './run-lock.js';
import { withSchemaEngine } from './schema-engine.js';
import { tellStatistics } from './statistics.js';

const prismaFolder = fileURLToPath(new URL('../../prisma/', import.meta.url));
const noFilter = { externalTables: [], externalEnums: [] };

/** Applies what is missing, under a lock, and returns the names applied. Safe to call from several replicas. */
export async function migrate(url: string): Promise<string[]> {
  return withMigrationLock(url, async () => {
    const names = await withSchemaEngine(adapterFor(url), null, async (engine) => {
      const migrationsList = migrationsOf(engineOf(url));
      const applied = await engine.applyMigrations({ migrationsList, filters: noFilter });
      return applied.appliedMigrationNames;
    });
    await tellStatistics(url);
    return names;
  });
}

/**
 * The SQL that would bring the migrations of an engine up to the schema; empty when they agree. On PostgreSQL a
 * shadow database is made beside the URL's and dropped.
 */
export async function missingMigration(url: string, schema = schemaFor(engineOf(url))): Promise<string> {
  return withSchemaEngine(adapterFor(url), schema, async (engine) => {
    const diff = await engine.diff({
      from: { tag: 'migrations', ...migrationsOf(engineOf(url)) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: noFilter,
    });
    const sql = diff.stdout ?? '';
    return sql.includes('This is an empty migration') ? '' : sql.trim();
  });
}

/** The schema's text, for one engine. */
export function schemaFor(engine: Engine): string {
  const schema = readFileSync(join(prismaFolder, 'schema.prisma'), 'utf8');
  return schema.replace('provider = "sqlite"', `provider = "${engine}"`);
}

/** The migrations of this version of Andon, in their order. */
export function migrationNames(engine: Engine): string[] {
  const baseDir = join(prismaFolder, 'migrations', engine);
  if (!existsSync(baseDir)) return [];
  return readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The SQL of the migrations of this version of Andon, in their order. */
export function migrationScripts(engine: Engine): string[] {
  return migrationsOf(engine).migrationDirectories.map((each) => each.migrationFile.content.value);
}

function migrationsOf(engine: Engine) {
  const baseDir = join(prismaFolder, 'migrations', engine);
  const names = migrationNames(engine);
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: `provider = "${engine}"\n` },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(join(baseDir, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}
