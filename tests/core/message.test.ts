// Messages: whatever people wrote stays plain words, fits Slack's limits and is valid Block Kit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buttons,
  divider,
  escapeSlack,
  fewSpans,
  line,
  list,
  type Message,
  message,
  type Part,
  runPrefix,
  type Span,
  say,
  shorten,
  spanLimit,
  title,
} from '../../src/core/message.js';
import { checkBlocks } from '../../src/sandbox/index.js';

const noon = new Date('2026-03-10T12:00:00Z');
const halfPair = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', minLength: 2_800, maxLength: 3_400 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '<!channel>',
    '<@U0ANA>',
    '&lt;',
    '*bold* _it_ `code`',
    'https://x.example/|y>',
  ),
);

function onlyBlock(part: Part): Record<string, unknown> {
  const [block] = message(part).blocks;
  return block as unknown as Record<string, unknown>;
}

describe('plain words', () => {
  test('that look like markup, mentions or links are shown as they are', () => {
    const wild = '<!channel> <@U0ANA> *bold* <https://evil.example|bank> & :fire:';
    const { text, blocks } = say(wild);
    expect(text).toBe(
      '&lt;!channel&gt; &lt;@U0ANA&gt; *bold* &lt;https://evil.example|bank&gt; &amp; :fire:',
    );
    expect(blocks).toEqual([
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: wild }] }],
      },
    ]);
  });

  test('in every kind of span are escaped in the text beside the blocks', () => {
    const spans: Span[] = [
      '<a>',
      { bold: '<b>' },
      { code: '<c>' },
      { strike: '<d>' },
      { person: 'U0ANA', name: '<e>' },
      { channel: 'C0INC', name: '<f>' },
      { url: 'https://x.example/?a=<g>', label: '<h>' },
    ];
    expect(say(...spans).text).not.toMatch(/<|>/);
  });

  test('no text of a person ever becomes a control sequence of Slack’s', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const built = message(title(one), line(other, { bold: one }), list([[one], [{ code: other }]]));
        expect(built.text).not.toMatch(/[<>]/);
        const kinds = JSON.stringify(built.blocks).match(/"type":"(user|usergroup|broadcast|link|channel)"/);
        expect(kinds).toBeNull();
      }),
    );
  });

  test('escaping is Slack’s own, once', () => {
    expect(escapeSlack('a & b < c > d &amp;')).toBe('a &amp; b &lt; c &gt; d &amp;amp;');
  });
});

describe('the text beside the blocks', () => {
  test('says what the blocks say, a line each', () => {
    const built = message(
      title('INC-1 writes'),
      line('Since ', { at: noon }, ' by ', { person: 'U0ANA', name: 'Ana' }),
      divider,
      list([['one'], [{ bold: 'two' }]]),
      list([['first']], { ordered: true }),
      buttons({ label: 'Note', command: '/incident note' }),
    );
    expect(built.text).toBe(
      'INC-1 writes\nSince <!date^1773144000^{date_short_pretty} {time}|2026-03-10 12:00 UTC> by @Ana\n• one\n• two\n1. first',
    );
    expect(built.blocks.map((block) => block.type)).toEqual([
      'header',
      'rich_text',
      'divider',
      'rich_text',
      'rich_text',
      'actions',
    ]);
    expect(checkBlocks(built.blocks)).toEqual([]);
  });

  test('a person is mentioned in the blocks and only named in the text, so that nobody is called twice', () => {
    const built = say({ person: 'U0ANA', name: 'Ana' });
    expect(built.text).toBe('@Ana');
    expect(JSON.stringify(built.blocks)).toContain('"user_id":"U0ANA"');
  });

  test('parts that are not there leave nothing', () => {
    expect(message(null, undefined, false)).toEqual({ text: '', blocks: [] });
    expect(message(line('a'), null, line('b')).text).toBe('a\nb');
  });
});

