#!/usr/bin/env node
// `andon …`: the command line. What a command needs is loaded when it is called: a pipeline waits for each start.
import { Command, CommanderError } from 'commander';
import type { AnnounceOptions } from './cli/announce.js';
import type { ImportOptions } from './cli/catalog.js';
import type { ExportOptions } from './cli/export.js';
import type { GateOptions } from './cli/gate.js';
import type { BeatOptions } from './cli/heartbeat.js';
import type { HookOptions } from './cli/hook.js';
import type { PagerOptions } from './cli/pager.js';
import type { BackOptions } from './cli/pager-back.js';
import { settingsHelp } from './config.js';
import { Fault, Plain, usageExit } from './core/faults.js';
import { hookKinds } from './core/hook.js';
import { scopes } from './core/route.js';

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
  .action(async () => (await import('./main.js')).main());

program
  .command('drill')
  .description('replays a real incident through the real commands and leaves its postmortem draft')
  .argument(
    '[case]',
    'a case file, in the form of docs/case-file.md; without it, the one that comes with Andon',
  )
  .option('--out <dir>', 'where postmortem.md and incident.json go', 'out')
  .option('--announced', 'announces every change of the case, those too that nobody had announced', false)
  .action(async (file: string | undefined, options: { out: string; announced: boolean }) =>
    (await import('./cli/drill.js')).drill(file, options),
  );

program
  .command('export')
  .description(
    'writes the postmortem draft or the record of an incident to disk; works beside a running Andon',
  )
  .argument('<incident>', 'such as INC-12')
  .option('--format <format>', 'md, html, json', 'md')
  .option('--out <dir>', 'where the file goes', 'out')
  .option('--private', 'yes, although the incident is private', false)
  .action(async (incident: string, options: ExportOptions) =>
    (await import('./cli/export.js')).exportIncident(incident, options),
  );

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
  .action(async (words: string[], options: { private: boolean }) =>
    (await import('./cli/note.js')).note(words, options),
  );

program
  .command('heartbeat')
  .description(
    'says that something lives, from a shell or a cron job: over HTTP, with ANDON_URL and ANDON_TOKEN',
  )
  .argument('<name>', 'such as nightly-backup')
  .option('--every <duration>', 'how often it comes, such as 1d; the first beat must say so')
  .option('--grace <duration>', 'how much later it may come')
  .option('--service <name>', 'whose on-call is paged where it is silent')
  .option('--team <name>', 'instead of a service')
  .action(async (name: string, options: BeatOptions) =>
    (await import('./cli/heartbeat.js')).heartbeat(name, options),
  );

program
  .command('permit')
  .description(
    'gives something to groups of people in Slack, beside a running Andon; without words it shows who may what',
  )
  .argument('[action]', 'lift_freeze, approve_exception, see_private')
  .argument(
    '[groups...]',
    'their ids in Slack, such as S0123ABCD (People → User groups → the group → … → Copy group ID); “anybody” gives it back',
  )
  .action(async (action: string | undefined, groups: string[]) =>
    (await import('./cli/permit.js')).permit(action, groups),
  );

program
  .command('announce')
  .description(
    'announces a change, or says what became of one: over HTTP with ANDON_URL and ANDON_TOKEN, else in the database; its number alone goes to stdout, with --ended nothing',
  )
  .argument('[title...]', 'what changes, in a few words')
  .option(
    '--kind <kind>',
    'deploy, config, flag, migration, infrastructure, upgrade, submission, other; without it, by the words of the title',
  )
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
    `
In a shell script, where a job that is cancelled has failed:
  CHANGE=$(andon announce "Deploy api $VERSION" --kind deploy --on api/prod --state started) || true
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
  trap 'andon announce --ended "$CHANGE" --exit $? || true' EXIT`,
  )
  .action(async (words: string[], options: AnnounceOptions) =>
    (await import('./cli/announce.js')).announce(words, options),
  );

program
  .command('gate')
  .description(
    'asks whether a change may start now; exit 0 yes, 2 asked wrongly, 10 denied, 11 held, 12 no answer; the reasons go to stderr',
  )
  .option('--service <service>', 'what is to change')
  .option('--environment <environment>', 'where, such as prod')
  .option('--cluster <cluster>', 'in which of its clusters; all of them without it')
  .option(
    '--on <components>',
    'several places: service/environment/cluster, such as api/prod,web/prod/eks; may be said again',
    (each: string, before: string[] = []) => [...before, each],
  )
  .option(
    '--kind <kind>',
    'deploy, config, flag, migration, infrastructure, upgrade, submission, other',
    'deploy',
  )
  .option('--title <title>', 'what changes, in a few words')
  .option('--source <source>', 'who asks, where that is not the token')
  .option('--key <key>', 'your name for the change: asked again, it keeps its place; the CI’s run without it')
  .option('--artifact <name>', 'what is to be delivered: a commit, a digest, a purl')
  .option('--previous-artifact <name>', 'what runs there now')
  .option('--rollback', 'back to an artifact that ran there before: passes freezes', false)
  .option('--change <change>', 'the announced change that this carries out, such as CHG-7')
  .option('--exception <exception>', 'the exception that lets it through, such as EXC-1')
  .option('--actor <name>', 'who began it')
  .option('--link <url>', 'the run, for whoever reads of it')
  .option('--url <url>', 'Andon’s address; else ANDON_URL, else this machine')
  .option('--wait <length>', 'asks again until it may start, for at most this long, such as 30m')
  .option('--fail-open', 'lets it start where Andon does not answer; not where it may be production', false)
  .option('--json', 'the answer as data on stdout', false)
  .option('--drill', 'part of a drill: the freezes of drills hold it', false)
  .addHelpText(
    'after',
    '\nIts token is ANDON_TOKEN, with the scope gate. docs/gate.md says what to do about a no.',
  )
  .action(async (options: GateOptions) => (await import('./cli/gate.js')).gate(options));

