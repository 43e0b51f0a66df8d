// The local workspace: Andon and a small Slack of our own in one process, with a clock that a drill may move.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type AppDeps, type RunningApp, startApp } from './app.js';
import { Fault } from './core/faults.js';
import type { Log } from './core/log.js';
import { realWire, type Wire } from './core/wire.js';
import type { Stage } from './drills/replay.js';
import { openSandbox, type Sandbox, type SandboxOptions } from './sandbox/index.js';

export interface LocalOptions {
  readonly databaseUrl: string;
  readonly secretKey?: string | undefined;
  readonly host: string;
  /** Andon's port. */
  readonly port: number;
  readonly zone: string;
  readonly log: Log;
  readonly github?: AppDeps['github'];
  readonly mail?: AppDeps['mail'];
  readonly publicUrl?: AppDeps['publicUrl'];
  readonly people?: { id: string; name: string; realName: string; tz: string }[];
  readonly socketMode?: boolean;
  /** The ports on which the local Slack may listen, the first that is free; any free one unless told. */
  readonly slackPorts?: readonly number[];
  /** The local Slack listens where Andon does, though that is not loopback. */
  readonly allowRemote?: boolean;
  /** How many deliveries and calls the local Slack remembers; all of them unless told. */
  readonly keepRecords?: number;
  /** The record's clock stands here until a drill moves it. */
  readonly beginsAt: Date;
}

export interface LocalWorkspace {
  readonly sandbox: Sandbox;
  readonly app: RunningApp;
  /** The world as a replay needs it. Andon's own waits pass at once until `live` is called. */
  readonly stage: Stage;
  /** From now on both clocks are real, and Andon works by itself. */
  live(): void;
  stop(): Promise<void>;
}

/** Opens a local workspace on loopback. */
export async function openLocalWorkspace(options: LocalOptions): Promise<LocalWorkspace> {
  let drilled: Date | null = options.beginsAt;
  let skipped = 0;
  const now = () => drilled ?? new Date();
  const workerWire: Wire = {
    now: () => Date.now() + skipped,
    wait: async (ms, signal) => {
      if (drilled === null) return realWire.wait(ms, signal);
      skipped += ms;
    },
  };
  const sandbox = await openOnFirstFree(options.slackPorts ?? [0], {
    now: () => now().getTime(),
    wireNow: () => Date.now() + skipped,
    ...(options.people ? { people: options.people } : {}),
    app: manifestApp(),
    ...(options.allowRemote ? { host: options.host, allowRemote: true } : {}),
    ...(options.keepRecords === undefined ? {} : { keepRecords: options.keepRecords }),
  });
  const app = await startApp({
    databaseUrl: options.databaseUrl,
    secretKey: options.secretKey,
    slack: {
      apiUrl: sandbox.apiUrl,
      botToken: sandbox.botToken,
      ...(options.socketMode ? { appToken: sandbox.appToken } : { signingSecret: sandbox.signingSecret }),
    },
    host: options.host,
    port: options.port,
    zone: options.zone,
    incidentsChannel: 'incidents',
    changesChannel: 'changes',
    ...(options.github ? { github: options.github } : {}),
    mail: options.mail,
    publicUrl: options.publicUrl,
    now,
    wire: realWire,
    workerWire,
    log: options.log,
    manualWorker: true,
  }).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  sandbox.deliverTo(options.socketMode ? null : `http://127.0.0.1:${app.port}/slack/events`);
  return {
    sandbox,
    app,
    stage: stageOf(sandbox, app, now, (to) => {
      drilled = to;
    }),
    live() {
      drilled = null;
      app.worker.begin();
    },
    async stop() {
      await app.stop();
      await sandbox.close();
    },
  };
}

