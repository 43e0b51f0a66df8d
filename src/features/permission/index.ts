// Permissions: what is given to groups of people in Slack.

import type { Stated } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';

/** What may be given to groups instead of to everybody. */
export const permittedActions = ['lift_freeze', 'approve_exception', 'see_private'] as const;
export type PermittedAction = (typeof permittedActions)[number];

/** Who may: `anybody` where it was given to no group, or to none that was ever read; else those in the groups. */
export type Permitted =
  | { readonly anybody: true }
  | { readonly anybody: false; readonly people: ReadonlySet<string>; readonly handles: readonly string[] };

/** Who may do this. */
export async function permittedTo(
  _tx: Tx,
  _workspaceId: string,
  _action: PermittedAction,
): Promise<Permitted> {
  return { anybody: true };
}

/** What is stated where a group cannot be read. */
export async function groupGivenUp(
  _tx: Tx,
  _workspaceId: string,
  _groupId: string,
  _failure: { readonly method: string; readonly error: string; readonly needed: string | null },
): Promise<readonly Stated[]> {
  return [];
}

export const permissionFeature: Feature = {
  name: 'permission',
  facts: [],
  sharedTables: ['permission', 'userGroup'],
};
