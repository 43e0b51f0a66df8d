// The documentation: what it says of verbs, settings, commands and files is what the code has.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig, settingsHelp } from '../src/config.js';
import { makeSurface } from '../src/core/surface.js';
import { readTime, showUnderstood } from '../src/core/time/index.js';
import { readCase } from '../src/drills/case.js';
import { beatFields } from '../src/features/heartbeat/index.js';
import { features } from '../src/features/index.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inFolder('docs')];
const surface = makeSurface(features);

describe('README', () => {
  test('the two ways to begin stand on the first screen, word for word', () => {
    const firstScreen = readme.split('\n').slice(0, 40).join('\n');
    expect(firstScreen).toContain('\n```sh\nnpm install && npm start\n```\n');
    expect(firstScreen).toContain('\n```sh\nnpm install && npm test\n```\n');
  });

  test.each([
    ['incident', 'What one can do'],
    ['change', 'Changes'],
    ['freeze', 'Freezes'],
  ] as const)('the table of the verbs of /%s is that of the features', (name, heading) => {
    const rows = surface.verbs(name).map((verb) => {
      const [word = '', ...also] = verb.words;
      const line = `\`${cell(`${word} ${verb.usage}`.trim())}\``;
      const others = also.length > 0 ? `. Also ${also.map((each) => `\`${each}\``).join(', ')}` : '';
      const summary = `${verb.summary.replace(/\.$/, '')}${others}`;
      return `| ${line} | ${cell(summary)} | \`${cell(verb.example ?? `/${name} ${word}`)}\` |`;
    });
    expect(tableAfter(heading)).toBe(
      ['| verb | what it does | for example |', '| --- | --- | --- |', ...rows].join('\n'),
    );
  });

  test('the table of settings is that of the configuration', () => {
    const defaults = readConfig({}) as unknown as Record<string, unknown>;
    const rows = settingsHelp().map(({ name, help }) => {
      const value = defaults[name];
      return `| \`${name}\` | ${value === undefined ? '–' : `\`${String(value)}\``} | ${cell(help)} |`;
    });
    expect(tableAfter('Settings')).toBe(
      ['| variable | default | what it is |', '| --- | --- | --- |', ...rows].join('\n'),
    );
  });

  test('each time is understood as the table says', () => {
    const table = tableAfter('Times people write').split('\n').slice(2);
    expect(table.length).toBeGreaterThan(8);
    const context = { now: new Date('2026-03-30T18:00:00Z'), zone: 'Europe/Berlin', locale: 'en-GB' };
    for (const row of table) {
      const written = /^\| `([^`]+)` \|/.exec(row)?.[1] ?? '';
      const reading = readTime(written, context);
      const shown = reading.ok
        ? [showUnderstood(reading.time, context.zone), ...reading.remarks].join('. ')
        : `refused: ${reading.reason}`;
      expect(row).toBe(`| \`${written}\` | ${shown.replace(/\.$/, '')} |`);
    }
  });

  test('the commands of `andon` are those that there are', () => {
    const known = [...read('src/cli.ts').matchAll(/\.command\('([a-z]+)/g)].map((found) => found[1] ?? '');
    const named = [...readme.matchAll(/\bandon ([a-z]+)\b(?=[^.]*`)/g)].map((found) => found[1] ?? '');
    expect(named.filter((name) => ![...known, 'help'].includes(name))).toEqual([]);
    const all = [...read('src/cli.ts').matchAll(/\bprogram\s*\.command\('([a-z]+)/g)].map(
      (found) => found[1] ?? '',
    );
    const listed = /lists the commands: ([^.]*)\./.exec(readme)?.[1] ?? '';
    expect([...listed.matchAll(/`([a-z]+)`/g)].map((found) => found[1])).toEqual(all);
  });
});

describe('the HTTP API', () => {
  test('the members of bodies are those that the routes take', () => {
    const [, part = ''] = /\n## Updates, tasks[^\n]*\n([\s\S]*?)\n## /.exec(read('docs/http-api.md')) ?? [];
    const rows = [...part.matchAll(/^\| `(POST|PATCH) ([^`]+)` \| ([^|]*) \|/gm)];
    const bodies = new Map<string, z.ZodObject>(
      features
        .flatMap((feature) => feature.routes ?? [])
        .flatMap((route) =>
          route.kind === 'command' && route.body instanceof z.ZodObject
            ? [[`${(route.method ?? 'post').toUpperCase()} /api/v1${route.path}`, route.body] as const]
            : [],
        ),
    );
    bodies.set('POST /api/v1/heartbeats/{name}', z.strictObject(beatFields));
    expect(rows.length).toBeGreaterThan(9);
    for (const [, method, path, members = ''] of rows) {
      const { shape } = bodies.get(`${method} ${path}`) ?? {};
      const named = Object.entries(shape ?? {}).map(
        ([name, type]) => `\`${name}\`${(type as z.ZodType).safeParse(undefined).success ? '' : '\\*'}`,
      );
      expect(members.split(', ').sort(), path).toEqual(named.sort());
    }
  });
});

describe('all documents', () => {
  test.each(documents)('%s: what it links to is there', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)(#[^)]*)?\)/g)].map(
      (found) => found[1] ?? '',
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
  });

  test.each(documents)('%s: the npm scripts that it names are there', (path) => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const named = [...read(path).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((found) => found[1] ?? '');
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('the tree in CONTRIBUTING names what there is', () => {
    const tree = /```text\n([\s\S]*?)```/.exec(read('CONTRIBUTING.md'))?.[1] ?? '';
    const paths = treePaths(tree);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    for (const folder of ['src', 'src/features']) {
      const missing = readdirSync(join(root, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => !paths.some((each) => each.replace(/\/$/, '') === path));
      expect(missing, folder).toEqual([]);
    }
  });

  test('the example of a case file is a case', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read('docs/case-file.md'))?.[1] ?? '';
    expect(readCase(example, 'the example').timeline.length).toBeGreaterThan(3);
  });
});

function inFolder(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
}

function section(heading: string): string {
  const start = readme.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`README has no section ${heading}`);
  const rest = readme.slice(start + 4);
  const end = rest.indexOf('\n## ');
  return end < 0 ? rest : rest.slice(0, end);
}

function tableAfter(heading: string): string {
  return /(?:^\|.*\n?)+/m.exec(section(heading))?.[0].trimEnd() ?? '';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

// Each line of the tree is `path  what it is for`; two spaces of indentation are one folder down.
function treePaths(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^( *)([\w./-]+)(?: {2,}.*)?$/.exec(line);
    if (!found) return [];
    const depth = (found[1]?.length ?? 0) / 2;
    parents.length = depth;
    parents[depth] = found[2] ?? '';
    return [parents.join('')];
  });
}
