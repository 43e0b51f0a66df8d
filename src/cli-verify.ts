// `andon verify`: is the record whole, and if not, which entry does not fit first.
import { UsageError, withDatabase } from './cli-kit.js';
import { verifyChain } from './db/verify.js';
import { theWorkspace } from './db/workspace.js';

/**
 * Verifies one incident, or all. Prints a line for each; resolves to the exit code: 0 when all are whole, 1 otherwise.
 * Private incidents are named by their number only.
 */
export async function verify(incident: string | undefined, print: (line: string) => void): Promise<number> {
  const number =
    incident === undefined ? undefined : Number(/^(?:INC-?)?(\d+)$/i.exec(incident)?.[1] ?? Number.NaN);
  if (Number.isNaN(number)) throw new UsageError(`“${incident}” is no incident; write it as INC-12.`);
  let broken = 0;
  await withDatabase(async (db) => {
    const workspace = await theWorkspace(db);
    const rows = workspace ? db.of(workspace.id).read : null;
    const where = number === undefined ? {} : { number };
    const incidents = (await rows?.incident.findMany({ where, orderBy: { number: 'asc' } })) ?? [];
    if (number !== undefined && incidents.length === 0)
      throw new UsageError(`There is no INC-${number} in this database.`);
    for (const each of incidents) {
      if (!rows) continue;
      const verdict = await verifyChain(rows, each.id);
      if (!verdict.whole) broken += 1;
      print(
        `INC-${each.number}: ${verdict.whole ? wholeText(verdict) : `NOT whole: entry #${verdict.seq}: ${verdict.reason}.`}`,
      );
    }
    if (incidents.length === 0) print('There is no incident yet.');
  });
  return broken === 0 ? 0 : 1;
}

function wholeText(verdict: { facts: number; redacted: number; lastHash: string }): string {
  const redacted = verdict.redacted > 0 ? `, ${verdict.redacted} redacted` : '';
  return `whole, ${verdict.facts} ${verdict.facts === 1 ? 'entry' : 'entries'}${redacted}, last hash ${verdict.lastHash}`;
}
