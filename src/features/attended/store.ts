// What cover and validation ask of the database, and what they write of a change.
import type { Ask, Located } from '../../core/command.js';
import { type Fact, on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Neighbourhood, neighboursOf, settingsOf } from '../catalog/index.js';
import {
  type Change,
  changeAnnounced,
  changeIdOf,
  changeMoved,
  changeStateSet,
  changeStream,
  componentsOf,
  readChange,
} from '../change/index.js';
import { type Component, componentName } from '../incident/index.js';
import type { Attendance } from './due.js';
import {
  coverAsked,
  coverDeclined,
  coverDropped,
  coverGiven,
  supportTold,
  validationAnswered,
  validationAsked,
} from './facts.js';

const kinds = [
  changeAnnounced,
  changeMoved,
  changeStateSet,
  coverAsked,
  coverGiven,
  coverDeclined,
  coverDropped,
  supportTold,
  validationAsked,
  validationAnswered,
].map((kind) => kind.type);

/** The change that the program looks after in its turn. */
export async function locateById(
  tx: Tx,
  { changeId }: { readonly changeId: string },
  ask: Ask,
): Promise<Located<Change>> {
  const found = await tx.change.findFirst({ where: { id: changeId, workspaceId: ask.workspace.id } });
  if (found) return { streams: [changeStream(found.id)], target: found };
  return { refused: { unknown: true, message: say('There is no such change.') } };
}

/** All that is known of a change's cover and validation. */
export async function readAttendance(tx: Tx, changeId: string): Promise<Attendance> {
  const change = await readChange(tx, changeId);
  const { workspaceId } = change;
  const components = await componentsOf(tx, changeId);
  const names = servicesOf(components);
  const around = await neighboursOf(tx, workspaceId, names);
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: changeStream(changeId), type: { in: kinds } },
    orderBy: { version: 'asc' },
  });
  return {
    change,
    settings: await settingsOf(tx, workspaceId),
    components: components.map(componentName),
    checks: checksAround(names, around),
    ...historyOf(rows.map(readFact), change),
  };
}

/** What happened to them so far, from the record. */
function historyOf(facts: readonly Fact[], change: Change) {
  const of = (...types: readonly { readonly type: string }[]) =>
    facts.filter((fact) => types.some(({ type }) => type === fact.type));
  const after = (fact: Fact | undefined) => (each: Fact) => each.version > (fact?.version ?? 0);
  const answered = of(coverGiven, coverDeclined, coverDropped).at(-1);
  const came = of(changeStateSet, changeAnnounced).findLast(
    (fact) => stateAfter(fact) === 'validating' || fact.type === changeAnnounced.type,
  );
  const planned = of(changeAnnounced, changeMoved).at(-1);
  const given = of(coverGiven).at(-1);
  return {
    plannedSince: planned?.recordedAt ?? change.announcedAt,
    asked: of(coverAsked).filter(after(answered)).map(coverAsked.read),
    givenFor: given ? coverGiven.read(given).data.startsAt : null,
    told: of(supportTold).map(supportTold.read),
    questions: of(validationAsked).filter(after(came)).map(validationAsked.read),
  };
}

function stateAfter(fact: Fact): string | null {
  return fact.type === changeStateSet.type ? changeStateSet.read(fact).data.to : null;
}

/** The services of some components, each once. */
export function servicesOf(components: readonly Component[]): string[] {
  return [...new Set(components.map((each) => each.service))];
}

// Of several services, each says whose check it is.
function checksAround(names: readonly string[], { services, dependents }: Neighbourhood): string[] {
  const all = [...new Set([...names, ...dependents])].flatMap((name) => {
    const checks = services.get(name)?.checks ?? [];
    return checks.length > 0 ? [{ name, checks }] : [];
  });
  return all.flatMap(({ name, checks }) =>
    checks.map((text) => (all.length > 1 ? `${name}: ${text}` : text)),
  );
}

export const projections: Projection[] = [
  on(coverAsked, (fact, tx: Tx) => setCover(tx, fact, 'asked', fact.data.person)),
  on(coverGiven, (fact, tx: Tx) => setCover(tx, fact, 'given', fact.data.person)),
  on(coverDeclined, (fact, tx: Tx) => setCover(tx, fact, 'declined', fact.data.person)),
  on(coverDropped, (fact, tx: Tx) => setCover(tx, fact, 'declined', fact.data.person)),
  on(validationAsked, async (fact, tx: Tx) => {
    await tx.change.updateMany({
      where: { id: changeIdOf(fact) },
      data: { ...unanswered, validation: 'asked' },
    });
  }),
  on(validationAnswered, async (fact, tx: Tx) => {
    const { id, name } = fact.actor;
    const said = {
      validatedById: id,
      validatedByName: name,
      validatedAt: fact.occurredAt ?? fact.recordedAt,
    };
    const data = { ...said, validation: fact.data.answer };
    await tx.change.updateMany({ where: { id: changeIdOf(fact) }, data });
  }),
  // What begins again, or is done again, nobody has looked at yet.
  on(changeStateSet, async (fact, tx: Tx) => {
    if (fact.data.to !== 'planned' && fact.data.to !== 'started' && fact.data.to !== 'validating') return;
    await tx.change.updateMany({
      where: { id: changeIdOf(fact) },
      data: { ...unanswered, validation: 'none' },
    });
  }),
];

const unanswered = { validatedById: null, validatedByName: null, validatedAt: null } as const;

async function setCover(
  tx: Tx,
  fact: Fact,
  cover: 'asked' | 'given' | 'declined',
  person: { readonly id: string; readonly name: string },
): Promise<void> {
  const data = { cover, coverId: person.id, coverName: person.name };
  await tx.change.updateMany({ where: { id: changeIdOf(fact) }, data });
}
