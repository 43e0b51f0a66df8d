// What can happen to a role that is handed over, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';

/** The offer, whose row has the id of the fact that made it, with who holds the role and who is asked. */
const ofOffer = {
  ...{ id: z.string(), role: z.string(), from: personSchema, to: personSchema },
  /** Of the incident. */
  number: z.int(),
};

/** Until it is accepted the one who holds the role holds it. */
export const handoverOffered = defineFact(
  'HandoverOffered',
  z.object({
    role: z.string(),
    from: personSchema,
    to: personSchema,
    by: personSchema,
    text: z.string().nullable(),
    /** Of the incident. */
    number: z.int().optional(),
    /** Who was asked before, and is not any more. */
    before: z.array(z.string()).default([]),
  }),
  (it) => ({
    kind: 'role',
    text: `${it.to.name} is asked to take over ${it.role} from ${it.from.name}${it.text ? `: ${it.text}` : ''}`,
  }),
  (it) => ({ ...it, text: null }),
);

export const handoverAccepted = defineFact(
  'HandoverAccepted',
  /** `unread`: it is private, and they learn only now what it is about. */
  z.object({ ...ofOffer, unread: z.boolean() }),
  (it) => ({ kind: 'role', text: `${it.to.name} takes over ${it.role} from ${it.from.name}` }),
);

export const handoverDeclined = defineFact(
  'HandoverDeclined',
  z.object({ ...ofOffer, by: personSchema, reason: z.string().nullable() }),
  (it) => ({
    kind: 'role',
    text: `${it.to.name} does not take over ${it.role}; ${it.from.name} still holds it${it.reason ? `: ${it.reason}` : ''}`,
  }),
  (it) => ({ ...it, reason: null }),
);

const withdrawals = ['another', 'assigned', 'over', 'taken back', 'left'] as const;
export type Withdrawal = (typeof withdrawals)[number];

/** The offer stands no longer: somebody else is asked, the role was given otherwise, the incident is over, or they left it. */
export const handoverWithdrawn = defineFact(
  'HandoverWithdrawn',
  z.object({ ...ofOffer, because: z.enum(withdrawals) }),
  (it) => ({ kind: 'role', text: `${it.to.name} is no longer asked to take over ${it.role}` }),
);

/**
 * Nobody answered: those concerned are reminded, and later the channel hears who still holds the role. `over`: it ended with
 * the incident, which goes on after all, and those concerned hear that it does not come back by itself.
 */
export const handoverReminded = defineFact(
  'HandoverReminded',
  z.object({
    ...ofOffer,
    by: personSchema,
    offeredAt: z.coerce.date(),
    level: z.enum(['people', 'channel', 'over']),
  }),
  (it) =>
    it.level !== 'channel'
      ? null
      : {
          kind: 'role',
          text: `${it.to.name} has not answered whether they take over ${it.role}; ${it.from.name} still holds it`,
        },
);

/** Somebody has held a role for long, and is told who else is there. */
export const roleHeldLong = defineFact(
  'RoleHeldLong',
  z.object({
    role: z.string(),
    person: personSchema,
    number: z.int(),
    since: z.coerce.date(),
    hours: z.number(),
    others: z.array(personSchema),
    next: z.coerce.date(),
  }),
  () => null,
);

/** They were asked whether they go on, and do. */
export const roleKept = defineFact(
  'RoleKept',
  z.object({ role: z.string(), person: personSchema, next: z.coerce.date() }),
  (it) => ({ kind: 'role', text: `${it.person.name} goes on as ${it.role}` }),
);

export type Offered = ReturnType<typeof handoverOffered.read>;
