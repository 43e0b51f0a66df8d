// The rules by which people change the catalogue in Slack. Pure.
import { accept, type Decision, refuse } from '../../core/command.js';
import { joined, line, type Message, message, type Span, say } from '../../core/message.js';
import { quoted } from '../../core/text.js';
import * as facts from './facts.js';
import { saidBy, settingsText } from './import.js';
import { type Holding, type Loosening, loosenedWords, looseningsOf, loosensFirst } from './loosening.js';
import { changedSettings, clusterKey, environmentKey, serviceKey } from './plan.js';
import { type EnvironmentRead, type Environments, environmentsIn, type TeamSettings } from './read.js';
import {
  type ClusterEntry,
  type EnvironmentEntry,
  named,
  placeName,
  type ServiceEntry,
  type SettingsSaid,
  slackOrigin,
} from './words.js';

const about = { stream: facts.catalogStream };

/** What is said of one; what is undefined stays as it is. */
export type Said<T> = { readonly [K in keyof T]?: T[K] | undefined };

export interface ServiceState {
  readonly found: {
    readonly entry: ServiceEntry;
    readonly origin: string;
    readonly neededBy: readonly string[];
  } | null;
  readonly environments: Environments;
  /** Of those who watch it, what is to be said of how they hang on what it hangs on. */
  readonly shared?: readonly string[];
  /** Which of the services that are named as needed the catalogue has. */
  readonly known: ReadonlySet<string>;
}

const newService: Omit<ServiceEntry, 'name'> = {
  ...{ team: null, tier: null, channel: null },
  ...{ owners: [], runsOn: [], checks: [], dependsOn: [] },
};

/** Adds a service, or changes what is named of it; with nothing named it is shown. */
export function decideService(state: ServiceState, name: string, said: Said<ServiceEntry>): Decision {
  const { found } = state;
  const words = given(said);
  if (!found && Object.keys(words).length === 0)
    return refuse(
      say(
        `The catalogue has no “${name}”. Nothing was done. To add it, say who owns it: `,
        { code: `/change service ${quoted(name)} owner:me` },
        '. ',
        { code: '/change services' },
        ' lists what there is.',
      ),
      'name',
    );
  const before = found?.entry ?? { ...newService, name };
  const service = placed({ ...before, ...words }, state.environments);
  if (found && serviceKey(service) === serviceKey(before))
    return accept(
      [],
      withLines(
        shownService(before, found.origin, found.neededBy, Object.keys(words).length > 0 ? 'as before' : ''),
        ...(state.shared ?? []),
      ),
    );
  const unknown = service.dependsOn.filter(
    (each) => !state.known.has(each) && !before.dependsOn.includes(each),
  );
  return accept(
    [facts.serviceSet({ service, before: found?.entry ?? null }, about)],
    withLines(
      shownService(service, slackOrigin, found?.neededBy ?? [], found ? 'changed' : 'added'),
      unknown.length > 0 && `The catalogue does not know ${named(unknown)}; the dependency is kept.`,
      found &&
        found.origin !== slackOrigin &&
        `It came from ${found.origin}: what is said there takes this place at the next import, so change it there too.`,
    ),
  );
}

function placed(service: ServiceEntry, environments: Environments): ServiceEntry {
  return {
    ...service,
    runsOn: service.runsOn.map((it) => ({ ...it, environment: environments.nameOf(it.environment) })),
    dependsOn: service.dependsOn.filter((each) => each !== service.name).sort(),
  };
}

