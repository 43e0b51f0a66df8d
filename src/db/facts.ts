// The record: streams, facts, and each incident's chain of hashes.
import { createHash } from 'node:crypto';
import type { Ask } from '../core/command.js';
import { type Fact, type FactRow, readFact, type Stated } from '../core/fact.js';

export { readFact } from '../core/fact.js';

import type { Prisma, Tx } from './tx.js';

/** The hash before the first fact of an incident. */
export const chainStart = '0'.repeat(64);

/**
 * Locks streams until the transaction ends and returns their versions. Always in one order, so that two commands
 * cannot wait for each other. On SQLite the statement also takes the write lock.
 */
export async function lockStreams(
  tx: Tx,
  workspaceId: string,
  names: readonly string[],
): Promise<Map<string, number>> {
  const versions = new Map<string, number>();
  for (const name of [...new Set(names)].sort()) {
    const rows = await tx.$queryRaw<{ version: number | bigint }[]>`
      INSERT INTO "Stream" ("workspaceId", "name", "version") VALUES (${workspaceId}, ${name}, 0)
      ON CONFLICT ("workspaceId", "name") DO UPDATE SET "version" = "Stream"."version"
      RETURNING "version"`;
    versions.set(name, Number(rows[0]?.version ?? 0));
  }
  return versions;
}

/** Appends stated facts to their streams, each at its version + 1, and returns them as they now stand. */
export async function appendFacts(
  tx: Tx,
  ask: Ask,
  stated: readonly Stated[],
  versions: Map<string, number>,
): Promise<Fact[]> {
  const chains = new Map<string, { seq: number; hash: string }>();
  const rows: Prisma.FactCreateManyInput[] = [];
  for (const each of stated) {
    const locked = versions.get(each.about.stream);
    if (locked === undefined) throw new Error(`${each.type}: its stream ${each.about.stream} was not locked`);
    const version = locked + 1;
    versions.set(each.about.stream, version);
    const body = factBody(ask, each, version);
    const link = each.about.incidentId
      ? await nextLink(tx, chains, ask.workspace.id, each.about.incidentId, body.digest)
      : null;
    rows.push({ ...body, seq: link?.seq ?? null, hash: link?.hash ?? null });
  }
  await tx.fact.createMany({ data: rows });
  for (const name of new Set(stated.map((each) => each.about.stream))) {
    await tx.stream.update({
      where: { workspaceId_name: { workspaceId: ask.workspace.id, name } },
      data: { version: versions.get(name) ?? 0 },
    });
  }
  for (const [incidentId, link] of chains) await tx.chain.update({ where: { incidentId }, data: link });
  return rows.map((row) => readFact(row as unknown as FactRow));
}

/** These facts, in the order in which they are named. */
export async function readFacts(tx: Tx, ids: readonly string[]): Promise<Fact[]> {
  const rows = await tx.fact.findMany({ where: { id: { in: [...ids] } } });
  return rows.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)).map(readFact);
}

/** What its digests say of a fact: all of it but its place in the chain, which the hash says. */
export type Digested = Omit<Fact, 'hash' | 'seq' | 'redacted'>;

/**
 * The digest of what a fact says, and of the words of its time: with a salt, so that a short text cannot be guessed
 * from it. A redaction takes the words and the salt; this stays.
 */
export function saidDigestOf(salt: string, { data, asWritten }: Pick<Fact, 'data' | 'asWritten'>): string {
  return sha256(`${salt}\n${canonicalJson({ data, asWritten })}`);
}

/** The digest of a fact: over what it says, and who said it, when, where and how, which outlives a redaction. */
export function digestOf(saidDigest: string, fact: Digested): string {
  const about = {
    id: fact.id,
    workspaceId: fact.workspaceId,
    incidentId: fact.incidentId,
    type: fact.type,
    stream: fact.stream,
    version: fact.version,
    occurredAt: fact.occurredAt?.toISOString() ?? null,
    occurredUntil: fact.occurredUntil?.toISOString() ?? null,
    precision: fact.precision,
    recordedAt: fact.recordedAt.toISOString(),
    actor: fact.actor,
    source: fact.source,
    requestId: fact.requestId,
  };
  return sha256(`${saidDigest}\n${canonicalJson(about)}`);
}

/** The next hash of an incident's chain. */
export function linkHash(previous: string, seq: number, digest: string): string {
  return sha256(`${previous}\n${seq}\n${digest}`);
}

function factBody(ask: Ask, stated: Stated, version: number) {
  const { when } = stated.about;
  const salt = ask.newId();
  const body = {
    id: ask.newId(),
    workspaceId: ask.workspace.id,
    stream: stated.about.stream,
    version,
    type: stated.type,
    data: JSON.parse(JSON.stringify(stated.data)) as Prisma.InputJsonObject,
    incidentId: stated.about.incidentId ?? null,
    occurredAt: when ? when.at : (ask.saidAt ?? ask.now),
    occurredUntil: when?.until ?? null,
    asWritten: when?.asWritten || null,
    precision: when?.precision ?? 'exact',
    recordedAt: ask.now,
    source: ask.source,
    requestId: ask.requestId,
  };
  const { kind, id, name } = ask.actor;
  const saidDigest = saidDigestOf(salt, body);
  const digest = digestOf(saidDigest, { ...body, actor: { kind, id, name } });
  return { ...body, actorKind: kind, actorId: id, actorName: name, salt, saidDigest, digest };
}

async function nextLink(
  tx: Tx,
  chains: Map<string, { seq: number; hash: string }>,
  workspaceId: string,
  incidentId: string,
  digest: string,
): Promise<{ seq: number; hash: string }> {
  const last = chains.get(incidentId) ?? (await lockChain(tx, workspaceId, incidentId));
  const seq = last.seq + 1;
  const link = { seq, hash: linkHash(last.hash, seq, digest) };
  chains.set(incidentId, link);
  return link;
}

async function lockChain(
  tx: Tx,
  workspaceId: string,
  incidentId: string,
): Promise<{ seq: number; hash: string }> {
  const rows = await tx.$queryRaw<{ seq: number | bigint; hash: string }[]>`
    INSERT INTO "Chain" ("incidentId", "workspaceId", "seq", "hash") VALUES (${incidentId}, ${workspaceId}, 0, ${chainStart})
    ON CONFLICT ("incidentId") DO UPDATE SET "seq" = "Chain"."seq"
    RETURNING "seq", "hash"`;
  return { seq: Number(rows[0]?.seq ?? 0), hash: rows[0]?.hash ?? chainStart };
}

/** JSON with sorted keys: PostgreSQL's jsonb does not keep their order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
