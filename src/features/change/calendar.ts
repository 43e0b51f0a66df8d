// What is planned, day by day, in the zone of the one who asks.
import { DateTime } from 'luxon';
import type { Query } from '../../core/command.js';
import { line, list, message, type Span, say } from '../../core/message.js';
import { readMax, underWay, withPlaces } from './list.js';
import { changeLine } from './phrases.js';

/** How many days a calendar shows, from today on. */
const calendarDays = 7;
/** Of one day at most; all of a busy week would fill many screens. */
const perDay = 6;

export const calendarQuery: Query = {
  verb: {
    surface: 'change',
    words: ['calendar'],
    topic: 'looking',
    usage: '',
    summary: 'What is planned today and in the six days after, day by day.',
    onIncident: false,
  },
  async answer(tx, _values, ask) {
    const zone = ask.actor.zone ?? ask.workspace.zone;
    const first = DateTime.fromJSDate(ask.now, { zone }).startOf('day');
    const days = Array.from({ length: calendarDays }, (_, i) => first.plus({ days: i }));
    const changes = await tx.change.findMany({
      where: {
        workspaceId: ask.workspace.id,
        state: { in: [...underWay, 'planned'] },
        startsAt: { lt: first.plus({ days: calendarDays }).toJSDate() },
      },
      orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
      take: readMax,
    });
    const placed = await withPlaces(tx, ask.workspace.id, changes);
    const parts = days.flatMap((day, i) => {
      const from = day.toJSDate();
      const to = day.plus({ days: 1 }).toJSDate();
      // What began before and still runs is of today.
      const of = placed.filter(({ change }) =>
        change.state === 'planned'
          ? change.startsAt >= from && change.startsAt < to
          : i === 0 || (change.startsAt >= from && change.startsAt < to),
      );
      if (of.length === 0) return [];
      const rest = of.length - perDay;
      return [
        line({ bold: day.toFormat('cccc, d LLLL') }),
        list(
          of
            .slice(0, perDay)
            .map((each): Span[] => [
              `${DateTime.fromJSDate(each.change.startsAt, { zone }).toFormat('HH:mm ZZ')} `,
              ...changeLine(each.change, each.components, each.unknown),
            ]),
        ),
        ...(rest > 0 ? [line(`${rest} more that day: `, { code: '/change list on:api/prod' })] : []),
      ];
    });
    const free = say(`Nothing is planned for the next ${calendarDays} days.`);
    return parts.length === 0 ? free : message(line(`The next ${calendarDays} days, in ${zone}:`), ...parts);
  },
};
