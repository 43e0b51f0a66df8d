// What makes an incident's channel easy to use: people, topic, purpose, bookmark, pin. None of it may hold anything up.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { shorten } from '../core/message.js';
import type { Incident } from '../features/incident/index.js';
import { incidentPurpose, incidentTopic } from '../features/places/index.js';
import { currentRoles } from '../features/roles/index.js';
import { SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';
import { uninvited } from './invited.js';

type Decoration = Extract<EffectKind, { do: 'invite' | 'setTopic' | 'setPurpose' | 'pin' | 'bookmark' }>;

// The call has nothing left to do.
const alreadyDone = new Set(['already_in_channel', 'already_pinned', 'cant_invite_self']);

export async function decorate(context: Performing, effect: Decoration): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  const channel = incident.channelId;
  // A thread or a direct message has none of these.
  if (incident.placeKind !== 'channel' || !channel) return [];
  try {
    await one(context, effect, incident, channel);
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    if (alreadyDone.has(error.error)) return [];
    if (effect.do === 'invite' && error.error !== 'is_archived')
      return uninvited(context, incident, effect.userIds, error);
    throw error;
  }
  return [];
}

async function one(
  context: Performing,
  effect: Decoration,
  incident: Incident,
  channel: string,
): Promise<void> {
  switch (effect.do) {
    case 'invite':
      await context.call('conversations.invite', { channel, users: effect.userIds.join(',') });
      return;
    case 'setTopic': {
      const roles = await currentRoles(context.tx, incident.id);
      const commander = roles.find((each) => each.role === 'commander')?.userName ?? null;
      const topic = incidentTopic(incident, commander);
      if (await isSet(context, channel, 'topic', topic)) return;
      await context.call('conversations.setTopic', { channel, topic });
      return;
    }
    case 'setPurpose': {
      const purpose = incidentPurpose(incident);
      if (await isSet(context, channel, 'purpose', purpose)) return;
      await context.call('conversations.setPurpose', { channel, purpose });
      return;
    }
    case 'pin': {
      const posted = await postedAt(context, effect.slot);
      if (posted) await context.call('pins.add', { channel, timestamp: posted.ts });
      return;
    }
    case 'bookmark':
      await bookmark(context, effect, channel);
  }
}

// Slack tells the channel of every setting, so one that an earlier attempt made is not made again.
async function isSet(
  context: Performing,
  channel: string,
  what: 'topic' | 'purpose',
  value: string,
): Promise<boolean> {
  if (context.job.attempts === 1) return false;
  try {
    const answer = await context.call('conversations.info', { channel });
    const found = (answer.channel as Record<string, { value?: string } | undefined>)[what]?.value;
    return found === value;
  } catch (error) {
    // We may not look; setting it twice is better than not at all.
    if (error instanceof SlackRefused) return false;
    throw error;
  }
}

async function bookmark(
  context: Performing,
  effect: Extract<EffectKind, { do: 'bookmark' }>,
  channel: string,
): Promise<void> {
  const posted = await postedAt(context, effect.slot);
  if (!posted) return;
  const link = await permalink(context, channel, posted.ts);
  const title = shorten(effect.title, 60);
  if (context.job.attempts > 1 || effect.anew) {
    const before = await bookmarksThere(context, channel);
    if (before.some((each) => each.link === link)) return;
    const stale = before.find((each) => each.title === title);
    if (stale?.id) {
      await context.call('bookmarks.edit', { channel_id: channel, bookmark_id: stale.id, link });
      return;
    }
  }
  await context.call('bookmarks.add', { channel_id: channel, title, type: 'link', link });
}

interface Bookmark {
  readonly id?: string;
  readonly title?: string;
  readonly link?: string;
}

async function bookmarksThere(context: Performing, channel: string): Promise<readonly Bookmark[]> {
  const answer = await context.call('bookmarks.list', { channel_id: channel });
  return (answer.bookmarks ?? []) as Bookmark[];
}

// Slack's permalinks are made of the team's address, the channel and the ts; asking for one would be a call more.
export async function permalink(context: Performing, channel: string, ts: string): Promise<string> {
  if (context.home.teamUrl) return `${context.home.teamUrl}archives/${channel}/p${ts.replace('.', '')}`;
  const answer = await context.call('chat.getPermalink', { channel, message_ts: ts });
  return String(answer.permalink);
}

async function postedAt(context: Performing, slot: string) {
  return context.tx.posted.findUnique({
    where: { workspaceId_slot: { workspaceId: context.job.workspaceId, slot } },
  });
}
