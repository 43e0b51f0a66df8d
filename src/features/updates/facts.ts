// What can happen to the updates of an incident and to those who subscribed, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import type { Span } from '../../core/message.js';
import { personSchema, severities } from '../incident/index.js';

/** Somebody told those outside what goes on. */
export const updateGiven = defineFact(
  'UpdateGiven',
  z.object({
    /** Counted within the incident. */
    number: z.int(),
    text: z.string(),
    /** When the next one is promised; null: none is. */
    nextAt: z.coerce.date().nullable(),
    /** How it came to that promise. */
    next: z.enum(['said', 'cadence', 'none']),
    /** Said of a time before the latest update: it is on record, and is sent to nobody as if it were new. */
    earlier: z.boolean(),
  }),
  (it) => ({ kind: 'update', text: it.text }),
  (it) => ({ ...it, text: '' }),
);
export type UpdateGiven = ReturnType<typeof updateGiven.read>;

/** How something reached somebody, or will: in the thread of the announcement, as a message, by letter. */
const recipientSchema = z.object({
  way: z.enum(['thread', 'person', 'channel', 'mail']),
  /** Slack's id or the channel's name; empty for the thread. */
  id: z.string(),
  name: z.string(),
  /** Where a letter goes. */
  address: z.string().optional(),
  /** The subscription that asked for it. */
  subscription: z.string().optional(),
});
export type Recipient = z.infer<typeof recipientSchema>;

export const tellings = ['declared', 'update', 'resolved', 'reopened', 'merged', 'dropped'] as const;
export type Telling = (typeof tellings)[number];

/** Those outside are told: of the incident, of an update, that it is over, begins anew, or goes on in another; each once. */
export const updateDelivered = defineFact(
  'UpdateDelivered',
  z.object({
    what: z.enum(tellings),
    /** The fact that they are told of. */
    factId: z.string(),
    number: z.int().nullable(),
    to: z.array(recipientSchema),
    /** When the next update is promised with it; of an update its own fact says that. */
    nextAt: z.coerce.date().nullable().default(null),
    /** The update whose words stand in it too. */
    quotes: z.string().nullable().default(null),
  }),
  (it) => {
    const names = it.to.filter(({ way }) => way !== 'thread').map(recipientName);
    if (names.length === 0) return null;
    return { kind: 'system', text: `${tellingName(it.what, it.number)} was sent to: ${names.join(', ')}` };
  },
);
export type UpdateDelivered = ReturnType<typeof updateDelivered.read>;

const toldNames: Readonly<Record<Exclude<Telling, 'update'>, string>> = {
  declared: 'That it was declared',
  resolved: 'That it is over',
  reopened: 'That it was reopened',
  merged: 'That it goes on in another incident',
  dropped: 'That no more comes',
};

/** What somebody was to be told, as the beginning of a sentence: `Update 2`, `That it is over`. */
export function tellingName(what: Telling, number: number | null): string {
  return what === 'update' ? `Update ${number}` : toldNames[what];
}

/** Who got it, for people; an address is nobody else's business. */
export function recipientName({ way, name }: Pick<Recipient, 'way' | 'name'>): string {
  if (way === 'thread') return 'the announcement';
  if (way === 'channel') return isChannelId(name) ? 'a channel' : `#${name}`;
  return way === 'mail' ? `${name} (mail)` : name;
}

/** The same where Slack shows it: of a channel whose name is not known its mention, which is its name there. */
export function recipientSpan(to: Pick<Recipient, 'way' | 'id' | 'name'>): Span {
  return to.way === 'channel' ? channelSpan(to) : to.way === 'person' ? to.name : recipientName(to);
}

/** A channel that is known by its id or by its name. */
export function channelSpan({ id, name }: { readonly id: string; readonly name: string }): Span {
  return isChannelId(id) ? { channel: id, name: isChannelId(name) ? 'this channel' : name } : `#${name}`;
}

// What Slack calls a channel where it was meant by `here`.
function isChannelId(word: string): boolean {
  return /^[CG][A-Z0-9]{7,}$/.test(word);
}

/** Somebody was reminded that an update is due soon, is due, or is late. */
export const updateReminded = defineFact(
  'UpdateReminded',
  z.object({
    /** `overdue`: nobody was, and what promised it outside says that it is late. */
    what: z.enum(['soon', 'due', 'late', 'overdue']),
    /** The update, the declaration or the reopening that the promise came from. */
    promise: z.string(),
    dueAt: z.coerce.date(),
    /** How often it was said that this one is late, this time included. */
    times: z.int(),
    to: z.array(personSchema),
    /** The incident's channel heard it too. */
    channel: z.boolean(),
    /** When to look again. */
    again: z.coerce.date().nullable(),
  }),
  // A reminder is no part of what happened: the timeline is left to that.
  () => null,
);
export type UpdateReminded = ReturnType<typeof updateReminded.read>;

