// What follows where an incident joined a page: both places hear it, and it is called for if the page is taken back.
import { z } from 'zod';
import { accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Later, onIncident } from '../../core/effect.js';
import { type Fact, on, readFact } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { message, say } from '../../core/message.js';
import { type Incident, isOpen, tellIncident } from '../incident/index.js';
import { openPage } from './decide.js';
import { joinedText, pageJoined } from './joined.js';
import { pageSlot } from './react.js';
import { loadPage, type PageScene } from './scene.js';
import { type Page, pageKey, pageNumbers, pageStream } from './words.js';

const minuteMs = 60_000;
/** What the program decides in its turn: whether a page that an incident joined was taken back. */
const joinedCommand = 'paging.joined';

type Joined = Fact<ReturnType<typeof pageJoined.read>['data']>;

export const joinedReactions: Reaction[] = [
  on(pageJoined, (fact) => {
    const { id, pageIncidentId, incident } = fact.data;
    const key = pageKey(fact.data);
    const text = say({ bold: key }, ` ${joinedText(fact.data)}. Who has it has this too: `, {
      code: `/incident ack ${key}`,
    });
    const shown = onIncident(
      pageIncidentId,
      { do: 'show', view: 'page', slot: pageSlot(id), destination: { to: 'incident' }, about: id },
      { step: 1, essential: true, collapse: pageSlot(id) },
    );
    return [tellIncident(fact, incident.id, text), shown, later(fact)];
  }),
];

function later(fact: Joined): Later {
  const { id, incident } = fact.data;
  const at = new Date(fact.recordedAt.getTime() + minuteMs);
  return {
    key: `page/${id}/joined/${incident.id}`,
    at,
    command: joinedCommand,
    data: { factId: fact.id, pageId: id },
  };
}

interface Left {
  readonly page: Page | null;
  readonly incident: Incident | null;
  readonly joined: Joined | null;
  readonly scene: PageScene | null;
}

const joinedInput = z.object({ factId: z.string(), pageId: z.string() });

/** A page that was taken back calls nobody: who joined it is called for now. Once somebody has it, nothing is done. */
const left = defineCommand<z.infer<typeof joinedInput>, { readonly id: string }, Left>({
  verb: internalVerb('page joined'),
  input: joinedInput,
  async locate(_tx, { pageId }, ask) {
    const id = ask.newId();
    return { streams: [pageStream(id), pageStream(pageId), pageNumbers], target: { id } };
  },
  async load(tx, { factId, pageId }, { id }, ask) {
    const row = await tx.fact.findUnique({ where: { id: factId } });
    const joined = row && pageJoined.read(readFact(row));
    const page = await tx.page.findUnique({ where: { id: pageId } });
    const incidentId = joined?.data.incident.id ?? '';
    const incident = await tx.incident.findUnique({ where: { id: incidentId } });
    const scene = joined && (await loadPage(tx, id, joined.data.call.target, incident, ask));
    return { page, incident, joined, scene };
  },
  decide({ page, incident, joined, scene }, _input, ask) {
    const nothing = refuse(say('Nobody is to be called.'));
    if (!page || !incident || !joined || !scene || !isOpen(incident.status)) return nothing;
    if (page.state === 'ringing') {
      const again = new Date(ask.now.getTime() + minuteMs);
      return { accepted: false, refusal: { message: say('It rings.'), again } };
    }
    if (page.state !== 'withdrawn') return nothing;
    const { reason, cause } = joined.data.call;
    const stated = openPage(scene, { reason, cause, incident }, ask);
    return stated.length > 0 ? accept(stated, message()) : nothing;
  },
});

export const joinedAutomatic: Readonly<Record<string, (data: unknown) => Bound>> = {
  [joinedCommand]: (data) => left.given(joinedInput.parse(data)),
};
