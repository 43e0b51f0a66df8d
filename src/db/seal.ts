// Secrets that must be known again are sealed with ANDON_SECRET_KEY, so that who reads the database cannot use them.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { engineOf, sqlitePath } from './open.js';

/** A secret that cannot be sealed or opened; the message says why and names no secret. */
export class SealBroken extends Error {}

export interface Seal {
  /** Makes the key where there is none and may be one. */
  close(secret: string, owner: string): string;
  /** Throws SealBroken where the key is missing or is another one. */
  open(sealed: string, owner: string): string;
}

const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
/** As many as the settings ask of ANDON_SECRET_KEY. */
const keyCharactersMin = 32;
const version = 'v1.';

/** The seal of a database: with the key of the settings, else with that in the file beside a SQLite database. */
export function sealOf(databaseUrl: string, configured: string | undefined): Seal {
  return {
    close(secret, owner) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key(databaseUrl, configured, true), iv);
      // A sealed secret is of no use in another row.
      cipher.setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return version + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, owner) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
      const secretKey = key(databaseUrl, configured, false);
      try {
        const decipher = createDecipheriv('aes-256-gcm', secretKey, bytes.subarray(0, ivBytes));
        decipher.setAAD(Buffer.from(owner));
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const body = bytes.subarray(ivBytes + tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SealBroken(`sealed with another key than ${keyName(databaseUrl, configured)}`, {
          cause: error,
        });
      }
    },
  };
}

/** The file of the key beside a SQLite database. */
export function keyFile(databaseUrl: string): string {
  return `${sqlitePath(databaseUrl)}.key`;
}

/** Which key is meant, for people. */
export function keyName(databaseUrl: string, configured: string | undefined): string {
  if (configured || engineOf(databaseUrl) === 'postgresql') return 'ANDON_SECRET_KEY';
  return `the key in ${keyFile(databaseUrl)}`;
}

/** The key by which links are signed. Throws SealBroken where there is none and none may be made. */
export function signingKey(databaseUrl: string, configured: string | undefined, make: boolean): Buffer {
  return derived(databaseUrl, configured, make, 'andon signed links');
}

function key(databaseUrl: string, configured: string | undefined, make: boolean): Buffer {
  return derived(databaseUrl, configured, make, 'andon sealed secrets');
}

// Read anew each time: the command line may have made it after Andon started.
function derived(databaseUrl: string, configured: string | undefined, make: boolean, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', configured ?? fileKey(databaseUrl, make), '', use, keyBytes));
}

function fileKey(databaseUrl: string, make: boolean): string {
  if (engineOf(databaseUrl) === 'postgresql') throw new SealBroken('ANDON_SECRET_KEY is not set');
  const file = keyFile(databaseUrl);
  if (!existsSync(file) && make) makeKeyFile(file);
  if (!existsSync(file)) throw new SealBroken(`the key that was in ${file} is gone`);
  const found = readFileSync(file, 'utf8').trim();
  if (found.length < keyCharactersMin)
    throw new SealBroken(
      `the key in ${file} has fewer than ${keyCharactersMin} characters; put the right one back, or remove the file and create the hooks anew`,
    );
  return found;
}

// Written whole and then given its name, which only one can take: two commands at once use one key.
function makeKeyFile(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600 });
  chmodSync(own, 0o600);
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
}
