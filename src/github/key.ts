// The private key of the GitHub App: as a text or in a file, in either form, checked once.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Fault } from '../core/faults.js';

const setting = 'ANDON_GITHUB_APP_KEY';
const bitsMin = 2048;

/** Reads the key of a GitHub App: what is set is the PEM, or the path of its file. Throws a Fault that shows none of it. */
export function readAppKey(given: string): string {
  const text = given.includes('-----BEGIN') ? given : readFile(given);
  const key = keyOf(text);
  if (key.asymmetricKeyType !== 'rsa') throw wrong('not RSA', 'is no RSA key; GitHub gives one for an App');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < bitsMin)
    throw wrong('short', `has fewer than ${bitsMin} bits; make a new one in the App’s settings`);
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no file';
    throw wrong(code, `is no PEM text, and no file that can be read (${code})`);
  }
}

// Line ends are often written as \n where a variable must stand on one line.
function keyOf(text: string): KeyObject {
  try {
    return createPrivateKey(text.trim().replaceAll('\\n', '\n'));
  } catch {
    throw wrong('unreadable', 'is no private key; take the .pem file from the App’s settings as it is');
  }
}

// The cause is left out: what a parser says of a key may repeat parts of it.
function wrong(internal: string, sentence: string): Fault {
  return new Fault('config', `${setting}: ${internal}`, `${setting} ${sentence}.`);
}
