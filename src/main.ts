// Start, listen, drain. Nothing else.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import { startApp } from './app.js';
import { type Config, ConfigError, localDatabaseUrl, readConfig } from './config.js';
import { Fault } from './core/faults.js';
import type { Log } from './core/log.js';
import { realWire } from './core/wire.js';
import { sqlitePath } from './db/open.js';
import { DatabaseInUse } from './db/run-lock.js';
import { openDemonstration } from './demonstration.js';
import { githubSettings } from './github/settings.js';
import { isOfThisMachine } from './outside/http.js';

/** Exit codes: 2 for what the one who starts it must mend, 1 for everything else. */
const wrongSettings = 2;

/** Starts Andon as the environment says, and ends it on SIGINT and SIGTERM. */
export async function main(): Promise<void> {
  try {
    const config = readConfig(process.env);
    const log = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }));
    // A rejection that nobody awaited must not end the process in the middle of an incident; it is logged instead.
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
    const stop = config.SLACK_BOT_TOKEN
      ? await startReal(config, config.SLACK_BOT_TOKEN, log)
      : await startLocal(config, log);
    stopOnSignals(stop, log);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(
      error instanceof ConfigError || error instanceof Fault || error instanceof DatabaseInUse
        ? wrongSettings
        : 1,
    );
  }
}

async function startReal(config: Config, botToken: string, log: Log): Promise<() => Promise<void>> {
  const app = await startApp({
    databaseUrl: config.DATABASE_URL,
    secretKey: config.ANDON_SECRET_KEY,
    slack: {
      apiUrl: config.SLACK_API_URL,
      botToken,
      signingSecret: config.SLACK_SIGNING_SECRET,
      appToken: config.SLACK_APP_TOKEN,
    },
    host: config.HOST,
    port: config.PORT,
    zone: config.ANDON_TIME_ZONE,
    incidentsChannel: config.ANDON_INCIDENTS_CHANNEL,
    changesChannel: config.ANDON_CHANGES_CHANNEL,
    timelineEmoji: config.ANDON_TIMELINE_EMOJI,
    github: githubSettings(config),
    mail: mailSettings(config),
    publicUrl: config.publicUrl,
    heartbeatUrl: config.ANDON_HEARTBEAT_URL,
    canaryChannel: config.ANDON_CANARY_CHANNEL,
    now: () => new Date(),
    wire: realWire,
    log,
  });
  if (mailSettings(config) && isOfThisMachine(config.publicUrl))
    log.warn({ publicUrl: config.publicUrl }, 'letters carry no link to acknowledge a page: set PUBLIC_URL');
  const how = config.SLACK_APP_TOKEN
    ? 'over Socket Mode'
    : `over HTTP: Slack must reach ${config.publicUrl}/slack/events`;
  process.stdout.write(`Andon is running, ${how}. Health: http://${config.HOST}:${app.port}/readyz\n`);
  return () => app.stop();
}

function mailSettings({ SMTP_URL: url, MAIL_FROM: from }: Config) {
  return url && from ? { url, from } : undefined;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

// Nobody signs in to the local workspace, so that nobody else may reach it unless this was meant.
function mayListen(config: Config): void {
  if (loopback.includes(config.HOST) || config.ANDON_LOCAL_REMOTE === 'yes') return;
  throw new ConfigError(
    `HOST is ${config.HOST}, and in the local workspace anybody who reaches it can act as anybody. ` +
      'Leave HOST out, or set ANDON_LOCAL_REMOTE=yes if you mean it. For a real Slack, set SLACK_BOT_TOKEN.',
  );
}

// The local Slack forgets everything when it ends, so its record begins anew too, unless a database was named.
async function startLocal(config: Config, log: Log): Promise<() => Promise<void>> {
  mayListen(config);
  if (!config.databaseUrlGiven)
    rmSync(dirname(sqlitePath(localDatabaseUrl)), { recursive: true, force: true });
  const databaseUrl = config.databaseUrlGiven ? config.DATABASE_URL : localDatabaseUrl;
  return openDemonstration({
    databaseUrl,
    secretKey: config.ANDON_SECRET_KEY,
    host: config.HOST,
    port: config.PORT,
    slackPorts: localPorts(config),
    allowRemote: !loopback.includes(config.HOST),
    zone: config.ANDON_TIME_ZONE,
    log,
    github: githubSettings(config),
    mail: mailSettings(config),
    publicUrl: config.publicUrl,
    quit: () => void process.kill(process.pid, 'SIGTERM'),
  });
}

/** How many ports after PORT are tried before any free one is taken. */
const nextPorts = 20;

function localPorts(config: Config): number[] {
  if (config.ANDON_LOCAL_PORT !== undefined) return [config.ANDON_LOCAL_PORT];
  if (config.PORT === 0) return [0];
  const next = Array.from({ length: nextPorts }, (_, index) => config.PORT + 1 + index);
  return [...next.filter((port) => port <= 65535), 0];
}

function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stop failed');
          process.exit(1);
        },
      );
    });
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `andon: ${error.message}`;
  if (error instanceof Fault) return `andon: ${error.public}`;
  if (error instanceof DatabaseInUse) return `andon: ${error.message}`;
  return `andon: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) await main();
