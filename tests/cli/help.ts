// The command line as a process of its own, as people run it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `andon …` with nothing else in its environment. Asynchronous: the Andon it speaks to may be in this process. */
export function andon(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = process.cwd(),
): Promise<Done> {
  // PostgreSQL needs a secret key, which these commands do not use.
  const all = { PATH: process.env.PATH ?? '', ANDON_SECRET_KEY: 'x'.repeat(32), ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env: all, cwd }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}
