// Case files: what is wrong with one is said with its place, and never as a stack; nothing of one is silently lost.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadCase, readCase } from '../../src/drills/case.js';
import { andon } from '../cli/help.js';
import { temporaryFolder } from '../helpers/world.js';

const head = 'title: writes are stuck\nzone: Europe/Berlin\ndate: 2026-03-10\n';
const timeline = 'timeline:\n  - { time: "10:22", text: it began, command: declare }\n';

describe('a bad case', () => {
  test.each([
    ['', 'bad.yaml: the file is empty.'],
    ['# nothing yet\n', 'bad.yaml: the file is empty.'],
    [`${head}severity: SEV9\n${timeline}`, 'bad.yaml: severity must be SEV1 (worst), SEV2, SEV3 or SEV4.'],
    [`${head}components: [api/prod, a/b/c/d]\n${timeline}`, 'bad.yaml: components[2] must be service/'],
    [`${head}key_times: { started: foo }\n${timeline}`, 'bad.yaml: key_times.started: “foo” is not a time'],
    [`${head}key_times: { mitigated: "25:71" }\n${timeline}`, 'key_times.mitigated: “25:71” is not a time'],
  ])('%j', (yaml, sentence) => {
    const read = () => readCase(yaml, 'bad.yaml');
    expect(read).toThrow(BadCase);
    expect(read).toThrow(sentence);
  });

  test('ends the drill with one line and exit code 2', async () => {
    const done = await drill(`${head}key_times: { started: foo }\n${timeline}`);
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('so does a declaration that is refused', async () => {
    const done = await drill(`${head.replace('writes are', 'sev:9 writes are')}${timeline}`);
    expect(done.code, done.stdout).toBe(2);
    expect(done.stderr).toContain('andon: The declaration was refused: ');
    expect(done.stderr).not.toContain('    at ');
  });
});

test('a role whose time is no entry’s is given at that time, and the drill says so', async () => {
  const roles =
    'roles:\n  - { role: commander, user: ana }\n  - { role: communications, user: bob, at: "10:30" }\n';
  const done = await drill(
    `${head}${roles}${timeline}  - { time: "10:45", text: it ended, command: resolve }\n`,
  );
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain(
    "“10:30”, when bob became communications, is no entry's time; it was entered at 2026-03-10T09:30:00.000Z.",
  );
  // Every line begins with the record's clock, in UTC.
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('  '));
  expect(lines.find((line) => line.includes('role communications'))).toMatch(/^ {2}09:30 {2}/);
  expect(lines.filter((line) => !/^ {2}09:\d\d {2}/.test(line))).toEqual([]);
  expect(done.draft()).toContain('bob');
});

test('a change that begins during the incident is told by who made it, though they are not in its channel', async () => {
  const changes =
    'changes:\n  - { title: restart of the proxy, on: [proxy/prod], by: dana, started: "2026-03-10 10:30", announced: false }\n';
  const done = await drill(
    `${head}${changes}${timeline}  - { time: "10:45", text: it ended, command: resolve }\n`,
    '--announced',
  );
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain('  09:30  /change announce restart of the proxy');
  expect(done.stdout).not.toContain('Of the change');
});

async function drill(yaml: string, ...options: string[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'bad.yaml'), yaml);
  const done = await andon(['drill', join(folder, 'bad.yaml'), '--out', folder, ...options]);
  return { ...done, draft: () => readFileSync(join(folder, 'postmortem.md'), 'utf8') };
}
