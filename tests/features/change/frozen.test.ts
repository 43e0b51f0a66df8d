// What a freeze does to plans: it is said where a plan begins in one, and free times leave frozen ones out.
import { describe, expect, test } from 'vitest';
import { conflictsOf, freeSlots } from '../../../src/features/change/conflicts.js';
import { type Frozen, readFrozen } from '../../../src/features/freeze/index.js';
import { around, at, now, plan } from './around.js';

/** FRZ-3 of Ana over production, from 10:00 to 16:04. */
function freeze(over: Partial<Parameters<typeof readFrozen>[0]> = {}): Frozen {
  const startsAt = over.startsAt ?? at('10:00');
  const overAt = over.overAt ?? at('16:04');
  return readFrozen({
    ...{ id: 'f3', number: 3, mode: 'hard', reason: 'the cluster is rebuilt', madeAt: at('09:00') },
    ...{ ownerId: 'U0ANA', ownerName: 'Ana', liftedAt: null, incidentId: null, drill: false },
    scope: { include: [{ tiers: ['production'] }] },
    schedule: { type: 'once', startsAt: startsAt.toISOString(), endsAt: overAt.toISOString() },
    ...over,
    startsAt,
    overAt,
  });
}

const frozen = (it: Parameters<typeof plan>[0], ...freezes: Frozen[]) =>
  conflictsOf(plan(it), around({ freezes })).filter((each) => each.kind === 'freeze');

describe('a plan meets a freeze', () => {
  test('that is on when it begins: it had better wait, and is told until when', () => {
    expect(frozen({ startsAt: at('11:00'), endsAt: at('11:30') }, freeze())).toEqual([
      {
        kind: 'freeze',
        severity: 'hold',
        text: 'FRZ-3 freezes api/prod until 2026-03-10 16:04 UTC.',
        with: 'FRZ-3',
      },
    ]);
  });

  test('a soft one warns, and so does a hard one where something is taken back', () => {
    const inside = { startsAt: at('11:00'), endsAt: at('11:30') };
    expect(frozen(inside, freeze({ mode: 'soft' }))).toMatchObject([{ severity: 'warn' }]);
    expect(frozen({ ...inside, rollback: true }, freeze())).toMatchObject([{ severity: 'warn' }]);
  });

  test('one that begins while it still runs warns: what has begun goes on', () => {
    expect(frozen({ startsAt: at('09:45'), endsAt: at('10:15') }, freeze())).toMatchObject([
      { severity: 'warn', text: expect.stringContaining('from 2026-03-10 10:00 UTC') },
    ]);
  });

  test('half open: what begins when it ends, or ends when it begins, does not meet it', () => {
    expect(frozen({ startsAt: at('16:04'), endsAt: at('16:30') }, freeze())).toEqual([]);
    expect(frozen({ startsAt: at('09:30'), endsAt: at('10:00') }, freeze())).toEqual([]);
  });

  test('not elsewhere, and not when it was lifted', () => {
    const inside = { startsAt: at('11:00'), endsAt: at('11:30') };
    expect(
      frozen(
        { ...inside, on: ['api/staging'] },
        freeze({ scope: { include: [{ environments: ['prod'] }] } }),
      ),
    ).toEqual([]);
    expect(frozen(inside, freeze({ overAt: at('10:30'), liftedAt: at('10:30') }))).toEqual([]);
  });

  test('a row that was damaged holds everything; a plan of nowhere it does not name', () => {
    const inside = { startsAt: at('11:00'), endsAt: at('11:30') };
    expect(frozen(inside, freeze({ scope: 'x', schedule: null }))).toMatchObject([{ severity: 'hold' }]);
  });
});

describe('free times', () => {
  test('are not in a hard freeze, nor run into one', () => {
    const it = plan({ startsAt: at('11:00'), endsAt: at('11:30') });
    expect(freeSlots(it, around({ freezes: [freeze()] }), now, 'UTC')[0]).toEqual(at('16:15'));
    const later = freeze({ startsAt: at('10:15'), overAt: at('12:00') });
    expect(freeSlots(it, around({ freezes: [later] }), now, 'UTC')[0]).toEqual(at('12:00'));
  });

  test('may be in a soft one', () => {
    const it = plan({ startsAt: at('11:00'), endsAt: at('11:30') });
    expect(freeSlots(it, around({ freezes: [freeze({ mode: 'soft' })] }), now, 'UTC')[0]).toEqual(now);
  });

  test('there is none where no end is in sight', () => {
    const endless = freeze({ overAt: new Date('9999-12-31T00:00:00Z'), schedule: null });
    expect(freeSlots(plan(), around({ freezes: [endless] }), now, 'UTC')).toEqual([]);
  });
});
