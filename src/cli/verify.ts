// `andon verify`: is the record whole, and if not, which entry does not fit first, and what to do.

import type { Rows } from '../db/open.js';
import {
  entryOfHash,
  type Mend,
  openVerifier,
  type Reading,
  type Verdict,
  type Whole,
} from '../db/verify.js';
import { type Enrolled, incidentRoll } from '../db/verify-roll.js';
import { theWorkspace } from '../db/workspace.js';
import { projectFacts } from '../execute.js';
import { incidentStream } from '../features/incident/index.js';
import { features } from '../features/index.js';
import { placeStream } from '../features/places/index.js';
import { UsageError, withDatabase } from './kit.js';

/** How the record is read to verify it. */
export const reading: Reading = {
  features,
  project: projectFacts,
  streamsOf: (incidentId) => [incidentStream(incidentId), placeStream(incidentId)],
};

interface Asked {
  readonly number: number | null;
  /** The hash that a draft carries. */
  readonly hash: string | null;
}

/**
 * Verifies one incident, or all; with the hash of a draft, whether the record still holds what the draft was made
 * from. Prints a line for each; resolves to the exit code: 0 when all are whole, 1 otherwise. Private incidents are
 * named by their number only.
 */
export async function verify(
  incident: string | undefined,
  hash: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  const asked = { number: readNumber(incident), hash: readHash(hash) };
  let allWhole = true;
  await withDatabase(async (db) => {
    const workspace = await theWorkspace(db);
    const rows = workspace && db.of(workspace.id);
    const roll = rows ? await rows.snapshot((tx) => incidentRoll(tx, workspace.id)) : [];
    const chosen = roll.filter((each) => asked.number === null || each.number === asked.number);
    if (asked.number !== null && chosen.length === 0)
      throw new UsageError(`There is no INC-${asked.number} in this database.`);
    if (rows) allWhole = await verifyAll(rows, chosen, asked, print);
    if (chosen.length === 0) print('There is no incident yet.');
  });
  return allWhole ? 0 : 1;
}

async function verifyAll(
  rows: Rows,
  incidents: readonly Enrolled[],
  asked: Asked,
  print: (line: string) => void,
): Promise<boolean> {
  const verifier = openVerifier(reading);
  let allWhole = true;
  try {
    for (const { id, number } of incidents) {
      const name = number === null ? `The incident ${id}, whose number is lost` : `INC-${number}`;
      const verdict = id === null ? deleted : await verifier.verify(rows, id);
      const seq = asked.hash && id ? await entryOfHash(rows.read, id, asked.hash) : null;
      const stands = asked.hash === null || seq !== null;
      if (verdict.whole && stands) print(`${name}: ${wholeText(verdict)}${draftText(seq)}.`);
      else if (verdict.whole) print(`${name}: NOT whole: ${notInRecord}\n${advice.restore(name)}`);
      else print(`${name}: NOT whole: ${brokenText(verdict)}.\n${advice[verdict.mend](name)}`);
      allWhole &&= verdict.whole && stands;
    }
  } finally {
    await verifier.close();
  }
  return allWhole;
}

const deleted: Verdict = {
  whole: false,
  seq: null,
  reason: 'its number was given out, but nothing of it is in the database: it was deleted',
  mend: 'restore',
};

const notInRecord =
  'this hash is not in its record: entries were removed or rewritten after the draft was made, or the draft is of another incident.';

const advice: Record<Mend, (name: string) => string> = {
  restore: (name) =>
    `  It was changed outside Andon. Keep a copy of this database, and compare ${name} with a backup, or with a draft that was made earlier.`,
  rebuild: () =>
    '  The record itself holds; only what is shown differs from it. Stop Andon and run `andon rebuild`, which makes what is shown anew from the record.',
  version: () =>
    '  It is as it was recorded. Verify it with the version of Andon that recorded it, or a later one.',
};

function wholeText({ facts, redacted, lastHash }: Whole): string {
  const some = redacted > 0 ? `, ${redacted} redacted` : '';
  return `whole, ${facts} ${facts === 1 ? 'entry' : 'entries'}${some}, last hash ${lastHash}`;
}

function draftText(seq: number | null): string {
  return seq === null ? '' : `; the draft's hash is entry #${seq}`;
}

function brokenText({ seq, reason }: { seq: number | null; reason: string }): string {
  return seq === null ? reason : `entry #${seq}: ${reason}`;
}

function readNumber(incident: string | undefined): number | null {
  if (incident === undefined) return null;
  const digits = /^(?:INC-?)?(\d{1,9})$/i.exec(incident)?.[1];
  if (digits === undefined) throw new UsageError(`“${incident}” is no incident; write it as INC-12.`);
  return Number(digits);
}

function readHash(hash: string | undefined): string | null {
  if (hash === undefined) return null;
  if (!/^[0-9a-f]{64}$/i.test(hash))
    throw new UsageError(
      `“${hash}” is no hash. Copy all of it from the end of the draft: 64 digits and letters from a to f.`,
    );
  return hash.toLowerCase();
}
