// What can happen to roles: somebody takes one, and the workspace defines its own.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';

/** The stream of what roles there are: one for a workspace. */
export const rolesStream = 'roles';

/** What says a role where no file does. */
export const inSlack = 'slack';

export const roleAssigned = defineFact(
  'RoleAssigned',
  z.object({
    role: z.string(),
    person: personSchema,
    instead: personSchema.nullable(),
    /** It was handed over: whoever held it hears that by itself. */
    handedOver: z.boolean().optional(),
  }),
  (it) => ({
    kind: 'role',
    text: `${it.person.name} is ${it.role}${it.instead ? `, was ${it.instead.name}` : ''}`,
  }),
);

/** A role of the workspace's own, or its own words for a usual one. */
export const roleDefined = defineFact(
  'RoleDefined',
  z.object({
    name: z.string(),
    instructions: z.string(),
    /** The file that says so, or `slack`. */
    origin: z.string(),
  }),
  ({ name }) => ({ kind: 'role', text: `The role ${name} is defined` }),
  (it) => ({ ...it, instructions: '' }),
);

/** There is no such role any more; of a usual one only the workspace's own words are gone. */
export const roleUndefined = defineFact('RoleUndefined', z.object({ name: z.string() }), ({ name }) => ({
  kind: 'role',
  text: `The role ${name} is no longer defined`,
}));
