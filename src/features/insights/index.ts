// Statistics of changes, as words and as a picture.
import { z } from 'zod';
import { accept, defineCommand } from '../../core/command.js';
import { onChange } from '../../core/effect.js';
import { isInSlack, on } from '../../core/fact.js';
import type { Feature, Picture } from '../../core/feature.js';
import { line, message } from '../../core/message.js';
import { dayMs, readDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { type Component, componentSchema, componentWord } from '../incident/index.js';
import { statsAsked } from './facts.js';
import { counted, type Stats } from './figures.js';
import { routes } from './http.js';
import { type Period, periodBefore, periodDaysMax, usualDays } from './period.js';
import { drawStats, pictureWidth } from './picture.js';
import { renderPng } from './render.js';
import { countChanges } from './store.js';
import { periodWords, scopeWords, tellPicture, tellStats } from './told.js';

const lengthWord = z.string().transform((word, context) => {
  const read = readDuration(word);
  const fits = read.ok && read.milliseconds > 0 && read.milliseconds <= periodDaysMax * dayMs;
  if (fits) return read.milliseconds;
  const reason = read.ok
    ? `Statistics are of more than no time and at most ${periodDaysMax} days.`
    : read.reason;
  context.issues.push({ code: 'custom', input: word, message: `${reason} Nothing was done.` });
  return z.NEVER;
});

interface StatsInput {
  readonly duration?: number | undefined;
  readonly on: Component[];
}
interface Target {
  readonly period: Period;
}

const stats = defineCommand<StatsInput, Target, Stats>({
  verb: {
    surface: 'change',
    words: ['stats', 'statistics'],
    usage: '[DURATION] [on:COMPONENT,…]',
    summary:
      'How many changes, and how many of them failed, as words and as a picture. 30 days unless you say otherwise.',
    example: '/change stats 7d on:api',
    onIncident: false,
    inDrill: 'allowed',
  },
  input: z.object({ duration: lengthWord.optional(), on: z.array(componentWord).default([]) }),
  async locate(tx, input, ask) {
    const zone = await zoneNow(tx, ask.workspace);
    const period = periodBefore(ask.now, input.duration ?? usualDays * dayMs, zone);
    return { streams: [streamOf(ask.actor.id)], target: { period } };
  },
  load: (tx, input, { period }, ask) => countChanges(tx, ask.workspace.id, { period, on: input.on }),
  decide(counts, input, ask) {
    const { from, to, zone } = counts.period;
    const words = tellStats(counts);
    // Of nothing there is no picture.
    if (counted(counts.total) === 0) return accept([], words);
    const { channelId, threadTs } = ask;
    const asked = statsAsked(
      { from, to, zone, on: input.on, channelId, threadTs },
      { stream: streamOf(ask.actor.id) },
    );
    if (!isInSlack(ask.actor.id)) return accept([], words);
    const follows = message(line('The picture follows here, or as a direct message where I am not.'));
    return accept([asked], {
      text: `${words.text}\n${follows.text}`,
      blocks: [...words.blocks, ...follows.blocks],
    });
  },
});

// One line for each person: two who ask at once do not wait for each other.
function streamOf(actorId: string): string {
  return `stats/${actorId}`;
}

// The workspace's zone may have changed since Andon was started.
async function zoneNow(tx: Tx, workspace: { id: string; zone: string }): Promise<string> {
  const row = await tx.workspace.findUnique({ where: { id: workspace.id }, select: { zone: true } });
  return row?.zone ?? workspace.zone;
}

const pictureOf = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  zone: z.string(),
  on: z.array(componentSchema),
});

async function drawPicture(tx: Tx, data: unknown, { id }: { readonly id: string }): Promise<Picture> {
  const { from, to, zone, on: where } = pictureOf.parse(data);
  const counts = await countChanges(tx, id, { period: { from, to, zone }, on: where });
  return {
    name: `changes-${to.toISOString().slice(0, 10)}.png`,
    title: `Changes ${scopeWords(counts)}, ${periodWords(counts)}`,
    alt: tellPicture(counts),
    content: await renderPng(drawStats(counts), pictureWidth),
  };
}

export const insightsFeature: Feature = {
  name: 'insights',
  topic: 'looking',
  facts: [statsAsked],
  commands: [stats],
  react: [
    on(statsAsked, ({ data, actor }) => {
      const { channelId, threadTs } = data;
      const what = { from: data.from.toISOString(), to: data.to.toISOString(), zone: data.zone, on: data.on };
      const to = { channelId, threadTs, userId: actor.id };
      const effect = onChange('', { do: 'sendPicture', picture: 'stats', data: what, ...to });
      return [{ ...effect, lane: streamOf(actor.id) }];
    }),
  ],
  pictures: { stats: drawPicture },
  routes,
};
