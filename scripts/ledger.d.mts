// The types of ledger.mjs, which the benchmark runs as it is and tests use too.
export function ledgerStatements(
  engine: 'sqlite' | 'postgresql',
  workspaceId: string,
  count: number,
  until: Date,
): string[];
