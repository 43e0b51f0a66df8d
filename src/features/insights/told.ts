// Statistics in words, at most a phone screen of them.
import { line, list, type Message, message, type Span, shorten } from '../../core/message.js';
import { showDuration } from '../../core/time/index.js';
import { apart, count, counted, type Place, type Stats, share, wentWrong } from './figures.js';
import { showPeriod } from './period.js';

const placesShown = 5;
const nameLimit = 60;
const scopeLimit = 80;

/** What statistics say, to be read without the picture. */
export function tellStats(stats: Stats): Message {
  const n = counted(stats.total);
  return message(
    line({ bold: `Changes ${scopeWords(stats)}` }, `, ${periodWords(stats)}`),
    n === 0 && line('No change ended there in this time.', ...apartSpans(stats)),
    n > 0 && list(figures(stats)),
    n > 0 && line({ bold: failures(stats).length > 0 ? 'Most failures' : 'Most changes' }),
    n > 0 && list(shownPlaces(stats).map(placeSpans)),
    morePlaces(stats),
    line(
      'A change that people confirmed as the cause of an incident counts as failed. ',
      ...(stats.on.length === 0
        ? ['Only production is counted; ', { code: '/change stats on:api/staging' }, ' asks elsewhere.']
        : []),
    ),
  );
}

/** The same for those who do not see the picture, as one text. */
export function tellPicture(stats: Stats): string {
  const { total } = stats;
  const shown = [
    `succeeded ${count(total.succeeded)}`,
    `failed ${count(total.failed)}`,
    `rolled back ${count(total.rolledBack)}`,
    `other ${count(apart(total))}`,
  ].join(', ');
  const most = [...stats.columns].sort((a, b) => counted(b.tally) - counted(a.tally))[0];
  const peak =
    most && counted(most.tally) > 0
      ? ` Most in one ${stats.each}: ${count(counted(most.tally))}, ${isoDay(most.date)}.`
      : '';
  return `Columns of changes per ${stats.each} ${scopeWords(stats)}, ${periodWords(stats)}: ${shown}. Succeeded: ${share(total.succeeded, counted(total))}. Failed or rolled back: ${share(wentWrong(total), counted(total))}.${peak}`;
}

/** `10 Feb – 11 Mar 2026 (Europe/Berlin)`, or how long where that is less than two days. */
export function periodWords({ period }: Stats): string {
  const length = period.to.getTime() - period.from.getTime();
  const short = length < 2 * 86_400_000 ? ` the last ${showDuration(length)},` : '';
  return `${short ? `${short.trim()} ` : ''}${showPeriod(period)} (${period.zone})`;
}

/** `in production`, or `of api/prod, web`. */
export function scopeWords({ on }: Stats): string {
  return on.length === 0 ? 'in production' : `of ${shorten(on.join(', '), scopeLimit)}`;
}

function figures(stats: Stats): Span[][] {
  const { total, validation } = stats;
  const n = counted(total);
  const asked = validation.good + validation.bad + validation.waiting;
  const days = Math.max(1, (stats.period.to.getTime() - stats.period.from.getTime()) / 86_400_000);
  const perDay = (n / days).toLocaleString('en', { maximumFractionDigits: 1 });
  return [
    [{ bold: count(n) }, ` ended, ${perDay} a day`],
    ['Succeeded: ', { bold: share(total.succeeded, n) }],
    ['Failed: ', { bold: share(total.failed, n) }],
    ['Rolled back: ', { bold: share(total.rolledBack, n) }],
    ['Failure rate, both together: ', { bold: share(wentWrong(total), n) }],
    [
      'Validated by people: ',
      ...(asked > 0
        ? [{ bold: share(validation.good, asked) }, ' who were asked for']
        : ['–, none was asked for']),
      ...(validation.bad > 0 ? [`, ${count(validation.bad)} found broken`] : []),
    ],
    ...(apart(total) > 0 ? [apartSpans(stats)] : []),
  ];
}

function apartSpans({ total }: Stats): Span[] {
  if (apart(total) === 0) return [];
  const words = [
    ...(total.rollback > 0 ? [`${count(total.rollback)} that took another back`] : []),
    ...(total.cancelled > 0 ? [`${count(total.cancelled)} called off`] : []),
  ];
  return [` Not in these shares: ${words.join(', ')}`.trimStart()];
}

function failures(stats: Stats): Place[] {
  return stats.places.filter((place) => wentWrong(place.tally) > 0);
}

function shownPlaces(stats: Stats): Place[] {
  const failed = failures(stats);
  return (failed.length > 0 ? failed : stats.places).slice(0, placesShown);
}

function placeSpans({ service, environment, tally }: Place): Span[] {
  const name = shorten([service, environment].filter(Boolean).join('/'), nameLimit);
  const n = counted(tally);
  if (n === 0) return [{ code: name }, ' –'];
  return [
    { code: name },
    wentWrong(tally) > 0
      ? ` failed or rolled back ${share(wentWrong(tally), n)}`
      : ` succeeded ${share(tally.succeeded, n)}`,
  ];
}

function morePlaces(stats: Stats) {
  const more = stats.places.length - shownPlaces(stats).length;
  if (counted(stats.total) === 0 || more <= 0) return null;
  return line(
    `${count(more)} more places with ${failures(stats).length > placesShown ? 'as many or fewer' : 'none'}. `,
    { code: '/change stats on:api' },
    ' shows one service.',
  );
}

function isoDay({ year, month, day }: { year: number; month: number; day: number }): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
