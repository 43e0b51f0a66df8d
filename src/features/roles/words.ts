// The words of roles: the usual ones with their duty, those that the workspace defines, and how either is meant.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';

/** The roles that every workspace has. */
export const usualRoles = ['commander', 'communications', 'operations', 'scribe'] as const;
export type UsualRole = (typeof usualRoles)[number];

export const duties: Record<UsualRole, string> = {
  commander: 'decides, delegates, keeps the whole in view',
  communications: 'tells those outside what is going on',
  operations: 'works on the systems',
  scribe: 'keeps the timeline',
};

const aliases: Readonly<Record<string, UsualRole>> = {
  ic: 'commander',
  lead: 'commander',
  comms: 'communications',
  ops: 'operations',
};

/** A role as the workspace has it. Of a usual one `instructions` are the workspace’s own words, where it has some. */
export interface RoleKnown {
  readonly name: string;
  readonly instructions: string;
}

/** Whether a role is one that every workspace has. */
export function isUsual(name: string): name is UsualRole {
  return (usualRoles as readonly string[]).includes(name);
}

/** All roles by name: the usual ones, then what the workspace defined. */
export function roleNames(defined: readonly RoleKnown[]): string[] {
  return [...usualRoles, ...defined.map(({ name }) => name).filter((name) => !isUsual(name))];
}

/** `commander, communications, operations, scribe or security-lead`. */
export function rolesText(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Which role a word means: its name, an alias, or the beginning of one name alone. */
export function findRole(word: string, names: readonly string[]): { role: string } | { like: string[] } {
  const said = word.trim().toLowerCase();
  const exact = names.includes(said) ? said : aliases[said];
  if (exact !== undefined) return { role: exact };
  const like = said === '' ? [] : names.filter((name) => name.startsWith(said));
  return like.length === 1 && like[0] !== undefined ? { role: like[0] } : { like };
}

/** What a role is for, in a line. */
export function dutyOf(name: string, instructions: string): string {
  if (isUsual(name)) return duties[name];
  return shorten(instructions.split('\n', 1)[0] ?? '', dutyMax);
}

const dutyMax = 70;
const nameMax = 30;
const namePattern = /^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}-]*$/u;
// What stands where a role may stand, and means something else there.
const taken = /^(?:inc-?\d+|me|at|none|nobody|anybody)$/;
const rule = `A role is one word of letters, digits and hyphens, at most ${nameMax}, such as security-lead.`;

/** The name of a role that is to be defined. */
export const roleNameWord = z
  .string({ error: 'Say what the role is called, such as security-lead.' })
  .transform((word) => word.trim().toLowerCase().normalize('NFC'))
  .refine((word) => namePattern.test(word) && word.length <= nameMax && !taken.test(word), { error: rule })
  .refine((word) => aliases[word] === undefined, {
    error: (issue) =>
      `“${String(issue.input)}” already means ${aliases[String(issue.input)]}. Take another word.`,
  });

/** A phone's screen, more or less. */
const instructionsMax = 1_000;

/** What the holder of a role is told when they take it. */
export const instructionsWord = textOf({ missing: '', limit: instructionsMax });

/** The word for a role in a command; which one it means is decided by those that there are. */
export const roleWord = z.string({ error: `Say the role: ${usualRoles.join(', ')}, or one of your own.` });
