// Shortcuts: declaring from anywhere, and the two on a message, which carry the message itself.
import type { App, MessageShortcut } from '@slack/bolt';
import type { Bound } from '../core/command.js';
import { type FormField, formView } from '../core/form.js';
import { say, shorten } from '../core/message.js';
import { showInstant } from '../core/time/index.js';
import { execute } from '../execute.js';
import { incidentKey, openIncidents } from '../features/incident/index.js';
import {
  addMessage,
  declaredFrom,
  incidentFor,
  messageTaken,
  type Seen,
  timeOfTs,
} from '../features/sources/index.js';
import { openForm, runForm, runLine } from './answer.js';
import { carried, carry, putDown } from './carried.js';
import { failed, later } from './in-time.js';
import { type Reader, type SlackMessage, seenOf } from './message.js';
import {
  type DoorParts,
  type Origin,
  type Reply,
  type Request,
  readValues,
  requestOf,
  understand,
  type ViewValue,
} from './request.js';

type Track = <T>(work: Promise<T>) => Promise<T>;

const addCallback = 'add_to_timeline';
const declareCallback = 'declare';
const declareFromCallback = 'declare_from_message';
/** docs.slack.dev: a select takes 100 options, a label 75 characters. */
const choicesMax = 100;
const labelMax = 75;
const titleMax = 120;

export function hearShortcuts(app: App, parts: DoorParts, track: Track): void {
  app.shortcut(/.*/, async ({ shortcut, ack, context }) => {
    const onMessage = shortcut.type === 'message_action' ? (shortcut as MessageShortcut) : null;
    const request = requestOf(context, {
      requestId: `trigger/${shortcut.trigger_id}`,
      user: { id: shortcut.user.id, name: shortcut.user.username ?? shortcut.user.id },
      channelId: onMessage?.channel.id ?? null,
      source: onMessage ? 'message' : 'modal',
      triggerId: shortcut.trigger_id,
      respondUrl: onMessage?.response_url ?? null,
    });
    await ack();
    const answered = answer(parts, request, shortcut.callback_id, onMessage).then(
      (reply) => reply && later(parts, request, reply.message),
    );
    await track(answered.catch((error: unknown) => failed(parts, request, error)));
  });
}

async function answer(
  parts: DoorParts,
  request: Request,
  callbackId: string,
  shortcut: MessageShortcut | null,
): Promise<Reply> {
  if (callbackId === declareCallback) return runLine(parts, request, 'incident', 'declare');
  if (!shortcut) return null;
  // Slack's own copy of the message, signed with the request.
  const message = shortcut.message as unknown as SlackMessage;
  const seen = await seenOf(await readerFor(parts, request), shortcut.channel.id, message);
  if (callbackId === declareFromCallback) return declareFrom(parts, request, seen);
  return callbackId === addCallback ? add(parts, request, seen) : null;
}

async function declareFrom(parts: DoorParts, request: Request, seen: Seen): Promise<Reply> {
  const command = parts.surface.commands.find((each) => each.verb.words.includes('declare'));
  if (!command) return null;
  const { ask } = await understand(parts, request, '');
  const { at } = timeOfTs(seen.ts);
  const [first = ''] = seen.text.split('\n');
  const initial = {
    title: shorten(first.trim(), titleMax),
    ...(at ? { started: showInstant(at, ask.actor.zone ?? ask.workspace.zone) } : {}),
  };
  return openForm(parts, request, 'incident', command, null, { initial, message: seen });
}

async function add(parts: DoorParts, request: Request, seen: Seen): Promise<Reply> {
  const { id } = request.team.workspace;
  const { read } = parts.kernel.db.of(id);
  const { ask } = await understand(parts, request, '');
  if (seen.ours || (await incidentFor(read, seen, ask))) return addTo(parts, request, seen, {});
  const open = await openIncidents(read, ask, choicesMax);
  if (open.length === 0)
    return {
      accepted: false,
      message: say('No incident is open, so there is no timeline for it. “Declare from message” opens one.'),
    };
  const incident: FormField = {
    kind: 'choice',
    name: 'incident',
    label: 'To which incident?',
    options: open.map((each) => ({
      value: String(each.number),
      label: shorten(`${incidentKey(each)} ${each.title}`, labelMax),
    })),
    ...(open.length === 1 ? { initial: String(open[0]?.number) } : {}),
  };
  const origin = { channelId: request.channelId, incident: null, respondUrl: request.respondUrl };
  const form = { title: 'Add to a timeline', submit: 'Add', fields: [incident] };
  try {
    const view = formView(form, addCallback, await carry(parts, request, origin, seen));
    await parts.api.call('views.open', { trigger_id: request.triggerId, view });
    return null;
  } catch (error) {
    parts.log.warn({ err: error }, 'form not opened');
    return { accepted: false, message: say('Slack did not open the form. Try the shortcut again.') };
  }
}

/** Performs what a form was filled with; one that was opened on a message keeps the message. */
export async function submitForm(
  parts: DoorParts,
  request: Request,
  view: {
    callback_id: string;
    state: { values: Readonly<Record<string, Readonly<Record<string, ViewValue>>>> };
  },
  origin: Origin,
): Promise<Reply> {
  const { values } = view.state;
  if (view.callback_id === addCallback) return addFromForm(parts, request, values, origin);
  const seen = await carried(parts, request, origin, () => readerFor(parts, request));
  const around = (bound: Bound) => (seen ? forgetting(declaredFrom(bound, seen), origin) : bound);
  return runForm(parts, request, view.callback_id, values, origin.incident, around);
}

async function addFromForm(
  parts: DoorParts,
  request: Request,
  state: Readonly<Record<string, Readonly<Record<string, ViewValue>>>>,
  origin: Origin,
): Promise<Reply> {
  const seen = await carried(parts, request, origin, () => readerFor(parts, request));
  if (!seen)
    return { accepted: false, message: say('The message got lost on the way. Try the shortcut again.') };
  const number = Number(readValues(state).incident);
  const reply = await addTo(parts, request, seen, { incident: number }, origin);
  return reply ?? { accepted: true, message: say('Added.') };
}

// What was taken is confirmed by a job, committed with it; anything else is said here.
async function addTo(
  parts: DoorParts,
  request: Request,
  seen: Seen,
  chosen: { incident?: number },
  origin?: Origin,
): Promise<Reply> {
  const { ask } = await understand(parts, request, '');
  const add = addMessage.given({ ...chosen, seen });
  const outcome = await execute(parts.kernel, origin ? forgetting(add, origin) : add, {
    ...ask,
    source: 'message',
  });
  if (!outcome.accepted) return { accepted: false, ...outcome.refusal };
  if (outcome.repeated || outcome.facts.some((fact) => fact.type === messageTaken.type)) return null;
  return { accepted: outcome.facts.length > 0, message: outcome.reply, field: 'incident' };
}

// What was kept for the form goes with what the form does; a refusal leaves it for the next try.
function forgetting(bound: Bound, origin: Origin): Bound {
  return {
    ...bound,
    async locate(tx, ask) {
      await putDown(tx, origin);
      return bound.locate(tx, ask);
    },
  };
}

async function readerFor(parts: DoorParts, request: Request): Promise<Reader> {
  const { id } = request.team.workspace;
  const row = await parts.kernel.db.of(id).read.workspace.findUniqueOrThrow({ where: { id } });
  return {
    workspaceId: id,
    people: parts.people,
    teamUrl: row.slackTeamUrl,
    botUserId: row.slackBotUserId,
    emoji: parts.emoji,
  };
}
