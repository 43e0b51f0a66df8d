// Chat is down: what is said over HTTP and on the command line is recorded, and Slack shows it when it returns.
import { describe, expect, test } from 'vitest';
import { andon } from '../cli/help.js';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { program } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('everything that was said while Slack was down is there once, in order, with its own time', async () => {
    const world = await openWorld({ engine, at: '2026-03-10T10:45:00Z' });
    const ci = await program(world, undefined, 'ci');
    world.sandbox.faults.down();

    const declare = { title: 'writes are stuck', severity: 'SEV1', startedAt: '10:22 UTC' };
    await ci.post('incidents', declare, { 'idempotency-key': 'declare' });
    await ci.post('incidents', declare, { 'idempotency-key': 'declare' });
    world.at('2026-03-10T10:50:00Z');
    await ci.post('incidents/1/timeline', {
      text: 'all writes time out',
      time: '10:30',
      kind: 'observation',
    });
    await world.app.worker.drain();
    world.at('2026-03-10T10:55:00Z');
    await ci.post('incidents/1/status', { status: 'identified', text: 'a bad merge', time: '10:52 UTC' });
    await beside(world, 'note', 'INC-1', 'by hand, beside it');
    await overHttp(world, ci.token, 'note', '10:51', 'over', 'HTTP');
    await ci.post('incidents', { title: 'and another' });
    await world.app.worker.drain();
    expect(world.sandbox.channels().filter((each) => each.name.startsWith('inc-'))).toEqual([]);

    world.sandbox.faults.up();
    await world.settled();
    const name = 'inc-1-2026-03-10-writes-are-stuck';
    expect(world.sandbox.channel(name)?.topic).toContain('SEV1 · identified');
    const [summary, ...said] = spoken(world, name);
    expect(summary).toContain('SEV1 · identified: a bad merge');
    expect(summary).toContain('Started 2026-03-10 10:22 UTC · declared 2026-03-10 10:45 UTC');
    expect(said).toEqual([
      '#2 2026-03-10 10:30 UTC · observation · all writes time out — ci',
      'status investigating → identified at 2026-03-10 10:52 UTC: a bad merge (ci)',
      '#4 by hand, beside it — ana',
      '#5 2026-03-10 10:51 UTC · over HTTP — ci',
    ]);
    // Each incident's channel is in order; two incidents do not wait for each other.
    const announced = spoken(world, 'incidents').map((text) => text.split('\n')[0]);
    expect(announced.sort()).toEqual(['INC-1 writes are stuck', 'INC-2 and another']);
    const { entries } = (await ci.get('incidents/1/timeline')).body;
    expect(entries.map((each: Record<string, unknown>) => [each.source, each.occurredAt])).toEqual([
      ['api', '2026-03-10T10:45:00.000Z'],
      ['api', '2026-03-10T10:30:00.000Z'],
      ['api', '2026-03-10T10:52:00.000Z'],
      ['cli', expect.any(String)],
      ['api', '2026-03-10T10:51:00.000Z'],
    ]);
    // And once: nothing is left to do, and doing it again says nothing more.
    await world.restart();
    await world.settled();
    expect(spoken(world, name)).toHaveLength(5);
    expect(world.sandbox.channels().filter((each) => each.name.startsWith('inc-'))).toHaveLength(2);
  });
});

function spoken(world: World, channel: string): string[] {
  return world.sandbox
    .messages(channel)
    .filter((each) => each.user === world.sandbox.botUserId && !each.subtype)
    .map((each) => each.text.replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1'));
}

async function beside(world: World, ...words: string[]): Promise<void> {
  const done = await andon(words, { DATABASE_URL: world.databaseUrl, USER: 'ana' });
  expect(done).toMatchObject({ code: 0 });
}

async function overHttp(world: World, token: string, ...words: string[]): Promise<void> {
  const done = await andon(words, { ANDON_URL: `http://127.0.0.1:${world.app.port}`, ANDON_TOKEN: token });
  expect(done).toMatchObject({ code: 0 });
}
