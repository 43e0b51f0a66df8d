// The tasks of an incident, or one’s own, as an answer.
import type { Query } from '../../core/command.js';
import { line, list, message, say } from '../../core/message.js';
import { findIncident, incidentKey } from '../incident/index.js';
import { tasksOfPerson } from './store.js';
import { doneButton, taskSpans, tasksPart } from './views.js';
import { taskKey } from './words.js';

const shownMax = 25;

export const tasksQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['tasks'],
    usage: '[all|mine]',
    summary:
      'What is to be done, and whose it is; with all, what was done too; mine, yours of every incident.',
    example: '/incident tasks mine',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    if (values.choice === 'mine') {
      const { shown, total } = await tasksOfPerson(tx, ask, shownMax);
      const [first] = shown;
      if (!first) return say('Nothing is to be done by you.');
      return message(
        line({ bold: 'To be done by you' }),
        list(
          shown.map(({ task, incident }) => [
            { bold: `${incidentKey(incident)} ` },
            incident.drill ? '(drill) ' : '',
            ...taskSpans(task),
          ]),
        ),
        total > shown.length && line(`And ${total - shown.length} more.`),
        line({ code: doneButton(first.incident, first.task).command }, ' says that one is done.'),
      );
    }
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const key = incidentKey(found.target);
    const state = values.choice === 'all' ? {} : { state: 'open' };
    const rows = await tx.task.findMany({
      where: { incidentId: found.target.id, ...state },
      orderBy: { number: 'asc' },
    });
    const during = rows.filter((each) => each.kind === 'task');
    const after = rows.filter((each) => each.kind === 'followup');
    if (rows.length === 0)
      return say(
        `Nothing is open on ${key}. `,
        { code: `/incident task ${key} TEXT owner:@user` },
        ' adds something.',
      );
    const open = rows.find((each) => each.state === 'open');
    const name = open ? taskKey(open) : '';
    const rest = Math.max(0, during.length - shownMax) + Math.max(0, after.length - shownMax);
    return message(
      during.length > 0 && line({ bold: `Tasks of ${key}` }),
      tasksPart(during, shownMax),
      after.length > 0 && line({ bold: `Follow-ups of ${key}` }),
      tasksPart(after, shownMax),
      rest > 0 && line(`And ${rest} more.`),
      open &&
        line({ code: `/incident done ${key} ${name}` }, ' and ', {
          code: `/incident assign ${key} ${name} @user`,
        }),
    );
  },
};
