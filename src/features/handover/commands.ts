// The verbs of handing over, and what the program looks after by itself.
import { z } from 'zod';
import {
  type Ask,
  type CommandSpec,
  defineCommand,
  internalVerb,
  type Located,
  type Query,
} from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import {
  findIncident,
  type Incident,
  incidentStream,
  onIncidentInput,
  personSchema,
} from '../incident/index.js';
import { definedRoles, findRole, roleField, roleNames, roleWord } from '../roles/index.js';
import { wholeBrief } from './brief.js';
import * as decide from './decide.js';
import { decideHeld, decideStay, type HeldState } from './held.js';
import { levelsOf, loadHeld, loadOffers, type OfferState, offersTo } from './store.js';

const textLimit = 500;
const words = textOf({ missing: 'Say it in a few words, or leave it out.', limit: textLimit }).optional();

const offerInput = z.object({
  ...onIncidentInput,
  role: roleWord,
  user: z.object(personSchema.shape, { error: 'Say who takes it over: @name.' }),
  text: words,
});

function offerForm(field: Form['fields'][number]): Form {
  return {
    title: 'Hand over a role',
    submit: 'Ask them',
    fields: [
      field,
      { kind: 'person', name: 'user', label: 'Who takes it over?' },
      {
        kind: 'text',
        name: 'text',
        label: 'What must they know that is not on record?',
        hint: 'They get the state of the incident with it.',
        optional: true,
        long: true,
        maxLength: textLimit,
      },
    ],
  };
}

export const handover = defineCommand<z.infer<typeof offerInput>, Incident, OfferState>({
  verb: {
    surface: 'incident',
    words: ['handover'],
    usage: 'ROLE @user [TEXT]',
    summary: 'Asks somebody to take over a role, with a brief from the record. Until they accept, it stays.',
    example: '/incident handover commander @bob the vendor calls back at 14:00',
    onIncident: true,
  },
  input: offerInput,
  form: offerForm(roleField([])),
  formFor: async (tx, workspaceId) => offerForm(roleField(await definedRoles(tx, workspaceId))),
  locate: findIncident,
  load: (tx, { user }, target) => loadOffers(tx, target.id, user.id),
  decide: decide.decideOffer,
});

const answerInput = z.object({ ...onIncidentInput, role: roleWord, reason: words });

function answerCommand(
  verb: { words: string[]; usage: string; summary: string; example: string },
  decideIt: CommandSpec<z.infer<typeof answerInput>, Incident, OfferState>['decide'],
) {
  return defineCommand<z.infer<typeof answerInput>, Incident, OfferState>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input: answerInput,
    locate: locateOffered,
    load: (tx, _input, target, ask) => loadOffers(tx, target.id, ask.actor.id),
    decide: decideIt,
  });
}

export const acceptCommand = answerCommand(
  {
    words: ['accept'],
    usage: 'ROLE',
    summary: 'You take over the role that you were asked to take over.',
    example: '/incident accept commander',
  },
  decide.decideAccept,
);

export const declineCommand = answerCommand(
  {
    words: ['decline'],
    usage: 'ROLE [REASON]',
    summary: 'You do not take over the role; or you no longer ask somebody to.',
    example: '/incident decline commander I am on a train',
  },
  decide.decideDecline,
);

// Whoever is asked may answer although the incident does not exist for them yet.
async function locateOffered(
  tx: Tx,
  input: { incident?: number | undefined },
  ask: Ask,
): Promise<Located<Incident>> {
  const found = await findIncident(tx, input, ask);
  if (!('refused' in found)) return found;
  const offers = await offersTo(tx, ask);
  const asked = await tx.incident.findMany({
    where: {
      id: { in: offers.map((each) => each.incidentId) },
      ...(input.incident === undefined ? {} : { number: input.incident }),
    },
  });
  const [only] = asked;
  return only && asked.length === 1 ? { streams: [incidentStream(only.id)], target: only } : found;
}

const stayInput = z.object({ ...onIncidentInput, role: roleWord.optional() });

export const stay = defineCommand<z.infer<typeof stayInput>, Incident, HeldState>({
  verb: {
    surface: 'incident',
    words: ['stay'],
    usage: '[ROLE]',
    summary: 'You go on with the role that you have had for long.',
    example: '/incident stay commander',
    onIncident: true,
  },
  input: stayInput,
  locate: findIncident,
  async load(tx, { role }, target, ask) {
    const names = roleNames(await definedRoles(tx, ask.workspace.id));
    const found = role === undefined ? null : findRole(role, names);
    return loadHeld(tx, target.id, found && 'role' in found ? found.role : null, ask.now);
  },
  decide: (state, input, ask) => decideStay(state, input.role, ask),
});

export const briefQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['brief'],
    usage: '',
    summary: 'What somebody must know who takes over, or comes back.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    return 'refused' in found ? found.refused.message : wholeBrief(tx, found.target, ask.actor.id, ask.now);
  },
};

const onStream = async (_tx: Tx, { incidentId }: { incidentId: string }) => ({
  streams: [incidentStream(incidentId)],
  target: null,
});

const remindInput = z.object({ incidentId: z.string(), id: z.string() });
const remind = defineCommand<z.infer<typeof remindInput>, null, decide.RemindState>({
  verb: internalVerb('remind of handover'),
  input: remindInput,
  locate: onStream,
  async load(tx, { incidentId, id }) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
    const offer = await tx.handover.findUnique({ where: { id } });
    return { incident, offer, levels: offer ? await levelsOf(tx, offer) : [] };
  },
  decide: (state, _input, ask) => decide.decideRemind(state, ask),
});
export const remindOf = (data: unknown) => remind.given(remindInput.parse(data));

const settleInput = z.object({ incidentId: z.string(), left: z.string().optional() });
const settle = defineCommand<z.infer<typeof settleInput>, null, OfferState>({
  verb: internalVerb('settle handovers'),
  input: settleInput,
  locate: onStream,
  load: (tx, { incidentId, left }) => loadOffers(tx, incidentId, left ?? null),
  decide: (state, { left }, ask) => decide.decideSettle(state, left, ask),
});
export const settleOf = (data: unknown) => settle.given(settleInput.parse(data));

const heldInput = z.object({ incidentId: z.string(), role: z.string() });
const held = defineCommand<z.infer<typeof heldInput>, null, HeldState>({
  verb: internalVerb('role held long'),
  input: heldInput,
  locate: onStream,
  load: (tx, { incidentId, role }, _target, ask) => loadHeld(tx, incidentId, role, ask.now),
  decide: (state, { role }, ask) => decideHeld(state, role, ask),
});
export const heldOf = (data: unknown) => held.given(heldInput.parse(data));
