// What is to be decided later: rows with a time of the record's clock, so that no timer lives in a process.
import type { Later } from '../core/effect.js';
import type { Database } from './open.js';
import type { Prisma, Tx } from './tx.js';

export type DueRow = Prisma.DueGetPayload<object>;

/** Keeps what is to be decided later, each in place of one of the same key. */
export async function keepLater(tx: Tx, workspaceId: string, laters: readonly Later[]): Promise<void> {
  for (const { key, at, command, data } of laters) {
    if (at === null) {
      await tx.due.deleteMany({ where: { workspaceId, key } });
      continue;
    }
    const row = { at, command, data: data as Prisma.InputJsonValue };
    await tx.due.upsert({
      where: { workspaceId_key: { workspaceId, key } },
      create: { workspaceId, key, ...row },
      update: row,
    });
  }
}

/** Keeps what is to be decided later, unless something of its key waits already. */
export async function keepFirst(
  tx: Tx,
  workspaceId: string,
  { key, at, command, data }: Later,
): Promise<void> {
  if (at === null) return;
  await tx.due.upsert({
    where: { workspaceId_key: { workspaceId, key } },
    create: { workspaceId, key, at, command, data: data as Prisma.InputJsonValue },
    update: {},
  });
}

/** What is to be decided by now, the longest due first. */
export async function dueBy(db: Database, now: Date, limit: number): Promise<DueRow[]> {
  return db.read.due.findMany({ where: { at: { lte: now } }, orderBy: { at: 'asc' }, take: limit });
}

/** When the next thing is to be decided; null when nothing waits. */
export async function nextDue(db: Database): Promise<Date | null> {
  return (await db.read.due.findFirst({ orderBy: { at: 'asc' }, select: { at: true } }))?.at ?? null;
}

/** Takes a row away that is being decided; what was put in its place meanwhile stays. */
export async function takeDue(tx: Tx, { workspaceId, key, at }: DueRow): Promise<void> {
  await tx.due.deleteMany({ where: { workspaceId, key, at } });
}

/** What could not be decided is tried again later. */
export async function postponeDue(db: Database, { workspaceId, key, at }: DueRow, to: Date): Promise<void> {
  await db
    .of(workspaceId)
    .write((tx) => tx.due.updateMany({ where: { workspaceId, key, at }, data: { at: to } }));
}
