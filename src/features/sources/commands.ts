// The commands by which messages come onto a timeline: what was read from Slack, a shortcut, a declaration.
import { z } from 'zod';
import { type Ask, accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { type Message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import {
  findIncident,
  type Incident,
  incidentDeclared,
  incidentKey,
  incidentStream,
  visibleTo,
} from '../incident/index.js';
import type { Entry } from '../timeline/index.js';
import { asNote, decideLook, type Look, type Seen, type Taken, take } from './decide.js';
import { incidentIn, notedOn, readTaken, takenAt } from './store.js';

const nothing: Message = { text: '', blocks: [] };

interface Target {
  readonly look: Look;
  readonly incident: Incident;
}

/** The record learns what messages say now; messages that are no incident's are left out. */
export const recordLooks = defineCommand<
  readonly Look[],
  readonly Target[],
  readonly (Target & { taken: Taken | null })[]
>({
  verb: internalVerb('record looks'),
  input: z.custom<readonly Look[]>(),
  async locate(tx, looks, ask) {
    const target: Target[] = [];
    for (const look of looks) {
      const incident = await incidentOf(tx, look, ask);
      if (incident) target.push({ look, incident });
    }
    return { streams: target.map((each) => incidentStream(each.incident.id)), target };
  },
  async load(tx, _looks, targets, ask) {
    const loaded: (Target & { taken: Taken | null })[] = [];
    for (const { look, incident } of targets)
      loaded.push({ look, incident, taken: await load(tx, look, ask) });
    return loaded;
  },
  decide: (loaded) =>
    accept(
      loaded.flatMap(({ incident, taken, look }) => decideLook(incident, taken, look, 'here')),
      nothing,
    ),
});

/** Nothing is recorded; the request is claimed, and its effects are enqueued. */
export const claim = defineCommand<null, null, null>({
  verb: internalVerb('claim'),
  input: z.null(),
  locate: async () => ({ streams: [], target: null }),
  load: async () => null,
  decide: () => accept([], nothing),
}).given(null);

interface AddInput {
  /** The incident that was chosen; without it, the one that lives where the message is. */
  readonly incident?: number;
  readonly seen: Seen;
}

interface AddState {
  readonly incident: Incident;
  readonly here: boolean;
  readonly taken: Taken | null;
  /** It is on the timeline of an incident that does not exist for the asker. */
  readonly hidden: boolean;
  /** What says the message here then. */
  readonly noted: Entry | null;
}

/** “Add to timeline” on a message, wherever it is. */
export const addMessage = defineCommand<AddInput, Pick<AddState, 'incident' | 'here'>, AddState>({
  verb: internalVerb('add message'),
  input: z.custom<AddInput>(),
  async locate(tx, { seen, incident: number }, ask) {
    const lives = await incidentFor(tx, seen, ask);
    if (lives) return { streams: [incidentStream(lives.id)], target: { incident: lives, here: true } };
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    return { streams: found.streams, target: { incident: found.target, here: false } };
  },
  async load(tx, { seen }, target, ask) {
    const row = await takenAt(tx, ask.workspace.id, seen.channelId, seen.ts);
    const hidden = row !== null && row.incidentId !== target.incident.id;
    return {
      ...target,
      hidden,
      taken: row && !hidden ? await readTaken(tx, row) : null,
      noted: hidden ? await notedOn(tx, target.incident.id, seen.channelId, seen.ts) : null,
    };
  },
  decide({ incident, here, taken, hidden, noted }, { seen }, ask) {
    if (seen.ours)
      return refuse(say('That is a message of mine: what it says is on the record already.'), 'incident');
    const mark = `shortcut:${ask.actor.id}`;
    const { channelId, ts } = seen;
    if (hidden)
      return accept(noted ? [] : [asNote(incident, seen)], ([fact]) =>
        noted ? already(incident, noted.seq) : added(incident, fact?.seq),
      );
    const stated = decideLook(
      incident,
      taken,
      { channelId, ts, seen, marks: null, mark },
      here ? 'here' : 'elsewhere',
    );
    const seq = taken?.entries[0]?.seq;
    return accept(stated, ([fact]) =>
      taken && !taken.withdrawn ? already(incident, seq) : added(incident, seq ?? fact?.seq),
    );
  },
});

function already(incident: Incident, seq: number | undefined): Message {
  return say(`It is on ${incidentKey(incident)}’s timeline already, as #${seq}.`);
}

function added(incident: Incident, seq: number | null | undefined): Message {
  return say(`On ${incidentKey(incident)}’s timeline as #${seq}.`);
}

/** A declaration that keeps the message it was made from as the first entry, all at once. */
export function declaredFrom(declare: Bound, seen: Seen): Bound {
  return {
    ...declare,
    async locate(tx, ask) {
      const located = await declare.locate(tx, ask);
      if ('refused' in located) return located;
      return {
        streams: located.streams,
        async decide() {
          const decision = await located.decide();
          if (!decision.accepted || seen.ours) return decision;
          const taken = await takenAt(tx, ask.workspace.id, seen.channelId, seen.ts);
          const entry = entryOf(decision.facts, seen, ask, taken !== null);
          return entry ? { ...decision, facts: [...decision.facts, entry] } : decision;
        },
      };
    },
  };
}

// A message is taken once. Where that was by an incident that the asker may not know of, or that took it back, its words
// are said here in an entry of their own.
function entryOf(stated: readonly Stated[], seen: Seen, ask: Ask, takenElsewhere: boolean): Stated | null {
  const declared = stated.find((each) => each.type === incidentDeclared.type);
  const id = declared?.about.incidentId;
  if (!declared || id === undefined) return null;
  if (takenElsewhere) return asNote({ id }, seen);
  const { number } = declared.data as { number: number };
  return take({ id, number }, seen, [`shortcut:${ask.actor.id}`], 'declared');
}

/** The incident that a message belongs to as a matter of course, if it exists for the asker. */
export async function incidentFor(tx: Tx, seen: Seen, ask: Ask): Promise<Incident | null> {
  const incident = await incidentOf(tx, { ...seen, seen }, ask);
  // Who is in its channel may know of it.
  if (!incident?.private || incident.channelId === seen.channelId) return incident;
  const filter = await visibleTo(tx, ask);
  return (await tx.incident.count({ where: { AND: [{ id: incident.id }, filter] } })) > 0 ? incident : null;
}

// A message that is on a timeline stays there; another belongs to the incident that lives where it is.
async function incidentOf(
  tx: Tx,
  at: { channelId: string; ts: string; seen: Seen | null },
  ask: Ask,
): Promise<Incident | null> {
  const taken = await takenAt(tx, ask.workspace.id, at.channelId, at.ts);
  if (taken) return tx.incident.findUniqueOrThrow({ where: { id: taken.incidentId } });
  return incidentIn(tx, ask.workspace.id, at.channelId, at.seen?.threadTs ?? at.ts);
}

async function load(tx: Tx, at: { channelId: string; ts: string }, ask: Ask): Promise<Taken | null> {
  const row = await takenAt(tx, ask.workspace.id, at.channelId, at.ts);
  return row && readTaken(tx, row);
}
