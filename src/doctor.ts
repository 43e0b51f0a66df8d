// `andon doctor`: what is missing or broken, in the order in which to mend it. Changes nothing, prints no secret.
import { type Config, ConfigError, localDatabaseUrl, readConfig } from './config.js';
import { Fault } from './core/faults.js';
import { type Finding, fail, ok, warn } from './core/finding.js';
import { shorten } from './core/message.js';
import { showDuration } from './core/time/index.js';
import { checkDatabase, databaseName } from './db/health.js';
import { checkHooks } from './db/hooks.js';
import { openDatabase, sqliteExists } from './db/open.js';
import { checkPagers } from './db/pagers.js';
import type { Tx } from './db/tx.js';
import { lifeFindings } from './doctor-life.js';
import { sharedPathsOf, sharedText } from './features/catalog/index.js';
import { damagedFreezes } from './features/freeze/index.js';
import { isOpen, openWhere } from './features/incident/index.js';
import {
  emptyLevels,
  feedFindings,
  goneFindings,
  onlyBySlack,
  unheardOf,
  unheardText,
} from './features/oncall/index.js';
import { checkGithub } from './github/doctor.js';
import { githubSettings } from './github/settings.js';
import { checkMail, linkFindings } from './outside/doctor.js';
import { checkSlack } from './slack/doctor.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Exit codes: 2 for wrong settings, 1 when something FAILs. */
export type ExitCode = 0 | 1 | 2;

/** What the database tells about Slack and about what waits. */
interface Known {
  readonly boundTeam: string | null;
  /** Slack's ids of those who are called and of whom Andon has heard nothing yet. */
  readonly unheard: readonly string[];
  readonly findings: readonly Finding[];
}

const dayMs = 86_400_000;
/** A job that waits longer than this waits for somebody. */
const longWaitMs = 300_000;
const reasonsShown = 3;
const wrongSettings = 'settings';

/** Looks at everything and prints a line for each thing; what it returns is the exit code. */
export async function doctor(
  environment: Environment,
  print: (text: string) => void,
  options: { json?: boolean; now?: Date } = {},
): Promise<ExitCode> {
  const findings = (await examine(environment, options.now ?? new Date())).map((each) => ({
    ...each,
    said: withoutSecrets(environment, each.said),
    mend: each.mend === null ? null : withoutSecrets(environment, each.mend),
  }));
  const failed = findings.filter((each) => each.outcome === 'FAIL');
  if (options.json) print(JSON.stringify({ ok: failed.length === 0, checks: findings }, null, 2));
  else for (const text of [...findings.map(findingLine), '', closing(findings)]) print(text);
  if (failed.some((each) => each.check === wrongSettings)) return 2;
  return failed.length > 0 ? 1 : 0;
}

/** All findings, in the order in which to mend what is wrong. Does not throw, whatever is broken. */
export async function examine(environment: Environment, now: Date): Promise<Finding[]> {
  let config: Config;
  try {
    config = besideLocal(readConfig(environment));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      fail(
        wrongSettings,
        `${error.message}.`,
        '`andon help` lists the settings. Nothing else was looked at.',
      ),
    ];
  }
  const database = await guarded('database', () => checkDatabase(config.DATABASE_URL));
  const findings = 'outcome' in database ? [database] : [...database.findings];
  const readable = !('outcome' in database) && database.readable;
  const known = readable ? await guarded('record', () => readRecordOf(config, now)) : nothingKnown;
  const { findings: ofRecord, ...asked } =
    'outcome' in known ? { ...nothingKnown, findings: [known] } : known;
  const slack = config.SLACK_BOT_TOKEN
    ? await guarded('slack', () => askSlack(config, config.SLACK_BOT_TOKEN ?? '', asked))
    : unheardFindings(asked);
  const github = await guarded('github', () => askGithub(config));
  const mail = await guarded('mail', () => checkMail(mailOf(config)));
  return [
    settingsFinding(config),
    ...findings,
    ...('outcome' in slack ? [slack] : slack),
    ...('outcome' in github ? [github] : github),
    mail,
    ...ofRecord,
  ];
}

// Without Slack variables `npm start` keeps its record apart; the other commands look there too (cli/kit.ts).
function besideLocal(config: Config): Config {
  if (config.SLACK_BOT_TOKEN || config.databaseUrlGiven || sqliteExists(config.DATABASE_URL)) return config;
  return sqliteExists(localDatabaseUrl) ? { ...config, DATABASE_URL: localDatabaseUrl } : config;
}

// The settings see to it that both are there, or neither.
function mailOf({ SMTP_URL: url, MAIL_FROM: from }: Config) {
  return url && from ? { url, from } : null;
}

const nothingKnown: Known = { boundTeam: null, unheard: [], findings: [] };

// A check that itself breaks is a finding too: the others must still be made.
async function guarded<T>(check: string, work: () => Promise<T>): Promise<T | Finding> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      check,
      `This could not be looked at: ${reason}`,
      'Mend what stands above first; else report it.',
    );
  }
}

