// Three changes on one morning, unknown to each other: announced, the incident's first message names the one that matters.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import { readCase } from '../../src/drills/case.js';
import { beginningOf, castOf } from '../../src/drills/cast.js';
import { replay } from '../../src/drills/replay.js';
import { openLocalWorkspace } from '../../src/local.js';

const file = new URL('../fixtures/three-changes.yaml', import.meta.url);

async function drilled(announced: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
  const drill = readCase(readFileSync(file, 'utf8'), 'three-changes.yaml');
  const local = await openLocalWorkspace({
    databaseUrl: `file:${join(folder, 'drill.db')}`,
    host: '127.0.0.1',
    port: 0,
    zone: drill.zone,
    log: silentLog,
    people: castOf(drill),
    beginsAt: beginningOf(drill),
  });
  onTestFinished(async () => {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const replayed = await replay(drill, local.stage, () => {}, { announced });
  const { sandbox } = local;
  const channel = sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
  // As it was first posted: the message itself was edited since.
  const posted = sandbox.calls.find(
    (call) => call.method === 'chat.postMessage' && call.args.channel === channel?.id,
  );
  return { local, replayed, channel, first: String(posted?.args.text ?? '') };
}

test('announced, the first message names the upgrade, and that it left its nodes behind', async () => {
  const { local, replayed, channel, first } = await drilled(true);
  expect(replayed.remarks).toEqual([expect.stringMatching(/^CHG-1 “Control plane .*” is left validating: /)]);
  const suspects = first.split('\n').filter((line) => line.startsWith('• CHG-'));
  expect(suspects).toHaveLength(2);
  const upgrade = suspects.find((line) => line.includes('Control plane'));
  expect(upgrade).toContain('upgraded on eks, and nothing else there was upgraded with it');
  expect(upgrade).toContain('skew');
  expect(suspects.find((line) => line.includes('exception'))).toContain('failed');
  // Another environment has nothing to do with it.
  expect(first).not.toContain('Phone app');
  expect(first).not.toMatch(/\bcause\b/);
  // Nobody is called out of a drill; whoever declared it hears that its update is late.
  const asked = local.sandbox.channels().filter((each) => each.isIm);
  const direct = asked.flatMap((each) => each.messages.map(({ text }) => text));
  const late = 'INC-1: the update is late.';
  expect(direct.filter((text) => text.includes('INC-1') && !text.startsWith(late))).toEqual([]);
  expect(JSON.stringify(channel?.messages.map(({ text }) => text))).toContain('In a drill nobody is asked');
  const record = JSON.parse(replayed.json) as {
    changes: { title: string; rank: number; relation: string | null }[];
  };
  expect(record.changes.map((each) => [each.rank, each.relation])).toEqual([
    [1, null],
    [2, null],
  ]);
  expect(replayed.markdown).toContain('versions may no longer match (skew)');
  expect(replayed.markdown).toContain('a suspect at most: nobody confirmed it');
});

test('as it was, nobody had told anybody: the first message says so and asks', async () => {
  const { first, replayed } = await drilled(false);
  expect(first).toContain('Andon knows of no change there in the last 24 h.');
  expect(first).toContain('Did anybody deploy, upgrade or change something?');
  expect(first).toContain('/change announce');
  expect(replayed.markdown).not.toContain('Changes around it');
  expect(replayed.remarks).toEqual([
    '3 changes of the case were left untold, as then; --announced tells them.',
  ]);
});
