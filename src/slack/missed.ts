// Mentions that nobody heard: found while a channel is read, and answered when all of it was.
import { type Effect, type EffectKind, type MentionAt, onIncident, type Performed } from '../core/effect.js';
import { line, list, message, type Span } from '../core/message.js';
import { recordLooks, timeOfTs } from '../features/sources/index.js';
import type { Performing } from './context.js';
import { isTombstone, permalinkOf, type SlackMessage } from './message.js';
import { readMessage } from './take-message.js';

/** A command that is older is not carried out: the world has moved on, and whoever gave it too. */
const answeredWithinMs = 3_600_000;
/** Older ones are left alone. Shorter than answers are kept: what was answered must not look missed. */
const listedWithinMs = 6 * 86_400_000;

/** The mentions among messages that were said since Slack was heard last, and are commands. */
export function mentionsIn(
  context: Performing,
  botUserId: string | null,
  since: { readonly heard: string; readonly incidentId: string },
  messages: readonly SlackMessage[],
): MentionAt[] {
  return messages.flatMap((each) =>
    each.ts > since.heard && each.user && isForUs(context, botUserId, each)
      ? [{ ts: each.ts, threadTs: each.thread_ts ?? null, user: each.user, incidentId: since.incidentId }]
      : [],
  );
}

/** Answers what was said to Andon lately, in the order in which it was said, and lists what is too old for that. */
export async function answerMissed(
  context: Performing,
  effect: Extract<EffectKind, { do: 'answerMissed' }>,
): Promise<Performed> {
  const { channelId } = effect;
  const old: MentionAt[] = [];
  for (const mention of inOrder(effect.mentions)) {
    const age = context.now.getTime() - (timeOfTs(mention.ts).at ?? context.now).getTime();
    if (age > listedWithinMs || (await context.mentions.wasAnswered({ channelId, ts: mention.ts }))) continue;
    if (age > answeredWithinMs) old.push(mention);
    else await answerOne(context, channelId, mention);
    // Many must not outlast the lease.
    await context.note({});
  }
  return { command: recordLooks.given([]), effects: await tellMissed(context, channelId, old) };
}

// A reply that was sent to the channel too is found in both.
function inOrder(mentions: readonly MentionAt[]): MentionAt[] {
  const once = new Map(mentions.map((each) => [each.ts, each]));
  return [...once.values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));
}

// Read anew: it may have been edited or deleted since it was found.
async function answerOne(context: Performing, channelId: string, mention: MentionAt): Promise<void> {
  const { ts, threadTs, user } = mention;
  const read = await readMessage(context.call, channelId, ts);
  if (read === null || read === 'gone' || !isForUs(context, context.home.botUserId, read)) return;
  await context.mentions.answer({ channelId, ts, threadTs, user, text: read.text ?? '' });
}

function isForUs(context: Performing, botUserId: string | null, said: SlackMessage): boolean {
  const { text = '', bot_id: bot } = said;
  if (bot || isTombstone(said) || !text.trimStart().startsWith(`<@${botUserId}>`)) return false;
  return context.mentions.isCommand(text);
}

// Only who and when and where: what they said stays in Slack.
async function tellMissed(
  context: Performing,
  channelId: string,
  missed: readonly MentionAt[],
): Promise<Effect[]> {
  const told: Effect[] = [];
  for (const incidentId of new Set(missed.map((each) => each.incidentId))) {
    const its = missed.filter((each) => each.incidentId === incidentId);
    const slot = `missed/${channelId}/${its[0]?.ts}`;
    if (await wasSaid(context, slot)) continue;
    const text = message(
      line(
        'While I was away I missed these, and it is too late to do them unasked. Say them again if they still hold:',
      ),
      list(its.map((each) => spansOf(context, channelId, each))),
    );
    const destination = { to: 'incident' } as const;
    told.push(onIncident(incidentId, { do: 'say', slot, destination, message: text }, { essential: true }));
  }
  return told;
}

/** Whether this was said in Slack before. */
export async function wasSaid(context: Performing, slot: string): Promise<boolean> {
  const where = { workspaceId: context.workspace.id, slot };
  return (await context.tx.posted.count({ where })) > 0;
}

function spansOf(context: Performing, channelId: string, { user, ts, threadTs }: MentionAt): Span[] {
  const { at } = timeOfTs(ts);
  const place = threadTs ? { ts, thread_ts: threadTs } : { ts };
  const url = permalinkOf(context.home.teamUrl, channelId, place);
  return [
    { person: user, name: user },
    ...(at ? [' at ', { at }] : []),
    ...(url ? [': ', { url, label: 'message' }] : []),
  ];
}