function settingsFinding(config: Config): Finding {
  const where = `the record is kept in ${databaseName(config.DATABASE_URL)}`;
  if (!config.SLACK_BOT_TOKEN)
    return warn(
      wrongSettings,
      `No Slack variable is set, so \`andon start\` opens a local workspace; ${where}${isLocalRecord(config) ? ', the local workspace’s: set DATABASE_URL for another one' : ''}.`,
      'To connect Slack, set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.',
    );
  const how = config.SLACK_APP_TOKEN ? 'Socket Mode' : 'HTTP';
  return ok(wrongSettings, `One workspace over ${how}, zone ${config.ANDON_TIME_ZONE}; ${where}.`);
}

function isLocalRecord(config: Config): boolean {
  return !config.databaseUrlGiven && config.DATABASE_URL === localDatabaseUrl;
}

async function askGithub(config: Config): Promise<Finding[]> {
  try {
    return await checkGithub(githubSettings(config));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [
      fail('github', error.public, 'Nothing else of GitHub was looked at, and Andon does not start so.'),
    ];
  }
}

type Asked = Omit<Known, 'findings'>;

// Where Slack cannot be asked whether there are such people.
function unheardFindings({ unheard }: Asked): Finding[] {
  if (unheard.length === 0) return [];
  return [
    warn('people', unheardText(unheard), 'See that these ids are right: in Slack, profile, Copy member ID.'),
  ];
}

async function askSlack(config: Config, botToken: string, asked: Asked): Promise<Finding[]> {
  return checkSlack({
    apiUrl: config.SLACK_API_URL,
    botToken,
    appToken: config.SLACK_APP_TOKEN,
    signingSecret: config.SLACK_SIGNING_SECRET,
    publicUrl: config.publicUrl,
    incidentsChannel: config.ANDON_INCIDENTS_CHANNEL,
    changesChannel: config.ANDON_CHANGES_CHANNEL,
    canaryChannel: config.ANDON_CANARY_CHANNEL,
    ...asked,
    now: Date.now,
  });
}

async function readRecordOf(config: Config, now: Date): Promise<Known> {
  const db = openDatabase(config.DATABASE_URL);
  try {
    const workspace = await db.read.workspace.findFirst({ orderBy: { createdAt: 'asc' } });
    if (!workspace) return nothingKnown;
    const { read } = db.of(workspace.id);
    const since = new Date(now.getTime() - dayMs);
    return {
      boundTeam: workspace.slackTeamId,
      unheard: await unheardOf(read, workspace.id, now),
      findings: [
        await placesFinding(read),
        await waitingFinding(read, now),
        await givenUpFinding(read, since),
        await noticesFinding(read, since),
        await checkHooks(read, config.DATABASE_URL, config.ANDON_SECRET_KEY),
        await checkPagers(read, config.DATABASE_URL, config.ANDON_SECRET_KEY),
        await onlyBySlack(read, workspace.id, now, mailOf(config) !== null),
        ...(await emptyLevels(read, workspace.id, now)),
        ...(await feedFindings(read, workspace.id)),
        ...(await goneFindings(read, workspace.id)),
        ...(await linkFindings(read, workspace.id, config.publicUrl, mailOf(config) !== null)),
        ...(await damagedFreezes(read)),
        ...(await lifeFindings(read, workspace.id, config, now)),
        ...(await monitorFindings(read, workspace.id)),
      ],
    };
  } finally {
    await db.close();
  }
}

// Whether Andon may make channels cannot be asked without making one; the last incident tells.
async function placesFinding(tx: Tx): Promise<Finding> {
  const last = await tx.incident.findFirst({
    where: { placeKind: { not: 'none' }, private: false, drill: false },
    orderBy: { number: 'desc' },
  });
  if (!last)
    return ok(
      'channels',
      'Whether Andon may make channels shows with the first incident; without, it takes a thread.',
    );
  if (last.placeKind === 'channel')
    return ok('channels', `Andon may make channels: INC-${last.number} has one.`);
  const refused = await tx.shortfall.findFirst({ where: { incidentId: last.id, effect: 'openPlace' } });
  return warn(
    'channels',
    `INC-${last.number} has no channel of its own${refused ? `: Slack answered ${refused.error} to ${refused.method}` : ''}.`,
    'Let apps make public channels in the workspace’s settings, and see that channels:manage is granted.',
  );
}

// What watches and what is watched fail together: then nobody hears of it.
async function monitorFindings(tx: Tx, workspaceId: string): Promise<Finding[]> {
  const shared = await sharedPathsOf(tx, workspaceId);
  return shared
    .slice(0, reasonsShown)
    .map((each) =>
      warn(
        'monitors',
        sharedText(each),
        'Say in the catalogue’s file what it hangs on and where it runs, under “monitors:”; docs/catalog.md has the form.',
      ),
    );
}

