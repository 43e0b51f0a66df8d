// What a file says of the catalogue, whatever its format: names as they stand there, not looked up yet.
import type { Cadence, EnvironmentEntry, MonitorEntry } from './words.js';

/** Somebody as a file names them: a Slack id, or a name; and other names they go by. */
export interface SaidPerson {
  readonly word: string;
  readonly also: readonly string[];
}

export interface SaidService {
  readonly name: string;
  readonly team: string | null;
  readonly tier: number | null;
  readonly channel: string | null;
  readonly owners: readonly SaidPerson[];
  readonly dependsOn: readonly string[];
  readonly runsOn: readonly { readonly environment: string; readonly cluster: string }[];
  readonly checks: readonly string[];
}

export interface SaidCluster {
  readonly name: string;
  readonly environment: string;
  readonly owners: readonly SaidPerson[];
}

/** What a file says a team decided; undefined where it says nothing. */
export interface SaidSettings {
  readonly supportChannel?: string | null | undefined;
  readonly supportPeople?: readonly SaidPerson[] | undefined;
  readonly digestAt?: string | null | undefined;
  readonly serviceLimit?: number | null | undefined;
  readonly personLimit?: number | null | undefined;
  readonly checks?: readonly string[] | undefined;
  readonly cadence?: Cadence | undefined;
}

export interface SaidRole {
  readonly name: string;
  readonly instructions: string;
}

export interface SaidStep {
  readonly text: string;
  readonly owner: { readonly role: string } | SaidPerson | null;
  readonly second: boolean;
}

export interface SaidChecklist {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly SaidStep[];
}

export interface SaidSchedule {
  readonly name: string;
  /** Null: the workspace's. */
  readonly zone: string | null;
  /** The address of a calendar; null where people enter shifts. */
  readonly url: string | null;
}

/** One of those whom a level calls. */
export type SaidWhom = { readonly kind: 'schedule' | 'pager'; readonly name: string } | SaidPerson;

export interface SaidLevel {
  readonly whom: readonly SaidWhom[];
  /** Null: as usual. */
  readonly minutes: number | null;
}

/** Who is called for one service, one team, or all that has no escalation of its own. */
export interface SaidEscalation {
  readonly kind: 'service' | 'team' | 'default';
  /** Of the default, `default`. */
  readonly name: string;
  readonly levels: readonly SaidLevel[];
  readonly repeatMinutes: number | null;
}

/** What a file says of people, and of what watches. */
export interface SaidPeople {
  readonly roles: readonly SaidRole[];
  readonly checklists: readonly SaidChecklist[];
  readonly schedules: readonly SaidSchedule[];
  readonly escalations: readonly SaidEscalation[];
  readonly monitors: readonly MonitorEntry[];
}

/** A file that says nothing of them. */
export const nobodySaid: SaidPeople = {
  roles: [],
  checklists: [],
  schedules: [],
  escalations: [],
  monitors: [],
};

export interface SaidCatalog {
  /** What it says, it says in place of what the same origin said before. */
  readonly origin: string;
  readonly services: readonly SaidService[];
  readonly environments: readonly EnvironmentEntry[];
  readonly clusters: readonly SaidCluster[];
  readonly settings: SaidSettings;
  readonly people: SaidPeople;
  /** What was not understood, or was left out; one sentence each. */
  readonly remarks: readonly string[];
}

/** The file is no catalogue; the message names the place and what is expected there. */
export class BadCatalog extends Error {}

export const fileBytesMax = 2_000_000;
export const servicesMax = 5_000;
export const originLimit = 200;
