// The rules of being on call as plain values: levels as people write them, and when a calendar's trouble is said.
import { expect, test } from 'vitest';
import { readLevels, showLevels } from '../../../src/features/oncall/index.js';
import { refusalOf } from '../../../src/features/oncall/trouble.js';
import { shiftsOf } from '../../../src/outside/feed-people.js';

test.each([
  ['@ana 5m', [[['person ana'], 5]]],
  [
    '<@U0ANA|Ana Smith>, schedule:primary 5m then <@U0BOB> pager:pd 1h',
    [
      [['person U0ANA Ana Smith', 'schedule primary'], 5],
      [['person U0BOB U0BOB', 'pager pd'], 60],
    ],
  ],
  [
    '@ana and @bob after 10min → schedule:"night shift"',
    [
      [['person ana', 'person bob'], 10],
      [['schedule night shift'], 5],
    ],
  ],
  ['primary', [[['any primary'], 5]]],
  ['', null],
  ['5m', null],
  ['@ana 3d', null],
])('%s', (text, expected) => {
  const read = readLevels(text);
  const shown = read.ok
    ? read.levels.map((it) => [
        it.whom.map((each) => [each.kind, each.id, each.name].filter(Boolean).join(' ')),
        it.minutes,
      ])
    : null;
  expect(shown).toEqual(expected);
});

test('levels are shown as they can be said again', () => {
  const levels = [
    {
      whom: [
        { kind: 'person' as const, id: 'U0ANA', name: 'ana' },
        { kind: 'schedule' as const, id: null, name: 'night shift' },
      ],
      minutes: 90,
    },
    { whom: [{ kind: 'pager' as const, id: null, name: 'pd' }], minutes: 5 },
  ];
  expect(showLevels(levels)).toBe('@ana,schedule:"night shift" 1h30m then pager:pd 5m');
  expect(readLevels(showLevels(levels)).ok).toBe(true);
});

test('a calendar’s trouble is said after an hour, and when what it said last is over; each once', () => {
  const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);
  const trouble = {
    schedule: 'primary',
    error: 'no answer in time',
    since: null,
    setter: null,
    loud: [],
    knownUntil: at('18:00'),
  };
  const loud = (over: object, now: string) =>
    refusalOf({ ...trouble, ...over }, at(now)).map(({ data }) => (data as { loud: string | null }).loud);
  expect(loud({}, '10:00')).toEqual([null]);
  expect(loud({ since: at('10:00') }, '10:30')).toEqual([]);
  expect(loud({ since: at('10:00') }, '11:00')).toEqual(['often']);
  expect(loud({ since: at('10:00'), loud: ['often'] }, '12:00')).toEqual([]);
  expect(loud({ since: at('10:00'), loud: ['often'] }, '18:00')).toEqual(['over']);
  expect(loud({ since: at('10:00'), loud: ['often', 'over'] }, '23:00')).toEqual([]);
  // A new calendar of which nothing was ever read.
  expect(loud({ knownUntil: null }, '10:00')).toEqual(['over']);
});

test('whose shift it is: an address first, then a name in the title; who is not known is named all the same', () => {
  const known = {
    people: [
      { id: 'U0ANA', name: 'Ana' },
      { id: 'U0BOB', name: 'Bob Smith' },
      { id: 'U1', name: 'Kim' },
      { id: 'U2', name: 'kim' },
    ],
    contacts: [{ userId: 'U0BOB', mail: 'bob@example.com' }],
  };
  const of = (summary: string, ...attendees: { name: string | null; mail: string | null }[]) =>
    shiftsOf([{ summary, attendees, startsAt: new Date(0), endsAt: new Date(1) }], known).map((it) => [
      it.userId,
      it.userName,
      it.mail,
    ]);
  expect(of('On call: Ana')).toEqual([['U0ANA', 'Ana', null]]);
  expect(of('Ana (primary)')).toEqual([['U0ANA', 'Ana', null]]);
  expect(of('On Call - Bob Smith - Primary')).toEqual([['U0BOB', 'Bob Smith', null]]);
  expect(of('@ana')).toEqual([['U0ANA', 'Ana', null]]);
  expect(of('<@U0BOB>')).toEqual([['U0BOB', 'Bob Smith', null]]);
  expect(of('Ana & Bob Smith')).toHaveLength(2);
  expect(of('anything', { name: null, mail: 'BOB@example.com' })).toEqual([
    ['U0BOB', 'Bob Smith', 'BOB@example.com'],
  ]);
  expect(of('On call: Ana', { name: null, mail: 'a@example.com' })).toEqual([
    ['U0ANA', 'Ana', 'a@example.com'],
  ]);
  for (const name of ['BOB.SMITH', 'On-call: bob  smith', 'On Call - bob_smith - Primary'])
    expect(of(name)).toEqual([['U0BOB', 'Bob Smith', null]]);
  expect(of('On call: Zoe Doe')).toEqual([[null, 'Zoe Doe', null]]);
  expect(of('zoe@example.com')).toEqual([[null, 'zoe@example.com', 'zoe@example.com']]);
  // A name that two people have is nobody's.
  expect(of('Kim')).toEqual([[null, 'Kim', null]]);
});
