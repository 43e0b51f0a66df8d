// Who may speak to the page's server: this machine's own browser, from the page itself.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];

export interface Guard {
  /** Addresses other than loopback were allowed. */
  remote: boolean;
  host: string;
}

/**
 * Why this request is refused; undefined when it is welcome. A page elsewhere can let its own name lead to this
 * address (DNS rebinding), so the name asked for must be one of ours; and it can post here, so the origin must be us.
 */
export function refusal(guard: Guard, request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? '';
  const name = nameOf(host);
  // A name can be made to lead anywhere, an address cannot.
  const ours = LOOPBACK_NAMES.includes(name) || (guard.remote && (name === guard.host || isIP(name) > 0));
  if (!ours) return `The local workspace does not answer to the name ${JSON.stringify(name)}.`;
  const { origin } = request.headers;
  const elsewhere =
    request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate';
  if (elsewhere || (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`))
    return 'The local workspace answers only to its own page.';
  return undefined;
}

function nameOf(host: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d+$/, '')).toLowerCase();
}
