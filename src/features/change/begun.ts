// What is announced as begun has begun: its time lies behind, never ahead. Pure.
import type { Ask } from '../../core/command.js';
import { type Message, say } from '../../core/message.js';
import { readTime, showInstant, type WrittenTime } from '../../core/time/index.js';

const zoneOf = (ask: Ask) => ask.actor.zone ?? ask.workspace.zone;

/** Of a time without its day the latest one is meant, not the next. */
export function asBegun<Said extends { readonly at?: WrittenTime | undefined; readonly begun: boolean }>(
  input: Said,
  ask: Ask,
): Said {
  const { at, begun } = input;
  if (!begun || !at?.at || at.at <= ask.now) return input;
  const read = readTime(at.asWritten, { now: ask.now, zone: zoneOf(ask), direction: 'past' });
  return read.ok && read.time.at && read.time.at <= ask.now ? { ...input, at: read.time } : input;
}

/** Why it cannot have begun then; null when it can. */
export function aheadProblem({ startsAt }: { startsAt: Date }, ask: Ask): Message | null {
  if (startsAt <= ask.now) return null;
  return say(
    `${showInstant(startsAt, zoneOf(ask))} is still to come, and “begun” says that it has begun. Leave out one of the two. Nothing was done.`,
  );
}
