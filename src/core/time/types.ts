// What a time is once it has been read, and what reading it needs to know.

/** `range` has `until`; `unknown` has neither `at` nor `until`. */
export type Precision = 'exact' | 'approximate' | 'range' | 'unknown';

/** A time with the words it was written in. `at` is null only when the precision is `unknown`. */
export interface WrittenTime {
  at: Date | null;
  until: Date | null;
  precision: Precision;
  asWritten: string;
}

/** Everything that reading depends on besides the words: no clock and no environment is ever read. */
export interface TimeContext {
  /** The instant the words were sent. */
  now: Date;
  /** The sender's IANA zone. */
  zone: string;
  /** Stands in when `zone` is not a zone; UTC when neither is. */
  workspaceZone?: string;
  /** For the order of day and month: `en-US` month first, every other day first. Default `en-GB`. */
  locale?: string;
  /** Reading a log: the instant of the entry before. A bare time is then the first such one on that day, or on the next when it would go back far. */
  after?: Date;
  /** Reading a log: the ISO date, in `zone`, on which a bare time of day falls until `after` has passed it. */
  day?: string;
  /** Where a bare time lies: `past` (default) is the most recent such instant, `future` the next, as for `until:18:00`. */
  direction?: 'past' | 'future';
  /** Whether a length of time alone is as long from now: `due:30m`. Only where `direction` is `future`. */
  lengths?: boolean;
}

/** `remarks` and `reason` are sentences for the sender. They may quote what was written: escape them where they leave. */
export type TimeReading = { ok: true; time: WrittenTime; remarks: string[] } | { ok: false; reason: string };
