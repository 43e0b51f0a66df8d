// Effects: ways to touch the world that a fact asks for. A job is an effect that waits in its lane.
import type { Bound } from './command.js';
import type { Stated } from './fact.js';
import type { Message } from './message.js';

/** What goes into a row and comes out of it the same. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Where a message goes: the incident's own place, a channel of the workspace, a thread, or one person. */
export type Destination =
  | { readonly to: 'incident' }
  | { readonly to: 'announcements' }
  /** Where changes and freezes are announced. */
  | { readonly to: 'changes' }
  /** A channel by its id, or by its name. `otherwise`: where it goes when Slack refuses it there. */
  | { readonly to: 'channel'; readonly channel: string; readonly otherwise?: Destination }
  /** The thread under a message of ours; where that was never posted, its channel. */
  | { readonly to: 'under'; readonly slot: string; readonly otherwise: Destination }
  | { readonly to: 'person'; readonly userId: string; readonly otherwise?: Destination }
  | { readonly to: 'thread'; readonly channelId: string; readonly threadTs: string };

/** A channel from a timestamp on, or one thread in it, and the incident that lives there. */
export interface MissedPart {
  readonly threadTs: string | null;
  readonly oldest: string;
  readonly incidentId: string;
}

/** Where somebody said something to Andon. The words stay in Slack until they are answered. */
export interface MentionAt {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string;
  readonly incidentId: string;
}

/** The ways by which a page reaches somebody; the last two do not hang on Slack. */
export const pagePaths = ['slack', 'mail', 'webhook'] as const;
export type PagePath = (typeof pagePaths)[number];

export type EffectKind =
  | { readonly do: 'openPlace' }
  /** Where the incident's channel cannot be written to. */
  | { readonly do: 'movePlace' }
  /** A message that stays current: posted the first time, edited afterwards; drawn when it is performed. */
  | {
      readonly do: 'show';
      readonly view: string;
      readonly slot: string;
      readonly destination: Destination;
      /** The id of what the view shows, where that is no incident. */
      readonly about?: string;
      /** What stands before it, each time that it is drawn. */
      readonly preface?: Message;
    }
  /** A message that is posted once. */
  | {
      readonly do: 'say';
      readonly slot: string;
      readonly destination: Destination;
      readonly message: Message;
    }
  | {
      readonly do: 'sayOnly';
      readonly slot: string;
      readonly channelId: string;
      readonly threadTs?: string;
      readonly userId: string;
      readonly message: Message;
    }
  /** A message that was posted says something else now. */
  | { readonly do: 'replace'; readonly slot: string; readonly message: Message }
  /** Files made from an incident's record are deleted and made anew, once each. */
  | { readonly do: 'replaceFiles'; readonly factId: string }
  /** The channel is called anew after the title that the record has now. */
  | { readonly do: 'renameChannel' }
  /** What still repeats redacted words is replaced where it is ours, and else listed to whoever redacted them. */
  | {
      readonly do: 'seekCopies';
      readonly seq: number;
      /** The words named the incident, so more repeats them than what was said of the entry. */
      readonly title: boolean;
      /** Null: nobody in Slack. */
      readonly userId: string | null;
    }
  /** A message is read, and the record is told what it says now, who wants it there, and whether it is gone. */
  | {
      readonly do: 'look';
      readonly channelId: string;
      readonly ts: string;
      /** What made us look, and who did it; null where Slack does not say. */
      readonly because: 'reaction' | 'pin' | 'change' | 'deletion';
      readonly by: { readonly id: string; readonly name: string } | null;
    }
  /** One page of a channel, or of a thread in it, is read for what happened while nobody listened; then the rest. */
  | {
      readonly do: 'catchUp';
      readonly channelId: string;
      /** Slack's timestamp from where on mentions were not heard. */
      readonly heard: string;
      readonly cursor: string;
      readonly page: number;
      /** What is being read, and after it what is still to be read. */
      readonly parts: readonly MissedPart[];
      /** The incidents whose messages are compared with Slack. */
      readonly incidentIds: readonly string[];
      /** Messages on a timeline that were met. */
      readonly met: readonly string[];
      readonly mentions: readonly MentionAt[];
    }
  | { readonly do: 'catchUpPins'; readonly channelId: string }
  /** Who is in a private incident's channel is compared with who may see it. */
  | { readonly do: 'catchUpMembers'; readonly channelId: string }
  /** A message on a timeline that the reading did not come by; where Slack does not show it, nothing is said. */
  | { readonly do: 'lookAgain'; readonly channelId: string; readonly ts: string }
  /** What was said to Andon meanwhile is answered, in the order in which it was said. */
  | {
      readonly do: 'answerMissed';
      readonly channelId: string;
      readonly mentions: readonly MentionAt[];
    }
  /** App Home, drawn when it is performed: one person's, and then those of all who opened theirs lately. */
  | { readonly do: 'publishHome'; readonly userId: string }
  /** With an incident or an instant: those of all who may have seen it there ever, or since then. */
  | { readonly do: 'refreshHomes'; readonly incidentId?: string; readonly since?: string }
  /** A person's name and time zone are asked for, if they are not known. */
  | { readonly do: 'meet'; readonly userId: string }
  | { readonly do: 'invite'; readonly userIds: readonly string[] }
  | { readonly do: 'setTopic' }
  | { readonly do: 'setPurpose' }
  /** The topic of the channel of changes says what is frozen, before what people wrote there. */
  | { readonly do: 'changesTopic' }
  /** `anew`: one that leads to an earlier message is to lead to the present one. */
  | { readonly do: 'bookmark'; readonly slot: string; readonly title: string; readonly anew?: true }
  | { readonly do: 'pin'; readonly slot: string }
  | { readonly do: 'upload'; readonly document: string; readonly factId: string }
  /** A picture is drawn and goes to where it was asked for; where Andon cannot be, to who asked. */
  | {
      readonly do: 'sendPicture';
      readonly picture: string;
      readonly data: Json;
      readonly channelId: string | null;
      readonly threadTs: string | null;
      readonly userId: string;
    }
  /** The program decides something in its turn: `Feature.automatic` names what. */
  | { readonly do: 'decide'; readonly command: string; readonly data: Json }
  /** One attempt to reach somebody with a page, or the word that it is over; drawn from the rows when it is performed. */
  | {
      readonly do: 'page';
      readonly path: PagePath;
      readonly what: 'ring' | 'over';
      readonly pageId: string;
      readonly attemptId: string;
    }
  /** A letter to one person, plain text, sent once. `tested`: this person wants to know whether the server takes it. */
  | {
      readonly do: 'mail';
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      /** What of updates the words are drawn of when it leaves, in place of the two above. */
      readonly letter?: string;
      readonly tested?: { readonly id: string; readonly name: string };
    }
  /** The calendar's feed of a schedule is read. */
  | { readonly do: 'readFeed'; readonly schedule: string }
  /** The members of a group of people are read from Slack. */
  | { readonly do: 'readGroup'; readonly groupId: string }
  /** Slack is asked about those who are called: whether they are still there, or, without an id, who they are. */
  | {
      readonly do: 'findPeople';
      /** Whose calendar names them; null: they are looked at all together. */
      readonly schedule: string | null;
      readonly who: readonly Sought[];
    }
  /** GitHub, which holds a deployment back until it is told, is told what the gate's verdict is now. */
  | { readonly do: 'answerProtectionRule'; readonly gateId: string }
  | { readonly do: 'respond'; readonly url: string; readonly userId: string; readonly message: Message };

