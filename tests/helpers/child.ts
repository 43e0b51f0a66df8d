// Processes of their own for tests: a few lines of JavaScript that run what is built.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** The address of a built module, such as `db/migrate.js`, for an import in a child. */
export function built(module: string): string {
  return JSON.stringify(new URL(`../../dist/${module}`, import.meta.url).href);
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a module's text to its end. */
export async function runChild(script: string): Promise<Ended> {
  const { child, output } = start(script);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** Runs a module's text until it has written a line, and leaves it running; it ends with the test at the latest. */
export async function startChild(script: string): Promise<{ child: ChildProcess; line: string }> {
  const { child, output } = start(script);
  const ended = once(child, 'close').then(() => {
    throw new Error(`the child ended: ${output()}`);
  });
  ended.catch(() => {});
  while (!output().includes('\n'))
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended]);
  return { child, line: output().split('\n')[0] ?? '' };
}

/** Kills a process as the operating system would, and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

function start(script: string): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => output };
}
