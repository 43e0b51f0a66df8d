// Many who call at the same moment: each page is opened, and has a number of its own.
import { expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';

test.each(engines)('%s: who page at the same moment each get a page', async (engine) => {
  const desk = await openDesk(engine);
  const names = Array.from({ length: 12 }, (_, at) => `rota-${at}`);
  for (const name of names) {
    await says(desk, 'ana', `schedule ${name}`);
    await says(desk, 'ana', `duty ${name} @bob for:8h`);
  }
  const replies = await Promise.all(names.map((name) => says(desk, 'ana', `page ${name} it hangs`)));
  const numbers = replies.map((reply) => Number(/PAGE-(\d+)/.exec(reply)?.[1]));
  expect(numbers.sort((a, b) => a - b)).toEqual(names.map((_, at) => at + 1));
});
