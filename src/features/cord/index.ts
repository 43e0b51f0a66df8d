// The cord: a hard freeze now, from an incident, with what it meets shown before it is pulled.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { textOf } from '../../core/text.js';
import {
  freezeExtended,
  freezeKey,
  freezeLifted,
  freezeSet,
  freezesStream,
  lengthWord,
  placeWord,
  reasonLimit,
} from '../freeze/index.js';
import { findIncident, type Incident, onIncidentInput } from '../incident/index.js';
import { askAutomatic, askReactions, askView, keep } from './ask.js';
import { type CordState, decideCord } from './decide.js';
import { freezeKept, freezeOwnerAsked } from './facts.js';
import { waitingSection } from './home.js';
import type { CordInput } from './pull.js';
import { projections, readCord } from './store.js';

export { freezeKept, freezeOwnerAsked } from './facts.js';

const placesMax = 50;

const cord = defineCommand<CordInput, Incident, CordState>({
  verb: {
    surface: 'incident',
    words: ['freeze'],
    usage: '[REASON] [on:COMPONENT,…] [for:] [at:TIME] [now]',
    summary:
      'Pulls the cord: no change may start on what is affected, for 2 hours unless you say how long. Shows first what that holds; with “now” it does it at once.',
    example: '/incident freeze the cluster is rebuilt on:*/prod/eks for:3h',
    onIncident: true,
    fromLine: withBareNow,
  },
  input: z.object({
    ...onIncidentInput,
    reason: textOf({ missing: '', limit: reasonLimit }).optional(),
    on: z
      .array(placeWord)
      .max(placesMax, { error: `At most ${placesMax} components.` })
      .default([]),
    for: lengthWord.optional(),
    now: z.boolean().default(false),
  }),
  async locate(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    return 'refused' in found ? found : { ...found, streams: [...found.streams, freezesStream] };
  },
  load: (tx, input, target, ask) => readCord(tx, target, input, ask),
  decide: decideCord,
});

// `freeze now`: a flag counts behind the text, and here is none.
function withBareNow(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { reason, ...rest } = values;
  return String(reason).toLowerCase() === 'now' ? { ...rest, now: true } : { ...values };
}

const part = (id: string) => [`freeze/${id}`];

export const cordFeature: Feature = {
  name: 'cord',
  topic: 'suspicion',
  facts: [freezeOwnerAsked, freezeKept],
  commands: [cord, keep],
  project: projections,
  react: askReactions,
  automatic: askAutomatic,
  views: { cordAsk: askView },
  home: { waiting: waitingSection },
  undo: [
    // Pulled by mistake: it is lifted at once, and both stay on record.
    on(freezeSet, ({ data }) => ({
      what: `the cord, ${freezeKey(data)}`,
      sets: part(data.id),
      instead: `/freeze lift ${freezeKey(data)}`,
      follows: data.incident
        ? [
            freezeLifted(
              {
                ...{
                  id: data.id,
                  number: data.number,
                  mode: data.mode,
                  drill: data.drill,
                  owner: data.owner,
                },
                ...{ text: 'the cord was pulled by mistake', before: data.overAt, incident: data.incident },
              },
              { stream: freezesStream, incidentId: data.incident.id },
            ),
          ]
        : [],
    })),
    on(freezeLifted, ({ data }) => ({
      what: `the lift of ${freezeKey(data)}`,
      sets: part(data.id),
      instead: '/incident freeze',
      never: 'What waited may have gone already. To freeze again: ',
    })),
    on(freezeExtended, ({ data }) => ({
      what: `the new end of ${freezeKey(data)}`,
      sets: part(data.id),
      instead: `/freeze extend ${freezeKey(data)} until:TIME`,
      never: 'Say when it ends instead: ',
    })),
    on(freezeKept, ({ data }) => ({
      what: `${freezeKey(data)} is kept`,
      sets: part(data.id),
      instead: `/freeze lift ${freezeKey(data)}`,
      never: 'If it is not needed: ',
    })),
    on(freezeOwnerAsked, () => null),
  ],
};
