// The record of each Web API call: shown from when its arguments are known, complete when it is answered.
import type { ApiCall } from './faults.js';
import { beginPassage, endPassage, forgetOldest, type Passage, type Traffic } from './traffic.js';
import type { CallRecord, Json } from './types.js';

/** Where calls are written down. */
export interface CallLog {
  calls: CallRecord[];
  /** How many records are kept. */
  keep: number;
  traffic: Traffic;
}

export interface OpenCall extends ApiCall {
  at: number;
  /** Set when the arguments are known. */
  passage?: Passage;
  /** The failed call that this one repeats word for word. */
  before?: CallRecord;
}

/** What came of a call; a body of null is a connection that was dropped. */
export interface CallOutcome {
  status: number;
  body: Json | null;
  retryAfter?: number;
}

/** A call whose arguments are known, before any of its work is done. */
export function beginCall(log: CallLog, call: OpenCall): Passage {
  const key = JSON.stringify(call.args);
  const before = log.calls.findLast(
    (one) => one.method === call.method && one.status !== 200 && JSON.stringify(one.args) === key,
  );
  // The state goes on changing under the arguments' objects; the record must not.
  const sent = structuredClone(call.args);
  const given = { at: call.at, direction: 'from-app', kind: 'call', name: call.method, via: 'http' } as const;
  const passage = beginPassage(log.traffic, { ...given, sent }, before?.args ?? sent);
  // A repetition of a repetition is compared with the one before it, and all of them lead to the first.
  log.traffic.firsts.set(sent, passage.repeats ?? passage.number);
  call.passage = passage;
  if (before) call.before = before;
  return passage;
}

export function endCall(log: CallLog, call: OpenCall, now: number, outcome: CallOutcome): void {
  // What cannot be read has no arguments to show, and ends as it begins.
  const passage = call.passage ?? beginCall(log, call);
  const { method, at } = call;
  const { status, retryAfter } = outcome;
  const answer = outcome.body ? (JSON.parse(JSON.stringify(outcome.body)) as Json) : null;
  const before = call.before ? log.calls.indexOf(call.before) : -1;
  const retryOf = before >= 0 ? { retryOf: before } : {};
  log.calls.push({ method, args: passage.sent, at, status, answer, ...retryOf });
  const refused = status === 0 ? 'connection_dropped' : String(answer?.error ?? `http_${status}`);
  endPassage(log.traffic, passage, {
    via: 'http',
    status,
    latencyMs: now - at,
    ...(status === 200 && answer?.ok === true ? {} : { error: refused }),
    ...(answer ? { answer } : {}),
    ...(retryAfter ? { retryAfter } : {}),
  });
  forgetCalls(log);
}

function forgetCalls(log: CallLog): void {
  const gone = forgetOldest(log.calls, log.keep);
  if (gone === 0) return;
  for (const one of log.calls) {
    if (one.retryOf === undefined) continue;
    if (one.retryOf >= gone) one.retryOf -= gone;
    else delete one.retryOf;
  }
}
