// Messages that stay current: posted the first time, edited from then on, and said anew where they cannot be edited.
import type { Performed } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { joined, type Message } from '../core/message.js';
import { summarySlot } from '../features/incident/index.js';
import { SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';
import { instead, insteadOfEdit, pinnedAnew } from './instead.js';
import { closed, edit, forgetChanges, post, type Show, saidOnly, tooOld } from './post.js';

/** Posts a view the first time and edits it afterwards. Draws it now, from the rows as they are. */
export async function showView(context: Performing, effect: Show): Promise<Performed> {
  const { job } = context;
  const id = effect.about ?? job.incidentId ?? '';
  const view = await context.views[effect.view]?.(context.tx, id, context.workspace);
  if (!view) return [];
  const drawn = effect.preface ? joined(effect.preface, view) : view;
  const posted = await context.tx.posted.findUnique({
    where: { workspaceId_slot: { workspaceId: job.workspaceId, slot: effect.slot } },
  });
  const said = posted?.ts === saidOnly;
  if (!posted || said) return showFirst(context, effect, drawn, said);
  if (job.incidentId === null) return showAgain(context, effect, drawn, posted);
  const incident = await incidentOf(context);
  const summary = effect.slot === summarySlot(incident.id);
  // The incident moved to where its summary is not.
  if (summary && posted.channelId !== incident.channelId) return showFirst(context, effect, drawn, false);
  try {
    if (await edit(context, posted, drawn)) return [];
    const facts = await showFirst(context, effect, drawn, false);
    return summary ? pinnedAnew(incident.id, facts) : facts;
  } catch (error) {
    if (!(error instanceof SlackRefused) || error.method !== 'chat.update') throw error;
    return insteadOfEdit(context, effect, drawn, error);
  }
}

// What is about no incident. Where it can no longer be edited it is said anew: what people see must be current.
async function showAgain(
  context: Performing,
  effect: Show,
  drawn: Message,
  posted: { channelId: string; ts: string },
): Promise<readonly Stated[]> {
  try {
    if (await edit(context, posted, drawn)) return [];
  } catch (error) {
    if (!(error instanceof SlackRefused) || !(tooOld.has(error.error) || closed.has(error.error)))
      throw error;
    if (closed.has(error.error)) await forgetChanges(context, effect.destination);
  }
  return showFirst(context, effect, drawn, false);
}

async function showFirst(
  context: Performing,
  effect: Show,
  drawn: Message,
  said: boolean,
): Promise<readonly Stated[]> {
  try {
    return await post(context, effect, drawn);
  } catch (error) {
    if (!(error instanceof SlackRefused) || context.job.incidentId === null) throw error;
    return said ? [] : instead(context, effect, drawn, error);
  }
}
