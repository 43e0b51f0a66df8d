// What the asker said last where that is of no incident, so that `undo` does not take back something else instead.
import type { Ask, SurfaceName } from '../../core/command.js';
import { type AnyFactKind, type Fact, readFact } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { line, type Message, message, type Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey } from '../incident/index.js';
import type { Undoer } from './rules.js';
import { undoSeconds } from './store.js';

/** So many of the latest facts of a workspace are looked through: hardly ever more are stated within the time. */
const latestMax = 300;

/** A kind of fact, with where help on its like is. */
interface Known {
  readonly kind: AnyFactKind;
  readonly surface: SurfaceName;
}
export type Kinds = ReadonlyMap<string, Known>;

/** The kinds of all features, by name. */
export function kindsOf(features: readonly Feature[]): Kinds {
  return new Map(
    features.flatMap(({ facts, commands = [] }) => {
      const surface = commands.find((each) => each.verb.surface !== null)?.verb.surface ?? 'incident';
      return facts.map((kind) => [kind.type, { kind, surface }] as const);
    }),
  );
}

/** What the asker stated last of all within the time, where that is of no incident; null where it is, or is nothing. */
export async function lastElsewhere(tx: Tx, ask: Ask, undoer: Undoer, kinds: Kinds): Promise<Fact | null> {
  const since = new Date(ask.now.getTime() - undoSeconds * 1000);
  const rows = await tx.fact.findMany({
    where: { workspaceId: ask.workspace.id },
    orderBy: { position: 'desc' },
    take: latestMax,
  });
  const own = rows.filter((row) => row.actorId === ask.actor.id && row.recordedAt >= since).map(readFact);
  const said = own.filter((fact) => undoer(fact) !== 'stays' && toldOf(fact, kinds) !== null);
  const last = said.filter((fact) => fact.requestId === said[0]?.requestId);
  return last.some((fact) => fact.incidentId !== null) ? null : (last.at(-1) ?? null);
}

/** That it stays, and what to say instead: people were told of it, or something went by it since. */
export function notOfAnIncident(fact: Fact, undoer: Undoer, kinds: Kinds, here: Incident | null): Message {
  const undoing = undoer(fact);
  const known = undoing !== null && undoing !== 'stays';
  const what = known ? undoing.what : (toldOf(fact, kinds) ?? '');
  const mends: Span[] = known
    ? [undoing.never ?? 'Say what is true now: ', { code: undoing.instead }, '.']
    : [{ code: `/${kinds.get(fact.type)?.surface ?? 'incident'} help` }, ' shows what mends it.'];
  return message(
    line('What you said last cannot be taken back by ', { code: '/incident undo' }, ': ', what, '.'),
    line(...mends),
    here !== null &&
      line(`Your last step on ${incidentKey(here)} alone: `, { code: `/incident undo ${incidentKey(here)}` }),
  );
}

function toldOf(fact: Fact, kinds: Kinds): string | null {
  return kinds.get(fact.type)?.kind.tell(fact.data)?.text ?? null;
}
