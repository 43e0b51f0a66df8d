// What tests of pages share: who is on call, and what the ways outside answer.
import type { EffectKind } from '../../../src/core/effect.js';
import type { View } from '../../../src/core/feature.js';
import { execute } from '../../../src/execute.js';
import { delivered, isRinging, pageGivenUp, readCall } from '../../../src/features/paging/index.js';
import { troubleView, unansweredView } from '../../../src/features/paging/views.js';
import { recordResult } from '../../../src/features/places/index.js';
import { type Desk, people } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';

export type PageEffect = Extract<EffectKind, { do: 'page' }>;

/** Slack has told us who they are. */
export async function known(desk: Desk): Promise<void> {
  const data = Object.values(people).map(({ id, name, zone }) => {
    return { workspaceId: desk.workspace.id, id, name, zone, isBot: false, seenAt: desk.now };
  });
  await desk.db.write((tx) => tx.person.createMany({ data }));
}

/** Bob and then Eve are on call by default; both have an address. Ana has none. */
export async function onCall(desk: Desk): Promise<void> {
  await known(desk);
  await says(desk, 'bob', 'contact mail:bob@example.com');
  await says(desk, 'eve', 'contact mail:eve@example.com');
  await says(desk, 'ana', 'escalation default @bob 5m then @eve 10m repeat:15m');
}

/** Later, everything that is due by then is decided. */
export async function pass(desk: Desk, minutes: number): Promise<void> {
  desk.now = new Date(desk.now.getTime() + minutes * 60_000);
  await desk.turn();
}

/** The attempts that wait to be performed. */
export async function waiting(desk: Desk): Promise<{ id: string; effect: PageEffect }[]> {
  const jobs = await desk.db.read.job.findMany({
    where: { kind: 'page', state: 'waiting' },
    orderBy: [{ madeAt: 'asc' }, { id: 'asc' }],
  });
  return jobs.map((job) => ({ id: job.id, effect: job.payload as unknown as PageEffect }));
}

/** The ways answer what waits: those named here refuse, the others take it. Returns what rang, by person and way. */
export async function ways(desk: Desk, refused: readonly string[] = []): Promise<string[]> {
  const rang: string[] = [];
  for (const { id, effect } of await waiting(desk)) {
    await desk.db.write((tx) => tx.job.update({ where: { id }, data: { state: 'done' } }));
    const call = await readCall(desk.db.read, effect.attemptId);
    if (!call || effect.what === 'over' || !isRinging(call)) continue;
    const name = `${call.attempt.toName} ${effect.path}`;
    const failure = { method: effect.path, error: 'refused', needed: null };
    const fails = refused.includes(effect.path) || refused.includes(name);
    const posted = { channelId: 'D1', ts: `${rang.length}.1` };
    const stated = fails
      ? await pageGivenUp(desk.db.read, effect, failure)
      : delivered(call, effect.path === 'slack' ? posted : null);
    if (!fails) rang.push(name);
    await execute(desk.kernel, recordResult.given(stated), desk.ask('ana', { requestId: `job/${id}` }));
  }
  await desk.turn();
  return rang.sort();
}

/** The facts of pages, by kind. */
export async function factsOf(desk: Desk, type: string): Promise<Record<string, unknown>[]> {
  const rows = await desk.db.read.fact.findMany({ where: { type }, orderBy: { position: 'asc' } });
  return rows.map((each) => each.data as Record<string, unknown>);
}

/** The levels that came, as `round.level because`. */
export async function levels(desk: Desk): Promise<string[]> {
  return (await factsOf(desk, 'PageLevelReached')).map(
    (each) => `${each.round}.${each.level} ${String(each.because)}`,
  );
}

const drawnLater: Readonly<Record<string, View>> = {
  pageUnanswered: unansweredView,
  pageTrouble: troubleView,
};

/** What is said in the channels, once each; of one instant in no certain order. */
export async function said(desk: Desk): Promise<string[]> {
  const jobs = await desk.db.read.job.findMany({
    where: { kind: { in: ['say', 'show'] } },
    orderBy: { madeAt: 'asc' },
  });
  const texts: string[] = [];
  for (const { payload } of jobs) {
    const kind = payload as unknown as EffectKind;
    if (kind.do === 'say') texts.push(kind.message.text);
    const view = kind.do === 'show' ? drawnLater[kind.view] : undefined;
    if (kind.do !== 'show' || !view || !kind.about) continue;
    const drawn = await view(desk.db.read, kind.about, desk.workspace);
    if (drawn) texts.push(drawn.text);
  }
  return texts;
}
