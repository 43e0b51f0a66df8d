// Markdown: whatever a person wrote reads as what they wrote, and is nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  heading,
  link,
  list,
  paragraph,
  question,
  said,
  table,
  words,
} from '../../../src/features/postmortem/document.js';
import { draftPostmortem } from '../../../src/features/postmortem/draft.js';
import { escapeLine, renderMarkdown } from '../../../src/features/postmortem/markdown.js';
import { hostileText, recordOf } from './hostile.js';

function render(...blocks: Parameters<typeof renderMarkdown>[0]['blocks']): string {
  return renderMarkdown({ title: '', blocks }).trimEnd();
}

/** What is left where markup could act: no code, no addresses, no escaped characters. */
function active(markdown: string): string {
  return markdown
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '')
    .replace(/<https?:\/\/[^\s<>]*>/gi, '');
}

test.each([
  ['# not a heading', '\\# not a heading'],
  ['- not a list', '\\- not a list'],
  ['12. not a list', '12\\. not a list'],
  ['> not a quote', '\\> not a quote'],
  ['---', '\\---'],
  ['===', '\\==='],
  ['```sh', '\\`\\`\\`sh'],
  ['    not code', '\u00a0\u00a0\u00a0\u00a0not code'],
  ['*not* __strong__', '\\*not\\* \\_\\_strong\\_\\_'],
  ['![i](https://x.y/i.png)', '!\\[i\\](<https://x.y/i.png>)'],
  ['[bank](https://e.vil)', '\\[bank\\](<https://e.vil>)'],
  ['<img src=x onerror=y>', '\\<img src=x onerror=y>'],
  ['&lt;b&gt;', '\\&lt;b\\&gt;'],
  ['a | b', 'a \\| b'],
  ['C:\\temp\\', 'C:\\temp\\\\'],
])('%j becomes %j', (text, escaped) => {
  expect(escapeLine(text)).toBe(escaped);
});

test.each([
  'at ~11:20 max_connections was 5 (limit: 10) & rising, p99 > 2 s; 50% done!',
  '-5 min, +3 and 1.5x; a = b: c/d #incidents',
  'ana@example.com wrote: it works',
  'مرحبا, 数据库, 😀',
])('plain words stay untouched: %s', (text) => {
  expect(escapeLine(text)).toBe(text);
});

describe('mentions become code, as GitHub pings through a backslash', () => {
  test.each([
    ['@everyone look', '`@everyone` look'],
    ['(@ana, @org/team)', '(`@ana`, `@org/team`)'],
    ['<!channel> <@U123>', '\\<!channel> \\<`@U123`>'],
    ['@ana@bob', '`@ana@bob`'],
    ['a@b.cd@ana', '`a@b.cd@ana`'],
    ['`@ana`', '\\``@ana`\\`'],
    ['see #412', 'see `#412`'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeLine(text)).toBe(escaped);
  });
});

describe('addresses', () => {
  test.each([
    ['see https://a.b/c_d (or https://a.b/x_(y)).', 'see <https://a.b/c_d> (or <https://a.b/x_(y)>).'],
    ['https://a.b|label', '<https://a.b>\\|label'],
    ['www.a.b<b>', '`www.a.b`\\<b>'],
    ['https://аpple.com/x', '`https://аpple.com/x`'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeLine(text)).toBe(escaped);
  });

  test('a link shows where it goes, look-alikes in their true spelling, and nothing but the web', () => {
    expect(render(paragraph(said('My bank'), ...words(': '), link('https://e.vil/a>b')))).toBe(
      'My bank: <https://e.vil/a%3Eb>',
    );
    expect(render(paragraph(link('https://аpple.com/')))).toBe('<https://xn--pple-43d.com/>');
    expect(render(paragraph(link('javascript:alert(1)')))).toBe('javascript:alert(1)');
  });
});

test('a note keeps its lines inside its item', () => {
  const item = {
    spans: [...words('note · '), said('one\n# two\n\n\n- three\n    four\n'), ...words(' — Ana')],
  };
  expect(render(list([item]))).toBe(
    '- note · one  \n  \\# two\n\n  \\- three  \n  \u00a0\u00a0\u00a0\u00a0four — Ana',
  );
});

test('struck words are struck line by line', () => {
  expect(render(list([{ spans: [said('one ~~x~~\ntwo', 'struck')] }]))).toBe(
    '- ~~one \\~\\~x\\~\\~~~  \n  ~~two~~',
  );
});

test('bidirectional and control characters are shown, not obeyed', () => {
  expect(render(paragraph(said('user\u202etxt.exe\u2066 \u0007\u001b[31m')))).toBe(
    'user⟨U+202E⟩txt.exe⟨U+2066⟩ ⟨U+0007⟩⟨U+001B⟩\\[31m',
  );
});

test('a cell is one line with its own pipes only', () => {
  const cells = table(
    ['a', 'b'],
    [
      [[said('x | y\nz')], [said('p|q', 'code')]],
      [words('1'), [said('`', 'code')]],
    ],
  );
  expect(render(cells)).toBe(
    '| a        | b       |\n| -------- | ------- |\n| x \\| y z | p\\|q    |\n| 1        | `` ` `` |',
  );
});

test('blank text says that it is blank', () => {
  expect(render(list([{ spans: [said(' \n\u00a0\n ')] }]))).toBe('- (no text)');
});

test('no text in any place becomes markup', () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const inlines = render(heading(1, said(text)));
      const blocks = [
        render(
          list([
            { spans: [...words('note · '), said(text), ...words(' — '), said(text)] },
            { spans: [said(text)] },
          ]),
        ).replace(/^- /gm, ''),
        render(paragraph(said(text))),
        render(question(said(text))).replace(/^> ?(\*\*To write:\*\* )?/gm, ''),
      ];
      for (const markdown of [inlines, ...blocks]) {
        expect(active(markdown)).not.toMatch(/[*`[\]<|$]|~~|[\u202A-\u202E\u2066-\u2069]|&#?\w+;/);
        expect(active(markdown)).not.toMatch(/(?<![A-Za-z0-9_])@[A-Za-z0-9]/);
      }
      for (const line of blocks.flatMap((markdown) => markdown.split('\n'))) {
        expect(line.replace(/^ {2}/, '')).not.toMatch(
          /^(#{1,6}(\s|$)|[-+](\s|$)|\d{1,9}[.)](\s|$)|>|`{3}|~~|=+\s*$|:?-+:?\s*$| )/,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('a draft has the same skeleton whatever is written in its record', () => {
  const skeleton = (text: string) =>
    renderMarkdown(draftPostmortem(recordOf(text)))
      .split('\n')
      .map((line) =>
        /^\|/.test(line)
          ? `|${line.replace(/\\./g, '').split('|').length}`
          : (/^(#+ |- (\[.\] )?|> \*\*To write|---$)/.exec(line)?.[0] ?? ''),
      )
      .filter(Boolean);
  const plain = skeleton('plain');
  fc.assert(
    fc.property(hostileText(), (text) => {
      expect(skeleton(text)).toEqual(plain);
    }),
    { numRuns: 150 },
  );
});