/** A service in words. */
function shownService(
  service: ServiceEntry,
  origin: string,
  neededBy: readonly string[],
  what = '',
): Message {
  const { name, team, tier, channel, owners, runsOn, dependsOn, checks } = service;
  const facts = [
    owners.length > 0 ? `owners ${named(owners.map((each) => each.name))}` : 'no owner',
    team && `team ${team}`,
    tier !== null && `tier ${tier}`,
    channel && `channel #${channel}`,
    runsOn.length > 0 && `runs on ${named(runsOn.map(placeName))}`,
  ].filter(Boolean);
  const hint: Span[] =
    owners.length === 0
      ? [' ', { code: `/change service ${quoted(name)} owner:me` }, ' makes you its owner.']
      : [];
  return message(
    line({ bold: name }, `${what ? ` ${what}` : ''}: ${facts.join(', ')}.`, ...hint),
    dependsOn.length > 0 && line(`Needs ${named(dependsOn)}.`),
    neededBy.length > 0 && line(`Needed by ${named(neededBy)}.`),
    checks.length > 0 && line(`After an upgrade look at: ${named(checks, 3)}.`),
    origin !== slackOrigin && line(`Said by ${origin}.`),
  );
}

/** The environments as they are, and the freezes that hold some of them. */
export interface Held {
  readonly entries: readonly EnvironmentRead[];
  readonly freezes: readonly Holding[];
}

export interface RemoveState extends Held {
  readonly service: ServiceState['found'];
  readonly environment: { readonly name: string; readonly origin: string } | null;
  readonly cluster: (ClusterEntry & { readonly origin: string }) | null;
}

/** Takes a service out of the catalogue; where none is called so, an environment or a cluster. */
export function decideRemove(state: RemoveState, name: string, anyway: boolean): Decision {
  const { service, environment, cluster, entries, freezes } = state;
  const found = service
    ? { what: 'service' as const, name: service.entry.name, origin: service.origin }
    : environment
      ? { what: 'environment' as const, name: environment.name, origin: environment.origin }
      : cluster && { what: 'cluster' as const, name: cluster.name, origin: cluster.origin };
  if (!found)
    return refuse(
      say(
        `The catalogue has no “${name}”. Nothing was done. `,
        { code: '/change services' },
        ' lists what there is.',
      ),
      'name',
    );
  const rest = entries.filter((each) => found.what !== 'environment' || each.name !== found.name);
  const loosens = looseningsOf(freezes, entries, rest);
  if (loosens.length > 0 && !anyway)
    return refuse(loosensFirst(loosens, `/change remove ${quoted(found.name)} anyway`), 'name');
  const neededBy = service?.neededBy ?? [];
  return accept(
    [facts.catalogEntryRemoved({ what: found.what, name: found.name, ...saidOf(loosens) }, about)],
    withLines(
      say(`The ${found.what} `, { bold: found.name }, ' left the catalogue. Changes of it stay on record.'),
      loosenedWords(loosens),
      neededBy.length > 0 && `Still said to need it: ${named(neededBy)}.`,
      found.origin !== slackOrigin &&
        `It came from ${found.origin}, and the next import brings it back: take it out there too.`,
    ),
  );
}

/** Says what an environment is for, and what else it is called. */
export function decideEnvironment(
  found: (EnvironmentEntry & { readonly origin: string }) | null,
  name: string,
  said: Said<EnvironmentEntry>,
  held: Held & { readonly anyway: boolean },
): Decision {
  const words = given(said);
  const tier = environmentsIn(held.entries).tierOf(found?.name ?? name);
  const before = tier === null ? null : { name: found?.name ?? name, tier, aliases: found?.aliases ?? [] };
  const now = { ...(before ?? { name: found?.name ?? name, aliases: found?.aliases ?? [] }), ...words };
  if (now.tier === undefined) return refuse(sayTier(name), 'tier');
  const entry = { ...now, tier: now.tier };
  const aliases = entry.aliases.length > 0 ? `, also called ${named(entry.aliases)}` : '';
  const shown = `${entry.name} is for ${entry.tier}${aliases}.`;
  if (
    Object.keys(words).length === 0 ||
    (found && before && environmentKey(before) === environmentKey(entry))
  )
    return accept([], say(shown));
  const others = held.entries.filter((each) => each.name !== entry.name);
  const loosens = looseningsOf(held.freezes, held.entries, [...others, entry]);
  if (loosens.length > 0 && !held.anyway) return refuse(loosensFirst(loosens, againOf(entry, said)), 'tier');
  const dropped = (found?.aliases ?? []).filter((each) => !entry.aliases.includes(each));
  return accept(
    [facts.environmentSet({ environment: entry, ...saidOf(loosens) }, about)],
    withLines(
      say(shown),
      dropped.length > 0 && `No longer called ${named(dropped)}: aliases: says all of them at once.`,
      loosenedWords(loosens),
      found && found.origin !== slackOrigin && laterWord(found.origin),
    ),
  );
}

