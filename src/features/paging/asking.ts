// How other features call somebody, and take it back, without a transaction of their own: effects that their reactions return.
import { z } from 'zod';
import { type Ask, accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Effect } from '../../core/effect.js';
import type { Stated } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from '../incident/index.js';
import { type Target, targetSchema } from '../oncall/index.js';
import { openPage, withdraw } from './decide.js';
import { type Joinable, joinable, pageJoined } from './joined.js';
import { loadPage, type PageScene } from './scene.js';
import { attemptsOfPage, ringingOf } from './store.js';
import { type Cause, causeSchema, type Page, type PageAttempt, pageNumbers, pageStream } from './words.js';

export const openCommand = 'paging.open';
export const withdrawCommand = 'paging.withdraw';

const openInput = z.object({
  target: targetSchema,
  reason: z.string(),
  cause: causeSchema,
  incidentId: z.string().nullable(),
  /** Its incident is new: a page of another one that calls the same people may do for it. */
  opens: z.boolean().optional(),
});
export type CallFor = z.infer<typeof openInput>;

const withdrawInput = z.object({ cause: causeSchema, reason: z.string() });

/** Calls somebody; where a page for the same rings already, nothing. */
export function callFor(call: CallFor): Effect {
  return own(`page/for/${call.cause.kind}/${call.cause.name ?? ''}`, openCommand, call);
}

/** Takes back the pages that ring for this cause. */
export function callOff(cause: Cause, reason: string): Effect {
  return own(`page/for/${cause.kind}/${cause.name ?? ''}`, withdrawCommand, { cause, reason });
}

/** A decision of ours that nothing else waits for. */
export function own(lane: string, command: string, data: object): Effect {
  const plain = JSON.parse(JSON.stringify(data));
  return {
    ...{ lane, step: 0, incidentId: null, first: true, essential: true, collapse: null },
    kind: { do: 'decide', command, data: plain },
  };
}

interface OpenState {
  readonly scene: PageScene;
  readonly incident: Incident | null;
  readonly joins: Joinable | null;
}

const open = defineCommand<CallFor, { id: string; target: Target }, OpenState>({
  verb: internalVerb('paging open'),
  input: openInput,
  async locate(tx, input, ask) {
    const { target } = input;
    const id = ask.newId();
    const { joins } = await openState(tx, id, input, ask);
    const joined = joins ? [pageStream(joins.page.id)] : [];
    return { streams: [pageStream(id), ...joined, pageNumbers], target: { id, target } };
  },
  load: (tx, input, { id }, ask) => openState(tx, id, input, ask),
  decide({ scene, incident, joins }, { target, reason, cause }, ask) {
    // What a monitor says goes to nobody who may not know of the incident.
    const said = incident?.private && cause.kind === 'alert' ? 'a critical alert' : reason;
    if (joins?.joined) return refuse(say('They are called for it already.'));
    if (joins && incident)
      return accept([joining(joins, incident, { target, reason: said, cause })], message());
    const stated = openPage(scene, { reason: said, cause, incident }, ask);
    return stated.length > 0 ? accept(stated, message()) : refuse(say('It rings already.'));
  },
});

async function openState(tx: Tx, id: string, input: CallFor, ask: Ask): Promise<OpenState> {
  const { target, incidentId, cause, opens = false } = input;
  const incident = incidentId ? await tx.incident.findUnique({ where: { id: incidentId } }) : null;
  const scene = await loadPage(tx, id, target, incident, ask);
  const joins = cause.kind === 'alert' ? await joinable(tx, scene, incident, { opens, now: ask.now }) : null;
  return { incident, scene, joins };
}

function joining(
  { page, names }: Joinable,
  { id, number }: Incident,
  call: Pick<CallFor, 'target' | 'reason' | 'cause'>,
): Stated {
  return pageJoined(
    {
      ...{ id: page.id, number: page.number, pageIncidentId: page.incidentId },
      ...{ incident: { id, number }, names: [...names], call },
    },
    { stream: pageStream(page.id), incidentId: id },
  );
}

const takeBack = defineCommand<z.infer<typeof withdrawInput>, null, [Page, PageAttempt[]][]>({
  verb: internalVerb('paging withdraw'),
  input: withdrawInput,
  async locate(tx, { cause }, ask) {
    const rows = await ringingOf(tx, ask.workspace.id, cause);
    return { streams: rows.map(({ id }) => pageStream(id)), target: null };
  },
  async load(tx, { cause }, _target, ask) {
    const rows = await ringingOf(tx, ask.workspace.id, cause);
    return Promise.all(rows.map(async (row) => [row, await attemptsOfPage(tx, row.id)]));
  },
  decide(rows, { reason }) {
    const stated = rows.flatMap(([page, all]) => withdraw(page, all, reason));
    return stated.length > 0 ? accept(stated, message()) : refuse(say('Nothing rings.'));
  },
});

export const askingAutomatic: Readonly<Record<string, (data: unknown) => Bound>> = {
  [openCommand]: (data) => open.given(openInput.parse(data)),
  [withdrawCommand]: (data) => takeBack.given(withdrawInput.parse(data)),
};
