// The notice of what Slack refused, and how to mend it.
import { line, list, type Message, message, type Span, shorten } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';

type Shortfall = Prisma.ShortfallGetPayload<object>;

const scopeHelp = 'An admin can add it to the app under OAuth & Permissions and reinstall it.';
/** What is given up when an announcement cannot be posted or updated. */
export const announcementEffect = 'announce';
/** What is given up when a direct message to somebody was refused. */
export const directEffect = 'direct';
/** What is given up when nobody could be invited to a private channel; the incident moves. */
export const inviteAlone = 'inviteAnybody';
/** What is given up when an incident's channel cannot be written to; the incident moves. */
export const channelClosed = 'postInChannel';
const effectWords: Record<string, string> = {
  openPlace: 'open a channel',
  movePlace: 'move to another place',
  [channelClosed]: 'write in its channel',
  show: 'post or update a message in its channel',
  [announcementEffect]: 'announce it, or update the announcement',
  say: 'post a message',
  [directEffect]: 'write a direct message to somebody',
  meet: 'learn people’s names and time zones, so that a time without a zone is read and shown in the workspace’s zone',
  invite: 'invite people to its channel',
  [inviteAlone]: 'invite anybody to its private channel, so that it goes on in a direct message',
  setTopic: 'set the topic',
  setPurpose: 'set the purpose',
  bookmark: 'add the bookmark',
  pin: 'pin the summary',
  look: 'read a message for the timeline',
  catchUp: 'read what was missed while I was away; mark it again with the reaction or a pin',
  catchUpPins: 'read what was pinned while I was away',
  catchUpMembers: 'see who joined or left its channel while I was away; whoever did may join or leave again',
  lookAgain: 'read a message of the timeline again',
  answerMissed: 'answer what was said to me while I was away; say it again',
  replace: 'take redacted words out of a message of mine; delete it by hand',
  renameChannel: 'rename its channel, whose name may hold redacted words; rename it by hand',
  seekCopies:
    'look for copies of redacted words; see what Slack wrote of its channel’s topic, purpose and name',
  replaceFiles: 'delete a file that holds redacted words; delete it by hand',
  upload: 'upload the draft (`andon export` writes it to disk)',
};

/** What Slack refused on this incident and how to mend it, in one message however much it is. */
export async function noticeView(tx: Tx, incidentId: string): Promise<Message | null> {
  const shortfalls = await tx.shortfall.findMany({ where: { incidentId }, orderBy: { id: 'asc' } });
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (shortfalls.length === 0 || !incident) return null;
  const { incidentsChannel } = await tx.workspace.findUniqueOrThrow({ where: { id: incident.workspaceId } });
  const name = `${incidentKey(incident)} ${shorten(incident.title, 100)}`;
  return message(
    line({ bold: 'Slack did not let me do everything.' }, ` ${name} goes on and its record is whole.`),
    list(shortfalls.map((each) => shortfallSpans(each, incidentsChannel))),
  );
}

/** What Slack refused, and how to mend it. */
export function shortfallSpans(each: Shortfall, announcements = 'incidents'): Span[] {
  const what = `I could not ${effectWords[each.effect] ?? each.effect}: `;
  if (each.method === 'conversations.list' && each.error === 'channel_not_found')
    return [what, noChannel(announcements)];
  const mend = each.needed ? ` The scope ${each.needed} is missing. ${scopeHelp}` : ` ${mending(each)}`;
  return [`${what}Slack said `, { code: each.error }, ` to ${each.method}.${mend}`];
}

function noChannel(name: string): string {
  return `There is no public channel #${name.replace(/^#/, '')} that I can see; make one and /invite @Andon, or set ANDON_INCIDENTS_CHANNEL.`;
}

function mending({ error, effect }: Shortfall): string {
  const channel = effect === announcementEffect ? 'the channel where incidents are announced' : 'its channel';
  switch (error) {
    case 'user_disabled':
    case 'account_inactive':
    case 'user_not_found':
      return 'They have no account that I can write to; tell them by another way.';
    case 'restricted_action':
      return 'An admin has restricted this; ask for an exception for the app.';
    case 'not_in_channel':
    case 'channel_not_found':
      return `Invite the app into ${channel}: /invite @Andon.`;
    case 'posting_to_channel_denied':
    case 'restricted_action_read_only_channel':
      return `Only some may post in ${channel}; ask whoever manages it to let the app post there.`;
    case 'plan_upgrade_required':
    case 'paid_teams_only':
      return 'The workspace’s plan does not have it.';
    case 'is_archived':
    case 'is_inactive':
      return effect === channelClosed
        ? `Somebody archived ${channel}; the incident goes on in a thread where it is announced, or in a direct message if it is private or a drill.`
        : `Somebody archived ${channel}; unarchive it to go on there.`;
    case 'edit_window_closed':
    case 'cant_update_message':
      return 'I post it anew instead, at most once an hour; the newest one is current.';
    case 'no_other_place':
      return 'Unarchive its channel, or read the record with /incident timeline and `andon export`.';
    default:
      return 'Do it by hand if it matters.';
  }
}
