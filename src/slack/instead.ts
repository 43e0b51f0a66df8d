// What is done where a message that stays current cannot be posted or edited: what people see must be current.
import { onIncident, type Performed } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import type { Message } from '../core/message.js';
import { summarySlot } from '../features/incident/index.js';
import {
  announcementEffect,
  channelClosed,
  effectGivenUp,
  noticeSlot,
  placeStream,
  recordResult,
} from '../features/places/index.js';
import { SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';
import { body, closed, directTo, postMarked, record, type Show, saidOnly, tooOld } from './post.js';

/** Where Slack lets nothing be edited, what stays current would fill the channel. */
const anewEveryMs = 3_600_000;

/** The kick-off message and the notice must reach somebody: what else there is, is tried. */
export async function instead(
  context: Performing,
  effect: Show,
  drawn: Message,
  refused: SlackRefused,
): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  if (effect.slot === summarySlot(incident.id) && incident.placeKind === 'channel') {
    // Said before, and there was nowhere else to go.
    if (await wasGivenUp(context, incident.id, channelClosed)) throw refused;
    return [gaveUp(incident.id, channelClosed, refused)];
  }
  if (effect.slot !== noticeSlot(incident.id)) throw refused;
  try {
    const target = await directTo(context, incident.declaredById);
    return [record(context, effect.slot, await postMarked(context, target, drawn))];
  } catch (error) {
    if (!(error instanceof SlackRefused) || !context.job.respondUrl) throw error;
    await context.api.respond(context.job.respondUrl, body(drawn));
    return [record(context, effect.slot, { channel: saidOnly, ts: saidOnly })];
  }
}

/**
 * Posts anew what cannot be edited, once, and the notice says so; again only where it was its age that forbade it, and
 * at most once an hour. A thread's beginning stays: what is said hangs on it.
 */
export async function insteadOfEdit(
  context: Performing,
  effect: Show,
  drawn: Message,
  refused: SlackRefused,
): Promise<Performed> {
  const incident = await incidentOf(context);
  const destination = effect.destination.to;
  const given = destination === 'announcements' ? announcementEffect : effect.do;
  const posted = await context.tx.posted.findUniqueOrThrow({
    where: { workspaceId_slot: { workspaceId: context.job.workspaceId, slot: effect.slot } },
  });
  const { channelId: channel, threadTs } = incident;
  const there = destination === 'incident' && channel ? { channel } : { channel: posted.channelId };
  const target = destination === 'incident' && threadTs ? { ...there, threadTs } : there;
  const anew = async () => record(context, effect.slot, await postMarked(context, target, drawn));
  // It stands where the incident was before.
  if (closed.has(refused.error) && posted.channelId !== target.channel) return [await anew()];
  if (closed.has(refused.error) || effect.slot === noticeSlot(incident.id)) throw refused;
  if (destination === 'announcements' && incident.placeKind === 'thread') throw refused;
  const before = await wasGivenUp(context, incident.id, given);
  const age = context.now.getTime() - Number(posted.ts) * 1_000;
  if (before && !(tooOld.has(refused.error) && age >= anewEveryMs)) return [];
  const facts = [await anew(), ...(before ? [] : [gaveUp(incident.id, given, refused)])];
  return effect.slot === summarySlot(incident.id) ? pinnedAnew(incident.id, facts) : facts;
}

/** What was recorded, and the pin and the bookmark that lead to the new summary. */
export function pinnedAnew(incidentId: string, facts: readonly Stated[]): Performed {
  const slot = summarySlot(incidentId);
  return {
    command: recordResult.given(facts),
    effects: [
      onIncident(incidentId, { do: 'pin', slot }),
      onIncident(incidentId, { do: 'bookmark', slot, title: 'State of the incident', anew: true }),
    ],
  };
}

/** True when this was refused for good on the incident before. */
export async function wasGivenUp(context: Performing, incidentId: string, effect: string): Promise<boolean> {
  return (await context.tx.shortfall.count({ where: { incidentId, effect } })) > 0;
}

/** The fact that says what Slack refused on the incident. */
export function gaveUp(incidentId: string, effect: string, { method, error, needed }: SlackRefused): Stated {
  return effectGivenUp({ incidentId, effect, method, error, needed }, { stream: placeStream(incidentId) });
}
