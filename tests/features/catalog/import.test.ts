// Importing: a file's word replaces what it said before, leaves what others said, and said twice is said once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showCatalog } from '../../../src/features/catalog/index.js';
import { engines } from '../../helpers/databases.js';
import { dump, openDesk } from '../../helpers/desk.js';
import { ana, bob, everybodyKnown, imported, whole } from './help.js';

const tables = ['service', 'dependency', 'environment', 'cluster', 'teamSetting'] as const;

for (const engine of engines) {
  describe(engine, () => {
    test('names become people where one of them is called so, and the others are listed', async () => {
      const desk = await openDesk(engine);
      await everybodyKnown(desk);
      const told = await imported(
        desk,
        'services: { api: { owners: ["@ana", BOB, U0BOB, "@deploybot", "@Zoë", U077XYZ1] } }',
      );
      expect((await whole(desk)).services.get('api')?.owners).toEqual([
        ana,
        bob,
        { id: null, name: 'deploybot' },
        { id: null, name: 'Zoë' },
        { id: 'U077XYZ1', name: 'U077XYZ1' },
      ]);
      expect(told).toContain('Slack cannot be told about deploybot, Zoë');
      expect(told).toContain('Write their Slack ids');
    });

    test('the same file again changes nothing and states nothing', async () => {
      const desk = await openDesk(engine);
      const file = `
settings: { support: { channel: help, people: ["@ana"] }, limits: { service: 1 } }
environments: { live-eu: { tier: production, aliases: [production] } }
clusters: { eks: { environment: production } }
services: { b: { depends_on: [a, z, B, b], runs_on: [production/eks, live-eu/eks] }, a: { depends_on: [b] }, B: {} }`;
      expect(await imported(desk, file)).toContain('Added 3 services: b, a, B.');
      const before = await dump(desk.db, [...tables, 'fact']);
      expect(await imported(desk, file)).toContain('nothing was changed');
      expect(await dump(desk.db, [...tables, 'fact'])).toEqual(before);
      const { services, clusters } = await whole(desk);
      expect(services.get('b')).toMatchObject({
        dependsOn: ['B', 'a', 'z'],
        runsOn: [{ environment: 'live-eu', cluster: 'eks' }],
      });
      expect(clusters.get('eks')).toMatchObject({ environment: 'live-eu' });
    });

    test('what the file leaves out is removed where the file had said it, and told', async () => {
      const desk = await openDesk(engine);
      await imported(
        desk,
        'services: { a: { depends_on: [b] }, b: {} }\nclusters: { k: { environment: prod } }',
      );
      const told = await imported(desk, 'services: { b: { tier: 2 }, c: {} }');
      expect(told).toContain('Added 1 service: c.');
      expect(told).toContain('Changed 1 service: b.');
      expect(told).toContain('Removed 1 service, for the file has it no more: a.');
      expect(told).toContain('Removed 1 cluster, for the file has it no more: k.');
      expect(await dump(desk.db, ['dependency', 'cluster'])).toEqual({ dependency: [], cluster: [] });
    });

    test('two files each say their own; of one service the later word counts, and whose it was is said', async () => {
      const desk = await openDesk(engine);
      await imported(desk, 'services: { a: { tier: 1 }, both: { tier: 1 } }', 'a.yaml');
      const told = await imported(desk, 'services: { b: {}, both: { tier: 2 } }', 'b.yaml');
      expect(told).toContain('took the place of what others said: both (from a.yaml)');
      await imported(desk, 'services: { a: {} }', 'a.yaml');
      const { services } = await whole(desk);
      expect([...services.values()]).toMatchObject([
        { name: 'a', tier: null, origin: 'a.yaml' },
        { name: 'b', origin: 'b.yaml' },
        { name: 'both', tier: 2, origin: 'b.yaml' },
      ]);
    });

    test('what was set in Slack stays when a file leaves it out, and is told when a file says otherwise', async () => {
      const desk = await openDesk(engine);
      await imported(desk, 'services: { api: { tier: 1 } }');
      await desk.say('ana', '/change service web owner:me');
      await desk.say('ana', '/change service api tier:2');
      expect(await imported(desk, 'services: { api: { tier: 1 } }')).toContain('api (said in Slack)');
      await desk.say('ana', '/change service api tier:3');
      await imported(desk, 'services: {}');
      const { services } = await whole(desk);
      expect([...services.keys()]).toEqual(['api', 'web']);
    });

    test('settings that a file does not name stay as they were', async () => {
      const desk = await openDesk(engine);
      await desk.say('ana', '/change digest 09:15');
      const told = await imported(desk, 'settings: { limits: { person: 3 }, digest: 9:15 }');
      expect(told).toContain('at most 3 changes at once for a person');
      expect(told).not.toContain('digest');
      expect((await whole(desk)).settings).toMatchObject({ digestAt: '09:15', personLimit: 3 });
      await imported(desk, 'settings: { digest: off, support: { channel: null } }');
      expect((await whole(desk)).settings).toMatchObject({ digestAt: null, personLimit: 3 });
    });

    test('five thousand services that need each other are imported in one go', async () => {
      const desk = await openDesk(engine);
      const lines = Array.from(
        { length: 5_000 },
        (_, i) => `  s${i}: { owners: ["@ana"], depends_on: [s${(i * 7) % 5_000}, s${(i + 1) % 5_000}] }`,
      );
      const file = `services:\n${lines.join('\n')}\n`;
      expect(await imported(desk, file)).toContain('Added 5,000 services');
      expect(await imported(desk, file)).toContain('nothing was changed');
      expect(await imported(desk, 'services: {}')).toContain('Removed 5,000 services');
    }, 300_000);
  });
}

