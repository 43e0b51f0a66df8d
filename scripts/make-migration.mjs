// Writes the migration that brings both engines up to the schema: node scripts/make-migration.mjs NAME
// PostgreSQL is read from DATABASE_URL, which must name an empty scratch database (pg_virtualenv gives one).
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingMigration } from '../dist/db/migrate.js';

const name = process.argv[2];
const postgres = process.env.DATABASE_URL;
if (!name || !postgres?.startsWith('postgres')) {
  console.error('usage: DATABASE_URL=postgresql://… node scripts/make-migration.mjs NAME');
  process.exit(2);
}
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const scratch = `file:${join(mkdtempSync(join(tmpdir(), 'andon-')), 'scratch.db')}`;
for (const [engine, url] of [
  ['sqlite', scratch],
  ['postgresql', postgres],
]) {
  // Prisma writes the defaults of JSON for SQLite without quotes, which SQLite refuses or takes for nothing.
  const sql = (await missingMigration(url)).replace(/DEFAULT (\[\]|\{\})/g, "DEFAULT '$1'");
  if (sql === '') continue;
  const folder = fileURLToPath(new URL(`../prisma/migrations/${engine}/${stamp}_${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), `${sql}\n`);
  console.log(folder);
}
