// Catching up: what happened in incidents' channels while Andon was down is read at its start, and taken up once.
import { randomUUID } from 'node:crypto';
import type { WorkspaceRef } from '../core/command.js';
import { type Effect, type EffectKind, onIncident, type Performed } from '../core/effect.js';
import { line, list, message, type Span } from '../core/message.js';
import type { Tx } from '../db/tx.js';
import { execute, type Kernel } from '../execute.js';
import { claim, type Look, recordLooks, timeOfTs } from '../features/sources/index.js';
import type { Answer } from './api.js';
import { isTombstone, marksOf, permalinkOf, type SlackMessage, seenOf } from './message.js';
import type { Performing } from './perform.js';
import { readerOf } from './take-message.js';

type CatchUp = Extract<EffectKind, { do: 'catchUp' }>;

/** A mention that nobody heard. */
export interface MissedMention {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string;
  readonly text: string;
}

/** What the door knows of mentions. */
export interface Mentions {
  /** Whether it was heard before it was missed, or has been answered since. */
  wasAnswered(mention: MissedMention): Promise<boolean>;
  /** Whether it begins with a verb. */
  isCommand(mention: MissedMention): boolean;
  answer(mention: MissedMention): Promise<void>;
}

const dayMs = 86_400_000;
const lookBackDays = 7;
const pageSize = 100;
const pagesMax = 20;
/** Later than any message. */
const latestTs = '9999999999.999999';
/** Slack's clock and ours differ by no more. */
const clockSlackMs = 30_000;
/** A command that is older is not carried out: the world has moved on, and whoever gave it too. */
const answeredWithinMs = 3_600_000;

/** The lane of what is read from a channel: one thing after the other, so that the latest reading counts. */
export function readingLane(channelId: string): string {
  return `messages/${channelId}`;
}

/**
 * Enqueues the reading of the channels of incidents that may still change, and begins to count anew from now. Committed
 * together, so that what is missed is read once, however often Andon is started meanwhile. `since`: when Slack was heard
 * last, if that is not what was written down.
 */
