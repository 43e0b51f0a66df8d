// What can be found of a change that began: on frozen ground without leave, or first where the ground had thawed.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { changeKey, ownerSchema } from '../change/index.js';
import { cordOf, freezeKey } from '../freeze/index.js';
import { decisions } from '../gate/index.js';

const at = z.coerce.date();

const violatedFreeze = z.object({
  id: z.string(),
  number: z.int(),
  owner: z.object({ id: z.string(), name: z.string() }),
  /** The incident from which the cord was pulled; `shown`: everybody may know of it. */
  incident: cordOf.nullable(),
});

/** It began where a hard freeze was on, and no verdict, exception or proven rollback had let it. */
export const freezeViolated = defineFact(
  'FreezeViolated',
  z.object({
    number: z.int(),
    freezes: z.array(violatedFreeze).min(1),
    startedAt: at,
    /** Nobody said when it began, so it is when it ended. */
    startUnknown: z.boolean(),
    by: z.object({ id: z.string(), name: z.string() }),
    owner: ownerSchema,
    /** What the gate had said of it; null: nobody had asked. */
    verdict: z
      .object({
        ...{ decision: z.enum(decisions), at },
        /** It was asked for other places than those that were frozen. */
        elsewhere: z.boolean().optional(),
        /** It passed as a rollback to another version. */
        otherVersion: z.boolean().optional(),
      })
      .nullable(),
    /** Told so long after it began that it is kept, and nobody is called. */
    late: z.boolean(),
  }),
  (it) => ({
    kind: 'freeze',
    text: `${changeKey(it)} began on frozen ground (${it.freezes.map(freezeKey).join(', ')}): ${toldBy(it.verdict)}`,
  }),
);

/** What was known of its start was wrong: it broke no freeze after all. */
export const violationWithdrawn = defineFact(
  'ViolationWithdrawn',
  z.object({ number: z.int(), freezes: z.array(z.int()) }),
  (it) => ({
    kind: 'freeze',
    text: `${changeKey(it)} did not begin on frozen ground after all, as far as is known now`,
  }),
);

/** It was the first to begin somewhere after a freeze there had ended. */
export const firstAfterThaw = defineFact(
  'FirstAfterThaw',
  z.object({ number: z.int(), freezes: z.array(z.int()), thawedAt: at }),
  (it) => ({
    kind: 'freeze',
    text: `${changeKey(it)} is the first to begin there after ${it.freezes.map((number) => freezeKey({ number })).join(', ')}`,
  }),
);

/** Why it counts as a violation, in words. */
export function toldBy(
  verdict: {
    readonly decision: string;
    readonly at: Date;
    readonly elsewhere?: boolean | undefined;
    readonly otherVersion?: boolean | undefined;
  } | null,
): string {
  if (verdict === null) return 'nobody asked the gate';
  const time = `${verdict.at.toISOString().slice(11, 16)} UTC`;
  if (verdict.elsewhere) return `at ${time} the gate was asked of other places only`;
  if (verdict.otherVersion) return `at ${time} the gate let another version go back`;
  if (verdict.decision === 'deny') return `the gate had denied it at ${time}`;
  if (verdict.decision === 'hold') return `the gate had held it at ${time}`;
  return `its verdict of ${time} was no longer good`;
}
