// Whether it is the database that does not answer.

// P1001, P1002: not reached. P1008: too slow. P1017: it hung up. P2024: no connection became free. P2028: no transaction
// began in time. https://www.prisma.io/docs/orm/reference/error-reference
const awayCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
const awayWords =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|Can't reach database|Connection terminated|terminating connection|the database system is (?:shutting down|starting up|in recovery)|Unable to start a transaction/i;

// The driver's own, where a connection broke between two queries of a transaction: the next one was not sent.
const brokenWords = /^Client has encountered a connection error and is not queryable/;

/** True for what is thrown where the database is not there, or has no connection free: the same may work in a while. */
export function isDatabaseAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && awayCodes.has(code)) return true;
  if (!(error instanceof Error)) return false;
  return brokenWords.test(error.message) || (/prisma/i.test(error.name) && awayWords.test(error.message));
}
