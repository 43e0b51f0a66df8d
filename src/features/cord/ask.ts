// When its incident is over, the owner of a cord is asked whether it is still needed: lift it, or keep it.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Destination, type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on, readFact, type Stated } from '../../core/fact.js';
import type { Reaction, View } from '../../core/feature.js';
import { buttons, line, type Message, message, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { hourMs, minuteMs } from '../../core/time/zones.js';
import type { Tx } from '../../db/tx.js';
import {
  type Freeze,
  findFreeze,
  freezeKey,
  freezeLifted,
  freezesStream,
  freezeWord,
  onFreezes,
  readFrozen,
  windowNow,
} from '../freeze/index.js';
import {
  type Incident,
  idOf,
  incidentCalledOff,
  incidentKey,
  incidentMerged,
  isEnd,
  isOpen,
  statusSet,
  visibleTo,
  withMerged,
} from '../incident/index.js';
import { currentRoles } from '../roles/index.js';
import { freezeKept, freezeOwnerAsked } from './facts.js';

/** What the program decides when an incident is over, and again when nobody answered. */
const askCommand = 'cord.ask';

/** So long the owner has to answer before others are asked. */
const answerMs = 15 * minuteMs;
/** So often all of them are asked from then on, as long as it is on. */
const againMs = 2 * hourMs;
const textLimit = 500;
const reasonShown = 150;

const askInput = z.object({ incidentId: z.string(), since: z.coerce.date() });
type AskInput = z.infer<typeof askInput>;

type Person = { readonly id: string; readonly name: string };

/** A cord that is on, with how often somebody was asked since its incident was over, and when last. */
interface CordOn {
  readonly freeze: Freeze;
  /** Its own: the one that is over, or one that was merged into that. */
  readonly incident: Incident;
  readonly rounds: number;
  readonly last: Date | null;
  readonly kept: boolean;
  readonly before: boolean;
}

interface AskState {
  readonly incident: Incident;
  /** Where it goes on, if it was merged into another. */
  readonly into: Incident | null;
  readonly cords: readonly CordOn[];
  readonly commander: Person | null;
}

/** Asks of each cord of an incident that is over. */
const askCords = defineCommand<AskInput, string, AskState | null>({
  verb: internalVerb('ask of cords'),
  input: askInput,
  locate: async (_tx, { incidentId }) => ({ streams: [freezesStream], target: incidentId }),
  load: (tx, input, _id, ask) => readAsk(tx, input, ask),
  decide: (state, { since }, ask) => decideAsk(state, since, ask),
});

async function readAsk(tx: Tx, { incidentId, since }: AskInput, ask: Ask): Promise<AskState | null> {
  const workspaceId = ask.workspace.id;
  const incident = await tx.incident.findFirst({ where: { id: incidentId, workspaceId } });
  if (!incident) return null;
  const ids = await withMerged(tx, incidentId);
  const own = await tx.incident.findMany({ where: { id: { in: ids } } });
  const rows = await tx.freeze.findMany({
    where: { workspaceId, incidentId: { in: ids }, overAt: { gt: ask.now } },
    orderBy: { number: 'asc' },
  });
  const facts = await tx.fact.findMany({
    where: {
      ...{ workspaceId, incidentId: { in: ids } },
      type: { in: [freezeOwnerAsked.type, freezeKept.type] },
    },
    orderBy: { position: 'asc' },
  });
  const on = rows.filter((row) => windowNow(readFrozen(row), ask.now) !== null);
  return {
    incident,
    into: incident.mergedIntoId
      ? await tx.incident.findUnique({ where: { id: incident.mergedIntoId } })
      : null,
    commander: await commanderOf(tx, incident),
    cords: on.flatMap((freeze) => {
      const its = own.find(({ id }) => id === freeze.incidentId);
      const all = facts.filter((each) => (each.data as { id: string }).id === freeze.id);
      const late = all.filter((each) => each.recordedAt >= since);
      const asked = late.filter((each) => each.type === freezeOwnerAsked.type);
      const kept = late.some((each) => each.type === freezeKept.type);
      const cord = { rounds: asked.length, last: asked.at(-1)?.recordedAt ?? null, kept };
      return its ? [{ freeze, incident: its, ...cord, before: all.length > 0 }] : [];
    }),
  };
}

/** Who leads an incident; of one that was merged, who leads where it goes on. */
export async function commanderOf(
  tx: Tx,
  { id, mergedIntoId }: Pick<Incident, 'id' | 'mergedIntoId'>,
): Promise<Person | null> {
  const roles = await currentRoles(tx, mergedIntoId ?? id);
  const held = roles.find((each) => each.role === 'commander');
  return held ? { id: held.userId, name: held.userName } : null;
}

function decideAsk(state: AskState | null, since: Date, ask: Ask): Decision {
  if (!state || isOpen(state.incident.status)) return refuse(say('Its incident is not over.'));
  const facts = state.cords.flatMap((cord) => {
    const wait = cord.rounds <= 1 ? answerMs : againMs;
    if (cord.kept || (cord.last && ask.now.getTime() - cord.last.getTime() < wait)) return [];
    return [asked(state, cord, since, ask)];
  });
  return facts.length > 0 ? accept(facts, message()) : refuse(say('Nobody is to be asked.'));
}

function asked(state: AskState, { freeze, incident, rounds, before }: CordOn, since: Date, ask: Ask): Stated {
  const owner = { id: freeze.ownerId, name: freeze.ownerName };
  const leads = state.commander ? [state.commander] : [];
  const others = leads.filter(({ id }) => id !== owner.id);
  const whom = [[owner], others][rounds] ?? [owner, ...others];
  // One that is over itself, whatever it was merged into, is asked of where people are now.
  const at = state.into ?? (incident.id === state.incident.id ? null : state.incident);
  return freezeOwnerAsked(
    {
      ...{ id: freeze.id, number: freeze.number, owner, round: rounds + 1, anew: before, since },
      people: incident.drill ? [] : whom.filter(({ id }) => isInSlack(id)),
      next: new Date(ask.now.getTime() + (rounds === 0 ? answerMs : againMs)),
      incident: { id: incident.id, number: incident.number, shown: !incident.private },
      into: at && { id: at.id, number: at.number },
      drill: freeze.drill,
    },
    { stream: freezesStream, incidentId: incident.id },
  );
}

interface KeepInput {
  readonly id: number;
  readonly text?: string | undefined;
}

interface KeepState {
  readonly freeze: Freeze;
  /** Null where there is none, or the asker may not know of it. */
  readonly incident: Incident | null;
  /** Who answered so since they were asked last. */
  readonly keptBy: string | null;
}

/** `/freeze keep FRZ-3`: the answer that leaves it on. */
export const keep = defineCommand<KeepInput, Freeze, KeepState>({
  verb: {
    surface: 'freeze',
    words: ['keep'],
    usage: 'ID [TEXT]',
    summary: 'Keeps the freeze of an incident that is over until its own end; nobody is asked again.',
    example: '/freeze keep FRZ-3 the restores still run',
    onIncident: false,
    inDrill: 'own',
  },
  input: z.object({ id: freezeWord, text: textOf({ missing: '', limit: textLimit }).optional() }),
  locate: findFreeze,
  async load(tx, _input, { id }, ask) {
    const freeze = await tx.freeze.findUniqueOrThrow({ where: { id } });
    const { incidentId, workspaceId } = freeze;
    if (incidentId === null) return { freeze, incident: null, keptBy: null };
    const where = { workspaceId, id: incidentId, AND: [await visibleTo(tx, ask)] };
    const incident = await tx.incident.findFirst({ where });
    return { freeze, incident, keptBy: await keeperOf(tx, freeze, incidentId) };
  },
  decide: decideKeep,
});

// Over again, and asked again, it is answered again.
async function keeperOf(tx: Tx, { id, workspaceId }: Freeze, incidentId: string): Promise<string | null> {
  const facts = await tx.fact.findMany({
    where: { workspaceId, incidentId, type: { in: [freezeOwnerAsked.type, freezeKept.type] } },
    orderBy: { seq: 'asc' },
  });
  const last = facts.findLast((each) => (each.data as { id: string }).id === id);
  return last?.type === freezeKept.type ? last.actorName : null;
}

function decideKeep({ freeze, incident, keptBy }: KeepState, input: KeepInput, ask: Ask): Decision {
  const key = freezeKey(freeze);
  if (windowNow(readFrozen(freeze), ask.now) === null)
    return refuse(say(`${key} is not on, so there is nothing to keep. Nothing was changed.`));
  if (!incident || isOpen(incident.status))
    return refuse(
      say(
        `${key} stays on until its end; nobody asked to lift it. `,
        { code: `/freeze extend ${key} for:1h` },
        ' makes it longer. Nothing was changed.',
      ),
    );
  if (keptBy !== null)
    return refuse(
      say(
        `${key} is kept already, by ${keptBy}: it stays on until `,
        { at: freeze.overAt },
        '. ',
        { code: `/freeze lift ${key}` },
        ' ends it. Nothing was changed.',
      ),
    );
  const { id, number } = freeze;
  const fact = freezeKept(
    {
      ...{ id, number, text: input.text ?? null, drill: freeze.drill },
      incident: { id: incident.id, number: incident.number, shown: !incident.private },
    },
    { stream: freezesStream, incidentId: incident.id },
  );
  const told = say(
    `${key} stays on until `,
    { at: freeze.overAt },
    '. ',
    { code: `/freeze lift ${key}` },
    ' ends it.',
  );
  return accept([fact], told);
}

const slotOf = (id: string, who: string) => `cordAsk/${id}/${who}`;

export const askReactions: Reaction[] = [
  on(statusSet, (fact) => {
    const { from, to } = fact.data;
    return isEnd(from, to) ? [askNow(fact)] : [];
  }),
  on(incidentMerged, (fact) => [askNow(fact)]),
  on(incidentCalledOff, (fact) => [askNow(fact)]),
  on(freezeOwnerAsked, (fact) => {
    const { id, number, incident, people, next, anew, into } = fact.data;
    const since = fact.data.since ?? new Date(fact.recordedAt.getTime() - 2 * answerMs);
    const place = into?.id ?? incident.id;
    return [
      ...people.map((each) => show(fact.id, id, each.id, { to: 'person', userId: each.id })),
      ...(anew
        ? [
            replaced(incident.id, id, say(`Whether ${freezeKey({ number })} is still needed is asked anew.`)),
            inIncident(place, fact.id, `${slotOf(id, 'incident')}/${fact.id}`),
          ]
        : [inIncident(place, fact.id, slotOf(id, 'incident'))]),
      later(id, next, { incidentId: incident.id, since: since.toISOString() }),
    ];
  }),
  on(freezeKept, (fact) => {
    const { id, incident, number } = fact.data;
    const told = say(`${fact.actor.name} keeps ${freezeKey({ number })}.`);
    return [later(id, null, null), replaced(incident.id, id, told)];
  }),
  on(freezeLifted, (fact) => {
    const { id, incident, number } = fact.data;
    if (!incident) return [];
    const told = say(`${freezeKey({ number })} is lifted (${fact.actor.name}).`);
    return [later(id, null, null), replaced(incident.id, id, told)];
  }),
];

function askNow(fact: Fact): Effect {
  const data = { incidentId: idOf(fact), since: fact.recordedAt.toISOString() };
  return onFreezes({ do: 'decide', command: askCommand, data }, { step: 1, essential: true });
}

function later(id: string, at: Date | null, data: Later['data']): Later {
  return { key: `cord/${id}`, at, command: askCommand, data };
}

function show(factId: string, id: string, who: string, destination: Destination): Effect {
  const slot = `${slotOf(id, who)}/${factId}`;
  return onFreezes({ do: 'show', view: 'cordAsk', slot, destination, about: factId }, { essential: true });
}

// In the incident's own lane: behind what is said there of its end. Asked again, it is another message.
function inIncident(incidentId: string, factId: string, slot: string): Effect {
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: 'cordAsk',
      slot,
      destination: { to: 'incident' },
      about: factId,
    },
    { essential: true },
  );
}

