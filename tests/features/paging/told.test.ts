// What those read whom a page concerns: whoever calls, whoever has it, and whoever looks at its incident.
import { describe, expect, test } from 'vitest';
import { execute } from '../../../src/execute.js';
import { answerLink, answerPager } from '../../../src/features/paging/index.js';
import { pageView } from '../../../src/features/paging/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { onCall, pass } from './help.js';

const channel = { placeKind: 'channel', channelId: 'C0INC', channelName: 'inc-1-writes' };

/** An incident with its channel, and nobody has it yet. */
async function declared(desk: Desk, words = 'writes are stuck'): Promise<void> {
  await onCall(desk);
  await says(desk, 'ana', `declare ${words}`);
  await desk.db.write((tx) => tx.incident.updateMany({ data: channel }));
}

describe.each(engines)('on %s', (engine) => {
  test('whoever has the page of an incident that nobody has, has that too, and hears where it goes on', async () => {
    const desk = await openDesk(engine);
    await declared(desk);
    await says(desk, 'ana', 'page INC-1 default');
    await pass(desk, 1);
    const reply = await says(desk, 'bob', 'ack PAGE-1');
    expect(reply).toContain('You have PAGE-1 and with it INC-1. It calls nobody any more.');
    expect(reply).toContain(
      'INC-1 is worked on in #inc-1-writes. /incident brief INC-1 says where it stands.',
    );
    const incident = () => desk.db.read.incident.findFirstOrThrow();
    expect(await incident()).toMatchObject({ acknowledgedAt: desk.now });
    for (const question of ['show INC-1', 'brief INC-1'])
      expect(await says(desk, 'ana', question), question).toContain('PAGE-1: Bob has it');
    // Where it is worked on already nobody needs to be told where that is.
    await says(desk, 'ana', 'page INC-1 @eve');
    const here = await desk.say('eve', 'ack PAGE-2', { channelId: 'C0INC' });
    expect(here.text).toMatch(/^You have PAGE-2\. It calls nobody any more\. Thank you\./);
    expect(here.text).not.toContain('worked on');
    expect(await says(desk, 'ana', 'timeline INC-1 all')).toMatch(/Acknowledged: “I have it”/);
  });

  test('an undoing takes both back', async () => {
    const desk = await openDesk(engine);
    await declared(desk);
    await says(desk, 'ana', 'page INC-1 default');
    await says(desk, 'bob', 'ack PAGE-1');
    expect(await says(desk, 'bob', 'undo INC-1')).toContain('acknowledged');
    await desk.turn();
    expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({ acknowledgedAt: null });
    expect(await desk.db.read.page.findFirstOrThrow()).toMatchObject({ state: 'ringing' });
  });

  test('by the link it is whoever was called, by a pager’s app whoever that says', async () => {
    const desk = await openDesk(engine);
    await declared(desk);
    await says(desk, 'ana', 'page INC-1 @bob');
    const { id: attemptId } = await desk.db.read.pageAttempt.findFirstOrThrow();
    const linked = await execute(
      desk.kernel,
      answerLink.given({ attemptId }),
      desk.ask('bob', { source: 'api' }),
    );
    expect(linked).toMatchObject({ accepted: true, reply: { text: expect.not.stringContaining('#inc-1') } });
    expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({ acknowledgedAt: desk.now });

    await says(desk, 'ana', 'declare the mail is down');
    await says(desk, 'ana', 'page INC-2 @bob');
    const page = await desk.db.read.page.findFirstOrThrow({ where: { number: 2 } });
    const attempt = await desk.db.read.pageAttempt.findFirstOrThrow({ where: { pageId: page.id } });
    await desk.db.write((tx) =>
      tx.pageAttempt.update({ where: { id: attempt.id }, data: { path: 'webhook', address: 'pd' } }),
    );
    const by = { name: 'Rosa Marsh', mail: null };
    const heard = { pageId: page.id, pager: 'pd', by, at: null, through: 'PagerDuty' };
    await execute(desk.kernel, answerPager.given(heard), desk.ask('ana', { source: 'api' }));
    expect(await says(desk, 'ana', 'timeline INC-2 all')).toContain(
      'Acknowledged by Rosa Marsh, by PagerDuty',
    );
  });

  test('a drill says what would be, and warns of nothing that is not so', async () => {
    const desk = await openDesk(engine);
    await declared(desk, 'the cluster is gone drill');
    await says(desk, 'ana', 'escalation default @bob 5m then @eve 10m');
    const reply = await says(desk, 'ana', 'page INC-1 default');
    expect(reply).toContain('Would be called: Bob');
    expect(reply).toContain('Until somebody has it: level 2 would be called at');
    expect(reply).not.toContain('If Slack does not reach them');
    const { id } = await desk.db.read.page.findFirstOrThrow();
    const drawn = await pageView(desk.db.read, id, desk.workspace);
    expect(drawn?.text).toMatch(
      /Level 1 of 2: would call Bob by \S+ and \S+\. The next level would be called /,
    );
    expect(await says(desk, 'ana', 'page INC-1 @eve')).not.toContain('By Slack only');
  });

  test('in the incident’s channel, where the page stands, the answer is one line; its buttons are named alike', async () => {
    const desk = await openDesk(engine);
    await declared(desk);
    const here = await desk.say('ana', 'page default', { channelId: 'C0INC' });
    expect(here.text).toBe('PAGE-1 calls Bob by Slack and e-mail now; it stands below.');
    const shown = await desk.say('ana', 'page PAGE-1');
    expect(JSON.stringify(shown.blocks)).toMatch(/I have it.*Pass it on/);
  });
});
