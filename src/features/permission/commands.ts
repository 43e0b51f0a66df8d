// The verbs of permissions, and what is read by itself.
import { z } from 'zod';
import { defineCommand, internalVerb, type Query } from '../../core/command.js';
import { line, list, type Message, message, type Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { decideAsk, decidePermit, decideRead, type PermitState, type ReadInput } from './decide.js';
import { mending } from './react.js';
import {
  groupRows,
  groupsOf,
  leadsAny,
  membersOf,
  type PermissionRow,
  permissionRows,
  type UserGroupRow,
  whoMay,
} from './store.js';
import {
  always,
  deeds,
  type Group,
  otherwise,
  type PermitInput,
  type PermittedAction,
  permissionsStream,
  permitInput,
  permittedActions,
} from './words.js';

const onPermissions = async () => ({ streams: [permissionsStream], target: null });

export const permit = defineCommand<PermitInput, null, PermitState>({
  verb: {
    surface: 'incident',
    words: ['permit'],
    usage: 'ACTION @groups',
    summary: `Gives something to groups of people in Slack: ${permittedActions.join(', ')}. “anybody” gives it back.`,
    example: '/incident permit lift_freeze @sre',
    onIncident: false,
    inDrill: 'refused',
  },
  input: permitInput,
  locate: onPermissions,
  async load(tx, { action, groups }, _target, ask) {
    const workspaceId = ask.workspace.id;
    const row = await tx.permission.findUnique({ where: { workspaceId_action: { workspaceId, action } } });
    const before = row ? groupsOf(row) : [];
    const known = await groupRows(tx, workspaceId, [...before, ...groups]);
    const leads = await leadsAny(tx, workspaceId, ask.actor.id);
    return { before, known, permitted: whoMay(before, known), leads };
  },
  decide: decidePermit,
});

const askInput = z.object({ groupId: z.string() }).nullable();

const askAgain = defineCommand<z.infer<typeof askInput>, null, readonly PermissionRow[]>({
  verb: internalVerb('permission read'),
  input: askInput,
  locate: onPermissions,
  load: (tx, _input, _target, ask) => permissionRows(tx, ask.workspace.id),
  decide: (rows, input, ask) => decideAsk(rows, input?.groupId ?? null, ask),
});

/** Reads who is in the groups, or in one; nothing where nothing is given to it. */
export const readGroups = (data: unknown) => askAgain.given(askInput.parse(data));

/** What Slack said of a group. */
export const recordGroup = defineCommand<ReadInput, null, UserGroupRow | null>({
  verb: internalVerb('record group'),
  input: z.custom<ReadInput>(),
  locate: onPermissions,
  load: (tx, { groupId }, _target, ask) =>
    tx.userGroup.findUnique({
      where: { workspaceId_groupId: { workspaceId: ask.workspace.id, groupId } },
    }),
  decide: decideRead,
});

export const permissions: Query = {
  verb: {
    surface: 'incident',
    words: ['permissions'],
    usage: '',
    summary: 'Who may lift a freeze, approve an exception, and see private incidents.',
    onIncident: false,
  },
  async answer(tx, _values, ask) {
    const rows = await permissionRows(tx, ask.workspace.id);
    const known = await groupRows(tx, ask.workspace.id, rows.flatMap(groupsOf));
    const shown = permittedActions.map((action) => {
      const row = rows.find((each) => each.action === action);
      return row ? givenSpans(action, groupsOf(row), known) : [{ bold: action }, `: ${otherwise[action]}`];
    });
    return message(
      line({ bold: 'Who may what' }),
      list(shown),
      list(known.map(groupSpans)),
      line({ code: '/incident permit ACTION @group' }, ' gives it to groups, “anybody” gives it back.'),
    ) satisfies Message;
  },
};

function givenSpans(
  action: PermittedAction,
  groups: readonly Group[],
  known: readonly UserGroupRow[],
): readonly Span[] {
  const names = groups
    .map(({ id, handle }) => `@${known.find((row) => row.groupId === id)?.handle ?? handle}`)
    .join(', ');
  const permitted = whoMay(groups, known);
  if (permitted.anybody)
    return [
      { bold: action },
      `: to be given to ${names}, and not in force: nobody read who is in it. Until then ${otherwise[action]} may ${deeds[action]}.`,
    ];
  const nobody = permitted.people.size === 0;
  const warning = nobody
    ? ` Nobody is in it now${action === 'see_private' ? '' : ', so whoever leads an open incident may change it'}: put somebody in, or `
    : '';
  return [
    { bold: action },
    `: whoever is in ${names}. ${always[action]}${warning}`,
    ...(nobody ? [{ code: `/incident permit ${action} anybody` }] : []),
  ];
}

function groupSpans(row: UserGroupRow): readonly Span[] {
  const count = membersOf(row).length;
  const people = count === 1 ? 'one person' : `${count === 0 ? 'nobody' : `${count} people`}`;
  const read: Span[] = row.readAt
    ? [`: ${people}, as Slack said `, { at: row.readAt }, '; it is read every hour.']
    : [': not read yet.'];
  const refused = row.refused ? ` Slack refuses now (${row.refused}). ${mending(row.refused, null)}` : '';
  return [{ bold: `@${row.handle}` }, ...read, refused];
}

/** What is read of a group for a refusal. */
export async function readForRefusal(tx: Tx, workspaceId: string, groupId: string) {
  const row = await tx.userGroup.findUnique({
    where: { workspaceId_groupId: { workspaceId, groupId } },
  });
  return { row, permissions: await permissionRows(tx, workspaceId) };
}
