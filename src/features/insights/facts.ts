// What happens to statistics: somebody asks for them, and a picture is sent.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { componentSchema } from '../incident/index.js';

/** Asking is no part of what happened: the fact names no incident, so no timeline and no hash has it. */
export const statsAsked = defineFact(
  'StatsAsked',
  z.object({
    from: z.coerce.date(),
    to: z.coerce.date(),
    zone: z.string(),
    on: z.array(componentSchema),
    channelId: z.string().nullable(),
    threadTs: z.string().nullable(),
  }),
  () => null,
  (it) => ({ ...it, on: [] }),
);
