// The door: what Slack sends becomes a command, and the reply goes back in time.
import { App, type Receiver } from '@slack/bolt';
import type { SurfaceName } from '../core/command.js';
import { type Message, runPrefix } from '../core/message.js';
import { noteMember, runLine, saidAt } from './answer.js';
import { hearMessages } from './events.js';
import { hearGroups } from './groups.js';
import { hearHome } from './home.js';
import { answerInTime, answerWithinMs, failed, later } from './in-time.js';
import { answerMention } from './mention.js';
import { sendAway } from './other-team.js';
import { body as slackBody } from './post.js';
import { type DoorParts, type Reply, readOrigin, requestOf, teamIn } from './request.js';
import { sdkLogger } from './sdk-log.js';
import { hearShortcuts, submitForm } from './shortcuts.js';

export interface Door {
  readonly app: App;
  /** Resolves when everything that was being answered is done. */
  drained(): Promise<void>;
}

const surfaces: Readonly<Record<string, SurfaceName>> = {
  '/incident': 'incident',
  '/change': 'change',
  '/freeze': 'freeze',
  '/report': 'report',
};

/** Makes Bolt's app with its listeners. Bolt authorizes, matches and acknowledges; the rest is ours. */
export function makeDoor(parts: DoorParts, receiver: Receiver, slackApiUrl: string): Door {
  const underWay = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const done = work.finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  };
  const app = new App({
    receiver,
    // With our own authorization Bolt asks Slack nothing at start, so a Slack that is down does not end the process.
    authorize: async ({ teamId }) => {
      const team = await parts.team(teamId ?? null);
      return {
        team,
        ...(team ? { botToken: team.botToken } : {}),
        ...(team?.botId ? { botId: team.botId } : {}),
        ...(team?.botUserId ? { botUserId: team.botUserId } : {}),
      };
    },
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 8_000 },
    logger: sdkLogger({
      warn: (fields) => parts.log.warn(fields, 'bolt'),
      error: (fields) => parts.log.error(fields, 'bolt'),
    }),
  });

  app.use(async (args) => {
    if (!teamIn(args.context)) return track(sendAway(parts, args));
    parts.heard();
    await args.next();
  });

  app.command(/.*/, async ({ command, ack, context }) => {
    const request = requestOf(context, {
      requestId: `trigger/${command.trigger_id}`,
      user: { id: command.user_id, name: command.user_name },
      channelId: command.channel_id,
      source: 'command',
      triggerId: command.trigger_id,
      respondUrl: command.response_url,
    });
    const surface = surfaces[command.command] ?? 'incident';
    await answerInTime(
      parts,
      track,
      request,
      track(runLine(parts, request, surface, command.text ?? '')),
      async (reply) => {
        await ack(reply ? ephemeral(reply.message) : undefined);
      },
    );
  });

  app.action(new RegExp(`^${runPrefix}`), async ({ ack, body, action, context }) => {
    if (body.type !== 'block_actions' || action.type !== 'button' || !('action_id' in action)) return ack();
    const request = requestOf(context, {
      requestId: `trigger/${body.trigger_id}/${action.action_id}`,
      user: { id: body.user.id, name: body.user.name ?? body.user.username ?? body.user.id },
      channelId: body.channel?.id ?? null,
      source: 'command',
      triggerId: body.trigger_id,
      respondUrl: body.response_url ?? null,
    });
    const command = /^\/(\w+)\s+(.*)$/s.exec(action.value ?? '');
    const surface = surfaces[`/${command?.[1]}`];
    if (!command || !surface) return ack();
    // A button's acknowledgement carries no words: the reply goes by response_url.
    const work = track(runLine(parts, request, surface, command[2] ?? ''));
    const acknowledged = Promise.race([work.catch(() => null), parts.wire.wait(answerWithinMs)]).then(() =>
      ack(),
    );
    void track(
      acknowledged
        .then(() => work)
        .then(
          (reply) => reply && later(parts, request, reply.message),
          (error) => failed(parts, request, error),
        ),
    );
    await acknowledged;
  });

  app.view(/.*/, async ({ view, ack, body, context }) => {
    const origin = readOrigin(view.private_metadata);
    const request = requestOf(context, {
      requestId: `view/${view.id}`,
      user: { id: body.user.id, name: body.user.name },
      channelId: origin.channelId,
      source: 'modal',
      triggerId: null,
      respondUrl: origin.respondUrl,
    });
    const work = track(submitForm(parts, request, view, origin));
    const acknowledge = async (reply: Reply) => {
      if (!reply || reply.accepted) return ack();
      const known = Object.keys(view.state.values);
      const field = reply.field && known.includes(reply.field) ? reply.field : (known[0] ?? 'title');
      await ack({ response_action: 'errors', errors: { [field]: reply.message.text.slice(0, 1500) } });
    };
    // What was accepted is answered by a job, which is committed with it.
    await answerInTime(parts, track, request, work, acknowledge, (reply) => !reply.accepted);
  });

  hearMessages(app, parts, track);
  hearShortcuts(app, parts, track);

  hearHome(app, parts, track);
  hearGroups(app, parts, track);
  app.event('app_mention', async ({ event, context }) => {
    if (!event.user) return;
    const request = requestOf(context, {
      // One mention arrives as two events, and may be sent again: its own place names it.
      requestId: `mention/${event.channel}/${event.ts}`,
      user: { id: event.user, name: event.user },
      channelId: event.channel,
      threadTs: event.thread_ts ?? null,
      source: 'message',
      saidAt: saidAt(parts, event.ts),
      triggerId: null,
      respondUrl: null,
    });
    await track(answerMention(parts, request, event.text, event.channel, event.ts));
  });

  for (const [type, joined] of [
    ['member_joined_channel', true],
    ['member_left_channel', false],
  ] as const) {
    app.event(type, async ({ event, body, context }) => {
      if (event.user === context.botUserId) return;
      const request = requestOf(context, {
        requestId: `event/${body.event_id}`,
        user: { id: event.user, name: event.user },
        channelId: event.channel,
        source: 'automatic',
        triggerId: null,
        respondUrl: null,
      });
      await track(noteMember(parts, request, joined));
    });
  }

  return {
    app,
    async drained() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

function ephemeral(message: Message) {
  return { response_type: 'ephemeral' as const, ...(slackBody(message) as { text: string }) };
}
