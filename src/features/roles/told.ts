// What somebody is told whose role was given to another, or who was given one that was taken back.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { line, message } from '../../core/message.js';
import { incidentKey, isOpen } from '../incident/index.js';
import { mayRead } from './brief.js';
import { roleAssigned } from './facts.js';
import { currentRoles } from './store.js';

/** The view of what the holder of a role is told. */
export const briefName = 'roleBrief';
/** Of what whoever held it before is told. */
export const lostName = 'roleLost';
/** Of what either is told when it is taken back. */
export const takenBackName = 'roleTakenBack';

export const briefSlot = (factId: string) => `role/${factId}`;
export const lostSlot = (factId: string) => `roleLost/${factId}`;

/** Nothing of what was meant for an earlier time alone, or where they may not know of the incident. */
export const lostView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const held = await tx.roleHolding.findUnique({ where: { id: factId } });
  if (!row || !held || held.until !== null) return null;
  const { data, actor } = roleAssigned.read(readFact(row));
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: held.incidentId } });
  const { instead, person, role } = data;
  if (!instead || !isOpen(incident.status) || !(await mayRead(tx, incident, instead.id))) return null;
  const key = incidentKey(incident);
  const by = actor.id === person.id ? '' : ` (${actor.name})`;
  return message(
    line(
      { bold: `You are no longer ${role} of ${key}` },
      ': ',
      { person: person.id, name: person.name },
      ` is${by}. Tell them what is not on record. If that is wrong: `,
      { code: `/incident role ${key} ${role} me` },
    ),
  );
};

/** `about` is the slot of what they were told; where that was told to nobody, there is nothing to take back. */
export const takenBackView: View = async (tx, slot, workspace) => {
  const [, factId = ''] = slot.split('/');
  const posted = await tx.posted.findUnique({
    where: { workspaceId_slot: { workspaceId: workspace.id, slot } },
  });
  const row = posted?.ts ? await tx.fact.findUnique({ where: { id: factId } }) : null;
  if (row?.type !== roleAssigned.type || !row.incidentId) return null;
  const { role, instead } = roleAssigned.read(readFact(row)).data;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: row.incidentId } });
  const key = incidentKey(incident);
  if (slot === briefSlot(factId))
    return message(line({ bold: `You are not ${role} of ${key} after all` }, ': it was taken back.'));
  const holder = (await currentRoles(tx, incident.id)).find((each) => each.role === role);
  const again = holder !== undefined && holder.userId === instead?.id;
  return message(line({ bold: `That was taken back` }, again ? `: you are ${role} of ${key} again.` : '.'));
};
