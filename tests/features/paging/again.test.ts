// Pages live with their incident: open again, it rings again; merged no more, it has its pages back.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { deliver, heard } from '../alerts/help.js';
import { factsOf, levels, onCall, pass, said, waiting, ways } from './help.js';

const states = async (desk: Desk) =>
  (await desk.db.read.page.findMany({ orderBy: { number: 'asc' } })).map(({ state }) => state);

async function called(desk: Desk): Promise<void> {
  await onCall(desk);
  await says(desk, 'ana', 'declare writes are stuck sev:1');
  await says(desk, 'ana', 'page INC-1 default');
  await ways(desk);
}

function passed(desk: Desk, seconds: number): void {
  desk.now = new Date(desk.now.getTime() + seconds * 1_000);
}

describe.each(engines)('on %s', (engine) => {
  test.each([
    ['resolve INC-1 oops', 'undo INC-1'],
    ['status INC-1 resolved', 'status INC-1 investigating'],
    ['resolve INC-1', 'reopen INC-1 it is back'],
  ])('%s and then %s: who was not reached before is called again', async (line, back) => {
    const desk = await openDesk(engine);
    await called(desk);
    await says(desk, 'ana', line);
    await desk.turn();
    expect(await states(desk)).toEqual(['withdrawn']);
    passed(desk, 10);
    await says(desk, 'ana', back);
    await desk.turn();
    expect(await states(desk)).toEqual(['ringing']);
    expect(await levels(desk)).toEqual(['0.0 opened', '1.0 open']);
    const edited = (await waiting(desk)).filter(({ effect }) => effect.what === 'over');
    expect(edited.some(({ effect }) => effect.path === 'slack')).toBe(true);
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    const told = (await said(desk)).filter((text) =>
      text.includes('PAGE-1 rings again, INC-1 is open again'),
    );
    expect(told).toEqual([expect.stringContaining('Bob by Slack and e-mail')]);
    await pass(desk, 5);
    expect(await levels(desk)).toHaveLength(3);
    expect(await says(desk, 'bob', 'ack INC-1')).toContain('PAGE-1 calls nobody any more');
  });

  test('whom a critical alert called is called again, though it is no news', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await deliver(desk, [heard({ severity: 'critical' })]);
    await desk.turn();
    await ways(desk);
    await says(desk, 'ana', 'resolve INC-1 oops');
    await desk.turn();
    passed(desk, 10);
    await says(desk, 'ana', 'undo INC-1');
    await desk.turn();
    await deliver(desk, [heard({ severity: 'critical' })]);
    await desk.turn();
    expect(await states(desk)).toEqual(['ringing']);
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
  });

  test('taken back before anybody was told, it just rings on', async () => {
    const desk = await openDesk(engine);
    await called(desk);
    await says(desk, 'ana', 'resolve INC-1');
    await says(desk, 'ana', 'undo INC-1');
    await desk.turn();
    expect(await states(desk)).toEqual(['ringing']);
    expect(await levels(desk)).toHaveLength(1);
  });

  test('what somebody had, took back, or was called for anew, does not ring again', async () => {
    const desk = await openDesk(engine);
    await called(desk);
    await says(desk, 'bob', 'ack PAGE-1');
    await says(desk, 'ana', 'page INC-1 @eve look');
    await says(desk, 'ana', 'withdraw PAGE-2 the wrong person');
    await says(desk, 'ana', 'page INC-1 @eve look there');
    await says(desk, 'ana', 'resolve INC-1');
    await desk.turn();
    await pass(desk, 1);
    await says(desk, 'ana', 'page INC-1 @eve it is not over');
    await says(desk, 'eve', 'ack PAGE-4');
    await says(desk, 'ana', 'reopen INC-1 it is back');
    await desk.turn();
    expect(await states(desk)).toEqual(['acknowledged', 'withdrawn', 'withdrawn', 'acknowledged']);
  });

  test('a reopening that is taken back ends it again', async () => {
    const desk = await openDesk(engine);
    await called(desk);
    for (const line of ['resolve INC-1', 'reopen INC-1 it is back', 'undo INC-1']) {
      await says(desk, 'ana', line);
      await desk.turn();
    }
    expect(await states(desk)).toEqual(['withdrawn']);
    await says(desk, 'ana', 'reopen INC-1 it is back');
    await desk.turn();
    expect(await states(desk)).toEqual(['ringing']);
  });

  test('a merge that is taken back gives the incident its pages back, whatever is undone later', async () => {
    const desk = await openDesk(engine);
    await called(desk);
    await says(desk, 'ana', 'declare the database is gone');
    await says(desk, 'ana', 'merge INC-1 INC-2');
    await desk.turn();
    await says(desk, 'ana', 'undo INC-1');
    await desk.turn();
    expect(await says(desk, 'ana', 'page PAGE-1')).toContain('about INC-1');
    expect(await said(desk)).toContainEqual(
      expect.stringContaining('PAGE-1 rings for this incident again, and no more for INC-2'),
    );
    await says(desk, 'ana', 'resolve INC-2 it is back');
    await desk.turn();
    expect(await states(desk)).toEqual(['ringing']);

    await says(desk, 'ana', 'declare the proxy is gone');
    for (const line of [
      'merge INC-1 INC-3',
      'reopen INC-1 not the proxy',
      'severity INC-1 2',
      'undo INC-1',
    ]) {
      await says(desk, 'ana', line);
      await desk.turn();
    }
    expect(await says(desk, 'ana', 'page PAGE-1')).toContain('about INC-1');
    expect(await says(desk, 'bob', 'ack INC-1')).toContain('PAGE-1 calls nobody any more');
  });

  test.each(['ack INC-1', 'ack PAGE-1'])('%s, taken back, makes it ring at its level again', async (line) => {
    const desk = await openDesk(engine);
    await called(desk);
    await pass(desk, 5);
    await ways(desk);
    await says(desk, 'ana', line);
    passed(desk, 20);
    expect(await says(desk, 'ana', 'undo INC-1')).toContain('PAGE-1 rings again.');
    await desk.turn();
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '0.1 undone']);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    expect(await said(desk)).toContainEqual(
      expect.stringContaining('PAGE-1 rings again, “I have it” was taken'),
    );
    expect(await says(desk, 'ana', 'page PAGE-1')).not.toContain('has it');
    await pass(desk, 9);
    expect(await levels(desk)).toHaveLength(3);
    await pass(desk, 6);
    expect(await levels(desk)).toHaveLength(4);
  });

  test('what did not get through is said only while somebody is needed', async () => {
    const desk = await openDesk(engine);
    await called(desk);
    await pass(desk, 5);
    await ways(desk, ['slack']);
    expect(await factsOf(desk, 'PageFailed')).toHaveLength(1);
    expect((await said(desk)).filter((text) => text.includes('did not reach Eve'))).toHaveLength(1);
    // Slack was away until now.
    await says(desk, 'bob', 'ack PAGE-1');
    expect((await said(desk)).filter((text) => text.includes('did not reach Eve'))).toEqual([]);
  });
});
