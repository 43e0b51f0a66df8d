// What the program decides of pages in its turn: the next level, the end of an incident, a validation that nobody gave.
import { z } from 'zod';
import { accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Change, changeKey, componentsOf } from '../change/index.js';
import { isOpen } from '../incident/index.js';
import type { Target } from '../oncall/index.js';
import { decideLook, openPage, redrawn, withdraw } from './decide.js';
import { pageOpened, pageWithdrawn } from './facts.js';
import { endCommand, lookCommand, redrawCommand, seekCommand, validationCommand } from './react.js';
import { namesOf } from './redacted.js';
import { loadPage, loadRinging, type PageScene, type Ringing } from './scene.js';
import { callingNobody, pagesIn, type Rows, ringingOn, rowsOf } from './store.js';
import { pageNumbers, pageStream } from './words.js';

const lookInput = z.object({ pageId: z.string() });

/** Whatever is due of one page. */
const look = defineCommand<z.infer<typeof lookInput>, null, Ringing>({
  verb: internalVerb('page look'),
  input: lookInput,
  async locate(tx, { pageId }) {
    const found = await tx.page.findUnique({ where: { id: pageId }, select: { id: true } });
    if (!found) return { refused: { unknown: true, message: say('There is no such page.') } };
    return { streams: [pageStream(pageId)], target: null };
  },
  load: (tx, { pageId }, _target, ask) => loadRinging(tx, pageId, ask.now),
  decide: (it, _input, ask) => decideLook(it, ask),
});

/** Somebody new may be called: pages whose round called nobody look whether that is who they wait for. */
const seek = defineCommand<Record<string, never>, readonly string[], readonly Ringing[]>({
  verb: internalVerb('page seek'),
  input: z.object({}),
  async locate(tx, _input, ask) {
    const ids = await callingNobody(tx, ask.workspace.id);
    return { streams: ids.map(pageStream), target: ids };
  },
  load: (tx, _input, ids, ask) => Promise.all(ids.map((id) => loadRinging(tx, id, ask.now))),
  decide(pages, _input, ask) {
    const stated = pages.flatMap((each) => {
      const looked = decideLook(each, ask);
      return looked.accepted ? looked.facts : [];
    });
    return stated.length > 0 ? accept(stated, message()) : refuse(say('Nobody new is called.'));
  },
});

const endInput = z.object({ incidentId: z.string(), reason: z.string() });

interface Ending {
  readonly rows: Rows;
  /** It is open again by now. */
  readonly open: boolean;
}

/** The incident is over: nobody is called for it any more, until it is open again. */
const end = defineCommand<z.infer<typeof endInput>, readonly string[], Ending>({
  verb: internalVerb('page end'),
  input: endInput,
  async locate(tx, { incidentId }) {
    const ids = (await ringingOn(tx, incidentId)).map(({ id }) => id);
    return { streams: ids.map(pageStream), target: ids };
  },
  async load(tx, { incidentId: id }, ids) {
    const { status } = await tx.incident.findUniqueOrThrow({ where: { id } });
    return { rows: await rowsOf(tx, ids), open: isOpen(status) };
  },
  decide({ rows, open }, { reason }) {
    if (open) return refuse(say('It goes on.'));
    const stated = rows.flatMap(([page, all]) => withdraw(page, all, reason, { ended: true }));
    return stated.length > 0 ? accept(stated, message()) : refuse(say('Nothing rings.'));
  },
});

const validationInput = z.object({ changeId: z.string() });

interface Unvalidated {
  readonly change: Change;
  readonly scene: PageScene;
}

/** Nobody said for long whether a change works: whoever is on call for what it touched is called. */
const validation = defineCommand<
  z.infer<typeof validationInput>,
  { id: string; target: Target },
  Unvalidated
