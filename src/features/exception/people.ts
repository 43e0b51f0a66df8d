// Who may answer for an exception. Pure.
import { isInSlack, isPersonInSlack } from '../../core/fact.js';
import { fewNames } from '../../core/text.js';
import { handlesText, type Permitted } from '../permission/index.js';

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who has a say in one freeze: its owner, and who leads its incident. */
export interface InCharge {
  readonly owner: Person;
  /** The commander and operations of the incident from which the cord was pulled. */
  readonly leads: readonly Person[];
  readonly incident?: { readonly private: boolean } | null;
}

type Team = readonly { readonly id: string | null; readonly name: string }[];

/** Those who may; `anybody`: none of them is left beside the requester, so any other person may. */
export interface Approvers {
  /** Who is asked. */
  readonly people: readonly Person[];
  readonly anybody: boolean;
  /** Whoever is in a group to which it is given may as well; they are not asked one by one. */
  readonly groups: Permitted;
}

/**
 * Who may approve: never the requester. Of several freezes whoever has a say in all of them; where that is nobody,
 * whoever has a say in one. Where it is given to groups, nobody may for want of anybody else.
 */
export function approversOf(
  freezes: readonly InCharge[],
  team: Team,
  groups: Permitted,
  requesterId: string,
): Approvers {
  const everywhere = team.flatMap(({ id, name }) => (id === null ? [] : [{ id, name }]));
  const each = freezes.map(({ owner, leads }) => others([owner, ...leads, ...everywhere], requesterId));
  const [first = [], ...rest] = each;
  const ofAll = first.filter(({ id }) => rest.every((some) => some.some((one) => one.id === id)));
  const people = ofAll.length > 0 ? ofAll : others(each.flat(), requesterId);
  return { people, anybody: people.length === 0 && groups.anybody, groups };
}

/**
 * Those who may, by name, for everybody to read: of a private incident nobody is named who has a say only because they
 * lead it.
 */
export function openlyNamed(
  freezes: readonly InCharge[],
  team: Team,
  groups: Permitted,
  requesterId: string,
): string {
  const { people } = approversOf(freezes, team, groups, requesterId);
  const open = new Set([
    ...team.map(({ id }) => id),
    ...freezes
      .flatMap((each) => [each.owner, ...(each.incident?.private ? [] : each.leads)])
      .map(({ id }) => id),
  ]);
  const named = people.filter(({ id }) => open.has(id));
  const names = named.length > 0 ? namesText(named) : unnamed;
  if (groups.anybody) return names;
  const members = `whoever is in ${handlesText(groups.handles.map((handle) => ({ handle })))}`;
  return people.length > 0 ? `${names}, or ${members}` : members;
}

const unnamed = 'its owner and those who lead it';

/** The same, where a sentence begins; a name keeps its letters. */
export function openlyNamedFirst(...of: Parameters<typeof openlyNamed>): string {
  const names = openlyNamed(...of);
  const isName = !names.startsWith(unnamed) && !names.startsWith('whoever is in @');
  return isName ? names : `${names.charAt(0).toUpperCase()}${names.slice(1)}`;
}

/** Whether somebody is among those who may. */
export function mayAnswer(
  { people, anybody, groups }: Approvers,
  actor: { readonly kind: string; readonly id: string },
  requesterId: string,
): boolean {
  if (!isPersonInSlack(actor) || actor.id === requesterId) return false;
  if (!groups.anybody && groups.people.has(actor.id)) return true;
  return anybody || people.some(({ id }) => id === actor.id);
}

/** `Ana, Bob and 2 more`. */
export function namesText(people: readonly Person[], shown = 6): string {
  const names = people.map(({ name }) => name);
  if (names.length > shown) return fewNames(names, shown);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function others(people: readonly Person[], requesterId: string): Person[] {
  const fitting = people.filter(({ id }) => id !== requesterId && isInSlack(id));
  return [...new Map(fitting.map(({ id, name }) => [id, { id, name }])).values()];
}
