// Sources: messages in Slack that become entries, by a reaction, a pin or a shortcut, and stay true to Slack.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Feature, View } from '../../core/feature.js';
import { line, type Message, message, type Span, say, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { idOf, incidentKey, tellIncident } from '../incident/index.js';
import * as facts from './facts.js';
import { projections, projectSource, reset } from './store.js';
import { undo } from './undo.js';

export { addMessage, claim, declaredFrom, incidentFor, recordLooks } from './commands.js';
export { type Look, type Marks, type Seen, timeOfTs } from './decide.js';
export { messageTaken } from './facts.js';
export { carriedId, isWatched, takenAt } from './store.js';

/** How much of a message the echo in the incident's channel shows. */
const echoLimit = 600;
/** How much of an edit the command that takes it over repeats. */
const takenOverLimit = 1_500;

/** The thread of the message that an incident was declared from is told where it goes on; never of a private one. */
const declaredFromView: View = async (tx, incidentId) => {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident || incident.private) return null;
  const where: Span[] =
    incident.placeKind === 'channel' && incident.channelId
      ? [' It goes on in ', { channel: incident.channelId, name: incident.channelName ?? incident.channelId }]
      : [];
  return say({ bold: incidentKey(incident) }, ' was declared from this message.', ...where);
};

export const sourcesFeature: Feature = {
  name: 'sources',
  topic: 'record',
  facts: Object.values(facts),
  project: projections,
  projectAll: projectSource,
  react: [
    on(facts.messageTaken, (fact) => {
      if (fact.data.from === 'declared')
        return [linkBack(fact), tellIncident(fact, idOf(fact), echo(fact), 2)];
      return [
        ...confirmation(fact),
        ...(fact.data.from === 'elsewhere' ? [tellIncident(fact, idOf(fact), echo(fact))] : []),
      ];
    }),
    on(facts.messageNoted, (fact) => [tellIncident(fact, idOf(fact), echo(fact), 2)]),
    // Said to whoever corrected it, where the others see that there are two versions.
    on(facts.messageEditedSince, (fact) => {
      const { seq, corrector, text } = fact.data;
      return [
        tellIncident(
          fact,
          idOf(fact),
          say(
            { person: corrector.id, name: corrector.name },
            ` The message of `,
            { bold: `#${seq}` },
            ` was edited in Slack after you corrected it; your correction stays. To take the edit over: `,
            { code: `/incident correct #${seq} ${shorten(oneLine(text), takenOverLimit)}` },
          ),
        ),
      ];
    }),
  ],
  undo,
  reset,
  views: { declaredFrom: declaredFromView },
  tables: ['takenMessage'],
};

type TakenFact = Fact<ReturnType<typeof facts.messageTaken.read>['data']>;

// Said once, to whoever asked; what was found after a pause is on the timeline and says nothing.
function confirmation(fact: TakenFact): Effect[] {
  if (fact.actor.kind !== 'person') return [];
  const { number, channelId, threadTs, by } = fact.data;
  const [how] = (by.find((each) => each.endsWith(`:${fact.actor.id}`)) ?? '').split(':');
  const back = how === 'pin' ? ' Unpin it to take it back.' : ' Take the reaction away to take it back.';
  const text = message(
    line(
      `On INC-${number}’s timeline as `,
      { bold: `#${fact.seq}` },
      ...(fact.occurredAt ? [', at ', { at: fact.occurredAt }] : []),
      `.${how === 'shortcut' ? '' : back}`,
    ),
  );
  const userId = fact.actor.id;
  const said = {
    do: 'sayOnly' as const,
    slot: `taken/${fact.id}`,
    channelId,
    ...(threadTs ? { threadTs } : {}),
    userId,
    message: text,
  };
  return [{ ...onIncident('', said), lane: `person/${userId}`, incidentId: null }];
}

type NotedFact = Fact<ReturnType<typeof facts.messageNoted.read>['data']>;

function echo(fact: NotedFact): Message {
  const { text, author, permalink, files } = fact.data;
  return say(
    { bold: `#${fact.seq}` },
    ' ',
    ...(fact.occurredAt ? [{ at: fact.occurredAt }, ' · '] : []),
    `${shorten(text, echoLimit)} — ${author.name}`,
    ...(files.length > 0 ? [` (${files.length} ${files.length === 1 ? 'file' : 'files'})`] : []),
    ...(permalink ? [' · ', { url: permalink, label: 'message' }] : []),
  );
}

function linkBack(fact: TakenFact): Effect {
  const { channelId, threadTs, ts } = fact.data;
  const id = idOf(fact);
  return onIncident(
    id,
    {
      do: 'show',
      view: 'declaredFrom',
      slot: `declared-from/${id}`,
      destination: { to: 'thread', channelId, threadTs: threadTs ?? ts },
    },
    { step: 2 },
  );
}
