// What passes between the workspace and the app, in the order in which it began; the oldest is forgotten.
import type { DeliveryKind, Json } from './types.js';

const PASSAGES_MAX = 1000;

/** One request, event or answer: known from when it is sent, complete when it is answered. */
export interface Passage {
  number: number;
  at: number;
  direction: 'to-app' | 'from-app';
  kind: DeliveryKind | 'call' | 'response_url';
  name: string;
  sent: Json;
  via: 'http' | 'socket' | 'none';
  state: 'waiting' | 'ok' | 'refused';
  error?: string;
  latencyMs?: number;
  status?: number;
  /** Of a delivery that is made again: which time. */
  retry?: number;
  /** The number of the passage that this one repeats. */
  repeats?: number;
  answer?: unknown;
  retryAfter?: number;
}

export interface Traffic {
  passages: Passage[];
  count: number;
  onChange: (passage: Passage) => void;
  /** The first passage of each payload: what is sent again is the same object. */
  firsts: WeakMap<object, number>;
}

export function newTraffic(): Traffic {
  return { passages: [], count: 0, onChange: () => undefined, firsts: new WeakMap() };
}

export function beginPassage(
  traffic: Traffic,
  given: Omit<Passage, 'number' | 'state'>,
  same: object = given.sent,
): Passage {
  traffic.count += 1;
  const repeats = traffic.firsts.get(same);
  const passage: Passage = {
    ...given,
    number: traffic.count,
    state: 'waiting',
    ...(repeats === undefined ? {} : { repeats }),
  };
  if (repeats === undefined) traffic.firsts.set(same, passage.number);
  traffic.passages.push(passage);
  if (traffic.passages.length > PASSAGES_MAX) traffic.passages.shift();
  traffic.onChange(passage);
  return passage;
}

export function endPassage(
  traffic: Traffic,
  passage: Passage,
  outcome: Pick<Passage, 'error' | 'latencyMs' | 'status' | 'answer' | 'via' | 'retryAfter'>,
): void {
  Object.assign(passage, outcome, { state: outcome.error === undefined ? 'ok' : 'refused' });
  traffic.onChange(passage);
}

/** Forgets the oldest records beyond `keep`, many at a time; returns how many. */
export function forgetOldest(records: unknown[], keep: number): number {
  if (records.length <= keep * 2) return 0;
  return records.splice(0, records.length - keep).length;
}