/** Somebody as they are named where it is said who is called; `id` is Slack's. */
export interface Sought {
  readonly id: string | null;
  readonly name: string;
  readonly mail: string | null;
}

export interface Effect {
  readonly lane: string;
  /** Counted from the reaction's own beginning: jobs of one step may run together, the next step waits. */
  readonly step: number;
  readonly incidentId: string | null;
  /** Kick-off messages and pages go first. */
  readonly first: boolean;
  /** An essential effect is retried as long as Slack may come back; a nicety is given up after a while. */
  readonly essential: boolean;
  /** While a job with this key has not begun, another one like it would change nothing and is not made. */
  readonly collapse: string | null;
  readonly kind: EffectKind;
}

/** What the program is to decide at a later time of the record's clock. One of the same key takes its place. */
export interface Later {
  readonly key: string;
  /** Null: it is no longer to be decided. */
  readonly at: Date | null;
  /** A name in `Feature.automatic`. */
  readonly command: string;
  readonly data: Json;
}

export interface EffectOptions {
  readonly step?: number;
  readonly first?: boolean;
  readonly essential?: boolean;
  readonly collapse?: string;
}

/** The slot of the answer to a request. */
export const answerSlot = (requestId: string) => `answer/${requestId}`;

/** An effect on an incident's place, in that incident's lane. */
export function onIncident(incidentId: string, kind: EffectKind, options: EffectOptions = {}): Effect {
  return {
    lane: `incident/${incidentId}`,
    step: options.step ?? 0,
    incidentId,
    first: options.first ?? false,
    essential: options.essential ?? false,
    collapse: options.collapse ?? null,
    kind,
  };
}

/** An effect of a change, in that change's lane. */
export function onChange(changeId: string, kind: EffectKind, options: EffectOptions = {}): Effect {
  return { ...onIncident('', kind, options), lane: `change/${changeId}`, incidentId: null };
}

/** What performing an effect brought: facts to record, or a command to decide with what was read, and what follows. */
export type Performed = readonly Stated[] | { readonly command: Bound; readonly effects: readonly Effect[] };
