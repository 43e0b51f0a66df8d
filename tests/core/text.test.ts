// Text that people write: what is taken out of it, and when two texts or names are one.
import { expect, test } from 'vitest';
import {
  cleanText,
  counted,
  escapeHtml,
  fewNames,
  oneLine,
  sameName,
  sameWords,
} from '../../src/core/text.js';

test('what could make words read as something else is taken out', () => {
  expect(cleanText(' a\r\nb\u202Egpj.exe\u0007 ')).toBe('a\nbgpj.exe');
  expect(cleanText('half \ud83d of a pair, and a whole \u{1f525}')).toBe(
    'half  of a pair, and a whole \u{1f525}',
  );
  expect(oneLine('a\n\n  b\tc')).toBe('a b c');
  expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
});

test('the same words are the same, whatever stands between them; of emoji alone nothing is left to compare', () => {
  expect(sameWords('Writes are stuck!', 'writes  are—stuck')).toBe(true);
  expect(sameWords('Writes are stuck', 'Reads are stuck')).toBe(false);
  expect(sameWords('🔥', '🔥 ')).toBe(true);
  expect(sameWords('🔥', '💧')).toBe(false);
  expect(sameName('Api', 'api')).toBe(true);
  expect(sameName('api', 'apis')).toBe(false);
});

test('so many of a thing are counted as people say it', () => {
  expect([counted(1, 'task'), counted(0, 'task'), counted(1_000, 'task')]).toEqual([
    '1 task',
    '0 tasks',
    '1,000 tasks',
  ]);
  expect([counted(1, 'hypothesis', 'hypotheses'), counted(2, 'hypothesis', 'hypotheses')]).toEqual([
    ...['1 hypothesis', '2 hypotheses'],
  ]);
});

test('of many names the first are said, and how many more there are', () => {
  expect(fewNames([], 2)).toBe('');
  expect(fewNames(['a'], 2)).toBe('a');
  expect(fewNames(['a', 'b'], 2)).toBe('a, b');
  expect(fewNames(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});
