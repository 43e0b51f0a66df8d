// What people say to call somebody, to pass it on and to take it back.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, type Query, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import type { Form } from '../../core/form.js';
import { line, list, message, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { plainWords } from '../../core/usage.js';
import type { Tx } from '../../db/tx.js';
import { findIncident, type Incident, incidentKey, incidentsIn, visibleTo } from '../incident/index.js';
import { type Target, targetSchema } from '../oncall/index.js';
import { callsSomebody } from './ahead.js';
import { nextLevel, openPage, ringingFor, withdraw } from './decide.js';
import { callsNobody } from './due.js';
import { pageLevelReached } from './facts.js';
import { redactedPages } from './redacted.js';
import {
  besideReply,
  type Called,
  calledReply,
  joinedReply,
  nobodyElse,
  pageShown,
  whereIs,
} from './replies.js';
import { loadPage, loadRinging, type PageScene, type Ringing } from './scene.js';
import { attemptsOfPage, callingNobody, findPage, maySeePage, seesIncident } from './store.js';
import { appMeant, meantBy, secondMeant } from './targets.js';
import {
  type Page,
  type PageAttempt,
  pageKey,
  pageNumbers,
  pageStream,
  readPageKey,
  targetText,
  targetWord,
} from './words.js';

export const reasonMax = 1_000;
const listedMax = 10;

export const pageWord = z
  .string({ error: 'Say which page, such as PAGE-3.' })
  .transform((word) => readPageKey(word) ?? Number.NaN)
  .refine((number) => Number.isSafeInteger(number), {
    error: 'A page is named by its number, such as PAGE-3.',
  });

const pageInput = z.object({
  incident: z.int().optional(),
  user: z.object({ id: z.string(), name: z.string() }).optional(),
  target: z.string().max(200, { error: 'Whom? A service, a team, a schedule or @name.' }).optional(),
  /** What programs of ours mean for certain. */
  meant: targetSchema.optional(),
  reason: textOf({ missing: '', limit: reasonMax }).optional(),
  /** The reason stands behind the target, which may go on in it, or be one of several. */
  inLine: z.boolean().default(false),
  remarks: z.array(z.string()).default([]),
});
type PageInput = z.infer<typeof pageInput>;

const pageForm: Form = {
  title: 'Call somebody',
  submit: 'Call',
  fields: [
    { kind: 'person', name: 'user', label: 'A person', optional: true },
    {
      kind: 'text',
      name: 'target',
      label: 'Or a service, a team or a schedule',
      optional: true,
      placeholder: 'api',
      hint: 'default calls whoever is on call for everything else.',
      maxLength: 100,
    },
    { kind: 'text', name: 'reason', label: 'What for?', optional: true, long: true, maxLength: reasonMax },
  ],
};

interface PageTarget {
  readonly id: string;
  readonly target: Target | null;
  readonly reason: string;
  readonly incident: Incident | null;
  readonly notes: readonly string[];
  /** A page that is only shown. */
  readonly shown: Page | null;
}

interface PageState extends PageTarget {
  readonly scene: PageScene | null;
  readonly all: readonly PageAttempt[];
  readonly hidden: boolean;
  /** Its reason was. */
  readonly redacted: boolean;
}

/** `page @user|team|service [REASON]`, and `page PAGE-3`. */
export const page = defineCommand<PageInput, PageTarget, PageState>({
  verb: {
    surface: 'incident',
    words: ['page'],
    usage: '[@user] [TARGET] [REASON]',
    summary:
      'Calls a person, or whoever is on call for a service, a team or a schedule, until somebody has it. PAGE-3 shows one.',
    example: '/incident page api writes are stuck',
    onIncident: true,
    // Behind a person all words are the reason.
    fromLine: ({ target, reason, ...values }) =>
      values.user === undefined
        ? { ...values, target, reason, inLine: true }
        : { ...values, reason: reasonOf(target, reason), inLine: true },
  },
  input: pageInput,
  form: pageForm,
  async locate(tx, input, ask) {
    const shown = input.target && /^page-?\d/i.test(input.target) ? readPageKey(input.target) : null;
    const id = ask.newId();
    if (shown !== null) {
      const found = await findPage(tx, { page: shown }, ask);
      if ('refused' in found) return found;
      const { streams, target: row } = found;
      return { streams, target: { id, target: null, reason: '', incident: null, notes: [], shown: row } };
    }
    const incident = await aboutWhat(tx, input, ask);
    if (incident && 'refused' in incident) return incident;
    const { user } = input;
    const given = input.meant ?? (user ? { kind: 'person' as const, id: user.id, name: user.name } : null);
    if (!given && !input.target) return { refused: { message: whom(), field: 'target' } };
    const said = input.reason ?? '';
    const meant = given
      ? { target: given, note: null, rest: said }
      : await meantBy(tx, input.target ?? '', ask, input.inLine ? said : '');
    if ('refused' in meant) return meant;
    const app = await appMeant(tx, meant.target, ask);
    if (app) return app;
    const second = input.inLine ? await secondMeant(tx, meant, ask) : null;
    if (second) return second;
    const notes = meant.note === null ? [] : [meant.note];
    const reason = input.inLine ? meant.rest : said;
    const target = { id, target: meant.target, reason, incident, notes, shown: null };
    return { streams: [pageStream(id), pageNumbers], target };
  },
  async load(tx, _input, it, ask) {
    const scene = it.target ? await loadPage(tx, it.id, it.target, it.incident, ask) : null;
    const row = it.shown;
    const all = row ? await attemptsOfPage(tx, row.id) : [];
    const incident = row?.incidentId
      ? await tx.incident.findUnique({ where: { id: row.incidentId } })
      : it.incident;
    const hidden = row !== null && !(await seesIncident(tx, row, ask));
    const redacted = row !== null && (await redactedPages(tx, [row])).has(row.id);
    return { ...it, incident, scene, all, hidden, redacted };
  },
  decide: decidePage,
});

function decidePage(it: PageState, input: PageInput, ask: Ask): Decision {
  if (it.shown) return accept([], pageShown(it.shown, it.all, it, ask));
  const { scene, incident } = it;
  if (!scene) return refuse(whom(), 'target');
  const opening = {
    reason: it.reason,
    cause: { kind: 'person' as const, name: null },
    incident,
  };
  const rings = ringingFor(scene.ringing, opening);
  if (rings) return accept([], joinedReply(rings, !scene.callingNobody.includes(rings.id), ask));
  const stated = openPage(scene, opening, ask);
  const notes = [...it.notes, ...input.remarks];
  const { ahead, escalation } = scene;
  const more = { ahead, incident, of: escalation?.of ?? null, notes, calledBefore: false };
  const levels = levelsIn(stated);
  return accept(stated, besideReply(levels, more, ask) ?? calledReply(levels, more, ask));
}

// What was stated of levels is what its schema says.
function levelsIn(stated: readonly Stated[]): Called[] {
  return stated.filter(({ type }) => type === pageLevelReached.type).map(({ data }) => data as Called);
}

function reasonOf(...words: readonly unknown[]): string | undefined {
  const said = words.flatMap((each) => (typeof each === 'string' ? [plainWords(each)] : []));
  return said.join(' ') || undefined;
}

function whom() {
  return say(
    'Whom? ',
    { code: '/incident page @name REASON' },
    ', a service, a team or a schedule instead of the name, or ',
    { code: 'default' },
    '. Nobody was called.',
  );
}

// A page may be about no incident: then it is about nothing but its reason.
async function aboutWhat(tx: Tx, input: PageInput, ask: Ask) {
  if (input.incident !== undefined) {
    const found = await findIncident(tx, input, ask);
    return 'refused' in found ? found : found.target;
  }
  if ((await incidentsIn(tx, ask)).length === 0) return null;
  const found = await findIncident(tx, {}, ask);
  return 'refused' in found ? null : found.target;
}

const ofPageInput = z.object({ page: pageWord, remarks: z.array(z.string()).default([]) });

/** `escalate PAGE-3`: the next level now, also where whoever has it cannot keep it. */
export const escalate = defineCommand<z.infer<typeof ofPageInput>, Page, Ringing>({
  verb: {
    surface: 'incident',
    words: ['escalate'],
    usage: 'PAGE',
    summary: 'Calls the next level of a page now. It rings again if somebody had it.',
    example: '/incident escalate PAGE-3',
    onIncident: false,
    inDrill: 'own',
  },
  input: ofPageInput,
  locate: findPage,
  load: (tx, _input, { id }, ask) => loadRinging(tx, id, ask.now, 'after', ask.actor.id),
  decide(it, _input, ask) {
    const { page: row, incident, ahead, all, next } = it;
    if (row.state === 'withdrawn')
      return refuse(
        say(`${pageKey(row)} was withdrawn, and calls nobody any more. To call again: `, {
          code: `/incident page ${targetWord(row)} REASON`,
        }),
      );
    if (it.passes && !callsSomebody(ahead)) return refuse(nobodyElse(row, !callsNobody(row, all), ask));
    const stated = nextLevel(it, 'asked', ask);
    const more = { ahead, incident, of: targetText(row), notes: [], calledBefore: !callsNobody(next, all) };
    return accept(stated, calledReply(levelsIn(stated), more, ask));
  },
});

const withdrawInput = z.object({
  page: pageWord,
  reason: textOf({ missing: 'Say why, such as “the wrong team”.', limit: reasonMax }),
  remarks: z.array(z.string()).default([]),
});

/** `withdraw PAGE-3 REASON`: it rings no more. */
export const withdrawVerb = defineCommand<
  z.infer<typeof withdrawInput>,
  Page,
  readonly [Page, PageAttempt[], boolean]
>({
  verb: {
    surface: 'incident',
    words: ['withdraw'],
    usage: 'PAGE REASON',
    summary: 'Takes a page back: it calls nobody any more, and those who were called hear why.',
    example: '/incident withdraw PAGE-3 the wrong team',
    onIncident: false,
    inDrill: 'own',
  },
  input: withdrawInput,
  locate: findPage,
  load: async (tx, _input, { id, incidentId }, ask) => [
    await tx.page.findUniqueOrThrow({ where: { id } }),
    await attemptsOfPage(tx, id),
    await seesIncident(tx, { incidentId }, ask),
  ],
  decide([row, all, seen], { reason }, ask) {
    const key = pageKey(row);
    // The reason would stand in a channel that they may not see.
    if (!seen)
      return refuse(
        say(
          `${key} is of a private incident, which you are not in, so you cannot take it back. `,
          { code: `/incident ack ${key}` },
          ' says that you have it, ',
          { code: `/incident escalate ${key}` },
          ' passes it on.',
        ),
      );
    const stated = withdraw(row, all, reason);
    if (stated.length === 0)
      return refuse(say(`${key} rings no more: ${whereIs(row, true, ask)} Nothing was done.`));
    return accept(stated, say(`${key} is withdrawn. Those who were called by Slack see why.`));
  },
});

/** `pages`: those that ring, and the latest that did. */
export const pagesQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['pages'],
    usage: '',
    summary: 'The pages that ring, and the latest ones.',
    onIncident: false,
  },
  async answer(tx, _values, ask) {
    const rows = await visiblePages(tx, ask, listedMax);
    if (rows.length === 0) return say('Nobody was called yet. ', { code: '/incident page default REASON' });
    const waiting = new Set(await callingNobody(tx, ask.workspace.id));
    const gone = await redactedPages(
      tx,
      rows.map((each) => each.page),
    );
    return message(
      rows.every((each) => each.page.state !== 'ringing') && line('Nothing rings.'),
      list(
        rows.map(({ page: row, incident, hidden }) => [
          { bold: pageKey(row) },
          `${row.drill ? ' (a drill)' : ''} ${targetText(row)}${incident ? `, ${incidentKey(incident)}` : ''}: ${whereIs(row, !waiting.has(row.id), ask)}`,
          ...(hidden || row.reason === '' ? [] : [` ${shorten(row.reason, 80)}`]),
          ...(!hidden && gone.has(row.id) ? [' redacted'] : []),
        ]),
      ),
      line({ code: '/incident page PAGE-1' }, ' shows one with all its attempts.'),
    );
  },
};

