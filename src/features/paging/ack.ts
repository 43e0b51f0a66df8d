// "I have it": by command or button, over HTTP, and by the link that every page carries.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type Decision,
  defineCommand,
  type Located,
  type Refusal,
  refuse,
} from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { buttons, joined, line, message, type Part, type Span, say } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import {
  about,
  acknowledgedWith,
  decideAck,
  done,
  findIncident,
  type Incident,
  incidentKey,
  incidentStream,
  memberAdded,
  memberRemoved,
  onIncidentInput,
} from '../incident/index.js';
import { whyWithdrawn } from './call.js';
import { type Answer, acknowledge } from './decide.js';
import { type Attempt, pageLevelReached } from './facts.js';
import { clock } from './replies.js';
import { attemptsOfPage, findPage, ringingFor, ringingOn } from './store.js';
import {
  type AnswerWay,
  holderText,
  type Page,
  type PageAttempt,
  pageKey,
  pageStream,
  readPageKey,
  targetText,
} from './words.js';

/** How long a name may be under which a program says that somebody has it. */
export const byMax = 80;

const ackInput = z.object({
  ...onIncidentInput,
  page: z
    .string()
    .transform((word) => readPageKey(word) ?? Number.NaN)
    .refine((number) => Number.isSafeInteger(number), {
      error: 'A page is named by its number, such as PAGE-3.',
    })
    .optional(),
  /** Who has it, where a program says so. */
  by: z.string().transform(oneLine).pipe(z.string().min(1).max(byMax)).optional(),
});
type AckInput = z.infer<typeof ackInput>;

export interface AckTarget {
  /** Null where one page is meant, or the asker's own. */
  readonly incident: Incident | null;
  readonly pageIds: readonly string[];
}

interface AckState {
  readonly incident: Incident | null;
  readonly pages: readonly AckPage[];
}

export interface AckPage {
  readonly page: Page;
  readonly all: readonly PageAttempt[];
  /** What it is about, where whoever answers may see it. */
  readonly incident: Incident | null;
  /** A private incident that whoever answers is no member of yet. */
  readonly joins: Incident | null;
  /** A private incident that they left after it called them. */
  readonly left: Incident | null;
  /** Whether it lets them into the place of its incident. */
  readonly invites: boolean;
}

/** `ack [PAGE]`: one page, or an incident with the pages that ring for it. */
export const ack = defineCommand<AckInput, AckTarget, AckState>({
  verb: {
    surface: 'incident',
    words: ['ack'],
    usage: '[PAGE] [at:TIME]',
    summary: 'I have it: the incident, with the pages that ring for it, or one page.',
    example: '/incident ack PAGE-3',
    onIncident: true,
  },
  input: ackInput,
  locate: locateAck,
  load: (tx, _input, target, ask) => loadAck(tx, target, ask.actor.id),
  decide(it, input, ask) {
    const by = input.by ? { id: ask.actor.id, name: input.by } : { id: ask.actor.id, name: ask.actor.name };
    const way: AnswerWay = ask.source === 'api' ? 'http' : 'command';
    if (it.incident) return ackIncident(it.incident, it.pages, input, { by, way }, ask);
    const [one] = it.pages;
    return one
      ? ackPage(one, { by, way, at: input.at }, ask)
      : refuse(say('There is nothing to acknowledge.'));
  },
});

async function locateAck(tx: Tx, input: AckInput, ask: Ask): Promise<Located<AckTarget>> {
  if (input.page !== undefined) {
    const found = await findPage(tx, { page: input.page }, ask);
    return 'refused' in found ? found : locatePage(found.target);
  }
  const found = await findIncident(tx, input, ask);
  if (!('refused' in found)) {
    const rings = await ringingOn(tx, found.target.id);
    const pageIds = rings.map(({ id }) => id);
    return {
      streams: [...found.streams, ...pageIds.map(pageStream)],
      target: { incident: found.target, pageIds },
    };
  }
  // At night nobody knows a number: one page that called whoever says so is the one that is meant.
  const rings = input.incident === undefined ? await ringingFor(tx, ask) : [];
  // A drill is not in the way of what is real.
  const real = rings.filter((each) => !each.drill);
  const mine = real.length > 0 ? real : rings;
  if (mine.length === 1 && mine[0]) return locatePage(mine[0]);
  return mine.length > 1 ? { refused: whichPage(mine) } : found;
}

/** One page is meant. */
export function locatePage(page: Page): Located<AckTarget> {
  const streams = page.incidentId === null ? [] : [incidentStream(page.incidentId)];
  return { streams: [...streams, pageStream(page.id)], target: { incident: null, pageIds: [page.id] } };
}

function whichPage(mine: readonly Page[]): Refusal {
  return {
    message: message(
      line('Several pages ring for you. Which one do you have?'),
      buttons(
        ...mine.slice(0, 5).map((page) => ({
          label: `I have ${pageKey(page)}`,
          command: `/incident ack ${pageKey(page)}`,
        })),
      ),
    ),
  };
}

