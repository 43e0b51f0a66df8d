// What Slack answered: bookkeeping, so that the rows that say where things are can be made again from the record.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';

/** An incident has its place: a channel, a thread where none could be made, or a direct message. */
export const placeOpened = defineFact(
  'PlaceOpened',
  z.object({
    incidentId: z.string(),
    kind: z.enum(['channel', 'thread', 'direct']),
    channelId: z.string(),
    channelName: z.string().nullable(),
    threadTs: z.string().nullable(),
  }),
  () => null,
  // The channel was called after the incident's title.
  (it) => ({ ...it, channelName: null }),
);

/** The channel is called otherwise, because its name repeated what was redacted. */
export const channelRenamed = defineFact(
  'ChannelRenamed',
  z.object({ incidentId: z.string(), channelName: z.string() }),
  () => null,
);

export const messagePosted = defineFact(
  'MessagePosted',
  z.object({ incidentId: z.string().nullable(), slot: z.string(), channelId: z.string(), ts: z.string() }),
  () => null,
);

export const fileUploaded = defineFact(
  'FileUploaded',
  z.object({ incidentId: z.string(), fileId: z.string(), format: z.string(), channelId: z.string() }),
  () => null,
);

/** A file of ours was deleted in Slack, because what it said had to go. */
export const fileRemoved = defineFact(
  'FileRemoved',
  z.object({ incidentId: z.string(), fileId: z.string() }),
  () => null,
);

/** Slack refused something for good; the incident goes on without it. */
export const effectGivenUp = defineFact(
  'EffectGivenUp',
  z.object({
    incidentId: z.string(),
    effect: z.string(),
    method: z.string(),
    error: z.string(),
    needed: z.string().nullable(),
  }),
  () => null,
);
