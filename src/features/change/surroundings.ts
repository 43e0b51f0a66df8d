// What a change is judged by: who owns what it touches, what hangs on that, and what else happens there meanwhile.
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import {
  type Environments,
  environmentsOf,
  type Neighbourhood,
  neighboursOf,
  settingsOf,
  type TeamSettings,
} from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import type { Change } from './store.js';

/** What is planned, as it is judged. */
export interface Plan {
  /** Of a change that is on record already, so that it does not collide with itself. */
  readonly id: string | null;
  readonly kind: Change['kind'];
  readonly components: readonly Component[];
  readonly owner: { readonly id: string | null; readonly name: string };
  readonly coverId: string | null;
  readonly startsAt: Date;
  /** With what is needed to see that it works; null where nobody knows. */
  readonly endsAt: Date | null;
  readonly reversible: string;
}

/** Another change, and which of its places is near. */
export interface Other {
  readonly change: Change;
  readonly components: readonly Component[];
}

export interface OpenIncident {
  readonly number: number;
  readonly severity: string;
  readonly components: readonly Component[];
}

export interface Surroundings {
  readonly environments: Environments;
  readonly neighbourhood: Neighbourhood;
  readonly settings: TeamSettings;
  /** Changes near it that are planned or under way in its time. */
  readonly others: readonly Other[];
  /** Open ones that everybody may see, SEV1 and SEV2, near it. */
  readonly incidents: readonly OpenIncident[];
  /** Of its owner, planned or under way, wherever they are. */
  readonly ofOwner: readonly Change[];
}

/** Reads what a plan is judged by. Its queries follow indexes, so they do not grow with the ledger. */
export async function surroundingsOf(tx: Tx, plan: Plan, ask: Ask): Promise<Surroundings> {
  const workspaceId = ask.workspace.id;
  const services = plan.components.map((each) => each.service);
  return {
    environments: await environmentsOf(tx, workspaceId),
    neighbourhood: await neighboursOf(tx, workspaceId, services),
    settings: await settingsOf(tx, workspaceId),
    others: [],
    incidents: [],
    ofOwner: [],
  };
}
