// Ten thousand entries: a timeline as long as a bad week lists, exports and verifies, and takes one more.
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { accept, defineCommand, internalVerb } from '../src/core/command.js';
import { message } from '../src/core/message.js';
import { execute, type Kernel } from '../src/execute.js';
import { incidentStream } from '../src/features/incident/index.js';
import { readRecord, renderRecord } from '../src/features/postmortem/index.js';
import { noteTaken } from '../src/features/timeline/index.js';
import { plainAsk } from '../src/plain-ask.js';
import { verdictOf } from './helpers/verdict.js';
import { openWorld, type World } from './helpers/world.js';

const entries = 10_000;
const batch = 1_000;
const slackAckMs = 3_000;

test('a timeline of 10,000 entries lists, exports and verifies', { timeout: 180_000 }, async () => {
  const world = await openWorld();
  const ana = world.sandbox.person('ana');
  await ana.command('/incident declare writes are stuck');
  await world.settled();
  const rows = world.app.db.of(world.app.workspace.id);
  const { id } = await rows.read.incident.findFirstOrThrow();
  await fill(world, id);

  const listed = await ana.command('/incident timeline INC-1');
  expect(listed.reply?.text).toContain(`#${entries}`);
  expect(listed.reply?.text).toContain('9990 older entries');
  const noted = await ana.command('/incident note INC-1 one more');
  expect(noted.reply?.text).toContain(`#${entries + 1}`);
  expect(Math.max(listed.latencyMs, noted.latencyMs)).toBeLessThan(slackAckMs);

  const record = await readRecord(rows.read, id, world.app.workspace);
  expect(record.timeline).toHaveLength(entries + 1);
  for (const format of ['md', 'html', 'json'] as const) {
    const text = renderRecord(record, format);
    for (const seq of [2, 5_000, entries]) expect(text, format).toContain(`entry ${seq} of many`);
  }
  expect(await verdictOf(rows, id)).toMatchObject({ whole: true, facts: entries + 1 });
});

/** Notes up to the last but one entry, through the write path, many in one transaction and nothing said in Slack. */
async function fill(world: World, id: string): Promise<void> {
  const { kernel, workspace } = world.app;
  const quiet: Kernel = { ...kernel, features: kernel.features.map((each) => ({ ...each, react: [] })) };
  const stream = incidentStream(id);
  for (let next = 2; next <= entries; next += batch) {
    const size = Math.min(batch, entries + 1 - next);
    const notes = Array.from({ length: size }, (_, i) =>
      noteTaken({ kind: 'note', text: `entry ${next + i} of many` }, { stream, incidentId: id }),
    );
    const command = defineCommand<null, null, null>({
      verb: internalVerb('fill'),
      input: undefined as never,
      locate: async () => ({ streams: [stream], target: null }),
      load: async () => null,
      decide: () => accept(notes, message()),
    });
    const actor = { kind: 'person', id: 'U0ANA00001', name: 'ana', zone: null } as const;
    const ask = { ...plainAsk(workspace, actor, 'cli', world.now()), requestId: randomUUID() };
    expect(await execute(quiet, command.given(null), ask)).toMatchObject({ accepted: true });
  }
}
