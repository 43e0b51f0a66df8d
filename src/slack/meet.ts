// Learning who declared an incident: where Slack does not tell names and time zones, the notice says so.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { SlackBusy, SlackRefused, SlackUnreachable } from './api.js';
import type { Performing } from './context.js';
import { gaveUp } from './instead.js';

export async function meet(
  context: Performing,
  { userId }: Extract<EffectKind, { do: 'meet' }>,
): Promise<readonly Stated[]> {
  const { incidentId, workspaceId } = context.job;
  const known = await context.tx.person.findUnique({
    where: { workspaceId_id: { workspaceId, id: userId } },
  });
  if (known || !incidentId) return [];
  try {
    await context.call('users.info', { user: userId });
    return [];
  } catch (error) {
    // Only what was refused is missing; what passes is asked again with the person's next words.
    if (error instanceof SlackBusy || error instanceof SlackUnreachable) return [];
    if (!(error instanceof SlackRefused)) throw error;
    return error.error === 'user_not_found' ? [] : [gaveUp(incidentId, 'meet', error)];
  }
}
