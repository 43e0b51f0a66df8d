// The effects of freezes: all in one lane, so that what is said of them stands in the order in which it happened.
import {
  type Effect,
  type EffectKind,
  type EffectOptions,
  type Later,
  onIncident,
} from '../../core/effect.js';
import { freezesStream } from './words.js';

/** The name under which the program looks whether something is to be said of a freeze. */
export const lookCommand = 'freeze.look';

/** The slot of a freeze's message that stays current. */
export const freezeSlot = (id: string) => `freeze/${id}`;

/** An effect of freezes, in their lane. */
export function onFreezes(kind: EffectKind, options: EffectOptions = {}): Effect {
  return { ...onIncident('', kind, options), lane: freezesStream, incidentId: null };
}

/** Brings the message of a freeze up to date, as things stand at an instant: a view reads no clock. */
export function showFreeze(id: string, at: Date, options: EffectOptions = {}): Effect {
  return onFreezes(
    {
      do: 'show',
      view: 'freeze',
      slot: freezeSlot(id),
      destination: { to: 'changes' },
      about: `${id} ${at.toISOString()}`,
    },
    { essential: true, ...options },
  );
}

/** When to look again; null: nothing is to be said any more. */
export function lookLater(id: string, at: Date | null): Later {
  return { key: freezeSlot(id), at, command: lookCommand, data: { id } };
}
