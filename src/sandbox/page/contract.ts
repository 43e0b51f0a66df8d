// What the page and its server say to each other: JSON over HTTP, and a stream of what changed. Types only.

export type Json = Record<string, unknown>;

export interface PersonCard {
  id: string;
  name: string;
  realName: string;
  /** IANA zone: what this person sees, they see in it. */
  zone: string;
  isApp: boolean;
}

export interface ChannelCard {
  id: string;
  /** Without `#`; for a direct message the names of the others. */
  name: string;
  kind: 'channel' | 'group' | 'im' | 'mpim';
  topic: string;
  purpose: string;
  isArchived: boolean;
  /** False: a public channel this person may join. */
  isMember: boolean;
  members: string[];
  pins: { ts: string; user: string }[];
  bookmarks: { id: string; title: string; link: string; emoji: string }[];
  /** Messages since this person last read, without their own. */
  unread: number;
  /** Of those, the ones that mention them, and every one in a direct message. */
  mentions: number;
  lastReadTs: string;
}

export interface FileCard {
  id: string;
  name: string;
  title: string;
  /** A picture in words; empty where nobody said any. */
  alt: string;
  size: number;
  /** Served with this person's rights; shown, never run. */
  url: string;
  /** `image`: the url draws a picture; `text`: it reads as text. */
  shows: 'image' | 'text' | 'other';
}

export interface PageMessage {
  channel: string;
  ts: string;
  user: string;
  botId?: string;
  text: string;
  blocks: Json[];
  attachments: Json[];
  threadTs?: string;
  subtype?: string;
  edited: boolean;
  reactions: { name: string; users: string[] }[];
  files: FileCard[];
  permalink: string;
  /** Only this person sees it, until they reload, as in Slack. */
  ephemeral: boolean;
}

/** The view on top of a person's stack, or their App Home. */
export interface PageView {
  id: string;
  hash: string;
  /** How many views lie under it. */
  depth: number;
  title: string;
  submit: string | null;
  close: string | null;
  blocks: Json[];
  /** block_id → action_id → Slack's state value. */
  state: Record<string, Record<string, Json>>;
}

export interface CommandHint {
  command: string;
  description: string;
  usageHint: string;
}

export interface ShortcutHint {
  name: string;
  type: 'global' | 'message';
  callbackId: string;
  description: string;
}

/** One request, event or acknowledgement, as the panel shows it: all traffic of the app, whoever looks. */
export interface WireCard {
  /** Rising; a card that comes again with the same number replaces the first. */
  number: number;
  /** Epoch ms on the wire's clock. */
  at: number;
  /** `to-app`: a command, click, event. `from-app`: a Web API call, or words to a response URL. */
  direction: 'to-app' | 'from-app';
  kind: 'command' | 'interaction' | 'event' | 'verification' | 'call' | 'response_url';
  /** The command, event type, interaction type or method. */
  name: string;
  via: 'http' | 'socket' | 'none';
  /** `waiting`: sent and not yet acknowledged. */
  state: 'waiting' | 'ok' | 'refused';
  /** Slack's own error, such as `operation_timeout`, `name_taken`, `missing_scope`, `ratelimited`. */
  error?: string;
  /** What it means and what to do, in a sentence. */
  meaning?: string;
  latencyMs?: number;
  status?: number;
  /** Of an event that is sent again: which time. */
  retry?: number;
  /** The number of the card that this one repeats. */
  repeats?: number;
  sent: Json;
  answer?: unknown;
}

export type FaultKind = 'refuse' | 'rateLimit' | 'status' | 'drop' | 'delay';

export interface FaultCard {
  id: number;
  /** A Web API method, or `*` for all. */
  method: string;
  kind: FaultKind;
  /** error, Retry-After seconds, HTTP status, before/after, milliseconds. */
  detail: string;
  /** null: until it is lifted. */
  left: number | null;
}

export interface FaultsCard {
  laid: FaultCard[];
  isDown: boolean;
  twice: boolean;
  /** Scopes the app was installed with; one may be taken away. */
  scopes: { name: string; granted: boolean }[];
  methods: { name: string; errors: string[] }[];
}

/** What somebody who comes for the first time may try. */
export interface FirstSteps {
  says: string;
  steps: { words: string; says: string }[];
}

export interface Opening {
  /** That this is a local copy, in a sentence. */
  notice: string;
  /** The host of `url` is the host of its permalinks. */
  team: { id: string; name: string; url: string };
  /** `messagesReadOnly`: nobody may write to the app, only read what it writes to them. */
  app: { name: string; botUserId: string; messagesReadOnly: boolean };
  me: PersonCard;
  people: PersonCard[];
  channels: ChannelCard[];
  usergroups: { id: string; handle: string; name: string }[];
  commands: CommandHint[];
  shortcuts: ShortcutHint[];
  firstSteps: FirstSteps | null;
  view: PageView | null;
  home: PageView | null;
  wire: WireCard[];
  faults: FaultsCard;
  /** Where a first-time visitor is led: a channel's id. */
  startIn: string;
}

export type PageChange =
  | { kind: 'channel'; channel: ChannelCard }
  | { kind: 'channel-gone'; id: string }
  | { kind: 'message'; message: PageMessage }
  | { kind: 'message-gone'; channel: string; ts: string }
  | { kind: 'view'; view: PageView | null }
  | { kind: 'home'; view: PageView | null }
  | { kind: 'person'; person: PersonCard }
  | { kind: 'wire'; card: WireCard }
  | { kind: 'faults'; faults: FaultsCard };

/** What a person does. The server answers with `ActAnswer`; what changed comes over the stream. */
export type Act =
  | { do: 'command'; channel: string; text: string }
  | { do: 'say'; channel: string; text: string; threadTs?: string }
  | { do: 'edit'; channel: string; ts: string; text: string }
  | { do: 'remove'; channel: string; ts: string }
  | { do: 'react' | 'unreact'; channel: string; ts: string; name: string }
  | { do: 'pin' | 'unpin'; channel: string; ts: string }
  | { do: 'join' | 'leave'; channel: string }
  | { do: 'invite'; channel: string; who: string }
  | { do: 'openDm'; who: string }
  | { do: 'upload'; channel: string; name: string; base64: string; threadTs?: string }
  | { do: 'read'; channel: string; ts: string }
  | { do: 'click'; channel: string; ts: string; actionId: string; blockId: string; value?: unknown }
  | { do: 'clickInView'; viewId: string; actionId: string; blockId: string; value?: unknown }
  | { do: 'suggest'; viewId: string; actionId: string; blockId?: string; typed: string }
  | { do: 'shortcut'; callbackId: string }
  | { do: 'messageShortcut'; callbackId: string; channel: string; ts: string }
  | { do: 'submit'; viewId: string; values: Record<string, unknown> }
  | { do: 'closeView'; all: boolean }
  | { do: 'openHome' };

export interface ActAnswer {
  ok: boolean;
  /** What Slack's client would say, in a sentence. */
  said?: string;
  /** Slack's error, such as `operation_timeout` or `dispatch_failed`. */
  error?: string;
  /** By block_id, for `submit`. */
  errors?: Record<string, string>;
  /** For `suggest`. */
  options?: Json[];
  /** For `openDm`. */
  channel?: string;
}

/** What the switches do. */
export type FaultAct =
  | { do: 'lay'; kind: FaultKind; method: string; detail: string; times: number | null }
  | { do: 'lift'; id: number }
  | { do: 'clear' }
  | { do: 'down' | 'up' }
  | { do: 'twice'; on: boolean }
  | { do: 'scope'; name: string; granted: boolean };
