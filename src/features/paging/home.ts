// What App Home says of pages: those that ring for whoever looks, and the others that ring.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { type SeenPage, visiblePages } from './commands.js';
import { pageButtons } from './replies.js';
import { callingNobody, ringingFor } from './store.js';
import { pageKey, targetText } from './words.js';

const shownMax = 5;
const reasonMax = 120;

async function ringing(tx: Tx, ask: Ask): Promise<{ mine: SeenPage[]; others: SeenPage[] }> {
  const rows = (await visiblePages(tx, ask, 4 * shownMax)).filter(({ page }) => page.state === 'ringing');
  const called = new Set((await ringingFor(tx, ask)).map((each) => each.id));
  return {
    mine: rows.filter(({ page }) => called.has(page.id)),
    // A drill is nobody else's.
    others: rows.filter(({ page }) => !called.has(page.id) && !page.drill),
  };
}

/** The pages that have called whoever looks, until somebody has them. */
export async function ringingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const { mine } = await ringing(tx, ask);
  return mine
    .slice(0, shownMax)
    .flatMap((it) => [line(...spans(it)), buttons(...pageButtons(it.page.number))]);
}

/** Pages that ring for others. */
export async function fireSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const { others } = await ringing(tx, ask);
  const waiting = new Set(others.length > 0 ? await callingNobody(tx, ask.workspace.id) : []);
  return others.slice(0, shownMax).map((it) => line(...spans(it, !waiting.has(it.page.id))));
}

function spans({ page, incident, hidden }: SeenPage, called = true) {
  const about = incident ? `, ${incidentKey(incident)}` : '';
  const reason = hidden || page.reason === '' ? '' : `: ${shorten(page.reason, reasonMax)}`;
  return [
    page.drill ? 'A drill: ' : '',
    { bold: pageKey(page) },
    ` calls ${targetText(page)}${about}, ${called ? `level ${page.level + 1}` : 'nobody can be reached'}, since `,
    { at: page.openedAt },
    reason,
  ].filter((each) => each !== '');
}
