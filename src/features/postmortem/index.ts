// The postmortem: a draft made from the record, in the channel and on disk.
import { z } from 'zod';
import { type Ask, accept, type WorkspaceRef } from '../../core/command.js';
import { onIncident } from '../../core/effect.js';
import { defineFact, on } from '../../core/fact.js';
import type { Document, Feature } from '../../core/feature.js';
import { line, message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentCommand, incidentKey, incidentStream, onIncidentInput } from '../incident/index.js';
import { routes } from './http.js';
import { readRecord } from './read.js';
import { type Format, fileName, formats, renderRecord } from './render.js';

export { readRecord } from './read.js';
export type { IncidentRecord } from './record.js';
export { type Format, fileName, formats, renderRecord } from './render.js';

/** Asking for a file is no part of what happened: the fact names no incident, so no timeline and no hash has it. */
const exportAsked = defineFact(
  'ExportAsked',
  z.object({ incidentId: z.string(), format: z.enum(formats) }),
  () => null,
);

const exportCommand = incidentCommand(
  {
    words: ['export'],
    usage: '[md|html|json]',
    summary: 'Puts the postmortem draft, or the record as JSON, into the channel as a file.',
  },
  z.object({ ...onIncidentInput, choice: z.enum(formats).default('md') }),
  (incident, input, ask: Ask) =>
    accept(
      [
        exportAsked(
          { incidentId: incident.id, format: input.choice },
          { stream: incidentStream(incident.id) },
        ),
      ],
      say(
        `The ${input.choice} file of ${incidentKey(incident)} is being made from the record as it stands now and goes to where the incident is (${ask.actor.name}). `,
        { code: `andon export ${incidentKey(incident)} --format ${input.choice}` },
        ' writes it to disk.',
      ),
    ),
);

export const postmortemFeature: Feature = {
  name: 'postmortem',
  topic: 'record',
  facts: [exportAsked],
  commands: [exportCommand],
  react: [
    on(exportAsked, (fact) => [
      onIncident(
        fact.data.incidentId,
        { do: 'upload', document: fact.data.format, factId: fact.id },
        { essential: true },
      ),
    ]),
  ],
  routes,
  documents: {
    md: (tx, id, workspace) => makeDocument(tx, id, workspace, 'md'),
    html: (tx, id, workspace) => makeDocument(tx, id, workspace, 'html'),
    json: (tx, id, workspace) => makeDocument(tx, id, workspace, 'json'),
  },
};

async function makeDocument(
  tx: Tx,
  incidentId: string,
  workspace: WorkspaceRef,
  format: Format,
): Promise<Document> {
  const record = await readRecord(tx, incidentId, workspace);
  const key = incidentKey(record);
  const name = fileName(record, format);
  return {
    name,
    title: format === 'json' ? `${key} record` : `${key} postmortem draft`,
    content: renderRecord(record, format),
    comment: message(
      format === 'json'
        ? line(`The record of ${key} as JSON.`)
        : line(
            { bold: `Postmortem draft of ${key}.` },
            ' Times and facts are from the record; the questions in it are for you.',
          ),
    ),
  };
}
