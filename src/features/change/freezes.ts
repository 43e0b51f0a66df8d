// What a freeze means for what is planned: its owners are told, in one message each, and where it is free.
import { z } from 'zod';
import { type Ask, accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Json } from '../../core/effect.js';
import { isInSlack, on, readFact } from '../../core/fact.js';
import type { Automatic, Projection, Reaction, View } from '../../core/feature.js';
import {
  type ButtonSpec,
  buttons,
  line,
  list,
  message,
  type Span,
  say,
  shorten,
} from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import {
  type Frozen,
  freezeExtended,
  freezeKey,
  freezeLifted,
  freezeSet,
  freezesStream,
  onFreezes,
  readFrozen,
} from '../freeze/index.js';
import { planOfChange } from './decide.js';
import { plansFrozen } from './facts.js';
import { withFreezes } from './frozen.js';
import { withPlaces } from './list.js';
import type { Plan } from './plan.js';
import { refreshChange } from './react.js';
import { freeSlots } from './slots.js';
import { type Change, conflictsOfRow } from './store.js';
import { surroundingsOf } from './surroundings.js';
import { later } from './windows.js';
import { type Conflict, changeKey } from './words.js';

/** What the program decides when a freeze is made, lifted, or lasts otherwise: which plans it meets. */
const plansCommand = 'change.frozen';

const plansMax = 500;
/** Of so many, the first free time is looked for. */
const freeTimesMax = 10;
const buttonsMax = 3;
const dayMs = 86_400_000;
const titleShown = 80;
const reasonShown = 120;

const lookInput = z.object({ freezeId: z.string() });

/** A planned change that a freeze came over, or went from. */
interface Met {
  readonly change: Change;
  readonly conflict: Conflict | null;
  readonly freeAt: Date | null;
}

interface PlansState {
  readonly freeze: Frozen;
  readonly met: readonly Met[];
}

const look = defineCommand<z.infer<typeof lookInput>, null, PlansState | null>({
  verb: internalVerb('plans in a freeze'),
  input: lookInput,
  locate: async () => ({ streams: [freezesStream], target: null }),
  load: plansMet,
  decide(state) {
    if (!state || state.met.length === 0) return refuse(say('It is in no plan’s way.'));
    const { freeze, met } = state;
    const plans = met.map(({ change, conflict, freeAt }) => ({
      ...{ changeId: change.id, number: change.number, conflict, freeAt },
      owner: { id: change.ownerId, name: change.ownerName },
    }));
    const { id, number } = freeze;
    return accept([plansFrozen({ freeze: { id, number }, plans }, { stream: freezesStream })], message());
  },
});

async function plansMet(
  tx: Tx,
  { freezeId }: { readonly freezeId: string },
  _target: null,
  ask: Ask,
): Promise<PlansState | null> {
  const workspaceId = ask.workspace.id;
  const row = await tx.freeze.findFirst({ where: { id: freezeId, workspaceId } });
  if (!row || row.drill) return null;
  const freeze = readFrozen(row);
  const planned = await tx.change.findMany({
    where: {
      ...{ workspaceId, state: 'planned', unchanged: false },
      startsAt: { gte: new Date(ask.now.getTime() - dayMs) },
    },
    orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
    take: plansMax,
  });
  const environments = await environmentsOf(tx, workspaceId);
  const met: Met[] = [];
  let looked = 0;
  for (const { change, components } of await withPlaces(tx, workspaceId, planned)) {
    const startsAt = change.plannedStart ?? change.startsAt;
    const plan = planOfChange(change, components, { startsAt, endsAt: change.plannedEnd });
    const [conflict = null] = withFreezes(plan, { environments, freezes: [freeze] });
    const known = conflictsOfRow(change).find((each) => each.with === freezeKey(freeze));
    if (conflict?.text === known?.text) continue;
    looked += 1;
    const freeAt = conflict && looked <= freeTimesMax ? await firstFree(tx, plan, ask) : null;
    met.push({ change, conflict, freeAt });
  }
  return { freeze, met };
}

