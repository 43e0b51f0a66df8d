// How each kind of job is performed: which part of the program speaks to which part of the world, and what its failures mean.

import type { Ask, WorkspaceRef } from './core/command.js';
import type { Automatic } from './core/feature.js';
import type { Log } from './core/log.js';
import { OutsideBusy, OutsideRefused, OutsideUnreachable } from './core/outside.js';
import type { Wire } from './core/wire.js';
import type { Job } from './db/jobs.js';
import { findPager } from './db/pagers.js';
import { sealOf } from './db/seal.js';
import type { PageLinks } from './db/sign.js';
import type { Kernel } from './execute.js';
import { drawHome } from './features/home/index.js';
import { features } from './features/index.js';
import { feedGivenUp, mailGivenUp } from './features/oncall/index.js';
import { pageGivenUp } from './features/paging/index.js';
import { groupGivenUp } from './features/permission/index.js';
import { recordResult } from './features/places/index.js';
import { unanswered } from './features/protection/index.js';
import { type GithubApi, GithubBusy, GithubRefused, GithubUnreachable } from './github/api.js';
import { answerProtectionRule } from './github/perform.js';
import { isOutside, performOutside } from './outside/perform.js';
import type { MailSettings } from './outside/smtp.js';
import { type SlackApi, SlackBusy, SlackRefused, SlackUnreachable, slackAnswers } from './slack/api.js';
import { shortfall } from './slack/given-up.js';
import { missedMentions } from './slack/mention.js';
import { paced } from './slack/pacing.js';
import { perform } from './slack/perform.js';
import type { DoorParts } from './slack/request.js';
import type { Failure, makeWorker } from './worker.js';

/** What the program is started with, as far as performing needs it. */
export interface Supplies {
  readonly databaseUrl: string;
  /** Seals secrets that must be known again; without it, the file beside a SQLite database does. */
  readonly secretKey?: string | undefined;
  /** The mail server by which pages and updates go; none unless told. */
  readonly mail?: MailSettings | undefined;
  /** The record's clock. */
  readonly now: () => Date;
  readonly wire: Wire;
  /** The worker's, where tests let its waits pass at once. */
  readonly workerWire?: Wire;
  readonly log: Log;
}

/** What the worker is handed: how each kind of job is performed, by whom, and what is stated where it is given up. */
export function workerParts(
  deps: Supplies,
  kernel: Kernel,
  api: SlackApi,
  workspace: WorkspaceRef,
  door: DoorParts,
  github: GithubApi | null,
  { links, publicUrl }: { readonly links: PageLinks; readonly publicUrl: string },
): Parameters<typeof makeWorker>[0] {
  const { db } = kernel;
  const wire = deps.workerWire ?? deps.wire;
  const pacer = paced(api, wire);
  const mentions = missedMentions(door, () => door.team(null));
  const views = Object.assign({}, ...features.map((feature) => feature.views ?? {}));
  const documents = Object.assign({}, ...features.map((feature) => feature.documents ?? {}));
  const pictures = Object.assign({}, ...features.map((feature) => feature.pictures ?? {}));
  const automatic: Readonly<Record<string, Automatic>> = Object.assign(
    {},
    ...features.map((feature) => feature.automatic ?? {}),
  );
  return {
    kernel,
    wire,
    log: deps.log,
    now: deps.now,
    record: (facts) => recordResult.given(facts),
    async perform(job, note) {
      const rows = db.of(job.workspaceId);
      if (job.kind.do === 'answerProtectionRule')
        return answerProtectionRule({ job, tx: rows.read, api: github, now: deps.now(), note }, job.kind);
      const row = await rows.read.workspace.findUniqueOrThrow({ where: { id: job.workspaceId } });
      if (isOutside(job.kind))
        return performOutside({
          ...{ job, tx: rows.read, links, publicUrl, now: deps.now(), log: deps.log, note },
          workspace: { id: row.id, zone: row.zone, locale: row.locale },
          mail: deps.mail ?? null,
          pager: (name) => findPager(db, row.id, name, sealOf(deps.databaseUrl, deps.secretKey)),
        });
      return perform({
        job,
        tx: rows.read,
        workspace: { id: row.id, zone: row.zone, locale: row.locale },
        home: {
          teamUrl: row.slackTeamUrl,
          botUserId: row.slackBotUserId,
          announcements: row.incidentsChannel,
          changes: row.changesChannel,
        },
        api,
        call: (method, args) => pacer.call(method, args, job.first),
        people: door.people,
        emoji: door.emoji,
        mentions,
        now: deps.now(),
        views,
        documents,
        pictures,
        automatic,
        drawHome: (ask) => drawHome(features, rows.read, ask),
        note,
        async learnChannel(which, channelId) {
          const data =
            which === 'incidents' ? { incidentsChannelId: channelId } : { changesChannelId: channelId };
          await rows.write((tx) => tx.workspace.update({ where: { id: row.id }, data }));
        },
      });
    },
    failure: sortFailure,
    async answers(job) {
      // Where a page does not get through, the escalation goes on; it does not wait for one path.
      if (job.kind.do === 'page' || isOutside(job.kind)) return true;
      return github && job.kind.do === 'answerProtectionRule' ? github.answers() : slackAnswers(api);
    },
    givenUp(job, failure) {
      const { read } = db.of(job.workspaceId);
      if (job.kind.do === 'page') return pageGivenUp(read, job.kind, failure);
      if (job.kind.do === 'readFeed')
        return feedGivenUp(read, job.workspaceId, job.kind.schedule, failure, deps.now());
      if (job.kind.do === 'mail' && job.kind.letter === undefined) return mailGivenUp(job.kind, failure);
      if (job.kind.do === 'readGroup') return groupGivenUp(read, job.workspaceId, job.kind.groupId, failure);
      if (job.kind.do === 'answerProtectionRule')
        return unanswered(read, job.kind.gateId, failure, deps.now());
      return shortfall(read, job, failure);
    },
    askFor: (job) => ({
      workspace,
      ...askerOf(job),
      channelId: null,
      threadTs: null,
      respondUrl: job.respondUrl,
    }),
    ownAsk: () => ({ workspace, ...own, channelId: null, threadTs: null, respondUrl: null }),
    automatic: (command, data) => automatic[command]?.(data) ?? null,
  };
}

// What a person did to a message is recorded as theirs, though it is read from Slack later.
function askerOf(job: Job): Pick<Ask, 'actor' | 'source'> {
  const { kind } = job;
  if (kind.do === 'look' && kind.by) {
    const actor = { kind: 'person' as const, ...kind.by, zone: null };
    return { actor, source: kind.because === 'reaction' ? 'reaction' : 'message' };
  }
  return own;
}

const own: Pick<Ask, 'actor' | 'source'> = {
  actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null },
  source: 'automatic',
};

function sortFailure(error: unknown): Failure | null {
  if (error instanceof SlackRefused || error instanceof GithubRefused || error instanceof OutsideRefused)
    return { kind: 'refused', method: error.method, error: error.error, needed: error.needed };
  if (error instanceof SlackBusy || error instanceof GithubBusy || error instanceof OutsideBusy)
    return { kind: 'busy', retryAfterMs: error.retryAfterMs, reason: error.message };
  if (
    error instanceof SlackUnreachable ||
    error instanceof GithubUnreachable ||
    error instanceof OutsideUnreachable
  )
    return { kind: 'unreachable', sent: error.sent, reason: error.message, method: error.method };
  return null;
}
