// An incident of alerts whose people a page of other alerts calls already: of a storm they answer one page, not fifty.
import { z } from 'zod';
import { defineFact, readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from '../incident/index.js';
import { targetSchema } from '../oncall/index.js';
import type { PageScene } from './scene.js';
import { causeSchema, type Page, type PageAttempt, pageKey, pageStream } from './words.js';

const minuteMs = 60_000;
/** Of a page that began longer ago nobody thinks that all is one. */
const joinMinutes = 5;

/** Nobody is called anew for an incident: a page for another one calls the very same people. */
export const pageJoined = defineFact(
  'PageJoined',
  z.object({
    id: z.string(),
    number: z.int(),
    /** The incident that the page was opened for. */
    pageIncidentId: z.string(),
    /** The one for which nobody is called anew. */
    incident: z.object({ id: z.string(), number: z.int() }),
    names: z.array(z.string()),
    /** What is called if the page is taken back before somebody has it. */
    call: z.object({ target: targetSchema, reason: z.string(), cause: causeSchema }),
  }),
  (it) => ({ kind: 'system', text: `${pageKey(it)} ${joinedText(it)}` }),
  (it) => ({ ...it, call: { ...it.call, reason: '' } }),
);

/** Behind the page's key. */
export function joinedText({ names }: { readonly names: readonly string[] }): string {
  return `calls ${names.join(', ')} already, for another incident; nobody is called anew for this one`;
}

/** A page that calls already whom another one would call. */
export interface Joinable {
  readonly page: Page & { readonly incidentId: string };
  readonly names: readonly string[];
  /** The incident was said to be of it. */
  readonly joined: boolean;
}

/** The page of another incident's alerts that calls the same people; `opens`: the incident is new. */
export async function joinable(
  tx: Tx,
  scene: PageScene,
  incident: Incident | null,
  { opens, now }: { readonly opens: boolean; readonly now: Date },
): Promise<Joinable | null> {
  const people = new Set((scene.ahead[0]?.recipients ?? []).map(({ id, name }) => id ?? name));
  if (!incident || incident.drill || people.size === 0 || scene.ringing.length > 0) return null;
  const rows = await tx.page.findMany({
    where: {
      ...{ workspaceId: incident.workspaceId, state: 'ringing', cause: 'alert', drill: false },
      incidentId: { notIn: [incident.id] },
    },
    orderBy: { number: 'asc' },
  });
  for (const page of rows) {
    const { incidentId } = page;
    if (incidentId === null) continue;
    const joined = (await joinedOn(tx, page.id)).some(({ id }) => id === incident.id);
    const isNew = opens && now.getTime() - page.openedAt.getTime() < joinMinutes * minuteMs;
    if (!joined && !isNew) continue;
    const first = await tx.pageAttempt.findMany({ where: { pageId: page.id, level: 0, round: 0 } });
    if (isSame(people, first)) return { page: { ...page, incidentId }, names: namesOf(first), joined };
  }
  return null;
}

function isSame(people: ReadonlySet<string>, attempts: readonly PageAttempt[]): boolean {
  const called = new Set(attempts.map(({ toId, toName, address }) => toId ?? toName ?? address));
  return called.size === people.size && [...called].every((each) => people.has(each));
}

function namesOf(attempts: readonly PageAttempt[]): string[] {
  return [...new Set(attempts.map(({ toName, address }) => toName ?? address))];
}

/** The incidents for which a page calls too, in order. */
export async function joinedOn(tx: Tx, pageId: string): Promise<{ id: string; number: number }[]> {
  const rows = await tx.fact.findMany({
    where: { stream: pageStream(pageId), type: pageJoined.type },
    orderBy: { version: 'asc' },
  });
  return rows.map((row) => pageJoined.read(readFact(row)).data.incident);
}

const keysShown = 4;

/** `also for INC-7 and INC-8`; null where it is for no other. */
export function alsoFor(incidents: readonly { readonly number: number }[]): string | null {
  const numbers = [...new Set(incidents.map(({ number }) => number))];
  if (numbers.length === 0) return null;
  const keys = numbers.slice(0, keysShown).map((number) => `INC-${number}`);
  const more = numbers.length - keys.length;
  return `also for ${keys.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
