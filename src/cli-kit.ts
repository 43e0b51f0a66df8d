// What the commands of `andon` share: the database beside a running Andon, and how they fail.
import { readConfig } from './config.js';
import { type Database, engineOf, openDatabase, sqliteExists } from './db/open.js';
import { localDatabaseUrl } from './demonstration.js';

/** What the one who typed must mend, or was refused. */
export const usageExit = 2;
/** Andon did not answer. */
export const unreachableExit = 12;

/** Something the one who typed must mend; printed as one line. */
export class UsageError extends Error {}

/** Andon cannot be reached, or does not answer as it should; printed as one line. */
export class Unreachable extends Error {}

/** Opens the database that Andon uses, also while it runs, and closes it. */
export async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(existingDatabase());
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** The address of the database, which must be there: a new one would be a mistake. */
export function existingDatabase(): string {
  const config = readConfig(process.env);
  // Without Slack variables `npm start` keeps its record apart.
  const url =
    !config.databaseUrlGiven && !sqliteExists(config.DATABASE_URL) && sqliteExists(localDatabaseUrl)
      ? localDatabaseUrl
      : config.DATABASE_URL;
  if (engineOf(url) === 'sqlite' && !sqliteExists(url))
    throw new UsageError(`There is no database at ${url}. Set DATABASE_URL to the one that Andon uses.`);
  return url;
}