describe('limits', () => {
  test('a header has at most 150 characters, a button’s label 75', () => {
    const header = onlyBlock(title('x'.repeat(400))).text as { text: string };
    expect(header.text).toHaveLength(150);
    const [button] = onlyBlock(buttons({ label: 'y'.repeat(200), command: '/incident list' })).elements as [
      { text: { text: string } },
    ];
    expect(button.text.text).toHaveLength(75);
  });

  test('a list has at most sixty items', () => {
    const items = Array.from({ length: 200 }, (_, i) => [`item ${i}`]);
    const built = message(list(items));
    expect(built.text.split('\n')).toHaveLength(60);
    expect(checkBlocks(built.blocks)).toEqual([]);
  });

  test('a list of nothing is nothing', () => {
    expect(message(list([]), line('nothing yet'))).toEqual(message(line('nothing yet')));
    expect(message(buttons())).toEqual({ text: '', blocks: [] });
  });

  test('a button carries its command line', () => {
    const [button] = onlyBlock(buttons({ label: 'List', command: '/incident list', style: 'primary' }))
      .elements as [Record<string, unknown>];
    expect(button).toMatchObject({
      action_id: `${runPrefix}/incident list`,
      value: '/incident list',
      style: 'primary',
    });
  });
});

describe('shortening', () => {
  test('leaves what fits, and cuts at a word where one is near', () => {
    expect(shorten('writes are stuck', 16)).toBe('writes are stuck');
    expect(shorten('writes are stuck in Berlin', 19)).toBe('writes are stuck…');
    expect(shorten('x'.repeat(30), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('never splits a pair, and is never longer than asked', () => {
    expect(shorten('😀😀😀', 4)).toBe('😀…');
    const pairs = fc.string({
      unit: fc.constantFrom('😀', '𝒳', 'é', ' ', 'a'),
      minLength: 20,
      maxLength: 60,
    });
    const limit = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 30, max: 400 }));
    fc.assert(
      fc.property(fc.oneof(anyText, pairs), limit, (words, limit) => {
        const short = shorten(words, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        if (!halfPair.test(words)) expect(short).not.toMatch(halfPair);
        if (words.length <= limit) expect(short).toBe(words);
        else expect(short.endsWith('…')).toBe(true);
      }),
    );
  });
});

test('every message that can be built of any words is valid Block Kit', () => {
  const span: fc.Arbitrary<Span> = fc.oneof(
    anyText,
    fc.record({ bold: anyText }),
    fc.record({ code: anyText }),
    fc.record({ strike: anyText }),
    fc.record({ person: fc.constant('U0ANA0001'), name: anyText }),
    fc.record({ channel: fc.constant('C0INC0001'), name: anyText }),
    fc.record({ at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') }) }),
    fc.record({ url: fc.webUrl(), label: anyText }),
  );
  const spans = fc.array(span, { maxLength: 5 });
  const command = fc.constantFrom('/incident note INC-1', '/incident role INC-1 commander me');
  const part: fc.Arbitrary<Part> = fc.oneof(
    spans.map((each) => line(...each)),
    anyText.map(title),
    fc
      .tuple(fc.array(spans, { maxLength: 5 }), fc.boolean())
      .map(([items, ordered]) => list(items, { ordered })),
    fc
      .uniqueArray(fc.record({ label: anyText, command }), { selector: (each) => each.command, maxLength: 2 })
      .map((specs) => buttons(...specs)),
    fc.constant(divider),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const built: Message = message(...parts);
      expect(checkBlocks(built.blocks)).toEqual([]);
      for (const found of JSON.stringify(built.blocks).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g))
        expect(JSON.parse(`"${found[1]}"`).length).toBeLessThanOrEqual(spanLimit);
    }),
    { numRuns: 300 },
  );
});

test('the check finds what is wrong, so that an empty answer means something', () => {
  expect(checkBlocks([{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }])).not.toEqual(
    [],
  );
  expect(checkBlocks([{ type: 'actions', elements: [] }])).not.toEqual([]);
});

test('what says nothing leaves no blank behind', () => {
  const { blocks } = message(line({ bold: 'SEV1' }, '', ' · started'), list([['a', '', 'b']]));
  const texts = JSON.stringify(blocks).match(/"text":"[^"]*"/g);
  expect(texts).toEqual(['"text":"SEV1"', '"text":" · started"', '"text":"a"', '"text":"b"']);
});

test('of many people the first are named, and how many more there are', () => {
  const people: Span[] = [{ person: 'U0ANA', name: 'Ana' }, 'everybody', 'Bob'];
  expect(fewSpans([], 2)).toEqual([]);
  expect(fewSpans(people, 3)).toEqual([people[0], ', ', 'everybody', ', ', 'Bob']);
  expect(fewSpans(people, 2)).toEqual([people[0], ', ', 'everybody', ' and 1 more']);
});
