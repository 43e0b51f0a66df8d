// Where an incident's channel is archived or gone: the incident goes on elsewhere, and what was to be said is said there.
import { type EffectKind, onIncident, type Performed } from '../core/effect.js';
import { channelClosed, recordResult } from '../features/places/index.js';
import { SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';
import { gaveUp, wasGivenUp } from './instead.js';

const closed = new Set(['is_archived', 'is_inactive', 'channel_not_found']);
/** What is asked for again where the incident went; the rest is drawn anew there by the move. */
const repeated = new Set<EffectKind['do']>(['say', 'upload', 'invite']);
/** The summary is there before. */
const afterMove = 2;

/** Moves the incident if that is what the error means; throws the error if not. */
export async function goOnElsewhere(context: Performing, error: unknown): Promise<Performed> {
  const effect = context.job.kind;
  if (!(error instanceof SlackRefused) || !context.job.incidentId || !isInPlace(effect)) throw error;
  const incident = await incidentOf(context);
  if (incident.placeKind !== 'channel' || !(await meansClosed(context, effect, error))) throw error;
  // There was nowhere to go.
  if (await wasGivenUp(context, incident.id, 'movePlace')) throw error;
  const { essential, first } = context.job;
  const again = repeated.has(effect.do)
    ? [onIncident(incident.id, effect, { step: afterMove, essential, first })]
    : [];
  return { command: recordResult.given([gaveUp(incident.id, channelClosed, error)]), effects: again };
}

function isInPlace(effect: EffectKind): boolean {
  if (effect.do === 'say' || effect.do === 'show') return effect.destination.to === 'incident';
  return ['upload', 'invite', 'setTopic', 'setPurpose'].includes(effect.do);
}

async function meansClosed(context: Performing, effect: EffectKind, { error }: SlackRefused) {
  if (closed.has(error)) return true;
  // Slack's word where a file is shared into an archived channel, and also where only some may post.
  if (effect.do !== 'upload' || error !== 'posting_to_channel_denied') return false;
  return wasGivenUp(context, context.job.incidentId ?? '', channelClosed);
}
