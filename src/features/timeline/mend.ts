// The commands that mend the record. Nothing is changed in it but by saying so.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import { answerSlot, onIncident } from '../../core/effect.js';
import { isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Span, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { readDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import {
  findIncident,
  type Incident,
  idOf,
  onIncidentInput,
  refresh,
  sayInstead,
  tellIncident,
  writtenTimeSchema,
} from '../incident/index.js';
import * as decide from './decide.js';
import * as facts from './facts.js';
import { whenSpans } from './list.js';
import { answerRedacted, redactedMessage } from './redact.js';
import { type Entry, entryFamily, madeBy } from './store.js';

/** How much of a text the channel repeats. */
export const echoLimit = 600;

/** How an entry is named: `#7` or `7`. */
export const entryWord = z
  .string({ error: 'Say which entry: its number, as the timeline shows it, such as #7.' })
  .regex(/^#?\d{1,9}$/, { error: ({ input }) => noEntryWord(String(input)) })
  .transform((word) => Number(word.replace('#', '')));

function noEntryWord(word: string): string {
  const entry = 'An entry is a number, as the timeline shows it, such as #7.';
  return /^(page|rep)-?\d+$/i.test(word) ? `${word.toUpperCase()} is no entry. ${entry}` : entry;
}

type When = z.infer<typeof writtenTimeSchema>;
interface OnEntryInput {
  incident?: number | undefined;
  remarks: string[];
  entry: number;
}

function entryCommand<V extends OnEntryInput, S extends decide.OnEntry>(
  verb: { words: string[]; usage: string; summary: string; example?: string },
  input: z.ZodType<V>,
  load: (tx: Tx, state: decide.OnEntry & { family: readonly Entry[] }) => Promise<S>,
  decideIt: Parameters<typeof defineCommand<V, Incident, S>>[0]['decide'],
) {
  return defineCommand<V, Incident, S>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    locate: findIncident,
    load: async (tx, given, target) => {
      const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.id } });
      const found = await entryFamily(tx, incident.id, given.entry);
      return load(tx, { incident, ...found, madeBy: await madeBy(tx, found.family) });
    },
    decide: decideIt,
  });
}

const asItIs = async <S>(_tx: Tx, state: S): Promise<S> => state;

const strike = entryCommand<OnEntryInput & { reason?: string; at?: When }, decide.OnEntry>(
  {
    words: ['strike'],
    usage: 'ENTRY [REASON] [at:TIME]',
    summary: 'Rules out an entry, such as a hypothesis; it stays on record.',
    example: '/incident strike #7 the volumes would be empty',
  },
  z.object({ ...onIncidentInput, entry: entryWord, reason: textOf({ missing: '' }).optional() }),
  asItIs,
  decide.decideStrike,
);

const correct = entryCommand<OnEntryInput & { text?: string; time?: When }, decide.OnEntry>(
  {
    words: ['correct'],
    usage: 'ENTRY [TIME] [TEXT]',
    summary: 'Says an entry better, or at another time; the old words stay on record.',
    example: '/incident correct #7 10:42 UTC failing over to eu-2',
  },
  z.object({
    ...onIncidentInput,
    entry: entryWord,
    time: writtenTimeSchema.optional(),
    text: textOf({ missing: '' }).optional(),
  }),
  asItIs,
  decide.decideCorrect,
);

const shift = defineCommand<
  { incident?: number | undefined; remarks: string[]; duration: number },
  Incident,
  { incident: Incident; entries: Entry[] }
>({
  verb: {
    surface: 'incident',
    words: ['shift'],
    usage: 'DURATION',
    summary: 'Moves all times that were written in the wrong zone.',
    example: '/incident shift -1h',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    duration: z.string({ error: 'By how much? Such as -1h or 30m.' }).transform((word, context) => {
      const reading = readDuration(word.replace(/^\+/, ''), { negative: true });
      if (reading.ok) return reading.milliseconds;
      context.issues.push({ code: 'custom', input: word, message: reading.reason });
      return 0;
    }),
  }),
  locate: findIncident,
  load: async (tx, _input, target) => ({
    incident: await tx.incident.findUniqueOrThrow({ where: { id: target.id } }),
    entries: await tx.entry.findMany({ where: { incidentId: target.id, withdrawn: false } }),
  }),
  decide: ({ incident, entries }, input, ask) =>
    decide.decideShift(incident, entries, { milliseconds: input.duration, remarks: input.remarks }, ask),
});

export const mendCommands = [correct, strike, shift];

export const mendReactions: Reaction[] = [
  on(facts.entryStruck, (fact) => {
    const { seq, reason } = fact.data;
    return said(fact, [
      { bold: `#${seq} ruled out` },
      `${reason ? `: ${shorten(reason, echoLimit)}` : ''} (${fact.actor.name})`,
    ]);
  }),
  on(facts.entryCorrected, (fact) =>
    said(fact, [
      { bold: `#${fact.data.seq} corrected, now #${fact.seq}` },
      ' ',
      ...whenSpans(fact),
      ` · ${shorten(fact.data.text, echoLimit)} (${fact.actor.name})`,
    ]),
  ),
  on(facts.entryRedacted, (fact) => {
    const id = idOf(fact);
    const { seq, title, factIds, requestIds, reason, outsider } = fact.data;
    const { kind, id: actorId } = fact.actor;
    const userId = kind === 'person' && isInSlack(actorId) && !outsider ? actorId : null;
    const essential = { essential: true };
    return [
      ...factIds.map((factId) => sayInstead(id, factId, redactedMessage(seq))),
      ...requestIds.map((requestId) => {
        const slot = answerSlot(requestId);
        return onIncident(id, { do: 'replace', slot, message: answerRedacted }, essential);
      }),
      ...said(fact, [{ bold: `#${seq} redacted` }, `: ${shorten(reason, echoLimit)} (${fact.actor.name})`]),
      onIncident(id, { do: 'replaceFiles', factId: fact.id }, { step: 1, ...essential }),
      // Last: what Slack writes of the channel's new name repeats the old one.
      onIncident(id, { do: 'seekCopies', seq, title, userId }, { step: 2, ...essential }),
    ];
  }),
  // What else repeats them is replaced by the features whose they are.
  on(facts.wordsRedacted, ({ data: { requestIds } }) =>
    requestIds.map((requestId) => {
      const slot = answerSlot(requestId);
      const kind = { do: 'replace', slot, message: answerRedacted } as const;
      return { ...onIncident('', kind, { essential: true }), lane: `redaction/${slot}`, incidentId: null };
    }),
  ),
  on(facts.timelineShifted, (fact) =>
    said(fact, [
      { bold: `${fact.data.entryIds.length} times moved by ${fact.data.shown}` },
      ` (${fact.actor.name})`,
    ]),
  ),
];

function said(fact: Parameters<typeof tellIncident>[0], spans: Span[]) {
  const id = idOf(fact);
  return [tellIncident(fact, id, say(...spans)), ...refresh(id)];
}
