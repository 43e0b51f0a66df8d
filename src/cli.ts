#!/usr/bin/env node
// `andon …`: the command line.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type AnnounceOptions, announce } from './cli-announce.js';
import { type ImportOptions, importFile, showAll } from './cli-catalog.js';
import { createHook, type HookOptions, listAllHooks, revokeHookNamed } from './cli-hook.js';
import {
  existingDatabase,
  Unreachable,
  UsageError,
  unreachableExit,
  usageExit,
  withDatabase,
} from './cli-kit.js';
import { note } from './cli-note.js';
import { createToken, listAllTokens, revoke } from './cli-token.js';
import { verify } from './cli-verify.js';
import { ConfigError, readConfig, settingsHelp } from './config.js';
import { Fault } from './core/faults.js';
import { hookKinds } from './core/hook.js';
import { silentLog } from './core/log.js';
import { scopes } from './core/route.js';
import { migrate } from './db/migrate.js';
import { openDatabase } from './db/open.js';
import { rebuild } from './db/rebuild.js';
import { DatabaseInUse, takeRunLock } from './db/run-lock.js';
import { checkUsable } from './db/usable.js';
import { theWorkspace } from './db/workspace.js';

import { ownCase } from './demonstration.js';
import { doctor } from './doctor.js';

import { BadCase, readCase } from './drills/case.js';
import { beginningOf, castOf } from './drills/cast.js';
import { lasted, replay } from './drills/replay.js';
import { projectFacts } from './execute.js';
import { changeKinds } from './features/change/index.js';
import { features } from './features/index.js';
import { type Format, fileName, formats, readRecord, renderRecord } from './features/postmortem/index.js';
import { openLocalWorkspace } from './local.js';
import { main } from './main.js';

const program = new Command('andon')
  .description(
    'Incident response in Slack: incidents, timeline, roles, and a postmortem draft made from the record.',
  )
  // Its subcommands inherit it: what was typed wrong ends with our exit code, not with commander's.
  .exitOverride()
  .showHelpAfterError('(andon help shows the commands)')
  .addHelpText(
    'after',
    () =>
      `\nSettings (environment):\n${settingsHelp()
        .map(({ name, help }) => `  ${name.padEnd(26)} ${help}`)
        .join('\n')}`,
  );

program
  .command('start')
  .description('starts Andon; without Slack variables, a local workspace')
  .action(() => main());

program
  .command('drill')
  .description('replays a real incident through the real commands and leaves its postmortem draft')
  .argument('[case]', 'a case file; its form is in docs/case-file.md', ownCase)
  .option('--out <dir>', 'where postmortem.md and incident.json go', 'out')
  .option('--announced', 'announces every change of the case, those too that nobody had announced', false)
  .action((file: string, options: { out: string; announced: boolean }) => drill(file, options));

program
  .command('export')
  .description(
    'writes the postmortem draft or the record of an incident to disk; works beside a running Andon',
  )
  .argument('<incident>', 'such as INC-12')
  .option('--format <format>', formats.join(', '), 'md')
  .option('--out <dir>', 'where the file goes', 'out')
  .option('--private', 'yes, although the incident is private', false)
  .action((incident: string, options: ExportOptions) => exportIncident(incident, options));

program
  .command('note')
  .description(
    'adds to a timeline when chat is down: over HTTP with ANDON_URL and ANDON_TOKEN, else in the database',
  )
  .argument('<words...>', '[INC-12] [TIME] TEXT; without a number, the only open incident')
  .option('--private', 'yes, although the incident is private (without ANDON_URL)', false)
  .showHelpAfterError(
    '(Nothing was recorded. Where a word of the note begins with a dash, put -- before the words: andon note -- INC-12 -v was wrong)',
  )
  .action((words: string[], options: { private: boolean }) => note(words, options));

program
  .command('announce')
  .description(
    'announces a change, or says what became of one: over HTTP with ANDON_URL and ANDON_TOKEN, else in the database; its number alone goes to stdout',
  )
  .argument('[title...]', 'what changes, in a few words')
  .option('--kind <kind>', `${changeKinds.join(', ')}; without it, by the words of the title`)
  .option(
    '--on <components>',
    'where: service/environment/cluster, such as api/prod,web/prod; may be said again',
    (each: string, before: string[] = []) => [...before, each],
  )
  .option('--at <when>', 'when it is to begin; a bare 18:00 is the next one, in the zone of this machine')
  .option('--for <duration>', 'how long it takes, such as 30m')
  .option('--state <state>', 'planned, or started when it begins now')
  .option('--key <key>', 'your name for it: the same key again is the same change')
  .option('--source <source>', 'who you are, where that is not the token')
  .option('--sequence <number>', 'grows with every word on one change; an older one changes no state')
  .option('--owner <person>', 'who answers for it: a Slack user’s id, or a name')
  .option('--url <url>', 'the run, the diff')
  .option('--artifact <name>', 'what is delivered: a commit, a digest, a purl')
  .option('--previous-artifact <name>', 'what ran before')
  .option('--reversible <answer>', 'yes, no, unknown')
  .option('--carries-out <change>', 'the announced change that this carries out, such as CHG-12')
  .option('--text <text>', 'what is to be said of its state')
  .option('--start <change>', 'this change, by its number or its key, begins')
  .option('--done <change>', 'it succeeded')
  .option('--fail <change>', 'it failed')
  .option('--rolled-back <change>', 'it was taken back')
  .option('--cancel <change>', 'it is not going to be')
  .option('--ended <change>', 'it succeeded or failed, as --exit says')
  .option('--exit <code>', 'with --ended: 0 succeeded, all else failed')
  .option('--json', 'all that is known of it, as data', false)
  .addHelpText(
    'after',
    '\nIn a shell script:\n  CHANGE=$(andon announce "Deploy api $VERSION" --kind deploy --on api/prod --state started)\n  trap \'andon announce --ended "$CHANGE" --exit $?\' EXIT',
  )
  .action((words: string[], options: AnnounceOptions) => announce(words, options));

