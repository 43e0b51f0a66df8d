// The verbs of roles.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { findIncident, type Incident, onIncidentInput } from '../incident/index.js';
import {
  type DefineInput,
  decideDefine,
  decideRole,
  decideUndefine,
  type RoleInput,
  type RoleState,
  type UndefineState,
} from './decide.js';
import { rolesStream } from './facts.js';
import { around, definedRoles, heldRows, holdersOf, type RoleDefinition } from './store.js';
import {
  dutyOf,
  findRole,
  instructionsWord,
  type RoleKnown,
  roleNames,
  roleNameWord,
  roleWord,
  usualRoles,
} from './words.js';

// Slack's limit for an option's label.
const labelMax = 75;

/** The choice of a role in a form, from those that there are. */
export function roleField(defined: readonly RoleKnown[]): Form['fields'][number] {
  const options = roleNames(defined).map((value) => {
    const row = defined.find(({ name }) => name === value);
    const duty = dutyOf(value, row?.instructions ?? '');
    return { value, label: shorten(duty ? `${value}: ${duty}` : value, labelMax) };
  });
  return { kind: 'choice', name: 'role', label: 'Role', options, initial: 'commander' };
}

function roleForm(defined: readonly RoleKnown[]): Form {
  return {
    title: 'Assign a role',
    submit: 'Assign',
    fields: [roleField(defined), { kind: 'person', name: 'user', label: 'Who?' }],
  };
}

export const role = defineCommand<RoleInput, Incident, RoleState>({
  verb: {
    surface: 'incident',
    words: ['role'],
    usage: 'ROLE @user [at:TIME]',
    summary: `Gives a role: ${usualRoles.join(', ')}, or one of your own. “me” is you.`,
    example: '/incident role commander @ana',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    role: roleWord,
    user: z.object({ id: z.string(), name: z.string() }, { error: 'Say who: @name, or “me”.' }),
  }),
  form: roleForm([]),
  formFor: async (tx, workspaceId) => roleForm(await definedRoles(tx, workspaceId)),
  async locate(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    if ('refused' in found) return found;
    // One of the workspace's own may be taken away meanwhile.
    return { ...found, streams: [...found.streams, ...(isUsualWord(input.role) ? [] : [rolesStream])] };
  },
  async load(tx, input, { id }, ask) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id } });
    const names = roleNames(await definedRoles(tx, ask.workspace.id));
    const found = findRole(input.role, names);
    const held = 'role' in found ? await heldRows(tx, id, found.role) : [];
    const { holder, next } = around(held, input.at?.at ?? ask.now);
    const member = await tx.member.count({ where: { incidentId: id, userId: input.user.id } });
    return { incident, names, holder, next, member: member > 0 };
  },
  decide: decideRole,
});

function isUsualWord(word: string): boolean {
  return (usualRoles as readonly string[]).includes(word.trim().toLowerCase());
}

const defineForm: Form = {
  title: 'Define a role',
  submit: 'Define',
  fields: [
    {
      kind: 'text',
      name: 'role',
      label: 'What is it called?',
      hint: 'One word. A usual role may get instructions of your own as well.',
      placeholder: 'security-lead',
      maxLength: 30,
    },
    {
      kind: 'text',
      name: 'instructions',
      label: 'What does whoever takes it do first?',
      hint: 'They get it by direct message.',
      long: true,
      optional: true,
      maxLength: 1_000,
    },
  ],
};

const onRoles = async () => ({ streams: [rolesStream], target: null });

export const define = defineCommand<DefineInput, null, readonly RoleDefinition[]>({
  verb: {
    surface: 'incident',
    words: ['define'],
    usage: 'ROLE [INSTRUCTIONS]',
    summary:
      'Makes a role of your own, or gives any role instructions of your own: whoever takes it gets them.',
    example: '/incident define security-lead Keep the evidence; nothing is switched off before you say so.',
    onIncident: false,
    inDrill: 'allowed',
  },
  input: z.object({ role: roleNameWord, instructions: instructionsWord.optional() }),
  form: defineForm,
  locate: onRoles,
  load: (tx, _input, _target, ask) => definedRoles(tx, ask.workspace.id),
  decide: decideDefine,
});

export const undefine = defineCommand<{ readonly role: string }, null, UndefineState>({
  verb: {
    surface: 'incident',
    words: ['undefine'],
    usage: 'ROLE',
    summary: 'Takes a role of your own away, or your instructions for a usual one.',
    example: '/incident undefine security-lead',
    onIncident: false,
    inDrill: 'allowed',
  },
  input: z.object({ role: roleWord }),
  locate: onRoles,
  async load(tx: Tx, input, _target, ask) {
    const defined = await definedRoles(tx, ask.workspace.id);
    const found = findRole(
      input.role,
      defined.map(({ name }) => name),
    );
    return { defined, holders: 'role' in found ? await holdersOf(tx, found.role, ask) : [] };
  },
  decide: decideUndefine,
});
