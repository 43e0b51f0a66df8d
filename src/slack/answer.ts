// Answering a request: words to a verb, the verb to its facts, the facts to a reply.
import type { Ask, Bound, Command } from '../core/command.js';
import { type Effect, onIncident } from '../core/effect.js';
import { formView } from '../core/form.js';
import { buttons, line, type Message, message, say, shorten } from '../core/message.js';
import type { Routed, SurfaceName } from '../core/surface.js';
import { execute, type Outcome } from '../execute.js';
import { recordMember } from '../features/incident/index.js';
import { type Seen, timeOfTs } from '../features/sources/index.js';
import type { Mentions, MissedMention } from './catch-up.js';
import { body as slackBody } from './post.js';
import {
  type DoorParts,
  type Origin,
  type Reply,
  type Request,
  readValues,
  type Team,
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
  around: (bound: Bound) => Bound = (bound) => bound,
): Promise<Reply> {
  const [surface = 'incident', word = ''] = callbackId.split(' ');
  const values = readValues(state);
  const people = Object.values(values)
    .filter((value): value is string => typeof value === 'string')
    .join(' ');
  const { context, ask } = await understand(parts, request, people);
  const found = parts.surface.routeForm(surface as SurfaceName, word, values, incident, context);
  const routed = found.kind === 'command' ? { ...found, bound: around(found.bound) } : found;
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

/** When something was said by Slack's clock, which may be a little ahead of ours. */
export function saidAt(parts: DoorParts, ts: string): Date {
  const now = parts.now();
  const { at } = timeOfTs(ts);
  return at && at < now ? at : now;
}

/** Answers what was said to Andon while nobody listened, as if it were heard now. */
export function missedMentions(parts: DoorParts, team: () => Promise<Team | null>): Mentions {
  const requestId = (mention: MissedMention) => `mention/${mention.channelId}/${mention.ts}`;
  return {
    async wasAnswered(mention) {
      const workspaceId = (await team())?.workspace.id;
      if (workspaceId === undefined) return true;
      const where = { workspaceId, id: requestId(mention) };
      return (await parts.kernel.db.of(workspaceId).read.request.count({ where })) > 0;
    },
    isCommand(mention) {
      const [first = '', second = ''] = wordsAfterName(mention.text).toLowerCase().split(/\s+/);
      const named = isSurface(first);
      return parts.surface
        .verbs(named ? first : 'incident')
        .some((verb) => verb.words.includes(named ? second : first));
    },
    async answer(mention) {
      const { channelId, ts, threadTs, user, text } = mention;
      const found = await team();
      if (!found) return;
      const request: Request = {
        requestId: requestId(mention),
        team: found,
        user: { id: user, name: user },
        channelId,
        threadTs,
        source: 'message',
        saidAt: saidAt(parts, ts),
        triggerId: null,
        respondUrl: null,
      };
      await answerMention(parts, request, text, channelId, threadTs ?? ts);
    },
  };
}

function isSurface(word: string): word is SurfaceName {
  return word === 'incident' || word === 'change' || word === 'freeze';
}

function wordsAfterName(raw: string): string {
  return raw.replace(/^\s*<@[^>]+>\s*/, '');
}

/** Answers a mention in its thread; a refusal is said to the sender only. */
export async function answerMention(
  parts: DoorParts,
  request: Request,
  raw: string,
  channel: string,
  threadTs: string,
): Promise<void> {
  const words = wordsAfterName(raw);
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
export async function openForm(
  parts: DoorParts,
  request: Request,
  surface: SurfaceName,
  command: Command,
  incident: number | null,
  given: { initial?: Readonly<Record<string, string>>; message?: Seen } = {},
): Promise<Reply> {
  const word = command.verb.words[0] ?? '';
  if (!command.form || !request.triggerId) return null;
  const origin = originOf(
    { channelId: request.channelId, incident, respondUrl: request.respondUrl },
    given.message,
  );
  try {
    const view = formView(command.form, `${surface} ${word}`, origin, given.initial);
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

// docs.slack.dev, views: private_metadata takes 3,000 characters.
const metadataLimit = 3_000;
const filesCarried = 5;

/** What travels with a form. A long message is cut, and read again when the form comes back. */
export function originOf(origin: Origin, message?: Seen): string {
  if (!message) return JSON.stringify(origin);
  const whole = JSON.stringify({ ...origin, message });
  if (whole.length <= metadataLimit) return whole;
  const files = message.files
    .slice(0, filesCarried)
    .map((file) => ({ ...file, name: shorten(file.name, 60) }));
  for (let length = 2_000; length > 0; length -= 200) {
    const text = shorten(message.text, length);
    const cut = JSON.stringify({ ...origin, message: { ...message, text, files }, cut: true });
    if (cut.length <= metadataLimit) return cut;
  }
  return JSON.stringify(origin);
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
