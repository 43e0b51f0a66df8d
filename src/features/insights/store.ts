// What statistics ask of the ledger: counted by the database along (workspaceId, finishedAt), in three queries.
import type { Tx } from '../../db/tx.js';
import { type Environments, environmentsOf } from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import {
  added,
  byFailures,
  isOutcome,
  nothing,
  type Outcome,
  type Place,
  type Stats,
  type Tally,
} from './figures.js';
import { type Column, columnsOf, type Period } from './period.js';
import { asTemplate, joinSql, numeral, type Sql, sql } from './sql.js';

/** What is counted: changes that ended in a time, everywhere in production or at these components. */
export interface Scope {
  readonly period: Period;
  readonly on: readonly Component[];
}

/**
 * Counts the changes that ended in the period, one change once however many incidents and targets it has. What left all
 * as it was is none; of those that are not over nobody can say yet.
 */
export async function countChanges(tx: Tx, workspaceId: string, scope: Scope): Promise<Stats> {
  const { period } = scope;
  const environments = await environmentsOf(tx, workspaceId);
  const on = scope.on.map((each) => ({
    ...each,
    environment: each.environment === '' ? '' : environments.nameOf(each.environment),
  }));
  const { columns, each } = columnsOf(period);
  const tallies = await tallyColumns(tx, workspaceId, on, columns);
  const validated = await tx.$queryRaw<{ word: string; n: Count }[]>(
    ...asTemplate(sql`
      SELECT c."validation" AS "word", COUNT(*) AS "n" FROM "Change" c
      WHERE ${ended(workspaceId, period)} AND ${inScope(on)}
        AND c."rollbackOfId" IS NULL AND c."state" <> 'cancelled'
      GROUP BY c."validation"`),
  );
  const asked = (word: string) => Number(validated.find((row) => row.word === word)?.n ?? 0);
  return {
    period,
    on: on.map(componentWords),
    total: tallies.reduce(added, nothing),
    validation: { good: asked('good'), bad: asked('bad'), waiting: asked('asked') },
    each,
    columns: columns.map((column, i) => ({ ...column, tally: tallies[i] ?? nothing })),
    places: await tallyPlaces(tx, workspaceId, period, on, environments),
  };
}

// What a raw count is, on the one engine and the other.
type Count = number | bigint;

// One query of a part for each column: each follows the index from its first instant to its last, and where a day of
// the workspace's zone begins no engine has to know.
async function tallyColumns(
  tx: Tx,
  workspaceId: string,
  on: readonly Component[],
  columns: readonly Column[],
): Promise<Tally[]> {
  if (columns.length === 0) return [];
  const parts = columns.map(
    (column, i) => sql`
      SELECT ${numeral(i)} AS "i", ${outcome} AS "outcome", COUNT(*) AS "n" FROM "Change" c
      WHERE ${ended(workspaceId, column)} AND ${inScope(on)} GROUP BY 2`,
  );
  const rows = await tx.$queryRaw<{ i: Count; outcome: string; n: Count }[]>(
    ...asTemplate(joinSql(parts, ' UNION ALL ')),
  );
  return columns.map((_, i) =>
    rows.filter((row) => Number(row.i) === i).reduce((all, row) => added(all, tallyOf(row)), nothing),
  );
}

