// Freezes, stated as facts, and what people say of exceptions through them.
import { expect } from 'vitest';
import {
  exceptionUsed,
  pendingFor,
  useOf as usedBy,
  type Way,
  waysOf,
  wayThrough,
} from '../../../src/features/exception/index.js';
import {
  freezeSet,
  freezesStream,
  type Scope,
  type Selector,
  type Target,
} from '../../../src/features/freeze/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { type Desk, type PersonName, people } from '../../helpers/desk.js';

export const who = (name: PersonName) => ({ id: people[name].id, name: people[name].name });

export const place = (text: string): Target => {
  const [service = '', environment = '', cluster = ''] = text.split('/');
  return { service, environment, cluster, tier: environment === 'prod' ? 'production' : 'development' };
};

export interface FreezeOver {
  readonly number?: number;
  readonly mode?: 'hard' | 'soft';
  readonly owner?: PersonName;
  readonly include?: readonly Partial<Selector>[];
  readonly from?: string;
  readonly until?: string;
  /** The number of the incident from which the cord was pulled. */
  readonly incident?: number;
  readonly drill?: boolean;
  readonly reason?: string;
}

const selector = (said: Partial<Selector>): Selector => ({
  ...{ services: [], environments: [], clusters: [], tiers: [] },
  ...said,
});

/** Ana freezes all production until 16:00, unless told otherwise. */
export async function freeze(desk: Desk, over: FreezeOver = {}): Promise<number> {
  const last = await desk.db.read.freeze.findFirst({ orderBy: { number: 'desc' } });
  const number = over.number ?? (last?.number ?? 0) + 1;
  const day = (time: string) => new Date(time.includes('T') ? time : `2026-03-10T${time}:00Z`);
  const [startsAt, overAt] = [day(over.from ?? '10:00'), day(over.until ?? '16:00')];
  const incident =
    over.incident === undefined
      ? null
      : await desk.db.read.incident.findFirstOrThrow({ where: { number: over.incident } });
  const scope: Scope = {
    include: (over.include ?? [{ tiers: ['production'] }]).map(selector),
    exclude: [],
  };
  const fact = freezeSet(
    {
      ...{ id: desk.ask().newId(), number, mode: over.mode ?? 'hard', drill: over.drill ?? false },
      ...{ reason: over.reason ?? 'the cluster is rebuilt', scope, startsAt, overAt },
      ...{ owner: who(over.owner ?? 'ana'), by: who(over.owner ?? 'ana') },
      schedule: { type: 'once', startsAt, endsAt: overAt },
      incident: incident && { id: incident.id, number: incident.number, shown: !incident.private },
      ...{ scopeText: 'all production', whenText: 'until 16:00 UTC' },
    },
    { stream: freezesStream, ...(incident ? { incidentId: incident.id } : {}) },
  );
  await desk.execute(recordResult.given([fact]), desk.ask());
  return number;
}

export async function accepted(desk: Desk, person: PersonName, line: string): Promise<string> {
  const said = await desk.say(person, line);
  expect(said.accepted, `${line}: ${said.text}`).toBe(true);
  return said.text;
}

export async function ways(desk: Desk): Promise<Way[]> {
  return waysOf(desk.db.of(desk.workspace.id).read, desk.workspace.id, desk.now);
}

export interface Asked {
  readonly changeId?: string | null;
  readonly source?: string;
  readonly key?: string;
  readonly exception?: number;
}

const asking = (it: Asked) => ({
  changeId: it.changeId ?? null,
  source: it.source ?? 'token:ci',
  key: it.key ?? null,
  exception: it.exception ?? null,
});

/** The number of the exception that lets this through; null for none. */
export async function through(desk: Desk, it: Asked, where: string, hard: readonly number[]) {
  return wayThrough(await ways(desk), asking(it), place(where), hard)?.number ?? null;
}

export async function pending(desk: Desk, it: Asked): Promise<number | null> {
  return pendingFor(desk.db.of(desk.workspace.id).read, desk.workspace.id, asking(it), desk.now);
}

/** The gate lets a pipeline through on an exception. */
export async function use(desk: Desk, number: number, title = 'Deploy api 4.12'): Promise<void> {
  const way = (await ways(desk)).find((each) => each.number === number);
  if (!way) throw new Error(`EXC-${number} is no way through`);
  const fact = usedBy(way, { id: desk.ask().newId(), title, drill: false }, desk.now);
  expect(fact.type).toBe(exceptionUsed.type);
  await desk.execute(recordResult.given([fact]), desk.ask('bob'));
}

/** The change of a title, announced by Bob. */
export async function change(desk: Desk, title = 'renew the certificate', words = 'on:api/prod') {
  await accepted(desk, 'bob', `/change announce ${title} ${words} at:15:00 anyway`);
  return desk.db.read.change.findFirstOrThrow({ orderBy: { number: 'desc' } });
}

export interface Sent {
  readonly kind: string;
  readonly slot: string;
  readonly to: string;
  readonly view?: string;
  readonly text: string;
}

/** The messages that wait to be sent, of exceptions, with where they go; in the order of their slots. */
export async function sent(desk: Desk, slot = 'exception'): Promise<Sent[]> {
  const jobs = await desk.db.read.job.findMany({ orderBy: { id: 'asc' } });
  const messages = jobs.flatMap(({ kind, payload }) => {
    const it = payload as unknown as {
      slot?: string;
      view?: string;
      destination?: { to: string; userId?: string; slot?: string };
      message?: { text: string };
    };
    if (!it.slot?.startsWith(slot)) return [];
    const to = it.destination?.userId ?? it.destination?.to ?? '';
    return [{ kind, slot: it.slot, to, text: it.message?.text ?? '', ...(it.view ? { view: it.view } : {}) }];
  });
  return messages.sort((a, b) => (a.slot < b.slot ? -1 : 1));
}

export async function recorded(desk: Desk, type: string) {
  const rows = await desk.db.read.fact.findMany({ where: { type }, orderBy: { position: 'asc' } });
  return rows.map((row) => ({
    at: row.recordedAt.toISOString().slice(0, 16),
    incidentId: row.incidentId,
    data: row.data as Record<string, unknown>,
  }));
}
