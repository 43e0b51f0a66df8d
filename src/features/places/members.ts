// Who is in a private incident's channel, as Slack has it, against who may see the incident.
import { z } from 'zod';
import { accept, defineCommand, internalVerb } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import type { Message } from '../../core/message.js';
import {
  about,
  type Incident,
  incidentStream,
  memberAdded,
  memberRemoved,
  rolesIn,
} from '../incident/index.js';

const nothing: Message = { text: '', blocks: [] };

/** The slot of what is said to somebody who could not be invited. */
export const uninvitedSlot = (incidentId: string, userId: string) => `uninvited/${incidentId}/${userId}`;

interface MembersInput {
  readonly incidentId: string;
  /** Everybody who is in its channel, and everybody who may have left. */
  readonly present: readonly { readonly id: string; readonly name: string }[];
  readonly absent: readonly { readonly id: string; readonly name: string }[];
}

interface MembersState {
  readonly incident: Incident;
  readonly members: ReadonlySet<string>;
  /** The roles of those who may have left. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Those who may see it without having been in its channel: they are being invited, or could not be. */
  readonly expected: (userId: string) => boolean;
}

/** Whoever joined or left a private incident's channel while nobody listened may, or may no longer, see it. */
export const recordMembers = defineCommand<MembersInput, Incident | null, MembersState | null>({
  verb: internalVerb('record members'),
  input: z.custom<MembersInput>(),
  async locate(tx, { incidentId }) {
    const incident = await tx.incident.findUnique({ where: { id: incidentId } });
    return { streams: [incidentStream(incidentId)], target: incident };
  },
  async load(tx, { incidentId, absent }, incident) {
    if (!incident?.private || incident.placeKind !== 'channel') return null;
    const rows = await tx.member.findMany({ where: { incidentId } });
    const inviting = await tx.job.count({
      where: { incidentId, kind: 'invite', state: { notIn: ['done', 'givenUp'] } },
    });
    const slots = absent.map(({ id }) => uninvitedSlot(incidentId, id));
    const told = await tx.posted.findMany({ where: { incidentId, slot: { in: slots } } });
    const uninvited = new Set(told.map((each) => each.slot));
    const roles = await Promise.all(
      absent.map(async ({ id }) => [id, await rolesIn(tx, incident, id)] as const),
    );
    return {
      incident,
      roles: new Map(roles),
      members: new Set(rows.map((each) => each.userId)),
      expected: (id) => inviting > 0 || uninvited.has(uninvitedSlot(incidentId, id)),
    };
  },
  decide(state, { present, absent }) {
    if (!state) return accept([], nothing);
    const { incident, members, roles, expected } = state;
    const joined = present.filter(({ id }) => !members.has(id));
    const left = absent.filter(({ id }) => isInSlack(id) && members.has(id) && !expected(id));
    return accept(
      [
        ...joined.map((person) => memberAdded({ person }, about(incident))),
        ...left.map((person) =>
          memberRemoved({ person, roles: [...(roles.get(person.id) ?? [])] }, about(incident)),
        ),
      ],
      nothing,
    );
  },
});
