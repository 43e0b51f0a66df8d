// The effects of freezes: all in one lane, so that what is said of them stands in the order in which it happened.
import {
  type Effect,
  type EffectKind,
  type EffectOptions,
  type Later,
  onIncident,
} from '../../core/effect.js';
import { freezeKey, freezesStream } from './words.js';

/** The name under which the program looks whether something is to be said of a freeze. */
export const lookCommand = 'freeze.look';

/** The slot of a freeze's message that stays current, in the channel of changes; by its number, which other facts name. */
export const freezeSlot = (freeze: { readonly number: number }) => `freeze/${freezeKey(freeze)}`;

/** An effect of freezes, in their lane. */
export function onFreezes(kind: EffectKind, options: EffectOptions = {}): Effect {
  return { ...onIncident('', kind, options), lane: freezesStream, incidentId: null };
}

/** The message of a freeze, as things stand at an instant: a view reads no clock. It is posted first, and edited then. */
export function showFreeze(
  freeze: { readonly number: number },
  at: Date,
  options: EffectOptions = {},
): Effect {
  return onFreezes(
    {
      do: 'show',
      view: 'freeze',
      slot: freezeSlot(freeze),
      destination: { to: 'changes' },
      about: `${freeze.number} ${at.toISOString()}`,
    },
    { essential: true, ...options },
  );
}

/** The same in the channel of the incident from which the cord was pulled. */
export function showCord(
  freeze: { readonly number: number },
  incidentId: string,
  at: Date,
  options: EffectOptions = {},
): Effect {
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: 'freeze',
      slot: `${freezeSlot(freeze)}/incident`,
      destination: { to: 'incident' },
      about: `${freeze.number} ${at.toISOString()}`,
    },
    { essential: true, ...options },
  );
}

/** Brings a freeze's message up to date where what it holds has changed; several of these are one. */
export function refreshFreeze(freeze: { readonly number: number }, at: Date): Effect {
  return showFreeze(freeze, at, { collapse: freezeSlot(freeze) });
}

/** The topic of the channel of changes says what is frozen, or is again what people wrote. */
export function retopicChanges(step = 1): Effect {
  return onFreezes({ do: 'changesTopic' }, { step });
}

/** When to look again; null: nothing is to be said any more. */
export function lookLater(id: string, at: Date | null): Later {
  return { key: `freeze/${id}`, at, command: lookCommand, data: { id } };
}
