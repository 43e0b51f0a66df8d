// Somebody has held a role for long: when they are told, and that they go on. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { about, type Incident, incidentKey, isOpen } from '../incident/index.js';
import { findRole, type RoleHolding, whichRole } from '../roles/index.js';
import * as facts from './facts.js';

const hourMs = 3_600_000;
/** So long is a shift in a grave incident, and in any other. */
export const graveMs = 6 * hourMs;
const longMs = 12 * hourMs;
/** Not answered, it is said again at this pace. */
const againMs = 3 * hourMs;

/** The roles that tire. */
export const tiringRoles: readonly string[] = ['commander', 'communications', 'operations', 'scribe'];

export interface HeldState {
  readonly incident: Incident;
  readonly names: readonly string[];
  readonly held: readonly RoleHolding[];
  /** The holder of the role that is meant may be told of it. */
  readonly member: boolean;
  /** When the holder of the role that is meant was told last, or said that they go on. */
  readonly told: Date | null;
  readonly kept: Date | null;
  /** When it was opened again last. */
  readonly reopened?: Date | null;
  /** Who else was heard in the incident lately. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
}

/** When a holder is told: a shift after they took it or said that they go on, and then at a pace. */
export function longHeldAt(
  incident: Pick<Incident, 'severity'>,
  { since, told, kept }: { since: Date; told: Date | null; kept: Date | null },
): Date {
  const shift = incident.severity === 'SEV1' || incident.severity === 'SEV2' ? graveMs : longMs;
  const from = kept && kept > since ? kept : since;
  if (told && told > from) return new Date(told.getTime() + againMs);
  return new Date(from.getTime() + shift);
}

/** Whether the holder of a role is told now that they have had it for long. A drill tires nobody. */
export function decideHeld(state: HeldState, role: string, ask: Ask): Decision {
  const { incident, held, member, told, kept, others } = state;
  const holder = held.find((each) => each.role === role);
  if (!holder || incident.drill || !isInSlack(holder.userId)) return refuse(say('Nobody is to be told.'));
  if (!isOpen(incident.status)) return refuse(say('It is over.'));
  const { reopened } = state;
  const since = reopened && reopened > holder.since ? reopened : holder.since;
  const at = longHeldAt(incident, { since, told, kept });
  if (at > ask.now) return { accepted: false, refusal: { message: say('Not yet.'), again: at } };
  // They left the private incident, and may come back.
  if (!member)
    return {
      accepted: false,
      refusal: { message: say('No member.'), again: new Date(ask.now.getTime() + againMs) },
    };
  const hours = Math.floor((ask.now.getTime() - since.getTime()) / hourMs);
  const next = new Date(ask.now.getTime() + againMs);
  const person = { id: holder.userId, name: holder.userName };
  const data = {
    role,
    person,
    number: incident.number,
    since,
    hours,
    others: [...others],
    next,
  };
  return accept([facts.roleHeldLong(data, about(incident))], message());
}

/** They go on: for a shift nothing more is said of it. */
export function decideStay(state: HeldState, word: string | undefined, ask: Ask): Decision {
  const { incident, held, names } = state;
  const key = incidentKey(incident);
  const found = word === undefined ? null : findRole(word, names);
  if (found && 'like' in found) return refuse(whichRole(word ?? '', found.like, names), 'role');
  const mine = held.filter((each) => each.userId === ask.actor.id);
  const meant = found ? mine.filter((each) => each.role === found.role) : mine;
  if (!isOpen(incident.status))
    return refuse(say(`${key} is ${incident.status}: there is nothing to go on with. Nothing was changed.`));
  if (meant.length === 0)
    return refuse(
      say(
        `You hold ${found ? `not ${found.role}` : 'no role'} of ${key}. `,
        { code: `/incident roles ${key}` },
        ' shows who holds which. Nothing was changed.',
      ),
    );
  const next = longHeldAt(incident, { since: ask.now, told: null, kept: null });
  const person = { id: ask.actor.id, name: ask.actor.name };
  return accept(
    meant.map(({ role }) => facts.roleKept({ role, person, next }, about(incident))),
    say(
      `You go on as ${meant.map(({ role }) => role).join(' and ')} of ${key}. When you are tired: `,
      { code: `/incident handover ${key} ${meant[0]?.role} @user` },
      '.',
    ),
  );
}
