// What was done to a message on a timeline, for taking it back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { about, entryPart, idOf } from '../incident/index.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  // The reaction may stay in Slack: that it does not count any more is said of the message.
  on(facts.messageTaken, (fact) => ({
    what: 'the message',
    sets: [],
    instead: `/incident correct #${fact.seq} TEXT`,
    hidden: true,
    follows: [
      facts.messageWithdrawn(
        { ...placeOf(fact.data), seq: fact.seq ?? 0, entryIds: [fact.id], reason: 'undone' },
        about({ id: idOf(fact) }),
      ),
    ],
  })),
  on(facts.messageNoted, (fact) => ({
    what: 'the message',
    sets: [],
    instead: `/incident correct #${fact.seq} TEXT`,
    hidden: true,
  })),
  // The reaction is gone in Slack: whoever takes that back asks for the message in their own name.
  on(facts.messageWithdrawn, (fact) => {
    const { seq, entryIds, reason } = fact.data;
    return {
      what: `that #${seq} was taken back`,
      sets: entryIds.map(entryPart),
      instead: '/incident note TEXT',
      ...(reason === 'deleted' ? { never: 'The message is gone in Slack. Say it yourself: ' } : {}),
      follows: [
        facts.messageRestored(
          { ...placeOf(fact.data), seq, entryIds, by: [`shortcut:${fact.actor.id}`] },
          about({ id: idOf(fact) }),
        ),
      ],
    };
  }),
  on(facts.messageRestored, (fact) => {
    const { seq, entryIds } = fact.data;
    return {
      what: `that #${seq} counts again`,
      sets: entryIds.map(entryPart),
      instead: `/incident strike #${seq} REASON`,
      follows: [
        facts.messageWithdrawn(
          { ...placeOf(fact.data), seq, entryIds, reason: 'undone' },
          about({ id: idOf(fact) }),
        ),
      ],
    };
  }),
  on(facts.messageEdited, ({ data, seq }) => ({
    what: `the edit of #${data.seq}`,
    sets: [entryPart(data.entryId)],
    instead: `/incident correct #${seq} TEXT`,
    never: 'Edit the message in Slack once more, or say ',
  })),
  on(facts.messageEditedSince, ({ data }) => ({
    what: `the edit of the message in Slack`,
    sets: [entryPart(data.entryId)],
    instead: `/incident correct #${data.seq} TEXT`,
    never: 'Edit the message in Slack once more, or say ',
  })),
];

function placeOf({ channelId, ts }: { channelId: string; ts: string }) {
  return { channelId, ts };
}
