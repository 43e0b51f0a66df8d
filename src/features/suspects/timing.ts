// What the time of a change says: the nearer its end is to the onset, the more. Pure.
import { showDuration } from '../../core/time/index.js';
import { type Change, isUnderWay } from '../change/index.js';
import type { Sign } from './scene.js';
import { lookBackMs, type Onset, onsetMarginMs } from './words.js';

const pointsMax = 30;
const minuteMs = 60_000;
/** After this long a change of its kind is half as likely to have been it: proposed, not measured. */
const halfLifeMinutes: Readonly<Record<string, number>> = {
  flag: 15,
  deploy: 45,
  config: 45,
  other: 45,
  migration: 4 * 60,
  infrastructure: 12 * 60,
  upgrade: 12 * 60,
  submission: 24 * 60,
};

/** Points by how long before the onset it ended; what was under way then has the most. */
export function timeOf(change: Change, onset: Onset): Sign {
  const halfLife = (halfLifeMinutes[change.kind] ?? 45) * minuteMs;
  return {
    points: Math.round(pointsMax * 2 ** (-ageAt(change, onset.at) / halfLife)),
    reasons: [timeReason(change, onset)],
  };
}

// What runs at the onset is as near as can be, unless it has run for so long that it was merely never ended.
function ageAt(change: Change, onset: Date): number {
  const began = change.startedAt ?? change.startsAt;
  if (change.state === 'planned') return Math.max(0, onset.getTime() - began.getTime());
  if (change.finishedAt && change.finishedAt <= onset) return onset.getTime() - change.finishedAt.getTime();
  return Math.max(0, onset.getTime() - began.getTime() - lookBackMs(change.kind));
}

const onsetWords: Readonly<Record<Onset['which'], string>> = {
  started: 'the impact',
  detected: 'the impact was detected',
  declared: 'the incident was declared',
};

function timeReason(change: Change, { at, which }: Onset): string {
  const it = onsetWords[which];
  const began = change.startedAt ?? change.startsAt;
  const apart = (other: Date) => showDuration(roundedMs(at.getTime() - other.getTime()));
  if (change.state === 'planned')
    return `planned to begin ${before(apart(began), it)}, and nobody said whether it did`;
  if (began.getTime() > at.getTime() + onsetMarginMs)
    return `began ${showDuration(roundedMs(began.getTime() - at.getTime()))} after ${it}`;
  if (change.finishedAt && change.finishedAt <= at) return `finished ${before(apart(change.finishedAt), it)}`;
  if (began >= at) return `began ${before('0s', it)}`;
  const still = isUnderWay(change.state) && !change.finishedAt ? ', still under way' : '';
  return `began ${before(apart(began), it)}, under way then${still}`;
}

function before(apart: string, it: string): string {
  return apart === '0s' ? `just before ${it}` : `${apart} before ${it}`;
}

// Seconds matter to nobody who reads minutes.
function roundedMs(ms: number): number {
  return ms >= minuteMs ? Math.round(ms / minuteMs) * minuteMs : ms;
}
