// The words of being on call: who is called in which order, and by which ways each is reached.

import { z } from 'zod';
import { fewNames } from '../../core/text.js';

/** Whom a page is for, as people say it. */
const targetKinds = ['person', 'team', 'service', 'schedule', 'default'] as const;
export type TargetKind = (typeof targetKinds)[number];
export const targetSchema = z.object({
  kind: z.enum(targetKinds),
  /** Slack's id of a person; null for all else. */
  id: z.string().nullable(),
  name: z.string(),
});
export type Target = z.infer<typeof targetSchema>;

/** One of those who are called at a level: a person, whoever is on call by a schedule, or a pager of our own settings. */
const whomSchema = z.object({
  kind: z.enum(['person', 'schedule', 'pager']),
  /** Slack's id of a person, where it is known. */
  id: z.string().nullable(),
  name: z.string(),
});
export type Whom = z.infer<typeof whomSchema>;

/** Those who are called together, and how long they have before the next level is. */
export const levelSchema = z.object({ whom: z.array(whomSchema).min(1), minutes: z.int().min(1) });
export type Level = z.infer<typeof levelSchema>;

/** Who is called in which order. After the last level it begins anew when `repeatMinutes` are over. */
export interface Escalation {
  readonly levels: readonly Level[];
  readonly repeatMinutes: number;
  /** Whose it is, for people: `the service api`, `the team Platform`, `the default`, `Ana alone`. */
  readonly of: string;
}

/** A way to reach somebody: Slack's id of a person, an address, or the name of a pager. */
const waySchema = z.object({ path: z.enum(['slack', 'mail', 'webhook']), address: z.string() });
export type Way = z.infer<typeof waySchema>;

/** Somebody, or something, that a level calls at an instant. */
const recipientSchema = z.object({
  /** Slack's id of a person; null for a pager, and for a person whom only a calendar knows. */
  id: z.string().nullable(),
  name: z.string(),
  ways: z.array(waySchema),
  /** The schedule by which they are on call. */
  schedule: z.string().nullable(),
});
export type Recipient = z.infer<typeof recipientSchema>;

/** What one level comes to at an instant; `empty`: those of whom nobody can be reached, for people. */
export interface Reached {
  readonly recipients: readonly Recipient[];
  readonly empty: readonly string[];
}

/** Where nobody said otherwise. */
export const usualLevelMinutes = 5;
export const usualRepeatMinutes = 10;

/** An instant without its seconds, which tell nobody anything of a shift. */
export function toMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000);
}

const idsShown = 8;

/** What is said of Slack's ids of people of whom Andon has heard nothing. */
export function unheardText(ids: readonly string[]): string {
  const all = [...new Set(ids)];
  const named = fewNames(all, idsShown);
  return `Nobody with the id ${named} is known yet: they may never have spoken to Andon, or there is nobody of that id in Slack (profile, Copy member ID), and then nobody is called.`;
}

/** Whether somebody is called so, however that is written: `ana.smith` is Ana Smith. */
export function isCalled(one: string, other: string): boolean {
  const name = plainName(one);
  return name !== '' && name === plainName(other);
}

/** Whether one of somebody's names is this one. */
export function hasName(person: Named, name: string): boolean {
  return isCalled(person.name, name) || (person.realName != null && isCalled(person.realName, name));
}

/** Somebody in Slack, with the name that is shown and the one beside it. */
export interface Named {
  readonly name: string;
  readonly realName?: string | null;
}

function plainName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[\s._-]+/g, ' ')
    .trim()
    .toLowerCase();
}

const addressMax = 254;
const plainAddress = /^[^\s<>(),;:\\"@[\]]+@[^\s<>(),;:\\"@[\]]+$/;

/** Whether this is one address of e-mail and nothing else. */
export function isAddress(text: string): boolean {
  return text.length <= addressMax && plainAddress.test(text);
}
