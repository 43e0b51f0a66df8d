// What is kept of what is dear to compute: the answer is the same, and there is an end to what is kept.
import { expect, test } from 'vitest';
import { memo } from '../../src/core/memo.js';

test('a value is made once, and the least lately asked for goes first', () => {
  const made: string[] = [];
  const kept = memo<string>(2);
  const ask = (key: string) =>
    kept.of(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  expect(kept.size).toBe(2);
});

test('nothing is a value too, and what fails is tried again', () => {
  const kept = memo<null>(2);
  let asked = 0;
  const none = () => {
    asked += 1;
    return null;
  };
  expect([kept.of('x', none), kept.of('x', none), asked]).toEqual([null, null, 1]);
  expect(() =>
    kept.of('y', () => {
      throw new Error('once');
    }),
  ).toThrow('once');
  expect(kept.of('y', none)).toBeNull();
});
