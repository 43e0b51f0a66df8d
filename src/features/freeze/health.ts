// What `andon doctor` says of freezes: which row cannot be read, what follows from that, and what mends it.
import { type Finding, fail } from '../../core/finding.js';
import { fewNames } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { readFrozen } from './reading.js';
import { freezeKey } from './words.js';

const shown = 5;
const mend =
  'Stop Andon and run `andon rebuild`: it writes the rows anew, as the record has them. Of one that freezes everything, /freeze lift ends it too.';

/** The freezes whose rows were damaged; nothing where all are whole. */
export async function damagedFreezes(tx: Tx): Promise<Finding[]> {
  const rows = await tx.freeze.findMany({
    where: { liftedAt: null },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  const damaged: string[] = [];
  const unread: string[] = [];
  for (const { id } of rows) {
    // One at a time: one that the database itself cannot read would hide the others.
    try {
      const row = await tx.freeze.findUniqueOrThrow({ where: { id } });
      if (readFrozen(row).damaged) damaged.push(freezeKey(row));
    } catch {
      unread.push(await nameOf(tx, id));
    }
  }
  return [
    ...(unread.length > 0
      ? [
          fail(
            'freezes',
            `The rows of ${some(unread)} cannot be read, so the gate answers nothing and nothing may start.`,
            mend,
          ),
        ]
      : []),
    ...(damaged.length > 0
      ? [fail('freezes', `The rows of ${some(damaged)} were damaged, so all is frozen, hard.`, mend)]
      : []),
  ];
}

async function nameOf(tx: Tx, id: string): Promise<string> {
  try {
    return freezeKey(await tx.freeze.findUniqueOrThrow({ where: { id }, select: { number: true } }));
  } catch {
    return `the freeze ${id}`;
  }
}

function some(names: readonly string[]): string {
  return fewNames(names, shown);
}
