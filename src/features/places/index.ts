// Places: where an incident lives in Slack, and the messages there that stay current.
import { onIncident } from '../../core/effect.js';
import { isInSlack, on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { idOf, incidentDeclared, refresh, retopic, summarySlot } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import { channelClosed, inviteAlone, noticeView } from './notice.js';
import { projections } from './store.js';
import { announcementView, summaryView } from './views.js';

export { placeStream } from '../incident/index.js';
export * from './facts.js';
export { recordMembers, uninvitedSlot } from './members.js';
export { channelName, incidentPurpose, incidentTopic, purposeMarker } from './names.js';
export { announcementEffect, channelClosed, directEffect, inviteAlone, shortfallSpans } from './notice.js';
export { recordResult } from './record.js';
export { summaryWith } from './views.js';

export const noticeSlot = (incidentId: string) => `notice/${incidentId}`;

export const placesFeature: Feature = {
  name: 'places',
  facts: Object.values(facts),
  project: projections,
  react: [
    on(incidentDeclared, ({ incidentId, data: { declarer } }) =>
      incidentId !== null && isInSlack(declarer.id)
        ? [onIncident(incidentId, { do: 'meet', userId: declarer.id }, { step: 2 })]
        : [],
    ),
    // The summary says where the draft is.
    on(facts.fileUploaded, ({ data: { incidentId } }) => [
      onIncident(
        incidentId,
        { do: 'show', view: 'summary', slot: summarySlot(incidentId), destination: { to: 'incident' } },
        { collapse: `summary/${incidentId}` },
      ),
    ]),
    on(entryRedacted, (fact) => {
      const id = idOf(fact);
      if (!fact.data.title) return [];
      const essential = { essential: true };
      return [
        retopic(id),
        onIncident(id, { do: 'setPurpose' }, essential),
        onIncident(id, { do: 'renameChannel' }, essential),
      ];
    }),
    // Messages name the channel.
    on(facts.channelRenamed, (fact) => refresh(fact.data.incidentId)),
    on(facts.effectGivenUp, (fact) => {
      const { incidentId, effect } = fact.data;
      const moves = effect === channelClosed || effect === inviteAlone;
      return [
        // Where there is no draft, the summary says how to get one.
        ...(effect === 'upload' ? refresh(incidentId) : []),
        ...(moves
          ? [onIncident(incidentId, { do: 'movePlace' }, { essential: true }), ...refresh(incidentId, 1)]
          : []),
        onIncident(
          incidentId,
          { do: 'show', view: 'notice', slot: noticeSlot(incidentId), destination: { to: 'incident' } },
          { step: moves ? 2 : 0, collapse: `notice/${incidentId}` },
        ),
      ];
    }),
  ],
  views: { summary: summaryView, announcement: announcementView, notice: noticeView },
  tables: ['posted', 'uploadedFile', 'shortfall'],
};
