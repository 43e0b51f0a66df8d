// The one place that scopes queries: through it a workspace sees only its own rows, and can write no others.
import type { Client } from './tx.js';

type Args = Record<string, unknown> & { where?: Record<string, unknown>; data?: unknown; create?: unknown };

const creating = new Set(['create', 'createMany', 'createManyAndReturn', 'upsert']);
const filtering = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
  'count',
  'aggregate',
  'groupBy',
]);

/** Another workspace's row was about to be written: a mistake of ours, never a person's. */
export class WrongWorkspace extends Error {}

/**
 * The client as one workspace may use it: every query through a model is narrowed to its rows, and a row of another
 * workspace cannot be made. Raw queries are not narrowed; they name the workspace themselves.
 */
export function scopedTo(client: Client, workspaceId: string): Client {
  const scoped = client.$extends({
    query: {
      $allModels: {
        async $allOperations({ model, operation, args, query }) {
          const key = model === 'Workspace' ? 'id' : 'workspaceId';
          const given = (args ?? {}) as Args;
          if (creating.has(operation)) checkRows(given.create ?? given.data, key, workspaceId);
          const narrowed = filtering.has(operation)
            ? { ...given, where: { ...given.where, [key]: workspaceId } }
            : given;
          return query(narrowed as typeof args);
        },
      },
    },
  });
  // The extension changes what queries see and none of their types.
  return scoped as unknown as Client;
}

function checkRows(rows: unknown, key: string, workspaceId: string): void {
  for (const row of Array.isArray(rows) ? rows : [rows]) {
    const owner = (row as Record<string, unknown> | null)?.[key];
    if (owner !== workspaceId) throw new WrongWorkspace(`a row of ${String(owner)} in ${workspaceId}`);
  }
}
