// App Home: published when a person opens it, and anew for those who did lately when an incident changes.
import type { App } from '@slack/bolt';
import type { Ask } from '../core/command.js';
import type { EffectKind, Performed } from '../core/effect.js';
import { line, type Message, message } from '../core/message.js';
import { execute } from '../execute.js';
import { homeAsked, homeLanes, openedHome, publishHome as publishEffect } from '../features/home/index.js';
import type { Performing } from './context.js';
import { type DoorParts, requestOf, understand } from './request.js';

/** Whoever opened it this long ago may still look at it. */
const lookedAtMs = 3_600_000;
/** What was asked so long ago is known from its job; before, jobs may have been pruned. */
const jobsKnownMs = 6 * 86_400_000;
/** Of many who look, the latest are kept current; the others see it when they come back to it. */
const keptCurrent = 25;
// docs.slack.dev, Block Kit reference: a home view holds a hundred blocks.
const blocksMax = 100;

/** Hears who opens App Home. A job publishes it, so that Slack's rates are kept and what fails is tried again. */
export function hearHome(app: App, parts: DoorParts, track: <T>(work: Promise<T>) => Promise<T>): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home') return;
    const request = requestOf(context, {
      requestId: `event/${body.event_id}`,
      user: { id: event.user, name: event.user },
      channelId: null,
      source: 'automatic',
      triggerId: null,
      respondUrl: null,
    });
    const { ask } = await understand(parts, request, '');
    const answer = () => [publishEffect(event.user, true)];
    await track(execute(parts.kernel, homeAsked.given(null), ask, { answer }));
  });
}

/** Draws one person's App Home from the rows as they are, and publishes it. */
export async function publishHome(
  context: Performing,
  effect: Extract<EffectKind, { do: 'publishHome' }>,
): Promise<Performed> {
  const home = await context.drawHome(askOf(context, effect.userId));
  await context.call('views.publish', {
    user_id: effect.userId,
    view: { type: 'home', blocks: fitting(home) },
  });
  return [];
}

/** Brings App Homes up to date, each in its own lane: those opened lately, or all that may show an incident. */
export async function refreshHomes(
  context: Performing,
  effect: Extract<EffectKind, { do: 'refreshHomes' }>,
): Promise<Performed> {
  const said = effect.since ? new Date(effect.since) : context.now;
  const since = effect.incidentId ? await declaredAt(context, effect.incidentId) : said;
  const lanes = isLongAgo(context, since)
    ? await everyLane(context)
    : await lanesSince(context, since, effect);
  if (lanes.length === 0) return [];
  return {
    command: homeAsked.given(null),
    effects: lanes.map((lane) => publishEffect(lane.slice(homeLanes.length), false)),
  };
}

// Jobs are pruned after a week, lanes never.
function isLongAgo(context: Performing, since: Date): boolean {
  return context.now.getTime() - since.getTime() > jobsKnownMs;
}

async function everyLane(context: Performing): Promise<string[]> {
  const where = { workspaceId: context.workspace.id, name: { startsWith: homeLanes } };
  return (await context.tx.lane.findMany({ where, select: { name: true } })).map((lane) => lane.name);
}

async function lanesSince(
  context: Performing,
  since: Date,
  effect: Extract<EffectKind, { do: 'refreshHomes' }>,
): Promise<string[]> {
  const opened = await context.tx.job.findMany({
    where: {
      workspaceId: context.workspace.id,
      lane: { startsWith: homeLanes },
      collapse: openedHome,
      madeAt: { gte: new Date(since.getTime() - lookedAtMs) },
    },
    orderBy: { madeAt: 'desc' },
    distinct: ['lane'],
    ...(effect.incidentId || effect.since ? {} : { take: keptCurrent }),
    select: { lane: true },
  });
  return opened.map(({ lane }) => lane);
}

// When we were told, whatever time it was declared for: whoever had opened theirs lately has seen it then.
async function declaredAt(context: Performing, incidentId: string): Promise<Date> {
  const first = await context.tx.fact.findFirstOrThrow({
    where: { incidentId, seq: 1 },
    select: { recordedAt: true },
  });
  return first.recordedAt;
}

function askOf(context: Performing, userId: string): Ask {
  return {
    requestId: `job/${context.job.id}`,
    workspace: context.workspace,
    actor: { kind: 'person', id: userId, name: '', zone: null },
    now: context.now,
    newId: () => context.job.id,
    source: 'automatic',
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}

function fitting(home: Message): Message['blocks'] {
  if (home.blocks.length <= blocksMax) return home.blocks;
  const more = message(line('There is more: ', { code: '/incident list' }));
  return [...home.blocks.slice(0, blocksMax - 1), ...more.blocks];
}
