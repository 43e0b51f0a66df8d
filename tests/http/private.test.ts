// Private incidents over HTTP: for a token without the scope they do not exist.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { say } from '../helpers/talk.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('nothing tells a private incident from one that is not there', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    await world.sandbox
      .person('ana')
      .command('/incident declare a key leaked private', { channel: 'general' });
    await ci.post('incidents', { title: 'writes are stuck' });
    expect(
      (await ci.get('incidents?status=all')).body.incidents.map((it: { number: number }) => it.number),
    ).toEqual([2]);
    const ways = [
      (n: number) => ci.get(`incidents/${n}`),
      (n: number) => ci.get(`incidents/${n}/timeline`),
      (n: number) => ci.get(`incidents/${n}/postmortem.md`),
      (n: number) => ci.get(`incidents/${n}/postmortem.json`),
      (n: number) => ci.post(`incidents/${n}/timeline`, { text: 'x' }),
      (n: number) => ci.post(`incidents/${n}/status`, { status: 'identified' }),
    ];
    for (const way of ways) {
      const [hidden, absent] = [await way(1), await way(9)];
      expect(hidden.status).toBe(404);
      const plain = (body: Record<string, unknown>) => ({ ...body, requestId: '' });
      expect(plain(hidden.body)).toEqual(
        plain({ ...absent.body, detail: absent.body.detail.replace('INC-9', 'INC-1') }),
      );
    }
  });

  test('with incidents:private it is there', async () => {
    const world = await openWorld({ engine });
    const audit = await program(world, ['incidents:read', 'incidents:write', 'incidents:private']);
    await world.sandbox
      .person('ana')
      .command('/incident declare a key leaked private', { channel: 'general' });
    expect((await audit.get('incidents')).body.incidents).toMatchObject([{ number: 1, private: true }]);
    expect((await audit.post('incidents/1/timeline', { text: 'rotated' })).status).toBe(201);
    expect((await audit.get('incidents/1')).body.timeline).toHaveLength(2);
  });

  test('declaring a private one needs the scope too, and somebody to be a member, which a token is not', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    const refused = await ci.post('incidents', { title: 'a key leaked', private: true });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('incidents:private');
    const audit = await program(world, ['incidents:read', 'incidents:write', 'incidents:private']);
    const alone = await audit.post('incidents', { title: 'a key leaked', private: true });
    expect(alone.body.type).toContain('refused');
    expect(await world.app.db.read.incident.count()).toBe(0);
    expect(alone.body.detail).toContain('Nobody would be in its channel. Name at least one person');
    const nobody = { title: 'a key leaked', private: true, members: ['@bob'] };
    expect((await audit.post('incidents', nobody)).body.detail).toContain('A member is a Slack user’s id');
    const bob = world.sandbox.person('bob').id;
    const declared = await audit.post('incidents', { ...nobody, members: [bob, bob] });
    expect(declared.status).toBe(201);
    expect(declared.body.reply).toContain('those you named will be invited');
    await world.settled();
    expect(await world.app.db.read.member.findMany()).toMatchObject([{ userId: bob }]);
    expect((await ci.get('incidents/1')).status).toBe(404);
    const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
    expect(channel?.isPrivate).toBe(true);
    expect(channel?.members).toContain(bob);
    expect(await say(world, 'bob', 'show INC-1')).toContain('a key leaked');
    expect(await say(world, 'ana', 'show INC-1')).not.toContain('a key leaked');
    expect(world.sandbox.messages('incidents').filter((each) => !each.subtype)).toEqual([]);
  });
});
