// What may go wrong where something other than Slack is spoken to: a mail server, a pager, a calendar.

/** It was refused for good: trying again changes nothing. `needed` says what would. */
export class OutsideRefused extends Error {
  constructor(
    readonly method: string,
    readonly error: string,
    readonly needed: string | null = null,
  ) {
    super(`${method}: ${error}`);
  }
}

/** It asked to be left alone for a while. */
export class OutsideBusy extends Error {
  constructor(
    readonly method: string,
    readonly retryAfterMs: number,
  ) {
    super(`${method}: busy`);
  }
}

/** It did not answer; `sent`: it may have heard all the same. */
export class OutsideUnreachable extends Error {
  constructor(
    readonly method: string,
    reason: string,
    readonly sent: boolean,
  ) {
    super(`${method}: ${reason}`);
  }
}