/** The pages that are meant. Only those that were locked: one that opens meanwhile rings on. */
export async function loadAck(tx: Tx, { incident, pageIds }: AckTarget, userId: string): Promise<AckState> {
  const rows = await tx.page.findMany({ where: { id: { in: [...pageIds] } }, orderBy: { number: 'asc' } });
  const pages: AckPage[] = [];
  for (const page of rows) {
    const all = await attemptsOfPage(tx, page.id);
    pages.push({ page, all, ...(await standing(tx, page, userId)) });
  }
  const row = incident && (await tx.incident.findUniqueOrThrow({ where: { id: incident.id } }));
  return { incident: row, pages };
}

type Standing = Pick<AckPage, 'incident' | 'joins' | 'left' | 'invites'>;

// Being called makes nobody a member of a private incident; taking it does, but not again whoever left meanwhile.
async function standing(tx: Tx, page: Page, userId: string): Promise<Standing> {
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const neither = { incident, joins: null, left: null, invites: true };
  if (!incident?.private) return neither;
  const members = await tx.member.count({ where: { incidentId: incident.id, userId } });
  if (members > 0) return neither;
  const isOf = (data: unknown) => (data as { person: { id: string } }).person.id === userId;
  const removed = await tx.fact.findMany({
    where: { incidentId: incident.id, type: memberRemoved.type },
    orderBy: { position: 'desc' },
  });
  const leftAt = removed.find(({ data }) => isOf(data))?.position ?? 0;
  const levels = await tx.fact.findMany({
    where: { stream: pageStream(page.id), type: pageLevelReached.type, position: { gt: leftAt } },
  });
  const calls = levels.flatMap(({ data }) => (data as { attempts?: Attempt[] }).attempts ?? []);
  if (calls.some(({ to, simulated }) => to.id === userId && !simulated))
    return { ...neither, joins: incident };
  return { incident: null, joins: null, left: leftAt > 0 ? incident : null, invites: false };
}

type Answering = Omit<Answer, 'invites'>;

/** Says that somebody has one page, or what became of it where it rings no more. */
export function ackPage(
  { page, all, incident, joins, left, invites }: AckPage,
  answer: Answering,
  ask: Ask,
): Decision {
  const key = pageKey(page);
  const when = answer.at?.at;
  if (when && page.state === 'ringing' && (isBefore(when, page) || when > ask.now))
    return refuse(
      say(
        `${key} calls since ${clock(page.openedAt, ask)}, so nobody had it ${when > ask.now ? 'in the future' : 'before'}. `,
        { code: `/incident ack ${key}` },
        ' says that you have it now. Nothing was done.',
      ),
      'at',
    );
  const stated: Stated[] = acknowledge(page, all, { ...answer, invites }, ask.now);
  if (stated.length === 0) return accept([], say({ bold: key }, ` ${overText(page, answer, ask)}`));
  // Whoever has the page has what it is about, where nobody has that yet.
  const has = incident ? acknowledgedWith(incident, { at: answer.at, by: toldBy(answer, ask) }) : [];
  if (joins) stated.push(memberAdded({ person: answer.by }, about(joins)));
  const input = { remarks: [], ...(answer.at ? { at: answer.at } : {}) };
  const outside = left
    ? ` You left ${incidentKey(left)} after it called you, so it does not let you in: somebody in it can invite you.`
    : '';
  const too = has.length > 0 && incident ? ` and with it ${incidentKey(incident)}` : '';
  const text = `You have ${key}${too}. It calls nobody any more. Thank you.${outside}`;
  const next = answer.way === 'command' && incident ? nextStep(incident, ask) : null;
  const reply = done(text, input, ask);
  return accept([...has, ...stated], next ? joined(reply, message(next)) : reply);
}

// Who it is where the one who tells us is another: `Rosa, by PagerDuty`.
function toldBy({ by, through }: Answering, { actor }: Ask): string | undefined {
  if (through !== undefined) return `${by.name}, by ${through}`;
  return by.id === actor.id && by.name === actor.name ? undefined : by.name;
}

// Woken at night, somewhere else in Slack: where the others are, and what they know.
function nextStep(incident: Incident, ask: Ask): Part {
  const { channelId, channelName } = incident;
  const key = incidentKey(incident);
  const where: Span[] =
    channelId && channelId !== ask.channelId
      ? [' is worked on in ', { channel: channelId, name: channelName ?? channelId }, '.']
      : ['.'];
  const brief: Span[] = [{ code: `/incident brief ${key}` }, ' says where it stands'];
  return where.length > 1 ? line(key, ...where, ' ', ...brief, '.') : line(...brief, '.');
}

