// Who joined or left a private incident's channel while nobody listened.
import type { EffectKind, Performed } from '../core/effect.js';
import { recordMembers } from '../features/places/index.js';
import { nextCursor, SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { readerOf } from './take-message.js';

const pageSize = 200;

/** Reads who is in the channel, all of them, and lets the record compare. */
export async function catchUpMembers(
  context: Performing,
  effect: Extract<EffectKind, { do: 'catchUpMembers' }>,
): Promise<Performed> {
  const incidentId = context.job.incidentId ?? '';
  const { botUserId } = await readerOf(context);
  const all = await membersOf(context, effect.channelId).catch((error: unknown) => unread(context, error));
  if (all === null) return [];
  const inChannel = all.filter((id) => id !== botUserId);
  const known = await context.tx.member.findMany({ where: { incidentId }, select: { userId: true } });
  const members = new Set(known.map((each) => each.userId));
  const present = await named(
    context,
    inChannel.filter((id) => !members.has(id)),
  );
  const absent = await named(
    context,
    [...members].filter((id) => !inChannel.includes(id)),
  );
  return { command: recordMembers.given({ incidentId, present, absent }), effects: [] };
}

async function membersOf(context: Performing, channel: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const answer = await context.call('conversations.members', {
      channel,
      limit: pageSize,
      ...(cursor ? { cursor } : {}),
    });
    found.push(...((answer.members ?? []) as string[]));
    cursor = nextCursor(answer);
    if (cursor === '') return found;
    await context.note({});
  }
}

// Where an incident goes on, a missing scope is worth telling; of a channel that is gone, other effects tell.
async function unread(context: Performing, error: unknown): Promise<null> {
  if (!(error instanceof SlackRefused)) throw error;
  const incident = await context.tx.incident.findUnique({ where: { id: context.job.incidentId ?? '' } });
  if (error.needed && incident && !['resolved', 'closed'].includes(incident.status)) throw error;
  return null;
}

async function named(context: Performing, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  const people: { id: string; name: string }[] = [];
  for (const id of ids) {
    const person = await context.people.byId(context.workspace.id, id);
    people.push({ id, name: person?.name ?? id });
    if (people.length % 10 === 0) await context.note({});
  }
  return people;
}
