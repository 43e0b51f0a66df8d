// `andon rebuild` and `andon migrate`: the database as a whole.

import { readConfig } from '../config.js';
import { migrate } from '../db/migrate.js';
import { openDatabase } from '../db/open.js';
import { rebuild } from '../db/rebuild.js';
import { takeRunLock } from '../db/run-lock.js';
import { checkUsable } from '../db/usable.js';
import { projectFacts } from '../execute.js';
import { features } from '../features/index.js';
import { existingDatabase } from './kit.js';

/** Makes all state anew from the record. */
export async function rebuildState(): Promise<void> {
  const url = await existingDatabase({ named: true });
  const lock = await takeRunLock(url, { alone: true });
  try {
    await migrate(url);
    const db = openDatabase(url);
    try {
      const read = await rebuild(db, features, projectFacts);
      console.log(`State made anew from ${read} ${read === 1 ? 'fact' : 'facts'}.`);
    } finally {
      await db.close();
    }
  } finally {
    await lock.release();
  }
}

/** Brings the database up to this version. */
export async function migrateDatabase(): Promise<void> {
  const url = readConfig(process.env).DATABASE_URL;
  await checkUsable(url);
  const applied = await migrate(url);
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
}
