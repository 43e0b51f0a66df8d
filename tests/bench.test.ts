// The benchmark still runs: a trial of it, whose figures say nothing.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../scripts/bench.mjs', import.meta.url));

test('every table of the benchmark has its figures', async () => {
  const { ANDON_TEST_POSTGRES: _beside, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--trial'], { env });
  for (const title of [
    '`/incident note` over HTTP',
    'The gate, over HTTP',
    '10 entries beside 100',
    '1,000 changes',
  ])
    expect(stdout).toContain(title);
  const rows = [...stdout.matchAll(/^ {2}\S.*?([\d.]+) ms +([\d.]+) ms +([\d.]+)$/gm)];
  expect(rows.length).toBeGreaterThan(15);
  for (const [row, ...figures] of rows)
    expect(Math.min(...figures.map(Number)), row).toBeGreaterThanOrEqual(0);
}, 120_000);
