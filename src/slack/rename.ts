// Calling a channel anew where its name repeats what was redacted.

import type { Stated } from '../core/fact.js';
import { channelName, channelRenamed, placeStream } from '../features/places/index.js';
import { SlackRefused, SlackUnreachable } from './api.js';
import { incidentOf, type Performing } from './context.js';

const namesMax = 5;

/** Gives the channel the name that the incident's title makes now. Slack lets an app rename what it made itself. */
export async function renameChannel(context: Performing): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  const { channelId: channel } = incident;
  if (incident.placeKind !== 'channel' || !channel) return [];
  const { zone } = context.workspace;
  const names = Array.from({ length: namesMax }, (_, i) => channelName(incident, zone, i + 1));
  const renamed = (name: string) => [
    channelRenamed({ incidentId: incident.id, channelName: name }, { stream: placeStream(incident.id) }),
  ];
  const now = context.job.attempts > 1 ? await nameNow(context, channel) : incident.channelName;
  if (now && names.includes(now)) return renamed(now);
  for (const name of names) {
    try {
      const answer = await context.call('conversations.rename', { channel, name });
      return renamed((answer.channel as { name?: string } | undefined)?.name ?? name);
    } catch (error) {
      // Of a renaming it says that the channel is not ours to rename, and nothing of the token.
      if (error instanceof SlackUnreachable && error.refusedToken === 'not_authorized')
        throw new SlackRefused('conversations.rename', error.refusedToken, null, {});
      if (!(error instanceof SlackRefused) || error.error !== 'name_taken') throw error;
    }
  }
  throw new SlackRefused('conversations.rename', 'name_taken', null, {});
}

// Slack tells the channel of every renaming, so one that an earlier attempt made is not made again.
async function nameNow(context: Performing, channel: string): Promise<string | null> {
  try {
    const answer = await context.call('conversations.info', { channel });
    return (answer.channel as { name?: string }).name ?? null;
  } catch (error) {
    if (error instanceof SlackRefused) return null;
    throw error;
  }
}
