// What waits for somebody on their App Home: an update that is due soon or late, and is theirs to write.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey, openIncidents } from '../incident/index.js';
import { leadOf } from './remind.js';
import { readHolders, readMembers, readWaiting } from './store.js';

const incidentsLooked = 20;
const shownMax = 5;
const titleMax = 120;

/** The updates that those who look have to write. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const parts: Part[][] = [];
  for (const incident of await openIncidents(tx, ask, incidentsLooked)) {
    const { communications, commander, declarer } = await readHolders(tx, incident);
    // Who may not hear of it is passed over, as with reminders.
    const members = incident.private ? await readMembers(tx, incident.id) : null;
    const holders = [communications, commander].filter((each) => each && (!members || members.has(each.id)));
    const mine = holders.length > 0 ? holders : [declarer];
    if (!mine.some((each) => each?.id === ask.actor.id)) continue;
    const waiting = await readWaiting(tx, incident);
    const due = waiting?.promised.due;
    if (!waiting || !due || due.getTime() - leadOf(waiting, due) > ask.now.getTime()) continue;
    const key = incidentKey(incident);
    parts.push([
      line(
        { bold: key },
        `${incident.drill ? ' (drill)' : ''} ${shorten(incident.title, titleMax)}: the update for those outside `,
        due <= ask.now ? 'was due ' : 'is due ',
        { at: due },
        '.',
      ),
      buttons(
        { label: `Write the update of ${key}`, command: `/incident update ${key}`, style: 'primary' },
        { label: 'Not before 15 minutes', command: `/incident snooze ${key} 15m` },
      ),
    ]);
  }
  return parts.slice(0, shownMax).flat();
}
