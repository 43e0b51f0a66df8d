// Catching up: what happened in incidents' channels while Andon was down is read at its start, and taken up once.
import { randomUUID } from 'node:crypto';
import type { WorkspaceRef } from '../core/command.js';
import { type Effect, type EffectKind, type MissedPart, onIncident, type Performed } from '../core/effect.js';
import { type Message, say } from '../core/message.js';
import type { Prisma, Tx } from '../db/tx.js';
import { execute, type Kernel } from '../execute.js';
import { openWhere } from '../features/incident/index.js';
import { claim, type Look, recordLooks, timeOfTs } from '../features/sources/index.js';
import { type Answer, nextCursor, SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { isTombstone, marksOf, type SlackMessage, seenOf } from './message.js';
import { mentionsIn, wasSaid } from './missed.js';
import { lookAt, readerOf } from './take-message.js';

type CatchUp = Extract<EffectKind, { do: 'catchUp' }>;
type IncidentRow = Prisma.IncidentGetPayload<object>;

const dayMs = 86_400_000;
/** Of an incident that is over, no more is read; of one that is open, everything since it was declared. */
const lookBackDays = 7;
const pageSize = 100;
/** Of a channel, or of one thread. */
const pagesMax = 20;
/** Slack's clock and ours differ by no more. */
const clockSlackMs = 30_000;
/** A thread that was deleted. */
const goneErrors = new Set(['thread_not_found', 'message_not_found']);

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
      OR: [openWhere, { resolvedAt: { gte: since } }],
    },
    orderBy: { number: 'desc' },
  });
  // Who left must not go on reading, however long ago the incident was.
  const closed = await tx.incident.findMany({
    where: { workspaceId: workspace.id, placeKind: 'channel', private: true },
    orderBy: { number: 'desc' },
  });
  const heard = tsOf(new Date(heardAt.getTime() - clockSlackMs));
  const channels = [...new Set(incidents.flatMap(({ channelId }) => (channelId ? [channelId] : [])))];
  return [
    ...closed.flatMap(({ id, channelId }) =>
      channelId ? [once(reading(id, channelId, { do: 'catchUpMembers', channelId }))] : [],
    ),
    ...channels.flatMap((channelId) => {
      const here = incidents.filter((each) => each.channelId === channelId);
      return readingsOf(channelId, here, heard, since);
    }),
  ];
}

// A channel is read with all its incidents, so that what was said there can be answered in its order.
function readingsOf(channelId: string, here: readonly IncidentRow[], heard: string, since: Date): Effect[] {
  const [first] = here;
  if (!first) return [];
  const parts = here.map(({ id, placeKind, threadTs, status, declaredAt }): MissedPart => {
    const declared = declaredAt.getTime() - clockSlackMs;
    const isOver = status === 'resolved' || status === 'closed';
    // What was reacted to lately may have been written long before.
    const from = isOver ? Math.max(since.getTime(), declared) : declared;
    return {
      threadTs: placeKind === 'thread' ? threadTs : null,
      oldest: tsOf(new Date(from)),
      incidentId: id,
    };
  });
  const incidentIds = here.map((each) => each.id);
  const rest = { parts, incidentIds, met: [], mentions: [] };
  return [
    once(reading(first.id, channelId, { do: 'catchUp', channelId, heard, cursor: '', page: 1, ...rest })),
    once(reading(first.id, channelId, { do: 'catchUpPins', channelId })),
  ];
}

/** Reads one page, tells the record what it shows, and enqueues what is to be read next, or what follows from it all. */
export async function catchUp(context: Performing, effect: CatchUp): Promise<Performed> {
  const { channelId, page } = effect;
  const [part, ...others] = effect.parts;
  if (!part) return { command: recordLooks.given([]), effects: await conclusion(context, effect) };
  const answer = await readPage(context, effect, part);
  const all = (answer.messages ?? []) as readonly SlackMessage[];
  // A thread's first message comes with every page of its replies.
  const messages = part.threadTs ? all.filter((each) => each.ts !== part.threadTs) : all;
  const cursor = nextCursor(answer);
  const { looks, met } = await compare(context, effect, messages);
  const { botUserId } = await readerOf(context);
  const since = { heard: effect.heard, incidentId: part.incidentId };
  const threads = part.threadTs ? [] : threadsIn(messages, part);
  const goesOn = cursor !== '' && page < pagesMax;
  const next: CatchUp = {
    ...effect,
    cursor: goesOn ? cursor : '',
    page: goesOn ? page + 1 : 1,
    parts: [...(goesOn ? [part] : []), ...others, ...threads],
    met: [...effect.met, ...met],
    mentions: [...effect.mentions, ...mentionsIn(context, botUserId, since, messages)],
  };
  const stopped = cursor !== '' && !goesOn;
  const effects = [
    ...(stopped ? await tellStopped(context, channelId, part, messages) : []),
    ...(next.parts.length > 0
      ? [reading(next.parts[0]?.incidentId ?? part.incidentId, channelId, next)]
      : await conclusion(context, next)),
  ];
  return { command: recordLooks.given(looks), effects };
}

