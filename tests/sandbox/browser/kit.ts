// What the tests of the page's pure parts are made of: a workspace as the server opens it, messages in it.
import type { ChannelCard, Opening, PageMessage, PersonCard } from '../../../src/sandbox/page/contract.js';

export const ana: PersonCard = person('U0ANA', 'ana', 'Ana Brandt', 'Europe/Berlin');
export const bob: PersonCard = person('U0BOB', 'bob', 'Bob Castle', 'America/New_York');
export const andon: PersonCard = { ...person('U0APP', 'andon', 'Andon', 'UTC'), isApp: true };

function person(id: string, name: string, realName: string, zone: string): PersonCard {
  return { id, name, realName, zone, isApp: false };
}

export function channel(id: string, name: string, given: Partial<ChannelCard> = {}): ChannelCard {
  return {
    id,
    name,
    kind: 'channel',
    topic: '',
    purpose: '',
    isArchived: false,
    isMember: true,
    members: [ana.id, bob.id],
    pins: [],
    bookmarks: [],
    unread: 0,
    mentions: 0,
    lastReadTs: '',
    ...given,
  };
}

/** A message at that many seconds after noon UTC on 21 November 2026. */
export function message(second: number, text: string, given: Partial<PageMessage> = {}): PageMessage {
  return {
    channel: 'C1',
    ts: ts(second),
    user: ana.id,
    text,
    blocks: [],
    attachments: [],
    edited: false,
    reactions: [],
    files: [],
    permalink: '',
    ephemeral: false,
    ...given,
  };
}

export function ts(second: number): string {
  return `${Date.UTC(2026, 10, 21, 12) / 1000 + second}.000000`;
}

export function opening(given: Partial<Opening> = {}): Opening {
  return {
    notice: 'This is a local copy.',
    team: { id: 'T1', name: 'Sandbox', url: 'https://sandbox.slack.com/' },
    app: { name: 'Andon', botUserId: andon.id, messagesReadOnly: false },
    me: ana,
    people: [ana, bob, andon],
    channels: [channel('C1', 'general')],
    usergroups: [],
    commands: [
      { command: '/incident', description: 'Incidents.', usageHint: 'declare | note | resolve | reopen' },
    ],
    firstSteps: null,
    shortcuts: [
      {
        name: 'Declare an incident',
        type: 'global',
        callbackId: 'declare',
        description: 'Opens a form.',
      },
      { name: 'Add to timeline', type: 'message', callbackId: 'note', description: '' },
    ],
    view: null,
    home: null,
    wire: [],
    faults: { laid: [], isDown: false, twice: false, scopes: [], methods: [] },
    startIn: 'C1',
    ...given,
  };
}
