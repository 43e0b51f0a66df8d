// Suspects: which changes may have caused an incident, ranked, with reasons in words.
import { z } from 'zod';
import { defineCommand, internalVerb, type Query, type Refused } from '../../core/command.js';
import { on, readFact } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { type Change, changeWord, findChange } from '../change/index.js';
import { findIncident, type Incident, incidentStream, onIncidentInput } from '../incident/index.js';
import { concernedBy } from './concerned.js';
import {
  type AnswerState,
  decideAnswer,
  decideRankings,
  decideSuggestion,
  type RankState,
} from './decide.js';
import * as facts from './facts.js';
import { routes } from './http.js';
import { rankFor } from './near.js';
import { reactions } from './react.js';
import { membersOf, projections, reset, suspectsOf } from './store.js';
import { askView, changesMessage, waitingSection } from './views.js';
import { answers } from './words.js';

export { changesNear, rankFor, type Search } from './near.js';
export { reasonsOf, type Suspect, type Suspects, suspectsOf } from './store.js';
export { suspectParts } from './views.js';
export { type Answer, answerWords, strongPoints } from './words.js';

const suspectInput = z.object({
  ...onIncidentInput,
  change: changeWord,
  choice: z.enum(answers, {
    error: 'Say related, unrelated, rollback (it is being rolled back) or cause (confirmed).',
  }),
  text: textOf({ missing: '' }).optional(),
});

const suspect = defineCommand<
  z.infer<typeof suspectInput>,
  { incident: Incident; change: Change },
  AnswerState
>({
  verb: {
    surface: 'incident',
    words: ['suspect'],
    usage: 'CHANGE related|unrelated|rollback|cause [TEXT] [at:TIME]',
    summary:
      'Says what a change has to do with the incident. “cause” confirms it; until then it is a suspect at most.',
    example: '/incident suspect CHG-7 related the nodes came from that upgrade',
    onIncident: true,
  },
  input: suspectInput,
  async locate(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    if ('refused' in found) return found;
    const named = await findChange(tx, { id: input.change }, ask);
    if ('refused' in named) return named;
    return { streams: found.streams, target: { incident: found.target, change: named.target } };
  },
  async load(tx, _input, { incident, change }) {
    const key = { incidentId: incident.id, changeId: change.id };
    return {
      incident: await tx.incident.findUniqueOrThrow({ where: { id: incident.id } }),
      change,
      row: await tx.suspect.findUnique({ where: { incidentId_changeId: key } }),
    };
  },
  decide: decideAnswer,
});

const changes: Query = {
  verb: {
    surface: 'incident',
    words: ['changes'],
    usage: '',
    summary: 'What changed around it: the suspects with reasons, and what began after it.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    return changesMessage(tx, found.target);
  },
};

const onOne = z.object({ incidentId: z.string() });

/** Ranks the changes near one incident. */
const rank = defineCommand<z.infer<typeof onOne>, Incident, RankState>({
  verb: internalVerb('rank suspects'),
  input: onOne,
  locate: locateOne,
  load: (tx, _input, { id }) => rankState(tx, id),
  decide: (state) => decideRankings([state]),
});

/** A change is new or went on: the open incidents that it may concern are ranked anew. */
const consider = defineCommand<{ changeId: string }, readonly Incident[], readonly RankState[]>({
  verb: internalVerb('consider a change'),
  input: z.object({ changeId: z.string() }),
  async locate(tx, { changeId }, ask) {
    const open = await concernedBy(tx, ask.workspace.id, changeId);
    if (open.length === 0) return nothingToDo(`no open incident is near ${changeId}`);
    return { streams: open.map((each) => incidentStream(each.id)), target: open };
  },
  async load(tx, _input, open) {
    const states: RankState[] = [];
    for (const { id } of open) states.push(await rankState(tx, id));
    return states;
  },
  decide: decideRankings,
});

/** It recovered: what was rolled back may have been a cause. */
const suggest = defineCommand<z.infer<typeof onOne>, Incident, Parameters<typeof decideSuggestion>>({
  verb: internalVerb('suggest a cause'),
  input: onOne,
  locate: locateOne,
  async load(tx, _input, { id, workspaceId }) {
    const rows = await tx.fact.findMany({
      where: { workspaceId, stream: incidentStream(id), type: facts.causeSuggested.type },
    });
    const before = rows.flatMap((row) => facts.causeSuggested.read(readFact(row)).data.changes);
    const incident = await tx.incident.findUniqueOrThrow({ where: { id } });
    return [incident, await suspectsOf(tx, id), new Set(before.map((each) => each.changeId))];
  },
  decide: (state) => decideSuggestion(...state),
});

async function locateOne(tx: Tx, { incidentId }: { incidentId: string }) {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident) return nothingToDo('there is no such incident');
  return { streams: [incidentStream(incidentId)], target: incident };
}

function nothingToDo(why: string): Refused {
  return { refused: { message: say(`Nothing to do: ${why}.`) } };
}

async function rankState(tx: Tx, incidentId: string): Promise<RankState> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const ranking = await rankFor(tx, incident);
  const last = await tx.ranking.findUnique({ where: { incidentId } });
  const rows = await tx.suspect.findMany({ where: { incidentId } });
  const owned = await tx.change.findMany({
    where: { id: { in: ranking.list.map((each) => each.changeId) } },
    select: { id: true, ownerId: true, ownerName: true },
  });
  return {
    ...{ incident, ranking },
    before: last && { onset: last.onset, rows },
    owners: new Map(owned.map((each) => [each.id, each])),
    members: incident.private ? await membersOf(tx, incidentId) : new Set(),
  };
}

const onOneIncident = (data: unknown) => onOne.parse(data);

export const suspectsFeature: Feature = {
  name: 'suspects',
  topic: 'suspicion',
  facts: Object.values(facts),
  commands: [suspect],
  queries: [changes],
  project: projections,
  reset,
  react: reactions,
  automatic: {
    'suspects.rank': (data) => rank.given(onOneIncident(data)),
    'suspects.suggest': (data) => suggest.given(onOneIncident(data)),
    'suspects.consider': (data) => consider.given(z.object({ changeId: z.string() }).parse(data)),
  },
  undo: [
    on(facts.suspectAnswered, ({ data: { changeId, number, answer } }) => ({
      what: `CHG-${number} ${answer}`,
      sets: [`suspect/${changeId}`],
      instead: `/incident suspect CHG-${number} related`,
    })),
    // Rankings are the program's own, and follow from the rest.
    on(facts.suspectsRanked, () => null),
    on(facts.causeSuggested, () => null),
  ],
  views: { suspect: askView },
  home: { waiting: waitingSection },
  routes,
  tables: ['suspect', 'ranking'],
};
