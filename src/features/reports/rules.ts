// The rules of reports: what one is about, whether it is known, and when several may be one incident. Pure.
import type { Component } from '../incident/index.js';
import { type Why, windowMinutes } from './words.js';

const minuteMs = 60_000;
/** So many people, about anything at all. */
export const manyPeople = 3;
/** So many where they speak of one service, or of services that share a cluster. */
export const fewPeople = 2;

/** A report as the rules see it. */
export interface Complaint {
  readonly number: number;
  readonly by: string;
  readonly at: Date;
  readonly service: string | null;
  readonly environment: string;
  /** Where its service runs. */
  readonly clusters: readonly string[];
}

/** Several reports that may be one incident. */
export interface Found {
  readonly why: Why;
  readonly service: string | null;
  readonly cluster: string | null;
  readonly reports: readonly Complaint[];
}

/** The reports of the last minutes, the latest one included. */
export function within(latest: Complaint, others: readonly Complaint[]): readonly Complaint[] {
  const near = others.filter(
    (each) => Math.abs(latest.at.getTime() - each.at.getTime()) <= windowMinutes * minuteMs,
  );
  return [...near, latest].sort((a, b) => a.number - b.number);
}

/**
 * Whether the latest report makes several of them one suspected incident. A person counts once, however often they
 * write: two people about one service, two about two services of one cluster, or three about anything.
 */
export function gather(latest: Complaint, others: readonly Complaint[]): Found | null {
  const near = within(latest, others);
  for (const cluster of latest.clusters) {
    const reports = near.filter((each) => each.clusters.includes(cluster));
    if (peopleIn(reports) >= fewPeople && servicesIn(reports) >= 2)
      return { why: 'cluster', service: latest.service, cluster, reports };
  }
  const { service } = latest;
  if (service !== null) {
    const reports = near.filter((each) => aboutTheSame(latest, each));
    if (peopleIn(reports) >= fewPeople) return { why: 'service', service, cluster: null, reports };
  }
  return peopleIn(near) >= manyPeople ? { why: 'people', service: null, cluster: null, reports: near } : null;
}

/** Whether a report belongs to others that were gathered before, and nobody has said yet what they are. */
export function belongsTo(
  latest: Complaint,
  gathered: { readonly why: Why; readonly reports: readonly Complaint[] },
): boolean {
  const { reports } = gathered;
  const last = Math.max(...reports.map((each) => each.at.getTime()));
  if (latest.at.getTime() - last > windowMinutes * minuteMs) return false;
  if (gathered.why === 'people') return true;
  return reports.some(
    (each) =>
      aboutTheSame(latest, each) || latest.clusters.some((cluster) => each.clusters.includes(cluster)),
  );
}

function aboutTheSame(one: Complaint, other: Complaint): boolean {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (one.service === null || other.service === null || !same(one.service, other.service)) return false;
  return one.environment === '' || other.environment === '' || same(one.environment, other.environment);
}

function peopleIn(reports: readonly Complaint[]): number {
  return new Set(reports.map((each) => each.by)).size;
}

function servicesIn(reports: readonly Complaint[]): number {
  return new Set(reports.flatMap((each) => (each.service === null ? [] : [each.service.toLowerCase()]))).size;
}

/** The service that a text names: a whole word, the first one, and of two there the longer. */
export function serviceIn(text: string, names: readonly string[]): string | null {
  const lower = text.toLowerCase();
  let best: { name: string; at: number } | null = null;
  for (const name of names) {
    const at = wordAt(lower, name.toLowerCase());
    if (at < 0) continue;
    if (!best || at < best.at || (at === best.at && name.length > best.name.length)) best = { name, at };
  }
  return best?.name ?? null;
}

function wordAt(text: string, word: string): number {
  const inWord = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(word); at >= 0 && word !== ''; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!inWord.test(before) && !inWord.test(after)) return at;
  }
  return -1;
}

/** An open incident that anybody may know of, with what it affects. */
export interface KnownIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly components: readonly Component[];
}

/** The incident that a report is about; `nameOf` is what the catalogue calls an environment. */
export function knownFor(
  component: Component | null,
  incidents: readonly KnownIncident[],
  nameOf: (environment: string) => string,
): KnownIncident | null {
  if (!component) return null;
  const same = (a: string, b: string) => a === '' || b === '' || a.toLowerCase() === b.toLowerCase();
  const environment = (name: string) => (name === '' ? '' : nameOf(name));
  const covers = (it: Component) =>
    it.service.toLowerCase() === component.service.toLowerCase() &&
    same(environment(it.environment), environment(component.environment)) &&
    same(it.cluster, component.cluster);
  return incidents.find((each) => each.components.some(covers)) ?? null;
}
