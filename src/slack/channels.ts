// Finding channels: the one where incidents are announced, and one of ours that was made before.
import type { Tx } from '../db/tx.js';
import type { Incident } from '../features/incident/index.js';
import { purposeMarker } from '../features/places/index.js';
import { nextCursor } from './api.js';

interface ChannelRow {
  readonly id: string;
  readonly name: string;
  readonly creator?: string;
  readonly is_member?: boolean;
  readonly purpose?: { value?: string };
}

type Call = (
  method: string,
  args: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

const pageSize = 999;
const pagesMax = 20;

/** The channel with this name among those that the method lists; null when there is none. */
export async function findChannel(
  call: Call,
  method: 'users.conversations' | 'conversations.list',
  types: string,
  wanted: (channel: ChannelRow) => boolean,
): Promise<ChannelRow | null> {
  let cursor = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await call(method, {
      types,
      exclude_archived: true,
      limit: pageSize,
      ...(cursor ? { cursor } : {}),
    });
    const found = (answer.channels as ChannelRow[]).find(wanted);
    if (found) return found;
    cursor = nextCursor(answer);
    if (cursor === '') return null;
  }
  return null;
}

/**
 * The channel that an earlier attempt made for this incident: by the marker in its purpose, else by its name if we
 * made it, it has no purpose yet and no other incident has it.
 */
export async function findOwnChannel(
  call: Call,
  tx: Tx,
  incident: Incident,
  names: readonly string[],
  botUserId: string | null,
): Promise<ChannelRow | null> {
  // Only its own type: asking for private channels too needs a scope that an admin may have declined.
  const types = incident.private ? 'private_channel' : 'public_channel';
  const marker = purposeMarker(incident);
  const byName: ChannelRow[] = [];
  const marked = await findChannel(call, 'users.conversations', types, (channel) => {
    if (names.includes(channel.name)) byName.push(channel);
    return channel.purpose?.value?.includes(marker) ?? false;
  });
  if (marked) return marked;
  for (const channel of byName) {
    if (channel.creator !== botUserId || channel.purpose?.value) continue;
    const taken = await tx.incident.count({
      where: { workspaceId: incident.workspaceId, channelId: channel.id },
    });
    if (taken === 0) return channel;
  }
  return null;
}
