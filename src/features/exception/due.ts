// When what was done on one's own authority is to be reviewed. Pure.
import { DateTime } from 'luxon';

const saturday = 6;

/** The same time on the next working day, Monday to Friday, in a zone. */
export function nextWorkingDay(at: Date, zone: string): Date {
  let day = DateTime.fromJSDate(at, { zone }).plus({ days: 1 });
  while (day.weekday >= saturday) day = day.plus({ days: 1 });
  return day.toJSDate();
}
