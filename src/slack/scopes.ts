// The scopes of manifest.yml, and what is missing without each. A test compares the two.

export interface ScopeUse {
  readonly scope: string;
  /** Andon does not work without it; the others an admin may decline. */
  readonly needed: boolean;
  /** What one does without, as a sentence. */
  readonly without: string;
}

export const scopeUses: readonly ScopeUse[] = [
  use('commands', 'The slash commands and the shortcuts do not exist.'),
  use('chat:write', 'Andon can say nothing at all.'),
  use('app_mentions:read', '@Andon VERB … is not heard, so nothing can be said from a thread.'),
  use('channels:manage', 'No incident gets a channel of its own; each goes on in a thread.'),
  use('channels:read', 'The channel where incidents are announced is not found by its name.'),
  use('channels:join', 'Andon cannot join the channel where incidents are announced.'),
  use(
    'channels:history',
    'No message is taken onto a timeline, and after a crash a message may be missing or posted twice.',
  ),
  use('reactions:read', 'The reaction 📌 puts nothing on a timeline.'),
  use('pins:read', 'A pinned message does not go on the timeline.'),
  use(
    'users:read',
    'Names and time zones of people are unknown; a bare time is read in the workspace’s zone.',
  ),
  use('im:write', 'No answer comes by direct message where no other way works.'),
  may('groups:write', 'A private incident has no channel and goes on in a direct message with its members.'),
  may(
    'groups:read',
    'A private incident’s channel is not found again after a crash, nor noticed who joins it.',
  ),
  may(
    'groups:history',
    'From a private incident’s channel no message is taken onto the timeline; after a crash one may be missing.',
  ),
  may('im:history', 'After a crash a direct message may be missing or sent twice.'),
  may('pins:write', 'The summary is not pinned in an incident’s channel.'),
  may('bookmarks:write', 'The summary is not bookmarked above an incident’s channel.'),
  may('bookmarks:read', 'After a crash the bookmark may be there twice.'),
  may('files:write', 'The postmortem draft is not put into the channel; `andon export` writes it to disk.'),
  may('files:read', 'After a crash the postmortem draft may be missing or there twice.'),
  may(
    'usergroups:read',
    'Nothing can be given to groups of people: anybody lifts a freeze, and only its members see a private incident.',
  ),
  may(
    'users:read.email',
    'Each names the address at which a page reaches them beside Slack; nobody in a calendar is found by theirs.',
  ),
  may('chat:write.public', 'Incidents are announced only in a channel that Andon is a member of.'),
];

function use(scope: string, without: string): ScopeUse {
  return { scope, needed: true, without };
}

function may(scope: string, without: string): ScopeUse {
  return { scope, needed: false, without };
}
