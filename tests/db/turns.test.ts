// Of one kind of work only so much goes on at once, in its order; what waits too long is told so, and was not done.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../src/db/turns.js';

test('of one kind so many go on at once, in the order in which they came, and another kind is not held up', async () => {
  const turns = new Turns(2, 10_000);
  const begun: string[] = [];
  let most = 0;
  let busy = 0;
  const work = (name: string) => async () => {
    begun.push(name);
    busy += 1;
    most = Math.max(most, busy);
    await sleep(5);
    busy -= 1;
  };
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => turns.in('alert', work(name)));
  let other = '';
  await turns.in('page', async () => {
    other = begun.join('');
  });
  await Promise.all(all);
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(most).toBe(2);
  expect(other).toBe('ab');
});

test('what waits too long is refused as busy, and what comes later gets its turn', async () => {
  const turns = new Turns(1, 20);
  let end = () => {};
  const held = turns.in('alert', () => new Promise<void>((resolve) => (end = resolve)));
  let done = false;
  const late = turns.in('alert', async () => {
    done = true;
  });
  await expect(late).rejects.toMatchObject({ code: 'busy' });
  expect(done).toBe(false);
  end();
  await held;
  await expect(turns.in('alert', async () => 'mine')).resolves.toBe('mine');
});

test('a turn is handed on though the work failed', async () => {
  const turns = new Turns(1, 1_000);
  const failed = turns.in('alert', async () => {
    throw new Error('no');
  });
  const next = turns.in('alert', async () => 'done');
  await expect(failed).rejects.toThrow('no');
  await expect(next).resolves.toBe('done');
});
