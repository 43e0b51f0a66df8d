// The rules of reports: what one is about, whether it is known, and when several may be one incident. Pure.
import type { Component } from '../incident/index.js';
import { chainMinutes, type Why, windowMinutes } from './words.js';

const minuteMs = 60_000;
/** So many people, about anything at all. */
const manyPeople = 3;
/** So many where they speak of one service, or of services that share a cluster. */
const fewPeople = 2;

/** A report as the rules see it. */
export interface Complaint {
  readonly number: number;
  readonly by: string;
  /** When it was reported. */
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
  return inOrder([...others.filter((each) => gap(latest, each) <= windowMinutes), latest]);
}

/**
 * Whether the latest report makes several of them one suspected incident. A person counts once, however often they
 * write: two people about one service, two about two services of one cluster, or three about anything. What speaks of
 * one thing is gathered as long as it goes on; the rest lies close together.
 */
export function gather(latest: Complaint, others: readonly Complaint[]): Found | null {
  const near = within(latest, others);
  for (const cluster of latest.clusters) {
    const same = others.filter((each) => each.clusters.includes(cluster));
    const reports = linked(latest, same);
    if (peopleIn(reports) >= fewPeople && servicesIn(reports) >= 2)
      return { why: 'cluster', service: latest.service, cluster, reports: withVague(reports, near) };
  }
  const { service } = latest;
  if (service !== null) {
    const reports = alongside(latest, others);
    if (peopleIn(reports) >= fewPeople)
      return { why: 'service', service, cluster: null, reports: withVague(reports, near) };
  }
  return peopleIn(near) >= manyPeople ? { why: 'people', service: null, cluster: null, reports: near } : null;
}

/** Those about the same that go on from one to the next, with the latest. */
export function alongside(latest: Complaint, others: readonly Complaint[]): readonly Complaint[] {
  return linked(
    latest,
    others.filter((each) => each !== latest && aboutTheSame(latest, each)),
  );
}

// Each no longer after the one before it than such reports may be.
function linked(latest: Complaint, same: readonly Complaint[]): readonly Complaint[] {
  const all = [...same, latest].sort((a, b) => a.at.getTime() - b.at.getTime());
  let from = all.indexOf(latest);
  let to = from;
  while (gapIn(all, from - 1) <= chainMinutes) from -= 1;
  while (gapIn(all, to) <= chainMinutes) to += 1;
  return inOrder(all.slice(from, to + 1));
}

/** The minutes from one of them to the next. */
function gapIn(all: readonly Complaint[], index: number): number {
  const [one, next] = [all[index], all[index + 1]];
  return one && next ? gap(one, next) : Number.POSITIVE_INFINITY;
}

// What names no service, and was reported meanwhile, may well be the same trouble.
function withVague(reports: readonly Complaint[], near: readonly Complaint[]): readonly Complaint[] {
  return inOrder([...reports, ...near.filter((each) => each.service === null)]);
}

const inOrder = (all: readonly Complaint[]) => [...new Set(all)].sort((a, b) => a.number - b.number);
const gap = (one: Complaint, other: Complaint) => Math.abs(one.at.getTime() - other.at.getTime()) / minuteMs;

/** Others that were gathered before, of which nobody has said yet what they are. */
export interface OpenQuestion {
  readonly why: Why;
  readonly reports: readonly Complaint[];
  /** Somebody is being called for them. */
  readonly rings: boolean;
}

/** Whether a report belongs to others that were gathered before. */
export function belongsTo(latest: Complaint, { why, reports, rings }: OpenQuestion): boolean {
  const since = Math.min(...reports.map((each) => gap(latest, each)));
  const same = reports.some(
    (each) =>
      aboutTheSame(latest, each) || latest.clusters.some((cluster) => each.clusters.includes(cluster)),
  );
  if (same) return rings || since <= chainMinutes;
  if (why === 'alone') return false;
  return (why === 'people' || latest.service === null) && since <= windowMinutes;
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
