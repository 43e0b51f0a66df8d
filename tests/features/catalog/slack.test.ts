// The catalogue as people say it in Slack: only what is named changes, and each reply says what is so now.
import { describe, expect, test } from 'vitest';
import { neighboursOf, settingsOf } from '../../../src/features/catalog/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { ana, bob, imported, whole } from './help.js';

const say = (desk: Desk, line: string) => desk.say('ana', `/change ${line}`);
const facts = (desk: Desk) => desk.db.read.fact.count();

for (const engine of engines) {
  describe(engine, () => {
    test('a service is added with what is known of it, and those who ask about it find it', async () => {
      const desk = await openDesk(engine);
      const { text } = await say(
        desk,
        'service api owner:@ana,@bob team:"Platform Crew" tier:1 channel:#api needs:db,cache on:production/eks',
      );
      expect(text).toContain(
        'api added: owners Ana, Bob, team Platform Crew, tier 1, channel #api, runs on prod/eks.',
      );
      expect(text).toContain('Needs cache, db.');
      expect(text).toContain('does not know cache, db; the dependency is kept');
      const near = await neighboursOf(desk.db.of(desk.workspace.id).read, desk.workspace.id, ['db']);
      expect(near.dependents).toEqual(new Set(['api']));
      expect(near.services.get('api')).toMatchObject({
        ...{ team: 'Platform Crew', tier: 1, channel: 'api', owners: [ana, bob] },
        runsOn: [{ environment: 'prod', cluster: 'eks' }],
      });
    });

    test('only what is named changes, none takes away, and the name alone shows it', async () => {
      const desk = await openDesk(engine);
      await say(desk, 'service api owner:@ana tier:1 needs:db on:prod');
      await say(desk, 'service db owner:@bob');
      expect((await say(desk, 'service api tier:2')).text).toContain(
        'api changed: owners Ana, tier 2, runs on prod.',
      );
      await say(desk, 'service api owner:@bob owner:@ana on:api/prod/eks');
      expect((await whole(desk)).services.get('api')).toMatchObject({
        ...{ owners: [bob, ana], tier: 2, dependsOn: ['db'] },
        runsOn: [{ environment: 'prod', cluster: 'eks' }],
      });
      const before = await facts(desk);
      // A phone begins with a capital.
      const shown = await say(desk, 'service API');
      expect(shown.text).toContain('api: owners Bob, Ana, tier 2');
      expect((await say(desk, 'service db')).text).toContain('Needed by api.');
      expect((await say(desk, 'service api tier:2')).text).toContain('as before');
      expect(await facts(desk)).toBe(before);
      await say(desk, 'service api owner:none needs:none on:none tier:none');
      expect((await say(desk, 'service api')).text).toContain('api: no owner.');
      expect(await desk.db.read.dependency.count()).toBe(0);
    });

    test('what is removed is gone, and who still needs it is named', async () => {
      const desk = await openDesk(engine);
      await say(desk, 'service api needs:db');
      await say(desk, 'service db owner:me');
      const { text } = await say(desk, 'remove DB');
      expect(text).toContain('The service db left the catalogue.');
      expect(text).toContain('Still said to need it: api.');
      await say(desk, 'environment eu tier:production');
      expect((await say(desk, 'remove eu')).text).toContain('The environment eu left');
      await say(desk, 'cluster eks in:prod');
      expect((await say(desk, 'remove eks')).text).toContain('The cluster eks left');
      expect((await say(desk, 'remove eks')).accepted).toBe(false);
      const { services, environments, clusters } = await whole(desk);
      expect([services.size, environments.size, clusters.size]).toEqual([1, 0, 0]);
    });

    test('of what came from a file one is told where it must be changed too', async () => {
      const desk = await openDesk(engine);
      await imported(desk, 'services: { api: { tier: 1 }, db: {} }', 'platform.yaml');
      expect((await say(desk, 'service api')).text).toContain('Said by platform.yaml.');
      expect((await say(desk, 'service api tier:2')).text).toContain('It came from platform.yaml');
      expect((await say(desk, 'remove db')).text).toContain('the next import brings it back');
    });

    test('environments and clusters are said too', async () => {
      const desk = await openDesk(engine);
      expect((await say(desk, 'environment eu')).text).toContain('taken for production');
      expect((await say(desk, 'environment eu tier:staging aliases:europe')).text).toBe(
        'eu is for staging, also called europe.',
      );
      expect((await say(desk, 'cluster eks in:Europe owner:@ana')).text).toBe(
        'eks is in eu; it belongs to Ana.',
      );
      expect((await say(desk, 'cluster eks owner:none')).text).toBe('eks is in eu; it belongs to nobody.');
      await say(desk, 'service api on:europe/eks');
      expect((await whole(desk)).services.get('api')?.runsOn).toEqual([
        { environment: 'eu', cluster: 'eks' },
      ]);
    });

    test('settings are said one by one, and shown', async () => {
      const desk = await openDesk(engine);
      expect((await say(desk, 'digest')).text).toBe('Digest at 08:30 each day (UTC).');
      expect((await say(desk, 'limits service:1')).text).toContain(
        'At most 1 change at once for a service; any number',
      );
      expect((await say(desk, 'support channel:#help people:@ana,@bob')).text).toContain(
        'channel #help; support people Ana, Bob',
      );
      expect((await say(desk, 'digest 7:05')).text).toBe('Digest at 07:05 each day (UTC).');
      expect((await say(desk, 'limits service:0 person:3')).text).toContain(
        'any number of changes at once for a service; at most 3'.replace('any', 'Any'),
      );
      expect(await settingsOf(desk.db.of(desk.workspace.id).read, desk.workspace.id)).toEqual({
        ...{ supportChannel: 'help', supportPeople: [ana, bob], digestAt: '07:05' },
        ...{ serviceLimit: null, personLimit: 3, checks: [], approvers: [], thawSpacing: null, cadence: {} },
      });
      expect((await say(desk, 'digest off')).text).toBe('No digest.');
      expect((await say(desk, 'support channel:none people:none')).text).toContain(
        'No support channel; no support people.',
      );
    });
  });
}

