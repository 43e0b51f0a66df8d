// THE write path: load, decide, record, project, react, in one transaction. Nothing else writes state.
import type { Ask, Bound, Refusal, Verb } from './core/command.js';
import type { Effect, Later } from './core/effect.js';
import type { Fact, Stated } from './core/fact.js';
import type { Feature } from './core/feature.js';
import type { Message } from './core/message.js';
import { appendFacts, lockStreams, readFacts } from './db/facts.js';
import { enqueue } from './db/jobs.js';
import type { Database } from './db/open.js';
import type { Tx } from './db/tx.js';

export interface Kernel {
  readonly db: Database;
  readonly features: readonly Feature[];
  /** Tells the worker that there may be something to do. */
  wake(): void;
}

export type Outcome =
  | {
      readonly accepted: true;
      readonly reply: Message;
      readonly repeated: boolean;
      /** What it recorded; of a repeated request only where a digest was kept with it. */
      readonly facts: readonly Fact[];
      /** The digest that was kept; null where none was, or where the reply was redacted since. */
      readonly digest: string | null;
    }
  | { readonly accepted: false; readonly refusal: Refusal };

export interface ExecuteOptions {
  /** Effects that carry the reply, for doors that cannot answer at once; committed with the facts. */
  readonly answer?: (reply: Message, facts: readonly Fact[]) => readonly Effect[];
  /** Runs first in the same transaction; what it throws undoes everything. */
  readonly before?: (tx: Tx) => Promise<void>;
  /** Kept with the reply, so that the same request can be told from another one that bears its id. */
  readonly digest?: string;
}

/** A reply as the request's row keeps it. */
type Kept = Message & { readonly digest?: string; readonly facts?: readonly string[] };

const attemptsMax = 6;
const pauseMs = 10;

/**
 * Performs a command: all or nothing, and once for each `requestId`. When it returns accepted, the facts are
 * committed. A refusal records nothing. Throws a fault when the database does not answer.
 */
export async function execute(
  kernel: Kernel,
  bound: Bound,
  ask: Ask,
  options: ExecuteOptions = {},
): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcome = await kernel.db
        .of(ask.workspace.id)
        .write((tx) => executeOnce(kernel, tx, bound, ask, options), { kind: bound.verb.words.join(' ') });
      kernel.wake();
      return outcome;
    } catch (error) {
      if (error instanceof Undone) return { accepted: false, refusal: error.refusal };
      if (attempt === attemptsMax || !isConflict(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseOf(ask.requestId, attempt)));
    }
  }
}

async function executeOnce(
  kernel: Kernel,
  tx: Tx,
  bound: Bound,
  ask: Ask,
  options: ExecuteOptions,
): Promise<Outcome> {
  const answered = await claimRequest(tx, ask);
  if (answered) return repeated(tx, answered);
  await options.before?.(tx);
  const located = await bound.locate(tx, ask);
  const guarded = (stated: readonly Stated[] | null) =>
    guardedBy(kernel.features, tx, bound.verb, ask, stated);
  // Nobody mends their words to be refused all the same.
  if ('refused' in located) throw new Undone((await guarded(null)) ?? located.refused);
  const versions = await lockStreams(tx, ask.workspace.id, located.streams);
  const decision = await located.decide();
  const against = await guarded(decision.accepted ? decision.facts : null);
  if (against) throw new Undone(against);
  if (!decision.accepted) throw new Undone(decision.refusal);
  const facts = await appendFacts(tx, ask, decision.facts, versions);
  await projectFacts(kernel.features, tx, facts);
  const reply = typeof decision.reply === 'function' ? decision.reply(facts) : decision.reply;
  const effects = [
    ...(await reactionsToAll(kernel.features, tx, facts)),
    ...(options.answer?.(reply, facts) ?? []),
  ];
  if (effects.length > 0) await enqueue(tx, ask, effects);
  const digest = options.digest ?? null;
  const kept: Kept = digest === null ? reply : { ...reply, digest, facts: facts.map((fact) => fact.id) };
  await tx.request.update({
    where: { workspaceId_id: { workspaceId: ask.workspace.id, id: ask.requestId } },
    data: { reply: JSON.parse(JSON.stringify(kept)) },
  });
  return { accepted: true, reply, repeated: false, facts, digest };
}

