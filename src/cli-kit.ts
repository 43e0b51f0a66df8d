// What the commands of `andon` share: the database beside a running Andon, and how they fail.
import { readConfig } from './config.js';
import { type Database, engineOf, openDatabase, sqliteExists } from './db/open.js';
import { checkUsable } from './db/usable.js';
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
  const db = openDatabase(await existingDatabase());
  try {
    await work(db);
  } finally {
    await db.close();
  }
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
    console.error(
      `andon: using the local workspace's database, ${localDatabaseUrl}. Set DATABASE_URL for another one.`,
    );
    return localDatabaseUrl;
  }
  await checkUsable(url);
  return url;
}
