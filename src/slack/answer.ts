// Answering a request: words to a verb, the verb to its facts, the facts to a reply.
import type { Ask, Bound, Command, Refusal, SurfaceName } from '../core/command.js';
import { answerSlot, type Effect, onIncident } from '../core/effect.js';
import { formView } from '../core/form.js';
import { type Message, say } from '../core/message.js';
import type { Routed } from '../core/surface.js';
import { type ExecuteOptions, execute, guardedBy, type Outcome } from '../execute.js';
import { recordMember } from '../features/incident/index.js';
import { type Seen, timeOfTs } from '../features/sources/index.js';
import { carry } from './carried.js';
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
  // Nobody fills in a form to be refused.
  const refusal = routed.kind === 'form' && (await guardedForm(parts, routed.command, ask));
  if (refusal) return { accepted: false, ...refusal };
  if (routed.kind === 'form')
    return openForm(parts, request, surface, routed.command, routed.incident, {
      initial: routed.initial ?? {},
    });
  return settle(parts, ask, routed);
}

function guardedForm({ kernel }: DoorParts, { verb }: Command, ask: Ask): Promise<Refusal | null> {
  return guardedBy(kernel.features, kernel.db.of(ask.workspace.id).read, verb, ask, null);
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

/** Performs what was routed; `answer` carries the reply of doors that cannot answer at once. */
export async function settle(
  parts: DoorParts,
  ask: Ask,
  routed: Routed,
  answer?: ExecuteOptions['answer'],
): Promise<Reply> {
  if (routed.kind === 'refused') return { accepted: false, ...routed.refusal };
  if (routed.kind === 'query')
    return { accepted: true, message: await routed.answer(parts.kernel.db.of(ask.workspace.id).read, ask) };
  if (routed.kind === 'form') return null;
  const outcome = await run(parts, routed.bound, ask, answer);
  if (outcome.accepted) return { accepted: true, message: outcome.reply };
  return { accepted: false, ...outcome.refusal };
}

function run(parts: DoorParts, bound: Bound, ask: Ask, answer?: ExecuteOptions['answer']): Promise<Outcome> {
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
  const { channelId, respondUrl } = request;
  try {
    const origin = await carry(parts, request, { channelId, incident, respondUrl }, given.message);
    const { id } = request.team.workspace;
    const form = (await command.formFor?.(parts.kernel.db.of(id).read, id)) ?? command.form;
    const initial = { ...(await prefilled(parts, request, command, incident)), ...given.initial };
    const view = formView(form, `${surface} ${word}`, origin, initial);
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

// Without it the form is empty, which is better than none.
async function prefilled(
  parts: DoorParts,
  request: Request,
  command: Command,
  incident: number | null,
): Promise<Readonly<Record<string, string>>> {
  if (!command.prefill) return {};
  try {
    const { ask } = await understand(parts, request, '');
    const { read } = parts.kernel.db.of(ask.workspace.id);
    return await command.prefill(read, incident === null ? {} : { incident }, ask);
  } catch (error) {
    parts.log.warn({ err: error, word: command.verb.words[0] }, 'form not filled in');
    return {};
  }
}

// A form's reply is shown only to the sender: where the form was opened, else by direct message.
function replyEffect(request: Request, reply: Message): Effect {
  const userId = request.user.id;
  const kind: Effect['kind'] = request.channelId
    ? {
        do: 'sayOnly',
        slot: answerSlot(request.requestId),
        channelId: request.channelId,
        userId,
        message: reply,
      }
    : {
        do: 'say',
        slot: answerSlot(request.requestId),
        destination: { to: 'person', userId },
        message: reply,
      };
  return { ...onIncident('', kind), lane: `person/${userId}`, incidentId: null };
}
