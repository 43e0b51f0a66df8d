// A catalogue's file: what is read from it, and that a wrong one is refused with its line and what to do.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileBytesMax, isName, readCatalog, usualEnvironment } from '../../../src/features/catalog/index.js';
import { componentWord } from '../../../src/features/incident/index.js';
import { refusedFor } from './help.js';

const file = `
origin: platform
settings:
  support: { channel: "#support", people: ["@ana"] }
  digest: 8:30
  limits: { service: 2, person: 0 }
  checks: [The login works]
environments:
  prod: { tier: production, aliases: [production, live] }
  staging:
clusters:
  eks: { environment: production, owners: "@ana" }
services:
  api:
    owners: ["@ana", U012AB3CD]
    team: Platform
    tier: 1
    channel: "#api"
    depends_on: [db, cache]
    runs_on: [prod/eks, staging]
    checks: [Writes answer]
  db:
`;

test('everything that a file may hold is read', () => {
  const person = (word: string) => ({ word, also: [] });
  expect(readCatalog(file, 'catalog.yaml')).toEqual({
    origin: 'platform',
    people: { roles: [], checklists: [], schedules: [], escalations: [], monitors: [] },
    settings: {
      ...{ supportChannel: 'support', supportPeople: [person('ana')], digestAt: '08:30' },
      ...{ serviceLimit: 2, personLimit: null, checks: ['The login works'] },
    },
    environments: [
      { name: 'prod', tier: 'production', aliases: ['production', 'live'] },
      { name: 'staging', tier: 'staging', aliases: [] },
    ],
    clusters: [{ name: 'eks', environment: 'production', owners: [person('ana')] }],
    services: [
      {
        ...{ name: 'api', owners: [person('ana'), person('U012AB3CD')], team: 'Platform', tier: 1 },
        ...{ channel: 'api', dependsOn: ['db', 'cache'], checks: ['Writes answer'] },
        runsOn: [
          { environment: 'prod', cluster: 'eks' },
          { environment: 'staging', cluster: '' },
        ],
      },
      {
        ...{ name: 'db', owners: [], team: null, tier: null, channel: null },
        ...{ dependsOn: [], runsOn: [], checks: [] },
      },
    ],
    remarks: [],
  });
});

test('whose word it is: the option, what the file says, its name', () => {
  expect(readCatalog(file, 'x.yaml', 'mine').origin).toBe('mine');
  expect(readCatalog(file, 'x.yaml').origin).toBe('platform');
  expect(readCatalog('services: {}', 'x.yaml').origin).toBe('x.yaml');
  expect(() => readCatalog(file, 'x.yaml', 'Slack')).toThrow('Name it by --origin');
});

test.each([
  [
    'a key that is not known',
    'services:\n  api:\n    onwers: [x]\n',
    ['line 3', 'services.api', '“onwers”', 'owners, team, tier'],
  ],
  ['one at the top', '\nservicess: {}\n', ['line 2', '“servicess”', 'environments, clusters, services']],
  [
    'one in the settings',
    'settings:\n  limits:\n    servce: 1\n',
    ['line 3', 'settings.limits', 'service, person'],
  ],
  ['a tier that is none', 'services:\n  api:\n    tier: 9\n', ['line 3', 'services.api.tier must be 1']],
  ['a tier in words', 'services:\n  api:\n    tier: gold\n', ['line 3', 'services.api.tier must be 1']],
  ['a name that no component could have', 'services:\n  a/b: {}\n', ['line 2', 'services.a/b is no name']],
  ['a name that is markup', 'services:\n  "<!channel>": {}\n', ['line 2', 'is no name']],
  ['a name that is too long', `services:\n  ${'a'.repeat(81)}: {}\n`, ['line 2', 'at most 80']],
  [
    'an owner that is no word',
    'services:\n  api:\n    owners: [{ id: 1 }]\n',
    ['line 3', 'owners[1] must be a Slack id or a name'],
  ],
  [
    'an @ without quotes',
    'services:\n  api:\n    owners: [@ana]\n',
    ['line 3', 'Put it in quotes, such as "@ana"'],
  ],
  ['a list of services', 'services: [api]\n', ['line 1', 'services must be a mapping']],
  ['a service twice', 'services:\n  api: {}\n  api: {}\n', ['line 3', 'unique']],
  ['an environment for nothing', 'environments:\n  zz:\n', ['environments.zz', 'tier: production, staging']],
  ['a digest that is no time', 'settings:\n  digest: noon\n', ['line 2', 'such as "08:30", or off']],
  ['a limit below none', 'settings:\n  limits: { person: -1 }\n', ['line 2', 'whole number; 0 is none']],
  ['a place that is none', 'services:\n  api:\n    runs_on: [a/b/c]\n', ['line 3', 'environment/cluster']],
  [
    'one name for two environments',
    'environments:\n  prod: { aliases: [live] }\n  staging: { aliases: [Live] }\n',
    ['line 3', '“Live” stands for prod and for staging'],
  ],
  ['two documents', 'services: {}\n---\nservices: {}\n', ['2 documents', '“---”']],
  ['a sentence', 'hello there', ['it must be a mapping with services']],
  ['nothing', '# nothing yet\n', ['is empty', 'docs/catalog.md']],
  ['what is no YAML', 'services: {api: ', ['is not YAML', 'line 1']],
  ['brackets without end', `x: ${'['.repeat(100_000)}`, ['is not YAML']],
  ['too much of it', `# ${'x'.repeat(fileBytesMax)}`, ['longer than 2 MB']],
])('refused: %s', (_what, text, sentences) => {
  const why = refusedFor(text);
  for (const sentence of sentences) expect(why).toContain(sentence);
  expect(why.length).toBeLessThan(500);
  expect(why.split('\n')).toHaveLength(1);
});

test('aliases that grow without end are refused and do not hang', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
  expect(refusedFor(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toContain('Nothing was imported');
});

test('more services than can be kept are refused', () => {
  const many = Array.from({ length: 5_001 }, (_, i) => `  s${i}: {}`).join('\n');
  expect(refusedFor(`services:\n${many}\n`)).toContain('5000 is the most');
});

test('the example of the documentation is one that can be copied', () => {
  const guide = readFileSync(new URL('../../../docs/catalog.md', import.meta.url), 'utf8');
  const example = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? '';
  const read = readCatalog(example, 'catalog.yaml');
  expect(read.services.map((each) => each.name)).toEqual(['api', 'db']);
  expect(read.environments).toHaveLength(3);
});

describe('names', () => {
  test('that the catalogue takes are names that a component may have', () => {
    for (const word of [
      'api',
      'API 2',
      'größe',
      'a.b_c-d',
      '404',
      'constructor',
      ' x',
      'a/b',
      '<a>',
      '',
      '-a',
      'a'.repeat(81),
    ])
      expect(componentWord.safeParse(word).success && !word.includes('/'), word).toBe(
        isName(word.trim()) && word.trim() !== '',
      );
  });

  test('of JavaScript are names like any other', () => {
    expect(usualEnvironment('constructor')).toEqual({ name: 'constructor', tier: null });
    const { services } = readCatalog('services: { constructor: { tier: 1 }, toString: {} }', 'c.yaml');
    expect(services.map((each) => each.name)).toEqual(['constructor', 'toString']);
  });
});
