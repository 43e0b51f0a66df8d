// Every setting: from the environment, checked once, frozen, each with its sentence of help.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { Plain } from './core/faults.js';

/** A setting that cannot be used; its message names the variable and says why. */
export class ConfigError extends Plain {}

/** Where the local workspace keeps its record; made anew at each start. */
export const localDatabaseUrl = 'file:./data/local/andon.db';

const text = z.string().min(1);
const slackChannel = z
  .string()
  .regex(/^#?[\p{Ll}\p{N}_-]{1,80}$|^[CG][A-Z0-9]{8,}$/u, { error: 'must be a channel’s name or id' });

const settings = {
  SLACK_BOT_TOKEN: text
    .startsWith('xoxb-', { error: 'must begin with xoxb-' })
    .optional()
    .describe('the bot token of one workspace'),
  SLACK_SIGNING_SECRET: text
    .optional()
    .describe('signs what Slack sends over HTTP; needed with SLACK_BOT_TOKEN unless Socket Mode is used'),
  SLACK_APP_TOKEN: text
    .startsWith('xapp-', { error: 'must begin with xapp-' })
    .optional()
    .describe('turns Socket Mode on: no public address is needed'),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address that ends in /api/' })
    .default('https://slack.com/api/')
    .describe('any server that speaks Slack’s Web API'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)/, { error: 'must begin with file: (SQLite) or postgresql://' })
    .default('file:./data/andon.db')
    .describe('where the record is kept'),
  ANDON_SECRET_KEY: z
    .string()
    .min(32, { error: 'must have at least 32 characters; `openssl rand -base64 32` makes one' })
    .optional()
    .describe(
      'seals secrets that must be known again, such as those of GitHub’s hooks; required with PostgreSQL, else made beside the database',
    ),
  HOST: text.default('127.0.0.1').describe('the address to listen on'),
  ANDON_TOKEN: text
    .startsWith('andon_', { error: 'must begin with andon_; `andon token create` makes one' })
    .optional()
    .describe('the token with which the command line speaks to the Andon at ANDON_URL'),
  ANDON_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address, such as https://andon.example.com' })
    .optional()
    .describe('a running Andon for the command line; without it, the command line uses DATABASE_URL'),
  PORT: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must be 0 to 65535' })
    .max(65535, { error: 'must be 0 to 65535' })
    .default(3000)
    .describe('the port to listen on'),
  ANDON_LOCAL_PORT: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must be 0 to 65535' })
    .max(65535, { error: 'must be 0 to 65535' })
    .optional()
    .describe('the port of the local workspace’s page; the next free one after PORT unless set'),
  ANDON_LOCAL_REMOTE: z
    .enum(['yes', 'no'], { error: 'must be yes or no' })
    .default('no')
    .describe(
      'yes: the local workspace may listen on a HOST that is not loopback, where anybody can act as anybody',
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .optional()
    .describe('how others reach Andon; http://localhost:PORT unless set'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('how much is logged'),
  ANDON_TIME_ZONE: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), {
      error: 'must be an IANA time zone, such as Europe/Berlin',
    })
    .default('UTC')
    .describe('the workspace’s time zone, for exports and where a person’s is unknown'),
  ANDON_INCIDENTS_CHANNEL: slackChannel.default('incidents').describe('where incidents are announced'),
  ANDON_TIMELINE_EMOJI: z
    .string()
    .transform((name) => name.replace(/^:|:$/g, ''))
    .pipe(
      z.string().regex(/^[\p{Ll}\p{N}_+'-]{1,100}$/u, { error: 'must be an emoji’s name, such as pushpin' }),
    )
    .default('pushpin')
    .describe('the reaction that puts a message on the timeline'),
  ANDON_CHANGES_CHANNEL: slackChannel.default('changes').describe('where changes and freezes are announced'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an address such as smtps://user:password@mail.example.com' })
    .optional()
    .describe('the mail server by which pages and updates go where Slack does not answer'),
  MAIL_FROM: text
    .regex(/^[^\s<>]+@[^\s<>]+$|^[^<>\r\n]*<[^\s<>]+@[^\s<>]+>$/, {
      error: 'must be an address, such as andon@example.com',
    })
    .optional()
    .describe('whom letters come from; needed with SMTP_URL'),
  ANDON_HEARTBEAT_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .optional()
    .describe(
      'is asked for once a minute while Andon works, so that something else notices when it does not',
    ),
  ANDON_CANARY_CHANNEL: slackChannel
    .optional()
    .describe(
      'a channel in which Andon edits one message of its own, and sees whether it hears of that from Slack',
    ),
  ANDON_GITHUB_APP_ID: z
    .string()
    .regex(/^(?:\d{1,15}|Iv[\w.]{6,40})$/, { error: 'must be the App ID or the Client ID of a GitHub App' })
    .optional()
    .describe('the GitHub App that has the deployment protection rule, which Andon answers'),
  ANDON_GITHUB_APP_KEY: text
    .optional()
    .describe(
      'that App’s private key: the text of the .pem file, or its path; needed with ANDON_GITHUB_APP_ID',
    ),
  ANDON_GITHUB_API_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an http(s) address, such as https://github.example.com/api/v3',
    })
    .default('https://api.github.com')
    .describe('GitHub’s API, where it is a server of your own'),
};

const schema = z.object(settings).superRefine((env, context) => {
  const problem = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (env.SLACK_BOT_TOKEN && !env.SLACK_SIGNING_SECRET && !env.SLACK_APP_TOKEN)
    problem(
      'SLACK_SIGNING_SECRET',
      'is missing: SLACK_BOT_TOKEN needs it, or SLACK_APP_TOKEN for Socket Mode',
    );
  if (!env.SLACK_BOT_TOKEN && (env.SLACK_SIGNING_SECRET || env.SLACK_APP_TOKEN))
    problem('SLACK_BOT_TOKEN', 'is missing: the other Slack variables are of no use without it');
  if (env.ANDON_GITHUB_APP_ID && !env.ANDON_GITHUB_APP_KEY)
    problem('ANDON_GITHUB_APP_KEY', 'is missing: ANDON_GITHUB_APP_ID needs the App’s private key');
  if (env.ANDON_GITHUB_APP_KEY && !env.ANDON_GITHUB_APP_ID)
    problem('ANDON_GITHUB_APP_ID', 'is missing: ANDON_GITHUB_APP_KEY is of no use without it');
  if (env.SMTP_URL && !env.MAIL_FROM)
    problem('MAIL_FROM', 'is missing: SMTP_URL needs the address that letters come from');
  if (env.DATABASE_URL.startsWith('postgres') && !env.ANDON_SECRET_KEY)
    problem('ANDON_SECRET_KEY', 'is required with PostgreSQL; `openssl rand -base64 32` makes one');
});

export type Config = Readonly<z.infer<typeof schema>> & {
  readonly publicUrl: string;
  readonly databaseUrlGiven: boolean;
};

/** Reads and checks the settings. Throws ConfigError with one line for the first that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is one that was not set: compose files and shells leave such behind.
  const given = Object.fromEntries(
    Object.keys(settings)
      .map((name) => [name, env[name]?.trim()])
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0] ?? 'environment')} ${issue?.message ?? 'is wrong'}`);
  }
  return Object.freeze({
    ...parsed.data,
    SLACK_API_URL: parsed.data.SLACK_API_URL.replace(/\/*$/, '/'),
    ANDON_GITHUB_API_URL: parsed.data.ANDON_GITHUB_API_URL.replace(/\/+$/, ''),
    publicUrl: parsed.data.PUBLIC_URL ?? `http://localhost:${parsed.data.PORT}`,
    databaseUrlGiven: 'DATABASE_URL' in given,
  });
}

/** The variables with their sentences, for `andon help` and the documentation. */
export function settingsHelp(): { name: string; help: string }[] {
  return Object.entries(settings).map(([name, setting]) => ({ name, help: setting.description ?? '' }));
}