export interface SeenPage {
  readonly page: Page;
  readonly incident: Incident | null;
  /** The asker was called, and may not see what it is about. */
  readonly hidden: boolean;
}

/** Pages that the asker may know of: those that ring first, then the latest. */
export async function visiblePages(tx: Tx, ask: Ask, limit: number): Promise<SeenPage[]> {
  const where = { workspaceId: ask.workspace.id };
  const latest = { orderBy: { number: 'desc' }, take: limit * 2 } as const;
  const ringing = await tx.page.findMany({ where: { ...where, state: 'ringing' }, ...latest });
  const others = await tx.page.findMany({ where: { ...where, state: { not: 'ringing' } }, ...latest });
  const rows = [...ringing, ...others];
  const ids = rows.flatMap(({ incidentId }) => (incidentId === null ? [] : [incidentId]));
  const incidents = await tx.incident.findMany({ where: { id: { in: ids } } });
  const seen = await tx.incident.findMany({
    where: { id: { in: ids }, AND: [await visibleTo(tx, ask)] },
    select: { id: true },
  });
  const shown: SeenPage[] = [];
  for (const row of rows) {
    const incident = incidents.find((each) => each.id === row.incidentId) ?? null;
    const hidden = row.incidentId !== null && !seen.some((each) => each.id === row.incidentId);
    if (!hidden || (await maySeePage(tx, row, ask))) shown.push({ page: row, incident, hidden });
    if (shown.length === limit) break;
  }
  return shown;
}
