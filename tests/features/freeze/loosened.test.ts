// A word in the catalogue never lets anything out of a freeze in silence.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { environmentsIn, readCatalog, type Tier, tiers } from '../../../src/features/catalog/index.js';
import { looseningsOf } from '../../../src/features/catalog/loosening.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { covers, type Scope, targetsOf } from '../../../src/features/freeze/index.js';
import { toldTo } from '../../helpers/changes.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { openWorld } from '../../helpers/world.js';

describe.each(engines)('on %s', (engine) => {
  test('it is refused, names the freezes and what would leave them, and is taken with “anyway”', async () => {
    const desk = await openDesk(engine);
    const say = (line: string) => desk.say('bob', line);
    expect((await say('/change environment europe tier:production aliases:eu,live')).accepted).toBe(true);
    await desk.say('ana', '/freeze on the cluster is rebuilt');
    await desk.say('ana', '/freeze on the european cluster on:api/eu');
    for (const [line, lost] of [
      ['environment prod tier:testing', 'FRZ-1 would no longer hold prod'],
      ['environment dev aliases:prod', 'FRZ-1 would no longer hold prod'],
      ['environment apac tier:development', 'FRZ-1 would no longer hold apac'],
      ['environment europe aliases:emea', 'FRZ-2 would no longer hold eu'],
      ['environment EUROPE aliases:none', 'FRZ-2 would no longer hold eu'],
      ['environment other tier:staging aliases:europe,live', 'FRZ-1 would no longer hold live'],
      ['remove europe', 'FRZ-2 would no longer hold eu'],
    ] as const) {
      const refused = await say(`/change ${line}`);
      expect(refused, line).toMatchObject({ accepted: false });
      expect(refused.text).toContain(lost);
      expect(refused.text).toMatch(/Nothing was changed[\s\S]*\/change (environment|remove) .* anyway/);
    }
    // What lets nothing out is done as ever.
    for (const line of [
      'environment dev tier:testing',
      'environment prod tier:production aliases:prd',
      'environment europe aliases:eu,live,emea',
      'remove dev',
    ])
      expect(await say(`/change ${line}`), line).toMatchObject({ accepted: true });
    const done = await say('/change environment europe aliases:emea anyway');
    expect(done.text).toMatch(/No longer called eu, live[\s\S]*FRZ-2 no longer holds/);
    const fact = await desk.db.read.fact.findFirstOrThrow({
      where: { type: 'EnvironmentSet' },
      orderBy: { position: 'desc' },
    });
    expect(fact.data).toMatchObject({ loosens: [{ freeze: 2, places: ['eu', 'live'] }] });
  });

  test('a soft freeze, one that is over, and none keep nobody from it', async () => {
    const desk = await openDesk(engine);
    await desk.say('ana', '/freeze on it is the weekend soft');
    await desk.say('ana', '/freeze on the cluster is rebuilt');
    await desk.say('ana', '/freeze lift FRZ-2');
    const said = await desk.say('bob', '/change environment prod tier:testing');
    expect([said.accepted, said.text]).toEqual([true, 'prod is for testing.']);
  });
});

test('the channel and the owner hear of it, each once', async () => {
  const world = await openWorld();
  const command = async (who: 'ana' | 'bob', line: string) => {
    await world.sandbox.person(who).command(line, { channel: 'general' });
    await world.settled();
  };
  const heard = () =>
    world.sandbox.messages('changes').filter((each) => each.text.includes('no longer holds'));
  await command('ana', '/freeze on the cluster is rebuilt for:4h');
  await command('bob', '/change environment prod tier:testing anyway');
  expect(heard()).toHaveLength(1);
  expect(heard()[0]?.text).toMatch(/FRZ-1 no longer holds prod[\s\S]*changed in the catalogue/);
  expect(toldTo(world, 'ana').filter((each) => each.includes('no longer holds'))).toHaveLength(1);
  await command('bob', '/change environment prod tier:production');
  expect(heard()).toHaveLength(1);
});

test('a file is imported all the same, and says what it lets out', async () => {
  const desk = await openDesk('sqlite');
  await desk.say('ana', '/freeze on the cluster is rebuilt for:4h');
  const file = readCatalog('environments:\n  prod:\n    tier: staging\n', 'catalog.yaml');
  const outcome = await desk.execute(importCatalog.given(file), desk.ask('bob'));
  expect(outcome.accepted && outcome.reply.text).toContain('FRZ-1 no longer holds prod');
  await desk.turn();
  const told = await desk.db.read.fact.findMany({ where: { type: 'FreezeLoosened' } });
  expect(told.map(({ data }) => data)).toEqual([
    {
      freezes: [{ number: 1, owner: expect.objectContaining({ name: 'Ana' }), places: ['prod'] }],
      by: expect.objectContaining({ name: 'Bob' }),
      origin: 'catalog.yaml',
    },
  ]);
});

const word = fc.constantFrom('prod', 'eu', 'live', 'dev', 'Staging', 'blue');
const entry = fc.record({
  name: word,
  tier: fc.constantFrom<Tier | null>(...tiers, null),
  aliases: fc.uniqueArray(word, { maxLength: 2 }),
});
const entries = fc.uniqueArray(entry, { selector: (it) => it.name.toLowerCase(), maxLength: 3 });
const selector = fc.record({
  services: fc.constant<string[]>([]),
  environments: fc.uniqueArray(fc.oneof(word, fc.constantFrom('*', 'pr*')), { maxLength: 2 }),
  clusters: fc.constant<string[]>([]),
  tiers: fc.uniqueArray(fc.constantFrom(...tiers), { maxLength: 2 }),
});

test('whatever a freeze holds and would not hold after is found, and nothing where nothing changes', () => {
  fc.assert(
    fc.property(
      entries,
      entries,
      fc.array(selector, { minLength: 1, maxLength: 2 }),
      fc.array(selector, { maxLength: 1 }),
      word,
      (was, now, include, exclude, environment) => {
        const scope: Scope = {
          include,
          exclude: exclude.filter((it) => it.environments.length + it.tiers.length > 0),
        };
        const at = (all: typeof was) =>
          targetsOf([{ service: 'api', environment, cluster: '' }], environmentsIn(all)).some((each) =>
            covers(scope, each),
          );
        const found = looseningsOf([{ number: 1, scope }], was, now).flatMap((each) => each.places);
        const same = (each: string) => each.toLowerCase() === environment.toLowerCase();
        if (at(was) && !at(now)) expect(found.some(same)).toBe(true);
        expect(looseningsOf([{ number: 1, scope }], was, was)).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
});