async function waitingFinding(tx: Tx, now: Date): Promise<Finding> {
  const groups = await tx.job.groupBy({
    by: ['kind', 'error'],
    where: { state: 'waiting' },
    _count: { _all: true },
    _min: { madeAt: true },
  });
  const total = groups.reduce((sum, each) => sum + each._count._all, 0);
  if (total === 0) return ok('jobs', 'Nothing waits to be done in Slack.');
  const oldest = Math.min(...groups.map((each) => each._min.madeAt?.getTime() ?? now.getTime()));
  const waits = now.getTime() - oldest;
  if (waits <= longWaitMs) return ok('jobs', `${count(total, 'job waits', 'jobs wait')}, none for long.`);
  return warn(
    'jobs',
    `${count(total, 'job waits', 'jobs wait')}, the oldest for ${showDuration(waits)}${reasons(groups)}.`,
    'They are done when the reason is gone and Andon runs; nothing is lost.',
  );
}

async function givenUpFinding(tx: Tx, since: Date): Promise<Finding> {
  const groups = await tx.job.groupBy({
    by: ['kind', 'error'],
    where: { state: 'givenUp', madeAt: { gte: since } },
    _count: { _all: true },
  });
  const total = groups.reduce((sum, each) => sum + each._count._all, 0);
  if (total === 0) return ok('given up', 'Nothing was given up in the last day.');
  return warn(
    'given up',
    `${count(total, 'job was', 'jobs were')} given up in the last day${reasons(groups)}.`,
    'Mend the reason; what was given up is not tried again.',
  );
}

async function noticesFinding(tx: Tx, since: Date): Promise<Finding> {
  const incidents = await tx.incident.findMany({
    where: { OR: [openWhere, { resolvedAt: { gte: since } }] },
    select: { id: true, number: true, private: true, status: true },
  });
  const shortfalls = await tx.shortfall.findMany({
    where: { incidentId: { in: incidents.map((each) => each.id) } },
    orderBy: { id: 'asc' },
  });
  if (shortfalls.length === 0)
    return ok('notices', 'No incident of now or of the last day misses anything in Slack.');
  const shown = shortfalls.slice(0, reasonsShown).map((each) => {
    const incident = incidents.find((one) => one.id === each.incidentId);
    const name = incident?.private ? 'a private incident' : `INC-${incident?.number}`;
    const needed = each.needed ? `, scope ${each.needed}` : '';
    return `${name}${incident && !isOpen(incident.status) ? ' (over)' : ''} ${each.effect}: ${each.error}${needed}`;
  });
  return warn(
    'notices',
    `Slack refused ${count(shortfalls.length, 'thing', 'things')} on incidents of now or of the last day: ${andMore(shown, shortfalls.length)}.`,
    'The notice in the incident’s channel says how to mend each.',
  );
}

function reasons(
  groups: readonly { kind: string; error: string | null; _count: { _all: number } }[],
): string {
  const known = groups.filter((each) => each.error !== null).sort((a, b) => b._count._all - a._count._all);
  if (known.length === 0) return '';
  const shown = known
    .slice(0, reasonsShown)
    .map((each) => `${each._count._all} × ${each.kind}, ${each.error}`);
  return `: ${andMore(shown, known.length)}`;
}

function andMore(shown: readonly string[], total: number): string {
  const rest = total - shown.length;
  return `${shown.map((each) => shorten(each, 160)).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

const outcomeWidth = 4;
const checkWidth = 10;

function findingLine({ outcome, check, said, mend }: Finding): string {
  const head = `${outcome.padEnd(outcomeWidth)}  ${check.padEnd(checkWidth)}  `;
  return `${head}${said}${mend ? ` → ${mend}` : ''}`.replace(/\s*\n\s*/g, ' ');
}

function closing(findings: readonly Finding[]): string {
  const failed = findings.filter((each) => each.outcome === 'FAIL').length;
  const warned = findings.filter((each) => each.outcome === 'warn').length;
  if (failed > 0)
    return `${count(failed, 'check fails', 'checks fail')}, ${count(warned, 'warning', 'warnings')}.`;
  return warned > 0 ? `Nothing fails; ${count(warned, 'warning', 'warnings')}.` : 'All is well.';
}

// The checks name no secret; should a driver's message hold one, it ends here.
function withoutSecrets(environment: Environment, text: string): string {
  const secrets = [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'ANDON_SECRET_KEY',
    'ANDON_TOKEN',
    'ANDON_GITHUB_APP_KEY',
  ];
  const values = secrets.map((name) => environment[name]?.trim() ?? '');
  const password = /:\/\/[^:/]*:([^@]+)@/.exec(environment.DATABASE_URL ?? '')?.[1] ?? '';
  return [...values, password, decoded(password)]
    .filter((value) => value.length >= 4)
    .reduce((clean, value) => clean.replaceAll(value, '…'), text)
    .replace(/\bx(ox[a-z]|app)-[\w-]+/g, '…');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