async function firstFree(tx: Tx, plan: Plan, ask: Ask): Promise<Date | null> {
  const from = later(plan.startsAt, ask.now);
  const around = await surroundingsOf(tx, plan, ask);
  return freeSlots(plan, around, from, ask.workspace.zone)[0] ?? null;
}

export const freezeProjections: Projection[] = [
  on(plansFrozen, async ({ data: { freeze, plans } }, tx: Tx) => {
    for (const { changeId, conflict } of plans) {
      const row = await tx.change.findUnique({ where: { id: changeId } });
      if (!row) continue;
      const others = conflictsOfRow(row).filter((each) => each.with !== freezeKey(freeze));
      const conflicts = [...(conflict ? [conflict] : []), ...others];
      await tx.change.update({
        where: { id: changeId },
        data: { conflicts: conflicts as unknown as Prisma.InputJsonValue },
      });
    }
  }),
];

function lookAt(it: { readonly id: string; readonly drill: boolean }) {
  if (it.drill) return [];
  const data: Json = { freezeId: it.id };
  // Behind what announces the freeze itself.
  return [onFreezes({ do: 'decide', command: plansCommand, data }, { step: 1, essential: true })];
}

export const freezeReactions: Reaction[] = [
  on(freezeSet, ({ data }) => lookAt(data)),
  on(freezeExtended, ({ data }) => lookAt(data)),
  on(freezeLifted, ({ data }) => lookAt(data)),
  on(plansFrozen, (fact) => {
    const { plans } = fact.data;
    const owners = new Set(plans.flatMap(({ owner }) => (owner.id && isInSlack(owner.id) ? [owner.id] : [])));
    return [
      ...plans.map((each) => refreshChange(each.changeId)),
      ...[...owners].map((userId) =>
        onFreezes(
          {
            do: 'show',
            view: 'plansFrozen',
            slot: `plans/${fact.id}/${userId}`,
            destination: { to: 'person', userId },
            about: `${fact.id} @${userId}`,
          },
          { essential: true },
        ),
      ),
    ];
  }),
];

/** What one owner is told of a freeze: which of their plans it meets, until when, and when it is free. */
export const plansFrozenView: View = async (tx, about) => {
  const [factId = '', who = ''] = about.split(' ');
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const { freeze, plans } = plansFrozen.read(readFact(row)).data;
  const frozen = await tx.freeze.findUnique({ where: { id: freeze.id } });
  const own = plans.filter((each) => each.owner.id === who.slice(1));
  const changes = await tx.change.findMany({ where: { id: { in: own.map((each) => each.changeId) } } });
  const titles = new Map(changes.map((each) => [each.id, each.title]));
  const named = (each: (typeof own)[number]): Span[] => [
    { bold: changeKey(each) },
    ` ${shorten(titles.get(each.changeId) ?? '', titleShown)}`,
  ];
  const held = own.filter((each) => each.conflict !== null);
  const freed = own.filter((each) => each.conflict === null);
  const why = frozen ? ` (${frozen.ownerName}: ${shorten(frozen.reason, reasonShown)})` : '';
  const moves = held.flatMap(({ number, freeAt }): ButtonSpec[] =>
    freeAt
      ? [{ label: `Move CHG-${number} there`, command: `/change move CHG-${number} ${written(freeAt)}` }]
      : [],
  );
  return message(
    held.length > 0 && line(`What you planned falls into a freeze, ${freezeKey(freeze)}${why}.`),
    list(
      held.map((each): Span[] => [
        ...named(each),
        `: ${each.conflict?.text ?? ''}`,
        ...(each.freeAt ? [' Free at ', { at: each.freeAt }] : []),
      ]),
    ),
    held.length > 0 &&
      line(
        'Move it: ',
        { code: `/change move ${changeKey(held[0] ?? { number: 0 })} WHEN` },
        '. The gate does not let it start before.',
      ),
    freed.length > 0 && line(`${freezeKey(freeze)} is in the way no more of what you planned:`),
    list(freed.map(named)),
    moves.length > 0 && buttons(...moves.slice(0, buttonsMax)),
  );
};

function written(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export const freezeAutomatic: Readonly<Record<string, Automatic>> = {
  [plansCommand]: (data) => look.given(lookInput.parse(data)),
};