/** What a feature has against saying this here; `stated` is null while the words are still to come. */
export async function guardedBy(
  features: readonly Feature[],
  tx: Tx,
  verb: Verb,
  ask: Ask,
  stated: readonly Stated[] | null,
): Promise<Refusal | null> {
  for (const feature of features) {
    const refusal = (await feature.guard?.(tx, verb, ask, stated)) ?? null;
    if (refusal) return refusal;
  }
  return null;
}

async function repeated(tx: Tx, kept: Kept): Promise<Outcome> {
  const { digest = null, facts: ids = [], ...reply } = kept;
  const facts = ids.length > 0 ? await readFacts(tx, ids) : [];
  return { accepted: true, reply, repeated: true, facts, digest };
}

/** Writes the rows that follow from facts. `rebuild` calls it too. */
export async function projectFacts(
  features: readonly Feature[],
  tx: Tx,
  facts: readonly Fact[],
): Promise<void> {
  const kinds = {
    of: (type: string) => features.flatMap((each) => each.facts).find((each) => each.type === type),
  };
  for (const fact of facts) {
    for (const feature of features) {
      for (const rule of feature.project ?? []) if (rule.type === fact.type) await rule.run(fact, tx, kinds);
    }
    if (fact.incidentId === null) continue;
    const kind = kinds.of(fact.type);
    if (kind) for (const feature of features) await feature.projectAll?.(tx, fact, kind);
  }
}

async function reactionsToAll(
  features: readonly Feature[],
  tx: Tx,
  facts: readonly Fact[],
): Promise<(Effect | Later)[]> {
  const all: (Effect | Later)[] = [];
  for (const fact of facts) {
    const following = reactionsTo(features, fact);
    let effects: readonly Effect[] = following.filter((each): each is Effect => 'lane' in each);
    for (const feature of features) effects = (await feature.confine?.(tx, fact, effects)) ?? effects;
    all.push(...effects, ...following.filter((each): each is Later => !('lane' in each)));
  }
  return all;
}

function reactionsTo(features: readonly Feature[], fact: Fact): (Effect | Later)[] {
  return features.flatMap((feature) =>
    (feature.react ?? []).flatMap((rule) => (rule.type === fact.type ? [...rule.run(fact)] : [])),
  );
}

// The claim is the transaction's first statement and a write: the same request a second time waits here until the
// first is committed, and on SQLite nobody else writes from here on.
async function claimRequest(tx: Tx, ask: Ask): Promise<Kept | null> {
  const claimed = await tx.$executeRaw`
    INSERT INTO "Request" ("workspaceId", "id", "at")
    VALUES (${ask.workspace.id}, ${ask.requestId}, ${BigInt(ask.now.getTime())})
    ON CONFLICT DO NOTHING`;
  if (claimed === 1) return null;
  const row = await tx.request.findUniqueOrThrow({
    where: { workspaceId_id: { workspaceId: ask.workspace.id, id: ask.requestId } },
  });
  // Written above from a Message, by a redaction from another one, and by nothing else.
  return row.reply as unknown as Kept;
}

// Those who met once would meet again if they waited alike.
function pauseOf(requestId: string, attempt: number): number {
  const share = (requestId.charCodeAt(requestId.length - 1) % 8) + 1;
  return (pauseMs * 2 ** attempt * share) / 8;
}

class Undone extends Error {
  constructor(readonly refusal: Refusal) {
    super('refused');
  }
}

// P2002: somebody else appended at this version. P2034: PostgreSQL broke a deadlock or a serialization conflict.
function isConflict(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'P2002' || code === 'P2034' || /database is locked|deadlock detected/i.test(String(error));
}
