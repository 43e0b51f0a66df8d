// A message as it goes to Slack: its text is cut where it is too long, and nothing is torn by the cut.
import { expect, test } from 'vitest';
import { line, list, message, say } from '../../src/core/message.js';
import { body } from '../../src/slack/post.js';

test('no entity, no character and no date is torn, wherever the cut falls', () => {
  const at = new Date('2026-03-10T10:45:00Z');
  for (let offset = 0; offset < 80; offset += 1) {
    const start = 'x'.repeat(offset);
    const texts = [
      body(say(`${start}${'&<🔥'.repeat(2_000)}`)).text,
      body({ text: `${start}${'&<🔥'.repeat(2_000)}`, blocks: [] }).text,
      body(message(line(start), list(Array.from({ length: 60 }, () => [{ at }, ' it broke'])))).text,
    ];
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(4_000);
      expect(text.endsWith('…')).toBe(true);
      const rest = text.replace(/<!date\^\d+\^[{}a-z_ ]+\|[^>|]+ UTC>/g, '').replace(/&(amp|lt|gt);/g, '');
      expect(rest).not.toMatch(/[<>&]/);
      expect(rest).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    }
  }
});

test('what fits is left as it is', () => {
  expect(body(say('a < b')).text).toBe('a &lt; b');
  expect(body({ text: 'a < b', blocks: [] })).toEqual({ text: 'a &lt; b' });
});
