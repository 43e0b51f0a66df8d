// A storm of alerts, one delivery each: the channel hears of all, and nothing else waits behind them.
import { expect, test } from 'vitest';
import type { EffectKind } from '../../../src/core/effect.js';
import { alertsGatheredView } from '../../../src/features/alerts/views.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says, until } from '../../helpers/telling.js';
import { deliver, heard } from './help.js';

/** What the incident's channel is told of alerts, in order. */
async function told(desk: Desk): Promise<string[]> {
  const rows = await desk.db.read.job.findMany({ orderBy: [{ madeAt: 'asc' }, { step: 'asc' }] });
  const texts: string[] = [];
  for (const { payload } of rows) {
    const kind = payload as unknown as EffectKind;
    if (kind.do === 'say') texts.push(kind.message.text);
    if (kind.do !== 'show' || kind.view !== 'alertsGathered') continue;
    const drawn = await alertsGatheredView(desk.db.read, kind.about ?? '', desk.workspace);
    texts.push(drawn?.text ?? 'nothing');
  }
  return texts.filter((text) => /alerts? (fires?|flaps)/.test(text));
}

const critical = (index: number) =>
  heard({ fingerprint: `f${index}`, title: `disk ${index} is full`, severity: 'critical' });

test('the first is said at once, the others in one line a minute, with a count and the newest names', async () => {
  const desk = await openDesk('sqlite');
  await deliver(desk, [critical(0)]);
  for (let index = 1; index <= 41; index += 1) {
    await until(desk, new Date(desk.now.getTime() + 3_000).toISOString());
    await deliver(desk, [critical(index)]);
  }
  await until(desk, new Date(desk.now.getTime() + 120_000).toISOString());
  const [first, ...lines] = await told(desk);
  expect(first).toBe('Another critical alert fires: disk 1 is full (api/prod)');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe(
    '18 more critical alerts fire: “disk 19 is full” (api/prod), “disk 18 is full” (api/prod), “disk 17 is full” (api/prod) and 15 more. All of them: /incident alerts',
  );
  const counts = lines.map((text) => Number(/^\d+/.exec(text)?.[0] ?? 1));
  expect(counts.reduce((a, b) => a + b)).toBe(40);
});

test('of an incident ten have a line of their own', async () => {
  const desk = await openDesk('sqlite');
  await deliver(desk, [critical(0)]);
  for (let index = 1; index <= 14; index += 1) {
    await until(desk, new Date(desk.now.getTime() + 90_000).toISOString());
    await deliver(desk, [critical(index)]);
  }
  const own = (await told(desk)).filter((text) => !text.includes('All of them'));
  expect(own).toHaveLength(10);
});

test('what is redacted stands in no line that is drawn again', async () => {
  const desk = await openDesk('sqlite');
  await deliver(desk, [critical(0)]);
  for (const index of [1, 2]) await deliver(desk, [critical(index)]);
  await until(desk, new Date(desk.now.getTime() + 60_000).toISOString());
  expect((await told(desk)).at(-1)).toContain('disk 2 is full');
  const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'disk 2' } } });
  await says(desk, 'ana', `redact INC-1 #${seq} a host`);
  expect((await told(desk)).at(-1)).toContain('one whose words were redacted');
});