const token = program.command('token').description('tokens of the HTTP API; works beside a running Andon');

token
  .command('create')
  .description('makes a token and prints it, alone, on stdout; only its hash is kept')
  .requiredOption('--name <name>', 'what the record will say who it was')
  .requiredOption('--scope <scopes>', scopes.join(', '))
  .action((options: { name: string; scope: string }) => createToken(options.name, options.scope));

token.command('list').description('the tokens, without their secrets').action(listAllTokens);

token
  .command('revoke')
  .description('makes a token worthless at once')
  .argument('<name>')
  .action((name: string) => revoke(name));

const hook = program
  .command('hook')
  .description('addresses to which pipelines send their deployments; works beside a running Andon');

hook
  .command('create')
  .description('makes a hook and prints its address and its secret, one a line, on stdout')
  .argument('<kind>', hookKinds.join(', '))
  .option('--name <name>', 'what the record will say who it was; the kind, and the service, unless told')
  .option('--service <service>', 'what its changes are of, whatever the sender says')
  .option('--environment <environment>', 'where they are, whatever the sender says')
  .action((kind: string, options: HookOptions) => createHook(kind, options));

hook.command('list').description('the hooks, without their secrets').action(listAllHooks);

hook
  .command('revoke')
  .description('makes a hook worthless at once')
  .argument('<name>')
  .action((name: string) => revokeHookNamed(name));

const catalog = program
  .command('catalog')
  .description('services, environments, clusters and who owns them; works beside a running Andon');

catalog
  .command('import')
  .description('takes over what a file says, in place of what it said before; its form is in docs/catalog.md')
  .argument('<file>', 'YAML of our own form, or Backstage’s catalog-info.yaml')
  .option('--dry-run', 'says what would change, and changes nothing', false)
  .option('--origin <name>', 'whose word it is, where several files have one name')
  .action((file: string, options: ImportOptions) => importFile(file, options));

catalog.command('show').description('prints it as a file that can be imported').action(showAll);

program
  .command('rebuild')
  .description('makes all state anew from the record; Andon must be stopped')
  .action(rebuildState);

program
  .command('verify')
  .description(
    'says whether the record is whole and shown as recorded, or names the first entry that does not fit; exit 1 then',
  )
  .argument('[incident]', 'such as INC-12; all without it')
  .argument('[hash]', 'that a draft ends with: whether the record still holds what the draft was made from')
  .action(async (incident: string | undefined, hash: string | undefined) => {
    process.exitCode = await verify(incident, hash, console.log);
  });

program
  .command('doctor')
  .description('says what is missing or broken, and how to mend it; exit 1 when something fails')
  .option('--json', 'the same as data', false)
  .action(async (options: { json: boolean }) => {
    process.exitCode = await doctor(process.env, console.log, options);
  });

program
  .command('migrate')
  .description('brings the database up to this version; `start` does so too')
  .action(async () => {
    const url = readConfig(process.env).DATABASE_URL;
    await checkUsable(url);
    const applied = await migrate(url);
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
  });

interface ExportOptions {
  readonly format: string;
  readonly out: string;
  readonly private: boolean;
}

async function drill(
  file: string,
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

async function exportIncident(incident: string, options: ExportOptions): Promise<void> {
  const number = Number(/^(?:INC-?)?(\d+)$/i.exec(incident)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(number))
    throw new UsageError(`“${incident}” is no incident; write it as INC-12.`);
  if (!(formats as readonly string[]).includes(options.format))
    throw new UsageError(`--format is ${formats.join(', ')}, not “${options.format}”.`);
  await withDatabase(async (db) => {
    const workspace = await theWorkspace(db);
    const row =
      workspace &&
      (await db.of(workspace.id).read.incident.findUnique({
        where: { workspaceId_number: { workspaceId: workspace.id, number } },
      }));
    if (!workspace || !row) throw new UsageError(`There is no INC-${number} in this database.`);
    if (row.private && !options.private)
      throw new UsageError(`INC-${number} is private. If you may have its record, add --private.`);
    const record = await readRecord(db.of(workspace.id).read, row.id, workspace);
    mkdirSync(options.out, { recursive: true });
    const path = join(options.out, fileName(record, options.format as Format));
    writeFileSync(path, renderRecord(record, options.format as Format));
    console.log(path);
  });
}

async function rebuildState(): Promise<void> {
  const url = await existingDatabase({ named: true });
  const lock = await takeRunLock(url, { alone: true });
  try {
    await migrate(url);
    const db = openDatabase(url);
    try {
      const read = await rebuild(db, features, projectFacts);
      console.log(`State made anew from ${read} ${read === 1 ? 'fact' : 'facts'}.`);
    } finally {
      await db.close();
    }
  } finally {
    await lock.release();
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`There is no file ${resolve(file)}.`);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong.
    process.exit(error.exitCode === 0 ? 0 : usageExit);
  }
  const known =
    error instanceof Fault ||
    error instanceof UsageError ||
    error instanceof Unreachable ||
    error instanceof BadCase ||
    error instanceof ConfigError ||
    error instanceof DatabaseInUse;
  console.error(
    `andon: ${error instanceof Fault ? error.public : known ? error.message : error instanceof Error ? error.stack : String(error)}`,
  );
  process.exitCode = error instanceof Unreachable ? unreachableExit : known ? usageExit : 1;
}
