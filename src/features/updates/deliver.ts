// What the program decides of updates in its turn: who is reminded, who outside is told, and what is drawn anew.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type Decision,
  defineCommand,
  internalVerb,
  type Located,
  refuse,
} from '../../core/command.js';
import type { Automatic } from '../../core/feature.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { about, type Incident, incidentStream, isOpen, openWhere } from '../incident/index.js';
import { audienceOf, keyOf, type Scene } from './audience.js';
import { decideReminder, type RemindState } from './decide.js';
import {
  copiesRedrawn,
  copiesStream,
  type Telling,
  tellings,
  type UpdateDelivered,
  updateDelivered,
  updatesDueAnew,
} from './facts.js';
import {
  readDelivered,
  readHolders,
  readMembers,
  readPromise,
  readScene,
  readUpdates,
  readWaiting,
} from './store.js';
import { cadenceCommand, deliverCommand, redrawCommand, remindCommand } from './words.js';

const nothing = () => refuse(say('Nothing is to be done.'));
const onIncidentInput = z.object({ incidentId: z.string() });

async function locate(
  tx: Tx,
  { incidentId }: { readonly incidentId: string },
  ask: Ask,
): Promise<Located<Incident>> {
  const found = await tx.incident.findFirst({ where: { id: incidentId, workspaceId: ask.workspace.id } });
  if (found) return { streams: [incidentStream(found.id)], target: found };
  return { refused: { unknown: true, message: say('There is no such incident.') } };
}

const readAgain = (tx: Tx, { id }: Incident) => tx.incident.findUniqueOrThrow({ where: { id } });

const remind = defineCommand<z.infer<typeof onIncidentInput>, Incident, RemindState>({
  verb: internalVerb('updates remind'),
  input: onIncidentInput,
  locate,
  async load(tx, _input, target) {
    const incident = await readAgain(tx, target);
    return {
      incident,
      waiting: await readWaiting(tx, incident),
      holders: await readHolders(tx, incident),
      members: await readMembers(tx, incident.id),
    };
  },
  decide: (state, _input, ask) => decideReminder(state, ask),
});

const deliverInput = z.object({
  ...onIncidentInput.shape,
  what: z.enum(tellings),
  factId: z.string(),
  number: z.int().nullable(),
});
type DeliverInput = z.infer<typeof deliverInput>;

interface DeliverState {
  readonly incident: Incident;
  readonly scene: Scene;
  readonly delivered: readonly UpdateDelivered[];
  /** What was to be told was taken back meanwhile. */
  readonly gone: boolean;
  /** When the next update is promised with it. */
  readonly nextAt: Date | null;
  /** The update that is told of with it. */
  readonly quotes: string | null;
}

const deliver = defineCommand<DeliverInput, Incident, DeliverState>({
  verb: internalVerb('updates deliver'),
  input: deliverInput,
  locate,
  async load(tx, { what, factId }, target) {
    const incident = await readAgain(tx, target);
    const there = what !== 'update' || (await tx.incidentUpdate.count({ where: { id: factId } })) > 0;
    return {
      incident,
      scene: await readScene(tx, incident),
      delivered: await readDelivered(tx, incident.id),
      gone: !there || incident.mistaken,
      nextAt: await promisedWith(tx, incident, what),
      quotes: what === 'declared' ? ((await readUpdates(tx, incident.id))[0]?.id ?? null) : null,
    };
  },
  decide: decideDeliver,
});

// As their copies say it, see views.ts; an update has its own.
async function promisedWith(tx: Tx, incident: Incident, what: Telling): Promise<Date | null> {
  if (what === 'reopened') return (await readPromise(tx, incident))?.due ?? null;
  if (what !== 'merged' || !incident.mergedIntoId) return null;
  const into = await tx.incident.findUnique({ where: { id: incident.mergedIntoId } });
  return (into && (await readPromise(tx, into))?.due) ?? null;
}

