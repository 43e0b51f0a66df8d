// The log while the database is away: all that fails by it is one thing, which is not said at each request and each round.
import type { Log } from '../core/log.js';
import { makeSpell } from '../core/spell.js';
import { isDatabaseAway } from './away.js';

/** One that answers between two failures is not back: too much waits for it. */
const quietMs = 5_000;

export interface CalmLog extends Log {
  /** Something was written: the database answers. */
  wrote(): void;
}

/** The same log, in which what fails for want of the database is counted. `now` is in milliseconds. */
export function calmLog(log: Log, now: () => number): CalmLog {
  const away = makeSpell(log, now, {
    begins: 'the database does not answer',
    goesOn: 'the database does not answer still',
    ends: 'the database answers again',
  });
  const calm = (say: Log['error']) => (fields: object, message: string) => {
    if ('err' in fields && isDatabaseAway(fields.err)) away.fails({ ...fields, what: message });
    else say(fields, message);
  };
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: calm((fields, message) => log.warn(fields, message)),
    error: calm((fields, message) => log.error(fields, message)),
    wrote: () => away.over(quietMs),
  };
}
