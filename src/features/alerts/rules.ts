// The rules of alerts: what is news, which incident it belongs to, and what of it is said. Pure.
import type { Component, Severity } from '../incident/index.js';
import {
  type Alert,
  entriesMax,
  flapsAfter,
  gravityOf,
  type Heard,
  isGraver,
  linesMax,
  saidMax,
} from './words.js';

const hourMs = 3_600_000;
/** Senders write a year such as 0001 where they mean no time at all. */
const yearsFrom = 2000;

/** How an alert stands: the latest of what was said of it, by the sender's own times. */
export type Standing = Pick<Alert, 'state' | 'startsAt' | 'endsAt' | 'severity'>;

/** Something that was not known: it began, or it ended. */
export interface News {
  readonly heard: Heard;
  readonly state: 'firing' | 'resolved';
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  /** It was known before. */
  readonly known: boolean;
  /** It fires already, and is worse than it was. */
  readonly rose: boolean;
}

/**
 * What a delivery says that is not known yet, in its order. Of two words on one alert the later one counts, by when it
 * began to fire or ended and not by when it came: so the order of deliveries, and what comes twice, change nothing.
 */
export function newsOf(
  standing: ReadonlyMap<string, Standing>,
  heard: readonly Heard[],
  now: Date,
): readonly News[] {
  const known = new Map(standing);
  return heard.flatMap((each) => {
    const before = known.get(each.fingerprint) ?? null;
    const news = newsIn(before, each, now);
    if (!news) return [];
    known.set(each.fingerprint, { ...news, severity: each.severity });
    return [news];
  });
}

function newsIn(before: Standing | null, heard: Heard, now: Date): News | null {
  const startsAt = saneInstant(heard.startsAt, now);
  if (heard.status === 'firing') {
    // Without a time of its own it is the firing that is known.
    if (before?.state === 'firing' && (!startsAt || startsAt.getTime() === before.startsAt.getTime()))
      return isGraver(heard.severity, before.severity) ? risen(before, heard) : null;
    const at = startsAt ?? now;
    if (before && at <= momentOf(before)) return null;
    return { heard, state: 'firing', startsAt: at, endsAt: null, known: before !== null, rose: false };
  }
  const endsAt = saneInstant(heard.endsAt, now);
  if (before?.state === 'resolved' && !endsAt) return null;
  const end = latest(endsAt ?? now, startsAt ?? before?.startsAt ?? null);
  const isLater = !before || end > momentOf(before) || (before.state === 'firing' && end >= before.startsAt);
  if (!isLater) return null;
  return {
    heard,
    state: 'resolved',
    startsAt: startsAt ?? before?.startsAt ?? end,
    endsAt: end,
    known: before !== null,
    rose: false,
  };
}

function risen({ startsAt }: Standing, heard: Heard): News {
  return { heard, state: 'firing', startsAt, endsAt: null, known: true, rose: true };
}

// Null for what is no time: far in the past, or so far ahead that no clock is wrong by it.
function saneInstant(at: Date | null, now: Date): Date | null {
  if (!at || Number.isNaN(at.getTime())) return null;
  return at.getUTCFullYear() >= yearsFrom && at.getTime() <= now.getTime() + hourMs ? at : null;
}

function momentOf(it: Standing): Date {
  return it.state === 'firing' ? it.startsAt : (it.endsAt ?? it.startsAt);
}

function latest(one: Date, other: Date | null): Date {
  return other && other > one ? other : one;
}

/** An open incident that alerts may join. */
export interface Home {
  readonly id: string;
  readonly number: number;
  readonly private: boolean;
  /** What is affected now. */
  readonly components: readonly Component[];
}

/** What is known of where alerts belong. */
export interface Known {
  /** The incidents that are open and no drill, oldest first. */
  readonly homes: readonly Home[];
  /** The open incident that an alert was on last, by its fingerprint. */
  readonly byFingerprint: ReadonlyMap<string, string>;
  readonly byGroup: ReadonlyMap<string, string>;
  /** What the catalogue calls an environment. */
  readonly nameOf: (environment: string) => string;
}

/** Where each of some news belongs: an incident that is open, `new` for one that is opened for all of them, or none. */
export type Placed = News & { readonly home: Home | 'new' | null };

