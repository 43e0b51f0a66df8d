// The import of a catalogue's file: all that it says, in one transaction.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, internalVerb } from '../../core/command.js';
import type { Message } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import {
  catalogStream,
  decideImport,
  type ImportState,
  readImport,
  type SaidCatalog,
} from '../catalog/index.js';
import { oncallStream } from '../oncall/index.js';
import { rolesStream } from '../roles/index.js';
import { type People, planPeople } from './plan.js';
import { readPeople } from './store.js';

interface State extends ImportState {
  readonly beside: People;
}

/** Takes over what a file says. */
export const importCatalog = defineCommand<SaidCatalog, null, State>({
  verb: internalVerb('import catalogue'),
  input: z.custom<SaidCatalog>(),
  locate: async () => ({ streams: [catalogStream, oncallStream, rolesStream], target: null }),
  load: (tx, _said, _target, ask) => readState(tx, ask),
  decide: decideAll,
});

/** What an import would say, and states nothing. */
export async function importDry(
  tx: Tx,
  said: SaidCatalog,
  ask: Pick<Ask, 'workspace' | 'now'>,
): Promise<Message> {
  const decision = decideAll(await readState(tx, ask), said, ask);
  if (!decision.accepted) return decision.refusal.message;
  return typeof decision.reply === 'function' ? decision.reply([]) : decision.reply;
}

async function readState(tx: Tx, ask: Pick<Ask, 'workspace' | 'now'>): Promise<State> {
  return { ...(await readImport(tx, ask)), beside: await readPeople(tx, ask.workspace.id) };
}

function decideAll(state: State, said: SaidCatalog, ask: Pick<Ask, 'workspace'>): Decision {
  const plan = planPeople(said, state.beside, state.catalog, state.people, ask.workspace.zone);
  const { facts, reply } = decideImport(state, said, ask, plan.more);
  return accept([...facts, ...plan.facts], reply);
}
