// The workspace's row: made at the first start, with an id of our own.
import { randomUUID } from 'node:crypto';
import type { WorkspaceRef } from '../core/command.js';
import type { Database } from './open.js';

export interface WorkspaceSettings {
  readonly zone: string;
  readonly incidentsChannel: string;
  readonly changesChannel: string;
  readonly now: () => Date;
}

const defaultLocale = 'en-GB';

/** The only workspace, made if there is none, with the settings of this start. */
export async function ensureWorkspace(db: Database, settings: WorkspaceSettings): Promise<WorkspaceRef> {
  const { zone, incidentsChannel, changesChannel } = settings;
  return db.write(async (tx) => {
    const found = await tx.workspace.findFirst({ orderBy: { createdAt: 'asc' } });
    if (!found) {
      const id = randomUUID();
      const data = { id, name: 'default', zone, locale: defaultLocale, incidentsChannel, changesChannel };
      await tx.workspace.create({ data: { ...data, createdAt: settings.now() } });
      return { id, zone, locale: defaultLocale };
    }
    const moved = found.incidentsChannel !== incidentsChannel;
    const changesMoved = found.changesChannel !== changesChannel;
    await tx.workspace.update({
      where: { id: found.id },
      data: {
        ...{ zone, incidentsChannel, changesChannel },
        ...(moved ? { incidentsChannelId: null } : {}),
        ...(changesMoved ? { changesChannelId: null } : {}),
      },
    });
    return { id: found.id, zone, locale: found.locale };
  });
}

/** The only workspace, for commands that run beside Andon; null when it was never started. */
export async function theWorkspace(db: Database): Promise<WorkspaceRef | null> {
  const row = await db.read.workspace.findFirst({ orderBy: { createdAt: 'asc' } });
  return row && { id: row.id, zone: row.zone, locale: row.locale };
}
