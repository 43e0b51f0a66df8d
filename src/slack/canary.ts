// The canary: one message of Andon's own that is edited again and again, so that it is known whether Andon hears Slack.
import { randomUUID } from 'node:crypto';
import type { Ask, Bound, WorkspaceRef } from '../core/command.js';
import type { Log } from '../core/log.js';
import { line, type Message, message } from '../core/message.js';
import type { Wire } from '../core/wire.js';
import type { Tx } from '../db/tx.js';
import { execute, type Kernel } from '../execute.js';
import {
  beat,
  canaryLost,
  canaryTrouble,
  forgetOwn,
  readHeartbeat,
  slackEverySeconds,
  slackGraceSeconds,
  slackHeartbeat,
  takeBeat,
} from '../features/heartbeat/index.js';
import { type SlackApi, SlackRefused } from './api.js';
import { findChannel } from './channels.js';
import { body } from './post.js';

export interface CanaryParts {
  readonly kernel: Kernel;
  readonly workspace: WorkspaceRef;
  readonly api: SlackApi;
  /** By its name or its id; none: Andon does not listen to itself. */
  readonly channel: string | undefined;
  /** The record's clock. */
  readonly now: () => Date;
  readonly wire: Wire;
  readonly log: Log;
}

/** A message as an event has it. */
export interface SeenMessage {
  readonly channelId: string;
  readonly ts: string;
  readonly text: string;
}

export interface Canary {
  /** Looks for the channel; edits the message where that is due; posts it where there is none yet. */
  turn(): Promise<void>;
  /** Why the last turn could not send, as a sentence; null where it could. */
  problem(): string | null;
  /** Whether a message that changed is the canary's; then it was heard. */
  heard(seen: SeenMessage): Promise<boolean>;
  begin(): void;
  stop(): Promise<void>;
}

const everyMs = slackEverySeconds * 1000;
const lookEveryMs = 15_000;
/** After a turn that failed: listing channels is dear where there are many. */
const againMs = 60_000;
const lookedAt = 200;
/** The metadata's type by which the message is known where its posting was not written down. */
const canaryType = 'andon_canary';
const markPattern = /mark ([0-9a-f]{12})\b/;
/** The message is gone, or of another time: a new one is posted. */
const goneErrors = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
]);

/** There is no such channel, or Andon is not in it; the message says so. */
class NoPlace extends Error {}

