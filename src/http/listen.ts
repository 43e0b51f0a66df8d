// Listening where HOST and PORT say; what the operating system has against it, as a sentence.
import type { Server } from 'node:http';
import { Fault } from '../core/faults.js';
import { listen } from './server.js';

/** Listens, and returns the port. Throws a Fault that names the setting to mend. */
export async function listenAt(server: Server, host: string, port: number): Promise<number> {
  try {
    return await listen(server, host, port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const sentence = sentences[code]?.(host, port);
    if (!sentence) throw error;
    throw new Fault('cannot_listen', code, sentence, { cause: error });
  }
}

const addresses = 'Set HOST to 127.0.0.1 for this machine only, or to 0.0.0.0 for all its addresses.';
const unresolved = (host: string) => `HOST is “${host}”, which cannot be resolved. ${addresses}`;
const foreign = (host: string) => `HOST is “${host}”, which is no address of this machine. ${addresses}`;

const sentences: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `PORT ${port} is taken by another program on ${host}. Set PORT to a free one, or end that program.`,
  EACCES: (_host, port) => `PORT ${port} may not be used by this user. Set PORT to one above 1023.`,
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  EADDRNOTAVAIL: foreign,
  EAFNOSUPPORT: foreign,
  EINVAL: foreign,
};
