// The topic of the channel of changes: ours before theirs, theirs untouched, never longer than Slack takes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frozen, topicOf } from '../../../src/features/freeze/index.js';

const at = new Date('2026-03-10T11:00:00Z');

function frozen(over: Partial<Frozen> = {}): Frozen {
  const startsAt = new Date('2026-03-10T10:00:00Z');
  const overAt = over.overAt ?? new Date('2026-03-10T18:00:00Z');
  return {
    ...{ id: 'f', number: 3, mode: 'hard', reason: 'rebuilding eks', owner: { id: 'U0ANA', name: 'Ana' } },
    scope: {
      include: [{ services: [], environments: [], clusters: [], tiers: ['production'] }],
      exclude: [],
    },
    schedule: { type: 'once', startsAt, endsAt: overAt },
    ...{ madeAt: startsAt, startsAt, overAt, liftedAt: null, incidentId: null, drill: false, damaged: false },
    ...over,
  };
}

describe('the topic', () => {
  test('says what is frozen, how, until when in UTC, by whom and why', () => {
    expect(topicOf('', [frozen()], at)).toBe(
      '[FROZEN hard until 18:00 UTC: all production (FRZ-3, Ana: rebuilding eks)]',
    );
    expect(topicOf('', [frozen({ overAt: new Date('2026-03-12T08:00:00Z') })], at)).toContain(
      'until 12 Mar 08:00 UTC',
    );
  });

  test('of several it names the one that stops most', () => {
    const place = { services: ['svc6'], environments: ['prod'], clusters: [], tiers: [] };
    const scope = (over: Partial<typeof place>) => ({ include: [{ ...place, ...over }], exclude: [] });
    const all = [
      frozen({ number: 1, scope: scope({}) }),
      frozen({ number: 2, scope: scope({ services: [] }) }),
      frozen({ number: 3 }),
      frozen({ number: 4, scope: scope({ services: [], environments: [], tiers: [] }), mode: 'soft' }),
    ];
    expect(topicOf('', all, at)).toContain('all production (FRZ-3, Ana: rebuilding eks), and 3 more]');
    expect(topicOf('', all.slice(0, 2), at)).toContain('(FRZ-2,');
  });

  test('names a hard one before a soft one, and counts the rest; a drill is not there', () => {
    const all = [
      frozen({ number: 1, mode: 'soft' }),
      frozen({ number: 2 }),
      frozen({ number: 4, drill: true }),
    ];
    expect(topicOf('', all, at)).toContain('(FRZ-2, Ana: rebuilding eks), and 1 more]');
    expect(topicOf('', all.slice(2), at)).toBe('');
  });

  test('leaves what people wrote, and gives it back', () => {
    const theirs = 'Deploys &amp; freezes | ask #platform [docs]';
    const set = topicOf(theirs, [frozen()], at);
    expect(set.endsWith(` ${theirs}`)).toBe(true);
    expect(topicOf(set, [frozen({ number: 9 })], at)).toContain('FRZ-9');
    expect(topicOf(set, [], at)).toBe(theirs);
  });

  test('stays as it is where people left no room', () => {
    const theirs = 'x'.repeat(245);
    expect(topicOf(theirs, [frozen()], at)).toBe(theirs);
  });

  test('is never longer than Slack takes, never pings, and never loses a word of people', () => {
    const words = fc.string({ maxLength: 400, unit: 'grapheme' });
    fc.assert(
      fc.property(words, fc.string({ maxLength: 240 }), words, (reason, theirs, name) => {
        fc.pre(!theirs.startsWith('[FROZEN') && theirs === theirs.trim());
        const set = topicOf(theirs, [frozen({ reason, owner: { id: 'U', name } })], at);
        expect(set.length).toBeLessThanOrEqual(250);
        expect(set.slice(0, set.length - theirs.length)).not.toMatch(/[<>]/);
        expect(topicOf(set, [], at)).toBe(theirs);
      }),
      { numRuns: 300 },
    );
  });
});
