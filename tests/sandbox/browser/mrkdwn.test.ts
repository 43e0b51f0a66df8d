// Slack's mrkdwn, read as Slack's client reads it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emojiOf, withEmoji } from '../../../src/sandbox/browser/blocks/emoji.js';
import { isInside, otherHost, safeHref } from '../../../src/sandbox/browser/blocks/links.js';
import { readInline, readMrkdwn, unescaped } from '../../../src/sandbox/browser/blocks/mrkdwn.js';

/** Leaves in short: the words with their marks, the others by type and what they name. */
function short(text: string): string[] {
  return readInline(text).map((leaf) => {
    const marks = Object.keys((leaf.style ?? {}) as object).join('+');
    const what = leaf.type === 'text' ? leaf.text : `${leaf.type}:${named(leaf)}`;
    return marks ? `${marks}(${what})` : String(what);
  });
}

function named(leaf: Record<string, unknown>): string {
  const id =
    leaf.user_id ??
    leaf.channel_id ??
    leaf.usergroup_id ??
    leaf.range ??
    leaf.name ??
    leaf.url ??
    leaf.timestamp;
  const label = leaf.label ?? leaf.text;
  return label ? `${String(id)}|${String(label)}` : String(id);
}

describe('marks', () => {
  test.each([
    ['plain *b* _i_ ~s~ `c`', ['plain ', 'bold(b)', ' ', 'italic(i)', ' ', 'strike(s)', ' ', 'code(c)']],
    ['*_both_*', ['bold+italic(both)']],
    [
      '*bold with `code` and ~strike~*',
      ['bold(bold with )', 'bold+code(code)', 'bold( and )', 'bold+strike(strike)'],
    ],
    ['(*b*), *c*.', ['(', 'bold(b)', '), ', 'bold(c)', '.']],
    ['2*3*4 and snake_case_name and a~b~c', ['2*3*4 and snake_case_name and a~b~c']],
    ['* not * _ this _', ['* not * _ this _']],
    ['*no\nend*', ['*no\nend*']],
    ['** and __ and ~~', ['** and __ and ~~']],
    ['`*not bold* <@U1> &lt;b&gt;`', ['code(*not bold* <@U1> <b>)']],
    ['*<https://x.org/a*b|label>*', ['bold(link:https://x.org/a*b|label)']],
  ])('%s', (text, leaves) => {
    expect(short(text)).toEqual(leaves);
  });

  test('a long line of marks that never close is read at once', () => {
    const text = '*a _b ~c '.repeat(8_000);
    const before = performance.now();
    expect(short(text)).toEqual([text]);
    // Milliseconds; half a minute where each mark is searched for anew.
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('Markdown that is not mrkdwn stays as it was written', () => {
    for (const text of ['# no heading', '---', '![x](y)', '[l](u)', '1. one\n2. two', '    four spaces']) {
      expect(short(text)).toEqual([text]);
    }
  });
});

describe('entities', () => {
  test.each([
    ['<@U1>', ['user:U1']],
    ['<@U1|ana>', ['user:U1|ana']],
    ['<#C1|general>', ['channel:C1|general']],
    ['<!subteam^S1|@oncall>', ['usergroup:S1|@oncall']],
    [
      '<!here> <!channel> <!everyone>',
      ['broadcast:here', ' ', 'broadcast:channel', ' ', 'broadcast:everyone'],
    ],
    ['<!here|here>', ['broadcast:here']],
    ['<!unknown|words>', ['words']],
    ['<https://x.org/?a=1&amp;b=2|A &amp; B>', ['link:https://x.org/?a=1&b=2|A & B']],
    ['<mailto:a@b.c|write>', ['link:mailto:a@b.c|write']],
    ['see https://x.org/a_b_c. Or not', ['see ', 'link:https://x.org/a_b_c', '. Or not']],
    ['(https://x.org)', ['(', 'link:https://x.org', ')']],
    ['<!date^1392734382^{date} &amp; {time}|fb>', ['date:1392734382']],
    ['a < b and c > d', ['a < b and c > d']],
  ])('%s', (text, leaves) => {
    expect(short(text)).toEqual(leaves);
  });

  test('a date keeps its format, link and fallback', () => {
    expect(readInline('<!date^1392734382^{date_num} &amp; {time}^https://x.org/|fb &lt;3>')).toEqual([
      {
        type: 'date',
        timestamp: 1392734382,
        format: '{date_num} & {time}',
        url: 'https://x.org/',
        fallback: 'fb <3',
      },
    ]);
    expect(readInline('<!date^soon^{date}|fb>')).toEqual([{ type: 'text', text: 'fb' }]);
  });

  test('what was escaped mentions nobody and links nowhere', () => {
    for (const text of [
      '&lt;@U1&gt;',
      '&lt;!here&gt;',
      '&lt;!channel|x&gt;',
      '&lt;https:x|y&gt;',
      '&amp;lt;@U1&amp;gt;',
    ]) {
      expect(readInline(text).every((leaf) => leaf.type === 'text')).toBe(true);
    }
    expect(short('&lt;!here&gt;')).toEqual(['<!here>']);
  });

  test('escapes are undone exactly once', () => {
    expect(unescaped('&amp;lt;b&amp;gt; &lt;b&gt; &amp;amp; &quot;')).toBe('&lt;b&gt; <b> &amp; &quot;');
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('&', '<', '>', 'l', 't', ';', 'a', 'm', 'p') }),
        (words) => {
          const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
          expect(unescaped(escaped)).toBe(words);
        },
      ),
    );
  });

  test('whatever a person wrote, escaped, is words only, and all of them', () => {
    const units = ['&', '<', '>', '@', '!', '#', '|', 'U1', 'here', '^', ' ', '\n', 'x', 'https://'];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...units) }), (words) => {
        const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const leaves = readInline(escaped);
        expect(leaves.every((leaf) => leaf.type === 'text' || leaf.type === 'link')).toBe(true);
        expect(leaves.map((leaf) => leaf.text ?? leaf.url).join('')).toBe(words);
      }),
    );
  });
});

