// Bodies have a largest size; what is larger is not read.
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from './problem.js';
import type { ApiEnv } from './request.js';

/** Refuses bodies of more than so many bytes. */
export function bounded(maxSize: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      const detail = `A body may have ${maxSize / 1024} kB. Nothing was recorded.`;
      // What is left of the body is not read, so nothing can follow it on this connection.
      throw new Problem('too-large', detail, [], { connection: 'close' });
    },
  });
}
