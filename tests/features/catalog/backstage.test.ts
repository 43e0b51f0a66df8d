// Backstage's catalog-info.yaml: who owns what and what needs what, as Backstage's own documents say it.
import { expect, test } from 'vitest';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { ana, bob, everybodyKnown, imported, refusedFor, whole } from './help.js';

const entity = (kind: string, name: string, spec: object, metadata: object = {}) =>
  `---\n${JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, ...metadata }, spec })}\n`;

const acme = [
  entity(
    'Component',
    'orders',
    {
      ...{ type: 'service', lifecycle: 'production', owner: 'group:default/shop', system: 'web-shop' },
      ...{ dependsOn: ['resource:orders-db', 'component:default/payments'], consumesApis: ['stock-api'] },
    },
    {
      annotations: {
        'github.com/project-slug': 'acme/orders',
        'andon.io/tier': '1',
        'andon.io/runs-on': 'production/eks, staging',
        'andon.io/slack-channel': '#shop',
        'andon.io/checks': 'Orders can be placed\nMails are sent',
      },
    },
  ),
  entity('Component', 'stock', { owner: 'user:bob', providesApis: ['stock-api'], lifecycle: 'experimental' }),
  entity('Component', 'mailer', { system: 'web-shop', consumesApis: ['smtp-api'] }),
  entity('Resource', 'orders-db', { type: 'database', owner: 'dba', dependencyOf: ['component:mailer'] }),
  entity('System', 'web-shop', { owner: 'group:shop' }),
  entity('Group', 'shop', { type: 'team', members: ['ana'], profile: { displayName: 'The Shop' } }),
  entity('User', 'bob', { memberOf: ['shop'], profile: { displayName: 'Bob' } }),
  entity('API', 'stock-api', { type: 'openapi', lifecycle: 'production', owner: 'shop', definition: 'x' }),
  entity('Location', 'here', { targets: [] }),
].join('');

test.each(engines)(
  '%s: owners, teams, needs, tiers and places are taken over, and what is not is said',
  async (engine) => {
    const desk = await openDesk(engine);
    await everybodyKnown(desk);
    const told = await imported(desk, acme, 'catalog-info.yaml');
    const { services } = await whole(desk);
    expect([...services.values()]).toMatchObject([
      { name: 'mailer', team: 'The Shop', owners: [ana, bob], dependsOn: ['orders-db'], tier: null },
      {
        ...{ name: 'orders', team: 'The Shop', tier: 1, channel: 'shop', owners: [ana, bob] },
        ...{
          dependsOn: ['orders-db', 'payments', 'stock'],
          checks: ['Orders can be placed', 'Mails are sent'],
        },
        runsOn: [
          { environment: 'prod', cluster: 'eks' },
          { environment: 'staging', cluster: '' },
        ],
      },
      { name: 'orders-db', team: 'dba', owners: [], dependsOn: [] },
      { name: 'stock', team: null, owners: [bob], tier: 4 },
    ]);
    expect(told).toContain('Added 4 services');
    expect(told).toContain('1 API, 1 Location');
    expect(told).toContain('nobody of dba');
    expect(told).toContain('provides smtp-api');
    expect(told).toContain('not in the catalogue: payments');
  },
);

test('a file of one repository does not stand for that of another, though both are called alike', async () => {
  const desk = await openDesk('sqlite');
  const of = (slug: string, name: string) =>
    entity('Component', name, { owner: 'x' }, { annotations: { 'github.com/project-slug': slug } });
  await imported(desk, of('acme/a', 'a'), 'catalog-info.yaml');
  await imported(desk, of('acme/b', 'b'), 'catalog-info.yaml');
  expect([...(await whole(desk)).services.keys()]).toEqual(['a', 'b']);
});

test('two entities of one name are told apart', () => {
  const { services } = readCatalog(
    entity('Resource', 'orders', {}) + entity('Component', 'orders', { dependsOn: ['resource:orders'] }),
    'catalog-info.yaml',
  );
  expect(services).toMatchObject([
    { name: 'orders-resource', dependsOn: [] },
    { name: 'orders', dependsOn: ['orders-resource'] },
  ]);
});

test('somebody may be named by their Slack id', () => {
  const user = entity(
    'User',
    'ana',
    { memberOf: ['shop'] },
    { annotations: { 'andon.io/slack-user': 'U0ANA' } },
  );
  const { services } = readCatalog(entity('Component', 'a', { owner: 'shop' }) + user, 'c.yaml');
  expect(services).toMatchObject([{ owners: [{ word: 'U0ANA' }] }]);
});

test('what is written in hundreds of characters is kept as a name of bearable length', () => {
  const { services } = readCatalog(
    entity('Component', 'a', { owner: 'shop' }) +
      entity('Group', 'shop', {
        members: [`ana\n${'x'.repeat(500)}`],
        profile: { displayName: `<!channel>\n${'y'.repeat(500)}` },
      }),
    'c.yaml',
  );
  expect(services[0]?.team).toMatch(/^<!channel> y+…$/);
  expect(services[0]?.team?.length).toBeLessThanOrEqual(80);
  expect(services[0]?.owners[0]?.word.length).toBeLessThanOrEqual(80);
});

test.each([
  [
    'without a name',
    entity('Component', 'a', {}).replace('"name":"a"', '"title":"a"'),
    ['line 2', 'metadata.name'],
  ],
  [
    'twice',
    entity('Component', 'a', {}) + entity('Component', 'A', {}),
    ['line 4', 'component:default/a', 'twice'],
  ],
  [
    'of another kind of file',
    `${entity('Component', 'a', {})}---\napiVersion: apps/v1\nkind: Deployment\n`,
    ['line 4', 'apps/v1'],
  ],
  [
    'with a slip',
    entity('Component', 'a', {}, { annotations: { 'andon.io/teir': '1' } }),
    ['andon.io/teir', 'andon.io/tier'],
  ],
  [
    'with a tier that is none',
    entity('Component', 'a', {}, { annotations: { 'andon.io/tier': 'x' } }),
    ['andon.io/tier must be 1'],
  ],
  ['with a name that is none', entity('Component', 'a b<c', {}), ['line 2', 'name']],
])('refused: an entity %s', (_what, text, sentences) => {
  const why = refusedFor(text, 'catalog-info.yaml');
  for (const sentence of sentences) expect(why).toContain(sentence);
});
