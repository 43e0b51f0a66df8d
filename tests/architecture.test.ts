// The rules of the house that a machine can hold: who may import whom, and what a file may hold.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

interface SourceFile {
  /** From src/, such as `features/incident/decide.ts`. */
  readonly path: string;
  readonly text: string;
  readonly code: string;
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files: SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('db/generated/'))
  .sort()
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    return { path, text, code: withoutComments(text) };
  });
const imports = files.flatMap(importsOf);

type Part =
  | 'main'
  | 'app'
  | 'config'
  | 'slack'
  | 'github'
  | 'outside'
  | 'http'
  | 'drills'
  | 'sandbox'
  | 'features'
  | 'execute'
  | 'worker'
  | 'db'
  | 'core';

const doors: readonly Part[] = ['features', 'execute', 'core'];
// DESIGN section 10, rule 1, with the arrows followed to their end.
const mayImport: Record<Part, readonly Part[]> = {
  main: [
    'app',
    'config',
    'slack',
    'github',
    'outside',
    'http',
    'drills',
    'sandbox',
    'features',
    'execute',
    'worker',
    'db',
    'core',
  ],
  app: [
    'slack',
    'github',
    'outside',
    'http',
    'drills',
    'sandbox',
    'features',
    'execute',
    'worker',
    'db',
    'core',
  ],
  slack: doors,
  github: doors,
  outside: doors,
  http: doors,
  drills: doors,
  sandbox: [],
  worker: ['execute', 'db', 'core'],
  execute: ['db', 'core'],
  db: ['core'],
  features: ['core'],
  core: [],
  config: ['core'],
};
// Types are no dependency at run time: a door may name a row, a job or the running app that it is handed.
const mayImportTypes: Partial<Record<Part, readonly Part[]>> = {
  slack: ['db'],
  github: ['db'],
  outside: ['db'],
  http: ['db'],
  drills: ['db'],
};
/** All that core and features may know of the database: the transaction's type. */
const transactionFile = 'db/tx.ts';

