// The door: what Slack sends becomes a command, and the reply goes back in time.
import { randomUUID } from 'node:crypto';
import { App, type Receiver } from '@slack/bolt';
import type { Ask, Bound, Command, WorkspaceRef } from '../core/command.js';
import { type Effect, onIncident } from '../core/effect.js';
import type { Actor, Source } from '../core/fact.js';
import { publicText } from '../core/faults.js';
import { type FormValues, formView } from '../core/form.js';
import type { Log } from '../core/log.js';
import { type Message, runPrefix, say } from '../core/message.js';
import type { Routed, Surface, SurfaceName } from '../core/surface.js';
import { namesIn, type WordsContext } from '../core/usage.js';
import type { Wire } from '../core/wire.js';
import { execute, type Kernel, type Outcome } from '../execute.js';
import type { SlackApi } from './api.js';
import { peopleIn, plainText } from './inbound.js';
import type { KnownPerson, People } from './people.js';
import { body as slackBody } from './post.js';

export interface Team {
  readonly workspace: WorkspaceRef;
  readonly botToken: string;
  readonly botId: string | null;
  readonly botUserId: string | null;
}

export interface DoorParts {
  readonly kernel: Kernel;
  readonly surface: Surface;
  readonly api: SlackApi;
  readonly people: People;
  readonly wire: Wire;
  readonly log: Log;
  /** The record's clock. */
  readonly now: () => Date;
  /** The workspace of a Slack team; null for a team that is not ours. */
  team(teamId: string | null): Promise<Team | null>;
}

export interface Door {
  readonly app: App;
  /** Resolves when everything that was being answered is done. */
  drained(): Promise<void>;
}

/** Slack gives three seconds; from here on the person is told that the answer comes later. */
const answerWithinMs = 2_000;
const surfaces: Readonly<Record<string, SurfaceName>> = {
  '/incident': 'incident',
  '/change': 'change',
  '/freeze': 'freeze',
};

interface Request {
  readonly requestId: string;
  readonly team: Team;
  readonly person: KnownPerson;
  readonly channelId: string | null;
  readonly source: Source;
  readonly triggerId: string | null;
  readonly respondUrl: string | null;
}

