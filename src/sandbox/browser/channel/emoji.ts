// The reactions at hand, with names that say what they mean.

export interface Reaction {
  readonly name: string;
  readonly sign: string;
  readonly label: string;
}

/** The one that puts a message on the timeline. */
export const pushpin: Reaction = { name: 'pushpin', sign: '📌', label: 'Put on the timeline (📌)' };

/** A small choice; Slack's whole table is not needed to try Andon. */
export const reactions: readonly Reaction[] = [
  { name: 'pushpin', sign: '📌', label: 'pushpin' },
  { name: 'eyes', sign: '👀', label: 'eyes: I am looking' },
  { name: 'white_check_mark', sign: '✅', label: 'check mark: done' },
  { name: 'x', sign: '❌', label: 'cross: no' },
  { name: '+1', sign: '👍', label: 'thumbs up' },
  { name: '-1', sign: '👎', label: 'thumbs down' },
  { name: 'raised_hands', sign: '🙌', label: 'raised hands' },
  { name: 'heart', sign: '❤️', label: 'heart' },
  { name: 'tada', sign: '🎉', label: 'tada: celebrate' },
  { name: 'fire', sign: '🔥', label: 'fire' },
  { name: 'warning', sign: '⚠️', label: 'warning' },
  { name: 'question', sign: '❓', label: 'question' },
];

/** The sign of a reaction; one that is not known here stays its name between colons. */
export function signOf(name: string): string {
  return reactions.find((each) => each.name === name)?.sign ?? `:${name}:`;
}
