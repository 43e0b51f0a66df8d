// A request from Slack: whose it is, what names it, and what its words mean.
import { randomUUID } from 'node:crypto';
import type { Ask, WorkspaceRef } from '../core/command.js';
import { type Actor, isInSlack, type Source } from '../core/fact.js';
import type { FormValues } from '../core/form.js';
import type { Log } from '../core/log.js';
import type { Message } from '../core/message.js';
import type { Surface } from '../core/surface.js';
import { namesIn, type WordsContext } from '../core/usage.js';
import type { Wire } from '../core/wire.js';
import type { Kernel } from '../execute.js';
import type { Seen } from '../features/sources/index.js';
import type { SlackApi } from './api.js';
import type { SeenMessage } from './canary.js';
import { peopleIn, plainText } from './inbound.js';
import type { KnownPerson, People } from './people.js';

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
  /** The reaction that puts a message on the timeline, without its colons. */
  readonly emoji: string;
  /** Slack was heard: what comes later need not be looked for at the next start. */
  heard(): void;
  /** Whether a message that changed is the one by which Andon hears itself; none where there is none. */
  readonly canary?: ((seen: SeenMessage) => Promise<boolean>) | undefined;
  /** The workspace of a Slack team; null for a team that is not ours. */
  team(teamId: string | null): Promise<Team | null>;
}

export interface Request {
  readonly requestId: string;
  readonly team: Team;
  /** As the request has it; `asker` learns the rest. */
  readonly user: { readonly id: string; readonly name: string };
  readonly channelId: string | null;
  readonly threadTs?: string | null;
  readonly source: Source;
  /** When it was said, for what may be heard late. */
  readonly saidAt?: Date;
  readonly triggerId: string | null;
  readonly respondUrl: string | null;
}

/** Null when a form was opened instead of an answer. */
export type Reply = { readonly message: Message; readonly accepted: boolean; readonly field?: string } | null;

/** What the words of a request mean: the text with its tokens named, who asks, and what reading them needs. */
export interface Understood {
  readonly text: string;
  readonly context: WordsContext;
  readonly ask: Ask;
}

/** Looks up who asks and who is named, and makes the ask: the only reading of the record's clock. */
export async function understand(parts: DoorParts, request: Request, raw: string): Promise<Understood> {
  const workspaceId = request.team.workspace.id;
  const person = await asker(parts, request);
  const found = new Map<string, KnownPerson>();
  for (const id of peopleIn(raw)) {
    const label = new RegExp(`<@${id}\\|([^>]*)>`).exec(raw)?.[1];
    const named = await parts.people.byId(workspaceId, id, label);
    if (named) found.set(id.toLowerCase(), named);
  }
  for (const [name, named] of await parts.people.byName(workspaceId, namesIn(raw))) found.set(name, named);
  const { zone, locale } = request.team.workspace;
  const ask = askOf(parts, request, person);
  return {
    ask,
    text: plainText(raw, found),
    context: {
      me: { id: person.id, name: person.name },
      people: found,
      time: { now: ask.saidAt ?? ask.now, zone: person.zone ?? zone, workspaceZone: zone, locale },
    },
  };
}

/** A request as Bolt's authorization found it: its context says which of our teams it is of. */
export function requestOf(context: object, given: Omit<Request, 'team'>): Request {
  const team = teamIn(context);
  // The door lets no other team's request come this far.
  if (!team) throw new Error('a request of no team of ours');
  return { ...given, team };
}

/** The team that authorization put into a request's context; null for one that is not ours. */
export function teamIn(context: object): Team | null {
  return 'team' in context ? (context.team as Team | null) : null;
}

async function asker(parts: DoorParts, request: Request): Promise<KnownPerson> {
  const { user, team } = request;
  if (!isInSlack(user.id)) return { ...user, zone: null };
  return (await parts.people.byId(team.workspace.id, user.id, user.name)) ?? { ...user, zone: null };
}

function askOf(parts: DoorParts, request: Request, person: KnownPerson): Ask {
  const { id, name, zone } = person;
  const actor: Actor = { kind: 'person', id, name, zone };
  return {
    requestId: request.requestId,
    workspace: request.team.workspace,
    actor,
    now: parts.now(),
    ...(request.saidAt ? { saidAt: request.saidAt } : {}),
    newId: randomUUID,
    source: request.source,
    channelId: request.channelId,
    threadTs: request.threadTs ?? null,
    respondUrl: request.respondUrl,
  };
}

export interface ViewValue {
  readonly type?: string;
  readonly value?: string | null;
  readonly selected_option?: { readonly value: string } | null;
  readonly selected_options?: readonly { readonly value: string }[];
  readonly selected_user?: string | null;
}

/** What a form was filled with, as text. */
export function readValues(state: Readonly<Record<string, Readonly<Record<string, ViewValue>>>>): FormValues {
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

/** Where a form was opened, and the message that it is about. */
export interface Origin {
  readonly channelId: string | null;
  readonly incident: number | null;
  readonly respondUrl: string | null;
  readonly message?: Seen;
  /** Where the whole message is kept, where it was too long to travel with the form. */
  readonly kept?: string;
}

/** Where a form was opened; private_metadata is ours and comes back as we sent it. */
export function readOrigin(metadata: string): Origin {
  try {
    return JSON.parse(metadata);
  } catch {
    return { channelId: null, incident: null, respondUrl: null };
  }
}
