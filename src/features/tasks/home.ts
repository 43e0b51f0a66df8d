// What somebody has to do, on their App Home: what is due first in front.
import type { Ask } from '../../core/command.js';
import { buttons, line, type Part } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { tasksOfPerson } from './store.js';
import { doneButton, taskSpans } from './views.js';

/** More than this nobody takes in on a phone. */
const shownMax = 8;

/** The open tasks and follow-ups of whoever looks. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const { shown, total } = await tasksOfPerson(tx, ask, shownMax, true);
  return [
    ...shown.flatMap(({ task, incident }) => [
      line({ bold: incidentKey(incident) }, incident.drill ? ' (drill) ' : ' ', ...taskSpans(task)),
      buttons(doneButton(incident, task)),
    ]),
    ...(total > shown.length ? [line('There are more: ', { code: '/incident tasks mine' })] : []),
  ];
}
