// What is answered where it is not known, or cannot be checked, who sends.
import { Problem } from './problem.js';

/** The secret by which a sender is known; `said` logs why it cannot be opened. Throws a Problem that says what to do. */
export function openedSecret(open: () => string, said: (error: unknown) => void): string {
  try {
    return open();
  } catch (error) {
    said(error);
    throw new Problem(
      'unavailable',
      'Andon cannot check who sends this now, so nothing was recorded. Whoever runs it learns from `andon doctor` how to mend that; then deliver again.',
    );
  }
}

/** The answer to whoever did not prove who they are; `why` says what is missing or wrong. */
export function unproven(why: string): Problem {
  return new Problem('unauthenticated', `${why} Nothing was recorded.`, [], {
    'www-authenticate': 'Bearer realm="andon"',
  });
}