// People write minutes.
function isBefore(at: Date, page: Page): boolean {
  return at.getTime() + 60_000 <= page.openedAt.getTime();
}

function overText(page: Page, { by }: Answering, ask: Ask): string {
  if (page.state === 'withdrawn') return 'was withdrawn: nothing is left to do.';
  const since = clock(page.answeredAt ?? page.openedAt, ask);
  // In a pager's app: `Rosa, by PagerDuty` owns nothing.
  if (page.answeredBy === 'webhook') return `is taken since ${since}: ${page.answeredByName ?? 'somebody'}.`;
  const who =
    page.answeredById === by.id ? 'is yours already' : `is ${page.answeredByName ?? 'somebody'}’s already`;
  return `${who}, since ${since}.`;
}

function ackIncident(
  incident: Incident,
  pages: readonly AckPage[],
  input: AckInput,
  answer: Answering,
  ask: Ask,
): Decision {
  const said = { remarks: input.remarks, ...(input.at ? { at: input.at } : {}) };
  const decision = decideAck(incident, said, ask);
  // Whoever had the incident before it called for a page has the page now.
  const when = (page: Page) => (input.at?.at && input.at.at >= page.openedAt ? { at: input.at } : {});
  const stated = pages.flatMap(({ page, all, invites }) =>
    acknowledge(page, all, { ...answer, ...when(page), invites }, ask.now),
  );
  if (stated.length === 0) return decision;
  const keys = pages.map(({ page }) => pageKey(page)).join(', ');
  const quiet = message(line(`${keys} call${pages.length === 1 ? 's' : ''} nobody any more.`));
  if (!decision.accepted) {
    const first = done(`You have ${incidentKey(incident)}, which was acknowledged before.`, said, ask);
    return accept(stated, joined(first, quiet));
  }
  const { reply } = decision;
  return accept([...decision.facts, ...stated], typeof reply === 'function' ? reply : joined(reply, quiet));
}

/** The page of an attempt, as whoever has its link may see it. */
export interface Linked {
  readonly key: string;
  readonly state: string;
  /** Null where it may not leave the incident. */
  readonly reason: string | null;
  readonly incident: string | null;
  /** Why it was taken back; null where it was not, and where that may not leave the incident. */
  readonly withdrawn: string | null;
  readonly to: { readonly id: string; readonly name: string };
  readonly answered: { readonly name: string; readonly at: Date } | null;
  readonly openedAt: Date;
  readonly target: string;
  readonly workspaceId: string;
}

/** What the link of an attempt leads to; null for an attempt that there is not. A link is passed on like a letter. */
export async function readLink(tx: Tx, attemptId: string): Promise<Linked | null> {
  const attempt = await tx.pageAttempt.findUnique({ where: { id: attemptId } });
  const page = attempt && (await tx.page.findUnique({ where: { id: attempt.pageId } }));
  if (!attempt || !page) return null;
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const hidden = incident?.private === true;
  const about =
    incident && `${incidentKey(incident)}${hidden ? '' : ` ${incident.severity}: ${incident.title}`}`;
  return {
    ...{ key: pageKey(page), state: page.state, openedAt: page.openedAt, target: targetText(page) },
    ...{ workspaceId: page.workspaceId, incident: about, to: calledAs(attempt) },
    reason: hidden || page.reason === '' ? null : page.reason,
    withdrawn: hidden ? null : await whyWithdrawn(tx, page),
    answered: page.answeredAt ? { name: holderText(page), at: page.answeredAt } : null,
  };
}

// Whom Slack does not know has an id of our own, which Slack is never asked about.
function calledAs({ toId, toName, path, address }: PageAttempt) {
  const name = toName ?? address;
  return { id: toId ?? `${path}:${name}`, name };
}

/** Whoever follows the link of an attempt has it, under the name that was called. */
export const answerLink = defineCommand<
  { readonly attemptId: string },
  AckTarget & { attempt: PageAttempt },
  AckState & { by: { id: string; name: string } }
>({
  verb: { surface: null, words: ['answer by link'], usage: '', summary: '', onIncident: false },
  input: z.object({ attemptId: z.string() }),
  async locate(tx, { attemptId }) {
    const attempt = await tx.pageAttempt.findUnique({ where: { id: attemptId } });
    const page = attempt && (await tx.page.findUnique({ where: { id: attempt.pageId } }));
    if (!attempt || !page) return { refused: { unknown: true, message: say('There is no such page.') } };
    const found = locatePage(page);
    return 'refused' in found ? found : { ...found, target: { ...found.target, attempt } };
  },
  async load(tx, _input, target) {
    const by = calledAs(target.attempt);
    return { ...(await loadAck(tx, target, by.id)), by };
  },
  decide({ pages, by }, _input, ask) {
    const [one] = pages;
    return one ? ackPage(one, { by, way: 'link' }, ask) : refuse(say('There is no such page.'));
  },
});
