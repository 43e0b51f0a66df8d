// Is Slack well? Asks with the tokens that Andon would use, and says of each answer what it means and how to mend it.
import { type Finding, fail, ok, warn } from '../core/finding.js';
import { type Answer, SlackRefused } from './api.js';
import { findChannel } from './channels.js';
import { scopeUses } from './scopes.js';

export interface SlackQuestions {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken?: string | undefined;
  readonly signingSecret?: string | undefined;
  readonly publicUrl: string;
  readonly incidentsChannel: string;
  readonly changesChannel: string;
  /** Where Andon hears itself, if it does. */
  readonly canaryChannel?: string | undefined;
  /** The ids of those who are called and of whom Andon has heard nothing yet. */
  readonly unheard?: readonly string[];
  /** The Slack team that the database is bound to; null when it is bound to none, or cannot be read. */
  readonly boundTeam: string | null;
  /** The wire's clock, in milliseconds. */
  readonly now: () => number;
}

/** What came back, and the clocks on both sides. */
interface Reply {
  readonly answer: Answer;
  /** The scopes of the token; null when Slack did not say. */
  readonly scopes: ReadonlySet<string> | null;
  /** How far Slack's clock is ahead of ours, in seconds; null when it did not say. */
  readonly aheadSeconds: number | null;
}

/** No answer that is Slack's. */
class NoAnswer extends Error {}

const timeoutMs = 8_000;
/** So many people are asked for. */
const idsAsked = 20;
/** Slack refuses, and Bolt refuses, what is signed five minutes off. */
const clockFailSeconds = 300;
const clockWarnSeconds = 60;
const appPage = 'https://api.slack.com/apps';
const addIt = 'add it (api.slack.com/apps, the app, OAuth & Permissions) and reinstall the app.';

/** Asks Slack everything that can be asked without changing anything there. */
export async function checkSlack(q: SlackQuestions): Promise<Finding[]> {
  let reply: Reply;
  try {
    reply = await ask(q, q.botToken, 'auth.test');
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return [
      fail(
        'token',
        `Slack does not answer at ${q.apiUrl}: ${error.message}.`,
        'Check the network, the proxy and SLACK_API_URL; nothing else of Slack could be looked at.',
      ),
    ];
  }
  const token = tokenFinding(q, reply.answer);
  const works = reply.answer.ok === true;
  return [
    token,
    ...(works ? scopeFindings(reply.scopes) : []),
    await connectionFinding(q),
    clockFinding(reply.aheadSeconds, Boolean(q.appToken)),
    ...(works ? await channelFindings(q, reply.scopes) : []),
    ...(works ? await peopleFindings(q) : []),
  ];
}

function tokenFinding(q: SlackQuestions, answer: Answer): Finding {
  if (answer.ok !== true) {
    const error = String(answer.error ?? 'no reason given');
    const mend =
      error === 'account_inactive' || error === 'token_revoked' || error === 'invalid_auth'
        ? `Install the app again (${appPage} → the app → Install App) and set SLACK_BOT_TOKEN to its bot token.`
        : 'Set SLACK_BOT_TOKEN to the bot token of the installed app.';
    return fail(
      'token',
      `Slack refuses SLACK_BOT_TOKEN: ${error}. Its scopes and channels were not looked at.`,
      mend,
    );
  }
  const teamId = String(answer.team_id);
  if (q.boundTeam !== null && q.boundTeam !== teamId)
    return fail(
      'token',
      `SLACK_BOT_TOKEN is of the workspace ${answer.team} (${teamId}), and the database of ${q.boundTeam}.`,
      'Use the token of that workspace, or another DATABASE_URL.',
    );
  const bound = q.boundTeam === null ? '' : ', the one that the database belongs to';
  return ok('token', `It is of the bot ${answer.user} in the workspace ${answer.team} (${teamId})${bound}.`);
}

/** What the token may not do, and what that costs. */
export function scopeFindings(granted: ReadonlySet<string> | null): Finding[] {
  if (granted === null)
    return [
      warn(
        'scopes',
        'Slack did not say which scopes the token has.',
        'Compare them with manifest.yml by hand.',
      ),
    ];
  const missing = scopeUses.filter((each) => !granted.has(each.scope));
  if (missing.length === 0) return [ok('scopes', `All ${scopeUses.length} are granted.`)];
  return missing.map(({ scope, needed, without }) =>
    (needed ? fail : warn)(
      'scopes',
      `${scope} is not granted. ${without}`,
      needed ? `Needed: ${addIt}` : `If you want it, ${addIt}`,
    ),
  );
}