test('the list names owners, ends after a phone screen, and finds by name, team or owner', async () => {
  const desk = await openDesk('sqlite');
  expect((await say(desk, 'services')).text).toContain('The catalogue is empty.');
  const many = Array.from({ length: 40 }, (_, i) => `  s${i}: { owners: [U0ANA], team: T${i % 4} }`).join(
    '\n',
  );
  await imported(desk, `services:\n${many}\n  web: { owners: [U0BOB] }\n  lone: {}`);
  const { text } = await say(desk, 'services');
  expect(text).toContain('42 services');
  expect(text).toContain('lone: no owner');
  expect(text).toContain('32 more: ');
  expect(text.split('\n').length).toBeLessThan(15);
  expect((await say(desk, 'services WEB')).text).toContain('1 service\n• web: U0BOB');
  expect((await say(desk, 'services t3')).text).toContain('10 services');
  expect((await say(desk, 'services nothing like it')).text).toContain('there are 42');
});

test.each([
  ['service', 'a form'],
  ['service api', 'The catalogue has no “api”'],
  ['service api tier:9', 'A tier is 1'],
  ['service a/b owner:me', 'cannot be a name'],
  ['service <!channel> owner:me', 'cannot be a name'],
  ['service api owner:@nobody', 'I do not know @nobody'],
  ['service api needs:a/b', 'is no service’s name'],
  ['service api on:a/b/c/d', 'is no place to run'],
  [`service api team:${'x'.repeat(90)}`, 'at most 80 characters'],
  ['remove', 'Say which service'],
  [`remove ${'x'.repeat(5_000)}`, 'The catalogue has no “xxx'],
  ['environment x tier:gold', 'An environment is for production'],
  ['cluster gke', 'say where it is'],
  ['limits service:many', '0 is none'],
  ['limits person:99999', 'up to 1000'],
  ['digest noon', 'Write it as 08:30'],
  ['support people:@nobody', 'I do not know @nobody'],
])('refused with what to do: %s', async (line, sentence) => {
  const desk = await openDesk('sqlite');
  const said = await say(desk, line);
  expect(said.accepted).toBe(false);
  expect(said.text).toContain(sentence);
  expect(said.text.length).toBeLessThan(700);
  expect(await facts(desk)).toBe(0);
});

test('what people write stays words: no mention, no markup', async () => {
  const desk = await openDesk('sqlite');
  await imported(
    desk,
    'services: { api: { team: "<!channel> *x*", checks: ["<@U0BOB> look"], owners: ["<!here>"] } }',
  );
  for (const line of ['service api', 'services']) {
    const { text } = await say(desk, line);
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).not.toMatch(/<[!@#]/);
  }
});
