// `andon catalog`: a catalogue read from a file, and written as one.
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, resolve } from 'node:path';
import { plainMessage } from '../core/message.js';
import { migrate } from '../db/migrate.js';
import { execute } from '../execute.js';
import { BadCatalog, fileBytesMax, readCatalog, readWhole } from '../features/catalog/index.js';
import { importCatalog, importDry, readPeople, showWhole } from '../features/catalog-people/index.js';
import { features } from '../features/index.js';
import { plainAsk } from '../plain-ask.js';
import { existingDatabase, UsageError, withWorkspace } from './kit.js';

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly origin?: string;
}

/** Takes over what a file says, and prints what that changed; with `dryRun` what it would change. */
export async function importFile(file: string, options: ImportOptions): Promise<void> {
  const said = read(file, options.origin);
  // The catalogue may be imported before Andon's first start, or beside one that has not seen this version.
  await migrate(await existingDatabase());
  await withWorkspace(async (db, workspace) => {
    if (options.dryRun) {
      const { read: tx } = db.of(workspace.id);
      const report = await importDry(tx, said, { workspace, now: new Date() });
      console.log(`Nothing is imported (--dry-run). It would be:\n${plainMessage(report)}`);
      return;
    }
    const name = process.env.USER || userInfo().username;
    const actor = { kind: 'person', id: `cli:${name}`, name, zone: workspace.zone } as const;
    const ask = plainAsk(workspace, actor, 'cli', new Date());
    const outcome = await execute({ db, features, wake() {} }, importCatalog.given(said), ask);
    if (!outcome.accepted) throw new UsageError(plainMessage(outcome.refusal.message));
    console.log(plainMessage(outcome.reply));
  });
}

/** Prints the catalogue as a file that can be imported. */
export async function showAll(): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    const { read: tx } = db.of(workspace.id);
    const catalog = await readWhole(tx, workspace.id);
    process.stdout.write(showWhole(catalog, await readPeople(tx, workspace.id)));
  });
}

function read(file: string, origin: string | undefined) {
  const name = basename(file);
  try {
    const { size } = statSync(file);
    if (size > fileBytesMax)
      throw new UsageError(
        `${name} has ${size.toLocaleString('en')} bytes; ${fileBytesMax.toLocaleString('en')} is the most. Split it into several files. Nothing was imported.`,
      );
    return readCatalog(readFileSync(file, 'utf8'), name, origin);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof BadCatalog) throw new UsageError(error.message);
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT') throw new UsageError(`There is no file ${resolve(file)}.`);
    if (typeof code === 'string') throw new UsageError(`${resolve(file)} cannot be read (${code}).`);
    throw error;
  }
}
