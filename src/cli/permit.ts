// `andon permit`: what is given to groups of people, said by whoever has the machine.

import { plainMessage } from '../core/message.js';
import { makeSurface } from '../core/surface.js';
import { execute } from '../execute.js';
import { features } from '../features/index.js';
import { permittedActions } from '../features/permission/index.js';
import { UsageError, withDatabase } from './kit.js';
import { askBeside } from './ways.js';

/** Gives something to groups, or gives it back; without words it shows who may what. */
export async function permit(action: string | undefined, groups: readonly string[]): Promise<void> {
  await withDatabase(async (db) => {
    const ask = await askBeside(db, false);
    const { zone, locale } = ask.workspace;
    const known = await db.of(ask.workspace.id).read.userGroup.findMany({
      where: { workspaceId: ask.workspace.id },
      orderBy: { handle: 'asc' },
    });
    const ids = groups.map((word) => idOf(word, known));
    if (isAction(action)) refuseStrange(ids, known);
    const line = action === undefined ? 'permissions' : `permit ${[action, ...ids].join(' ')}`;
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

interface KnownGroup {
  readonly groupId: string;
  readonly handle: string;
}

const groupIdPattern = /^S[A-Z0-9]{6,}$/;
const nobodyPattern = /^(?:anybody|anyone|everybody|nobody|none)$/i;

// Nobody picks from Slack's list here. A handle is known of a group that was given something before.
function idOf(word: string, known: readonly KnownGroup[]): string {
  const handle = word.replace(/^@/, '').toLowerCase();
  return known.find((each) => each.handle.toLowerCase() === handle)?.groupId ?? word;
}

function isAction(action: string | undefined): boolean {
  const name = action?.toLowerCase().replaceAll('-', '_');
  return permittedActions.some((each) => each === name);
}

function refuseStrange(words: readonly string[], known: readonly KnownGroup[]): void {
  const strange = words.find((word) => !groupIdPattern.test(word) && !nobodyPattern.test(word));
  if (words.length > 0 && strange === undefined) return;
  const what = strange === undefined ? 'Say to which groups' : `I know no group “${strange}”. Say to which`;
  const handles = known.map(({ handle }) => `@${handle}`).join(', ');
  throw new UsageError(
    `${what}: their ids in Slack, such as S0123ABCD, or “anybody” to give it back. ` +
      'An id is in Slack under People → User groups → the group → … → Copy group ID.' +
      (handles === '' ? '' : ` Known by their handles too: ${handles}.`),
  );
}
