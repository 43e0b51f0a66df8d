// What App Home says of freezes: what is on, until when and by whom, and what comes next today.
import type { Ask } from '../../core/command.js';
import { buttons, line, list, type Part } from '../../core/message.js';
import { dayMs } from '../../core/time/zones.js';
import type { Tx } from '../../db/tx.js';
import { freezeLine, freezesUntil } from './list.js';
import { windowNow } from './phase.js';
import { stepsOf } from './views.js';

const shownMax = 6;
const nextMax = 3;

/** What is frozen, with the way back for what is the reader's own, and what will be within a day. */
export async function frozenSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const within = new Date(ask.now.getTime() + dayMs);
  const all = await freezesUntil(tx, ask.workspace.id, ask.now, within);
  const on = all.filter((each) => windowNow(each, ask.now) !== null);
  const soon = all.filter((each) => !on.includes(each));
  const more = Math.max(0, on.length - shownMax) + Math.max(0, soon.length - nextMax);
  return [
    ...on
      .slice(0, shownMax)
      .flatMap((each) => [
        line(...freezeLine(each, ask.now)),
        ...(each.owner.id === ask.actor.id ? [buttons(...stepsOf(each))] : []),
      ]),
    ...(soon.length > 0
      ? [line('Within a day:'), list(soon.slice(0, nextMax).map((each) => freezeLine(each, ask.now)))]
      : []),
    ...(more > 0 ? [line(`${more} more: `, { code: '/freeze list' })] : []),
  ];
}
