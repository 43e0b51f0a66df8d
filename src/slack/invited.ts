// Telling people what an invitation would have told them, where there is none to be had.
import type { Stated } from '../core/fact.js';
import { type Message, say, shorten } from '../core/message.js';
import { type Incident, incidentKey } from '../features/incident/index.js';
import {
  effectGivenUp,
  inviteAlone,
  messagePosted,
  placeStream,
  uninvitedSlot,
} from '../features/places/index.js';
import { SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { directTo, postMarked } from './post.js';

/** Tells those who could not be invited; a private incident whose channel nobody is in goes on in a direct message. */
export async function uninvited(
  context: Performing,
  incident: Incident,
  userIds: readonly string[],
  refused: SlackRefused,
): Promise<readonly Stated[]> {
  const { method, error, needed } = refused;
  const moves = incident.private && (await isAlone(context, incident));
  const effect = moves ? inviteAlone : 'invite';
  const stream = placeStream(incident.id);
  const facts: Stated[] = [
    effectGivenUp({ incidentId: incident.id, effect, method, error, needed }, { stream }),
  ];
  // The direct message that it moves to says the rest.
  if (moves) return facts;
  const text = say(
    `${nameOf(incident)}: I could not invite you to `,
    { channel: incident.channelId ?? '', name: incident.channelName ?? 'its channel' },
    ': Slack said ',
    { code: error },
    '. Ask somebody in it to add you, or an admin to let me.',
  );
  for (const userId of userIds) {
    const slot = uninvitedSlot(incident.id, userId);
    facts.push(...(await tellOnce(context, incident, userId, slot, text)));
  }
  return facts;
}

function nameOf(incident: Incident): string {
  return `${incidentKey(incident)} ${shorten(incident.title, 100)}`;
}

async function tellOnce(
  context: Performing,
  incident: Incident,
  userId: string,
  slot: string,
  text: Message,
): Promise<readonly Stated[]> {
  const { workspaceId } = context.job;
  const told = await context.tx.posted.findUnique({ where: { workspaceId_slot: { workspaceId, slot } } });
  if (told) return [];
  try {
    const posted = await postMarked(context, await directTo(context, userId), text);
    const fact = { incidentId: incident.id, slot, channelId: posted.channel, ts: posted.ts };
    return [messagePosted(fact, { stream: placeStream(incident.id) })];
  } catch (error) {
    // A person whom we may not write to; the notice in the incident's place says what was refused.
    if (error instanceof SlackRefused) return [];
    throw error;
  }
}

// Everybody but us would count.
async function isAlone(context: Performing, incident: Incident): Promise<boolean> {
  try {
    const answer = await context.call('conversations.info', {
      channel: incident.channelId,
      include_num_members: true,
    });
    return (answer.channel as { num_members?: number }).num_members === 1;
  } catch (error) {
    if (error instanceof SlackRefused) return false;
    throw error;
  }
}
