// Incidents of alerts whose people a page calls already: one page, until somebody has it; and nobody is forgotten.
import { expect, test } from 'vitest';
import { readCall } from '../../../src/features/paging/index.js';
import { pageView } from '../../../src/features/paging/views.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says, until } from '../../helpers/telling.js';
import { onCall } from '../paging/help.js';
import { deliver, heard } from './help.js';

async function fires(desk: Desk, ...services: string[]): Promise<void> {
  for (const service of services) {
    await deliver(desk, [heard({ fingerprint: service, service, severity: 'critical' })]);
    await desk.turn();
  }
}

const pages = async (desk: Desk) => {
  const rows = await desk.db.read.page.findMany({ orderBy: { number: 'asc' } });
  return rows.map((row) => `${row.targetName} ${row.state}`);
};

const inMinutes = (desk: Desk, minutes: number) =>
  until(desk, new Date(desk.now.getTime() + minutes * 60_000).toISOString());

async function storm(): Promise<Desk> {
  const desk = await openDesk('sqlite');
  await onCall(desk);
  await fires(desk, 'one', 'two', 'three');
  expect(await pages(desk)).toEqual(['one ringing']);
  return desk;
}

test('a storm of incidents calls the same people once; both places say so, and whoever is called reads it', async () => {
  const desk = await storm();
  const page = await desk.db.read.page.findFirstOrThrow();
  const view = await pageView(desk.db.read, page.id, desk.workspace);
  expect(view?.text).toContain('It is also for INC-2, INC-3: whoever has it has those too.');
  expect(await says(desk, 'ana', 'timeline INC-2')).toContain(
    'PAGE-1 calls Bob already, for another incident',
  );
  const attempt = await desk.db.read.pageAttempt.findFirstOrThrow();
  expect((await readCall(desk.db.read, attempt.id))?.reason).toContain('It is also for INC-2, INC-3.');
  // One more alert of an incident that joined opens no page either.
  await deliver(desk, [heard({ fingerprint: 'more', service: 'two', severity: 'critical' })]);
  await desk.turn();
  expect(await pages(desk)).toEqual(['one ringing']);
});

test('once somebody has it, and after five minutes, and for other people, a page is opened as ever', async () => {
  const desk = await storm();
  await says(desk, 'ana', '/change service db owner:@eve');
  await fires(desk, 'db');
  expect(await pages(desk)).toEqual(['one ringing', 'db ringing']);
  await inMinutes(desk, 6);
  await fires(desk, 'late');
  expect(await pages(desk)).toHaveLength(3);
  await says(desk, 'bob', 'ack PAGE-1');
  await says(desk, 'bob', 'ack PAGE-3');
  await fires(desk, 'four');
  await inMinutes(desk, 3);
  // Those that joined were of the page that somebody has.
  expect(await pages(desk)).toHaveLength(4);
});

test('where the page is taken back before somebody has it, the incidents that joined it are called for', async () => {
  const desk = await storm();
  await says(desk, 'ana', 'resolve INC-2');
  await says(desk, 'ana', 'withdraw PAGE-1 no trouble there');
  await inMinutes(desk, 2);
  expect(await pages(desk)).toEqual(['one withdrawn', 'three ringing']);
});