type Reply = { readonly message: Message; readonly accepted: boolean; readonly field?: string } | null;

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
      if (!team) throw new Error('a team that is not ours');
      return {
        botToken: team.botToken,
        ...(team.botId ? { botId: team.botId } : {}),
        ...(team.botUserId ? { botUserId: team.botUserId } : {}),
      };
    },
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 8_000 },
    logger: boltLogger(parts.log),
  });

  app.command(/.*/, async ({ command, ack }) => {
    const request = await requestOf(parts, {
      requestId: `trigger/${command.trigger_id}`,
      teamId: command.team_id,
      user: { id: command.user_id, name: command.user_name },
      channelId: command.channel_id,
      source: 'command',
      triggerId: command.trigger_id,
      respondUrl: command.response_url,
    });
    if (!request)
      return ack(ephemeral(say('This Andon serves another Slack workspace. Ask whoever runs it.')));
    const surface = surfaces[command.command] ?? 'incident';
    await answerInTime(
      parts,
      request,
      track(runLine(parts, request, surface, command.text ?? '')),
      async (reply) => {
        await ack(reply ? ephemeral(reply.message) : undefined);
      },
    );
  });

  app.action(new RegExp(`^${runPrefix}`), async ({ ack, body, action }) => {
    if (body.type !== 'block_actions' || action.type !== 'button' || !('action_id' in action)) return ack();
    const request = await requestOf(parts, {
      requestId: `trigger/${body.trigger_id}/${action.action_id}`,
      teamId: body.team?.id ?? null,
      user: { id: body.user.id, name: body.user.name ?? body.user.username ?? body.user.id },
      channelId: body.channel?.id ?? null,
      source: 'command',
      triggerId: body.trigger_id,
      respondUrl: body.response_url ?? null,
    });
    const command = /^\/(\w+)\s+(.*)$/s.exec(action.value ?? '');
    const surface = surfaces[`/${command?.[1]}`];
    if (!request || !command || !surface) return ack();
    // A button's acknowledgement carries no words: the reply goes by response_url.
    const work = track(runLine(parts, request, surface, command[2] ?? ''));
    await Promise.race([work.catch(() => null), parts.wire.wait(answerWithinMs)]);
    await ack();
    track(
      work.then(
        (reply) => reply && later(parts, request, reply.message),
        (error) => failed(parts, request, error),
      ),
    );
  });

  app.shortcut(/.*/, async ({ shortcut, ack }) => {
    const request = await requestOf(parts, {
      requestId: `trigger/${shortcut.trigger_id}`,
      teamId: shortcut.team?.id ?? null,
      user: {
        id: shortcut.user.id,
        name: shortcut.user.username ?? shortcut.user.id,
      },
      channelId: 'channel' in shortcut ? shortcut.channel.id : null,
      source: 'modal',
      triggerId: shortcut.trigger_id,
      respondUrl: null,
    });
    if (request && shortcut.callback_id === 'declare') await runLine(parts, request, 'incident', 'declare');
    await ack();
  });

  app.view(/.*/, async ({ view, ack, body }) => {
    const origin = readOrigin(view.private_metadata);
    const request = await requestOf(parts, {
      requestId: `view/${view.id}`,
      teamId: body.team?.id ?? null,
      user: { id: body.user.id, name: body.user.name },
      channelId: origin.channelId,
      source: 'modal',
      triggerId: null,
      respondUrl: origin.respondUrl,
    });
    if (!request) return ack();
    const work = track(runForm(parts, request, view.callback_id, view.state.values, origin.incident));
    await answerInTime(parts, request, work, async (reply) => {
      if (!reply || reply.accepted) return ack();
      const known = Object.keys(view.state.values);
      const field = reply.field && known.includes(reply.field) ? reply.field : (known[0] ?? 'title');
      await ack({ response_action: 'errors', errors: { [field]: reply.message.text.slice(0, 1500) } });
    });
  });

  app.event('app_mention', async ({ event, body }) => {
    if (!event.user) return;
    const request = await requestOf(parts, {
      // One mention arrives as two events, and may be sent again: its own place names it.
      requestId: `mention/${event.channel}/${event.ts}`,
      teamId: body.team_id ?? null,
      user: { id: event.user, name: event.user },
      channelId: event.channel,
      source: 'message',
      triggerId: null,
      respondUrl: null,
    });
    if (request)
      await track(answerMention(parts, request, event.text, event.channel, event.thread_ts ?? event.ts));
  });

  return {
    app,
    async drained() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

/** Understands and performs a line; null when a form was opened instead of an answer. */
async function runLine(
  parts: DoorParts,
  request: Request,
  surface: SurfaceName,
  raw: string,
): Promise<Reply> {
  const { text, context } = await understand(parts, request, raw);
  const routed = parts.surface.route(surface, text, context);
  if (routed.kind === 'form') return openForm(parts, request, surface, routed.command, routed.incident);
  return settle(parts, request, routed);
}

async function runForm(
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
  const { context } = await understand(parts, request, people);
  const routed = parts.surface.routeForm(surface as SurfaceName, word, values, incident, context);
  return settle(parts, request, routed, (reply) => [replyEffect(request, reply)]);
}

async function answerMention(
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
      user: request.person.id,
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
  const { text, context } = await understand(parts, request, words);
  // A mention may name its surface (`@andon change list`); without one it is about incidents.
  const named = /^(incident|change|freeze)\s+(.*)$/is.exec(text);
  const surface = (named?.[1]?.toLowerCase() ?? 'incident') as SurfaceName;
  const routed = parts.surface.route(surface, named?.[2] ?? text, context);
  if (routed.kind === 'form') {
    const word = routed.command.verb.words[0] ?? '';
    return {
      accepted: false,
      message: say('A mention cannot open a form. Say it in words: ', {
        code: `@andon ${word} ${routed.command.verb.usage}`,
      }),
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
    const ask = askOf(parts, request);
    return { accepted: false, message: await routed.answer(parts.kernel.db.read, ask) };
  }
  return settle(parts, request, routed, inThread);
}

async function settle(
  parts: DoorParts,
  request: Request,
  routed: Routed,
  answer?: (reply: Message) => Effect[],
): Promise<Reply> {
  const ask = askOf(parts, request);
  if (routed.kind === 'refused') return { accepted: false, ...routed.refusal };
  if (routed.kind === 'query')
    return { accepted: true, message: await routed.answer(parts.kernel.db.read, ask) };
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

async function answerInTime(
  parts: DoorParts,
  request: Request,
  work: Promise<Reply>,
  ack: (reply: Reply) => Promise<void>,
): Promise<void> {
  const slow = Symbol('slow');
  const first = await Promise.race([
    work.catch((error: unknown) => failure(parts, request, error)),
    parts.wire.wait(answerWithinMs).then(() => slow),
  ]);
  if (first !== slow) return ack(first as Reply);
  // Promises nothing: it is not recorded yet.
  await ack({ accepted: true, message: say('Not recorded yet, I will answer here.') });
  void work.then(
    (reply) => reply && later(parts, request, reply.message),
    (error: unknown) => failed(parts, request, error),
  );
}

function failure(parts: DoorParts, request: Request, error: unknown): Reply {
  parts.log.error({ err: error, requestId: request.requestId }, 'command failed');
  return { accepted: false, message: say(publicText(error, request.requestId)) };
}

async function failed(parts: DoorParts, request: Request, error: unknown): Promise<void> {
  const reply = failure(parts, request, error);
  if (reply) await later(parts, request, reply.message);
}

// By response_url, or by direct message where that fails.
async function later(parts: DoorParts, request: Request, reply: Message): Promise<void> {
  try {
    if (!request.respondUrl) throw new Error('no response_url');
    await parts.api.respond(request.respondUrl, slackBody(reply));
  } catch {
    try {
      const opened = await parts.api.call('conversations.open', { users: request.person.id });
      await parts.api.call('chat.postMessage', {
        channel: (opened.channel as { id: string }).id,
        ...slackBody(reply),
      });
    } catch (error) {
      parts.log.error({ err: error, requestId: request.requestId }, 'late answer not delivered');
    }
  }
}

// A form's reply is shown only to the sender: where the form was opened, else by direct message.
function replyEffect(request: Request, reply: Message): Effect {
  const userId = request.person.id;
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

async function understand(
  parts: DoorParts,
  request: Request,
  raw: string,
): Promise<{ text: string; context: WordsContext }> {
  const workspaceId = request.team.workspace.id;
  const found = new Map<string, KnownPerson>();
  for (const id of peopleIn(raw)) {
    const label = new RegExp(`<@${id}\\|([^>]*)>`).exec(raw)?.[1];
    const person = await parts.people.byId(workspaceId, id, label);
    if (person) found.set(id.toLowerCase(), person);
  }
  for (const [name, person] of await parts.people.byName(workspaceId, namesIn(raw))) found.set(name, person);
  const { zone, locale } = request.team.workspace;
  const me = { id: request.person.id, name: request.person.name };
  return {
    text: plainText(raw, found),
    context: {
      me,
      people: found,
      time: { now: parts.now(), zone: request.person.zone ?? zone, workspaceZone: zone, locale },
    },
  };
}

async function requestOf(
  parts: DoorParts,
  given: Omit<Request, 'team' | 'person'> & { teamId: string | null; user: { id: string; name: string } },
): Promise<Request | null> {
  const { teamId, user, ...request } = given;
  const team = await parts.team(teamId);
  if (!team) return null;
  const person = (await parts.people.byId(team.workspace.id, user.id, user.name)) ?? { ...user, zone: null };
  return { ...request, team, person };
}

function askOf(parts: DoorParts, request: Request): Ask {
  const { id, name, zone } = request.person;
  const actor: Actor = { kind: 'person', id, name, zone };
  return {
    requestId: request.requestId,
    workspace: request.team.workspace,
    actor,
    now: parts.now(),
    newId: randomUUID,
    source: request.source,
    channelId: request.channelId,
    respondUrl: request.respondUrl,
  };
}

function ephemeral(message: Message) {
  return { response_type: 'ephemeral' as const, ...(slackBody(message) as { text: string }) };
}

interface ViewValue {
  readonly type?: string;
  readonly value?: string | null;
  readonly selected_option?: { readonly value: string } | null;
  readonly selected_options?: readonly { readonly value: string }[];
  readonly selected_user?: string | null;
}

function readValues(state: Readonly<Record<string, Readonly<Record<string, ViewValue>>>>): FormValues {
  const values: Record<string, string | string[]> = {};
  for (const [name, elements] of Object.entries(state)) {
    const element = Object.values(elements)[0];
    if (!element) continue;
    if (element.selected_options) values[name] = element.selected_options.map((each) => each.value);
    else if (element.selected_user) values[name] = `<@${element.selected_user}>`;
    else values[name] = element.selected_option?.value ?? element.value ?? '';
  }
  return values;
}

function readOrigin(metadata: string): {
  channelId: string | null;
  incident: number | null;
  respondUrl: string | null;
} {
  try {
    return JSON.parse(metadata);
  } catch {
    return { channelId: null, incident: null, respondUrl: null };
  }
}

function boltLogger(log: Log) {
  const nothing = () => {};
  return {
    debug: nothing,
    info: nothing,
    warn: (...words: unknown[]) => log.warn({ words: words.map(String) }, 'bolt'),
    error: (...words: unknown[]) => log.error({ words: words.map(String) }, 'bolt'),
    setLevel: nothing,
    getLevel: () => 'error' as never,
    setName: nothing,
  };
}
