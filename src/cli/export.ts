// `andon export`: an incident's draft or record, on disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { theWorkspace } from '../db/workspace.js';
import { type Format, fileName, formats, readRecord, renderRecord } from '../features/postmortem/index.js';
import { UsageError, withDatabase } from './kit.js';

export interface ExportOptions {
  readonly format: string;
  readonly out: string;
  readonly private: boolean;
}

/** Writes the file, and prints its path. */
export async function exportIncident(incident: string, options: ExportOptions): Promise<void> {
  const number = Number(/^(?:INC-?)?(\d+)$/i.exec(incident)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(number))
    throw new UsageError(`“${incident}” is no incident; write it as INC-12.`);
  if (!(formats as readonly string[]).includes(options.format))
    throw new UsageError(`--format is ${formats.join(', ')}, not “${options.format}”.`);
  await withDatabase(async (db) => {
    const workspace = await theWorkspace(db);
    const row =
      workspace &&
      (await db.of(workspace.id).read.incident.findUnique({
        where: { workspaceId_number: { workspaceId: workspace.id, number } },
      }));
    if (!workspace || !row) throw new UsageError(`There is no INC-${number} in this database.`);
    if (row.private && !options.private)
      throw new UsageError(`INC-${number} is private. If you may have its record, add --private.`);
    const record = await readRecord(db.of(workspace.id).read, row.id, workspace);
    mkdirSync(options.out, { recursive: true });
    const path = join(options.out, fileName(record, options.format as Format));
    writeFileSync(path, renderRecord(record, options.format as Format));
    console.log(path);
  });
}
