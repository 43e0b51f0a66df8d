// Mentions: Andon called by name in a message, heard now or read at the next start.

import type { SurfaceName } from '../core/command.js';
import { answerSlot, type Effect, onIncident } from '../core/effect.js';
import type { Fact } from '../core/fact.js';
import { buttons, line, type Message, message, shorten } from '../core/message.js';
import type { Routed } from '../core/surface.js';
import { execute } from '../execute.js';
import { incidentsIn } from '../features/incident/index.js';
import { claim } from '../features/sources/index.js';
import { saidAt, settle } from './answer.js';
import type { Mentions } from './context.js';
import {
  type DoorParts,
  type Reply,
  type Request,
  type Team,
  type Understood,
  understand,
} from './request.js';

/** Answers what was said to Andon while nobody listened, as if it were heard now. */
export function missedMentions(parts: DoorParts, team: () => Promise<Team | null>): Mentions {
  const requestId = (mention: { channelId: string; ts: string }) =>
    `mention/${mention.channelId}/${mention.ts}`;
  return {
    async wasAnswered(mention) {
      const workspaceId = (await team())?.workspace.id;
      if (workspaceId === undefined) return true;
      const where = { workspaceId, id: requestId(mention) };
      return (await parts.kernel.db.of(workspaceId).read.request.count({ where })) > 0;
    },
    isCommand(text) {
      // Whose name it begins with was asked by whoever read it.
      const words = wordsFor(text, null) ?? '';
      const [first = '', second = ''] = words.toLowerCase().split(/\s+/);
      // A complaint needs no verb.
      if (first === 'report') return true;
      const named = isSurface(first);
      return (named ? [first] : surfaces).some((surface) =>
        parts.surface.verbs(surface).some((verb) => verb.words.includes(named ? second : first)),
      );
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
      await answerMention(parts, request, text, channelId, ts);
    },
  };
}

/**
 * Answers a mention that is a command: one that begins a message. Elsewhere in a sentence we are spoken of, not to.
 * What concerns only the place where it was said is answered in its thread, all else to the sender alone. Each is
 * answered once: a refusal and an answer to a question claim the request too, or a later reading would carry it out.
 */
export async function answerMention(
  parts: DoorParts,
  request: Request,
  raw: string,
  channel: string,
  ts: string,
): Promise<void> {
  const words = wordsFor(raw, request.team.botUserId);
  if (words === null) return;
  const understood = await understand(parts, request, words);
  const reply = await mentionReply(parts, request, understood, { channel, ts });
  if (!reply || reply.accepted) return;
  await execute(parts.kernel, claim, understood.ask, {
    answer: () => [toSender(request, channel, reply.message)],
  });
}

// The words after our name at the beginning; null where it is not there. Null for our id: nobody knows it yet.
function wordsFor(raw: string, botUserId: string | null): string | null {
  const found = /^\s*<@([^>|]+)(?:\|[^>]*)?>\s*(.*)$/s.exec(raw);
  if (!found || (botUserId !== null && found[1] !== botUserId)) return null;
  return found[2] ?? '';
}

/** In the order in which a word without a surface is looked for: `show` is an incident's, `announce` a change's. */
const surfaces: readonly SurfaceName[] = ['incident', 'change', 'freeze', 'report'];

function isSurface(word: string): word is SurfaceName {
  return surfaces.some((surface) => surface === word);
}

// A verb on a change names it, so `@andon done CHG-7` is about a change although incidents have the word too.
function surfaceOf(parts: DoorParts, text: string): SurfaceName {
  const [first = '', second = ''] = text.toLowerCase().split(/\s+/);
  const having = surfaces.filter((surface) =>
    parts.surface.verbs(surface).some((verb) => verb.words.includes(first)),
  );
  if (/^chg-?\d+$/.test(second) && having.includes('change')) return 'change';
  return having[0] ?? 'incident';
}

async function mentionReply(
  parts: DoorParts,
  request: Request,
  { text, context, ask }: Understood,
  at: { channel: string; ts: string },
): Promise<Reply> {
  // A mention may name its surface (`@andon change list`); without one the verb tells.
  const named = /^(incident|change|freeze|report)\s+(.*)$/is.exec(text);
  const surface = (named?.[1]?.toLowerCase() ?? surfaceOf(parts, text)) as SurfaceName;
  const routed = parts.surface.route(surface, named?.[2] ?? text, context);
  if (routed.kind === 'form') return { accepted: false, message: formOffer(surface, routed) };
  const { read } = parts.kernel.db.of(ask.workspace.id);
  if (routed.kind === 'query') return { accepted: false, message: await routed.answer(read, ask) };
  const here = new Set((await incidentsIn(read, ask)).map((each) => each.id));
  return settle(parts, ask, routed, (reply, facts) => [
    isAbout(here, facts) ? inThread(request, at, reply) : toSender(request, at.channel, reply),
  ]);
}

// A mention has no trigger, and without one Slack opens no form; a press on a button has.
function formOffer(surface: SurfaceName, routed: Extract<Routed, { kind: 'form' }>): Message {
  const { verb, form } = routed.command;
  const word = verb.words[0] ?? '';
  // What the words said already stands in the button's line too.
  const said = Object.values(routed.initial ?? {}).map((value) => ` ${value}`);
  const key = `${routed.incident === null ? '' : ` INC-${routed.incident}`}${said.join('')}`;
  return message(
    line('Say it in words, or press the button: ', { code: `@andon ${word} ${verb.usage}` }),
    buttons({ label: shorten(form?.title ?? word, 75), command: `/${surface} ${word}${key}` }),
  );
}

// Those who read this place may know of its own incident; another one may be private.
function isAbout(here: ReadonlySet<string>, facts: readonly Fact[]): boolean {
  return facts.length > 0 && facts.every((fact) => fact.incidentId !== null && here.has(fact.incidentId));
}

function inThread(request: Request, at: { channel: string; ts: string }, reply: Message): Effect {
  return answerEffect(`channel/${at.channel}`, {
    do: 'say',
    slot: answerSlot(request.requestId),
    destination: { to: 'thread', channelId: at.channel, threadTs: request.threadTs ?? at.ts },
    message: reply,
  });
}

function toSender(request: Request, channelId: string, reply: Message): Effect {
  return answerEffect(`person/${request.user.id}`, {
    do: 'sayOnly',
    slot: answerSlot(request.requestId),
    channelId,
    ...(request.threadTs ? { threadTs: request.threadTs } : {}),
    userId: request.user.id,
    message: reply,
  });
}

function answerEffect(lane: string, kind: Effect['kind']): Effect {
  return { ...onIncident('', kind, { essential: true }), lane, incidentId: null };
}
