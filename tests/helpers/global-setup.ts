// Before all tests: says in one line what this run leaves out, and lets no run of CI leave out a database or a browser.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath } from './chromium.js';
import { postgresUrl } from './databases.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default function setup(): void {
  if (process.env.CI === 'true' && postgresUrl === null)
    throw new Error('CI must test PostgreSQL: set PGPORT and PGUSER, or run under `pg_virtualenv`.');
  if (process.env.CI === 'true' && browserPath() === null)
    throw new Error('CI must test the page: install Chromium, or name it with CHROME_PATH.');
  const postgres = postgresUrl ? 'PostgreSQL' : 'PostgreSQL LEFT OUT (none found; `pg_virtualenv npm test`)';
  const browser = browserPath() ?? 'LEFT OUT (no Chromium found; CHROME_PATH names one)';
  process.stdout.write(`Tested: SQLite; ${postgres}. Browser: ${browser}.\n`);
  buildIfStale();
}

// Tests that need a process of its own run what is built; `npm test` has built it, `npx vitest` may not have.
function buildIfStale(): void {
  const built = join(root, 'dist/app.js');
  if (existsSync(built) && newest(join(root, 'src')) <= statSync(built).mtimeMs) return;
  try {
    // Vitest says NODE_ENV=test, which would build the page with what React has for its developers.
    const env = { ...process.env, NODE_ENV: 'production' };
    execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'pipe', env });
  } catch {
    process.stdout.write('dist/ was built with mistakes; `npm run check` shows them.\n');
  }
}

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    }),
  );
}