describe('imports go one way', () => {
  test.each(Object.keys(mayImport) as Part[])('%s', (part) => {
    const wrong = imports
      .filter((each) => partOf(each.from) === part && partOf(each.to) !== part)
      .filter((each) => !mayImport[part].includes(partOf(each.to)))
      .filter((each) => !(each.typeOnly && mayImportTypes[part]?.includes(partOf(each.to))))
      .filter((each) => !(isInner(part) && each.typeOnly && each.to === transactionFile));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('a feature knows another only by its index', () => {
    const wrong = betweenFeatures().filter((each) => each.to !== `features/${featureOf(each.to)}/index.ts`);
    expect(wrong.map(shown)).toEqual([]);
  });

  test('features import each other without circles', () => {
    const edges = new Map<string, Set<string>>();
    for (const each of betweenFeatures()) {
      const from = featureOf(each.from) ?? '';
      edges.set(from, (edges.get(from) ?? new Set()).add(featureOf(each.to) ?? ''));
    }
    expect(circleIn(edges)).toBeNull();
    // The search itself: it finds one where there is one.
    expect(circleIn(new Map([...edges, ['incident', new Set(['timeline'])]]))).toContain('timeline');
  });

  test('no file imports itself by a round, not even for a type', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of imports) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    expect(circleIn(edges)).toBeNull();
    expect(circleIn(new Map([...edges, ['db/tx.ts', new Set(['db/jobs.ts'])]]))).toContain('db/tx.ts');
  });

  test('outside a feature only its index is known', () => {
    const wrong = imports.filter(
      (each) => featureOf(each.to) && !featureOf(each.from) && !each.to.endsWith('/index.ts'),
    );
    expect(wrong.map(shown)).toEqual([]);
  });

  test('only db opens Prisma', () => {
    const wrong = files.filter(
      (file) => partOf(file.path) !== 'db' && /['"]@prisma\/|better-sqlite3|generated\//.test(file.code),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  test('the files were found, and their imports', () => {
    expect(files.map((file) => file.path)).toEqual(expect.arrayContaining(['execute.ts', 'core/fact.ts']));
    expect(imports).toContainEqual({ from: 'execute.ts', to: 'db/facts.ts', typeOnly: false });
    expect(imports).toContainEqual({ from: 'execute.ts', to: 'db/tx.ts', typeOnly: true });
  });
});

describe('what a file may hold', () => {
  const impure = /\bawait\b|\basync\b|Date\.now|new Date\(\s*\)|Math\.random|\bprocess\.|randomUUID/;

  test('a decide.ts holds no waiting, no clock, no chance, no environment', () => {
    const rules = files.filter((file) => /\/(?:decide|declare)\.ts$/.test(file.path));
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((file) => impure.test(file.code)).map((file) => file.path)).toEqual([]);
  });

  test('below the doors nothing reads a clock or makes an id', () => {
    // The wire's clock, how long a locked file is waited for, a shadow's name, and the workspace's own id: none of
    // them is part of a command.
    const allowed = ['core/wire.ts', 'db/open.ts', 'db/postgres-catalog.ts', 'db/workspace.ts'];
    const wrong = files
      .filter((file) => ['core', 'features', 'db', 'execute'].includes(partOf(file.path)))
      .filter((file) => /Date\.now\(|new Date\(\s*\)|Math\.random|randomUUID\(/.test(file.code));
    expect(wrong.map((file) => file.path).filter((path) => !allowed.includes(path))).toEqual([]);
  });

  test.each(files.map((file) => file.path))('%s says in its first line what it is for', (path) => {
    const text = files.find((file) => file.path === path)?.text.replace(/^#!.*\n/, '');
    const first = text?.split('\n')[0];
    expect(first).toMatch(/^\/\/ \S.{10,}/);
  });

  test('no file is longer than 400 lines', () => {
    const long = files.filter((file) => file.text.trimEnd().split('\n').length > 400);
    expect(long.map((file) => file.path).filter((path) => !tables.includes(path))).toEqual([]);
  });

  test('no type is any', () => {
    const wrong = files.filter((file) => /[:<|&,(]\s*any\b(?!['"])|\bas any\b|\bany\[\]/.test(file.code));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});

/** Data, one entry under the other: nothing would be clearer in two files. */
const tables = ['sandbox/methods.ts'];

function partOf(path: string): Part {
  const [first = ''] = path.split('/');
  const name = first.replace(/\.ts$/, '');
  if (name in mayImport) return name as Part;
  // What the app hands to the worker.
  if (name === 'performing') return 'app';
  if (name === 'cli') return 'main';
  // The commands and what only they use; nothing may import them.
  if (first.endsWith('.ts')) return 'main';
  throw new Error(`src/${path}: DESIGN section 9 has no such folder`);
}

function isInner(part: Part): boolean {
  return part === 'core' || part === 'features';
}

function featureOf(path: string): string | null {
  return /^features\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function betweenFeatures(): Import[] {
  return imports.filter(
    (each) => featureOf(each.from) && featureOf(each.to) && featureOf(each.from) !== featureOf(each.to),
  );
}

function shown(each: Import): string {
  return `${each.from} → ${each.to}${each.typeOnly ? ' (types)' : ''}`;
}

function importsOf(file: SourceFile): Import[] {
  const statements = file.code.matchAll(/\b(import|export)\s([^;'"]*?\sfrom\s)?\s*['"](\.[^'"]+)['"]/g);
  return [...statements, ...file.code.matchAll(/\b(import)\(()\s*['"](\.[^'"]+)['"]/g)].map((found) => {
    const names = (found[2] ?? '').trim();
    const listed = /^\{([^}]*)\}\s*from$/.exec(names)?.[1];
    const each = listed?.split(',').filter((name) => name.trim() !== '') ?? [];
    return {
      from: file.path,
      to: fileNamed(relative(src, join(src, dirname(file.path), found[3] ?? ''))),
      typeOnly:
        names.startsWith('type ') || (each.length > 0 && each.every((name) => /^\s*type\s/.test(name))),
    };
  });
}

// Imports name what the compiler makes of a file.
function fileNamed(made: string): string {
  const jsx = made.replace(/\.js$/, '.tsx');
  return files.some((each) => each.path === jsx) ? jsx : made.replace(/\.js$/, '.ts');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

// What can be reached from itself, by the way back to it.
function circleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const searched = new Set<string>();
  const search = (at: string, way: readonly string[]): string[] | null => {
    if (way.includes(at)) return [...way, at];
    if (searched.has(at)) return null;
    searched.add(at);
    for (const next of edges.get(at) ?? []) {
      const circle = search(next, [...way, at]);
      if (circle) return circle;
    }
    return null;
  };
  for (const start of edges.keys()) {
    const circle = search(start, []);
    if (circle) return circle;
  }
  return null;
}
