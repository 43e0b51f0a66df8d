// Links that prove by themselves for what they were made, so that they work where nobody can log in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { signingKey } from './seal.js';

/** The links of a page's attempts. */
export interface PageLinks {
  /** Where whoever was reached by this attempt says that they have it. */
  to(attemptId: string): string;
  /** The attempt that a token was made for; null for one that we did not make. */
  attemptIn(token: string): string | null;
}

/** Below the public address; the token follows. */
export const pageLinkPath = '/pages';
const signatureLength = 32;

/** Links that are signed with the key of the database. */
export function pageLinks(databaseUrl: string, configured: string | undefined, publicUrl: string): PageLinks {
  const signatureOf = (attemptId: string, make: boolean) =>
    createHmac('sha256', signingKey(databaseUrl, configured, make))
      .update(`page/${attemptId}`)
      .digest('base64url')
      .slice(0, signatureLength);
  return {
    to: (attemptId) =>
      `${publicUrl.replace(/\/+$/, '')}${pageLinkPath}/${attemptId}.${signatureOf(attemptId, true)}`,
    attemptIn(token) {
      const dot = token.lastIndexOf('.');
      const [attemptId, given] = [token.slice(0, dot), token.slice(dot + 1)];
      if (dot < 1 || given.length !== signatureLength) return null;
      const right = Buffer.from(signatureOf(attemptId, false));
      const said = Buffer.from(given);
      return said.length === right.length && timingSafeEqual(said, right) ? attemptId : null;
    },
  };
}
