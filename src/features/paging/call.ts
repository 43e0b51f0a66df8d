// What those who perform an attempt need: the words that it may say, and the facts that say what became of it.
import type { EffectKind } from '../../core/effect.js';
import type { Stated } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { messagePosted } from '../places/index.js';
import { aboutPage, failedBefore, ofAttempt } from './decide.js';
import { pageDelivered, pageFailed, pageWithdrawn } from './facts.js';
import { alsoFor, joinedOn } from './joined.js';
import { attemptsOfPage } from './store.js';
import { attemptSlot, type Page, type PageAttempt, pageKey, pageStream } from './words.js';

/** One attempt with all that it may say. What may not leave is not in it. */
export interface Call {
  readonly page: Page;
  readonly attempt: PageAttempt;
  /** `PAGE-3`. */
  readonly key: string;
  /** Its incident; of a private one nothing but the number, unless it goes to a member by Slack. */
  readonly incident: {
    readonly id: string;
    readonly key: string;
    /** Null where it must not be said. */
    readonly shown: {
      readonly title: string;
      readonly severity: string;
      readonly channelId: string | null;
      readonly channelName: string | null;
    } | null;
  } | null;
  /** Why somebody is called; null where it must not be said, and where nothing was. */
  readonly reason: string | null;
  readonly openedBy: string;
  /** Why it was withdrawn; null where it was not, and where it must not be said. */
  readonly withdrawn: string | null;
  /** For people: who else is called, and by which ways; this attempt's own person by other ways too. */
  readonly others: readonly PageAttempt[];
}

/** What an attempt may say, from the rows as they are; null for one that is not known. */
export async function readCall(tx: Tx, attemptId: string): Promise<Call | null> {
  const attempt = await tx.pageAttempt.findUnique({ where: { id: attemptId } });
  const page = attempt && (await tx.page.findUnique({ where: { id: attempt.pageId } }));
  if (!attempt || !page) return null;
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const hidden = incident?.private === true && !(await isTold(tx, incident.id, attempt));
  const others = (await attemptsOfPage(tx, page.id)).filter(
    (each) =>
      each.id !== attempt.id &&
      each.level === attempt.level &&
      each.round === attempt.round &&
      each.state !== 'simulated',
  );
  return {
    ...{ page, attempt, others, key: pageKey(page), openedBy: page.openedByName },
    incident: incident && {
      ...{ id: incident.id, key: incidentKey(incident) },
      shown: hidden
        ? null
        : {
            ...{ title: incident.title, severity: incident.severity },
            ...{ channelId: incident.channelId, channelName: incident.channelName },
          },
    },
    reason: hidden ? null : reasonOf(page, alsoFor(await joinedOn(tx, page.id))),
    withdrawn: hidden ? null : await whyWithdrawn(tx, page),
  };
}

function reasonOf({ reason }: Page, also: string | null): string | null {
  const said = [reason, also === null ? '' : `It is ${also}.`].filter((each) => each !== '');
  return said.length === 0 ? null : said.join(' · ');
}

/** Why a page was taken back; null where it was not, or where the words were redacted. */
export async function whyWithdrawn(tx: Tx, { id, state }: Page): Promise<string | null> {
  if (state !== 'withdrawn') return null;
  const where = { stream: pageStream(id), type: pageWithdrawn.type };
  const fact = await tx.fact.findFirst({ where, orderBy: { position: 'desc' } });
  return (fact?.data as { reason?: string } | undefined)?.reason || null;
}

// Letters and pagers pass through others' hands: of what is private they carry nothing.
async function isTold(tx: Tx, incidentId: string, { path, toId }: PageAttempt): Promise<boolean> {
  if (path !== 'slack' || toId === null) return false;
  return (await tx.member.count({ where: { incidentId, userId: toId } })) > 0;
}

/** Whether it is still to ring: a page that somebody has rings no more. */
export function isRinging({ page }: Call): boolean {
  return page.state === 'ringing';
}

/** What is stated where a path took an attempt. `posted`: where it is in Slack. */
export function delivered(
  { page, attempt }: Call,
  posted: { readonly channelId: string; readonly ts: string } | null = null,
): Stated[] {
  const slot = attemptSlot(attempt.id);
  return [
    pageDelivered({ ...ofAttempt(page, attempt), posted }, aboutPage(page)),
    ...(posted
      ? [messagePosted({ incidentId: null, slot, ...posted }, { stream: pageStream(page.id) })]
      : []),
  ];
}

/** What is stated where an attempt came to nothing. */
export async function pageGivenUp(
  tx: Tx,
  effect: Extract<EffectKind, { do: 'page' }>,
  failure: { readonly method: string; readonly error: string; readonly needed: string | null },
): Promise<readonly Stated[]> {
  // That it is over is a nicety: the page itself was there.
  if (effect.what === 'over') return [];
  const attempt = await tx.pageAttempt.findUnique({ where: { id: effect.attemptId } });
  const page = attempt && (await tx.page.findUnique({ where: { id: attempt.pageId } }));
  if (!attempt || !page) return [];
  const again = failedBefore(await attemptsOfPage(tx, page.id), attempt);
  const named = failure.error.startsWith(`${failure.method}: `);
  const error = named ? failure.error : `${failure.method}: ${failure.error}`;
  const fact = { ...ofAttempt(page, attempt), error, needed: failure.needed, again };
  return [pageFailed(fact, aboutPage(page))];
}
