// CloudEvents 1.0 over HTTP: one event in headers and body, one in an envelope, or a batch of envelopes.
import { z } from 'zod';
import { type Delivery, fits, headerOf, isObject, misfit, name, words } from './kit.js';

export const structuredType = 'application/cloudevents+json';
export const batchType = 'application/cloudevents-batch+json';

export interface CloudEvent {
  readonly type: string;
  readonly data: unknown;
  /** Where its data is in the body. */
  readonly at: readonly PropertyKey[];
  /** The event alone, as it came. */
  readonly text: string;
}

const eventsMax = 100;

const envelope = z.object({
  specversion: z.literal('1.0', { error: 'must be 1.0' }),
  id: name,
  source: name,
  type: name,
  datacontenttype: words,
  data: z.unknown().optional(),
  data_base64: z.base64().optional(),
});

/** The events of a delivery, whichever way it carries them. Throws the problem where one is none. */
export function readEvents(delivery: Delivery): CloudEvent[] {
  const type = (delivery.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === structuredType) return [fromEnvelope(fits(envelope, delivery.value), delivery.text, [])];
  if (type === batchType) {
    const batch = fits(
      z.array(envelope, { error: 'must be an array of CloudEvents' }).max(eventsMax, {
        error: `A batch may have ${eventsMax} events`,
      }),
      delivery.value,
    );
    const each = delivery.value as unknown[];
    return batch.map((event, i) => fromEnvelope(event, JSON.stringify(each[i]), [i]));
  }
  headerOf(delivery, 'ce-specversion', /^1\.0$/, '1.0');
  headerOf(delivery, 'ce-id', /^[^,\s][^\s]*$/, '271069a8-fc18-44f1-b38f-9d70a1695819');
  headerOf(delivery, 'ce-source', /^\S+$/, '/ci/deployer');
  const named = headerOf(delivery, 'ce-type', /^[\w.-]+$/, 'dev.cdevents.service.deployed.0.3.0');
  return [{ type: named, data: delivery.value, at: [], text: delivery.text }];
}

function fromEnvelope(event: z.infer<typeof envelope>, text: string, at: readonly PropertyKey[]): CloudEvent {
  if (event.datacontenttype && !/^application\/(?:[\w.+-]+\+)?json\b/i.test(event.datacontenttype))
    throw misfit(`The data of the event is ${event.datacontenttype}; a CDEvent is application/json.`);
  if (event.data_base64 === undefined)
    return { type: event.type, data: event.data, at: [...at, 'data'], text };
  return { type: event.type, data: decoded(event.data_base64), at: [...at, 'data_base64'], text };
}

function decoded(base64: string): unknown {
  try {
    const read: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64')),
    );
    if (isObject(read)) return read;
  } catch {
    // Said below.
  }
  throw misfit('The data_base64 of the event holds no JSON object.');
}
