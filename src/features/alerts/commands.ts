// What alerts are asked: to take in a delivery, whether all are quiet, and which an incident has.
import { z } from 'zod';
import { type Ask, defineCommand, internalVerb, type Located, type Query } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { declare, findIncident, type Incident, incidentStream } from '../incident/index.js';
import { type DeliveryState, decideDelivery, decideQuiet, openingOf, type QuietState } from './decide.js';
import { alertsQuiet } from './facts.js';
import { linesOf } from './gathered.js';
import { stillFiring } from './lingering.js';
import { type Home, newsOf, placed, tellings } from './rules.js';
import { readScene } from './scene.js';
import { alertsOn } from './store.js';
import { listAlerts } from './views.js';
import { alertStream, alertsStream, type Delivered, deliverySchema } from './words.js';

/** Takes in what a monitor sent. One that fires opens an incident, or joins an open one. */
export const recordAlerts = defineCommand<Delivered, { readonly id: string }, DeliveryState>({
  verb: internalVerb('record alerts'),
  input: deliverySchema,
  async locate(_tx, given, ask): Promise<Located<{ id: string }>> {
    const { source, alerts } = sourced(given, ask);
    const id = ask.newId();
    const own = alerts.map(({ fingerprint }) => alertStream({ source, fingerprint }));
    return { streams: [alertsStream, incidentStream(id), ...own], target: { id } };
  },
  async load(tx, given, { id }, ask) {
    const delivered = sourced(given, ask);
    const scene = await readScene(tx, delivered, ask);
    const news = newsOf(scene.rows, delivered.alerts, ask.now);
    const placings = placed(news, scene.known);
    const isNews = new Set(news.map(({ heard }) => heard.fingerprint));
    const told = {
      placings,
      tellings: tellings(placings, scene.lately, await linesOf(tx, placings, ask.now)),
      redacted: scene.redacted,
      calls: scene.calls,
      still: stillFiring(scene, delivered, isNews, ask.now),
    };
    const opening = openingOf(placings, delivered, ask.now);
    if (!opening) return { ...told, opened: null };
    // Declared as anybody would declare it; its number is taken only where it is opened.
    const values = {
      ...opening,
      on: [...opening.on],
      private: false,
      drill: false,
      anyway: true,
      remarks: [],
    };
    const bound = await declare.given(values).locate(tx, { ...ask, newId: () => id });
    if ('refused' in bound) throw new Error('an incident of alerts cannot be declared');
    const decided = await bound.decide();
    if (!decided.accepted) throw new Error('an incident of alerts was refused');
    const { number } = declaredSchema.parse(decided.facts[0]?.data);
    const home: Home = { id, number, private: false, components: opening.on };
    return { ...told, opened: { home, facts: decided.facts } };
  },
  decide: (state, given, ask) => decideDelivery(state, sourced(given, ask)),
});

const declaredSchema = z.object({ number: z.int() });

function sourced(delivered: Delivered, ask: Ask): Delivered {
  return { ...delivered, source: delivered.source || ask.actor.name };
}

export const quietInput = z.object({ incidentId: z.string() });

/** Whether all alerts of an incident are quiet. */
export const lookQuiet = defineCommand<z.infer<typeof quietInput>, null, QuietState>({
  verb: internalVerb('alerts quiet'),
  input: quietInput,
  locate: async () => ({ streams: [alertsStream], target: null }),
  async load(tx, { incidentId }) {
    const said = await tx.fact.findFirst({
      where: { incidentId, type: alertsQuiet.type },
      orderBy: { seq: 'desc' },
      select: { recordedAt: true },
    });
    return {
      incident: await tx.incident.findUnique({ where: { id: incidentId } }),
      alerts: await alertsOn(tx, incidentId),
      saidAt: said?.recordedAt ?? null,
    };
  },
  decide: (state, _input, ask) => decideQuiet(state, ask),
});

export const alertsQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['alerts'],
    usage: '',
    summary: 'The alerts of monitors on this incident: which fire, which are quiet, since when.',
    onIncident: true,
  },
  async answer(tx: Tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    return listAlerts(tx, found.target satisfies Incident);
  },
};
