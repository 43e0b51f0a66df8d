// The public shapes of the sandbox: options, views of its state, outcomes of what people do.
import type { Faults } from './faults.js';
import type { CommandHint, FirstSteps, ShortcutHint } from './page/contract.js';

export type Json = Record<string, unknown>;

export interface SandboxOptions {
  /** 0 (default) takes any free port. */
  port?: number;
  host?: string;
  /** Needed to listen on anything but loopback. */
  allowRemote?: boolean;
  /** The built page; where this package was built unless told. */
  pageFolder?: string;
  /** The record's clock in ms: message ts, created times. Tests push it. */
  now?: () => number;
  /** The wire's clock in ms: triggers, acknowledgements, rate windows, signatures. */
  wireNow?: () => number;
  ackMs?: number;
  app?: {
    name?: string;
    commands?: string[];
    botScopes?: string[];
    signingSecret?: string;
    events?: string[];
    /** What the page offers: the commands with their hints, and the shortcuts. */
    hints?: { commands: CommandHint[]; shortcuts: ShortcutHint[]; firstSteps?: FirstSteps };
    /** Nobody can write to the app directly, as a manifest may say. */
    messagesReadOnly?: boolean;
  };
  team?: { id?: string; name?: string; domain?: string };
  people?: PersonSeed[];
  channels?: { name: string; members?: string[]; private?: boolean }[];
  /** Given: the plan is a paid one and these are its user groups. */
  usergroups?: { id?: string; handle: string; name: string; users: string[] }[];
  rateLimits?: 'slack' | 'off';
  /** Waits before the 1st, 2nd and 3rd retry of an event. */
  eventRetryMs?: number[];
  /** How many deliveries and calls are remembered, at least; all of them unless told. */
  keepRecords?: number;
  /** How often an open socket is pinged. */
  pingMs?: number;
}

export interface PersonSeed {
  id: string;
  name: string;
  realName: string;
  tz: string;
  email?: string;
}

export interface Reaction {
  name: string;
  users: string[];
}

export interface Metadata {
  event_type: string;
  event_payload: Json;
}

export interface FileView {
  id: string;
  name: string;
  title: string;
  /** A picture in words; empty where nobody said any. */
  alt: string;
  content: Buffer;
  channels: string[];
  threadTs?: string;
  user: string;
  created: number;
  deleted: boolean;
}

export interface MessageView {
  channel: string;
  ts: string;
  user: string;
  botId?: string;
  text: string;
  blocks: Json[];
  attachments: Json[];
  metadata?: Metadata;
  threadTs?: string;
  subtype?: string;
  edited?: { user: string; ts: string };
  reactions: Reaction[];
  files: FileView[];
  permalink: string;
}

export interface EphemeralView {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: Json[];
  threadTs?: string;
  via: 'chat.postEphemeral' | 'response_url' | 'ack';
}

export interface Pin {
  ts: string;
  user: string;
  created: number;
}

export interface Bookmark {
  id: string;
  title: string;
  link: string;
  emoji: string;
  created: number;
  updated: number;
  by: string;
}

export interface ChannelView {
  id: string;
  name: string;
  topic: string;
  purpose: string;
  isPrivate: boolean;
  isArchived: boolean;
  isIm: boolean;
  creator: string;
  members: string[];
  messages: MessageView[];
  pins: Pin[];
  bookmarks: Bookmark[];
}

export interface CallRecord {
  method: string;
  args: Json;
  /** wireNow when it came in. */
  at: number;
  /** What was answered; 0 when the connection was dropped. */
  status: number;
  answer: Json | null;
  /** The index in `calls` of the failed call this one repeats word for word. */
  retryOf?: number;
}

export type DeliveryKind = 'command' | 'interaction' | 'event' | 'verification';

export interface WireRecord {
  kind: DeliveryKind;
  /** Command name, interaction type or event type. */
  name: string;
  via: 'http' | 'socket' | 'none';
  payload: Json;
  at: number;
  latencyMs: number;
  /** HTTP status, 200 for a socket acknowledgement, 0 when there was none. */
  status: number;
  ack?: unknown;
  error?: string;
  retryNum?: number;
}

export interface OpenView {
  id: string;
  type: 'modal' | 'home';
  title: string;
  callbackId: string;
  externalId: string;
  privateMetadata: string;
  hash: string;
  blocks: Json[];
  view: Json;
}

export interface InteractionOutcome {
  ok: boolean;
  error?: string;
  triggerId: string;
  latencyMs: number;
  status: number;
  /** The view on top of the person's stack when it came within the acknowledgement. */
  view?: OpenView;
}

export interface CommandOutcome extends InteractionOutcome {
  reply?: { text: string; blocks: Json[]; response_type: string };
  /** What the acknowledgement itself posted into the channel. */
  channelPosts: MessageView[];
}