async function openOnFirstFree(ports: readonly number[], options: SandboxOptions): Promise<Sandbox> {
  const [port = 0, ...others] = ports;
  try {
    return await openSandbox({ ...options, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (others.length > 0) return await openOnFirstFree(others, options);
    const sentence = `ANDON_LOCAL_PORT ${port} is taken by another program. Set it to a free one, or end that program.`;
    throw new Fault('cannot_listen', 'EADDRINUSE', sentence, { cause: error });
  }
}

// The app as the manifest installs it: what it may not do in Slack, it may not do here.
function manifestApp(): SandboxOptions['app'] {
  const file = new URL('../manifest.yml', import.meta.url);
  const { features, oauth_config, settings } = manifestShape.parse(parse(readFileSync(file, 'utf8')));
  const { bot, bot_optional } = oauth_config.scopes;
  return {
    name: features.bot_user.display_name,
    commands: features.slash_commands.map((each) => each.command),
    botScopes: [...new Set([...bot, ...bot_optional])],
    events: settings.event_subscriptions.bot_events,
    messagesReadOnly: features.app_home.messages_tab_read_only_enabled,
    hints: {
      commands: features.slash_commands.map(({ command, description, usage_hint }) => ({
        command,
        description,
        usageHint: usage_hint,
      })),
      shortcuts: features.shortcuts.map(({ name, type, callback_id, description }) => ({
        name,
        type,
        callbackId: callback_id,
        description,
      })),
      firstSteps: {
        says: 'Andon keeps the record of an incident while people mend it.',
        steps: [
          { words: '/incident timeline', says: 'Read the incident’s timeline' },
          { words: '/incident note 10m ago the errors began', says: 'Note what happened, and when' },
          { words: '/incident declare', says: 'Declare an incident of your own' },
        ],
      },
    },
  };
}

const manifestShape = z.object({
  features: z.object({
    bot_user: z.object({ display_name: z.string() }),
    app_home: z.object({ messages_tab_read_only_enabled: z.boolean().default(false) }),
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string(), usage_hint: z.string().default('') }),
    ),
    shortcuts: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['global', 'message']),
        callback_id: z.string(),
        description: z.string(),
      }),
    ),
  }),
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()) }),
  }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

function stageOf(sandbox: Sandbox, app: RunningApp, now: () => Date, moveClock: (to: Date) => void): Stage {
  let channel = 'general';
  const everybody = sandbox.people();
  return {
    now,
    moveClock,
    cast(name) {
      const found = everybody.find(
        (person) => person.name === name.toLowerCase() || person.realName === name,
      );
      const person = found ?? everybody[0];
      if (!person) throw new Error('the local workspace has no people');
      return { name: person.name, zone: person.tz };
    },
    async type(name, line) {
      const before = await app.db.read.fact.count();
      // Who changed something need not be in the incident's channel; everybody is in the common one.
      const where = line.startsWith('/change') ? 'general' : channel;
      const outcome = await sandbox.person(name).command(line, { channel: where });
      const recorded = (await app.db.read.fact.count()) > before;
      return { ok: outcome.ok && recorded, text: outcome.reply?.text ?? outcome.error ?? '' };
    },
    async fill(name, line, values) {
      const person = sandbox.person(name);
      await person.command(line, { channel });
      const outcome = await person.submit(await person.waitForView(), values);
      await app.worker.drain();
      const said = sandbox.ephemerals(person.id).at(-1)?.text ?? '';
      return {
        ok: outcome.closed,
        text: outcome.closed ? said : Object.values(outcome.errors ?? {}).join(' '),
      };
    },
    async settled() {
      await app.worker.drain();
      await sandbox.settle();
    },
    enterChannel(number) {
      channel = sandbox.channels().find((each) => each.name.startsWith(`inc-${number}-`))?.name ?? channel;
    },
    file(ending) {
      const id = sandbox.channel(channel)?.id;
      const file = sandbox
        .files()
        .filter((each) => each.name.endsWith(ending) && id !== undefined && each.channels.includes(id))
        .at(-1);
      return file ? file.content.toString('utf8') : null;
    },
  };
}
