// What the readers of the formats share: a delivery in, reports out, and how texts of others become ours. Pure.
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import type { Delivered } from '../../features/alerts/index.js';
import {
  type ChangeKind,
  changeKinds,
  kindWord,
  type Report,
  readChangeKey,
  reportSchema,
  silentReport,
} from '../../features/change/index.js';
import type { Asked } from '../../features/gate/index.js';
import type { GithubCallback } from '../../features/protection/index.js';
import { invalid, Problem } from '../problem.js';

/** What a sender sent, after it proved who it is. */
export interface Delivery {
  header(name: string): string | undefined;
  /** The body, read as JSON. */
  readonly value: unknown;
  /** The body as it came. */
  readonly text: string;
  readonly hook: {
    readonly id: string;
    readonly name: string;
    readonly service: string | null;
    readonly environment: string | null;
  };
  /** When it came. */
  readonly now: Date;
  /** Where GitHub's API is: what GitHub asks to be answered elsewhere is refused. */
  readonly githubApiUrl: string;
}

/** May this start? GitHub holds it back until it is told. */
export interface Protected {
  readonly question: Asked;
  readonly callback: GithubCallback;
}

/** What a delivery says: of which changes, and why the rest of it is not used. */
export interface Reading {
  readonly reports: readonly Report[];
  readonly ignored: readonly { readonly why: string }[];
  readonly asks?: Protected;
  readonly alerts?: Delivered;
}

export type Reader = (delivery: Delivery) => Reading;

/** Nothing of it is used. */
export function unused(why: string): Reading {
  return { reports: [], ignored: [{ why }] };
}

/** The value, if it has this shape. Throws the problem that says where it has not; `at` is where it is in the body. */
export function fits<T>(schema: z.ZodType<T>, value: unknown, at: readonly PropertyKey[] = []): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] }));
  throw invalid(new z.ZodError(issues), 'body');
}

/** What a header must say. Throws where it is missing, came twice or says something else. */
export function headerOf(delivery: Delivery, name: string, pattern: RegExp, example: string): string {
  const value = delivery.header(name)?.trim();
  if (value && pattern.test(value)) return value;
  const found = value ? `“${shorten(oneLine(value), 60)}”` : 'missing';
  throw misfit(`The header ${name} is ${found}; it says something like ${example}.`);
}

/** The problem of a delivery that says two things, or none. */
export function misfit(detail: string): Problem {
  return new Problem('invalid', `${detail} Nothing was recorded.`);
}

const namesMax = 300;
const wordsMax = 1_000;
const urlMax = 2_000;

/** A name that must be there. */
export const name = z
  .string()
  .transform(oneLine)
  .refine((text) => text !== '' && text.length <= wordsMax, {
    error: `must have 1 to ${wordsMax} characters`,
  });

/** Words that may be missing. */
export const words = z
  .string()
  .nullish()
  .transform((text) => shorten(oneLine(text ?? ''), wordsMax) || null);

/** An address that people may follow: http or https only, and nothing that hides a password. */
export const link = z
  .string()
  .nullish()
  .transform((text) => httpUrl(text ?? ''));

/** An instant, with its offset: RFC 3339, and how GitLab and PagerDuty write it. */
export const instant = z
  .string({ error: 'must be a time with its offset, such as 2026-03-27T22:31:02Z' })
  .transform((text, context) => {
    const at = readInstant(text);
    if (at) return at;
    const message = `“${shorten(oneLine(text), 40)}” is no time; write it with its offset, such as 2026-03-27T22:31:02Z`;
    context.issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  });

/** An object, or what is as good as none. */
export const details = z
  .unknown()
  .optional()
  .transform((value): Readonly<Record<string, unknown>> => (isObject(value) ? value : {}));

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these members that holds words. */
export function textIn(of: Readonly<Record<string, unknown>>, ...members: readonly string[]): string | null {
  for (const member of members) {
    const value = of[member];
    const text = typeof value === 'string' ? shorten(oneLine(value), wordsMax) : '';
    if (text !== '') return text;
  }
  return null;
}

