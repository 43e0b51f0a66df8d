// The timeline: notes with their own time, and striking out what was ruled out.
import { z } from 'zod';
import { type Ask, accept, defineCommand, type Query, refuse } from '../../core/command.js';
import { type EntryKind, on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Form } from '../../core/form.js';
import { line, message, type Span, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { showUnderstood } from '../../core/time/index.js';
import {
  about,
  done,
  findIncident,
  type Incident,
  idOf,
  incidentCommand,
  incidentKey,
  onIncidentInput,
  refresh,
  tellIncident,
  writtenTimeSchema,
} from '../incident/index.js';
import { entryStruck, noteTaken } from './facts.js';
import { allEntriesMax, screenEntries, showTimeline, whenSpans } from './list.js';
import { type Entry, latestEntries, projectEntry, projections } from './store.js';

export { noteTaken } from './facts.js';
export { allEntries, type Entry } from './store.js';

/** How much of a note the echo in the channel shows. */
const echoLimit = 600;
const prefixKinds = [
  'observation',
  'hypothesis',
  'decision',
  'action',
  'note',
  'update',
  'change',
  'freeze',
] as const;
const kindPrefix = new RegExp(`^(${prefixKinds.join('|')})\\s*:\\s*`, 'i');

const noteForm: Form = {
  title: 'Add to the timeline',
  submit: 'Add',
  fields: [
    { kind: 'text', name: 'text', label: 'What happened?', long: true },
    {
      kind: 'text',
      name: 'time',
      label: 'When?',
      hint: 'As you would write it: 10:42, 10:22-10:37 UTC, ~11:20, 20m ago. Empty is now.',
      optional: true,
    },
    {
      kind: 'choice',
      name: 'kind',
      label: 'What kind of entry?',
      options: prefixKinds.map((value) => ({ value, label: value })),
      initial: 'note',
      optional: true,
    },
  ],
};

const note = incidentCommand(
  {
    words: ['note', 'n'],
    usage: '[TIME] TEXT',
    summary:
      'Adds to the timeline; a time in front back-dates it. Kinds: observation: hypothesis: decision: action:',
    example: '/incident note 10:22-10:37 UTC observation: the deploy tool deletes the cluster',
  },
  z.object({
    ...onIncidentInput,
    time: writtenTimeSchema.optional(),
    kind: z.enum(prefixKinds).optional(),
    text: textOf({ missing: 'Say what happened, such as “10:42 failing over to eu-2”.' }),
  }),
  (incident, input, ask) => {
    const { kind, text } = kindOf(input.text, input.kind);
    if (text === '') return refuse(say(`Say the ${kind} after the colon. Nothing was recorded.`), 'text');
    return accept([noteTaken({ kind, text }, about(incident, input.time))], ([fact]) =>
      noteReply(incident, fact?.seq ?? null, kind, input, ask),
    );
  },
  noteForm,
);

const strike = defineCommand<StrikeInput, Incident, { incident: Incident; entry: Entry | null }>({
  verb: {
    surface: 'incident',
    words: ['strike'],
    usage: 'ENTRY [REASON] [at:TIME]',
    summary: 'Rules out an entry, such as a hypothesis; it stays on record.',
    example: '/incident strike #7 the volumes would be empty',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    entry: z
      .string({ error: 'Say which entry: its number, as the timeline shows it, such as #7.' })
      .regex(/^#?\d{1,9}$/, { error: 'An entry is a number, as the timeline shows it, such as #7.' })
      .transform((word) => Number(word.replace('#', ''))),
    reason: textOf({ missing: '' }).optional(),
  }),
  locate: findIncident,
  load: async (tx, input, incident) => ({
    incident,
    entry: await tx.entry.findUnique({
      where: { incidentId_seq: { incidentId: incident.id, seq: input.entry } },
    }),
  }),
  decide({ incident, entry }, input, ask) {
    if (!entry)
      return refuse(
        say(
          `${incidentKey(incident)} has no entry #${input.entry}. `,
          { code: '/incident timeline' },
          ' shows the numbers.',
        ),
        'entry',
      );
    if (entry.struck) return refuse(say(`Entry #${entry.seq} is ruled out already. Nothing was changed.`));
    if (!(prefixKinds as readonly string[]).includes(entry.kind))
      return refuse(
        say(
          `Entry #${entry.seq} records a ${entry.kind}, which cannot be struck out; only what somebody noted can.`,
        ),
      );
    const fact = entryStruck(
      { entryId: entry.id, seq: entry.seq, kind: entry.kind, reason: input.reason ?? null },
      about(incident, input.at),
    );
    return accept(
      [fact],
      done(`Entry #${entry.seq} is marked as ruled out. It stays on record.`, input, ask),
    );
  },
});

interface StrikeInput {
  incident?: number | undefined;
  at?: z.infer<typeof writtenTimeSchema> | undefined;
  remarks: string[];
  entry: number;
  reason?: string | undefined;
}

const timeline: Query = {
  verb: {
    surface: 'incident',
    words: ['timeline'],
    usage: '[all]',
    summary: 'The latest entries; with all, up to a hundred.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const limit = values.all ? allEntriesMax : screenEntries;
    const { entries, total } = await latestEntries(tx, found.target.id, limit);
    return showTimeline(found.target, entries, total, Boolean(values.all));
  },
};

export const timelineFeature: Feature = {
  name: 'timeline',
  facts: [noteTaken, entryStruck],
  commands: [note, strike],
  queries: [timeline],
  project: projections,
  projectAll: projectEntry,
  react: [
    on(noteTaken, (fact) => {
      const when: Span[] = fact.asWritten === null ? [] : [...whenSpans(fact), ' · '];
      const kind: Span[] = fact.data.kind === 'note' ? [] : [{ bold: fact.data.kind }, ' · '];
      const text = shorten(fact.data.text, echoLimit);
      return [
        tellIncident(
          fact,
          idOf(fact),
          say({ bold: `#${fact.seq}` }, ' ', ...when, ...kind, `${text} — ${fact.actor.name}`),
        ),
      ];
    }),
    on(entryStruck, (fact) => [
      tellIncident(
        fact,
        idOf(fact),
        say(
          { bold: `#${fact.data.seq} ruled out` },
          `${fact.data.reason ? `: ${shorten(fact.data.reason, echoLimit)}` : ''} (${fact.actor.name})`,
        ),
      ),
      ...refresh(idOf(fact)),
    ]),
  ],
  tables: ['entry'],
};

function kindOf(text: string, chosen: EntryKind | undefined): { kind: EntryKind; text: string } {
  const prefix = kindPrefix.exec(text);
  if (!prefix) return { kind: chosen ?? 'note', text };
  return { kind: (prefix[1] ?? 'note').toLowerCase() as EntryKind, text: text.slice(prefix[0].length) };
}

function noteReply(
  incident: Incident,
  seq: number | null,
  kind: string,
  input: { time?: z.infer<typeof writtenTimeSchema> | undefined; remarks: readonly string[] },
  ask: Ask,
) {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const assumed =
    ask.actor.zone === null ? ` I could not learn your zone and took the workspace’s, ${zone}.` : '';
  return message(
    line(
      `${seq === null ? 'Entry' : `#${seq}`} on ${incidentKey(incident)}’s timeline${kind === 'note' ? '' : ` as ${kind}`}${input.time ? `, at ${showUnderstood(input.time, zone)}.${assumed}` : '.'}`,
    ),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
  );
}
