// Which role a word means.
import { expect, test } from 'vitest';
import { findRole, roleNames, roleNameWord } from '../../../src/features/roles/index.js';

const names = roleNames([
  { name: 'security-lead', instructions: '' },
  { name: 'scribe', instructions: 'Write it down.' },
]);

test('the usual roles come first, each once', () => {
  expect(names).toEqual(['commander', 'communications', 'operations', 'scribe', 'security-lead']);
});

test.each([
  ['commander', 'commander'],
  ['  Commander ', 'commander'],
  ['IC', 'commander'],
  ['lead', 'commander'],
  ['comms', 'communications'],
  ['ops', 'operations'],
  ['o', 'operations'],
  ['SEC', 'security-lead'],
])('“%s” is %s', (word, role) => {
  expect(findRole(word, names)).toEqual({ role });
});

test.each([
  ['com', ['commander', 'communications']],
  ['s', ['scribe', 'security-lead']],
  ['king', []],
  ['', []],
])('“%s” is not guessed at', (word, like) => {
  expect(findRole(word, names)).toEqual({ like });
});

test('a name that is the beginning of another is itself', () => {
  expect(findRole('sec', [...names, 'sec'])).toEqual({ role: 'sec' });
});

test.each(['security-lead', 'Protokoll', '安全', 'tier2'])('“%s” can be a role', (word) => {
  expect(roleNameWord.parse(word)).toBe(word.toLowerCase());
});

test.each(['two words', '-x', '<!channel>', 'a'.repeat(31), '', 'INC-12', 'me'])(
  '“%s” cannot, and it is said what can',
  (word) => {
    expect(roleNameWord.safeParse(word).error?.issues[0]?.message).toContain('letters, digits and hyphens');
  },
);

test('a word that means a usual role already is not taken from it', () => {
  expect(roleNameWord.safeParse('ops').error?.issues[0]?.message).toContain('already means operations');
});
