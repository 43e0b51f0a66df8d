// Sealed secrets: opened by the key that sealed them, in the row that they belong to, and by nothing else.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyFile, SealBroken, sealOf } from '../../src/db/seal.js';
import { temporaryFolder } from '../helpers/world.js';

const postgres = 'postgresql://nobody@127.0.0.1/none';
const key = 'k'.repeat(40);

test('what is sealed is opened by the same key only, and not for another row', () => {
  const seal = sealOf(postgres, key);
  const sealed = seal.close('a secret', 'row 1');
  expect(sealed).not.toContain('secret');
  expect(seal.close('a secret', 'row 1')).not.toBe(sealed);
  expect(sealOf(postgres, key).open(sealed, 'row 1')).toBe('a secret');
  expect(() => seal.open(sealed, 'row 2')).toThrow(SealBroken);
  expect(() => sealOf(postgres, 'l'.repeat(40)).open(sealed, 'row 1')).toThrow('ANDON_SECRET_KEY');
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const wrong of [changed, sealed.slice(0, 10), 'v1.', ''])
    expect(() => seal.open(wrong, 'row 1'), wrong).toThrow(SealBroken);
});

test('beside a SQLite database the key is made once, for its owner alone', () => {
  const url = `file:${temporaryFolder()}/andon.db`;
  expect(() => sealOf(url, undefined).open('v1.x', 'row 1')).toThrow('is gone');
  const sealed = sealOf(url, undefined).close('a secret', 'row 1');
  const made = readFileSync(keyFile(url), 'utf8');
  expect(statSync(keyFile(url)).mode & 0o777).toBe(0o600);
  expect(sealOf(url, undefined).open(sealed, 'row 1')).toBe('a secret');
  sealOf(url, undefined).close('another', 'row 2');
  expect(readFileSync(keyFile(url), 'utf8')).toBe(made);
  // A key of the settings comes before the file.
  expect(() => sealOf(url, key).open(sealed, 'row 1')).toThrow(SealBroken);
  writeFileSync(keyFile(url), 'x'.repeat(40));
  expect(() => sealOf(url, undefined).open(sealed, 'row 1')).toThrow(SealBroken);
});

test('a file that holds no key seals nothing', () => {
  const url = `file:${temporaryFolder()}/andon.db`;
  for (const worthless of ['', '\n', 'junk']) {
    writeFileSync(keyFile(url), worthless);
    expect(() => sealOf(url, undefined).close('a secret', 'row 1')).toThrow('fewer than 32 characters');
  }
});

test('on PostgreSQL there is no key but that of the settings', () => {
  expect(() => sealOf(postgres, undefined).close('a secret', 'row 1')).toThrow('ANDON_SECRET_KEY is not set');
});
