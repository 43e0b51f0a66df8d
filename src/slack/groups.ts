// Groups of people, as Slack has them.
import type { EffectKind, Performed } from '../core/effect.js';
import { recordGroup } from '../features/permission/index.js';
import { SlackRefused } from './api.js';
import type { Performing } from './perform.js';

/** Reads who is in a group, and lets the record compare. */
export async function readGroup(
  context: Performing,
  { groupId }: Extract<EffectKind, { do: 'readGroup' }>,
): Promise<Performed> {
  const answer = await context.call('usergroups.users.list', { usergroup: groupId });
  const members = (answer.users ?? []) as string[];
  const handle = await handleOf(context, groupId);
  return { command: recordGroup.given({ groupId, handle, members }), effects: [] };
}

// Without its handle a group is known all the same.
async function handleOf(context: Performing, groupId: string): Promise<string | null> {
  try {
    const answer = await context.call('usergroups.list', { include_disabled: true });
    const groups = (answer.usergroups ?? []) as { id?: string; handle?: string }[];
    return groups.find(({ id }) => id === groupId)?.handle || null;
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return null;
  }
}
