// PagerDuty's change events v2: what sends them to PagerDuty can send them here by changing the address.
import { z } from 'zod';
import type { ChangeState } from '../../features/change/index.js';
import {
  changeNamed,
  type Delivery,
  details,
  fits,
  hashOf,
  instant,
  kindOf,
  link,
  name,
  type Reading,
  reportOf,
  textIn,
  words,
} from './kit.js';

const summaryMax = 1_024;

const shape = z.object({
  payload: z.object({
    summary: name.refine((text) => text.length <= summaryMax, {
      error: `must have at most ${summaryMax} characters`,
    }),
    timestamp: instant.nullish(),
    source: words,
    custom_details: details,
  }),
  links: z.array(z.object({ href: link, text: words })).nullish(),
});

/** The routing key of a body; null where it has none of the form. */
export function routingKeyOf(value: unknown): string | null {
  const read = z.object({ routing_key: z.string().regex(/^[0-9a-f]{32}$/i) }).safeParse(value);
  return read.success ? read.data.routing_key.toLowerCase() : null;
}

const minuteMs = 60_000;

/** Reads a change event. It has no key of its own, and tells of something that is over. */
export function readPagerduty(delivery: Delivery): Reading {
  const { payload, links } = fits(shape, delivery.value);
  const { custom_details: more, source, summary, timestamp = null } = payload;
  // The same event a second time is told by what it says. One that says no time is taken for the same within a
  // minute: senders repeat at once what was not acknowledged.
  const when = timestamp?.getTime() ?? `in ${Math.floor(delivery.now.getTime() / minuteMs)}`;
  const key = hashOf(JSON.stringify([delivery.hook.id, source, when, summary]));
  const place = {
    service: textIn(more, 'service', 'service_name') ?? source,
    environment: textIn(more, 'environment', 'env'),
    cluster: textIn(more, 'cluster'),
  };
  const report = reportOf(withoutKey(delivery), place, {
    source: `pagerduty:${delivery.hook.id}`,
    key,
    kind: kindOf(textIn(more, 'kind')) ?? 'deploy',
    title: summary,
    state: outcomeOf(textIn(more, 'build_state', 'state', 'status', 'result', 'outcome')),
    by: textIn(more, 'user', 'author', 'initiator'),
    at: timestamp,
    artifact: textIn(more, 'artifact', 'revision', 'sha', 'version'),
    previousArtifact: textIn(more, 'previous_artifact', 'previousArtifact'),
    url: links?.find((each) => each.href !== null)?.href ?? null,
    change: changeNamed(textIn(more, 'change')),
    format: 'pagerduty',
  });
  return { reports: [report], ignored: [] };
}

function outcomeOf(word: string | null): ChangeState {
  if (word && /fail|error|broken/i.test(word)) return 'failed';
  return word && /cancel|abort/i.test(word) ? 'cancelled' : 'succeeded';
}

// The routing key is the secret, and what is kept of the body must not hold it.
function withoutKey(delivery: Delivery): Delivery {
  const body = details.parse(delivery.value);
  return { ...delivery, text: JSON.stringify({ ...body, routing_key: '…' }) };
}
