// Roles: who does what on an incident.
import { z } from 'zod';
import { accept, defineCommand, type Query, refuse } from '../../core/command.js';
import { onIncident } from '../../core/effect.js';
import { defineFact, on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Form } from '../../core/form.js';
import { line, list, message, say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import {
  about,
  beginsAt,
  done,
  findIncident,
  type Incident,
  idOf,
  incidentKey,
  memberAdded,
  onIncidentInput,
  personSchema,
  refresh,
  retopic,
  tellIncident,
} from '../incident/index.js';

export const roles = ['commander', 'communications', 'operations', 'scribe'] as const;
export type Role = (typeof roles)[number];
export type RoleHolding = Prisma.RoleHoldingGetPayload<object>;

const duties: Record<Role, string> = {
  commander: 'decides, delegates, keeps the whole in view',
  communications: 'tells those outside what is going on',
  operations: 'works on the systems',
  scribe: 'keeps the timeline',
};

const roleWord = z
  .string({ error: `Say the role: ${roles.join(', ')}.` })
  .transform((word) => word.trim().toLowerCase())
  .transform((word) =>
    word === 'ic' || word === 'lead'
      ? 'commander'
      : word === 'comms'
        ? 'communications'
        : word === 'ops'
          ? 'operations'
          : word,
  )
  .pipe(z.enum(roles, { error: `A role is ${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}.` }));

export const roleAssigned = defineFact(
  'RoleAssigned',
  z.object({ role: z.enum(roles), person: personSchema, instead: personSchema.nullable() }),
  (it) => ({
    kind: 'role',
    text: `${it.person.name} is ${it.role}${it.instead ? `, was ${it.instead.name}` : ''}`,
  }),
);

const roleForm: Form = {
  title: 'Assign a role',
  submit: 'Assign',
  fields: [
    {
      kind: 'choice',
      name: 'role',
      label: 'Role',
      options: roles.map((value) => ({ value, label: `${value}: ${duties[value]}` })),
      initial: 'commander',
    },
    { kind: 'person', name: 'user', label: 'Who?' },
  ],
};

interface RoleState {
  readonly incident: Incident;
  /** Who held the role at the time that is meant. */
  readonly holder: RoleHolding | null;
  /** Who holds it later, where that is known. */
  readonly next: RoleHolding | null;
  readonly member: boolean;
}

interface RoleInput {
  incident?: number | undefined;
  at?:
    | {
        at: Date | null;
        until: Date | null;
        precision: 'exact' | 'approximate' | 'range' | 'unknown';
        asWritten: string;
      }
    | undefined;
  remarks: string[];
  role: Role;
  user: { id: string; name: string };
}

const role = defineCommand<RoleInput, Incident, RoleState>({
  verb: {
    surface: 'incident',
    words: ['role'],
    usage: 'ROLE @user [at:TIME]',
    summary: `Gives a role: ${roles.join(', ')}. “me” is you.`,
    example: '/incident role commander @ana',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    role: roleWord,
    user: z.object({ id: z.string(), name: z.string() }, { error: 'Say who: @name, or “me”.' }),
  }),
  form: roleForm,
  locate: findIncident,
  async load(tx, input, incident, ask) {
    const held = await heldRows(tx, incident.id, input.role);
    const { holder, next } = around(held, input.at?.at ?? ask.now);
    const member = await tx.member.count({ where: { incidentId: incident.id, userId: input.user.id } });
    return { incident, holder, next, member: member > 0 };
  },
  decide({ incident, holder, next, member }, input, ask) {
    if (holder?.userId === input.user.id)
      return refuse(
        say(`${holder.userName} is ${input.role} of ${incidentKey(incident)} already. Nothing was changed.`),
        'user',
      );
    const instead = holder ? { id: holder.userId, name: holder.userName } : null;
    const was = instead ? `, was ${instead.name}` : '';
    const until = next ? ` until ${next.userName} took over` : '';
    const where = about(incident, input.at);
    const facts = [roleAssigned({ role: input.role, person: input.user, instead }, where)];
    if (incident.private && !member) facts.push(memberAdded({ person: input.user }, where));
    return accept(
      facts,
      done(
        `${input.user.name} ${next ? 'was' : 'is'} ${input.role} of ${incidentKey(incident)}${until}${was}.`,
        input,
        ask,
      ),
    );
  },
});

