// The Web API over HTTP: reads a call, applies faults and the contract, runs it, records it, answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from './api/context.js';
import { HANDLERS } from './api/registry.js';
import { readBody, readCall } from './body.js';
import { beginCall, type CallLog, endCall, type OpenCall } from './call-records.js';
import { channelNamed, checkRequired, checkScopes, checkToken, decodeArgs } from './contract.js';
import { Refusal, refuse } from './errors.js';
import { type ApiCall, type FaultState, runHooks, takeEffects } from './faults.js';
import { type Limits, secondsToWait } from './limits.js';
import { COMMON_ERRORS, METHODS } from './methods.js';
import type { Tickets } from './tickets.js';
import { beginPassage, endPassage } from './traffic.js';
import type { Json } from './types.js';
import { secret, type World } from './world.js';

export interface ApiServer extends CallLog {
  world: World;
  tickets: Tickets;
  faults: FaultState;
  limits: Limits;
  socketUrl: () => string;
}

interface Answer {
  status: number;
  body: Json;
  retryAfter?: number;
}

/** The connection is to be dropped instead of answered. */
class Dropped extends Error {}

export async function serveApi(
  api: ApiServer,
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  query: URLSearchParams,
): Promise<void> {
  const { wireNow } = api.world;
  const call: OpenCall = { method, args: {}, at: wireNow() };
  let answer: Answer;
  try {
    answer = await answerCall(api, request, call, query);
  } catch (error) {
    const dropped = error instanceof Dropped;
    endCall(api, call, wireNow(), { status: dropped ? 0 : 500, body: null });
    if (!dropped) throw error;
    request.socket.destroy();
    return;
  }
  endCall(api, call, wireNow(), answer);
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-slack-req-id': secret(16),
    'x-oauth-scopes': [...api.world.app.scopes].join(','),
    'x-accepted-oauth-scopes': (METHODS[method]?.scopes ?? []).join(','),
    ...(answer.retryAfter ? { 'retry-after': String(answer.retryAfter) } : {}),
  });
  response.end(JSON.stringify(answer.body));
}

/** A call while all of Slack is out of reach: nobody hears it, but who looks at the wire sees that it was tried. */
export async function turnAway(
  api: ApiServer,
  request: IncomingMessage,
  method: string,
  query: URLSearchParams,
): Promise<void> {
  const at = api.world.wireNow();
  const sent = await readArgs(request, method, query);
  const given = { at, direction: 'from-app', kind: 'call', name: method, sent, via: 'http' } as const;
  const passage = beginPassage(api.traffic, given);
  const latencyMs = api.world.wireNow() - at;
  endPassage(api.traffic, passage, { via: 'http', status: 0, latencyMs, error: 'connection_dropped' });
  request.socket.destroy();
}

/** What the call says, as far as it can be read. */
async function readArgs(request: IncomingMessage, method: string, query: URLSearchParams): Promise<Json> {
  try {
    const { args } = await readCall(request, await readBody(request), query, METHODS[method]);
    return tryDecode(method, args).decoded;
  } catch {
    return {};
  }
}

async function answerCall(
  api: ApiServer,
  request: IncomingMessage,
  call: OpenCall,
  query: URLSearchParams,
): Promise<Answer> {
  const body = await readBody(request);
  try {
    const { token, args } = await readCall(request, body, query, METHODS[call.method]);
    const { decoded, wrong } = tryDecode(call.method, args);
    call.args = decoded;
    beginCall(api, call);
    const effects = takeEffects(api.faults, call, channelNamed(api.world, call.args));
    const laid = await meet(effects, 'before');
    if (laid) return laid;
    if (api.faults.isDown) throw new Dropped();
    await runHooks(api.faults, 'before', call);
    const answer = work(api, call, token, wrong);
    await runHooks(api.faults, 'after', call);
    await meet(effects, 'after');
    if (api.faults.isDown) throw new Dropped();
    return answer;
  } catch (error) {
    if (error instanceof Refusal) return { status: 200, body: refusalBody(error) };
    throw error;
  }
}

function refusalBody(error: Refusal): Json {
  return { ok: false, error: error.code, ...error.extra };
}

type Effects = ReturnType<typeof takeEffects>;

/** Lays the faults in the call's way; an answer means the work is not to be done. */
async function meet(effects: Effects, when: 'before' | 'after'): Promise<Answer | undefined> {
  for (const effect of effects) {
    if (effect.kind === 'drop' && effect.when === when) throw new Dropped();
    if (when === 'after') continue;
    if (effect.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, effect.ms).unref());
    if (effect.kind === 'status')
      return { status: effect.code, body: { ok: false, error: 'internal_error' } };
    if (effect.kind === 'rateLimit') return tooMany(effect.retryAfter);
    if (effect.kind === 'refuse') {
      refuse(effect.error, effect.needed ? { needed: effect.needed, provided: '' } : {});
    }
  }
  return undefined;
}

function tooMany(retryAfter: number): Answer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter };
}

/** Arguments decoded as far as they can be; what is wrong with them is told only after the token. */
function tryDecode(method: string, args: Json): { decoded: Json; wrong?: Refusal } {
  try {
    return { decoded: decodeArgs(method, args) };
  } catch (error) {
    if (error instanceof Refusal) return { decoded: args, wrong: error };
    throw error;
  }
}

function work(api: ApiServer, call: ApiCall, token: string | undefined, wrong: Refusal | undefined): Answer {
  const { world } = api;
  const contract = METHODS[call.method];
  if (!contract)
    return { status: 200, body: { ok: false, error: 'unknown_method', req_method: call.method } };
  checkToken(world, contract, token);
  const wait = secondsToWait(api.limits, world, call.method, channelNamed(world, call.args));
  if (wait > 0) return tooMany(wait);
  try {
    const { args } = call;
    checkScopes(world, call.method, args);
    if (wrong) throw wrong;
    checkRequired(call.method, args);
    const handler = HANDLERS[call.method];
    if (!handler) {
      const detail = 'The sandbox knows this method and does not imitate it.';
      return { status: 200, body: { ok: false, error: 'not_imitated', detail } };
    }
    const context: Context = { world, tickets: api.tickets, args, socketUrl: api.socketUrl };
    return { status: 200, body: { ok: true, ...handler(context) } };
  } catch (error) {
    if (error instanceof Refusal) return { status: 200, body: refusalBody(documented(call.method, error)) };
    throw error;
  }
}

/** A code the method does not list becomes invalid_arguments: an app must not learn codes Slack lacks. */
function documented(method: string, refusal: Refusal): Refusal {
  const contract = METHODS[method];
  const known = [...COMMON_ERRORS, ...(contract?.errors ?? [])];
  if (contract?.token === 'none' || known.includes(refusal.code)) return refusal;
  return new Refusal('invalid_arguments', { response_metadata: { messages: [`[ERROR] ${refusal.code}`] } });
}
