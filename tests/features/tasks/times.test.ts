// When somebody is reminded of what they have to do.
import { expect, test } from 'vitest';
import { lastReminder, nextReminder } from '../../../src/features/tasks/times.js';

const at = (text: string) => new Date(`${text}:00Z`);
const due = at('2026-03-12T12:00');

test('a task is brought to mind when it is due, and then once a day', () => {
  expect(lastReminder('task', due, 'UTC', at('2026-03-12T11:59'))).toBeNull();
  expect(nextReminder('task', due, 'UTC', at('2026-03-10T10:00'))).toEqual(due);
  expect(lastReminder('task', due, 'UTC', at('2026-03-12T12:00'))).toEqual(due);
  expect(nextReminder('task', due, 'UTC', at('2026-03-12T12:00'))).toEqual(at('2026-03-13T12:00'));
  expect(lastReminder('task', due, 'UTC', at('2026-03-14T13:00'))).toEqual(at('2026-03-14T12:00'));
});

test('a follow-up is brought to mind a day before, when it is due, and then on working mornings', () => {
  const zone = 'Europe/Berlin';
  expect(nextReminder('followup', due, zone, at('2026-03-10T10:00'))).toEqual(at('2026-03-11T12:00'));
  expect(lastReminder('followup', due, zone, at('2026-03-11T12:00'))).toEqual(at('2026-03-11T12:00'));
  expect(nextReminder('followup', due, zone, at('2026-03-11T12:00'))).toEqual(due);
  // Nine in Berlin is eight in UTC; the twelfth is a Thursday.
  expect(nextReminder('followup', due, zone, due)).toEqual(at('2026-03-13T08:00'));
  expect(lastReminder('followup', due, zone, at('2026-03-13T07:59'))).toEqual(due);
  expect(lastReminder('followup', due, zone, at('2026-03-14T20:00'))).toEqual(at('2026-03-13T08:00'));
  expect(nextReminder('followup', due, zone, at('2026-03-13T08:00'))).toEqual(at('2026-03-16T08:00'));
  // The clocks go forward on the 29th.
  expect(nextReminder('followup', due, zone, at('2026-03-27T08:00'))).toEqual(at('2026-03-30T07:00'));
});
