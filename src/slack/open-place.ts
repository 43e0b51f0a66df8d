// Opening an incident's place: its channel, else a thread where incidents are announced, else a direct message.
import { isInSlack, type Stated } from '../core/fact.js';
import { say } from '../core/message.js';
import { announcementSlot, type Incident } from '../features/incident/index.js';
import {
  channelName,
  effectGivenUp,
  messagePosted,
  placeOpened,
  placeStream,
} from '../features/places/index.js';
import { SlackRefused, SlackUnreachable, slackAnswers } from './api.js';
import { findOwnChannel } from './channels.js';
import { incidentOf, type Performing } from './context.js';
import { announcementsChannel, postMarked } from './post.js';

const namesMax = 5;
/** From this attempt on, a channel that cannot be made while Slack answers otherwise is done without. */
const patientAttempts = 6;
/** conversations.open takes eight people at the most. */
const directMax = 8;

export async function openPlace(context: Performing): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  if (incident.placeKind !== 'none') return [];
  try {
    const channel = await openChannel(context, incident);
    // Redacted meanwhile, the title must not come back by the name that was made of it.
    const { title } = await incidentOf(context);
    const name = title === incident.title ? channel.name : null;
    return [opened(incident, { kind: 'channel', channelId: channel.id, channelName: name, threadTs: null })];
  } catch (error) {
    const refused = await refusal(context, error);
    return [...(await elsewhere(context, incident)), gaveUp(incident, refused)];
  }
}

/** Moves an incident whose channel cannot be written to into a thread or a direct message. */
export async function movePlace(context: Performing): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  if (incident.placeKind !== 'channel') return [];
  const moved = await elsewhere(context, incident);
  // Given up as any other effect: what is refused from now on stays refused.
  if (moved.length === 0) throw new SlackRefused('conversations.open', 'no_other_place', null, {});
  return moved;
}

async function openChannel(context: Performing, incident: Incident): Promise<{ id: string; name: string }> {
  const { workspace, job } = context;
  const names = Array.from({ length: namesMax }, (_, i) => channelName(incident, workspace.zone, i + 1));
  // Begun before: the channel may be there although we never heard of it.
  if (job.attempts > 1) {
    const ours = await findOwnChannel(context.call, context.tx, incident, names, context.home.botUserId);
    if (ours) return ours;
  }
  for (const name of names) {
    try {
      const answer = await context.call('conversations.create', { name, is_private: incident.private });
      return answer.channel as { id: string; name: string };
    } catch (error) {
      if (!(error instanceof SlackRefused) || error.error !== 'name_taken') throw error;
      const ours = await ownChannelIfVisible(context, incident, names);
      if (ours) return ours;
    }
  }
  throw new SlackRefused('conversations.create', 'name_taken', null, {});
}

async function ownChannelIfVisible(context: Performing, incident: Incident, names: readonly string[]) {
  try {
    return await findOwnChannel(context.call, context.tx, incident, names, context.home.botUserId);
  } catch (error) {
    // We may not look, so the name counts as somebody else's.
    if (error instanceof SlackRefused) return null;
    throw error;
  }
}

/** What Slack refused; rethrows what may pass. */
async function refusal(context: Performing, error: unknown): Promise<SlackRefused> {
  if (error instanceof SlackRefused) return error;
  if (
    error instanceof SlackUnreachable &&
    context.job.attempts >= patientAttempts &&
    (await slackAnswers(context.api))
  )
    return new SlackRefused(error.method, error.reason, null, {});
  throw error;
}

async function elsewhere(context: Performing, incident: Incident): Promise<Stated[]> {
  try {
    return incident.private || incident.drill
      ? await direct(context, incident)
      : await thread(context, incident);
  } catch (error) {
    if (error instanceof SlackRefused) {
      return incident.private || incident.drill ? [] : await direct(context, incident).catch(onlyRefusals);
    }
    // The channel is refused for good; what failed now may pass, and the next attempt comes here again.
    throw error;
  }
}

function onlyRefusals(error: unknown): Stated[] {
  if (error instanceof SlackRefused) return [];
  throw error;
}

async function thread(context: Performing, incident: Incident): Promise<Stated[]> {
  const announced = await context.tx.posted.findUnique({
    where: {
      workspaceId_slot: { workspaceId: incident.workspaceId, slot: announcementSlot(incident.id) },
    },
  });
  if (announced) return [threadAt(incident, { channel: announced.channelId, ts: announced.ts })];
  const view = await context.views.announcement?.(context.tx, incident.id, context.workspace);
  const channelId = await announcementsChannel(context);
  const posted = await postMarked(context, { channel: channelId }, view ?? say(incident.title));
  return [
    messagePosted(
      {
        incidentId: incident.id,
        slot: announcementSlot(incident.id),
        channelId: posted.channel,
        ts: posted.ts,
      },
      where(incident),
    ),
    threadAt(incident, posted),
  ];
}

function threadAt(incident: Incident, root: { channel: string; ts: string }): Stated {
  return opened(incident, {
    kind: 'thread',
    channelId: root.channel,
    channelName: null,
    threadTs: root.ts,
  });
}

async function direct(context: Performing, incident: Incident): Promise<Stated[]> {
  const members = await context.tx.member.findMany({
    where: { incidentId: incident.id },
    select: { userId: true },
  });
  const users = [...new Set([incident.declaredById, ...members.map((each) => each.userId)])]
    .filter(isInSlack)
    .slice(0, directMax);
  if (users.length === 0) return [];
  const channelId = await openDirect(context, users).catch((error: unknown) => {
    // A conversation of several needs a scope of its own; then one alone has it, and can invite no one worse.
    if (error instanceof SlackRefused && users.length > 1) return openDirect(context, users.slice(0, 1));
    throw error;
  });
  return [opened(incident, { kind: 'direct', channelId, channelName: null, threadTs: null })];
}

async function openDirect(context: Performing, users: readonly string[]): Promise<string> {
  const answer = await context.call('conversations.open', { users: users.join(',') });
  return (answer.channel as { id: string }).id;
}

function opened(incident: Incident, place: Omit<Parameters<typeof placeOpened>[0], 'incidentId'>): Stated {
  return placeOpened({ incidentId: incident.id, ...place }, where(incident));
}

function gaveUp(incident: Incident, refused: SlackRefused): Stated {
  const { method, error, needed } = refused;
  return effectGivenUp(
    { incidentId: incident.id, effect: 'openPlace', method, error, needed },
    where(incident),
  );
}

function where(incident: Incident) {
  return { stream: placeStream(incident.id) };
}
