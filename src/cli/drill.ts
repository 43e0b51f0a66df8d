// `andon drill`: a real incident, replayed through the real commands.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { silentLog } from '../core/log.js';
import { ownCase } from '../demonstration.js';
import { readCase } from '../drills/case.js';
import { beginningOf, castOf } from '../drills/cast.js';
import { lasted, replay } from '../drills/replay.js';
import { openLocalWorkspace } from '../local.js';
import { UsageError } from './kit.js';

/** Replays a case, the one that comes with Andon unless told, and leaves its draft and record. */
export async function drill(
  file: string = ownCase,
  { out, announced }: { readonly out: string; readonly announced: boolean },
): Promise<void> {
  const began = Date.now();
  const drilled = readCase(readFile(file), basename(file));
  const folder = mkdtempSync(join(tmpdir(), 'andon-drill-'));
  const local = await openLocalWorkspace({
    databaseUrl: `file:${join(folder, 'drill.db')}`,
    host: '127.0.0.1',
    port: 0,
    zone: drilled.zone,
    log: silentLog,
    people: castOf(drilled),
    beginsAt: beginningOf(drilled),
  });
  try {
    console.log(
      `${drilled.title}\n${drilled.timeline.length} entries, ${drilled.zone}. Times are the record's, in UTC.\n`,
    );
    const tell = (at: string, what: string) => console.log(`  ${at}  ${what.slice(0, 110)}`);
    const replayed = await replay(drilled, local.stage, tell, { announced });
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'postmortem.md'), replayed.markdown);
    writeFileSync(join(out, 'incident.json'), replayed.json);
    for (const remark of replayed.remarks) console.log(`\nNote: ${remark}`);
    const refused = local.sandbox.calls.filter(
      (call) => call.answer?.ok === false && call.answer.error !== 'already_in_channel',
    );
    console.log(
      `\n${local.sandbox.calls.length} calls to the local Slack, ${refused.length} refused. The incident: ${lasted(replayed.json)}.`,
    );
    console.log(
      `Done in ${((Date.now() - began) / 1000).toFixed(1)} s. The draft is ${join(out, 'postmortem.md')}, the record ${join(out, 'incident.json')}.`,
    );
  } finally {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  // Connections that are kept alive would hold the process for seconds.
  process.exit();
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`There is no file ${resolve(file)}.`);
  }
}