/** Reminders of the update wait; the promise stays what it is. */
export const updatesSnoozed = defineFact(
  'UpdatesSnoozed',
  z.object({ promise: z.string(), until: z.coerce.date() }),
  (it) => ({
    kind: 'system',
    text: `Reminders of the update wait until ${it.until.toISOString().slice(11, 16)} UTC`,
  }),
);

/** How often updates come is another by now, so it is looked anew at what is open. */
export const updatesDueAnew = defineFact(
  'UpdatesDueAnew',
  z.object({ incidentIds: z.array(z.string()) }),
  () => null,
);

const copySchema = recipientSchema.omit({ address: true }).extend({
  what: z.enum(tellings),
  factId: z.string(),
  address: z.string().optional(),
});

/** What was sent says something else now: it was redacted or taken back, and its copies are drawn anew. */
export const copiesRedrawn = defineFact(
  'UpdateCopiesRedrawn',
  z.object({
    incidentId: z.string(),
    number: z.int(),
    because: z.enum(['redacted', 'undone']),
    copies: z.array(copySchema),
    /** Who redacted; told of the letters, which nobody can take back. */
    by: personSchema.nullable(),
  }),
  () => null,
);
export type CopiesRedrawn = ReturnType<typeof copiesRedrawn.read>;

/** Beside the incident's own: no timeline shows it. */
export function copiesStream(incidentId: string): string {
  return `updates/${incidentId}`;
}

/** The stream of what people and channels subscribed to. */
export const subscriptionsStream = 'subscriptions';

const subscriptionSchema = z.object({
  id: z.string(),
  kind: z.enum(['person', 'channel']),
  targetId: z.string(),
  targetName: z.string(),
  /** Components such as `api` or `api/prod`; none: of all. */
  services: z.array(z.string()),
  environments: z.array(z.string()),
  severities: z.array(z.enum(severities)),
  mail: z.boolean(),
});
export type SubscriptionSaid = z.infer<typeof subscriptionSchema>;

export const subscriptionMade = defineFact('SubscriptionMade', subscriptionSchema, (it) => ({
  kind: 'system',
  text: `${recipientName({ way: it.kind, name: it.targetName })} hears of incidents`,
}));

export const subscriptionEnded = defineFact(
  'SubscriptionEnded',
  z.object({
    id: z.string(),
    kind: z.enum(['person', 'channel']),
    targetId: z.string().default(''),
    targetName: z.string(),
    because: z.enum(['asked', 'unreachable']),
    /** Only letters end, or all of it. */
    way: z.enum(['all', 'mail']).default('all'),
    /** What was heard of, in words. */
    wish: z.string().default(''),
    /** The same as whoever subscribes says it: `on:api sev:2`. */
    said: z.string().default(''),
    /** How many others the same person or channel has. */
    left: z.int().default(0),
    /** Why it could not be reached. */
    error: z.string().default(''),
    /** The open incidents whose updates do not go there now, and who writes them; null: whoever is in the channel. */
    open: z
      .array(z.object({ incidentId: z.string(), key: z.string(), tell: personSchema.nullable() }))
      .default([]),
    /** Who made it, and is told that it ended. */
    madeBy: personSchema,
  }),
  (it) => ({
    kind: 'system',
    text: `${recipientName({ way: it.kind, name: it.targetName })} ${
      it.way === 'mail' ? 'gets no mail of incidents any more' : 'hears of incidents no longer'
    }`,
  }),
);

/** A letter was taken by the mail server. `drawn`: what it said, so that the same is not said twice. */
export const letterSent = defineFact(
  'UpdateLetterSent',
  z.object({ drawn: z.string().optional() }),
  () => null,
);

/** What somebody subscribed to did not get through. */
export const updateUndelivered = defineFact(
  'UpdateUndelivered',
  z.object({
    subscription: z.string(),
    way: z.enum(['person', 'channel', 'mail']),
    targetId: z.string().default(''),
    targetName: z.string(),
    error: z.string(),
    needed: z.string().nullable(),
    /** How many in a row did not, this one included. */
    times: z.int(),
    /** It is one of those after which it ends: not a copy drawn anew, nor what a mail server cannot do just now. */
    counts: z.boolean().default(true),
    /** It would have ended, and goes on as long as these are open, such as `INC-1`; said once. */
    goesOn: z.array(z.string()).default([]),
    madeBy: personSchema,
    /** What it would have told; null where it told nothing of an incident. */
    telling: z
      .object({
        what: z.enum(tellings),
        factId: z.string(),
        number: z.int().nullable(),
        /** Whom it did not reach. */
        id: z.string(),
        /** Who sees to it that they hear all the same; null: whoever is in the incident's channel. */
        tell: personSchema.nullable(),
      })
      .nullable()
      .default(null),
  }),
  ({ telling, way, targetName, error }) => {
    const what = telling ? tellingName(telling.what, telling.number) : 'A message';
    const whom = recipientName({ way, name: targetName });
    return { kind: 'system', text: `${what} did not reach ${whom}: ${error}` };
  },
);
export type UpdateUndelivered = ReturnType<typeof updateUndelivered.read>;
