// Where pages end: drills and real ones apart, incidents that are merged, people who left, and words that were redacted.
import { describe, expect, test } from 'vitest';
import { execute } from '../../../src/execute.js';
import { recordMember } from '../../../src/features/incident/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { onCall, pass, said, waiting, ways } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('a drill calls nobody outside it, and is not in the way of what is real', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the cluster is gone drill');
    await says(desk, 'ana', 'role INC-1 operations @bob');
    await says(desk, 'ana', 'page INC-1 @eve');
    await says(desk, 'ana', 'page INC-1 @bob');
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-2 @eve');
    await says(desk, 'ana', 'page INC-2 @bob');
    const alone = { channelId: 'C0HALL' };
    expect((await desk.say('eve', 'ack', alone)).text).toContain('You have PAGE-3');
    // Bob is in the drill, where Slack called him; what is real comes first.
    expect((await desk.say('bob', 'ack', alone)).text).toContain('You have PAGE-4');
  });

  test('of a private drill whoever only would have been called learns nothing', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private drill');
    await says(desk, 'ana', 'page INC-1 @eve');
    expect((await desk.say('eve', 'ack PAGE-1')).text).toContain('There is no PAGE-1');
    expect(await desk.db.read.member.count({ where: { userId: 'U0EVE' } })).toBe(0);
  });

  test('whoever left a private incident has the page and is not let in; called again, they are', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', 'page INC-1 @bob rotate them');
    await says(desk, 'ana', 'role INC-1 operations @bob');
    await leaves(desk, 'bob');
    const invitations = () => desk.db.read.job.count({ where: { kind: 'invite' } });
    const before = await invitations();
    expect(await says(desk, 'bob', 'ack PAGE-1')).toContain('You left INC-1');
    expect(await desk.db.read.member.count({ where: { userId: 'U0BOB' } })).toBe(0);
    expect(await invitations()).toBe(before);

    await says(desk, 'ana', 'page INC-1 @bob come back');
    await says(desk, 'bob', 'ack PAGE-2');
    expect(await desk.db.read.member.count({ where: { userId: 'U0BOB' } })).toBe(1);
  });

  test('whoever was called and sees nothing of it takes nothing back', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the keys leaked private');
    await says(desk, 'ana', 'page INC-1 @bob');
    const { accepted, text } = await desk.say('bob', 'withdraw PAGE-1 nonsense');
    expect([accepted, text]).toEqual([false, expect.stringContaining('/incident ack PAGE-1')]);
    await says(desk, 'bob', 'ack PAGE-1');
    await says(desk, 'ana', 'page INC-1 @eve');
    expect((await desk.say('bob', 'withdraw PAGE-2 the wrong one')).accepted).toBe(true);
  });

  test('the page of a merged incident rings for the one that goes on, and stops with it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 @bob');
    await says(desk, 'ana', 'page INC-1 @eve');
    await says(desk, 'eve', 'ack PAGE-2');
    await says(desk, 'ana', 'declare the database is gone');
    await says(desk, 'ana', 'merge INC-1 INC-2');
    await desk.turn();
    expect(await said(desk)).toContainEqual(expect.stringContaining('PAGE-1, which INC-1 made, rings on'));
    expect(await says(desk, 'ana', 'page PAGE-1')).toContain('about INC-2');
    expect(await says(desk, 'ana', 'ack INC-2')).toContain('PAGE-1 calls nobody any more');

    await says(desk, 'ana', 'page INC-2 @bob');
    await says(desk, 'ana', 'reopen INC-1 another thing after all');
    expect(await says(desk, 'ana', 'page PAGE-3')).toContain('about INC-2');
    await says(desk, 'ana', 'resolve INC-2 it is back');
    await desk.turn();
    expect(await says(desk, 'ana', 'page PAGE-3')).toContain('withdrawn');
  });

  test('nobody had a page before it called, nor will they have had it', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page @bob look');
    await pass(desk, 2);
    for (const at of ['10:30', '10:58']) {
      const { accepted, text } = await desk.say('bob', `ack PAGE-1 at:${at}`);
      expect([at, accepted]).toEqual([at, false]);
      expect(text).toContain('PAGE-1');
    }
    expect(await says(desk, 'bob', 'ack PAGE-1 at:10:46')).toContain('You have PAGE-1');
    await says(desk, 'ana', 'declare writes are stuck');
    await says(desk, 'ana', 'page INC-1 @bob');
    await pass(desk, 5);
    expect(await says(desk, 'ana', 'ack INC-1 at:10:40')).toContain('PAGE-2 calls nobody any more');
  });

  test('what Slack was away for is said once, and not of what somebody has', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page @bob look');
    await says(desk, 'ana', 'page @bob look there');
    for (let round = 0; round < 3; round += 1) await pass(desk, 15);
    await says(desk, 'bob', 'ack PAGE-1');
    const told = (await said(desk)).filter((each) => each.startsWith('Nobody answers'));
    expect(told).toEqual([expect.stringMatching(/^Nobody answers PAGE-2 after 45 min/)]);
  });

  test('what only looks like somebody’s id calls nobody', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    const { accepted, text } = await desk.say('ana', 'page WEBSHOP it is slow');
    expect([accepted, text]).toEqual([false, expect.stringContaining('Nobody was called')]);
  });

  test('who has redacted words by letter is said to whoever redacted them', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'declare the password is hunter2');
    await says(desk, 'ana', 'page INC-1 default');
    await says(desk, 'ana', 'page INC-1 @eve it is hunter3');
    await ways(desk);
    const entry = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter3' } } });
    await says(desk, 'ana', `redact INC-1 ${entry.seq} a password`);
    await desk.turn();
    const told = async () => (await said(desk)).filter((each) => each.includes('redacted went out'));
    expect(await told()).toEqual([expect.stringContaining('Eve by e-mail')]);
    expect((await told())[0]).not.toContain('Bob');

    await ways(desk);
    await says(desk, 'ana', 'redact INC-1 #1 a password');
    await desk.turn();
    expect(await told()).toContainEqual(expect.stringContaining('Bob by e-mail, Eve by e-mail'));
    const edits = (await waiting(desk)).filter(({ effect }) => effect.what === 'over');
    expect(edits).toHaveLength(2);
    await pass(desk, 1);
  });
});

async function leaves(desk: Desk, name: PersonName): Promise<void> {
  const channelId = 'C0INC';
  await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId } }));
  const left = recordMember.given({ channelId, person: people[name], joined: false });
  expect((await execute(desk.kernel, left, desk.ask())).accepted).toBe(true);
}