/** Finds where news belong. What begins together belongs together: one delivery opens one incident at most. */
export function placed(news: readonly News[], known: Known): readonly Placed[] {
  const found = news.map((each) => ({ ...each, home: homeOf(each, known) }));
  const shared = found.find((each) => each.home && !each.home.private && each.heard.groupKey !== null)?.home;
  return found.map((each) => {
    if (each.home || each.state === 'resolved' || !gravityOf(each.heard.severity).severity) return each;
    return { ...each, home: shared && each.heard.groupKey !== null ? shared : 'new' };
  });
}

function homeOf({ heard, state }: News, known: Known): Home | null {
  const own = known.byFingerprint.get(heard.fingerprint);
  const group = heard.groupKey === null ? undefined : known.byGroup.get(heard.groupKey);
  const byId = (id: string | undefined) => known.homes.find((home) => home.id === id) ?? null;
  const joined = byId(own) ?? (state === 'firing' ? byId(group) : null);
  if (joined || state === 'resolved' || !gravityOf(heard.severity).severity) return joined;
  // In a private incident nobody else would hear of it.
  return (
    known.homes.find((home) => !home.private && home.components.some((it) => covers(it, heard, known))) ??
    null
  );
}

function covers(affected: Component, heard: Heard, { nameOf }: Known): boolean {
  if (heard.service === '' || affected.service.toLowerCase() !== heard.service.toLowerCase()) return false;
  const same = (one: string, other: string) =>
    one === '' || other === '' || one.toLowerCase() === other.toLowerCase();
  const environment = (name: string) => (name === '' ? '' : nameOf(name));
  return (
    same(environment(affected.environment), environment(heard.environment)) &&
    same(affected.cluster, heard.cluster)
  );
}

/** How one piece of news is told: as an entry, in the channel, and whether it flaps from now on. */
export interface Telling {
  readonly entry: boolean;
  /** It has a line of its own in the channel. */
  readonly said: boolean;
  /** It shares one with others, within a minute. */
  readonly held: boolean;
  readonly flaps: boolean;
}

/** What was stated of an alert lately. */
export interface Lately {
  readonly changes: number;
  readonly flaps: boolean;
}

/** What the channel of an incident was told of its alerts. */
export interface Lines {
  readonly said: number;
  /** There was something to say within the last minute. */
  readonly recent: boolean;
}

/** How each piece of news is told: of a storm the first ones, of what flaps that it does, and that once. */
export function tellings(
  placings: readonly Placed[],
  lately: ReadonlyMap<string, Lately>,
  lines: ReadonlyMap<string, Lines>,
): readonly Telling[] {
  let entries = 0;
  const line = budgetOf(lines);
  return placings.map(({ home, state, heard, known }) => {
    const before = lately.get(heard.fingerprint) ?? { changes: 0, flaps: false };
    const flapping = before.flaps || before.changes >= flapsAfter;
    // It was over before anybody heard that it began.
    const missed = state === 'resolved' && !known;
    if (home === null || missed || flapping) {
      const flaps = home !== null && flapping && !before.flaps;
      return { entry: false, said: flaps && line(home), held: false, flaps };
    }
    entries += 1;
    const joins = state === 'firing' && home !== 'new';
    const said = joins && entries <= entriesMax && line(home);
    return { entry: entries <= entriesMax, said, held: joins && !said, flaps: false };
  });
}

// Whether one more line may be said in the channel of an incident; asked, it is taken.
function budgetOf(lines: ReadonlyMap<string, Lines>): (home: Home | 'new') => boolean {
  const taken = new Map<string, number>();
  return (home) => {
    const id = home === 'new' ? '' : home.id;
    const before = lines.get(id) ?? { said: 0, recent: false };
    const now = taken.get(id) ?? 0;
    if (before.recent || now >= saidMax || before.said + now >= linesMax) return false;
    taken.set(id, now + 1);
    return true;
  };
}

/** The worst of some severities; SEV3 where there is none. */
export function worstOf(all: readonly (Severity | null)[]): Severity {
  return all.flatMap((each) => each ?? []).sort()[0] ?? 'SEV3';
}
