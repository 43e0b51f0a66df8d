// The timeline: notes with their own time, and striking out what was ruled out.
import { z } from 'zod';
import { type Ask, accept, type Query, refuse } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Form } from '../../core/form.js';
import { line, message, type Span, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { showUnderstood, type WrittenTime } from '../../core/time/index.js';
import {
  about,
  findIncident,
  type Incident,
  idOf,
  incidentCommand,
  incidentKey,
  isOpen,
  onIncidentInput,
  tellIncident,
  writtenTimeSchema,
  zoneAssumed,
} from '../incident/index.js';
import { kindOf, notedKinds, wordsBehindKind } from './decide.js';
import * as facts from './facts.js';
import { routes } from './http.js';
import { allEntriesMax, screenEntries, showTimeline, whenSpans } from './list.js';
import { echoLimit, mendCommands, mendReactions } from './mend.js';
import { latestEntries, projectEntry, projections, reset } from './store.js';
import { undo } from './undo.js';

export { kindOf, noEntry, type OnEntry, timeOf } from './decide.js';
export { entryCorrected, entryRedacted, noteTaken, timelineShifted, wordsRedacted } from './facts.js';
export { entryOfRow } from './http.js';
export { entryWord } from './mend.js';
export { blankSaid, wordsGone } from './redact.js';
export { allEntries, type Entry, entryFamily, madeBy, strikesOf } from './store.js';

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
      options: notedKinds.map((value) => ({ value, label: value })),
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
    kind: z.enum(notedKinds).optional(),
    text: textOf({ missing: 'Say what happened, such as “10:42 failing over to eu-2”.' }),
  }),
  (incident, input, ask) => {
    const { kind, text } = kindOf(input.text, input.kind ?? 'note');
    if (text === '') return refuse(say(`Say the ${kind} after the colon. Nothing was recorded.`), 'text');
    const behind = input.time || text === input.text ? { text, remarks: [] } : wordsBehindKind(text, ask);
    if ('refused' in behind) return refuse(say(behind.refused), 'text');
    const said = { time: input.time, ...behind, remarks: [...input.remarks, ...behind.remarks] };
    return accept([facts.noteTaken({ kind, text: said.text }, about(incident, said.time))], ([fact]) =>
      noteReply(incident, fact?.seq ?? null, kind, said, ask),
    );
  },
  noteForm,
);

const timeline: Query = {
  verb: {
    surface: 'incident',
    words: ['timeline'],
    usage: '[all]',
    summary: 'The latest entries; with all, up to a hundred, and what was corrected.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const limit = values.all ? allEntriesMax : screenEntries;
    const { entries, total } = await latestEntries(tx, found.target.id, limit, Boolean(values.all));
    return showTimeline(found.target, entries, total, Boolean(values.all));
  },
};

export const timelineFeature: Feature = {
  name: 'timeline',
  topic: 'record',
  facts: Object.values(facts),
  commands: [note, ...mendCommands],
  queries: [timeline],
  project: projections,
  projectAll: projectEntry,
  reset,
  react: [
    on(facts.noteTaken, (fact) => {
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
    ...mendReactions,
  ],
  undo,
  routes,
  tables: ['entry'],
};

function noteReply(
  incident: Incident,
  seq: number | null,
  kind: string,
  input: { time?: WrittenTime | undefined; remarks: readonly string[] },
  ask: Ask,
) {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const when = input.time
    ? `, at ${showUnderstood(input.time, zone)}.${input.time.at ? zoneAssumed(ask) : ''}`
    : '.';
  return message(
    line(
      `${seq === null ? 'Entry' : `#${seq}`} on ${incidentKey(incident)}’s timeline${kind === 'note' ? '' : ` as ${kind}`}${when}`,
    ),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    !isOpen(incident.status) &&
      line('The draft in the channel lacks it; ', { code: '/incident export' }, ' makes it anew.'),
  );
}
