// What Slack hands out for a while: trigger ids (3 s, once) and response URLs (30 min, 5 uses).
import { refuse } from './errors.js';
import { secret, type World } from './world.js';

const TRIGGER_MS = 3000;
const RESPONSE_MS = 30 * 60 * 1000;
const RESPONSE_USES = 5;
/** So many are remembered, for the word with which an old one is refused. */
const TICKETS_MAX = 5000;

export interface Trigger {
  id: string;
  user: string;
  madeAt: number;
  used: boolean;
  /** The view it was made in, for views.push. */
  fromView?: string;
  /** What came of it: the view that was opened. */
  openedView?: string;
}

export interface ResponseUrl {
  key: string;
  user: string;
  channel: string;
  madeAt: number;
  uses: number;
  /** The message the interaction was in; absent for commands. */
  messageTs?: string;
  ephemeral: boolean;
  threadTs?: string;
}

export interface Tickets {
  triggers: Map<string, Trigger>;
  responseUrls: Map<string, ResponseUrl>;
}

export function newTickets(): Tickets {
  return { triggers: new Map(), responseUrls: new Map() };
}

export function makeTrigger(tickets: Tickets, world: World, user: string, fromView?: string): Trigger {
  const trigger: Trigger = {
    id: `${Date.now()}.${tickets.triggers.size + 1}.${secret(16)}`,
    user,
    madeAt: world.wireNow(),
    used: false,
    ...(fromView ? { fromView } : {}),
  };
  keep(tickets.triggers, trigger.id, trigger);
  return trigger;
}

/** A workspace that stays open for days forgets the oldest. */
function keep<T>(all: Map<string, T>, key: string, one: T): void {
  all.set(key, one);
  const oldest = all.size > TICKETS_MAX ? all.keys().next().value : undefined;
  if (oldest !== undefined) all.delete(oldest);
}

/** Exchanges a trigger, as views.open and views.push do: three seconds, once. */
export function takeTrigger(tickets: Tickets, world: World, id: unknown): Trigger {
  const trigger = typeof id === 'string' ? tickets.triggers.get(id) : undefined;
  if (!trigger) return refuse('invalid_trigger_id');
  if (trigger.used) return refuse('exchanged_trigger_id');
  if (world.wireNow() - trigger.madeAt > TRIGGER_MS) return refuse('expired_trigger_id');
  return trigger;
}

export function makeResponseUrl(
  tickets: Tickets,
  world: World,
  kind: 'commands' | 'actions' | 'app',
  given: Omit<ResponseUrl, 'key' | 'madeAt' | 'uses'>,
): string {
  const key = `${kind}/${world.team.id}/${tickets.responseUrls.size + 1}/${secret(12)}`;
  keep(tickets.responseUrls, key, { ...given, key, madeAt: world.wireNow(), uses: 0 });
  return `${world.baseUrl}/${key}`;
}

/** The response URL behind a path, counted as used; or the word Slack refuses with. */
export function takeResponseUrl(
  tickets: Tickets,
  world: World,
  key: string,
): ResponseUrl | 'invalid_url' | 'expired_url' | 'used_url' {
  const found = tickets.responseUrls.get(key);
  if (!found) return 'invalid_url';
  if (world.wireNow() - found.madeAt > RESPONSE_MS) return 'expired_url';
  if (found.uses >= RESPONSE_USES) return 'used_url';
  found.uses += 1;
  return found;
}
