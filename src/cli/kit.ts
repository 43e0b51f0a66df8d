// What the commands of `andon` share: the database beside a running Andon, and how they fail.

import { localDatabaseUrl, readConfig } from '../config.js';
import type { WorkspaceRef } from '../core/command.js';
import { type Database, engineOf, openDatabase, sqliteExists } from '../db/open.js';
import { checkUsable } from '../db/usable.js';
import { ensureWorkspace, theWorkspace } from '../db/workspace.js';
import { UsageError } from './errors.js';

export { Unreachable, UsageError, unreachableExit } from './errors.js';

/** Opens the database that Andon uses, also while it runs, and closes it. */
export async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(await existingDatabase());
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** The same with the workspace, which is made where Andon has not been started yet. */
export async function withWorkspace(
  work: (db: Database, workspace: WorkspaceRef) => Promise<void>,
): Promise<void> {
  const config = readConfig(process.env);
  await withDatabase(async (db) => {
    const workspace =
      (await theWorkspace(db)) ??
      (await ensureWorkspace(db, {
        zone: config.ANDON_TIME_ZONE,
        incidentsChannel: config.ANDON_INCIDENTS_CHANNEL,
        changesChannel: config.ANDON_CHANGES_CHANNEL,
        now: () => new Date(),
      }));
    await work(db, workspace);
  });
}

/** Rows as lines, their cells below each other. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A time as a cell. */
export function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * The address of the database, which must be there: a new one would be a mistake. Without DATABASE_URL the local
 * workspace's is taken where there is no other, and stderr says so; `named` refuses that.
 */
export async function existingDatabase(options: { named?: boolean } = {}): Promise<string> {
  const config = readConfig(process.env);
  const url = config.DATABASE_URL;
  if (engineOf(url) === 'sqlite' && !sqliteExists(url)) {
    // Without Slack variables `npm start` keeps its record apart.
    const local = !config.databaseUrlGiven && sqliteExists(localDatabaseUrl);
    if (!local || options.named)
      throw new UsageError(
        `There is no database at ${url}. Set DATABASE_URL to the one that Andon uses${local ? `; that of the local workspace is ${localDatabaseUrl}` : ''}.`,
      );
    await checkUsable(localDatabaseUrl);
    sayLocal();
    return localDatabaseUrl;
  }
  await checkUsable(url);
  return url;
}

let saidLocal = false;

// A command may ask for the database more than once.
function sayLocal(): void {
  if (saidLocal) return;
  saidLocal = true;
  console.error(
    `andon: using the local workspace's database, ${localDatabaseUrl}. Set DATABASE_URL for another one.`,
  );
}
