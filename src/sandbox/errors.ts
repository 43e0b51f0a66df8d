// The one way a Web API method refuses: an error code and what goes with it in the body.
import type { Json } from './types.js';

export class Refusal extends Error {
  readonly code: string;
  readonly extra: Json;

  constructor(code: string, extra: Json = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.extra = extra;
  }
}

export function refuse(code: string, extra: Json = {}): never {
  throw new Refusal(code, extra);
}

/** The shape Slack gives validation errors: twice, once with and once without the level. */
export function refuseInvalid(code: string, messages: string[]): never {
  throw new Refusal(code, {
    errors: messages,
    response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) },
  });
}

/** `invalid_arguments` carries its messages only in response_metadata. */
export function refuseArguments(messages: string[]): never {
  throw new Refusal('invalid_arguments', {
    response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) },
  });
}
