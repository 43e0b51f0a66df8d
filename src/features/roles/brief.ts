// What somebody who takes a role is told: what it is for, what to do first, who commands.
import type { View } from '../../core/feature.js';
import { line, list, message, type Part, type Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, isOpen } from '../incident/index.js';
import { currentRoles } from './store.js';
import { duties, isUsual } from './words.js';

const first: Readonly<Record<string, readonly (readonly [verb: string, words: string, why: string])[]>> = {
  commander: [
    ['status', 'STATUS TEXT', 'says where it stands'],
    ['role', 'ROLE @user', 'gives somebody a role'],
    ['timeline', '', 'shows what happened so far'],
  ],
  communications: [
    ['update', 'TEXT next:30m', 'tells those outside, and when they hear again'],
    ['timeline', '', 'shows what happened so far'],
  ],
  operations: [
    ['note', 'TEXT', 'puts what you see and do on the timeline'],
    ['affects', 'COMPONENT LEVEL', 'says what is affected'],
    ['changes', '', 'ranks the changes that may have caused it'],
  ],
  scribe: [
    ['note', 'TEXT', 'adds to the timeline, with a time in front if it was earlier'],
    ['timeline', '', 'shows it, with the numbers to correct by'],
  ],
};
const others = [
  ['note', 'TEXT', 'puts what you see and do on the timeline'],
  ['timeline', '', 'shows what happened so far'],
] as const;

/** Of one holding, by its id: nothing where it is over, or where the holder may not know of the incident. */
export const briefView: View = async (tx, holdingId) => {
  const held = await tx.roleHolding.findUnique({ where: { id: holdingId } });
  if (!held || held.until !== null) return null;
  const { incidentId, workspaceId, role: name, userId } = held;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  if (!isOpen(incident.status) || !(await mayRead(tx, incident, userId))) return null;
  const row = await tx.roleDefinition.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  const key = incidentKey(incident);
  return message(
    line(
      { bold: `You are ${name} of ${key}` },
      ` ${incident.title} (${incident.severity}, ${incident.status}${incident.drill ? ', a drill' : ''}).`,
    ),
    isUsual(name) && line(`Its holder ${duties[name]}.`),
    ...(row?.instructions ? row.instructions.split('\n').map((text) => line(text || ' ')) : []),
    line(...(await whoCommands(tx, incident, userId)), ...where(incident)),
    firstCommands(name, key),
  );
};

function firstCommands(name: string, key: string): Part {
  return list(
    (first[name] ?? others).map(([verb, words, why]) => [
      { code: `/incident ${verb} ${key}${words ? ` ${words}` : ''}` },
      ` ${why}`,
    ]),
  );
}

/** Whether somebody may know of an incident. */
export async function mayRead(tx: Tx, incident: Incident, userId: string): Promise<boolean> {
  if (!incident.private) return true;
  return (await tx.member.count({ where: { incidentId: incident.id, userId } })) > 0;
}

async function whoCommands(tx: Tx, { id }: Incident, userId: string): Promise<Span[]> {
  const commander = (await currentRoles(tx, id)).find(({ role }) => role === 'commander');
  if (!commander) return ['Nobody commands yet.'];
  if (commander.userId === userId) return ['You command.'];
  return [{ person: commander.userId, name: commander.userName }, ' commands.'];
}

function where(incident: Incident): Span[] {
  const { placeKind, channelId, channelName } = incident;
  if (placeKind === 'channel' && channelId)
    return [' It is worked on in ', { channel: channelId, name: channelName ?? channelId }, '.'];
  const show: Span[] = [{ code: `/incident show ${incidentKey(incident)}` }, ' shows it anywhere.'];
  if (placeKind === 'thread' && channelId)
    return [
      ' It lives in a thread in ',
      { channel: channelId, name: 'the incidents channel' },
      '; ',
      ...show,
    ];
  return [' It has no channel of its own but a direct message of those who were there; ', ...show];
}
