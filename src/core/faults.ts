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

/** The sentence for people, whatever was thrown. */
export function publicText(error: unknown, requestId: string): string {
  const text =
    error instanceof Fault ? error.public : 'Something went wrong on our side and nothing was recorded.';
  return `${text} Try again; if it goes on, tell whoever runs Andon this number: ${requestId}`;
}
