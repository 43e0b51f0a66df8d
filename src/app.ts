// Puts the parts together: the only place that knows them all.
import type { Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { WorkspaceRef } from './core/command.js';
import { Fault } from './core/faults.js';
import { makeSurface, type Surface } from './core/surface.js';
import { isDatabaseAway } from './db/away.js';
import { type CalmLog, calmLog } from './db/calm-log.js';
import { keepFirst } from './db/due.js';
import { hooksOf } from './db/hooks.js';
import { freeLeases } from './db/jobs.js';
import { migrate } from './db/migrate.js';
import { type Database, openDatabase } from './db/open.js';
import { tellingPagersOf } from './db/pager-back.js';
import { takeRunLock } from './db/run-lock.js';
import { sealOf } from './db/seal.js';
import { pageLinks } from './db/sign.js';
import { findToken, touchToken } from './db/tokens.js';
import { checkUsable } from './db/usable.js';
import { ensureWorkspace } from './db/workspace.js';
import type { Kernel } from './execute.js';
import { firstDigest } from './features/digest/index.js';
import { features } from './features/index.js';
import { firstPeopleLook } from './features/oncall/index.js';
import { type GithubSettings, githubApi, usualGithub } from './github/api.js';
import { askForMissed } from './github/missed.js';
import { type ApiDoor, apiDoor } from './http/door.js';
import { listenAt } from './http/listen.js';
import { readiness } from './http/ready.js';
import { close, finish, httpServer } from './http/server.js';
import { type Alive, keepAlive } from './outside/alive.js';
import { type Supplies, workerParts } from './performing.js';
import { type SlackApi, slackApi } from './slack/api.js';
import { type Canary, makeCanary } from './slack/canary.js';
import { planCatchUp } from './slack/catch-up.js';
import { type Door, makeDoor } from './slack/door.js';
import { keepHearing } from './slack/hearing.js';
import { defaultEmoji } from './slack/message.js';
import { people } from './slack/people.js';
import type { DoorParts } from './slack/request.js';
import { sdkLogger } from './slack/sdk-log.js';
import { type SocketReceiver, socketReceiver } from './slack/socket.js';
import { bindTeam, findAnnouncements, knownTeam, refusedBotToken } from './slack/team.js';
import { makeWorker, type Worker } from './worker.js';

export interface AppDeps extends Supplies {
  readonly slack: {
    readonly apiUrl: string;
    readonly botToken: string;
    readonly signingSecret?: string | undefined;
    readonly appToken?: string | undefined;
  };
  readonly host: string;
  readonly port: number;
  readonly zone: string;
  readonly incidentsChannel: string;
  readonly changesChannel: string;
  /** GitHub's API, and the App that answers protection rules; none unless told. */
  readonly github?: GithubSettings;
  /** How others reach Andon; http://localhost and the port unless told. */
  readonly publicUrl?: string | undefined;
  /** What is asked for once a minute, so that something else notices when Andon does not work. */
  readonly heartbeatUrl?: string | undefined;
  /** Where Andon sees whether it hears what it says. */
  readonly canaryChannel?: string | undefined;
  /** The reaction that puts a message on the timeline, without its colons. */
  readonly timelineEmoji?: string;
  /** Tests drain the worker themselves. */
  readonly manualWorker?: boolean;
}

export interface RunningApp {
  readonly db: Database;
  readonly kernel: Kernel;
  readonly workspace: WorkspaceRef;
  readonly surface: Surface;
  readonly worker: Worker;
  readonly alive: Alive;
  readonly canary: Canary;
  /** The port that it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

const bindRetryMs = 10_000;

/** Starts Andon: locks, migrates, listens. Throws a Fault or DatabaseInUse whose text says what to do. */
export async function startApp(deps: AppDeps): Promise<RunningApp> {
  await checkUsable(deps.databaseUrl);
  const lock = await takeRunLock(deps.databaseUrl);
  const undo: (() => Promise<unknown>)[] = [() => lock.release()];
  try {
    await migrate(deps.databaseUrl);
    const db = openDatabase(deps.databaseUrl);
    undo.push(() => db.close());
    // Alone on the file: whoever held a lane is gone, and there is no need to wait for its lease to run out.
    if (db.engine === 'sqlite') await freeLeases(db);
    return await run({ ...deps, log: calmLog(deps.log, deps.wire.now) }, db, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
}

async function run(
  deps: AppDeps & { readonly log: CalmLog },
  db: Database,
  undo: (() => Promise<unknown>)[],
): Promise<RunningApp> {
  const { wire, log } = deps;
  const workspace = await ensureWorkspace(db, deps);
  const api = slackApi(deps.slack.apiUrl, deps.slack.botToken, log);
  let worker: Worker | null = null;
  const kernel: Kernel = { db, features, wake: () => worker?.wake() };
  const surface = makeSurface(features);
  const stopped = new AbortController();
  undo.push(async () => stopped.abort());
  await bindOrRetry(deps, db, api, workspace, stopped.signal);

  // Before anything new is heard, so that what was missed is told from it.
  await planCatchUp(kernel, workspace, deps.now());
  await planFirst(db, workspace, deps.now());
  const own = { kernel, db, workspace, api, now: deps.now, wire, log };
  const canary = makeCanary({ ...own, channel: deps.canaryChannel });
  const alive = keepAlive({
    ...{ ...own, url: deps.heartbeatUrl, roundAt: () => worker?.roundAt() ?? null, wrote: log.wrote },
  });
  await alive.awake();
  const hearing = keepHearing(db, workspace, deps.now, log);
  const doorParts: DoorParts = {
    kernel,
    surface,
    api,
    people: people(db, api, wire, deps.mail !== undefined),
    wire,
    log,
    now: deps.now,
    emoji: deps.timelineEmoji ?? defaultEmoji,
    heard: hearing.heard,
    canary: deps.canaryChannel ? canary.heard : undefined,
    team: knownTeam(db, workspace, deps.slack.botToken),
  };
  const publicUrl = deps.publicUrl ?? `http://localhost:${deps.port}`;
  const links = pageLinks(deps.databaseUrl, deps.secretKey, publicUrl);
  const { apiUrl, app } = githubOf(deps);
  const github = app && githubApi(apiUrl, app);
  const performing = workerParts(deps, kernel, api, workspace, doorParts, github, { links, publicUrl });
  worker = makeWorker({ ...performing, awake: alive.awake });
  undo.push(async () => worker?.stop());
  if (!deps.manualWorker) worker.begin();
  const receiver = receiverFor(deps, (deafMs) => {
    const since = new Date(deps.now().getTime() - deafMs);
    planCatchUp(kernel, workspace, deps.now(), since).catch((error: unknown) =>
      log.error({ err: error }, 'catching up not planned'),
    );
  });
  const door = makeDoor(doorParts, receiver, deps.slack.apiUrl);
  const ready = async () =>
    (await db.read.workspace.count()) > 0 && ('connected' in receiver ? receiver.connected() : true);
  const programs = apiDoor({
    kernel,
    surface,
    routes: features.flatMap((feature) => feature.routes ?? []),
    log,
    now: deps.now,
    ready,
    told: () =>
      readiness({
        ...{ read: db.of(workspace.id).read, workspaceId: workspace.id, now: deps.now, wireNow: wire.now },
        connected: () => ('connected' in receiver ? receiver.connected() : null),
        roundAt: () => worker?.roundAt() ?? null,
        ...{ canary: deps.canaryChannel ? canary : null, mail: deps.mail !== undefined },
      }),
    token: (secret) => findToken(db, secret),
    used: (token) => touchToken(db, token, deps.now()),
    hooks: hooksOf(db, sealOf(deps.databaseUrl, deps.secretKey)),
    pagers: tellingPagersOf(db, sealOf(deps.databaseUrl, deps.secretKey)),
    isDatabaseAway,
    links,
    github: { apiUrl, answers: github !== null },
  });
  const server = httpServer(programs, 'connected' in receiver ? null : receiver.requestListener);
  const port = await listenAt(server, deps.host, deps.port);
  undo.push(() => close(server));
  if ('connected' in receiver) await receiver.start();
  // Only now: it is delivered to here. GitHub stamps deliveries by the real clock.
  if (github) void askForMissed(github, deps.wire.now(), deps.log);
  if (!deps.manualWorker) for (const each of [alive, canary]) each.begin();
  return {
    ...{ db, kernel, workspace, surface, worker, alive, canary, port },
    async stop() {
      stopped.abort();
      await Promise.all([alive.stop(), canary.stop()]);
      const connected = 'connected' in receiver ? receiver.connected() : true;
      await stopAll(server, receiver, [door, programs], worker);
      await hearing.stop(connected);
      for (const step of undo.slice(0, 2).reverse()) await step();
    },
  };
}

// From then on each plans the next.
// What comes round by itself begins once.
async function planFirst(db: Database, { id }: WorkspaceRef, now: Date): Promise<void> {
  const rows = db.of(id);
  for (const first of [await firstDigest(rows.read, id, now), firstPeopleLook(now)])
    if (first) await rows.write((tx) => keepFirst(tx, id, first));
}

async function stopAll(
  server: Server,
  receiver: SocketReceiver | HTTPReceiver,
  doors: readonly (Door | ApiDoor)[],
  worker: Worker | null,
): Promise<void> {
  const closed = close(server);
  if ('connected' in receiver) await receiver.stop();
  for (const door of doors) await door.drained();
  await finish(server, closed);
  await worker?.stop();
}

function receiverFor(deps: AppDeps, back: (deafMs: number) => void): SocketReceiver | HTTPReceiver {
  const { apiUrl, appToken, signingSecret } = deps.slack;
  if (appToken) return socketReceiver(apiUrl, appToken, deps.log, back);
  if (!signingSecret) throw new Fault('config', 'no signing secret', 'SLACK_SIGNING_SECRET is missing.');
  return new HTTPReceiver({
    signingSecret,
    // Events are acknowledged after they are committed, not before: a crash must not lose them.
    processBeforeResponse: true,
    logger: sdkLogger({ warn: (fields) => deps.log.info(fields, 'request refused') }),
  });
}

// Slack may be down when Andon starts; the record works without it, so this goes on trying. A token that Slack refuses
// then is a wrong setting; one that it refuses later may be mended while Andon runs.
async function bindOrRetry(
  deps: AppDeps,
  db: Database,
  api: SlackApi,
  workspace: WorkspaceRef,
  stopped: AbortSignal,
): Promise<void> {
  const bind = async () => {
    await bindTeam(db, api, workspace);
    await findAnnouncements(db, api, workspace).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'channel for announcements not found yet'),
    );
  };
  try {
    await bind();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const refused = refusedBotToken(error);
    if (refused) throw refused;
    deps.log.warn({ err: error }, 'Slack does not answer; going on without it');
    void retry(bind, deps, stopped);
  }
}

async function retry(bind: () => Promise<void>, deps: AppDeps, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await deps.wire.wait(bindRetryMs, stopped);
    if (stopped.aborted) return;
    try {
      return await bind();
    } catch (error) {
      deps.log.warn({ err: error }, 'Slack still does not answer');
      if (error instanceof Fault) return;
    }
  }
}

const githubOf = (deps: AppDeps): GithubSettings => deps.github ?? usualGithub;