>({
  verb: internalVerb('page validation'),
  input: validationInput,
  async locate(tx, { changeId }, ask) {
    const id = ask.newId();
    const [first] = await componentsOf(tx, changeId);
    const target: Target = first
      ? { kind: 'service', id: null, name: first.service }
      : { kind: 'default', id: null, name: 'default' };
    return { streams: [pageStream(id), pageNumbers], target: { id, target } };
  },
  load: async (tx, { changeId }, { id, target }, ask) => ({
    change: await tx.change.findUniqueOrThrow({ where: { id: changeId } }),
    scene: await loadPage(tx, id, target, null, ask),
  }),
  decide({ change, scene }, _input, ask) {
    if (change.state !== 'validating') return refuse(say('It was said whether it works.'));
    // Everybody was asked in the channel of changes; where nobody is on call there is nobody else to ask.
    if (!scene.escalation) return refuse(say('Nobody is on call for it.'));
    const key = changeKey(change);
    const reason = `Nobody said whether everything still works after ${key}, ${change.title}. Say so: /change validate ${key} good|bad`;
    const stated = openPage(scene, { reason, cause: { kind: 'validation', name: key }, incident: null }, ask);
    return stated.length > 0 ? accept(stated, message()) : refuse(say('It rings already.'));
  },
});

const redrawInput = z.object({
  /** Of the words that were redacted. */
  factIds: z.array(z.string()),
  /** The incident whose title was. */
  titleOf: z.string().nullable(),
  /** An incident that was merged into another: its pages ring for that one. */
  merged: z.string().nullable(),
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
});
type RedrawInput = z.infer<typeof redrawInput>;

interface Redrawing {
  readonly rows: Rows;
  /** Pages whose words went out with every attempt. */
  readonly carried: ReadonlySet<string>;
  readonly from: number | null;
}

// Words that were redacted, and with them where they stand.
async function toRedraw(tx: Tx, { factIds, titleOf, merged }: RedrawInput) {
  const named = titleOf ? await pagesIn(tx, { incidentId: titleOf }, pageOpened.type) : [];
  const now = titleOf ? await tx.page.findMany({ where: { incidentId: titleOf }, select: { id: true } }) : [];
  const opened = await pagesIn(tx, { id: { in: factIds } }, pageOpened.type);
  const ended = await pagesIn(tx, { id: { in: factIds } }, pageWithdrawn.type);
  const moved = merged ? await pagesIn(tx, { incidentId: merged }, pageOpened.type) : [];
  const ringing = await tx.page.findMany({
    where: { id: { in: moved }, state: 'ringing', incidentId: { not: merged } },
  });
  const carried = [...opened, ...named, ...now.map(({ id }) => id)];
  return { carried, ids: [...new Set([...carried, ...ended, ...ringing.map(({ id }) => id)])] };
}

/** Words of pages were redacted, or they ring for another incident: the messages say what is so. */
const redraw = defineCommand<RedrawInput, { ids: string[]; carried: string[] }, Redrawing>({
  verb: internalVerb('page redraw'),
  input: redrawInput,
  async locate(tx, input) {
    const found = await toRedraw(tx, input);
    return { streams: found.ids.map(pageStream), target: found };
  },
  async load(tx, { merged }, { ids, carried }) {
    const rows = await rowsOf(tx, ids);
    const from = merged ? await tx.incident.findUnique({ where: { id: merged } }) : null;
    // Of a private incident no letter said anything.
    const about = rows.flatMap(([{ incidentId }]) => (incidentId === null ? [] : [incidentId]));
    const hidden = await tx.incident.findMany({ where: { id: { in: about }, private: true } });
    const said = rows.filter(([page]) => !hidden.some(({ id }) => id === page.incidentId));
    const told = said.map(([page]) => page.id).filter((id) => carried.includes(id));
    return { rows, carried: new Set(told), from: from?.number ?? null };
  },
  decide({ rows, carried, from }, { by }) {
    if (rows.length === 0) return refuse(say('No page repeats it.'));
    const sent = namesOf(rows.flatMap(([page, all]) => (carried.has(page.id) ? all : [])));
    const stated = rows.map(([page, all], index) =>
      redrawn(page, all, { by, from, back: false, sent: index === 0 ? sent : [] }),
    );
    return accept(stated, message());
  },
});

export const ownAutomatic: Readonly<Record<string, (data: unknown) => Bound>> = {
  [lookCommand]: (data) => look.given(lookInput.parse(data)),
  [seekCommand]: () => seek.given({}),
  [endCommand]: (data) => end.given(endInput.parse(data)),
  [validationCommand]: (data) => validation.given(validationInput.parse(data)),
  [redrawCommand]: (data) => redraw.given(redrawInput.parse(data)),
};
