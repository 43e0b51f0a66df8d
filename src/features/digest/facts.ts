// What happens to the digest: its time came.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';

export const digestStream = 'digest';

/** The time of a digest came, and what was made of it. */
export const digestMade = defineFact(
  'DigestMade',
  z.object({
    /** The day of the workspace's zone. */
    date: z.iso.date(),
    /** `nothing`: nothing was planned, so nothing is posted. `passed`: it was said before, or it is too late for it. */
    outcome: z.enum(['said', 'nothing', 'passed']),
    /** When the next one is due. */
    next: z.coerce.date(),
    counts: z.object({
      underWay: z.int(),
      today: z.int(),
      tomorrow: z.int(),
      validating: z.int(),
      uncovered: z.int(),
      /** Freezes, those that come again and again not counted. */
      frozen: z.int().default(0),
    }),
  }),
  () => null,
);
