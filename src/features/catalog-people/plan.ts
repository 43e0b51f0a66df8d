// What a file changes of roles, checklists, schedules, escalations and monitors; nothing said twice. Pure.

import type { Stated } from '../../core/fact.js';
import { counted } from '../../core/text.js';
import {
  type Catalog,
  type Compared,
  catalogStream,
  compare,
  finderOf,
  type ImportMore,
  isSlackId,
  type Known,
  type KnownPerson,
  type MonitorEntry,
  monitorRemoved,
  monitorSet,
  named,
  ownerKey,
  placeName,
  type SaidCatalog,
  type SaidEscalation,
  type SaidPerson,
  type SaidWhom,
  sharedPaths,
  sharedText,
} from '../catalog/index.js';
import {
  type ChecklistEntry,
  checklistDefined,
  checklistRemoved,
  type StepOwner,
} from '../checklist/index.js';
import {
  type EscalationKind,
  escalationRemoved,
  escalationSet,
  type Level,
  oncallStream,
  scheduleRemoved,
  scheduleSet,
  unheardText,
  usualLevelMinutes,
  usualRepeatMinutes,
  type Whom,
} from '../oncall/index.js';
import { roleDefined, roleNames, rolesStream, roleUndefined } from '../roles/index.js';
import { groundAfter, monitorsIn, unknownNeeds } from './monitors.js';
import { escalationName } from './words.js';

interface Role {
  readonly name: string;
  readonly instructions: string;
}
interface Schedule {
  readonly name: string;
  readonly zone: string;
  readonly url: string | null;
}
interface Escalation {
  /** What it is for, as the file writes it. */
  readonly name: string;
  readonly target: { readonly kind: EscalationKind; readonly name: string };
  readonly levels: readonly Level[];
  readonly repeatMinutes: number;
}

/** What there is, by name. */
export interface People {
  readonly roles: Known<Role>;
  readonly checklists: Known<ChecklistEntry>;
  readonly schedules: Known<Schedule>;
  readonly escalations: Known<Escalation>;
  readonly monitors: Known<MonitorEntry>;
  readonly pagers: ReadonlySet<string>;
  /** Those that services belong to, before the import. */
  readonly teams: ReadonlySet<string>;
}

/** The facts of an import, and what is told of them. */
export interface PeoplePlan {
  readonly facts: readonly Stated[];
  readonly more: ImportMore;
}

