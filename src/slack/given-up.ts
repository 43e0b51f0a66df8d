// What is stated where Slack refused something for good: on an incident, or of a change or a freeze that its channel did not hear of.
import type { Stated } from '../core/fact.js';
import type { Job } from '../db/jobs.js';
import type { Tx } from '../db/tx.js';
import { changeSlot, unheard } from '../features/change/index.js';
import { unheardFreeze } from '../features/freeze/index.js';
import {
  announcementEffect,
  directEffect,
  effectGivenUp,
  noticeSlot,
  placeStream,
} from '../features/places/index.js';
import { undelivered } from '../features/updates/index.js';

interface Refusal {
  readonly method: string;
  readonly error: string;
  readonly needed: string | null;
}

/** The facts that say what was given up; none where nobody misses it, or something else says so. */
export async function shortfall(tx: Tx, job: Job, failure: Refusal): Promise<readonly Stated[]> {
  // A fault of ours, which is logged: Slack refused nothing.
  if (job.kind.do === 'decide') return [];
  if (!job.incidentId) return changeShortfall(tx, job, failure);
  // The notice of what is missing is not announced as missing itself; nor is what follows from having no place.
  if (failure.error === 'no_place') return [];
  if (job.kind.do === 'show' && job.kind.slot === noticeSlot(job.incidentId)) return [];
  const stream = placeStream(job.incidentId);
  const goes = job.kind.do === 'show' || job.kind.do === 'say' ? job.kind.destination.to : null;
  const effect =
    goes === 'person'
      ? directEffect
      : goes === 'announcements' && job.kind.do === 'show'
        ? announcementEffect
        : job.kind.do;
  return [effectGivenUp({ incidentId: job.incidentId, effect, ...failure }, { stream })];
}

// Of changes the channel is what is missed: whoever announced is told. What one person could not be told says so itself.
async function changeShortfall(tx: Tx, job: Job, failure: Refusal): Promise<readonly Stated[]> {
  const { kind } = job;
  const about = kind.do === 'show' ? kind.about : kind.do === 'mail' ? kind.letter : null;
  const missed = await undelivered(tx, job.lane, failure, about ?? null);
  if (missed.length > 0) return missed;
  if (kind.do === 'show' && kind.view === 'freeze' && kind.about)
    return unheardFreeze(tx, job.workspaceId, kind.about, failure);
  if (kind.do !== 'show' || !kind.about || kind.slot !== changeSlot(kind.about)) return [];
  return unheard(tx, kind.about, failure);
}