// What is on a timeline and was not met: deleted, or written elsewhere or long ago. Then the mentions, all together.
async function conclusion(context: Performing, effect: CatchUp): Promise<Effect[]> {
  const { channelId, incidentIds, met, mentions } = effect;
  const rows = await context.tx.takenMessage.findMany({
    where: { workspaceId: context.workspace.id, incidentId: { in: [...incidentIds] }, withdrawn: false },
    orderBy: { ts: 'asc' },
  });
  const seen = new Set(met);
  return [
    ...rows
      .filter((row) => row.channelId !== channelId || !seen.has(row.ts))
      .map(({ incidentId, channelId: its, ts }) =>
        reading(incidentId, its, { do: 'lookAgain', channelId: its, ts }),
      ),
    ...(mentions.length > 0
      ? [reading(mentions[0]?.incidentId ?? '', channelId, { do: 'answerMissed', channelId, mentions }, true)]
      : []),
  ];
}

/** Looks at a message again, where Slack lets us: it may be in a channel that Andon is not in. */
export async function lookAgain(
  context: Performing,
  effect: Extract<EffectKind, { do: 'lookAgain' }>,
): Promise<Performed> {
  const { channelId, ts } = effect;
  try {
    return await lookAt(context, { do: 'look', channelId, ts, because: 'change', by: null });
  } catch (error) {
    if (error instanceof SlackRefused) return [];
    throw error;
  }
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

async function readPage(context: Performing, effect: CatchUp, part: MissedPart): Promise<Answer> {
  const { channelId: channel, cursor } = effect;
  const more = { limit: pageSize, ...(cursor ? { cursor } : {}) };
  if (!part.threadTs) return context.call('conversations.history', { channel, oldest: part.oldest, ...more });
  try {
    return await context.call('conversations.replies', { channel, ts: part.threadTs, ...more });
  } catch (error) {
    if (error instanceof SlackRefused && goneErrors.has(error.error)) return { ok: true };
    throw error;
  }
}

// Messages that are marked, or that the record knows, are told to the record. Those that it knows and that are here no
// longer, or no longer pinned, count as not met: a page may leave out what there is.
async function compare(
  context: Performing,
  effect: CatchUp,
  messages: readonly SlackMessage[],
): Promise<{ looks: Look[]; met: string[] }> {
  const { channelId } = effect;
  const reader = await readerOf(context);
  const rows = await context.tx.takenMessage.findMany({
    where: { workspaceId: context.workspace.id, channelId },
  });
  const known = new Map(rows.map((row) => [row.ts, row]));
  const looks: Look[] = [];
  const met: string[] = [];
  for (const each of messages) {
    const marks = marksOf(reader, channelId, each);
    const row = known.get(each.ts);
    const wasPinned = ((row?.by ?? []) as string[]).some((by) => by.startsWith('pin:'));
    if (isTombstone(each) || (wasPinned && !marks.pinned)) continue;
    if (!row && marks.reactors.length === 0 && !marks.more) continue;
    if (row) met.push(each.ts);
    looks.push({ channelId, ts: each.ts, seen: await seenOf(reader, channelId, each), marks, mark: null });
    // A long page must not outlast the lease.
    if (looks.length % 10 === 0) await context.note({});
  }
  return { looks, met };
}

function threadsIn(messages: readonly SlackMessage[], part: MissedPart): MissedPart[] {
  return messages
    .filter((each) => (each.reply_count ?? 0) > 0)
    .map((each) => ({ ...part, threadTs: each.ts }));
}

// Said once of a channel or a thread: it will be as long the next time.
async function tellStopped(
  context: Performing,
  channelId: string,
  part: MissedPart,
  messages: readonly SlackMessage[],
): Promise<Effect[]> {
  const { incidentId, threadTs } = part;
  const times = messages.map((each) => each.ts).sort();
  const ts = threadTs ? times.at(-1) : times[0];
  const { at } = timeOfTs(ts ?? part.oldest);
  const destination = threadTs
    ? ({ to: 'thread', channelId, threadTs } as const)
    : ({ to: 'incident' } as const);
  const slot = `stopped/${channelId}/${threadTs ?? ''}`;
  if (await wasSaid(context, slot)) return [];
  const kind: EffectKind = { do: 'say', slot, destination, message: stoppedText(at, threadTs !== null) };
  return [onIncident(incidentId, kind, { essential: true })];
}

function stoppedText(at: Date | null, isThread: boolean): Message {
  const where = isThread ? ' in this thread up to ' : ' here back to ';
  const rest = isThread ? 'later' : 'earlier';
  return say(
    `When I was away and came back, I read${where}`,
    ...(at ? [{ at }] : ['the first messages']),
    `, and no further. Where you marked something ${rest} meanwhile, take the mark away and mark it again.`,
  );
}

function reading(incidentId: string, channelId: string, kind: EffectKind, essential = false): Effect {
  return { ...onIncident(incidentId, kind, { essential }), lane: readingLane(channelId) };
}

// A connection that comes and goes makes one reading, from the first time on.
function once(effect: Effect): Effect {
  return { ...effect, collapse: `${effect.kind.do}/${effect.lane}` };
}

function tsOf(at: Date): string {
  const ms = at.getTime();
  return `${Math.floor(ms / 1000)}.${String((ms % 1000) * 1000).padStart(6, '0')}`;
}
