// The wire's clock: signatures, triggers, leases, Retry-After. Real in production; tests make it jump.
export interface Wire {
  /** Milliseconds. */
  now(): number;
  /** Waits; ends early when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realWire: Wire = {
  now: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};
