// How the commands of `andon` fail; apart from what opens the database, so that a pipeline does not wait for that.
import { Plain } from '../core/faults.js';

/** Andon did not answer. */
export const unreachableExit = 12;

/** Something the one who typed must mend; printed as one line. */
export class UsageError extends Plain {}

/** Andon cannot be reached, or does not answer as it should; printed as one line. */
export class Unreachable extends Plain {
  override readonly exit = unreachableExit;
}
