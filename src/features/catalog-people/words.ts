// What a file's parts are called for people, and how escalations are told apart.
import type { EscalationKind } from '../oncall/index.js';

/** `service:api`, `team:Platform`, `default`: what an escalation is for, as the file writes it. */
export function escalationName(target: { readonly kind: EscalationKind; readonly name: string }): string {
  return target.kind === 'default' ? 'default' : `${target.kind}:${target.name}`;
}
