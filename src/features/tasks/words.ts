// The words of tasks: how one is named, and who may be given one.
import { z } from 'zod';
import type { Prisma } from '../../db/tx.js';

export type Task = Prisma.TaskGetPayload<object>;

export const taskKinds = ['task', 'followup'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** How long what is to be done may be: it stands in lists. */
export const taskTextLimit = 1_000;

/** How a task is named, within its incident: follow-ups are counted with the tasks, so that the name stays. */
export function taskKey(task: { number: number }): string {
  return `T${task.number}`;
}

/** The number in `T3`, `t3` or `3`; null when it is none. */
export function readTaskKey(word: string): number | null {
  const found = /^[tf]?-?(\d{1,6})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

const whichTask = 'Say which task, such as T3. /incident tasks lists them.';

/** `T3`, or 3. */
export const taskWord = z
  .string({ error: whichTask })
  .transform((word) => readTaskKey(word) ?? 0)
  .refine((number) => number > 0, { error: whichTask });

/** What a follow-up is called where a task is. */
export function kindName(kind: string): string {
  return kind === 'followup' ? 'follow-up' : 'task';
}

/** An instant in a sentence of the record: in UTC, to the minute. */
export function inUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
