// Times as people write them, and as Andon shows them. Pure: no clock, no environment.
export { noticeTime } from './doubt.js';
export {
  type DurationOptions,
  type DurationReading,
  isoDuration,
  readDuration,
  showDuration,
} from './duration.js';
export { type BegunTime, type LeadingTime, readBegunTime, readLeadingTime, readTime } from './read.js';
export { exactly, showBoth, showInstant, showUnderstood, showWritten, slackDate } from './show.js';
export type { Precision, TimeContext, TimeReading, WrittenTime } from './types.js';
export {
  addDays,
  type CalendarDate,
  canonicalZone,
  dateAt,
  dayMs,
  instantsAt,
  startOfDay,
  wallAt,
  zoneOf,
} from './zones.js';
