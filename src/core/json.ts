// Values as a column of JSON keeps them.
import type { Prisma } from '../db/tx.js';

/** A value as a column of JSON keeps it: instants as texts, and nothing that is undefined. */
export function json(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
