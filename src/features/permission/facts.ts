// What is given to groups, and what Slack says of who is in them.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { deeds, groupSchema, handlesText, otherwise, permittedActions } from './words.js';

const personSchema = z.object({ id: z.string(), name: z.string() });

export const permissionSet = defineFact(
  'PermissionSet',
  z.object({
    action: z.enum(permittedActions),
    /** None: it is given to no group any more. */
    groups: z.array(groupSchema),
    before: z.array(groupSchema),
    by: personSchema,
  }),
  ({ action, groups }) => ({
    kind: 'system',
    text:
      groups.length > 0
        ? `Whoever is in ${handlesText(groups)} may ${deeds[action]}`
        : `Who may ${deeds[action]}: ${otherwise[action]}`,
  }),
);

/** It is looked who is in these groups; `next` is when it is looked again, null where that was planned before. */
export const groupsAsked = defineFact(
  'GroupsAsked',
  z.object({ groupIds: z.array(z.string()), next: z.coerce.date().nullable() }),
  () => null,
);

/** Who is in a group; stated only where that is not what was read before. */
export const groupRead = defineFact(
  'GroupRead',
  z.object({ groupId: z.string(), handle: z.string(), members: z.array(z.string()) }),
  () => null,
);

/** Slack does not say who is in a group: the members that were read last count, if there are some. */
export const groupRefused = defineFact(
  'GroupRefused',
  z.object({
    groupId: z.string(),
    handle: z.string(),
    method: z.string(),
    error: z.string(),
    needed: z.string().nullable(),
    /** Whether its members were read before. */
    known: z.boolean(),
    /** Who gave it something, and is told. */
    setBy: z.array(personSchema),
  }),
  () => null,
);