async function connectionFinding(q: SlackQuestions): Promise<Finding> {
  if (!q.appToken) return httpFinding(q.publicUrl, q.apiUrl);
  try {
    const { answer } = await ask(q, q.appToken, 'apps.connections.open');
    if (answer.ok === true)
      return ok('connection', 'Socket Mode: Slack gives Andon an address to connect to.');
    const mend =
      answer.error === 'missing_scope' || answer.error === 'not_allowed_token_type'
        ? 'SLACK_APP_TOKEN must be an app-level token with the scope connections:write.'
        : `Make an app-level token with the scope connections:write (${appPage} → the app → Basic Information), and turn Socket Mode on.`;
    return fail('connection', `Slack refuses SLACK_APP_TOKEN: ${String(answer.error)}.`, mend);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return fail('connection', `Slack did not answer about Socket Mode: ${error.message}.`, 'Try again.');
  }
}

/** Whether Slack can call us, as far as the addresses tell. */
export function httpFinding(publicUrl: string, apiUrl: string): Finding {
  const address = `${publicUrl.replace(/\/+$/, '')}/slack/events`;
  const { protocol, hostname } = new URL(publicUrl);
  const unseen = 'A signing secret is set; whether it is the right one shows when Slack calls.';
  // A local Slack reaches what is local.
  if (isLocal(hostname) && isLocal(new URL(apiUrl).hostname)) return ok('connection', `HTTP. ${unseen}`);
  if (isLocal(hostname) || protocol !== 'https:')
    return warn(
      'connection',
      `HTTP, and Slack cannot call ${address}: it needs https and a name that the internet knows.`,
      'Set PUBLIC_URL to the https address that leads to this Andon, or use Socket Mode: set SLACK_APP_TOKEN.',
    );
  return ok('connection', `HTTP: Slack must be able to call ${address}. ${unseen}`);
}

function isLocal(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(hostname);
}

/** What a difference between Slack's clock and ours means. */
export function clockFinding(aheadSeconds: number | null, socketMode: boolean): Finding {
  if (aheadSeconds === null)
    return warn(
      'clock',
      'Slack’s answer bore no time to compare with.',
      'Compare this machine’s clock by hand.',
    );
  const off = Math.abs(aheadSeconds);
  const said = `This machine’s clock is ${off} s ${aheadSeconds > 0 ? 'behind' : 'ahead of'} Slack’s.`;
  const mend = 'Set the clock: turn time synchronisation on (NTP; `timedatectl set-ntp true`).';
  if (off > clockFailSeconds)
    return fail(
      'clock',
      socketMode
        ? `${said} The times in the record are wrong by as much.`
        : `${said} From ${clockFailSeconds} s on, everything that Slack sends is refused as stale.`,
      mend,
    );
  if (off > clockWarnSeconds)
    return warn('clock', `${said} The times in the record are off by as much.`, mend);
  return ok('clock', off <= 2 ? 'It agrees with Slack’s.' : said);
}

