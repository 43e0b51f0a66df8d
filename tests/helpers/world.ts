// A world for tests: Andon against the local Slack over real sockets, a real database, and a clock to push.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AppDeps, type RunningApp, startApp } from '../../src/app.js';
import { type Log, silentLog } from '../../src/core/log.js';
import { realWire, type Wire } from '../../src/core/wire.js';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { freshDatabase } from './databases.js';

export interface WorldOptions {
  readonly engine?: 'sqlite' | 'postgresql';
  readonly transport?: 'http' | 'socket';
  /** The record's clock at the beginning. */
  readonly at?: string;
  readonly zone?: string;
  readonly timelineEmoji?: string;
  /** Unless told, none on SQLite, where it is made. */
  readonly secretKey?: string;
  readonly sandbox?: SandboxOptions;
  /** GitHub's API, and the App that answers there. */
  readonly github?: AppDeps['github'];
  readonly mail?: AppDeps['mail'];
  readonly publicUrl?: string;
  readonly canaryChannel?: string;
  readonly log?: Log;
  /** Called between opening the local Slack and starting Andon. */
  readonly before?: (sandbox: Sandbox) => void;
}

export interface World {
  readonly sandbox: Sandbox;
  readonly app: RunningApp;
  readonly databaseUrl: string;
  readonly secretKey: string | undefined;
  /** The record's clock. */
  now(): Date;
  /** Sets the record's clock. */
  at(instant: string): void;
  /** Lets time pass and everything that waits be done. */
  pass(time: { hours?: number; minutes?: number; seconds?: number }): Promise<void>;
  /** Everything that waits is done. */
  settled(): Promise<void>;
  /** Stops Andon and starts it again on the same database; of what happens meanwhile it hears nothing. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a world that closes itself when the test ends. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  let record = Date.parse(options.at ?? '2026-03-10T10:30:00Z');
  let skipped = 0;
  const workerWire: Wire = {
    now: () => Date.now() + skipped,
    wait: async (ms) => {
      skipped += ms;
    },
  };
  const sandbox = await openSandbox({
    rateLimits: 'off',
    ...options.sandbox,
    now: () => record,
    wireNow: () => Date.now() + skipped,
  });
  options.before?.(sandbox);
  const database = await freshDatabase(options.engine ?? 'sqlite');

  const secretKey = options.secretKey ?? (options.engine === 'postgresql' ? 'x'.repeat(32) : undefined);
  const start = async () => {
    const app = await startApp({
      databaseUrl: database.url,
      secretKey,
      slack: {
        apiUrl: sandbox.apiUrl,
        botToken: sandbox.botToken,
        ...(options.transport === 'socket'
          ? { appToken: sandbox.appToken }
          : { signingSecret: sandbox.signingSecret }),
      },
      host: '127.0.0.1',
      port: 0,
      zone: options.zone ?? 'UTC',
      incidentsChannel: 'incidents',
      changesChannel: 'changes',
      ...(options.github ? { github: options.github } : {}),
      mail: options.mail,
      publicUrl: options.publicUrl ?? 'http://andon.test',
      canaryChannel: options.canaryChannel,
      ...(options.timelineEmoji ? { timelineEmoji: options.timelineEmoji } : {}),
      now: () => new Date(record),
      wire: realWire,
      workerWire,
      log: options.log ?? silentLog,
      manualWorker: true,
    });
    sandbox.deliverTo(options.transport === 'socket' ? null : `http://127.0.0.1:${app.port}/slack/events`);
    return app;
  };
  let app = await start();
  let stopped = false;

  const world: World = {
    sandbox,
    get app() {
      return app;
    },
    databaseUrl: database.url,
    secretKey,
    now: () => new Date(record),
    at(instant) {
      record = Date.parse(instant);
    },
    async pass({ hours = 0, minutes = 0, seconds = 0 }) {
      record += ((hours * 60 + minutes) * 60 + seconds) * 1000;
      await world.settled();
    },
    async settled() {
      await sandbox.settle();
      await app.worker.drain();
      await sandbox.settle();
    },
    async restart(meanwhile) {
      await app.stop();
      if (meanwhile) {
        sandbox.deliverTo(null);
        await meanwhile();
        await sandbox.settle();
      }
      app = await start();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await app.stop();
      await sandbox.close();
      await database.drop();
    },
  };
  onTestFinished(() => world.stop());
  return world;
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
