// Writes a ledger of many changes with one statement a table, for measuring: a year of them takes seconds, not hours.

/** The columns of time as the engine keeps them, from seconds since 1970. */
const time = {
  sqlite: (seconds) => `strftime('%Y-%m-%dT%H:%M:%f+00:00', ${seconds}, 'unixepoch')`,
  postgresql: (seconds) => `(to_timestamp(${seconds}) AT TIME ZONE 'UTC')`,
};
const series = {
  sqlite: (count) =>
    `(WITH RECURSIVE "n"("i") AS (SELECT 0 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${count - 1}) SELECT "i" FROM "n") AS "n"`,
  postgresql: (count) => `generate_series(0, ${count - 1}) AS "n"("i")`,
};
const services = 200;
const clusters = 10;
const people = 300;
/** Of so many, one was begun by a pipeline that never said how it ended. */
const silentEvery = 400;
const inFlight = 30;
const planned = 60;

/**
 * Statements that fill an empty ledger of a workspace: one change a minute for as long as they reach back, on 200
 * services; the last of them are under way, and some are planned for the days to come. However many there are, as many
 * are near any moment: what grows is the past.
 */
export function ledgerStatements(engine, workspaceId, count, until) {
  const at = time[engine];
  const now = Math.floor(until.getTime() / 1000);
  const last = count - planned;
  // The planned ones lie six hours apart from tomorrow on; the others a minute apart, up to now.
  const starts = `CASE WHEN "i" >= ${last} THEN ${now} + 86400 + ("i" - ${last}) * 21600 ELSE ${now} - (${last} - "i") * 60 END`;
  const state = `CASE WHEN "i" >= ${last} THEN 'planned' WHEN "i" >= ${last - inFlight} OR "i" % ${silentEvery} = 0 THEN 'started' WHEN "i" % 30 = 7 THEN 'failed' WHEN "i" % 100 = 9 THEN 'rolled_back' ELSE 'succeeded' END`;
  const isOver = `(${state}) NOT IN ('planned', 'started')`;
  const ends = `CASE WHEN ${isOver} THEN ${at(`${starts} + 50`)} END`;
  const kind = `CASE "i" % 50 WHEN 0 THEN 'upgrade' WHEN 1 THEN 'migration' WHEN 2 THEN 'config' WHEN 3 THEN 'flag' ELSE 'deploy' END`;
  const cells = {
    id: `'ledger-' || "i"`,
    workspaceId: `'${workspaceId}'`,
    number: `"i" + 1`,
    source: `'bench'`,
    key: `'bench-' || "i"`,
    kind,
    title: `'version ' || "i"`,
    state,
    unchanged: 'false',
    production: 'true',
    ownerId: `'U0BENCH' || ("i" % ${people})`,
    ownerName: `'person ' || ("i" % ${people})`,
    announcedById: `'bench'`,
    announcedByName: `'bench'`,
    plannedStart: `CASE WHEN "i" >= ${last} THEN ${at(starts)} END`,
    startedAt: `CASE WHEN "i" < ${last} THEN ${at(starts)} END`,
    finishedAt: ends,
    startsAt: at(starts),
    endsAt: ends,
    conflicts: engine === 'postgresql' ? `'[]'::jsonb` : `'[]'`,
    announcedAt: at(starts),
  };
  const place = {
    id: `'ledger-' || "i" || ':000'`,
    workspaceId: `'${workspaceId}'`,
    changeId: `'ledger-' || "i"`,
    service: `'service-' || ("i" % ${services})`,
    environment: `CASE WHEN "i" % 3 = 0 THEN 'staging' ELSE 'prod' END`,
    cluster: `CASE WHEN "i" % 2 = 0 THEN '' ELSE 'cluster-' || ("i" % ${clusters}) END`,
    startsAt: at(starts),
    endsAt: ends,
    state,
  };
  const from = series[engine](count);
  const statements = [insert('Change', cells, from), insert('ChangeTarget', place, from)];
  // PostgreSQL counts its rows by itself in time; SQLite plans without counts, as it does under Andon.
  return engine === 'postgresql' ? [...statements, 'ANALYZE'] : statements;
}

function insert(table, cells, from) {
  const names = Object.keys(cells).map((name) => `"${name}"`);
  return `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${Object.values(cells).join(', ')} FROM ${from}`;
}