function sayTier(name: string): Message {
  return say(
    `Nobody said what “${name}” is for, so it is taken for production. Say it: `,
    { code: `/change environment ${quoted(name)} tier:staging` },
    '. Nothing was done.',
  );
}

// The same line, with the word that says that it is meant.
function againOf({ name }: EnvironmentEntry, { tier, aliases }: Said<EnvironmentEntry>): string {
  const names = aliases && (aliases.length > 0 ? aliases.join(',') : 'none');
  return [
    `/change environment ${quoted(name)}`,
    ...(tier ? [`tier:${tier}`] : []),
    ...(names === undefined ? [] : [`aliases:${quoted(names)}`]),
    'anyway',
  ].join(' ');
}

function saidOf(loosens: readonly Loosening[]): { loosens?: Loosening[] } {
  return loosens.length > 0 ? { loosens: [...loosens] } : {};
}

/** Says in which environment a cluster is, and whose it is. */
export function decideCluster(
  found: (ClusterEntry & { readonly origin: string }) | null,
  name: string,
  said: Said<ClusterEntry>,
  around: Environments,
): Decision {
  const words = given(said);
  const before = found && { name: found.name, environment: found.environment, owners: found.owners };
  const now = { ...(before ?? { name, owners: [] }), ...words };
  if (now.environment === undefined)
    return refuse(
      say(
        `The catalogue has no cluster “${name}”. To add it, say where it is: `,
        { code: `/change cluster ${quoted(name)} in:prod owner:me` },
        '. Nothing was done.',
      ),
      'in',
    );
  const entry = { ...now, environment: around.nameOf(now.environment) };
  const owners = entry.owners.length > 0 ? named(entry.owners.map((each) => each.name)) : 'nobody';
  const shown = `${entry.name} is in ${entry.environment}; it belongs to ${owners}.`;
  if (before && clusterKey(before) === clusterKey(entry)) return accept([], say(shown));
  return accept(
    [facts.clusterSet({ cluster: entry }, about)],
    withLines(say(shown), found && found.origin !== slackOrigin && laterWord(found.origin)),
  );
}

/** Sets what is said of the settings; the reply shows those that `keys` name. */
export function decideSettings(
  was: TeamSettings,
  said: SettingsSaid,
  keys: readonly (keyof SettingsSaid)[],
  zone: string,
): Decision {
  const changed = changedSettings(said, was);
  const now: TeamSettings = { ...was, ...changed };
  const shown = Object.fromEntries(keys.map((key) => [key, now[key]])) as SettingsSaid;
  const text = settingsText(shown, zone);
  const reply = say(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`);
  if (Object.keys(changed).length === 0) return accept([], reply);
  return accept([facts.settingsSet(changed, about)], reply);
}

function laterWord(origin: string): string {
  return `This was ${saidBy(origin)}, which takes this place at the next import: change it there too.`;
}

function withLines(first: Message, ...more: (string | false | null | undefined)[]): Message {
  const rest = message(...more.map((each) => (each ? line(each) : null)));
  if (rest.text === '') return first;
  return joined(first, rest);
}

function given<T extends object>(said: Said<T>): Partial<T> {
  // Only what is undefined is taken out.
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<T>;
}