export interface SubmitOutcome {
  ok: boolean;
  closed: boolean;
  error?: string;
  /** By block_id: from the app, or from the client when `refusedByClient`. */
  errors?: Record<string, string>;
  refusedByClient?: boolean;
  view?: OpenView;
  latencyMs: number;
}

export interface Person {
  id: string;
  name: string;
  command(text: string, where?: { channel?: string }): Promise<CommandOutcome>;
  /**
   * With `inviteApp`, one who mentions the app where it is not in invites it first, as Slack's client offers. With
   * `literal`, what reads like Slack's own markup stays what was typed.
   */
  say(
    text: string,
    where: { channel: string; threadTs?: string; inviteApp?: boolean; literal?: boolean },
  ): Promise<MessageView>;
  edit(channel: string, ts: string, text: string, opts?: { literal?: boolean }): Promise<MessageView>;
  remove(channel: string, ts: string): Promise<void>;
  react(channel: string, ts: string, name: string): Promise<void>;
  unreact(channel: string, ts: string, name: string): Promise<void>;
  pin(channel: string, ts: string): Promise<void>;
  unpin(channel: string, ts: string): Promise<void>;
  join(channel: string): Promise<void>;
  leave(channel: string): Promise<void>;
  invite(channel: string, who: string): Promise<void>;
  upload(
    channel: string,
    file: { name: string; content: string | Buffer; threadTs?: string },
  ): Promise<FileView>;
  /** `deleted`: an admin has deactivated their account. */
  change(profile: { realName?: string; tz?: string; email?: string; deleted?: boolean }): Promise<void>;
  click(
    channel: string,
    ts: string,
    actionId: string,
    opts?: { value?: unknown; blockId?: string },
  ): Promise<InteractionOutcome>;
  clickInView(
    view: OpenView,
    actionId: string,
    opts?: { value?: unknown; blockId?: string },
  ): Promise<InteractionOutcome>;
  clickHome(actionId: string, opts?: { value?: unknown; blockId?: string }): Promise<InteractionOutcome>;
  /** Types into an external select: the options the app answers with. */
  suggest(view: OpenView, actionId: string, typed: string, blockId?: string): Promise<Json[]>;
  shortcut(callbackId: string): Promise<InteractionOutcome>;
  messageShortcut(callbackId: string, channel: string, ts: string): Promise<InteractionOutcome>;
  submit(view: OpenView, values: Record<string, unknown>): Promise<SubmitOutcome>;
  openView(): OpenView | undefined;
  /** Resolves when a view is open (or changed since `after`); rejects after timeoutMs. */
  waitForView(opts?: { after?: OpenView; timeoutMs?: number }): Promise<OpenView>;
  closeView(opts?: { all?: boolean }): Promise<void>;
  openHome(): Promise<void>;
}

export interface SignedHeaders {
  'x-slack-request-timestamp': string;
  'x-slack-signature': string;
}

export interface GroupOfPeople {
  id: string;
  users(): string[];
  /** By name or id. */
  setUsers(people: readonly string[]): void;
}

export interface Sandbox {
  url: string;
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  teamId: string;
  botUserId: string;
  botId: string;
  appId: string;
  /** HTTP delivery to this URL; null (the default) delivers to Socket Mode connections. */
  deliverTo(requestUrl: string | null): void;
  requestUrl(): string | null;
  /** Sends url_verification as Slack does when a request URL is saved. */
  verifyRequestUrl(): Promise<boolean>;
  person(nameOrId: string): Person;
  people(): PersonSeed[];
  /** A group of people, by its handle: an admin sets who is in it. */
  group(handle: string): GroupOfPeople;
  channels(): ChannelView[];
  channel(nameOrId: string): ChannelView | undefined;
  messages(channel: string): MessageView[];
  ephemerals(user?: string): EphemeralView[];
  files(): FileView[];
  homeOf(user: string): unknown | undefined;
  calls: CallRecord[];
  log: WireRecord[];
  faults: Faults;
  sign(body: string, opts?: { timestamp?: number; secret?: string }): SignedHeaders;
  /** Where the page leads one who comes for the first time. */
  startIn(channel: string): void;
  /** Asks the app to reconnect; the sockets close after graceMs. */
  refreshSocket(opts?: {
    reason?: 'warning' | 'refresh_requested' | 'link_disabled';
    graceMs?: number;
  }): void;
  /** Sockets open now. */
  connections(): number;
  revokeToken(which?: 'bot' | 'app'): void;
  /** Posts the scheduled messages whose time has come by `now`. */
  runScheduled(): void;
  settle(opts?: { quietMs?: number; timeoutMs?: number }): Promise<void>;
  close(): Promise<void>;
}
