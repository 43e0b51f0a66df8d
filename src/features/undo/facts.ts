// That something was taken back: what, and how the state follows.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';

const undone = z.object({
  factId: z.string(),
  seq: z.number().int(),
  what: z.string(),
  /** Its entry is no part of what happened, and is shown nowhere. */
  hidden: z.boolean(),
  /** The state is as if it had never been stated. */
  leftOut: z.boolean(),
  /** The channel's topic showed it. */
  inTopic: z.boolean(),
});
export type Undone = z.infer<typeof undone>;

export const changeUndone = defineFact('ChangeUndone', z.object({ undone: z.array(undone) }), (it) => ({
  kind: 'system',
  text: `Undone: ${it.undone.map(({ seq, what }) => `#${seq} ${what}`).join(', ')}`,
}));
