// Which Slack team is ours: bound at first contact, another one is refused.
import type { WorkspaceRef } from '../core/command.js';
import { Fault } from '../core/faults.js';
import type { Database } from '../db/open.js';
import { type SlackApi, SlackRefused, SlackUnreachable } from './api.js';
import { findChannel } from './channels.js';
import type { Team } from './request.js';

/** Asks Slack who we are and binds the workspace to that team. Throws a fault when it is bound to another. */
export async function bindTeam(db: Database, api: SlackApi, workspace: WorkspaceRef): Promise<void> {
  const answer = await api.call('auth.test', {});
  const teamId = String(answer.team_id);
  const row = await db.of(workspace.id).read.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  if (row.slackTeamId !== null && row.slackTeamId !== teamId) {
    throw new Fault(
      'other_team',
      `bound to ${row.slackTeamId}, token of ${teamId}`,
      `SLACK_BOT_TOKEN is of another Slack workspace (${String(answer.team)}) than this database. Use the token of the first one, or another DATABASE_URL.`,
    );
  }
  await db.of(workspace.id).write((tx) =>
    tx.workspace.update({
      where: { id: workspace.id },
      data: {
        slackTeamId: teamId,
        slackTeamUrl: String(answer.url).replace(/\/*$/, '/'),
        slackBotUserId: String(answer.user_id),
      },
    }),
  );
}

/** What to do about a bot token that Slack does not take; null for every other error. */
export function refusedBotToken(error: unknown): Fault | null {
  const code =
    error instanceof SlackUnreachable
      ? error.refusedToken
      : error instanceof SlackRefused && error.error === 'not_allowed_token_type'
        ? error.error
        : null;
  if (code === null) return null;
  return new Fault(
    'bot_token_refused',
    code,
    `SLACK_BOT_TOKEN is refused by Slack (${code}). Copy it anew from the app's OAuth & Permissions page.`,
  );
}

/** Finds and joins the channels where incidents and changes are announced, so that the first of them need not. */
export async function findAnnouncements(db: Database, api: SlackApi, workspace: WorkspaceRef): Promise<void> {
  const row = await db.of(workspace.id).read.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  if (!row.incidentsChannelId) {
    const id = await findAndJoin(api, row.incidentsChannel);
    if (id) await learn(db, workspace, { incidentsChannelId: id });
  }
  if (!row.changesChannelId) {
    const id = await findAndJoin(api, row.changesChannel);
    if (id) await learn(db, workspace, { changesChannelId: id });
  }
}

async function findAndJoin(api: SlackApi, channel: string): Promise<string | null> {
  const name = channel.replace(/^#/, '');
  const found = await findChannel(
    api.call,
    'conversations.list',
    'public_channel',
    (channel) => channel.name === name,
  );
  if (!found) return null;
  await api.call('conversations.join', { channel: found.id }).catch((error: unknown) => {
    if (!(error instanceof SlackRefused)) throw error;
  });
  return found.id;
}

async function learn(
  db: Database,
  workspace: WorkspaceRef,
  data: { incidentsChannelId: string } | { changesChannelId: string },
): Promise<void> {
  await db.of(workspace.id).write((tx) => tx.workspace.update({ where: { id: workspace.id }, data }));
}

/**
 * Knows the team of a request, if it is ours. What is complete is remembered: whoever waits for an answer within three
 * seconds gets one though the database does not answer.
 */
export function knownTeam(db: Database, workspace: WorkspaceRef, botToken: string) {
  let known: { readonly teamId: string; readonly team: Team } | null = null;
  return async (teamId: string | null): Promise<Team | null> => {
    if (known?.teamId === teamId) return known.team;
    const team = await teamOf(db, workspace, botToken, teamId);
    if (team?.botUserId && teamId !== null) known = { teamId, team };
    return team;
  };
}

/** The team of a request, if it is ours. The first signed request binds a workspace that is not bound yet. */
export async function teamOf(
  db: Database,
  workspace: WorkspaceRef,
  botToken: string,
  teamId: string | null,
): Promise<Team | null> {
  const row = await db.of(workspace.id).read.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  if (row.slackTeamId === null && teamId !== null) {
    await db.of(workspace.id).write((tx) =>
      tx.workspace.updateMany({
        where: { id: workspace.id, slackTeamId: null },
        data: { slackTeamId: teamId },
      }),
    );
  } else if (teamId !== null && row.slackTeamId !== teamId) return null;
  return { workspace, botToken, botId: null, botUserId: row.slackBotUserId };
}
