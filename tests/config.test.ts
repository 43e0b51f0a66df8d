// Settings: what each is when nobody sets it, and the one line that says what is wrong with it.
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, settingsHelp } from '../src/config.js';

function complaint(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'shh' };
const postgres = { DATABASE_URL: 'postgresql://andon@db.example/andon' };
const secret = { ANDON_SECRET_KEY: 'k'.repeat(32) };

test('with nothing set there are the defaults, and no Slack', () => {
  expect(readConfig({})).toEqual({
    SLACK_API_URL: 'https://slack.com/api/',
    DATABASE_URL: 'file:./data/andon.db',
    HOST: '127.0.0.1',
    PORT: 3000,
    LOG_LEVEL: 'info',
    ANDON_TIME_ZONE: 'UTC',
    ANDON_INCIDENTS_CHANNEL: 'incidents',
    ANDON_CHANGES_CHANNEL: 'changes',
    ANDON_TIMELINE_EMOJI: 'pushpin',
    ANDON_LOCAL_REMOTE: 'no',
    ANDON_GITHUB_API_URL: 'https://api.github.com',
    publicUrl: 'http://localhost:3000',
    databaseUrlGiven: false,
  });
});

test('an empty variable is one that was not set, and spaces around a value do not count', () => {
  const empty = Object.fromEntries(settingsHelp().map(({ name }) => [name, ' ']));
  expect(readConfig(empty)).toEqual(readConfig({}));
  expect(readConfig({ ANDON_TIME_ZONE: ' Europe/Berlin ' }).ANDON_TIME_ZONE).toBe('Europe/Berlin');
});

test('variables of others are left alone', () => {
  expect(readConfig({ PATH: '/bin', SLACK_SOMETHING: 'x' })).toEqual(readConfig({}));
});

