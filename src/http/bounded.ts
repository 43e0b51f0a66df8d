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

/** A request without a body is none of JSON, whatever its header says: many clients send that header always. */
export const bodyless: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const { raw } = context.req;
  const length = raw.headers.get('content-length') ?? '0';
  if (length === '0' && !raw.headers.has('transfer-encoding') && raw.headers.has('content-type')) {
    const headers = new Headers(raw.headers);
    headers.delete('content-type');
    context.req.raw = new Request(raw.url, { method: raw.method, headers });
  }
  await next();
};
