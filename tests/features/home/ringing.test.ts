// App Home at night: the pages that call whoever looks stand above everything else, each with its button.
import { expect, test } from 'vitest';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';

test('a page is first for whoever it calls, with its button; for others it is a line under what is on fire', async () => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', 'declare writes are stuck sev:1');
  await says(desk, 'ana', 'page INC-1 @bob the primary is gone');
  const homeOf = (person: 'bob' | 'eve') => drawHome(features, desk.db.read, desk.ask(person));
  const { text, blocks } = await homeOf('bob');
  expect(text).toMatch(/^You are called\nPAGE-1 calls Bob/);
  expect(text.match(/PAGE-1/g)).toHaveLength(1);
  const [first] = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  expect(first).toMatchObject({ text: { text: 'I have it' }, value: '/incident ack PAGE-1' });
  expect((await homeOf('eve')).text).toMatch(/^On fire\n(.*\n)*PAGE-1 calls Bob/);
  await says(desk, 'bob', 'ack PAGE-1');
  expect((await homeOf('bob')).text).toMatch(/^On fire/);
});
