// The published lines for a shell script: however it ends, its change is told the exit code, and the script keeps it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { andon } from './help.js';

const published = (file: string) =>
  /```sh\n(CHANGE=\$\(.*?)```/s.exec(readFileSync(file, 'utf8'))?.[1]?.replaceAll('npx andon', 'andon') ?? '';
const traps = published('README.md').split('\n').slice(1).join('\n').trim();

test('every document shows the same lines', async () => {
  expect(traps).toContain('--ended');
  for (const file of ['docs/http-api.md', 'docs/pipelines.md'])
    expect(published(file), file).toContain(traps);
  const help = (await andon(['announce', '--help'])).stdout;
  for (const line of traps.split('\n')) expect(help).toContain(line);
});

const shells = ['bash', 'dash'].filter((name) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name))),
);
const heads = ['', 'set -eu'];

describe.each(shells.flatMap((name) => heads.map((head) => [name, head] as const)))('%s %s', (name, head) => {
  test.each([
    ['HUP', 129],
    ['INT', 130],
    ['TERM', 143],
  ] as const)('a script that is ended by SIG%s has failed', async (signal, code) => {
    const script = run(name, head, "sh -c 'echo ready; exec sleep 20'");
    await new Promise((ready) => script.child.stdout?.once('data', ready));
    // As a runner cancels a job, and as Ctrl-C does: everything of the script at once.
    process.kill(-(script.child.pid ?? 0), `SIG${signal}`);
    expect(await script.ended()).toEqual({ code, told: [`announce --ended CHG-7 --exit ${code}`] });
  });

  test('it keeps its own exit code, also where Andon does not answer', async () => {
    const told = (code: number) => ({ code, told: [`announce --ended CHG-7 --exit ${code}`] });
    expect(await run(name, head, 'true').ended()).toEqual(told(0));
    expect(await run(name, head, 'exit 3').ended()).toEqual(told(3));
    expect(await run(name, head, 'exit 3', 12).ended()).toEqual({
      code: 3,
      told: ['announce --ended  --exit 3'],
    });
    expect(await run(name, head, 'true', 12).ended()).toMatchObject({ code: 0 });
  });
});

interface Script {
  readonly child: ChildProcess;
  ended(): Promise<{ code: number | null; told: string[] }>;
}

/** Runs the published lines with an `andon` that writes down how it ended, and answers with this exit code. */
function run(name: string, head: string, work: string, answers = 0): Script {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'told');
  const stub = `#!/bin/sh\ncase "$2" in --ended) echo "$*" >> "${log}";; esac\n[ ${answers} = 0 ] || exit ${answers}\necho CHG-7\n`;
  writeFileSync(join(folder, 'andon'), stub, { mode: 0o755 });
  const lines = [head, 'VERSION=1', published('README.md'), work].join('\n');
  const child = spawn(name, ['-c', lines], {
    detached: true,
    env: { PATH: `${folder}:${process.env.PATH ?? ''}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const code = new Promise<number | null>((done) => child.once('close', done));
  return {
    child,
    ended: async () => ({
      code: await code,
      told: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [],
    }),
  };
}
