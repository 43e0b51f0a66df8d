// Facts: what happened, said once and never changed. Each kind carries its schema and how it reads aloud.
import type { z } from 'zod';
import type { WrittenTime } from './time/index.js';

export const entryKinds = [
  'note',
  'observation',
  'hypothesis',
  'decision',
  'action',
  'update',
  'status',
  'role',
  'change',
  'freeze',
  'system',
] as const;
export type EntryKind = (typeof entryKinds)[number];

export type Source = 'command' | 'modal' | 'message' | 'reaction' | 'pipeline' | 'api' | 'cli' | 'automatic';

export interface Actor {
  readonly kind: 'person' | 'pipeline' | 'system';
  readonly id: string;
  readonly name: string;
  /** IANA; null when we could not learn it, and then the workspace's zone is used and the reply says so. */
  readonly zone: string | null;
}

/** Ids of our own, such as `token:…` and `cli:…`, name nobody whom Slack could invite or write to. */
export function isInSlack(id: string): boolean {
  return !id.includes(':');
}

/** Whether a person in Slack did it: no token, no command line, no program. */
export function isPersonInSlack(actor: { readonly kind: string; readonly id: string }): boolean {
  return actor.kind === 'person' && isInSlack(actor.id);
}

/** How a fact reads on an incident's timeline. */
export interface Told {
  readonly kind: EntryKind;
  readonly text: string;
  /** Whose words they are, where that is not who stated the fact. */
  readonly author?: { readonly id: string; readonly name: string };
  /** The entry that this one says better. */
  readonly corrects?: string;
}

/** Where a fact belongs: its stream, the incident it is about, and when it happened if that is not now. */
export interface About {
  readonly stream: string;
  readonly incidentId?: string;
  readonly when?: WrittenTime | null;
}

/** A fact as a decision states it, before it is recorded. */
export interface Stated {
  readonly type: string;
  readonly data: unknown;
  readonly about: About;
}

/** A fact as it stands in the record. */
export interface Fact<D = unknown> {
  readonly id: string;
  readonly workspaceId: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: D;
  readonly incidentId: string | null;
  readonly seq: number | null;
  readonly occurredAt: Date | null;
  readonly occurredUntil: Date | null;
  readonly asWritten: string | null;
  readonly precision: string;
  readonly recordedAt: Date;
  readonly actor: { readonly kind: Actor['kind']; readonly id: string; readonly name: string };
  readonly source: string;
  readonly requestId: string;
  readonly hash: string | null;
  readonly redacted: boolean;
}

/** What the rest of the program knows of a kind without knowing its data. */
export interface AnyFactKind {
  readonly type: string;
  /** Throws when the data is not of this kind. */
  check(data: unknown): void;
  /** The sentence, or null for bookkeeping that no timeline shows. */
  tell(data: unknown): Told | null;
  /** The data without any words of people; null when it holds none. */
  blank(data: unknown): unknown;
}

export interface FactKind<D> extends AnyFactKind {
  /** States the fact. */
  (data: D, about: About): Stated;
  read(fact: Fact): Fact<D>;
}

/**
 * Defines a kind of fact. `tell` gives its sentence for people, or null for bookkeeping; `blank` takes the words of
 * people out of it, for a redaction. Call the result to state the fact.
 */
export function defineFact<D>(
  type: string,
  schema: z.ZodType<D>,
  tell: (data: D) => Told | null,
  blank?: (data: D) => D,
): FactKind<D> {
  const state = (data: D, about: About): Stated => ({ type, data: schema.parse(data), about });
  return Object.assign(state, {
    type,
    check: (data: unknown) => void schema.parse(data),
    tell: (data: unknown) => tell(schema.parse(data)),
    blank: (data: unknown) => (blank ? blank(schema.parse(data)) : null),
    read: (fact: Fact): Fact<D> => ({ ...fact, data: schema.parse(fact.data) }),
  });
}

/** A rule for one kind of fact: a projection or a reaction. */
export interface Rule<Args extends unknown[], R> {
  readonly type: string;
  run(fact: Fact, ...args: Args): R;
}

/** Ties a projection or a reaction to a kind of fact. */
export function on<D, Args extends unknown[], R>(
  kind: FactKind<D>,
  run: (fact: Fact<D>, ...args: Args) => R,
): Rule<Args, R> {
  return { type: kind.type, run: (fact, ...args) => run(kind.read(fact), ...args) };
}

/** A fact as the database keeps it. */
export interface FactRow extends Omit<Fact, 'actor'> {
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
}

/** A row of the record as a fact. */
export function readFact(row: FactRow): Fact {
  const { id, workspaceId, stream, version, type, data, incidentId, seq, hash, redacted } = row;
  const { occurredAt, occurredUntil, asWritten, precision, recordedAt, source, requestId } = row;
  const actor = { kind: row.actorKind as Actor['kind'], id: row.actorId, name: row.actorName };
  return {
    id,
    workspaceId,
    stream,
    version,
    type,
    data,
    incidentId,
    seq,
    occurredAt,
    occurredUntil,
    asWritten,
    precision,
    recordedAt,
    actor,
    source,
    requestId,
    hash,
    redacted: redacted ?? false,
  };
}
