// Bodies have a largest size; what is larger is not read.
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from './problem.js';
import type { ApiEnv } from './request.js';

/** What is done beside the refusal; `bytes` is how large the sender says it is. */
export type TooLarge = (context: Context<ApiEnv>, bytes: number | null) => Promise<void>;

/** Refuses bodies of more than so many bytes. */
export function bounded(maxSize: number, tooLarge?: TooLarge): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    async onError(context) {
      const length = context.req.header('content-length') ?? '';
      await tooLarge?.(context, /^\d{1,15}$/.test(length) ? Number(length) : null);
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
