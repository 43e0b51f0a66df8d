// What `andon doctor` says of Andon's own life: whether anybody would notice that it is silent, and that it hears nothing.
import type { Config } from './config.js';
import { type Finding, ok, warn } from './core/finding.js';
import { showDuration } from './core/time/index.js';
import type { Tx } from './db/tx.js';
import {
  aboutRemark,
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

function signOfLife({ ANDON_HEARTBEAT_URL: url }: Config): Finding {
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
  const row = await tx.canary.findUnique({ where: { workspaceId } });
  if (!row?.sentAt) return ok('canary', `It begins in ${channel} when Andon starts.`);
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
