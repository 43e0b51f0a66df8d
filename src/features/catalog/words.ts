// The words of the catalogue: environments and their tiers, and what a service is to the others.
import { z } from 'zod';
import { fewNames, oneLine } from '../../core/text.js';
import { severities } from '../incident/index.js';

export const tiers = ['production', 'staging', 'testing', 'development', 'other'] as const;
export type Tier = (typeof tiers)[number];

/** A person as a file or Slack names them; the id is null where Slack's is not known. */
const ownerSchema = z.object({ id: z.string().nullable(), name: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

const usualNames: Readonly<Record<string, { name: string; tier: Tier }>> = {
  prod: { name: 'prod', tier: 'production' },
  production: { name: 'prod', tier: 'production' },
  live: { name: 'prod', tier: 'production' },
  staging: { name: 'staging', tier: 'staging' },
  stage: { name: 'staging', tier: 'staging' },
  stg: { name: 'staging', tier: 'staging' },
  preprod: { name: 'preprod', tier: 'staging' },
  test: { name: 'test', tier: 'testing' },
  testing: { name: 'test', tier: 'testing' },
  qa: { name: 'qa', tier: 'testing' },
  dev: { name: 'dev', tier: 'development' },
  development: { name: 'dev', tier: 'development' },
  local: { name: 'local', tier: 'development' },
};

/** What an environment is called here, and what it is for, where the catalogue does not say. */
export function usualEnvironment(word: string): { name: string; tier: Tier | null } {
  const key = word.toLowerCase();
  // `constructor` is a word like any other, and no environment of ours.
  return (Object.hasOwn(usualNames, key) ? usualNames[key] : undefined) ?? { name: word, tier: null };
}

/** The words that are understood without the catalogue. */
export const usualWords: readonly string[] = Object.keys(usualNames);

/** The origin of what was said in Slack; every other one is a file's. */
export const slackOrigin = 'slack';

const placeSchema = z.object({ environment: z.string(), cluster: z.string() });
/** Where something runs; the cluster is empty where only the environment is said. */
export type Place = z.infer<typeof placeSchema>;

/** A service as the record keeps it. */
export const serviceSchema = z.object({
  name: z.string(),
  team: z.string().nullable(),
  tier: z.int().nullable(),
  channel: z.string().nullable(),
  /** The first is asked first. */
  owners: z.array(ownerSchema),
  runsOn: z.array(placeSchema),
  checks: z.array(z.string()),
  dependsOn: z.array(z.string()),
});
export type ServiceEntry = z.infer<typeof serviceSchema>;

export const environmentSchema = z.object({
  name: z.string(),
  tier: z.enum(tiers),
  aliases: z.array(z.string()),
});
export type EnvironmentEntry = z.infer<typeof environmentSchema>;

export const clusterSchema = z.object({
  name: z.string(),
  environment: z.string(),
  owners: z.array(ownerSchema),
});
export type ClusterEntry = z.infer<typeof clusterSchema>;

/** Minutes between updates for those outside: null is none, and what is not named is as usual. */
const cadenceSchema = z.partialRecord(z.enum(severities), z.int().min(1).nullable());
export type Cadence = z.infer<typeof cadenceSchema>;

/** What watches services, and what it needs itself to be heard. */
export const monitorSchema = z.object({
  name: z.string(),
  watches: z.array(z.string()),
  dependsOn: z.array(z.string()),
  /** Where it runs itself; what was recorded before that could be said has none. */
  runsOn: z.array(placeSchema).default([]),
  /** The heartbeat that says that it lives. */
  heartbeat: z.string().nullable(),
});
export type MonitorEntry = z.infer<typeof monitorSchema>;

/** What a team decided; what is not named stays as it is. */
export const settingsSchema = z
  .object({
    supportChannel: z.string().nullable(),
    supportPeople: z.array(ownerSchema),
    digestAt: z.string().nullable(),
    serviceLimit: z.int().nullable(),
    personLimit: z.int().nullable(),
    checks: z.array(z.string()),
    /** Who may approve exceptions of freezes, besides those who may anyway. */
    approvers: z.array(ownerSchema),
    /** How far apart held changes are let go in a thaw, in seconds. */
    thawSpacing: z.int().nullable(),
    /** Minutes between updates, by severity: all that was said of it, at once. */
    cadence: cadenceSchema,
  })
  .partial();
export type SettingsSaid = z.infer<typeof settingsSchema>;

/** The longest name of a team or a channel, and the longest thing to look at. */
export const labelLimit = 80;
export const checkLimit = 300;
/** Of one service; nobody looks at more, and no message could show them. */
export const ownersMax = 30;
export const checksMax = 20;
export const dependenciesMax = 500;
/** A limit above this one limits nothing. */
export const limitMax = 1_000;

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,79}$/u;
export const nameRule =
  'a name begins with a letter or a digit and has at most 80 letters, digits, dots, hyphens, underscores and spaces';

/** Whether a service, an environment or a cluster may be called so; a component is made of such names. */
export function isName(word: string): boolean {
  return namePattern.test(word);
}

/** A name as it is kept: on one line, with single spaces. */
export function nameOf(word: string): string {
  return oneLine(word);
}

/** `#api-alerts` is the channel `api-alerts`. */
export function channelOf(word: string): string {
  return oneLine(word).replace(/^#/, '');
}

/** `8:30` as `08:30`; null when it is no time of the day. */
export function clockOf(word: string): string | null {
  const [, hour = '', minute = ''] = /^(\d{1,2})[:.](\d{2})$/.exec(word.trim()) ?? [];
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}

/** `prod/eks` as where something runs; null when it is no such place. */
export function placeOf(word: string): { environment: string; cluster: string } | null {
  const [environment = '', cluster = '', ...more] = word.split('/').map(nameOf);
  if (more.length > 0 || !isName(environment) || (cluster !== '' && !isName(cluster))) return null;
  return { environment, cluster };
}

/** How a place is written. */
export function placeName(place: { readonly environment: string; readonly cluster: string }): string {
  return place.cluster === '' ? place.environment : `${place.environment}/${place.cluster}`;
}

/** Each once, in the order of the first. */
export function unique<T>(values: readonly T[], key: (value: T) => string = String): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

/** The names, the first few of many: `api, web and 3 more`. */
export function named(names: readonly string[], most = 8): string {
  return fewNames(names, most);
}