async function tallyPlaces(
  tx: Tx,
  workspaceId: string,
  period: Period,
  on: readonly Component[],
  environments: Environments,
): Promise<Place[]> {
  const there =
    on.length === 0
      ? sql`1 = 1`
      : joinSql(
          on.map((each) => sql`(${atTarget(each)})`),
          ' OR ',
        );
  // CROSS: SQLite then begins with the changes of the period, and not with all that a service ever had.
  const rows = await tx.$queryRaw<{ service: string; environment: string; outcome: string; n: Count }[]>(
    ...asTemplate(sql`
      SELECT t."service" AS "service", t."environment" AS "environment", ${outcome} AS "outcome",
             COUNT(DISTINCT c."id") AS "n"
      FROM "Change" c CROSS JOIN "ChangeTarget" t
      WHERE t."changeId" = c."id" AND ${ended(workspaceId, period)} AND ${inScope(on)} AND (${there})
      GROUP BY 1, 2, 3`),
  );
  const places = new Map<string, Place>();
  for (const row of rows) {
    const { service, environment } = row;
    if (!isShown(service, environment, on, environments)) continue;
    const key = JSON.stringify([service, environment]);
    const tally = added(places.get(key)?.tally ?? nothing, tallyOf(row));
    places.set(key, { service, environment, tally });
  }
  return [...places.values()].sort(byFailures);
}

// A change in production may have been in staging too, which is none of it unless it was asked for by name.
function isShown(
  service: string,
  environment: string,
  on: readonly Component[],
  environments: Environments,
): boolean {
  if (on.some((each) => each.service === service && each.environment === environment && environment !== ''))
    return true;
  const tier = environment === '' ? null : environments.tierOf(environment);
  return tier === null || tier === 'production';
}

// A confirmed cause failed, whatever its pipeline said. What was confirmed in a private incident is not counted:
// whoever sees a success of yesterday become a failure would know that there is one, and what it is about. Drills and
// incidents that were declared by mistake had no cause.
const outcome = sql`
  CASE WHEN c."rollbackOfId" IS NOT NULL THEN 'rollback'
       WHEN c."state" = 'cancelled' THEN 'cancelled'
       WHEN c."state" = 'rolled_back' THEN 'rolledBack'
       WHEN c."state" = 'failed' OR EXISTS (
         SELECT 1 FROM "Suspect" s JOIN "Incident" i ON i."id" = s."incidentId"
         WHERE s."changeId" = c."id" AND s."answer" = 'cause'
           AND NOT i."private" AND NOT i."drill" AND NOT i."mistaken") THEN 'failed'
       ELSE 'succeeded' END`;

// The state as an expression: else SQLite takes the index that begins with it and reads all that ever ended, once for
// each column (300,000 changes, seven days: 4.7 s).
function ended(workspaceId: string, time: { readonly from: Date; readonly to: Date }): Sql {
  return sql`c."workspaceId" = ${workspaceId} AND c."finishedAt" >= ${time.from} AND c."finishedAt" < ${time.to}
    AND COALESCE(c."state", '') IN ('succeeded', 'failed', 'rolled_back', 'cancelled') AND NOT c."unchanged"`;
}

/** Production, unless an environment is named. */
function inScope(on: readonly Component[]): Sql {
  if (on.length === 0) return sql`c."production"`;
  const each = on.map((component) => {
    const has = sql`EXISTS (SELECT 1 FROM "ChangeTarget" t WHERE t."changeId" = c."id" AND ${atTarget(component)})`;
    return component.environment === '' ? sql`(c."production" AND ${has})` : has;
  });
  return sql`(${joinSql(each, ' OR ')})`;
}

function atTarget({ service, environment, cluster }: Component): Sql {
  return joinSql(
    [
      ...(service === '' ? [] : [sql`t."service" = ${service}`]),
      ...(environment === '' ? [] : [sql`t."environment" = ${environment}`]),
      ...(cluster === '' ? [] : [sql`t."cluster" = ${cluster}`]),
      sql`1 = 1`,
    ],
    ' AND ',
  );
}

function tallyOf(row: { readonly outcome: string; readonly n: Count }): Tally {
  if (!isOutcome(row.outcome)) throw new Error(`no outcome: ${row.outcome}`);
  const named: Outcome = row.outcome;
  return { ...nothing, [named]: Number(row.n) };
}

function componentWords({ service, environment, cluster }: Component): string {
  return [service || '*', environment, cluster].filter((part) => part !== '').join('/');
}
