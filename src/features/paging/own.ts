// What the program decides of pages in its turn: the next level, the end of an incident, a validation that nobody gave.
import { z } from 'zod';
import { accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { message, say } from '../../core/message.js';
import { type Change, changeKey, componentsOf } from '../change/index.js';
import type { Target } from '../oncall/index.js';
import { aboutPage, decideLook, openPage, withdraw } from './decide.js';
import { pageRedrawn } from './facts.js';
import { endCommand, lookCommand, redrawCommand, validationCommand } from './react.js';
import { loadPage, loadRinging, type PageScene, type Ringing } from './scene.js';
import { attemptsOfPage, openedIn, ringingOn } from './store.js';
import { type Page, type PageAttempt, pageStream } from './words.js';

type Rows = readonly (readonly [Page, readonly PageAttempt[]])[];

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

const endInput = z.object({ incidentId: z.string(), reason: z.string() });

/** The incident is over: nobody is called for it any more. */
const end = defineCommand<z.infer<typeof endInput>, readonly string[], Rows>({
  verb: internalVerb('page end'),
  input: endInput,
  async locate(tx, { incidentId }) {
    const ids = (await ringingOn(tx, incidentId)).map(({ id }) => id);
    return { streams: ids.map(pageStream), target: ids };
  },
  async load(tx, _input, ids) {
    const rows = await tx.page.findMany({ where: { id: { in: [...ids] } }, orderBy: { number: 'asc' } });
    return Promise.all(rows.map(async (row) => [row, await attemptsOfPage(tx, row.id)] as const));
  },
  decide(rows, { reason }) {
    const stated = rows.flatMap(([page, all]) => withdraw(page, all, reason));
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
    return { streams: [pageStream(id)], target: { id, target } };
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

const redrawInput = z.object({ factIds: z.array(z.string()) });

/** Words of pages were redacted: the messages say them no longer. */
const redraw = defineCommand<z.infer<typeof redrawInput>, readonly string[], Rows>({
  verb: internalVerb('page redraw'),
  input: redrawInput,
  async locate(tx, { factIds }) {
    const ids = await openedIn(tx, factIds);
    return { streams: ids.map(pageStream), target: ids };
  },
  async load(tx, _input, ids) {
    const rows = await tx.page.findMany({ where: { id: { in: [...ids] } } });
    return Promise.all(rows.map(async (row) => [row, await attemptsOfPage(tx, row.id)] as const));
  },
  decide(rows) {
    if (rows.length === 0) return refuse(say('No page repeats it.'));
    const stated = rows.map(([page, all]) => {
      const slack = all.filter((each) => each.path === 'slack' && each.state !== 'simulated');
      const attempts = slack.map(({ id }) => ({ id, path: 'slack' as const }));
      return pageRedrawn({ id: page.id, number: page.number, attempts }, aboutPage(page));
    });
    return accept(stated, message());
  },
});

export const ownAutomatic: Readonly<Record<string, (data: unknown) => Bound>> = {
  [lookCommand]: (data) => look.given(lookInput.parse(data)),
  [endCommand]: (data) => end.given(endInput.parse(data)),
  [validationCommand]: (data) => validation.given(validationInput.parse(data)),
  [redrawCommand]: (data) => redraw.given(redrawInput.parse(data)),
};