function decideDeliver(it: DeliverState, { what, factId, number }: DeliverInput): Decision {
  const already = it.delivered.some(({ data }) => data.what === what && data.factId === factId);
  if (already || (it.gone && what !== 'resolved')) return nothing();
  // It was opened again, or ended again, before anybody was told.
  const open = isOpen(it.incident.status);
  if (what === 'reopened' ? !open : ['resolved', 'merged'].includes(what) && open) return nothing();
  const to = [...audienceOf(it.scene, what)];
  if (to.length === 0) return nothing();
  const told = { what, factId, number, to, nextAt: it.nextAt, quotes: it.quotes };
  return accept([updateDelivered(told, about(it.incident))], message());
}

const redrawInput = z.object({
  ...onIncidentInput.shape,
  factIds: z.array(z.string()),
  /** The incident's own name went, which all of them repeat. */
  all: z.boolean(),
  because: z.enum(['redacted', 'undone']),
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
});
type RedrawInput = z.infer<typeof redrawInput>;

interface RedrawState {
  readonly scene: Scene;
  readonly delivered: readonly UpdateDelivered[];
  readonly mistaken: boolean;
}

const redraw = defineCommand<RedrawInput, Incident, RedrawState>({
  verb: internalVerb('updates redraw'),
  input: redrawInput,
  async locate(tx, input, ask) {
    const found = await locate(tx, input, ask);
    return 'refused' in found
      ? found
      : { ...found, streams: [...found.streams, copiesStream(input.incidentId)] };
  },
  async load(tx, _input, target) {
    const incident = await readAgain(tx, target);
    const { id, mistaken } = incident;
    return { delivered: await readDelivered(tx, id), mistaken, scene: await readScene(tx, incident) };
  },
  decide({ delivered, mistaken, scene }, { incidentId, factIds, all, because, by }) {
    // That there is no such incident is said of all that was told, once.
    if (mistaken && because === 'undone' && !all) return nothing();
    const meant = delivered.filter(({ data: { factId, quotes } }) =>
      [factId, quotes].some((each) => all || (each !== null && factIds.includes(each))),
    );
    // What brought them in was taken back, and nothing else does.
    const still = new Set(audienceOf({ ...scene, told: new Set() }, 'update').map(keyOf));
    const gone = (what: Telling, factId: string, key: string) =>
      because === 'undone' && !all && what === 'declared' && factIds.includes(factId) && !still.has(key);
    const copies = meant.flatMap(({ data: { what, factId, to } }) =>
      to.map((each) => ({
        ...each,
        factId,
        what: gone(what, factId, keyOf(each)) ? ('dropped' as const) : what,
      })),
    );
    if (copies.length === 0) return nothing();
    const number = meant[0]?.data.number ?? 0;
    return accept(
      [copiesRedrawn({ incidentId, number, because, copies, by }, { stream: copiesStream(incidentId) })],
      message(),
    );
  },
});

const openMax = 200;
const ownStream = 'updates';

/** Looks anew at all that is open, since how often updates come was changed. */
const anew = defineCommand<Record<string, never>, null, readonly string[]>({
  verb: internalVerb('updates cadence'),
  input: z.object({}),
  locate: async () => ({ streams: [ownStream], target: null }),
  async load(tx, _input, _target, ask) {
    const open = await tx.incident.findMany({
      where: { workspaceId: ask.workspace.id, ...openWhere },
      orderBy: { number: 'desc' },
      take: openMax,
      select: { id: true },
    });
    return open.map(({ id }) => id);
  },
  decide: (incidentIds) =>
    incidentIds.length === 0
      ? nothing()
      : accept([updatesDueAnew({ incidentIds: [...incidentIds] }, { stream: ownStream })], message()),
});

/** What the program decides of updates, by name. */
export const automatic: Readonly<Record<string, Automatic>> = {
  [remindCommand]: (data) => remind.given(onIncidentInput.parse(data)),
  [deliverCommand]: (data) => deliver.given(deliverInput.parse(data)),
  [cadenceCommand]: () => anew.given({}),
  [redrawCommand]: (data) => redraw.given(redrawInput.parse(data)),
};