test('what was read cannot be changed', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test.each([
  ['SLACK_BOT_TOKEN', { ...slack }, 'xoxb-1'],
  ['SLACK_SIGNING_SECRET', { ...slack }, 'shh'],
  ['SLACK_APP_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, 'xapp-1'],
  ['SLACK_API_URL', { SLACK_API_URL: 'http://127.0.0.1:4000/api' }, 'http://127.0.0.1:4000/api/'],
  ['DATABASE_URL', { DATABASE_URL: 'file:/data/a.db' }, 'file:/data/a.db'],
  ['DATABASE_URL', { ...postgres, ...secret }, postgres.DATABASE_URL],
  ['ANDON_SECRET_KEY', secret, secret.ANDON_SECRET_KEY],
  ['ANDON_GITHUB_APP_ID', { ANDON_GITHUB_APP_ID: '731001', ANDON_GITHUB_APP_KEY: 'app.pem' }, '731001'],
  [
    'ANDON_GITHUB_APP_KEY',
    { ANDON_GITHUB_APP_ID: 'Iv23liABCdef', ANDON_GITHUB_APP_KEY: 'app.pem' },
    'app.pem',
  ],
  [
    'ANDON_GITHUB_API_URL',
    { ANDON_GITHUB_API_URL: 'https://git.example/api/v3/' },
    'https://git.example/api/v3',
  ],
  ['HOST', { HOST: '0.0.0.0' }, '0.0.0.0'],
  ['PORT', { PORT: '8080' }, 8080],
  ['PORT', { PORT: '0' }, 0],
  ['ANDON_LOCAL_PORT', { ANDON_LOCAL_PORT: '4000' }, 4000],
  ['ANDON_LOCAL_REMOTE', { ANDON_LOCAL_REMOTE: 'yes' }, 'yes'],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://andon.example' }, 'https://andon.example'],
  ['LOG_LEVEL', { LOG_LEVEL: 'silent' }, 'silent'],
  ['ANDON_TIME_ZONE', { ANDON_TIME_ZONE: 'America/Los_Angeles' }, 'America/Los_Angeles'],
  ['ANDON_INCIDENTS_CHANNEL', { ANDON_INCIDENTS_CHANNEL: '#ops-störungen' }, '#ops-störungen'],
  ['ANDON_CHANGES_CHANNEL', { ANDON_CHANGES_CHANNEL: 'C0123ABCDEF' }, 'C0123ABCDEF'],
] as [string, Record<string, string>, unknown][])('%s is taken: %j', (name, env, value) => {
  expect(readConfig(env)[name as 'PORT']).toBe(value);
});

test.each([
  [{ SLACK_BOT_TOKEN: 'xoxp-1', SLACK_SIGNING_SECRET: 'x' }, 'SLACK_BOT_TOKEN must begin with xoxb-'],
  [{ ...slack, SLACK_APP_TOKEN: 'app' }, 'SLACK_APP_TOKEN must begin with xapp-'],
  [{ SLACK_API_URL: 'slack.com/api' }, 'SLACK_API_URL must be an http(s) address that ends in /api/'],
  [{ SLACK_API_URL: 'ftp://slack.com/api/' }, 'SLACK_API_URL must be an http(s) address that ends in /api/'],
  [{ DATABASE_URL: 'mysql://db/andon' }, 'DATABASE_URL must begin with file: (SQLite) or postgresql://'],
  [{ DATABASE_URL: 'file:' }, 'DATABASE_URL must begin with file: (SQLite) or postgresql://'],
  [{ DATABASE_URL: 'andon.db' }, 'DATABASE_URL must begin with file: (SQLite) or postgresql://'],
  [
    { ANDON_SECRET_KEY: 'short' },
    'ANDON_SECRET_KEY must have at least 32 characters; `openssl rand -base64 32` makes one',
  ],
  [{ PORT: 'http' }, 'PORT must be a number'],
  [{ PORT: '30.5' }, 'PORT must be a whole number'],
  [{ PORT: '70000' }, 'PORT must be 0 to 65535'],
  [{ PORT: '-1' }, 'PORT must be 0 to 65535'],
  [{ ANDON_LOCAL_PORT: '70000' }, 'ANDON_LOCAL_PORT must be 0 to 65535'],
  [{ ANDON_LOCAL_REMOTE: 'true' }, 'ANDON_LOCAL_REMOTE must be yes or no'],
  [{ PUBLIC_URL: 'andon.example' }, 'PUBLIC_URL must be an http(s) address'],
  [{ PUBLIC_URL: 'javascript:alert(1)' }, 'PUBLIC_URL must be an http(s) address'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent'],
  [{ ANDON_TIME_ZONE: 'Berlin' }, 'ANDON_TIME_ZONE must be an IANA time zone, such as Europe/Berlin'],
  [{ ANDON_INCIDENTS_CHANNEL: 'Big Fires' }, 'ANDON_INCIDENTS_CHANNEL must be a channel’s name or id'],
  [
    { ANDON_GITHUB_APP_ID: '7' },
    'ANDON_GITHUB_APP_KEY is missing: ANDON_GITHUB_APP_ID needs the App’s private key',
  ],
  [
    { ANDON_GITHUB_APP_KEY: 'app.pem' },
    'ANDON_GITHUB_APP_ID is missing: ANDON_GITHUB_APP_KEY is of no use without it',
  ],
  [
    { ANDON_GITHUB_APP_ID: 'my-app', ANDON_GITHUB_APP_KEY: 'app.pem' },
    'ANDON_GITHUB_APP_ID must be the App ID or the Client ID of a GitHub App',
  ],
  [
    { ANDON_GITHUB_API_URL: 'file:///etc' },
    'ANDON_GITHUB_API_URL must be an http(s) address, such as https://github.example.com/api/v3',
  ],
  [{ ANDON_CHANGES_CHANNEL: '<!channel>' }, 'ANDON_CHANGES_CHANNEL must be a channel’s name or id'],
] as [Record<string, string>, string][])('%j is refused', (env, sentence) => {
  expect(complaint(env)).toBe(sentence);
});

describe('together', () => {
  test('a bot token needs a signing secret or Socket Mode', () => {
    expect(complaint({ SLACK_BOT_TOKEN: 'xoxb-1' })).toMatch(
      /^SLACK_SIGNING_SECRET is missing: .*SLACK_APP_TOKEN/,
    );
  });

  test.each([[{ SLACK_SIGNING_SECRET: 'x' }], [{ SLACK_APP_TOKEN: 'xapp-1' }]])(
    '%j is of no use without the bot token',
    (env) => {
      expect(complaint(env)).toMatch(/^SLACK_BOT_TOKEN is missing/);
    },
  );

  test('PostgreSQL needs the secret key', () => {
    expect(complaint(postgres)).toMatch(/^ANDON_SECRET_KEY is required with PostgreSQL/);
    expect(complaint({ DATABASE_URL: 'postgres://db/andon' })).toMatch(/^ANDON_SECRET_KEY/);
  });

  test('the public address follows the port', () => {
    expect(readConfig({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
    expect(readConfig({ PORT: '8080', PUBLIC_URL: 'https://a.example' }).publicUrl).toBe('https://a.example');
  });

  test('a database that was named is known from the default', () => {
    expect(readConfig({ DATABASE_URL: 'file:./data/andon.db' }).databaseUrlGiven).toBe(true);
  });
});

test('a complaint is one line, names the variable first, and never shows a secret', () => {
  const wrong: Record<string, string>[] = [
    { SLACK_BOT_TOKEN: 'hunter2' },
    { ...slack, SLACK_APP_TOKEN: 'hunter2' },
    { ANDON_SECRET_KEY: 'hunter2' },
    { DATABASE_URL: 'mysql://andon:hunter2@db/andon' },
    { PUBLIC_URL: 'hunter2' },
    { PORT: 'hunter2', ANDON_TIME_ZONE: 'hunter2' },
  ];
  const names = settingsHelp().map(({ name }) => name);
  for (const env of wrong) {
    const sentence = complaint(env);
    expect(sentence).not.toContain('hunter2');
    expect(sentence).not.toContain('\n');
    expect(names).toContain(sentence.split(' ')[0]);
  }
});

test('every setting has its sentence of help', () => {
  const known = Object.keys(
    readConfig({
      ...slack,
      SLACK_APP_TOKEN: 'xapp-1',
      ...secret,
      PUBLIC_URL: 'http://a.example',
      ANDON_LOCAL_PORT: '4000',
      ANDON_TOKEN: 'andon_1',
      ANDON_GITHUB_APP_ID: '1',
      ANDON_GITHUB_APP_KEY: 'app.pem',
      ANDON_URL: 'http://a.example',
      SMTP_URL: 'smtp://mail.example',
      MAIL_FROM: 'andon@example.com',
      ANDON_HEARTBEAT_URL: 'http://a.example',
      ANDON_CANARY_CHANNEL: 'andon-canary',
    }),
  );
  const names = settingsHelp().map(({ name }) => name);
  expect(names.sort()).toEqual(known.filter((name) => /^[A-Z_]+$/.test(name)).sort());
  for (const { help } of settingsHelp()) expect(help.length).toBeGreaterThan(10);
});
