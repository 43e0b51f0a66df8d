// A page that is passed on: it goes to somebody else, says by whom, and never comes back to whoever passed it on.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';
import { levels, onCall, pass, said, waiting, ways } from './help.js';

async function bobTwice(desk: Desk, then = ''): Promise<void> {
  await onCall(desk);
  await says(desk, 'ana', 'schedule primary');
  await says(desk, 'ana', 'duty primary @bob for:8h');
  await says(desk, 'ana', `escalation default @bob 5m then schedule:primary 5m${then} repeat:15m`);
}

describe.each(engines)('on %s', (engine) => {
  test('a level that calls nobody but whoever passes it on is skipped, and on record', async () => {
    const desk = await openDesk(engine);
    await bobTwice(desk, ' then @eve 10m');
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    await ways(desk);
    const reply = await says(desk, 'bob', 'escalate PAGE-1');
    expect(reply).toContain('Level 2 is skipped: it would call only Bob, who passed it on.');
    expect(reply).toContain('Level 3 is called now: Eve by Slack and e-mail');
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 asked', '0.2 asked']);
    const timeline = await says(desk, 'ana', 'timeline INC-1 all');
    expect(timeline).toContain('PAGE-1, level 2: skipped, it would call only Bob, who passed it on');
    expect(timeline).toContain('PAGE-1, level 3: calls Eve by Slack and e-mail; passed on by Bob');
    expect(await said(desk)).toContainEqual(
      expect.stringContaining('PAGE-1: @Bob passed it on: level 3 calls Eve by Slack and e-mail.'),
    );
  });

  test('from the last levels it goes to the first of the next round that calls somebody else', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'escalation default @eve 5m then @bob 5m');
    await says(desk, 'ana', 'page default writes are stuck');
    await pass(desk, 5);
    await ways(desk);
    expect(await says(desk, 'bob', 'escalate PAGE-1')).toContain('Called now: Eve');
    await says(desk, 'eve', 'escalate PAGE-1');
    await ways(desk);
    await says(desk, 'ana', 'escalation default @eve 5m then @bob 5m then @bob 1m');
    await says(desk, 'bob', 'escalate PAGE-1');
    await pass(desk, 5);
    await says(desk, 'bob', 'ack PAGE-1');
    const reply = await says(desk, 'bob', 'escalate PAGE-1');
    expect(reply).toContain('Level 3 is skipped');
    expect(reply).toContain('Level 1 is called now: Eve');
    const page = await desk.db.read.page.findFirstOrThrow();
    expect(page).toMatchObject({ state: 'ringing', level: 0 });
  });

  test('where nobody else is to be called that is said, and the page goes on as it was', async () => {
    const desk = await openDesk(engine);
    await bobTwice(desk);
    await says(desk, 'ana', 'page default writes are stuck');
    await ways(desk);
    const before = await desk.db.read.page.findFirstOrThrow();
    const answer = await refused(desk, 'bob', 'escalate PAGE-1');
    expect(answer).toContain('There is nobody else to call by this escalation');
    expect(answer).toContain('/incident page @name REASON');
    expect(await desk.db.read.page.findFirstOrThrow()).toEqual(before);
    expect(await waiting(desk)).toEqual([]);
    // Who was not called may have Bob called again.
    expect(await says(desk, 'ana', 'escalate PAGE-1')).toContain('Bob');
    await says(desk, 'bob', 'ack PAGE-1');
    expect(await refused(desk, 'bob', 'escalate PAGE-1')).toContain('PAGE-1 stays with you');
  });

  test('by itself a level is skipped that would call the same people by the same ways again before others', async () => {
    const desk = await openDesk(engine);
    await bobTwice(desk, ' then @eve 10m');
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    await pass(desk, 5);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '0.2 time']);
    expect(await says(desk, 'ana', 'timeline INC-1 all')).toContain(
      'PAGE-1, level 2: skipped, it would call the same again',
    );
    await pass(desk, 15);
    await ways(desk);
    await pass(desk, 5);
    expect(await levels(desk)).toHaveLength(6);
  });

  test('a page that somebody had says who took it from whom, in every round, and the old holder’s message rings', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    await ways(desk);
    await pass(desk, 5);
    await ways(desk);
    await pass(desk, 15);
    await says(desk, 'bob', 'ack PAGE-1');
    await ways(desk);
    await says(desk, 'ana', 'escalate PAGE-1');
    await desk.turn();
    expect((await said(desk)).at(-1)).toMatch(
      /^PAGE-1: @Ana called on: @Bob has it no more; level 2 calls Eve by Slack and e-mail\./,
    );
    expect(await says(desk, 'ana', 'timeline INC-1 all')).toContain('called on by Ana, Bob has it no more');
    const over = (await waiting(desk)).filter(({ effect }) => effect.what === 'over');
    expect(over.length).toBeGreaterThan(0);
  });
});
