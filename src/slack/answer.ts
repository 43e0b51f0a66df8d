// Answering a request: words to a verb, the verb to its facts, the facts to a reply.
import type { Ask, Bound, Command } from '../core/command.js';
import { type Effect, onIncident } from '../core/effect.js';
import { formView } from '../core/form.js';
import { buttons, line, type Message, message, say, shorten } from '../core/message.js';
import type { Routed, SurfaceName } from '../core/surface.js';
import { execute, type Outcome } from '../execute.js';
import { recordMember } from '../features/incident/index.js';
import { body as slackBody } from './post.js';
import {
  type DoorParts,
  type Reply,
  type Request,
  readValues,
  understand,
  type ViewValue,
} from './request.js';

/** Understands and performs a line; null when a form was opened instead of an answer. */
export async function runLine(
  parts: DoorParts,
  request: Request,
  surface: SurfaceName,
  raw: string,
): Promise<Reply> {
  const { text, context, ask } = await understand(parts, request, raw);
  const routed = parts.surface.route(surface, text, context);
  if (routed.kind === 'form') return openForm(parts, request, surface, routed.command, routed.incident);
  return settle(parts, ask, routed);
}

/** Performs what a form was filled with; the reply goes to the sender by a job. */
export async function runForm(
  parts: DoorParts,
  request: Request,
  callbackId: string,
  state: Readonly<Record<string, Readonly<Record<string, ViewValue>>>>,
  incident: number | null,
): Promise<Reply> {
  const [surface = 'incident', word = ''] = callbackId.split(' ');
  const values = readValues(state);
  const people = Object.values(values)
    .filter((value): value is string => typeof value === 'string')
    .join(' ');
  const { context, ask } = await understand(parts, request, people);
  const routed = parts.surface.routeForm(surface as SurfaceName, word, values, incident, context);
  return settle(parts, ask, routed, (reply) => [replyEffect(request, reply)]);
}

/** Records that somebody joined or left a channel, where that matters: private incidents exist for their members. */
export async function noteMember(parts: DoorParts, request: Request, joined: boolean): Promise<void> {
  const { ask } = await understand(parts, request, '');
  const person = { id: ask.actor.id, name: ask.actor.name };
  await execute(
    parts.kernel,
    recordMember.given({ channelId: request.channelId ?? '', person, joined }),
    ask,
  );
}

/** Answers a mention in its thread; a refusal is said to the sender only. */
export async function answerMention(
  parts: DoorParts,
  request: Request,
  raw: string,
  channel: string,
  threadTs: string,
): Promise<void> {
  const words = raw.replace(/^\s*<@[^>]+>\s*/, '');
  const reply = await mentionReply(parts, request, words, channel, threadTs);
  if (!reply || reply.accepted) return;
  // Nothing was recorded, so nothing waits in a lane: said once, to the sender only.
  await parts.api
    .call('chat.postEphemeral', {
      channel,
      user: request.user.id,
      thread_ts: threadTs,
      ...slackBody(reply.message),
    })
    .catch((error: unknown) => parts.log.warn({ err: error }, 'refusal not delivered'));
}

async function mentionReply(
  parts: DoorParts,
  request: Request,
  words: string,
  channel: string,
  threadTs: string,
): Promise<Reply> {
  const { text, context, ask } = await understand(parts, request, words);
  // A mention may name its surface (`@andon change list`); without one it is about incidents.
  const named = /^(incident|change|freeze)\s+(.*)$/is.exec(text);
  const surface = (named?.[1]?.toLowerCase() ?? 'incident') as SurfaceName;
  const routed = parts.surface.route(surface, named?.[2] ?? text, context);
  if (routed.kind === 'form') {
    const word = routed.command.verb.words[0] ?? '';
    const key = routed.incident === null ? '' : ` INC-${routed.incident}`;
    return {
      accepted: false,
      // A mention has no trigger, and without one Slack opens no form; a press on a button has.
      message: message(
        line('Say it in words, or press the button: ', {
          code: `@andon ${word} ${routed.command.verb.usage}`,
        }),
        buttons({
          label: shorten(routed.command.form?.title ?? word, 75),
          command: `/${surface} ${word}${key}`,
        }),
      ),
    };
  }
  const inThread = (reply: Message): Effect[] => [
    {
      lane: `channel/${channel}`,
      step: 0,
      incidentId: null,
      first: false,
      essential: true,
      collapse: null,
      kind: {
        do: 'say',
        slot: `answer/${request.requestId}`,
        destination: { to: 'thread', channelId: channel, threadTs },
        message: reply,
      },
    },
  ];
  if (routed.kind === 'query') {
    return { accepted: false, message: await routed.answer(parts.kernel.db.of(ask.workspace.id).read, ask) };
  }
  return settle(parts, ask, routed, inThread);
}

async function settle(
  parts: DoorParts,
  ask: Ask,
  routed: Routed,
  answer?: (reply: Message) => Effect[],
): Promise<Reply> {
  if (routed.kind === 'refused') return { accepted: false, ...routed.refusal };
  if (routed.kind === 'query')
    return { accepted: true, message: await routed.answer(parts.kernel.db.of(ask.workspace.id).read, ask) };
  if (routed.kind === 'form') return null;
  const outcome = await run(parts, routed.bound, ask, answer);
  if (outcome.accepted) return { accepted: true, message: outcome.reply };
  return { accepted: false, ...outcome.refusal };
}

function run(
  parts: DoorParts,
  bound: Bound,
  ask: Ask,
  answer?: (reply: Message) => Effect[],
): Promise<Outcome> {
  return execute(parts.kernel, bound, ask, answer ? { answer } : {});
}

// A trigger lives three seconds, so a form is opened here and not by the worker.
async function openForm(
  parts: DoorParts,
  request: Request,
  surface: SurfaceName,
  command: Command,
  incident: number | null,
): Promise<Reply> {
  const word = command.verb.words[0] ?? '';
  if (!command.form || !request.triggerId) return null;
  const origin = JSON.stringify({ channelId: request.channelId, incident, respondUrl: request.respondUrl });
  try {
    const view = formView(command.form, `${surface} ${word}`, origin);
    await parts.api.call('views.open', { trigger_id: request.triggerId, view });
    return null;
  } catch (error) {
    parts.log.warn({ err: error, word }, 'form not opened');
    const example = command.verb.example ?? `/${surface} ${word} ${command.verb.usage}`;
    return {
      accepted: false,
      message: say('Slack did not open the form. Say it in words: ', { code: example }),
    };
  }
}

// A form's reply is shown only to the sender: where the form was opened, else by direct message.
function replyEffect(request: Request, reply: Message): Effect {
  const userId = request.user.id;
  const kind: Effect['kind'] = request.channelId
    ? {
        do: 'sayOnly',
        slot: `answer/${request.requestId}`,
        channelId: request.channelId,
        userId,
        message: reply,
      }
    : {
        do: 'say',
        slot: `answer/${request.requestId}`,
        destination: { to: 'person', userId },
        message: reply,
      };
  return { ...onIncident('', kind), lane: `person/${userId}`, incidentId: null };
}
