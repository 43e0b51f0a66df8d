// Who does what on an incident; and without one, which roles there are and what their holders are told.
import type { Ask, Query } from '../../core/command.js';
import { line, list, type Message, message, type Span, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { findIncident, type Incident, incidentKey, incidentsIn } from '../incident/index.js';
import { currentRoles, definedRoles, type RoleDefinition } from './store.js';
import { duties, dutyOf, isUsual, roleNames } from './words.js';

/** A phone's screen is about twelve lines. */
const instructionsShown = 160;

export const rolesQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['roles'],
    usage: '',
    summary: 'Who does what; elsewhere, which roles there are.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const { incident } = values as { incident?: number };
    const defined = await definedRoles(tx, ask.workspace.id);
    if (incident === undefined && (await incidentsIn(tx, ask)).length === 0) return allRoles(defined);
    return rolesOfIncident(tx, incident === undefined ? {} : { incident }, defined, ask);
  },
};

async function rolesOfIncident(
  tx: Tx,
  input: { incident?: number },
  defined: readonly RoleDefinition[],
  ask: Ask,
): Promise<Message> {
  const found = await findIncident(tx, input, ask);
  if ('refused' in found) return found.refused.message;
  const { target } = found;
  const held = await currentRoles(tx, target.id);
  // One that is no longer defined may be held all the same.
  const names = new Set([...roleNames(defined), ...held.map(({ role }) => role)]);
  const spans = [...names].map((name) => {
    const holder = held.find(({ role }) => role === name);
    const duty = dutyOf(name, defined.find((each) => each.name === name)?.instructions ?? '');
    return [{ bold: name }, `: ${holder ? holder.userName : 'nobody'}${duty ? ` (${duty})` : ''}`];
  });
  return message(
    line({ bold: `Roles of ${incidentKey(target satisfies Incident)}` }),
    list(spans),
    line({ code: '/incident role ROLE @user' }, ' assigns one.'),
  );
}

function allRoles(defined: readonly RoleDefinition[]): Message {
  return message(
    line({ bold: 'Roles' }),
    list(
      roleNames(defined).map((name) => {
        const row = defined.find((each) => each.name === name);
        return roleSpans(name, row);
      }),
    ),
    line(
      { code: '/incident define ROLE INSTRUCTIONS' },
      ' makes one of your own, or says more of a usual one.',
    ),
  );
}

function roleSpans(name: string, row: RoleDefinition | undefined): Span[] {
  const duty = isUsual(name) ? duties[name] : '';
  const words = shorten((row?.instructions ?? '').replaceAll('\n', ' '), instructionsShown);
  const from = row && row.origin !== 'slack' ? ` (${row.origin})` : '';
  const text = [duty, words].filter((each) => each !== '').join('. ');
  return [{ bold: name }, text ? `: ${text}` : '', from];
}
