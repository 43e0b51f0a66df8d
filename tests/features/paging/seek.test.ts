// Pages that found nobody: they look again, by the escalation as it is by then, and say nothing that was not so.
import { describe, expect, test } from 'vitest';
import { message } from '../../../src/core/message.js';
import { fireSection } from '../../../src/features/paging/home.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { refused, says, until } from '../../helpers/telling.js';
import { factsOf, known, levels, onCall, pass, said, waiting, ways } from './help.js';

async function homeOf(desk: Desk): Promise<string> {
  return message(...(await fireSection(desk.db.read, desk.ask('eve')))).text;
}

/** The schedules are empty; the default escalation is this. */
async function nobodyOn(desk: Desk, escalation: string): Promise<void> {
  await known(desk);
  await says(desk, 'bob', 'contact mail:bob@example.com');
  for (const name of ['nights', 'second']) await says(desk, 'ana', `schedule ${name}`);
  await says(desk, 'ana', `escalation default ${escalation}`);
}

describe.each(engines)('on %s', (engine) => {
  test('a page that found nobody calls by the escalation that was corrected meanwhile, at once', async () => {
    const desk = await openDesk(engine);
    await nobodyOn(desk, 'schedule:nights 5m');
    await says(desk, 'ana', 'page default the database is on fire');
    await until(desk, '2026-03-10T10:50Z');
    expect(await ways(desk)).toEqual([]);
    await says(desk, 'ana', 'escalation default @bob 5m');
    await desk.turn();
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '1.0 unreached']);
  });

  test('each round goes by the escalation as it is when it begins; one that was removed stays', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    await ways(desk);
    await says(desk, 'ana', 'escalation default @eve 7m repeat:20m');
    await pass(desk, 5);
    await ways(desk);
    // The round that has begun goes on as it was.
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time']);
    await pass(desk, 15);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    await says(desk, 'ana', 'escalation default none');
    await pass(desk, 20);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '1.0 time', '2.0 time']);
    const of = (await factsOf(desk, 'PageLevelReached')).map(({ escalation }) => escalation !== null);
    expect(of).toEqual([false, false, true, false]);
  });

  test('whoever can be reached at any level is who a page waits for', async () => {
    const desk = await openDesk(engine);
    await nobodyOn(desk, 'schedule:nights 5m then schedule:second 5m repeat:1h');
    await says(desk, 'ana', 'page default');
    await pass(desk, 3);
    await says(desk, 'ana', 'duty second @bob for:8h');
    await desk.turn();
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 unreached', '1.0 unreached', '1.1 unreached']);
    expect(await said(desk)).toContainEqual(
      expect.stringContaining('PAGE-1 has somebody to call now: level 2 calls Bob by Slack and e-mail'),
    );
    await pass(desk, 59);
    expect(await levels(desk)).toHaveLength(4);
  });

  test('it looks every minute: a shift that begins and an owner who becomes known are called; a look states nothing', async () => {
    const desk = await openDesk(engine);
    await nobodyOn(desk, 'schedule:nights 5m repeat:4h');
    await says(desk, 'ana', 'duty nights @bob from:"11:00 UTC" for:8h');
    await says(desk, 'ana', 'page default');
    await desk.turn();
    const facts = () => desk.db.read.fact.count({ where: { stream: { not: 'oncall' } } });
    const before = await facts();
    await until(desk, '2026-03-10T10:59Z');
    expect(await facts()).toBe(before);
    await until(desk, '2026-03-10T11:01Z');
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    await says(desk, 'ana', 'escalation default none');
    await says(desk, 'ana', '/change service api team:shop');
    await says(desk, 'ana', 'page api');
    expect(await ways(desk)).toEqual([]);
    await says(desk, 'ana', '/change service api owner:@bob');
    await pass(desk, 1);
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
  });

  test('where the first level reaches nobody, whoever calls hears who was called instead, in the same reply', async () => {
    const desk = await openDesk(engine);
    await nobodyOn(desk, 'schedule:nights 5m then @bob 10m');
    const reply = await says(desk, 'ana', 'page default writes are stuck');
    expect(reply).toContain('Level 1 reaches nobody (the schedule nights: nobody is on call).');
    expect(reply).toContain('Level 2 is called now: Bob by Slack and e-mail.');
    expect(reply).not.toContain('nobody was called');
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 unreached']);
    expect(await waiting(desk)).toHaveLength(2);
    await desk.turn();
    expect(await levels(desk)).toHaveLength(2);
  });

  test('nobody is said to have left unanswered what nobody was called for', async () => {
    const desk = await openDesk(engine);
    await nobodyOn(desk, 'schedule:nights 5m repeat:1h');
    expect(await says(desk, 'ana', 'page default one')).toContain('I look again every minute');
    expect(await says(desk, 'ana', 'page default one')).toContain(
      'PAGE-1: nobody was called. It waits already',
    );
    for (const line of ['pages', 'page PAGE-1'])
      expect(await says(desk, 'ana', line)).toContain('nobody can be reached. I look again every minute');
    const fire = await homeOf(desk);
    expect(fire).toContain('PAGE-1 calls whoever is on call by default, nobody can be reached, since');
    await until(desk, '2026-03-10T11:46Z');
    const told = await said(desk);
    expect(told).toContainEqual(
      expect.stringContaining('PAGE-1 has nobody to call, 60 min after it was opened'),
    );
    expect(told.join()).not.toContain('Nobody answers');
    // Each round says it once.
    expect(told.filter((text) => text.includes('nobody can be reached'))).toHaveLength(1);
    expect(await levels(desk)).toEqual(['0.0 opened', '1.0 time']);
  });

  test('two people who read at one address get one letter', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'eve', 'contact mail:Bob@example.com');
    await says(desk, 'ana', 'escalation default @bob,@eve 5m');
    await says(desk, 'ana', 'page default');
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack', 'Eve slack']);
  });

  test('an app is nobody to call', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await desk.db.write((tx) => tx.person.updateMany({ where: { id: 'U0EVE' }, data: { isBot: true } }));
    await desk.db.write((tx) => tx.workspace.updateMany({ data: { slackBotUserId: 'U0BOB' } }));
    expect(await refused(desk, 'ana', 'page @eve look')).toContain('Eve is an app');
    expect(await refused(desk, 'ana', 'page @bob look')).toContain('/incident page default');
  });
});