/** Makes the canary. Does nothing until its functions are called. */
export function makeCanary(parts: CanaryParts): Canary {
  const { kernel, workspace, channel, now, wire, log } = parts;
  const workspaceId = workspace.id;
  const rows = kernel.db.of(workspaceId);
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let problem: string | null = null;
  let failedAt: Date | null = null;
  let looked = false;

  function tell(reason: string | null): void {
    if (reason === problem) return;
    problem = reason;
    if (reason === null) log.info({}, 'canary sent again');
    else log.warn({ reason }, 'canary not sent');
  }

  async function turn(): Promise<void> {
    if (failedAt && Math.abs(now().getTime() - failedAt.getTime()) < againMs) return;
    try {
      await watch(parts);
      if (channel) await send(parts, channel, !looked);
      looked = true;
      failedAt = null;
      tell(null);
    } catch (error) {
      // What does not go out does not come back, and that is called for by another way.
      failedAt = now();
      tell(reasonOf(error));
    }
  }

  return {
    turn,
    problem: () => problem,
    async heard({ channelId, ts, text }) {
      const mark = markPattern.exec(text)?.[1];
      if (!channel || mark === undefined) return false;
      const at = now();
      const found = await rows.write((tx) =>
        tx.canary.updateMany({ where: { workspaceId, channelId, ts, mark }, data: { heardAt: at } }),
      );
      // An old mark that comes late says how late it is, and no more.
      if (found.count === 0) return (await rows.read.canary.count({ where: { channelId, ts } })) > 0;
      await takeBeat(
        {
          ...{ workspaceId, now: at, read: rows.read },
          write: (work) => rows.write(work),
          execute: (bound, before) => execute(kernel, bound, askOf(parts), { before }),
        },
        ownBeat,
      );
      return true;
    },
    begin() {
      running = (async () => {
        while (!stopping.signal.aborted) {
          await turn();
          // Without a channel there is nothing to do again.
          if (!channel) return;
          await wire.wait(lookEveryMs, stopping.signal);
        }
      })();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const ownBeat = { name: slackHeartbeat, every: slackEverySeconds, grace: slackGraceSeconds };

// Its heartbeat is watched while there is a channel, and forgotten when that was taken away.
async function watch(parts: CanaryParts): Promise<void> {
  const { kernel, workspace, channel } = parts;
  const { read } = kernel.db.of(workspace.id);
  const watched = (await readHeartbeat(read, workspace.id, slackHeartbeat)) !== null;
  if (watched === (channel !== undefined)) return;
  const bound: Bound = channel ? beat.given(ownBeat) : forgetOwn.given({ name: slackHeartbeat });
  await execute(kernel, bound, askOf(parts));
}

function reasonOf(error: unknown): string {
  if (error instanceof NoPlace) return error.message;
  return error instanceof SlackRefused ? `Slack refuses ${error.method}: ${error.error}.` : String(error);
}

// At start the channel is looked for though nothing is due: the setting may be another one.
async function send(parts: CanaryParts, channel: string, first: boolean): Promise<void> {
  const { kernel, workspace } = parts;
  const rows = kernel.db.of(workspace.id);
  const before = await rows.read.canary.findUnique({ where: { workspaceId: workspace.id } });
  const at = parts.now();
  const sentAt = before?.sentAt ?? null;
  // A clock that was set back must not silence it.
  const due = !sentAt || sentAt > at || at.getTime() - sentAt.getTime() >= everyMs;
  if (!due && !first) return;
  const channelId = await channelOf(parts, channel);
  if (!due) return;
  const mark = randomUUID().replaceAll('-', '').slice(0, 12);
  if (!(await rows.write((tx) => claim(tx, workspace.id, sentAt, { mark, sentAt: at })))) return;
  try {
    await sayThere(parts, { channelId, mark, known: before?.channelId === channelId ? before.ts : null });
  } catch (error) {
    // Slack did not take it: then it was not sent.
    await rows.write((tx) =>
      tx.canary.updateMany({ where: { workspaceId: workspace.id, mark }, data: { sentAt } }),
    );
    throw error;
  }
}

interface There {
  readonly channelId: string;
  readonly mark: string;
  /** Where the message was when it was sent last; null: not known. */
  readonly known: string | null;
}

async function sayThere({ kernel, workspace, api }: CanaryParts, there: There): Promise<void> {
  const { channelId, mark, known } = there;
  const rows = kernel.db.of(workspace.id);
  const ts = known ?? (await findOwn(api, channelId));
  // What is heard of it may come before its answer: where it is, is written down first.
  const keep = (where: string) =>
    rows.write((tx) =>
      tx.canary.updateMany({ where: { workspaceId: workspace.id }, data: { channelId, ts: where } }),
    );
  if (ts !== null && ts !== known) await keep(ts);
  if (ts !== null && (await edited(api, channelId, ts, mark))) return;
  const answer = await api.call('chat.postMessage', {
    ...{ channel: channelId, ...body(canaryMessage(null)), unfurl_links: false },
    metadata: { event_type: canaryType, event_payload: {} },
  });
  await keep(String(answer.ts));
  // Of what Andon posts Bolt tells nothing, and of what it edits everything.
  await edited(api, channelId, String(answer.ts), mark);
}

// Of two replicas one sends it: whoever changes the row from what both have read.
async function claim(
  tx: Tx,
  workspaceId: string,
  sentAt: Date | null,
  data: { mark: string; sentAt: Date },
): Promise<boolean> {
  await tx.canary.upsert({ where: { workspaceId }, create: { workspaceId }, update: {} });
  return (await tx.canary.updateMany({ where: { workspaceId, sentAt }, data })).count === 1;
}

// Only who is in a channel hears what is said there. Where that is not so, the row says it: the page has that cause.
async function channelOf({ kernel, workspace, api }: CanaryParts, channel: string): Promise<string> {
  const found = await findPlace(api, channel);
  if (found && (found.is_member || (await joined(api, found.id)))) return found.id;
  const lost = found ? { channelId: found.id, ts: null } : canaryLost(channel);
  const workspaceId = workspace.id;
  await kernel.db.of(workspaceId).write((tx) =>
    tx.canary.upsert({
      where: { workspaceId },
      create: { workspaceId, ...lost },
      update: { ...lost, sentAt: null },
    }),
  );
  throw new NoPlace(canaryTrouble(lost) ?? '');
}

async function findPlace(
  api: SlackApi,
  channel: string,
): Promise<{ id: string; is_member?: boolean } | null> {
  const name = channel.replace(/^#/, '');
  if (!/^[CG][A-Z0-9]{8,}$/.test(name))
    return findChannel(api.call, 'conversations.list', 'public_channel', (each) => each.name === name);
  try {
    const answer = await api.call('conversations.info', { channel: name });
    return answer.channel as { id: string; is_member?: boolean };
  } catch (error) {
    if (error instanceof SlackRefused && error.error === 'channel_not_found') return null;
    throw error;
  }
}

// A private channel lets nobody in by this.
async function joined(api: SlackApi, channel: string): Promise<boolean> {
  try {
    await api.call('conversations.join', { channel });
    return true;
  } catch (error) {
    if (error instanceof SlackRefused) return false;
    throw error;
  }
}

// Posted before by somebody who died before writing it down, or by a database that was lost.
async function findOwn(api: SlackApi, channel: string): Promise<string | null> {
  const answer = await api.call('conversations.history', {
    ...{ channel, limit: lookedAt, include_all_metadata: true },
  });
  const messages = (answer.messages ?? []) as { ts: string; metadata?: { event_type?: string } }[];
  return messages.find((each) => each.metadata?.event_type === canaryType)?.ts ?? null;
}

async function edited(api: SlackApi, channel: string, ts: string, mark: string): Promise<boolean> {
  try {
    await api.call('chat.update', { channel, ts, ...body(canaryMessage(mark)) });
    return true;
  } catch (error) {
    if (error instanceof SlackRefused && goneErrors.has(error.error)) return false;
    throw error;
  }
}

function canaryMessage(mark: string | null): Message {
  return message(
    line(
      'Here Andon hears itself: every five minutes it edits this message, and waits for Slack to tell it so. ',
      'If Slack does not, whoever is on call hears it by another way. ',
      ...(mark === null ? [] : [{ code: `mark ${mark}` }]),
    ),
  );
}

function askOf({ workspace, now }: CanaryParts): Ask {
  return {
    requestId: `canary/${randomUUID()}`,
    workspace,
    actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null },
    now: now(),
    newId: randomUUID,
    source: 'automatic',
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}
