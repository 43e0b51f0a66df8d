// The rules of long shifts, with plain values.
import { expect, test } from 'vitest';
import { longHeldAt } from '../../../src/features/handover/held.js';

const at = (text: string) => new Date(`2026-03-${text}:00Z`);
const since = at('10T10:00');
const never = { told: null, kept: null };

test('a shift is six hours in a grave incident and twelve in another', () => {
  expect(longHeldAt({ severity: 'SEV1' }, { since, ...never })).toEqual(at('10T16:00'));
  expect(longHeldAt({ severity: 'SEV2' }, { since, ...never })).toEqual(at('10T16:00'));
  expect(longHeldAt({ severity: 'SEV3' }, { since, ...never })).toEqual(at('10T22:00'));
});

test('without an answer it is said again after three hours, with one after a shift', () => {
  const told = at('10T16:00');
  expect(longHeldAt({ severity: 'SEV1' }, { since, told, kept: null })).toEqual(at('10T19:00'));
  const kept = at('10T16:10');
  expect(longHeldAt({ severity: 'SEV1' }, { since, told, kept })).toEqual(at('10T22:10'));
  expect(longHeldAt({ severity: 'SEV1' }, { since, told: at('10T22:10'), kept })).toEqual(at('11T01:10'));
});

test('what was said to an earlier holding counts no more', () => {
  const anew = at('11T08:00');
  expect(
    longHeldAt({ severity: 'SEV1' }, { since: anew, told: at('10T16:00'), kept: at('10T17:00') }),
  ).toEqual(at('11T14:00'));
});