const yearsFrom = 2000;
const yearsTo = 2100;

function readInstant(text: string): Date | null {
  // Harness counts the milliseconds since 1970, in letters.
  const read = /^\d{13}$/.test(text) ? DateTime.fromMillis(Number(text), { zone: 'utc' }) : readWritten(text);
  return read?.isValid && read.year >= yearsFrom && read.year < yearsTo ? read.toJSDate() : null;
}

function readWritten(text: string): DateTime | null {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|UTC|[+-]\d\d:?\d\d)$/i.exec(
    text.trim(),
  );
  if (!found) return null;
  const offset = /^(?:z|utc)$/i.test(found[3] ?? '') ? 'Z' : found[3];
  return DateTime.fromISO(`${found[1]}T${found[2]}${offset}`, { zone: 'utc' });
}

/** An address, read; null for what is none. */
export function urlOf(text: string | null | undefined): URL | null {
  const found = text?.trim() ?? '';
  return URL.canParse(found) ? new URL(found) : null;
}

function httpUrl(text: string): string | null {
  const url = urlOf(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  return url.href.length > urlMax ? null : url.href;
}

const placeMax = 80;

/** A name as a part of a component may be: no stroke, no odd beginning, not too long. */
export function placeName(text: string | null | undefined): string {
  return oneLine(text ?? '')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .slice(0, placeMax)
    .trim();
}

/** The last part of `team/api` or `/namespace/api`. */
export function lastPart(text: string): string {
  return text.split('/').findLast((part) => part.trim() !== '') ?? text;
}

/** The kind that a word means; null for none of ours. */
export function kindOf(word: string | null): ChangeKind | null {
  const read = kindWord.safeParse(word ?? '');
  return read.success && (changeKinds as readonly string[]).includes(read.data) ? read.data : null;
}

/** The number of the announced change that a member names; words such as a title are read by whoever records it. */
export function changeNamed(word: string | null | undefined): number | null {
  return readChangeKey(word ?? '') || null;
}

/** A text as a name of limited length: a long one keeps its beginning, and a hash of all of it. */
export function shortName(text: string): string {
  if (text.length <= namesMax) return text;
  return `${text.slice(0, namesMax - 33)}#${hashOf(text).slice(0, 32)}`;
}

/** Equal texts have equal ones. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `3f2a9c1` of a commit, `1.4.2` of an image or a purl. */
export function shortArtifact(artifact: string | null): string {
  if (!artifact) return '';
  if (/^[0-9a-f]{40,64}$/i.test(artifact)) return artifact.slice(0, 7);
  const last = lastPart(artifact.replace(/[?#].*$/, ''));
  return shorten(last.replace(/(?:%3A|:)([0-9a-f]{7})[0-9a-f]{25,}$/i, ':$1'), placeMax);
}

/** `Deploy api 3f2a9c1 to prod`. */
export function titleOf(does: string, what: string, artifact: string | null, environment: string): string {
  const version = shortArtifact(artifact);
  return `${does} ${[what, version].filter((each) => each !== '').join(' ')}${environment ? ` to ${environment}` : ''}`;
}

type Said = Partial<Report> & Pick<Report, 'source' | 'key' | 'kind' | 'title' | 'state' | 'format'>;

/** A report of one component; what the hook says of the place comes before what the body says. */
export function reportOf(
  delivery: Delivery,
  place: { service: string | null; environment: string | null; cluster?: string | null },
  said: Said,
): Report {
  const { hook } = delivery;
  const service = placeName(hook.service ?? place.service);
  const environment = placeName(hook.environment ?? place.environment);
  const component = { service, environment, cluster: placeName(place.cluster) };
  return reportSchema.parse({
    ...silentReport,
    targets: service === '' ? [] : [component],
    body: delivery.text,
    ...said,
    source: shortName(said.source),
    key: shortName(said.key),
  });
}
