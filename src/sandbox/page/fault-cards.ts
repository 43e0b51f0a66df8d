// What lies in the app's way, as the page shows it.
import type { Wire } from '../delivery.js';
import type { Effect, LaidFault } from '../faults.js';
import { COMMON_ERRORS, METHODS } from '../methods.js';
import type { FaultCard, FaultsCard } from './contract.js';

/** All the switches: `scopes` are those that the app was installed with. */
export function faultsCard({ faults, world }: Wire, scopes: readonly string[]): FaultsCard {
  return {
    laid: faults.faults.map(faultCard),
    isDown: faults.isDown,
    twice: faults.twice,
    scopes: scopes.map((name) => ({ name, granted: world.app.scopes.has(name) })),
    methods: Object.entries(METHODS).map(([name, contract]) => ({
      name,
      errors: [...new Set([...contract.errors, ...COMMON_ERRORS])],
    })),
  };
}

function faultCard(fault: LaidFault): FaultCard {
  const { id, method, effect } = fault;
  const left = Number.isFinite(fault.left) ? fault.left : null;
  return { id, method, kind: effect.kind, detail: detailOf(effect), left };
}

function detailOf(effect: Effect): string {
  switch (effect.kind) {
    case 'refuse':
      return effect.error;
    case 'rateLimit':
      return String(effect.retryAfter);
    case 'status':
      return String(effect.code);
    case 'drop':
      return effect.when;
    case 'delay':
      return String(effect.ms);
  }
}
