// The rules of giving something to groups, and of reading who is in them. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, type Message, message, say } from '../../core/message.js';
import { groupRead, groupRefused, groupsAsked, permissionSet } from './facts.js';
import { groupsOf, membersOf, type PermissionRow, type Permitted, type UserGroupRow } from './store.js';
import {
  always,
  deeds,
  type Group,
  handlesText,
  otherwise,
  type PermitInput,
  permissionsStream,
} from './words.js';

/** How often it is looked who is in the groups. */
const readEveryMs = 3_600_000;

const about = { stream: permissionsStream };

export interface PermitState {
  /** What it is given to now. */
  readonly before: readonly Group[];
  /** What holds now. */
  readonly permitted: Permitted;
  /** What is known of the groups that it is to be given to. */
  readonly known: readonly UserGroupRow[];
  /** The asker leads an incident that is open. */
  readonly leads?: boolean;
}

/** `/incident permit`: once it is given to groups, they alone give it further; so does whoever has the machine. */
export function decidePermit(state: PermitState, input: PermitInput, ask: Ask): Decision {
  const { before, known } = state;
  const { action } = input;
  const wrong = mayNot(state, input, ask);
  if (wrong) return refuse(wrong);
  const groups = input.groups.map(({ id, handle }) => ({ id, handle: handleOf(id, handle, known) }));
  const same = (one: readonly Group[]) =>
    one
      .map(({ id }) => id)
      .sort()
      .join();
  if (same(groups) === same(before)) return refuse(unchanged(groups, action));
  const by = { id: ask.actor.id, name: ask.actor.name };
  const facts: Stated[] = [permissionSet({ action, groups, before: [...before], by }, about)];
  if (groups.length > 0) {
    const next = new Date(ask.now.getTime() + readEveryMs);
    facts.push(groupsAsked({ groupIds: groups.map(({ id }) => id), next }, about));
  }
  return accept(facts, groups.length > 0 ? given(groups, action) : givenBack(action));
}

function handleOf(id: string, handle: string, known: readonly UserGroupRow[]): string {
  const row = known.find(({ groupId }) => groupId === id);
  return handle === id && row ? row.handle : handle;
}

// Only the machine lets somebody see what members alone see: nobody gives themselves what is hidden from them.
function mayNot({ permitted, leads }: PermitState, { action }: PermitInput, ask: Ask): Message | null {
  if (isOnMachine(ask)) return null;
  if (ask.actor.kind === 'pipeline')
    return say(
      'A person says who may do what, in Slack, or `andon permit` on Andon’s machine. Nothing was changed.',
    );
  if (!permitted.anybody && permitted.people.has(ask.actor.id)) return null;
  // A group that everybody left must not lock the door behind them.
  const empty = !permitted.anybody && permitted.people.size === 0;
  if (empty && leads && action !== 'see_private') return null;
  const machine = { code: `andon permit ${action} GROUP` };
  if (empty)
    return say(
      `Nobody is in ${handlesText(permitted.handles.map((handle) => ({ handle })))}, so nobody of it can change this. ${
        action === 'see_private' ? '' : 'Whoever leads an open incident may, and '
      }`,
      machine,
      ` does it on Andon’s machine; or put somebody into the group in Slack. Nothing was changed.`,
    );
  if (!permitted.anybody)
    return say(
      `Whoever is in ${handlesText(permitted.handles.map((handle) => ({ handle })))} may change this, and nobody else. Ask one of them; on Andon’s machine `,
      machine,
      ' does it too. Nothing was changed.',
    );
  if (action !== 'see_private') return null;
  return say(
    'Who sees private incidents is said on Andon’s machine first, so that nobody lets themselves in: ',
    machine,
    ', with the group’s id in Slack. After that its members change it here. Nothing was changed.',
  );
}

/** Whoever sits at the database speaks for Andon itself. */
function isOnMachine(ask: Ask): boolean {
  return ask.source === 'cli' && ask.actor.id.startsWith('cli:');
}

function unchanged(groups: readonly Group[], action: PermitInput['action']): Message {
  const list = { code: '/incident permissions' };
  if (groups.length > 0)
    return say(
      `Whoever is in ${handlesText(groups)} may ${deeds[action]} already. `,
      list,
      ' shows who may what. Nothing was changed.',
    );
  return say(
    `It is given to no group: ${otherwise[action]} may ${deeds[action]}. `,
    list,
    ' shows who may what. Nothing was changed.',
  );
}

function given(groups: readonly Group[], action: PermitInput['action']): Message {
  return message(
    line('Whoever is in ', { bold: handlesText(groups) }, ` may ${deeds[action]}. ${always[action]}`),
    line(
      `I read now who is in ${groups.length > 1 ? 'them' : 'it'}, and every hour; until that is known, it is not in force. `,
      { code: '/incident permissions' },
      ' says how it stands.',
    ),
    line('Only they change this from then on.'),
  );
}

function givenBack(action: PermitInput['action']): Message {
  return say(`It is given to no group any more. Who may ${deeds[action]} now: ${otherwise[action]}.`);
}

/** The hour is over, or Slack said that one was changed: who is in it is read anew. */
export function decideAsk(permissions: readonly PermissionRow[], changed: string | null, ask: Ask): Decision {
  const named = [...new Set(permissions.flatMap((row) => groupsOf(row).map(({ id }) => id)))].sort();
  const groupIds = changed === null ? named : named.filter((id) => id === changed);
  if (groupIds.length === 0) return refuse(say('Nothing is given to it.'));
  const next = changed === null ? new Date(ask.now.getTime() + readEveryMs) : null;
  return accept([groupsAsked({ groupIds, next }, about)], message());
}

export interface ReadInput {
  readonly groupId: string;
  /** Null: Slack did not say it. */
  readonly handle: string | null;
  readonly members: readonly string[];
}

/** Slack said who is in a group: stated where that is news. */
export function decideRead(row: UserGroupRow | null, { groupId, members, ...read }: ReadInput): Decision {
  const handle = read.handle ?? row?.handle ?? groupId;
  const sorted = [...new Set(members)].sort();
  const same = row?.readAt && row.refused === null && row.handle === handle;
  if (same && membersOf(row).join() === sorted.join()) return refuse(say('Nothing is new.'));
  return accept([groupRead({ groupId, handle, members: sorted }, about)], message());
}

/** Slack refused to say who is in a group: stated once for each reason. */
export function refusedGroup(
  row: UserGroupRow | null,
  permissions: readonly PermissionRow[],
  failure: {
    readonly groupId: string;
    readonly method: string;
    readonly error: string;
    readonly needed: string | null;
  },
): readonly Stated[] {
  const { groupId } = failure;
  const naming = permissions.filter((each) => groupsOf(each).some(({ id }) => id === groupId));
  if (naming.length === 0 || row?.refused === failure.error) return [];
  const setters = new Map(naming.map((each) => [each.setById, { id: each.setById, name: each.setByName }]));
  const known = Boolean(row?.readAt);
  const handle = row?.handle ?? groupId;
  return [groupRefused({ ...failure, handle, known, setBy: [...setters.values()] }, about)];
}
