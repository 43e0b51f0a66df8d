// Andon as a process of its own, from what is built, for tests that kill it. It loads, says so, and starts when told.

import { startApp } from '../../dist/app.js';
import { silentLog } from '../../dist/core/log.js';
import { realWire } from '../../dist/core/wire.js';

/** No wait of the worker takes longer than this; its clock moves on by what the wait should have been. */
const longestWaitMs = 20;

process.once('message', async ({ databaseUrl, slack }) => {
  let skipped = 0;
  const workerWire = {
    now: () => Date.now() + skipped,
    async wait(ms, signal) {
      await realWire.wait(Math.min(ms, longestWaitMs), signal);
      if (!signal?.aborted) skipped += Math.max(0, ms - longestWaitMs);
    },
  };
  const app = await startApp({
    databaseUrl,
    slack,
    host: '127.0.0.1',
    port: 0,
    zone: 'UTC',
    incidentsChannel: 'incidents',
    changesChannel: 'changes',
    now: () => new Date(),
    wire: realWire,
    workerWire,
    log: silentLog,
  });
  process.send({ port: app.port });
});
process.send('loaded');
