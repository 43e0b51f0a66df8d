// The rules of alerts: whatever the order, repeats and replays of deliveries, an alert stands as its own times say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newsOf, type Standing, tellings } from '../../../src/features/alerts/rules.js';
import { entriesMax, gravityOf, type Heard, linesMax, saidMax } from '../../../src/features/alerts/words.js';
import { at, heard } from './help.js';

const now = at('12:00');

/** How each alert stands after these deliveries. */
function standsAfter(deliveries: readonly (readonly Heard[])[]): Map<string, Standing> {
  const standing = new Map<string, Standing>();
  for (const delivery of deliveries)
    for (const news of newsOf(standing, delivery, now))
      standing.set(news.heard.fingerprint, { ...news, severity: news.heard.severity });
  return new Map(
    [...standing].map(([key, { state, startsAt, endsAt, severity }]) => [
      key,
      { state, startsAt, endsAt, severity },
    ]),
  );
}

// Firings of an alert one after another: each begins when the one before it has ended, as senders tell of them.
const firings = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((lengths) => {
    let minute = 0;
    return lengths.flatMap(([gap, length]) => {
      const startsAt = new Date(at('08:00').getTime() + (minute + gap) * 60_000);
      const endsAt = new Date(startsAt.getTime() + length * 60_000);
      minute += gap + length;
      return [heard({ startsAt }), heard({ status: 'resolved', startsAt, endsAt })];
    });
  });

describe('how an alert stands', () => {
  test('the order in which it is heard, and how often, change nothing', () => {
    fc.assert(
      fc.property(
        firings.chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 }),
            fc.integer({ min: 1, max: 2 }),
          ),
        ),
        ([words, shuffled, cut]) => {
          const inOrder = standsAfter(words.slice(0, words.length - (cut - 1)).map((each) => [each]));
          const told = words.slice(0, words.length - (cut - 1));
          const mixed = shuffled.filter((each) => told.includes(each));
          expect(standsAfter(mixed.map((each) => [each]))).toEqual(inOrder);
          expect(standsAfter([mixed])).toEqual(inOrder);
        },
      ),
    );
  });

  test('what was heard before is no news', () => {
    fc.assert(
      fc.property(firings, (words) => {
        const standing = standsAfter([words]);
        expect(newsOf(standing, words, now)).toEqual([]);
      }),
    );
  });

  test.each<[string, readonly Heard[], string | undefined]>([
    ['fires', [heard({ startsAt: at('10:00') })], 'firing'],
    ['without a time', [heard()], 'firing'],
    ['without a time, twice', [heard(), heard()], 'firing'],
    ['over, without a time', [heard(), heard({ status: 'resolved' })], 'resolved'],
    [
      'an older firing ends late',
      [
        heard({ startsAt: at('11:00') }),
        heard({ status: 'resolved', startsAt: at('09:00'), endsAt: at('09:30') }),
      ],
      'firing',
    ],
    // Alertmanager may move the beginning of an alert back.
    [
      'ends with an earlier beginning',
      [
        heard({ startsAt: at('10:00') }),
        heard({ status: 'resolved', startsAt: at('09:58'), endsAt: at('10:30') }),
      ],
      'resolved',
    ],
    ['a year that is none', [heard({ startsAt: new Date('0001-01-01T00:00:00Z') })], 'firing'],
    [
      'far ahead',
      [heard({ startsAt: new Date('2099-01-01T00:00:00Z') }), heard({ status: 'resolved' })],
      'resolved',
    ],
  ])('%s', (_name, words, state) => {
    expect(standsAfter([words]).get('f1')?.state).toBe(state);
  });
});

describe('how serious', () => {
  test.each([
    ['critical', 'SEV2', true],
    ['Page', 'SEV2', true],
    ['sev1', 'SEV1', true],
    ['SEV-3', 'SEV3', false],
    ['warning', 'SEV3', false],
    [null, 'SEV3', false],
    ['<script>', 'SEV3', false],
    ['info', null, false],
    ['none', null, false],
  ])('%s', (word, severity, calls) => {
    expect(gravityOf(word)).toEqual({ severity, calls });
  });
});

describe('what is told', () => {
  const home = { id: 'i', number: 4, private: false, components: [] };
  const news = (count: number, to: typeof home | 'new') =>
    Array.from({ length: count }, (_, index) => ({
      heard: heard({ fingerprint: `f${index}` }),
      ...{ state: 'firing' as const, startsAt: now, endsAt: null, known: false, rose: false, home: to },
    }));

  test('of a storm only the first ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.boolean(), (count, opens) => {
        const told = tellings(news(count, opens ? 'new' : home), new Map(), new Map());
        expect(told.filter((each) => each.entry)).toHaveLength(Math.min(count, entriesMax));
        expect(told.filter((each) => each.said)).toHaveLength(opens ? 0 : Math.min(count, saidMax));
        // What has no line of its own is gathered into one.
        expect(told.filter((each) => each.held)).toHaveLength(opens ? 0 : Math.max(0, count - saidMax));
      }),
    );
  });

  test('what flaps is said once', () => {
    const lately = (changes: number, flaps: boolean) => new Map([['f0', { changes, flaps }]]);
    const tell = (changes: number, flaps: boolean) =>
      tellings(news(1, home), lately(changes, flaps), new Map())[0];
    expect(tell(2, false)).toEqual({ entry: true, said: true, held: false, flaps: false });
    expect(tell(3, false)).toEqual({ entry: false, said: true, held: false, flaps: true });
    expect(tell(4, true)).toEqual({ entry: false, said: false, held: false, flaps: false });
  });

  test('of an incident ten at most, and none where one was lately', () => {
    const told = (said: number, recent: boolean) =>
      tellings(news(1, home), new Map(), new Map([[home.id, { said, recent }]]))[0];
    expect(told(linesMax - 1, false)).toMatchObject({ said: true, held: false });
    expect(told(linesMax, false)).toMatchObject({ said: false, held: true });
    expect(told(1, true)).toMatchObject({ said: false, held: true });
  });
});
