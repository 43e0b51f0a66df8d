// The words of checklists: steps as the catalogue has them, and as they are gone through in an incident.
import { z } from 'zod';
import { joined, line, type Message, message } from '../../core/message.js';
import { quoted } from '../../core/text.js';
import { personSchema } from '../incident/index.js';

/** Whose a step is: whoever holds a role, or one person, whose id is null where Slack's is not known. */
const stepOwnerSchema = z.union([
  z.object({ role: z.string() }),
  z.object({ id: z.string().nullable(), name: z.string() }),
]);
export type StepOwner = z.infer<typeof stepOwnerSchema>;

/** A step as the catalogue has it. */
export const stepSchema = z.object({
  text: z.string(),
  owner: stepOwnerSchema.nullable(),
  /** It is done when somebody else than who did it has confirmed it. */
  second: z.boolean(),
});
export type Step = z.infer<typeof stepSchema>;

/** A checklist as the catalogue has it. */
export const checklistSchema = z.object({
  name: z.string(),
  title: z.string(),
  steps: z.array(stepSchema).min(1),
});
export type ChecklistEntry = z.infer<typeof checklistSchema>;

const bySchema = personSchema.extend({ at: z.iso.datetime() });

/** What was said of it: the words of a check, the reason of a skip. */
const note = z.string().nullable().default(null);

/** A step as it is gone through. */
export const runStepSchema = stepSchema.extend({
  /** `fact`: what asked for a second person, where that was asked for. */
  done: bySchema.extend({ fact: z.string(), note }).nullable(),
  seconded: bySchema.nullable(),
  skipped: bySchema.extend({ fact: z.string().default(''), note }).nullable(),
});
export type RunStep = z.infer<typeof runStepSchema>;

/** A checklist as it is gone through in an incident. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly steps: readonly RunStep[];
  readonly startedBy: { readonly id: string; readonly name: string };
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** Who holds which role now. */
export type Holder = { readonly role: string; readonly userId: string; readonly userName: string };

/** More than this is no checklist, and one message could not show it. */
export const stepsMax = 40;
/** The longest text of a step. */
export const stepTextLimit = 300;
/** Whether nothing is left to do of a step. */
export function isOver(step: RunStep): boolean {
  return step.skipped !== null || (step.done !== null && (!step.second || step.seconded !== null));
}

/** Whether it is done, and waits for the second person. */
export function waitsForSecond(step: RunStep): boolean {
  return step.second && step.done !== null && step.seconded === null && step.skipped === null;
}

/** The number of the first step of which something is left to do; null when there is none. */
export function nextStep(steps: readonly RunStep[]): number | null {
  const at = steps.findIndex((step) => !isOver(step));
  return at < 0 ? null : at + 1;
}

/** Whose a step is now, in words; empty where it is nobody's in particular. */
export function ownerText(owner: StepOwner | null, holders: readonly Holder[]): string {
  if (owner === null) return '';
  if (!('role' in owner)) return owner.name;
  const holder = holders.find((each) => each.role === owner.role);
  return holder ? `${holder.userName}, ${owner.role}` : `${owner.role}, which nobody is`;
}

/** The person whose a step is now; null where nobody is, or Slack does not know them. */
export function ownerOf(
  owner: StepOwner | null,
  holders: readonly Holder[],
): { id: string; name: string } | null {
  if (owner === null) return null;
  if (!('role' in owner)) return owner.id === null ? null : { id: owner.id, name: owner.name };
  const holder = holders.find((each) => each.role === owner.role);
  return holder ? { id: holder.userId, name: holder.userName } : null;
}

/** `check INC-3 deploy 2`, as a command line. */
export function stepLine(
  verb: 'check' | 'second' | 'uncheck' | 'skip',
  incident: { readonly number: number },
  run: Pick<Run, 'name'>,
  step: number | string,
): string {
  return `/incident ${verb} INC-${incident.number} ${quoted(run.name)} ${step}`;
}

/** `2 of 5 done, 1 skipped, 1 to confirm`. */
export function progress({ steps }: Pick<Run, 'steps'>): string {
  if (nextStep(steps) === null) return 'finished';
  const skipped = steps.filter((step) => step.skipped !== null).length;
  const waiting = steps.filter(waitsForSecond).length;
  const done = steps.filter(isOver).length - skipped;
  return [
    `${done} of ${steps.length} done`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(waiting > 0 ? [`${waiting} to confirm`] : []),
  ].join(', ');
}

/** Lines behind a message, of those that there are. */
export function withLines(first: Message, ...more: (string | false)[]): Message {
  const rest = message(...more.map((each) => (each ? line(each) : null)));
  return rest.text === '' ? first : joined(first, rest);
}
