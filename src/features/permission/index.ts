// Permissions: what is given to groups of people in Slack. It imports no other feature, so that all may ask it.
import type { Stated } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { permissions, permit, readForRefusal, readGroups } from './commands.js';
import { refusedGroup } from './decide.js';
import * as facts from './facts.js';
import { reactions, readCommand } from './react.js';
import { projections } from './store.js';

export { readGroups, recordGroup } from './commands.js';
export * from './facts.js';
export { anybody, type Permitted, permittedTo } from './store.js';
export { handlesText, type PermittedAction, permissionsStream, permittedActions } from './words.js';

/** What is stated where Slack does not say who is in a group. */
export async function groupGivenUp(
  tx: Tx,
  workspaceId: string,
  groupId: string,
  failure: { readonly method: string; readonly error: string; readonly needed: string | null },
): Promise<readonly Stated[]> {
  const { row, permissions: rows } = await readForRefusal(tx, workspaceId, groupId);
  const { method, error, needed } = failure;
  return refusedGroup(row, rows, { groupId, method, error, needed });
}

export const permissionFeature: Feature = {
  name: 'permission',
  topic: 'rights',
  facts: Object.values(facts),
  commands: [permit],
  queries: [permissions],
  project: projections,
  react: reactions,
  automatic: { [readCommand]: readGroups },
  sharedTables: ['permission', 'userGroup'],
};
