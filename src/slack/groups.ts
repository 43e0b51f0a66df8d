// Groups of people, as Slack has them.
import type { App } from '@slack/bolt';
import type { EffectKind, Performed } from '../core/effect.js';
import { execute } from '../execute.js';
import { readGroups, recordGroup } from '../features/permission/index.js';
import { SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { type DoorParts, requestOf, understand } from './request.js';

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

/** Somebody changed who is in a group: all that matter are read again, so that nobody keeps what they no longer have. */
export function hearGroups(app: App, parts: DoorParts, track: <T>(work: Promise<T>) => Promise<T>): void {
  app.event('subteam_members_changed', async ({ event, body, context }) => {
    const request = requestOf(context, {
      requestId: `event/${body.event_id}`,
      user: { id: 'event:slack', name: 'Slack' },
      channelId: null,
      source: 'automatic',
      triggerId: null,
      respondUrl: null,
    });
    const { ask } = await understand(parts, request, '');
    await track(execute(parts.kernel, readGroups({ groupId: event.subteam_id }), ask));
  });
}
