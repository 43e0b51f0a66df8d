// A page: whom it calls, when the next ones are called, and that it ends only when somebody has it.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { factsOf, levels, onCall, pass, said, waiting, ways } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('it goes by every way to one level after the other, and begins anew, until somebody has it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    const reply = await says(desk, 'ana', 'page default writes are stuck');
    expect(reply).toContain('PAGE-1');
    expect(reply).toContain('Bob by Slack and e-mail');
    expect(reply).toContain('10:50 UTC');
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    await pass(desk, 4);
    expect(await ways(desk)).toEqual([]);
    await pass(desk, 1);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    await pass(desk, 14);
    expect(await levels(desk)).toHaveLength(2);
    await pass(desk, 1);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '1.0 time']);
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    expect((await said(desk)).filter((text) => text.includes('Nobody answers PAGE-1'))).toHaveLength(1);

    expect(await says(desk, 'bob', 'ack PAGE-1')).toContain('You have PAGE-1');
    expect(await said(desk)).toContainEqual(expect.stringContaining('has it, after 20 min'));
    await ways(desk);
    await pass(desk, 600);
    expect(await levels(desk)).toHaveLength(3);
    expect(await waiting(desk)).toEqual([]);
  });

  test('that nobody answers is said ever more seldom, but every two hours, and then it says when it is said again', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default writes are stuck');
    const rounds = async (count: number) => {
      for (const minutes of Array.from({ length: count }, () => [5, 15]).flat()) {
        await ways(desk);
        await pass(desk, minutes);
      }
    };
    await rounds(4);
    expect(await said(desk)).toContainEqual(
      expect.stringMatching(/Nobody answers PAGE-1 after 80 min.* I say it again at .*13:25 UTC> if nobody/),
    );
    await rounds(19);
    const aloud = (await factsOf(desk, 'PageUnanswered')).filter((each) => each.said);
    expect(aloud.map(({ minutes }) => minutes)).toEqual([20, 40, 60, 80, 160, 280, 400]);
    expect((await said(desk)).filter((text) => text.includes('Nobody answers'))).toHaveLength(1);
  });

  test('of one that has it the second one is told, and nothing more is recorded', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    await says(desk, 'bob', 'ack PAGE-1');
    const count = await desk.db.read.fact.count();
    expect(await says(desk, 'eve', 'ack PAGE-1')).toContain('is Bob’s already');
    expect(await says(desk, 'bob', 'ack PAGE-1')).toContain('is yours already');
    expect(await desk.db.read.fact.count()).toBe(count);
  });

  test('a level that reaches nobody gives way at once, and the last one does not spin', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    await ways(desk, ['slack']);
    // By letter it went: Bob has his time.
    expect(await levels(desk)).toEqual(['0.0 opened']);
    await pass(desk, 5);
    await ways(desk, ['slack', 'mail']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time']);
    await pass(desk, 14);
    expect(await levels(desk)).toHaveLength(2);
    await pass(desk, 1);
    await ways(desk, ['slack', 'mail']);
    // The same failure is said once, whatever the round.
    const failures = (await said(desk)).filter((text) => text.includes('did not reach Bob by Slack'));
    expect(failures).toHaveLength(1);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '1.0 time', '1.1 unreached']);
  });

  test('what is stuck on its way is said after two minutes, and counts as nobody reached', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    await pass(desk, 1);
    expect(await factsOf(desk, 'PageStuck')).toEqual([]);
    await pass(desk, 1);
    expect(await factsOf(desk, 'PageStuck')).toHaveLength(2);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 unreached']);
    expect(await said(desk)).toContainEqual(expect.stringContaining('still on its way to Bob'));
  });

  test('where nobody is known, that is said to whoever calls and in the channel, and somebody found later is called', async () => {
    const desk = await openDesk(engine);
    const reply = await says(desk, 'ana', 'page default writes are stuck');
    expect(reply).toContain('PAGE-1: nobody was called');
    expect(reply).toContain('/incident page @somebody');
    expect(await said(desk)).toContainEqual(expect.stringContaining('nobody can be reached'));
    await onCall(desk);
    await desk.turn();
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    expect(await said(desk)).toContainEqual(
      expect.stringContaining('PAGE-1 has somebody to call now: level 1 calls Bob by Slack and e-mail'),
    );
    await pass(desk, 5);
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
  });

  test('whoever comes on call after a page found nobody is called at once, and what called somebody keeps its time', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'schedule nights');
    await says(desk, 'ana', 'page nights the queue is full');
    await says(desk, 'ana', 'page default the mail is down');
    expect(await ways(desk)).toEqual(['Bob mail', 'Bob slack']);
    await pass(desk, 1);
    await says(desk, 'ana', 'duty nights @eve for:8h');
    await desk.turn();
    expect(await ways(desk)).toEqual(['Eve mail', 'Eve slack']);
    expect(await levels(desk)).toEqual(['0.0 opened', '0.0 opened', '1.0 unreached']);
  });

  test('a person whom only Slack reaches is said to be that', async () => {
    const desk = await openDesk(engine);
    expect(await says(desk, 'bob', 'page @ana please look')).toContain('By Slack only: Ana');
  });

  test('a page for the same joins the one that rings', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    expect(await says(desk, 'eve', 'page INC-1 default again')).toContain('PAGE-1 rings already');
    expect(await desk.db.read.page.count()).toBe(1);
    // Another reason without an incident is another matter.
    await says(desk, 'ana', 'page @bob the disk is full');
    await says(desk, 'ana', 'page @bob the mail is down');
    expect(await desk.db.read.page.count()).toBe(3);
  });

  test('it is passed on by hand, also by whoever had it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    await says(desk, 'bob', 'ack PAGE-1');
    expect(await says(desk, 'bob', 'escalate PAGE-1')).toContain('Eve by Slack and e-mail');
    expect(await desk.db.read.page.findFirstOrThrow()).toMatchObject({ state: 'ringing', level: 1 });
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 asked']);
  });

  test('the end of its incident, and a word with its reason, withdraw it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    await says(desk, 'ana', 'page INC-1 @eve');
    await says(desk, 'ana', 'withdraw PAGE-2 the wrong person');
    expect((await desk.say('ana', 'withdraw PAGE-2 once more')).accepted).toBe(false);
    await says(desk, 'ana', 'resolve INC-1 it is over');
    await desk.turn();
    const states = await desk.db.read.page.findMany({ select: { state: true } });
    expect(states.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
    await pass(desk, 100);
    expect(await levels(desk)).toHaveLength(2);
  });

  test('the incident is acknowledged with the pages that ring for it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default');
    expect(await says(desk, 'bob', 'ack INC-1')).toContain('PAGE-1 calls nobody any more');
    expect(await desk.db.read.page.findFirstOrThrow()).toMatchObject({
      state: 'acknowledged',
      answeredByName: 'Bob',
    });
    expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({ acknowledgedAt: desk.now });
    // Called later, and the incident was acknowledged before.
    await says(desk, 'ana', 'page INC-1 @eve');
    expect(await says(desk, 'eve', 'ack INC-1')).toContain('PAGE-2 calls nobody any more');
  });

  test('whoever is called says ack, and it is the page that called them', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    expect(await says(desk, 'bob', 'ack')).toContain('You have PAGE-1');
    expect((await desk.say('eve', 'ack')).accepted).toBe(false);
  });

  test('an unknown word calls nobody and says what there is', async () => {
    const desk = await openDesk(engine);
    const answer = await desk.say('ana', 'page daatbase it is down');
    expect(answer.accepted).toBe(false);
    expect(answer.text).toContain('Nobody was called');
    expect(answer.text).toContain('/incident page default REASON');
    expect(await desk.db.read.page.count()).toBe(0);
  });

  test('a service is called by its team or owners; of a service and a team of one name the service is meant', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', '/change service api team:platform owner:@eve');
    await says(desk, 'ana', '/change service platform owner:@bob');
    expect(await says(desk, 'ana', 'page api/prod writes are stuck')).toContain('Eve');
    const reply = await says(desk, 'ana', 'page platform');
    expect(reply).toContain('Bob');
    expect(reply).toContain('/incident page team:platform');
    expect(await says(desk, 'ana', 'page team:platform')).toContain('Eve');
  });

  test('what is shown of it has each attempt with its instant, and the timeline too', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 default it is the disk');
    await ways(desk, ['Bob slack']);
    const shown = await says(desk, 'ana', 'page PAGE-1');
    // The day and the zone once, the attempts by time of day.
    expect(shown).toContain('2026-03-10, in CET (11:45 is 10:45 UTC):');
    expect(shown).toContain('level 1: Bob by Slack, 11:45: failed, 11:45: slack: refused');
    expect(shown).toContain('Bob by e-mail');
    expect(await says(desk, 'ana', 'pages')).toContain('PAGE-1');
    const timeline = (await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } })).map(({ text }) => text);
    expect(timeline).toContain('PAGE-1 did not reach Bob by Slack: slack: refused');
    expect(timeline).toContain('PAGE-1 went to Bob by e-mail');
  });
});