const token = program.command('token').description('tokens of the HTTP API; works beside a running Andon');

token
  .command('create')
  .description('makes a token and prints it, alone, on stdout; only its hash is kept')
  .requiredOption('--name <name>', 'what the record will say who it was')
  .requiredOption('--scope <scopes>', scopes.join(', '))
  .action(async (options: { name: string; scope: string }) =>
    (await import('./cli/token.js')).createToken(options.name, options.scope),
  );

token
  .command('list')
  .description('the tokens, without their secrets')
  .action(async () => (await import('./cli/token.js')).listAllTokens());

token
  .command('revoke')
  .description('makes a token worthless at once')
  .argument('<name>')
  .action(async (name: string) => (await import('./cli/token.js')).revoke(name));

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
  .action(async (kind: string, options: HookOptions) =>
    (await import('./cli/hook.js')).createHook(kind, options),
  );

hook
  .command('list')
  .description('the hooks, without their secrets')
  .action(async () => (await import('./cli/hook.js')).listAllHooks());

hook
  .command('revoke')
  .description('makes a hook worthless at once')
  .argument('<name>')
  .action(async (name: string) => (await import('./cli/hook.js')).revokeHookNamed(name));

const pager = program
  .command('pager')
  .description('systems that call people: PagerDuty, Opsgenie, a webhook; works beside a running Andon');

pager
  .command('create')
  .description(
    'sets one up; its key is read from stdin, that of a webhook is made and printed, alone, on stdout',
  )
  .argument('<kind>', 'webhook, pagerduty, opsgenie')
  .option('--name <name>', 'how levels name it; the kind, unless told')
  .option('--url <url>', 'where it is; needed for a webhook')
  .option('--plain', 'over http, although anybody on the way could read it', false)
  .action(async (kind: string, options: PagerOptions) =>
    (await import('./cli/pager.js')).createPager(kind, options),
  );

pager
  .command('back')
  .description(
    'whoever acknowledges in the pager’s own app has the page: prints where it tells that; PagerDuty’s secret is read from stdin, Opsgenie’s is made and printed',
  )
  .argument('<name>')
  .option('--off', 'hears nothing from it any more', false)
  .action(async (name: string, options: BackOptions) =>
    (await import('./cli/pager-back.js')).hearPager(name, options),
  );

pager
  .command('list')
  .description('the pagers, without their keys')
  .action(async () => (await import('./cli/pager.js')).listAllPagers());

pager
  .command('test')
  .description('sends a test page and takes it back; says what was answered')
  .argument('<name>')
  .action(async (name: string) => (await import('./cli/pager.js')).testPager(name));

pager
  .command('revoke')
  .description('calls nobody by it from now on')
  .argument('<name>')
  .action(async (name: string) => (await import('./cli/pager.js')).revokePagerNamed(name));

const catalog = program
  .command('catalog')
  .description('services, environments, clusters and who owns them; works beside a running Andon');

catalog
  .command('import')
  .description('takes over what a file says, in place of what it said before; its form is in docs/catalog.md')
  .argument('<file>', 'YAML of our own form, or Backstage’s catalog-info.yaml')
  .option('--dry-run', 'says what would change, and changes nothing', false)
  .option('--origin <name>', 'whose word it is, where several files have one name')
  .action(async (file: string, options: ImportOptions) =>
    (await import('./cli/catalog.js')).importFile(file, options),
  );

catalog
  .command('show')
  .description('prints it as a file that can be imported')
  .action(async () => (await import('./cli/catalog.js')).showAll());

program
  .command('rebuild')
  .description('makes all state anew from the record; Andon must be stopped')
  .action(async () => (await import('./cli/database.js')).rebuildState());

program
  .command('verify')
  .description(
    'says whether the record is whole and shown as recorded, or names the first entry that does not fit; exit 1 then',
  )
  .argument('[incident]', 'such as INC-12; all without it')
  .argument('[hash]', 'that a draft ends with: whether the record still holds what the draft was made from')
  .action(async (incident: string | undefined, hash: string | undefined) => {
    const { verify } = await import('./cli/verify.js');
    process.exitCode = await verify(incident, hash, console.log);
  });

program
  .command('doctor')
  .description('says what is missing or broken, and how to mend it; exit 1 when something fails')
  .option('--json', 'the same as data', false)
  .action(async (options: { json: boolean }) => {
    const { doctor } = await import('./doctor.js');
    process.exitCode = await doctor(process.env, console.log, options);
  });

program
  .command('migrate')
  .description('brings the database up to this version; `start` does so too')
  .action(async () => (await import('./cli/database.js')).migrateDatabase());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong.
    process.exit(error.exitCode === 0 ? 0 : usageExit);
  }
  const known = error instanceof Fault || error instanceof Plain;
  console.error(
    `andon: ${error instanceof Fault ? error.public : known ? error.message : error instanceof Error ? error.stack : String(error)}`,
  );
  process.exitCode = error instanceof Plain ? error.exit : known ? usageExit : 1;
}
