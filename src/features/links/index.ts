// Links: the dashboards, pull requests and documents that a reader of the record will need.
import { z } from 'zod';
import { accept, defineCommand, refuse } from '../../core/command.js';
import { defineFact, on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { say, shorten } from '../../core/message.js';
import { oneLine, textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import {
  about,
  done,
  findIncident,
  type Incident,
  idOf,
  incidentKey,
  type OnIncident,
  onIncidentInput,
  tellIncident,
} from '../incident/index.js';

const urlLimit = 2_000;

const linkAdded = defineFact(
  'LinkAdded',
  z.object({ url: z.string(), title: z.string() }),
  (it) => ({ kind: 'note', text: `Link: ${it.title === it.url ? it.url : `${it.title} (${it.url})`}` }),
  () => ({ url: 'about:blank', title: 'redacted' }),
);

interface LinkInput extends OnIncident {
  incident?: number | undefined;
  url: string;
  text?: string | undefined;
}

const link = defineCommand<LinkInput, Incident, { incident: Incident; known: boolean }>({
  verb: {
    surface: 'incident',
    words: ['link'],
    usage: 'URL [TEXT] [at:TIME]',
    summary: 'Keeps a link with the record, for the postmortem.',
    example: '/incident link https://example.com/graph the write latency',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    url: z
      .string({ error: 'Say the address, such as https://example.com/graph.' })
      .max(urlLimit, { error: 'That address is too long.' })
      .refine((url) => /^https?:\/\/[^\s<>"]+$/i.test(url) && URL.canParse(url), {
        error: 'A link begins with https:// or http://.',
      }),
    text: textOf({ missing: '', limit: 200 }).optional(),
  }),
  locate: findIncident,
  async load(tx, input, target) {
    const known = await tx.link.count({ where: { incidentId: target.id, url: input.url } });
    return { incident: await tx.incident.findUniqueOrThrow({ where: { id: target.id } }), known: known > 0 };
  },
  decide({ incident, known }, input, ask) {
    if (known)
      return refuse(say(`${incidentKey(incident)} has this link already. Nothing was changed.`), 'url');
    const title = input.text ? oneLine(input.text) : input.url;
    return accept(
      [linkAdded({ url: input.url, title }, about(incident, input.at))],
      done(`The link is with ${incidentKey(incident)}.`, input, ask),
    );
  },
});

export const linksFeature: Feature = {
  name: 'links',
  topic: 'record',
  facts: [linkAdded],
  commands: [link],
  project: [
    on(linkAdded, async (fact, tx: Tx) => {
      const { url, title } = fact.data;
      const row = { id: fact.id, workspaceId: fact.workspaceId, incidentId: idOf(fact), url, title };
      if (!fact.redacted) await tx.link.create({ data: { ...row, at: fact.recordedAt } });
    }),
  ],
  react: [
    on(linkAdded, (fact) => {
      const { url, title } = fact.data;
      const label = title === url ? [] : [`${shorten(title, 200)}: `];
      return [
        tellIncident(
          fact,
          idOf(fact),
          say({ bold: `#${fact.seq} link` }, ' ', ...label, `${url} — ${fact.actor.name}`),
        ),
      ];
    }),
  ],
  undo: [on(linkAdded, () => ({ what: 'the link', sets: [], instead: '/incident link URL' }))],
  reset: async (tx, incidentId) => {
    await tx.link.deleteMany({ where: { incidentId } });
  },
  tables: ['link'],
};