/** The channels where incidents and changes are announced; where one serves both, once; and the canary's. */
async function channelFindings(q: SlackQuestions, scopes: ReadonlySet<string> | null): Promise<Finding[]> {
  const named = (channel: string) => channel.replace(/^#/, '');
  const canary = q.canaryChannel ? [await canaryFinding(q, scopes, named(q.canaryChannel))] : [];
  return [...(await announcementFindings(q, scopes, named)), ...canary];
}

async function announcementFindings(
  q: SlackQuestions,
  scopes: ReadonlySet<string> | null,
  named: (channel: string) => string,
): Promise<Finding[]> {
  if (named(q.incidentsChannel) === named(q.changesChannel))
    return [await channelFinding(q, scopes, named(q.incidentsChannel), 'incidents and changes', 'INCIDENTS')];
  return [
    await channelFinding(q, scopes, named(q.incidentsChannel), 'incidents', 'INCIDENTS'),
    await channelFinding(q, scopes, named(q.changesChannel), 'changes', 'CHANGES'),
  ];
}

async function channelFinding(
  q: SlackQuestions,
  scopes: ReadonlySet<string> | null,
  name: string,
  what: string,
  variable: 'INCIDENTS' | 'CHANGES',
): Promise<Finding> {
  const said = `#${name}, where ${what} are announced,`;
  return lookedFor(q, name, said, (found) => {
    if (!found)
      return fail(
        'channel',
        `${said} is not there: no public channel that is not archived has this name.`,
        `Make it, or set ANDON_${variable}_CHANNEL to another one (a private one by its id, such as C0123456789).`,
      );
    if (found.is_member) return ok('channel', `${said} is there, and Andon is a member.`);
    if (scopes?.has('chat:write.public') || scopes?.has('channels:join'))
      return ok('channel', `${said} is there; Andon is not a member, but may post.`);
    return fail('channel', `${said} is there, but Andon may not post.`, 'Type there: /invite @Andon.');
  });
}

// To hear what is said there, being allowed to post is not enough.
async function canaryFinding(
  q: SlackQuestions,
  scopes: ReadonlySet<string> | null,
  name: string,
): Promise<Finding> {
  const said = `#${name}, where Andon hears itself,`;
  return lookedFor(q, name, said, (found) => {
    if (!found)
      return fail(
        'channel',
        `There is no channel #${name} that I can see, and there Andon is to hear itself.`,
        'Create it and invite Andon, or set ANDON_CANARY_CHANNEL (a private one by its id, such as C0123456789).',
      );
    if (found.is_member) return ok('channel', `${said} is there, and Andon is a member.`);
    if (scopes?.has('channels:join') && !found.is_private)
      return ok('channel', `${said} is there; Andon joins it when it starts.`);
    return fail('channel', `${said} is there, but Andon is not in it.`, 'Type there: /invite @Andon.');
  });
}

interface FoundChannel {
  readonly is_member?: boolean;
  readonly is_private?: boolean;
}

async function lookedFor(
  q: SlackQuestions,
  name: string,
  said: string,
  judged: (found: FoundChannel | null) => Finding,
): Promise<Finding> {
  try {
    return judged(await findNamed(q, name));
  } catch (error) {
    if (error instanceof NoAnswer)
      return warn('channel', `Slack did not answer about ${name}: ${error.message}.`, 'Try again.');
    if (!(error instanceof SlackRefused)) throw error;
    if (error.error === 'channel_not_found')
      return fail('channel', `${said} is not there, or hides from Andon.`, 'Type there: /invite @Andon.');
    return warn(
      'channel',
      `${said} could not be looked for: Slack answers ${error.error}.`,
      'Mend what stands above, and look again.',
    );
  }
}

async function findNamed(q: SlackQuestions, name: string): Promise<FoundChannel | null> {
  const call = async (method: string, args: Readonly<Record<string, unknown>>) => {
    const { answer } = await ask(q, q.botToken, method, args);
    if (answer.ok !== true) throw new SlackRefused(method, String(answer.error), null, answer);
    return answer;
  };
  if (/^[CG][A-Z0-9]{8,}$/.test(name))
    return (await call('conversations.info', { channel: name })).channel as FoundChannel;
  return findChannel(call, 'conversations.list', 'public_channel', (channel) => channel.name === name);
}

// An id that nobody has is taken everywhere, since its person may simply never have spoken to Andon; Slack knows.
async function peopleFindings(q: SlackQuestions): Promise<Finding[]> {
  const nobody: string[] = [];
  for (const id of (q.unheard ?? []).slice(0, idsAsked)) {
    try {
      const { answer } = await ask(q, q.botToken, 'users.info', { user: id });
      if (answer.error === 'user_not_found') nobody.push(id);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return [warn('people', `Slack did not answer about people: ${error.message}.`, 'Try again.')];
    }
  }
  if (nobody.length === 0) return [];
  return [
    warn(
      'people',
      `Slack knows nobody with the id ${nobody.join(', ')}, who is to be called: no page arrives there.`,
      'Correct it where it is said, in the catalogue’s file or with /incident escalation; in Slack: profile, Copy member ID.',
    ),
  ];
}

// Asked with fetch and not with the client, because the client hides the headers that are wanted here.
async function ask(
  q: SlackQuestions,
  token: string,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) body.set(name, String(value));
  const asked = q.now();
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${q.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (error) {
    throw new NoAnswer(unreachable(error));
  }
  if (!response.ok) throw new NoAnswer(`HTTP ${response.status}`);
  const answer = asAnswer(text);
  if (!answer) throw new NoAnswer('what answers is not Slack, perhaps a proxy');
  const scopes = response.headers.get('x-oauth-scopes');
  const date = Date.parse(response.headers.get('date') ?? '');
  const middle = (asked + q.now()) / 2;
  return {
    answer,
    scopes: scopes === null ? null : new Set(scopes.split(',').map((each) => each.trim())),
    // The header has whole seconds, cut off: on average half a second is lost.
    aheadSeconds: Number.isNaN(date) ? null : Math.round((date + 500 - middle) / 1000),
  };
}

function unreachable(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return code;
    if (cause.name === 'TimeoutError') return `no answer in ${timeoutMs / 1000} s`;
  }
  return 'the connection failed';
}

function asAnswer(text: string): Answer | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'ok' in parsed ? (parsed as Answer) : null;
  } catch {
    return null;
  }
}
