// The words of the gate: what is asked, what is answered, and how a program reads both.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { type ChangeKind, changeKinds } from '../change/index.js';
import { componentSchema } from '../incident/index.js';

/** `allow` and `warn`: go. `hold`: wait your turn. `deny`: a hard freeze covers it. From the mildest to the gravest. */
export const decisions = ['allow', 'warn', 'hold', 'deny'] as const;
export type DecisionWord = (typeof decisions)[number];

/** How long a verdict is good for, at most; a change that starts later asks again. */
export const validMs = 5 * 60_000;
/** How far apart held changes are let go, unless the team says otherwise. */
export const usualSpacingSeconds = 60;
/** One that does not come within this after its turn is not waited for any more. */
export const lapsedMs = 3_600_000;

/** “May this change start now?”, as the record keeps it. */
export const questionSchema = z.object({
  /** Who asks, and what they call the change. Without a key it cannot wait its turn. */
  source: z.string().min(1).max(300),
  key: z.string().max(300).nullable(),
  kind: z.enum(changeKinds),
  title: z.string(),
  /** Environments as the catalogue calls them. */
  targets: z.array(componentSchema).min(1).max(50),
  artifact: z.string().nullable(),
  previousArtifact: z.string().nullable(),
  /** It takes back what runs there, to a version that ran there before. */
  rollback: z.boolean(),
  /** Who began it, by the name that the pipeline has for them. */
  actor: z.string().nullable(),
  url: z.string().nullable(),
  /** The number of the exception that it names. */
  exception: z.int().nullable(),
  /** The number of the announced change that it carries out. */
  change: z.int().nullable(),
  /** Part of a drill: the freezes of drills hold it, and others do not learn of it. */
  drill: z.boolean(),
});
export type Question = z.infer<typeof questionSchema>;

/** The same as it is asked: who asks is known, and what it is called may be left to us. */
export const askedSchema = questionSchema.extend({
  source: z.string().min(1).max(300).nullable(),
  title: z.string().nullable(),
});
export type Asked = z.infer<typeof askedSchema>;

const reasonSchema = z
  .object({
    type: z.enum(['freeze', 'turn', 'conflict', 'limit', 'cover', 'exception', 'rollback', 'place']).meta({
      description:
        '`turn`: others go first after a thaw; `place`: an environment of which nobody said what it is for, taken for production, or a service or cluster that the catalogue does not know.',
    }),
    id: z.string().nullable().meta({ description: 'What it is about: FRZ-3, CHG-7, INC-2, EXC-1.' }),
    decision: z.enum(decisions).meta({ description: 'What this reason alone asks for.' }),
    text: z.string().meta({ description: 'For people: what holds it, who says so, and until when.' }),
    /** Of a freeze. */
    mode: z.enum(['hard', 'soft']).nullable(),
    reason: z.string().nullable(),
    owner: z.object({ id: z.string(), name: z.string() }).nullable(),
    endsAt: instant.nullable(),
  })
  .meta({ id: 'GateReason' });
export type Reason = z.infer<typeof reasonSchema>;

const targetVerdictSchema = z
  .object({
    service: z.string(),
    environment: z.string(),
    cluster: z.string(),
    decision: z.enum(decisions),
    because: z.array(z.string()).meta({ description: 'The freezes that cover it, such as FRZ-3.' }),
  })
  .meta({ id: 'GateTarget' });

/** The answer, whatever asked: what is recorded, shown, and sent over HTTP. Instants are UTC. */
export const answerSchema = z
  .object({
    id: z.string(),
    decision: z.enum(decisions),
    targets: z.array(targetVerdictSchema),
    reasons: z.array(reasonSchema),
    exceptionId: z.string().nullable().meta({ description: 'The exception that let it through: EXC-1.' }),
    evaluatedAt: instant,
    validUntil: instant.meta({ description: 'A change that starts later asks again.' }),
    nextTransitionAt: instant.nullable().meta({ description: 'When another answer is to be expected.' }),
    retryAfterSeconds: z.int().nullable().meta({ description: 'When it is worth asking again; null: go.' }),
    howToProceed: z.string().nullable().meta({ description: 'What can be done about it, and whom to ask.' }),
    turn: z.object({ place: z.int(), of: z.int(), at: instant.nullable() }).nullable().meta({
      description: 'Its place among those that wait, and when its turn comes; null: it does not wait.',
    }),
  })
  .meta({ id: 'GateAnswer' });
export type Answer = z.infer<typeof answerSchema>;

/** The gravest of some decisions; `allow` of none. */
export function gravest(all: readonly DecisionWord[]): DecisionWord {
  return all.reduce<DecisionWord>(
    (worst, each) => (decisions.indexOf(each) > decisions.indexOf(worst) ? each : worst),
    'allow',
  );
}

/** Whether it may start. */
export function mayGo(decision: DecisionWord): boolean {
  return decision === 'allow' || decision === 'warn';
}

/** What no version takes back. */
const oneWay: readonly string[] = ['migration', 'upgrade', 'infrastructure'] satisfies ChangeKind[];

/** Whether a change of this kind can go back to a version at all. */
export function goesBack(kind: string): boolean {
  return !oneWay.includes(kind);
}

/** The stream of what one pipeline asks of one change. */
export const gateStream = (id: string) => `gate/${id}`;
/** The stream of those that wait: locked where something waits, so that no two take one turn. */
export const queueStream = 'gate';
