// Whether an incident's record is whole, as `andon verify` finds it.
import { reading } from '../../src/cli/verify.js';
import type { Rows } from '../../src/db/open.js';
import { openVerifier, type Verdict } from '../../src/db/verify.js';

/** Verifies one incident. */
export async function verdictOf(rows: Rows, incidentId: string): Promise<Verdict> {
  const verifier = openVerifier(reading);
  try {
    return await verifier.verify(rows, incidentId);
  } finally {
    await verifier.close();
  }
}