describe('blocks of lines', () => {
  const parts = (text: string): string[] =>
    readMrkdwn(text).map((part) => {
      const words = (part.elements as { text?: string }[]).map((leaf) => leaf.text ?? '').join('');
      return `${String(part.type).replace('rich_text_', '')}: ${words}`;
    });

  test('quotes, escaped or not, and all that follows >>>', () => {
    expect(parts('&gt; one\n> two\nthree')).toEqual(['quote: one\ntwo', 'section: three']);
    expect(parts('before\n>>> all\n\nof it')).toEqual(['section: before', 'quote: all\n\nof it']);
  });

  test('code in fences is as it was written, and the lines beside it keep their place', () => {
    expect(parts('see\n```\n*a* &lt;b&gt; <@U1>\n  c\n```\nafter')).toEqual([
      'section: see',
      'preformatted: *a* <b> <@U1>\n  c',
      'section: after',
    ]);
    expect(parts('``` open')).toEqual(['section: ``` open']);
  });

  test('lines and the empty ones between them stay', () => {
    expect(parts('one\ntwo\n\nfour')).toEqual(['section: one\ntwo\n\nfour']);
    expect(parts('')).toEqual([]);
  });
});

describe('emoji', () => {
  test('by Slack names, with a skin tone, and as they are where nobody knows them', () => {
    expect(withEmoji(':rotating_light: :nope: at 10:30:45 :large_green_circle:')).toBe(
      '🚨 :nope: at 10:30:45 🟢',
    );
    expect(emojiOf('+1', 3)).toBe('👍🏼');
    expect(emojiOf('flag-de')).toBe('🇩🇪');
    expect(emojiOf('constructor')).toBeUndefined();
    expect(short(':tada: 10:30:45 :nope:')).toEqual(['emoji:tada', ' 10:30:45 :nope:']);
  });
});

describe('links', () => {
  test('only those that Slack would open', () => {
    expect(safeHref('https://x.org/a')).toBe('https://x.org/a');
    expect(safeHref('mailto:a@b.c')).toBe('mailto:a@b.c');
    expect(safeHref('slack://channel?id=C1')).toBe('slack://channel?id=C1');
    for (const url of [
      'javascript:alert(1)',
      ' JAVASCRIPT:x',
      'data:text/html,x',
      'file:///etc',
      '//x.org',
      'x',
      '',
    ]) {
      expect(safeHref(url)).toBeUndefined();
    }
  });

  test('a link is of this workspace by its host alone', () => {
    const ours = 'https://acme.slack.com/';
    expect(isInside('https://acme.slack.com/archives/C1', ours)).toBe(true);
    expect(isInside('https://ACME.slack.com/anything', ours)).toBe(true);
    for (const url of [
      'https://other.slack.com/archives/C1/p1392734382000200',
      'https://acme.slack.com.evil.org/archives/C1',
      'https://evil.org/https://acme.slack.com/archives/C1',
      'https://acme.slack.com@evil.org/archives/C1',
      'mailto:ana@acme.slack.com',
    ])
      expect(isInside(url, ours), url).toBe(false);
  });

  test('a label that looks like another address is told', () => {
    expect(otherHost('https://bank.com/login', 'https://evil.org/')).toBe('evil.org');
    expect(otherHost('bank.com', 'https://evil.org/')).toBe('evil.org');
    expect(otherHost('www.x.org', 'https://x.org/')).toBeUndefined();
    expect(otherHost('the dashboard', 'https://x.org/')).toBeUndefined();
  });
});
