// What happens to messages: reactions, pins, edits and deletions. Each makes Andon look at the message again, so what
// the record says does not depend on which event came first, or twice, or not at all.
import type { App } from '@slack/bolt';
import type { EffectKind } from '../core/effect.js';
import { execute } from '../execute.js';
import { claim, isWatched, takenAt } from '../features/sources/index.js';
import { readingLane } from './catch-up.js';
import { isTimelineEmoji, type SlackMessage, saidIn } from './message.js';
import { type DoorParts, type Request, requestOf, understand } from './request.js';

type Track = <T>(work: Promise<T>) => Promise<T>;
type Because = Extract<EffectKind, { do: 'look' }>['because'];

/** What happened to a message, and by whom, where Slack says. */
interface Happened {
  readonly channelId: string;
  readonly ts: string;
  readonly because: Because;
  readonly userId: string | null;
}

interface Envelope {
  readonly event_id: string;
  readonly authorizations?: readonly { readonly user_id: string; readonly is_bot?: boolean }[];
}

/**
 * Listens. Bolt's `ignoreSelf` leaves out Andon's own reactions, pins and messages, which no timeline needs; what it
 * lets through while nobody knows yet who Andon is, is left out below.
 */
export function hearMessages(app: App, parts: DoorParts, track: Track): void {
  for (const type of ['reaction_added', 'reaction_removed'] as const) {
    app.event(type, async ({ event, body, context }) => {
      if (event.item.type !== 'message' || !isTimelineEmoji(parts, event.reaction)) return;
      const { channel, ts } = event.item;
      await track(
        look(parts, context, body, { channelId: channel, ts, because: 'reaction', userId: event.user }),
      );
    });
  }

  for (const type of ['pin_added', 'pin_removed'] as const) {
    app.event(type, async ({ event, body, context }) => {
      const ts = (event.item as { message?: { ts?: string } }).message?.ts;
      if (!ts) return;
      await track(
        look(parts, context, body, { channelId: event.channel_id, ts, because: 'pin', userId: event.user }),
      );
    });
  }

  // Everything that is said in the channels that Andon is in comes by here; nearly all of it is let go at once.
  app.event('message', async ({ event, body, context }) => {
    if (await isCanary(parts, event as MessageEvent, track)) return;
    const happened = changeOf(event as MessageEvent, context.botUserId);
    if (happened) await track(lookIfTaken(parts, context, body, happened));
  });
}

// The one message of our own that is waited for.
async function isCanary(parts: DoorParts, event: MessageEvent, track: Track): Promise<boolean> {
  const { channel: channelId, message } = event;
  if (!parts.canary || event.subtype !== 'message_changed' || !message) return false;
  return track(parts.canary({ channelId, ts: message.ts, text: message.text ?? '' }));
}

interface MessageEvent {
  readonly channel: string;
  readonly subtype?: string;
  readonly deleted_ts?: string;
  readonly message?: SlackMessage & { edited?: { user?: string } };
  readonly previous_message?: SlackMessage;
}

// Slack says that a message changed also for links that unfold and threads that grow: the words tell.
function changeOf(event: MessageEvent, botUserId: string | undefined): Happened | null {
  const { channel: channelId, message, previous_message: before } = event;
  if (event.subtype === 'message_deleted' && event.deleted_ts)
    return { channelId, ts: event.deleted_ts, because: 'deletion', userId: null };
  if (event.subtype !== 'message_changed' || !message || message.user === botUserId) return null;
  if (message.subtype === 'tombstone')
    return { channelId, ts: message.ts, because: 'deletion', userId: null };
  const same = before && saidIn(before) === saidIn(message);
  return same ? null : { channelId, ts: message.ts, because: 'change', userId: message.edited?.user ?? null };
}

async function lookIfTaken(
  parts: DoorParts,
  context: object,
  envelope: Envelope,
  happened: Happened,
): Promise<void> {
  const request = requestFor(context, envelope, happened);
  const { id } = request.team.workspace;
  const taken = await takenAt(parts.kernel.db.of(id).read, id, happened.channelId, happened.ts);
  if (taken) await enqueueLook(parts, request, happened, taken.incidentId);
}

async function look(
  parts: DoorParts,
  context: object,
  envelope: Envelope,
  happened: Happened,
): Promise<void> {
  const ourselves = envelope.authorizations?.find((each) => each.is_bot)?.user_id;
  if (happened.userId === ourselves) return;
  const request = requestFor(context, envelope, happened);
  const { id } = request.team.workspace;
  const { watched, incidentId } = await isWatched(
    parts.kernel.db.of(id).read,
    id,
    happened.channelId,
    happened.ts,
  );
  if (watched) await enqueueLook(parts, request, happened, incidentId);
}

// The event is acknowledged when the look is committed, and one that comes twice makes one look.
async function enqueueLook(
  parts: DoorParts,
  request: Request,
  happened: Happened,
  incidentId: string | null,
): Promise<void> {
  const { ask } = await understand(parts, request, '');
  const { channelId, ts, because, userId } = happened;
  const by = userId ? { id: ask.actor.id, name: ask.actor.name } : null;
  await execute(parts.kernel, claim, ask, {
    answer: () => [
      {
        lane: readingLane(channelId),
        step: 0,
        incidentId,
        first: false,
        essential: true,
        collapse: null,
        kind: { do: 'look', channelId, ts, because, by },
      },
    ],
  });
}

function requestFor(context: object, envelope: Envelope, happened: Happened): Request {
  // What Slack says of nobody is asked by nobody whom Slack knows.
  const id = happened.userId ?? 'event:slack';
  return requestOf(context, {
    requestId: `event/${envelope.event_id}`,
    user: { id, name: id },
    channelId: happened.channelId,
    source: 'message',
    triggerId: null,
    respondUrl: null,
  });
}
