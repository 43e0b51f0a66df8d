// What `andon doctor` says of Andon's own life: whether anybody would notice that it is silent, and that it hears nothing.
import type { Config } from './config.js';
import { type Finding, ok, warn } from './core/finding.js';
import { showDuration } from './core/time/index.js';
import { countRunning } from './db/run-lock.js';
import type { Tx } from './db/tx.js';
import {
  aboutRemark,
  canaryLost,
  canaryTrouble,
  readAll,
  readNames,
  slackEverySeconds,
  slackGraceSeconds,
} from './features/heartbeat/index.js';

const silentMs = (slackEverySeconds + slackGraceSeconds) * 1000;
const namesShown = 5;

/** The sign of life, the canary, and the heartbeats of others. */
export async function lifeFindings(
  tx: Tx,
  workspaceId: string,
  config: Config,
  now: Date,
): Promise<Finding[]> {
  return [signOfLife(config), await canary(tx, workspaceId, config, now), await heartbeats(tx, workspaceId)];
}

// `andon start` opens the local workspace then, which ends with its window: nobody is to be woken for it.
function isLocal(config: Config): boolean {
  return config.SLACK_BOT_TOKEN === undefined;
}

function signOfLife(config: Config): Finding {
  const url = config.ANDON_HEARTBEAT_URL;
  if (url && isLocal(config))
    return ok('sign of life', 'Not in the local workspace: ANDON_HEARTBEAT_URL is not asked for there.');
  if (url) return ok('sign of life', 'ANDON_HEARTBEAT_URL is asked for once a minute while Andon works.');
  return ok(
    'sign of life',
    'Off: nobody would hear that Andon itself is down. To have that noticed, set ANDON_HEARTBEAT_URL to a monitor elsewhere.',
  );
}

async function canary(tx: Tx, workspaceId: string, config: Config, now: Date): Promise<Finding> {
  const channel = config.ANDON_CANARY_CHANNEL;
  if (!channel)
    return ok(
      'canary',
      'Off: nobody would hear that Andon hears nothing from Slack. To have that noticed, set ANDON_CANARY_CHANNEL.',
    );
  if (isLocal(config))
    return ok('canary', 'Not in the local workspace: ANDON_CANARY_CHANNEL is not used there.');
  const row = await tx.canary.findUnique({ where: { workspaceId } });
  // What was said of another channel, before the setting was mended, says nothing of this one.
  const former = row?.channelId?.startsWith('#') && row.channelId !== canaryLost(channel).channelId;
  const trouble = former ? null : canaryTrouble(row);
  if (trouble)
    return warn(
      'canary',
      `Andon does not hear itself in Slack. ${trouble}`,
      'It looks again each minute; with another setting, start it again.',
    );
  if (!row?.sentAt) return await notBegun(channel, config.DATABASE_URL);
  const since = row.heardAt ? now.getTime() - row.heardAt.getTime() : null;
  if (since !== null && since <= silentMs)
    return ok('canary', `Andon heard itself in ${channel} ${showDuration(since)} ago.`);
  const when = since === null ? 'never' : `last ${showDuration(since)} ago`;
  return warn(
    'canary',
    `Andon writes in ${channel} and does not hear itself there: ${when}.`,
    `Invite Andon to ${channel}, and see that the app has the events message.channels and message.groups and that Slack reaches Andon.`,
  );
}

async function notBegun(channel: string, databaseUrl: string): Promise<Finding> {
  if ((await countRunning(databaseUrl)) === 0)
    return ok('canary', `It begins in ${channel} when Andon starts.`);
  return warn(
    'canary',
    `Andon runs, and has written nothing in ${channel} yet.`,
    'Look again in a minute. If it stays so: was Andon started before this was set? Else its log says why, at “canary not sent”.',
  );
}

async function heartbeats(tx: Tx, workspaceId: string): Promise<Finding> {
  const all = await readAll(tx, workspaceId);
  const missing = all.filter(({ row }) => row.state === 'missing').map(({ row }) => row.name);
  if (all.length === 0) return ok('heartbeats', 'None is watched.');
  const known = await readNames(tx, workspaceId);
  const odd = all.flatMap(({ row }) => aboutRemark(row, known) ?? []);
  if (missing.length === 0 && odd.length > 0)
    return warn(
      'heartbeats',
      `${all.length} watched, none is missing. ${[...new Set(odd)].slice(0, namesShown).join(' ')}`,
      'Take the name that the catalogue has: `/incident heartbeat NAME service:…`; `/change services` shows them.',
    );
  if (missing.length === 0) return ok('heartbeats', `${all.length} watched, none is missing.`);
  const more = missing.length - namesShown;
  const names = `${missing.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return warn(
    'heartbeats',
    `${missing.length} of ${all.length} missing: ${names}.`,
    'See what sent them; `/incident pause NAME` and `/incident forget NAME` call nobody for one.',
  );
}