function replaced(incidentId: string, id: string, told: Message): Effect {
  return onIncident(incidentId, { do: 'replace', slot: slotOf(id, 'incident'), message: told });
}

/** The question to the owner, or to the commander: is it still needed? */
export const askView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const { id, incident, round, owner, into } = freezeOwnerAsked.read(readFact(row)).data;
  const freeze = await tx.freeze.findUnique({ where: { id } });
  if (!freeze || freeze.liftedAt) return null;
  const key = freezeKey(freeze);
  const goesOn = into && (await tx.incident.findUnique({ where: { id: into.id } }));
  const why =
    goesOn && isOpen(goesOn.status)
      ? `${incidentKey(incident)} was merged into ${incidentKey(goesOn)}`
      : `${incidentKey(into ?? incident)} is over`;
  return message(
    line(
      `${why}, and `,
      { bold: key },
      ` is still on until `,
      { at: freeze.overAt },
      `: ${shorten(freeze.reason, reasonShown)}. Is it still needed?`,
    ),
    round > 1 && line({ person: owner.id, name: owner.name }, ' was asked and has not answered.'),
    line({ code: `/freeze lift ${key}` }, ' or ', { code: `/freeze keep ${key}` }),
    buttons(
      { label: `Lift ${key}`, command: `/freeze lift ${key}`, style: 'primary' },
      { label: `Keep ${key}`, command: `/freeze keep ${key}` },
    ),
  );
};

export const askAutomatic = {
  [askCommand]: (data: unknown) => askCords.given(askInput.parse(data)),
};
