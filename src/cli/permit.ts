// `andon permit`: what is given to groups of people, said by whoever has the machine.

import { plainMessage } from '../core/message.js';
import { makeSurface } from '../core/surface.js';
import { execute } from '../execute.js';
import { features } from '../features/index.js';
import { UsageError, withDatabase } from './kit.js';
import { askBeside } from './ways.js';

/** Gives something to groups, or gives it back; without words it shows who may what. */
export async function permit(action: string | undefined, groups: readonly string[]): Promise<void> {
  await withDatabase(async (db) => {
    const ask = await askBeside(db, false);
    const { zone, locale } = ask.workspace;
    const line = action === undefined ? 'permissions' : `permit ${[action, ...groups].join(' ')}`;
    const routed = makeSurface(features).route('incident', line, {
      time: { now: ask.now, zone, workspaceZone: zone, locale },
      me: { id: ask.actor.id, name: ask.actor.name },
      people: new Map(),
    });
    if (routed.kind === 'query')
      return console.log(plainMessage(await routed.answer(db.of(ask.workspace.id).read, ask)));
    if (routed.kind !== 'command') {
      const why = routed.kind === 'refused' ? plainMessage(routed.refusal.message) : '';
      throw new UsageError(why.replaceAll('/incident permit', 'andon permit'));
    }
    // A running Andon reads the groups within half a minute.
    const outcome = await execute({ db, features, wake() {} }, routed.bound, ask);
    if (!outcome.accepted) throw new UsageError(plainMessage(outcome.refusal.message));
    console.log(plainMessage(outcome.reply));
  });
}