const letter = fc.constantFrom(...'abcAZ09ßé');
const inner = fc.constantFrom(...'abAZ09.-_ 日');
const name = fc
  .tuple(letter, fc.string({ unit: inner, maxLength: 12 }))
  .map((parts) => parts.join('').trim().replace(/ +/g, ' '));
const hostile = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 60 }),
    fc.constantFrom(
      '<!channel>',
      '*b* _i_ `c`',
      '# no',
      '- x',
      'null',
      'true',
      '08:30',
      '~',
      '&a',
      '*a',
      '@',
      'a: b',
      '"',
      "'",
      '{x}',
      'U0ANA',
    ),
  )
  .filter((text) => text.trim() !== '');
const places = fc.array(
  fc
    .tuple(name, fc.option(name))
    .map(([environment, cluster]) => (cluster ? `${environment}/${cluster}` : environment)),
  { maxLength: 3 },
);
const service = fc.record(
  {
    owners: fc.array(
      fc.oneof(
        name.map((it) => `@${it}`),
        fc.constantFrom('U0ANA', 'U0BOB', 'U09ZZ'),
      ),
      { maxLength: 3 },
    ),
    team: hostile,
    tier: fc.integer({ min: 1, max: 4 }),
    channel: name,
    depends_on: fc.array(name, { maxLength: 4 }),
    runs_on: places,
    checks: fc.array(hostile, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const catalogue = fc.record({
  settings: fc.record(
    {
      support: fc.record({ channel: name, people: fc.array(name, { maxLength: 2 }) }, { requiredKeys: [] }),
      digest: fc.constantFrom('08:30', '23:59', 'off'),
      limits: fc.record({ service: fc.nat(9), person: fc.nat(9) }, { requiredKeys: [] }),
      checks: fc.array(hostile, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
  environments: fc.dictionary(
    name,
    fc.record({
      tier: fc.constantFrom('production', 'testing', 'other'),
      aliases: fc.array(name, { maxLength: 2 }),
    }),
    { maxKeys: 3 },
  ),
  clusters: fc.dictionary(name, fc.record({ environment: name, owners: fc.array(name, { maxLength: 2 }) }), {
    maxKeys: 3,
  }),
  services: fc.dictionary(name, service, { maxKeys: 6 }),
});

test('what is shown of any catalogue is imported without changing anything', async () => {
  const desk = await openDesk('sqlite');
  await everybodyKnown(desk);
  await fc.assert(
    fc.asyncProperty(catalogue, async (content) => {
      await imported(desk, JSON.stringify(content), 'catalog.yaml').catch((error: Error) => {
        // A name whose case or alias means another one is the writer's to mend; all else must be taken.
        expect(error.message).toContain('stands for');
      });
      const facts = await desk.db.read.fact.count();
      const shown = showCatalog(await whole(desk));
      expect(await imported(desk, shown, 'shown.yaml'), shown).toContain('nothing was changed');
      expect(await desk.db.read.fact.count()).toBe(facts);
    }),
    { numRuns: 60 },
  );
}, 300_000);
