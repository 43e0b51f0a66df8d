// Faults: what went wrong that nobody asked for. The internal text is for the log, the public one for people.

export class Fault extends Error {
  readonly code: string;
  /** One sentence for people, with what to do next. Never holds anything internal. */
  readonly public: string;

  constructor(code: string, internal: string, publicText: string, options?: ErrorOptions) {
    super(internal, options);
    this.name = 'Fault';
    this.code = code;
    this.public = publicText;
  }
}

/** The code of what is thrown where too much of one kind waits: nothing was done, and the same may work in a while. */
export const busyCode = 'busy';

/** What the command line ends with where the one who typed must mend something, or was refused. */
export const usageExit = 2;

/** Something whose message is for whoever typed the command: one line, with what to do next. */
export class Plain extends Error {
  /** What the command line ends with. */
  readonly exit: number = usageExit;
}

/** The sentence for people, whatever was thrown. */
export function publicText(error: unknown, requestId: string): string {
  const text =
    error instanceof Fault ? error.public : 'Something went wrong on our side and nothing was recorded.';
  return `${text} Try again; if it goes on, tell whoever runs Andon this number: ${requestId}`;
}