const rolesQuery: Query = {
  verb: { surface: 'incident', words: ['roles'], usage: '', summary: 'Who does what.', onIncident: true },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const held = await currentRoles(tx, found.target.id);
    return message(
      line({ bold: `Roles of ${incidentKey(found.target)}` }),
      list(
        roles.map((each) => {
          const holder = held.find((one) => one.role === each);
          return [{ bold: each }, `: ${holder ? holder.userName : 'nobody'} (${duties[each]})`];
        }),
      ),
      line({ code: '/incident role ROLE @user' }, ' assigns one.'),
    );
  },
};

function heldRows(tx: Tx, incidentId: string, name: string): Promise<RoleHolding[]> {
  return tx.roleHolding.findMany({ where: { incidentId, role: name }, orderBy: { since: 'asc' } });
}

// Of one role's intervals, which neither overlap nor run backwards: the one that a time is in, and the one after it.
function around(held: readonly RoleHolding[], at: Date) {
  return {
    holder: held.findLast((one) => one.since <= at && (one.until === null || one.until > at)) ?? null,
    next: held.find((one) => one.since > at) ?? null,
  };
}

/** Who holds which role now. */
export async function currentRoles(tx: Tx, incidentId: string): Promise<RoleHolding[]> {
  return tx.roleHolding.findMany({ where: { incidentId, until: null }, orderBy: { since: 'asc' } });
}

export const rolesFeature: Feature = {
  name: 'roles',
  facts: [roleAssigned],
  undo: [
    on(roleAssigned, ({ data }) => ({
      what: `${data.person.name} is ${data.role}`,
      sets: [`role/${data.role}`],
      instead: `/incident role ${data.role} @user`,
    })),
  ],
  reset: async (tx, incidentId) => {
    await tx.roleHolding.deleteMany({ where: { incidentId } });
  },
  commands: [role],
  queries: [rolesQuery],
  project: [
    on(roleAssigned, async (fact, tx: Tx) => {
      const incidentId = idOf(fact);
      const { since: at, sinceUnknown } = beginsAt(fact);
      const { role: name, person } = fact.data;
      const { holder, next } = around(await heldRows(tx, incidentId, name), at);
      if (holder)
        await tx.roleHolding.update({
          where: { id: holder.id },
          data: { until: at, untilUnknown: sinceUnknown },
        });
      await tx.roleHolding.create({
        data: {
          id: fact.id,
          workspaceId: fact.workspaceId,
          incidentId,
          role: name,
          userId: person.id,
          userName: person.name,
          since: at,
          sinceUnknown,
          // Said of an earlier time, it ends where the next holder begins, or where nobody held it any longer.
          until: holder?.until ?? next?.since ?? null,
          untilUnknown: (holder?.until ? holder.untilUnknown : next?.sinceUnknown) ?? false,
        },
      });
    }),
  ],
  react: [
    on(roleAssigned, (fact) => {
      const id = idOf(fact);
      return [
        onIncident(id, { do: 'invite', userIds: [fact.data.person.id] }, { essential: true }),
        tellIncident(
          fact,
          id,
          say(
            { person: fact.data.person.id, name: fact.data.person.name },
            ' is ',
            { bold: fact.data.role },
            ...(fact.asWritten !== null && fact.occurredAt ? [' from ', { at: fact.occurredAt }] : []),
            `${fact.data.instead ? `, was ${fact.data.instead.name}` : ''} (${fact.actor.name})`,
          ),
          1,
        ),
        ...refresh(id, 1),
        ...(fact.data.role === 'commander' ? [retopic(id, 1)] : []),
      ];
    }),
  ],
  tables: ['roleHolding'],
  sharedTables: ['roleDefinition'],
};