export async function planCatchUp(
  kernel: Kernel,
  workspace: WorkspaceRef,
  now: Date,
  since?: Date,
): Promise<void> {
  const rows = kernel.db.of(workspace.id);
  const row = await rows.read.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  const heardAt = since ?? row.heardAt;
  const effects = heardAt ? await readings(rows.read, workspace, heardAt, now) : [];
  const ask = {
    requestId: `catch-up/${randomUUID()}`,
    workspace,
    actor: { kind: 'system' as const, id: 'andon', name: 'Andon', zone: null },
    now,
    newId: randomUUID,
    source: 'automatic' as const,
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
  await execute(kernel, claim, ask, {
    before: async (tx) => {
      await tx.workspace.update({ where: { id: workspace.id }, data: { heardAt: now } });
    },
    answer: () => effects,
  });
}

async function readings(tx: Tx, workspace: WorkspaceRef, heardAt: Date, now: Date): Promise<Effect[]> {
  const since = new Date(now.getTime() - lookBackDays * dayMs);
  const incidents = await tx.incident.findMany({
    where: {
      workspaceId: workspace.id,
      placeKind: { in: ['channel', 'thread'] },
      OR: [{ status: { notIn: ['resolved', 'closed'] } }, { resolvedAt: { gte: since } }],
    },
    orderBy: { number: 'desc' },
  });
  const heard = tsOf(new Date(heardAt.getTime() - clockSlackMs));
  return incidents.flatMap(({ id, channelId, threadTs, placeKind, declaredAt }) => {
    if (!channelId) return [];
    // What was reacted to lately may have been written long before.
    const from = new Date(Math.max(since.getTime(), declaredAt.getTime() - clockSlackMs));
    const page: CatchUp = {
      do: 'catchUp',
      channelId,
      threadTs: placeKind === 'thread' ? threadTs : null,
      oldest: tsOf(from),
      heard,
      cursor: '',
      page: 1,
      until: latestTs,
    };
    return [
      once(reading(id, channelId, page)),
      ...(placeKind === 'channel' ? [once(reading(id, channelId, { do: 'catchUpPins', channelId }))] : []),
    ];
  });
}

/** Reads one page, tells the record what it shows, and enqueues what is to be read next. */
export async function catchUp(context: Performing, effect: CatchUp): Promise<Performed> {
  const { channelId, threadTs, page } = effect;
  const answer = await readPage(context, effect);
  const all = (answer.messages ?? []) as readonly SlackMessage[];
  // A thread's first message comes with every page of its replies.
  const messages = threadTs ? all.filter((each) => each.ts !== threadTs) : all;
  const cursor = (answer.response_metadata as { next_cursor?: string } | undefined)?.next_cursor ?? '';
  const { looks, doubtful } = await compare(context, effect, messages, cursor === '');
  const incidentId = context.job.incidentId ?? '';
  const next: EffectKind[] = doubtful.map((ts) => lookEffect(channelId, ts));
  const until = effect.until === null ? null : (timesOf(messages)[0] ?? effect.until);
  if (cursor !== '' && page < pagesMax) next.push({ ...effect, cursor, page: page + 1, until });
  if (!threadTs) for (const each of threadsIn(messages, effect)) next.push(each);
  const missed = await answerMentions(context, effect, messages);
  return {
    command: recordLooks.given(looks),
    effects: [
      ...next.map((kind) => reading(incidentId, channelId, kind)),
      ...tellMissed(context, effect, missed),
    ],
  };
}

/** What is pinned, and by whom; older messages too. */
export async function catchUpPins(
  context: Performing,
  effect: Extract<EffectKind, { do: 'catchUpPins' }>,
): Promise<Performed> {
  const { channelId } = effect;
  const answer = await context.call('pins.list', { channel: channelId });
  const items = (answer.items ?? []) as readonly { created_by?: string; message?: SlackMessage }[];
  const reader = await readerOf(context);
  const looks: Look[] = [];
  for (const { created_by: pinner, message: pinned } of items) {
    if (!pinned?.ts || !pinner || pinner === reader.botUserId) continue;
    const seen = await seenOf(reader, channelId, pinned);
    const marks = { ...marksOf(reader, channelId, pinned), pinned: true };
    looks.push({ channelId, ts: pinned.ts, seen, marks, mark: `pin:${pinner}` });
  }
  return { command: recordLooks.given(looks), effects: [] };
}

function readPage(context: Performing, effect: CatchUp): Promise<Answer> {
  const { channelId: channel, threadTs, oldest, cursor } = effect;
  const more = { limit: pageSize, ...(cursor ? { cursor } : {}) };
  return threadTs
    ? context.call('conversations.replies', { channel, ts: threadTs, ...more })
    : context.call('conversations.history', { channel, oldest, ...more });
}

// Messages that are marked, or that the record knows, are told to the record. Those that it knows and that are not
// here, or are no longer pinned, are looked at one by one: a page may leave out what there is.
async function compare(
  context: Performing,
  effect: CatchUp,
  messages: readonly SlackMessage[],
  isLast: boolean,
): Promise<{ looks: Look[]; doubtful: string[] }> {
  const { channelId } = effect;
  const reader = await readerOf(context);
  const rows = await context.tx.takenMessage.findMany({
    where: { workspaceId: context.workspace.id, channelId },
  });
  const known = new Map(rows.map((row) => [row.ts, row]));
  const looks: Look[] = [];
  const expected = rows.filter((row) => !row.withdrawn && row.incidentId === context.job.incidentId);
  const doubtful = absent(
    messages,
    effect,
    isLast,
    expected.map((row) => row.ts),
  );
  for (const each of messages) {
    const marks = marksOf(reader, channelId, each);
    const row = known.get(each.ts);
    const wasPinned = ((row?.by ?? []) as string[]).some((by) => by.startsWith('pin:'));
    if (isTombstone(each) || (wasPinned && !marks.pinned)) {
      if (row && !row.withdrawn) doubtful.push(each.ts);
      continue;
    }
    if (!row && marks.reactors.length === 0 && !marks.more) continue;
    looks.push({ channelId, ts: each.ts, seen: await seenOf(reader, channelId, each), marks, mark: null });
    // A long page must not outlast the lease.
    if (looks.length % 10 === 0) await context.note({});
  }
  return { looks, doubtful: [...new Set(doubtful)] };
}

// Of what the record has between the page before and the end of this one, what Slack no longer shows.
function absent(
  messages: readonly SlackMessage[],
  effect: CatchUp,
  isLast: boolean,
  taken: readonly string[],
): string[] {
  const { until } = effect;
  if (until === null) return [];
  const times = timesOf(messages);
  const from = isLast ? effect.oldest : (times[0] ?? effect.oldest);
  return taken.filter((ts) => ts >= from && ts < until && !times.includes(ts));
}

function timesOf(messages: readonly SlackMessage[]): string[] {
  return messages.map((each) => each.ts).sort();
}

function threadsIn(messages: readonly SlackMessage[], effect: CatchUp): CatchUp[] {
  return messages
    .filter((each) => (each.reply_count ?? 0) > 0)
    .map((each) => ({ ...effect, threadTs: each.ts, cursor: '', page: 1, until: null }));
}

/** Answers what was said to Andon lately, and returns what is too old for that. */
async function answerMentions(
  context: Performing,
  effect: CatchUp,
  messages: readonly SlackMessage[],
): Promise<MissedMention[]> {
  const old: MissedMention[] = [];
  for (const mention of mentionsIn(context, effect, messages)) {
    if (await context.mentions.wasAnswered(mention)) continue;
    const said = timeOfTs(mention.ts).at ?? context.now;
    if (context.now.getTime() - said.getTime() > answeredWithinMs) old.push(mention);
    else await context.mentions.answer(mention);
  }
  return old;
}

function mentionsIn(
  context: Performing,
  effect: CatchUp,
  messages: readonly SlackMessage[],
): MissedMention[] {
  const prefix = `<@${context.home.botUserId}>`;
  return [...messages]
    .sort((one, other) => (one.ts < other.ts ? -1 : 1))
    .flatMap((each) =>
      each.ts > effect.heard && each.user && !each.bot_id && each.text?.trimStart().startsWith(prefix)
        ? [
            {
              channelId: effect.channelId,
              ts: each.ts,
              threadTs: each.thread_ts ?? null,
              user: each.user,
              text: each.text,
            },
          ]
        : [],
    )
    .filter((mention) => context.mentions.isCommand(mention));
}

// Only who and when and where: what they said stays in Slack.
function tellMissed(context: Performing, effect: CatchUp, missed: readonly MissedMention[]): Effect[] {
  const [first] = missed;
  const { incidentId } = context.job;
  if (!first || !incidentId) return [];
  const items = missed.map(({ user, ts, threadTs }): Span[] => {
    const { at } = timeOfTs(ts);
    const url = permalinkOf(context.home.teamUrl, effect.channelId, {
      ts,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
    return [
      { person: user, name: user },
      ...(at ? [' at ', { at }] : []),
      ...(url ? [': ', { url, label: 'message' }] : []),
    ];
  });
  const text = message(
    line(
      'While I was away I missed these, and it is too late to do them unasked. Say them again if they still hold:',
    ),
    list(items),
  );
  const slot = `missed/${effect.channelId}/${first.ts}`;
  return [
    onIncident(
      incidentId,
      { do: 'say', slot, destination: { to: 'incident' }, message: text },
      { essential: true },
    ),
  ];
}

function lookEffect(channelId: string, ts: string): EffectKind {
  return { do: 'look', channelId, ts, because: 'change', by: null };
}

function reading(incidentId: string, channelId: string, kind: EffectKind): Effect {
  return { ...onIncident(incidentId, kind), lane: readingLane(channelId) };
}

// A connection that comes and goes makes one reading, from the first time on.
function once(effect: Effect): Effect {
  return { ...effect, collapse: `${effect.kind.do}/${effect.incidentId}` };
}

function tsOf(at: Date): string {
  const ms = at.getTime();
  return `${Math.floor(ms / 1000)}.${String((ms % 1000) * 1000).padStart(6, '0')}`;
}