/** What a file changes of them. `catalog` is what there was of services, `zone` the workspace's. */
export function planPeople(
  said: SaidCatalog,
  was: People,
  catalog: Catalog,
  known: readonly KnownPerson[],
  zone: string,
): PeoplePlan {
  const { origin } = said;
  const finder = finderOf(known);
  const find = (person: SaidPerson) => finder.find(person);
  const { roles: saidRoles } = said.people;
  const saidMonitors = monitorsIn(said, catalog);
  const checklistsSaid = said.people.checklists.map((each) => ({
    ...each,
    steps: each.steps.map((step) => ({ ...step, owner: ownerOf(step.owner, find) })),
  }));
  const schedulesSaid = said.people.schedules.map((each) => ({ ...each, zone: each.zone ?? zone }));
  const escalationsSaid = said.people.escalations.map((each) => escalationOf(each, find));
  const roles = compare(origin, saidRoles, was.roles, (it) => JSON.stringify([it.name, it.instructions]));
  const checklists = compare(origin, checklistsSaid, was.checklists, checklistKey);
  const schedules = compare(origin, schedulesSaid, was.schedules, (it) =>
    JSON.stringify([it.name, it.zone, it.url]),
  );
  const escalations = compare(origin, escalationsSaid, was.escalations, escalationKey);
  const monitors = compare(origin, saidMonitors, was.monitors, monitorKey);
  const all = [
    told('role', roles),
    told('checklist', checklists),
    told('schedule', schedules),
    told('escalation', escalations),
    told('monitor', monitors),
  ];
  const after = {
    roles: namesAfter(was.roles, roles),
    schedules: namesAfter(was.schedules, schedules),
    monitors: [...entriesAfter(was.monitors, monitors).values()],
  };
  return {
    facts: [
      ...roles.put.map((each) => roleDefined({ ...each, origin }, { stream: rolesStream })),
      ...roles.removed.map((name) => roleUndefined({ name }, { stream: rolesStream })),
      ...checklists.put.map((each) => checklistDefined({ ...each, origin }, inCatalog)),
      ...checklists.removed.map((name) => checklistRemoved({ name }, inCatalog)),
      ...schedules.put.map((each) => scheduleSet({ ...each, origin }, onCall)),
      ...schedules.removed.map((name) => scheduleRemoved({ name }, onCall)),
      ...escalations.put.map(({ target, levels, repeatMinutes }) =>
        escalationSet({ ...target, levels: [...levels], repeatMinutes, origin }, onCall),
      ),
      ...escalations.removed.flatMap((name) => {
        const target = was.escalations.get(name)?.target;
        return target ? [escalationRemoved({ ...target }, onCall)] : [];
      }),
      ...monitors.put.map((each) => monitorSet({ ...each, origin }, inCatalog)),
      ...monitors.removed.map((name) => monitorRemoved({ name }, inCatalog)),
    ],
    more: {
      counts: [
        ...count(saidRoles.length, 'role'),
        ...count(checklistsSaid.length, 'checklist'),
        ...count(schedulesSaid.length, 'schedule'),
        ...count(escalationsSaid.length, 'escalation'),
        ...count(saidMonitors.length, 'monitor'),
      ],
      nothing: all.every((each) => each.nothing),
      lines: [
        ...all.flatMap((each) => each.lines),
        ...unknownRoles(checklistsSaid, after.roles),
        ...unknownCalled(escalationsSaid, after.schedules, was.pagers),
        ...unknownTargets(escalationsSaid, said, was, catalog),
        ...nobody([...finder.unknown]),
        ...unheard(said, escalationsSaid, known),
        ...unknownNeeds(after.monitors, said, catalog),
        ...sharedPaths(after.monitors, groundAfter(said, catalog)).map(
          (each) => `Careful: ${sharedText(each)}`,
        ),
      ],
    },
  };
}

const inCatalog = { stream: catalogStream };
const onCall = { stream: oncallStream };

function ownerOf(
  owner: { readonly role: string } | SaidPerson | null,
  find: (person: SaidPerson) => { id: string | null; name: string },
): StepOwner | null {
  return owner === null || 'role' in owner ? owner : find(owner);
}

function escalationOf(
  { kind, name, levels, repeatMinutes }: SaidEscalation,
  find: (person: SaidPerson) => { id: string | null; name: string },
): Escalation {
  const whomOf = (whom: SaidWhom): Whom =>
    'word' in whom ? { kind: 'person', ...find(whom) } : { kind: whom.kind, id: null, name: whom.name };
  const target = { kind, name };
  return {
    name: escalationName(target),
    target,
    levels: levels.map((level) => ({
      whom: level.whom.map(whomOf),
      minutes: level.minutes ?? usualLevelMinutes,
    })),
    repeatMinutes: repeatMinutes ?? usualRepeatMinutes,
  };
}

function checklistKey({ name, title, steps }: ChecklistEntry): string {
  const owner = (it: StepOwner | null) => (it === null ? null : 'role' in it ? it.role : ownerKey(it));
  return JSON.stringify([name, title, steps.map((it) => [it.text, owner(it.owner), it.second])]);
}

function escalationKey({ name, levels, repeatMinutes }: Escalation): string {
  const whom = (it: Whom) => `${it.kind} ${ownerKey(it)}`;
  return JSON.stringify([name, levels.map((it) => [it.whom.map(whom), it.minutes]), repeatMinutes]);
}

function monitorKey({ name, watches, dependsOn, runsOn, heartbeat }: MonitorEntry): string {
  return JSON.stringify([name, watches, dependsOn, runsOn.map(placeName), heartbeat]);
}

function told(word: string, it: Compared<{ readonly name: string }>) {
  const lines = [
    ['Added', it.added, ''] as const,
    ['Changed', it.changed, ''] as const,
    ['Removed', it.removed, ', for the file has it no more'] as const,
  ].flatMap(([what, names, why]) =>
    names.length > 0 ? [`${what} ${counted(names.length, word)}${why}: ${named(names)}.`] : [],
  );
  const others = it.overruled.map((each) => `${each.name} (${saidBy(each.origin)})`);
  return {
    nothing: lines.length === 0,
    lines:
      others.length > 0
        ? [
            ...lines,
            `The file’s word is the later one, and took the place of what others said: ${named(others)}.`,
          ]
        : lines,
  };
}

function saidBy(origin: string): string {
  return origin === 'slack' ? 'said in Slack' : `from ${origin}`;
}

function count(number: number, word: string): string[] {
  return number > 0 ? [counted(number, word)] : [];
}

function entriesAfter<T extends { readonly name: string }>(was: Known<T>, now: Compared<T>): Map<string, T> {
  const after = new Map<string, T>(was);
  for (const name of now.removed) after.delete(name);
  for (const each of now.put) after.set(each.name, each);
  return after;
}

function namesAfter<T extends { readonly name: string }>(was: Known<T>, now: Compared<T>): Set<string> {
  return new Set(entriesAfter(was, now).keys());
}

function unknownRoles(
  checklists: readonly { readonly steps: readonly { readonly owner: StepOwner | null }[] }[],
  defined: ReadonlySet<string>,
): string[] {
  const known = new Set(roleNames([...defined].map((name) => ({ name, instructions: '' }))));
  const words = checklists.flatMap(({ steps }) =>
    steps.flatMap(({ owner }) => (owner && 'role' in owner ? [owner.role] : [])),
  );
  const unknown = [...new Set(words)].filter((each) => !known.has(each));
  return unknown.length > 0
    ? [
        `Steps belong to roles that nobody can take: ${named(unknown)}. Add them under “roles:”, or write a person as "@ana".`,
      ]
    : [];
}

function unknownCalled(
  escalations: readonly Escalation[],
  schedules: ReadonlySet<string>,
  pagers: ReadonlySet<string>,
): string[] {
  const whom = escalations.flatMap(({ levels }) => levels.flatMap((level) => level.whom));
  const missing = (kind: Whom['kind'], known: ReadonlySet<string>) => [
    ...new Set(whom.filter((it) => it.kind === kind && !known.has(it.name)).map((it) => it.name)),
  ];
  const noSchedules = missing('schedule', schedules);
  const noPagers = missing('pager', pagers);
  return [
    ...(noSchedules.length > 0
      ? [
          `Nobody is called by schedules that are not there: ${named(noSchedules)}. Add them under “schedules:”.`,
        ]
      : []),
    ...(noPagers.length > 0
      ? [
          `Pagers that are not there cannot be called: ${named(noPagers)}. Make them with andon pager create KIND --name NAME.`,
        ]
      : []),
  ];
}

function unknownTargets(
  escalations: readonly Escalation[],
  said: SaidCatalog,
  was: People,
  catalog: Catalog,
): string[] {
  const services = new Set([...catalog.services.keys(), ...said.services.map((each) => each.name)]);
  const teams = new Set([...was.teams, ...said.services.flatMap((each) => each.team ?? [])]);
  const among = (names: ReadonlySet<string>, name: string) =>
    [...names].some((each) => each.toLowerCase() === name.toLowerCase());
  const unknown = escalations.filter(
    ({ target }) =>
      (target.kind === 'service' && !among(services, target.name)) ||
      (target.kind === 'team' && !among(teams, target.name)),
  );
  return unknown.length > 0
    ? [
        `Escalations of what the catalogue does not have are kept: ${named(unknown.map((each) => each.name))}.`,
      ]
    : [];
}

function nobody(unknown: readonly string[]): string[] {
  return unknown.length > 0
    ? [
        `Cannot be called or told, for nobody, or more than one, is known by that name: ${named(unknown)}. Write their Slack ids (profile, Copy member ID).`,
      ]
    : [];
}

// They may have said nothing to Andon yet, so that is no refusal.
function unheard(
  said: SaidCatalog,
  escalations: readonly Escalation[],
  known: readonly KnownPerson[],
): string[] {
  const there = new Set(known.map((each) => each.id));
  const called = escalations.flatMap(({ levels }) => levels.flatMap(({ whom }) => whom));
  const ids = [
    ...said.services.flatMap(({ owners }) => owners.map((each) => each.word)),
    ...called.flatMap((whom) => (whom.kind === 'person' && whom.id !== null ? [whom.id] : [])),
  ].filter((id) => isSlackId(id) && !there.has(id));
  return ids.length > 0 ? [unheardText(ids)] : [];
}
