// Statistics over HTTP: the same figures as JSON, and the same picture.
import { z } from 'zod';
import type { Ask, Refused } from '../../core/command.js';
import { say } from '../../core/message.js';
import { queryRoute, type Route } from '../../core/route.js';
import { type CalendarDate, dayMs } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import type { Component } from '../incident/index.js';
import { counted, type Stats, type Tally, wentWrong } from './figures.js';
import { periodBefore, periodDaysMax, usualDays } from './period.js';
import { drawStats, pictureWidth } from './picture.js';
import { renderPng } from './render.js';
import { countChanges } from './store.js';

const nameLimit = 200;
const name = z.string().min(1).max(nameLimit).optional();
const instant = z.iso.datetime({ offset: true, error: 'A time is like 2026-03-10T08:00:00Z.' });

const query = z.strictObject({
  from: instant.optional().meta({ description: `By default ${usualDays} days before \`to\`.` }),
  to: instant.optional().meta({ description: 'By default now. What ended at this instant is not counted.' }),
  service: name,
  environment: name.meta({ description: 'Without it only production is counted.' }),
  cluster: name,
});
type Query = z.infer<typeof query>;

const tally = z
  .object({
    changes: z.number().int().meta({ description: 'succeeded + failed + rolledBack' }),
    succeeded: z.number().int(),
    failed: z.number().int().meta({ description: 'A confirmed cause of an incident included.' }),
    rolledBack: z.number().int(),
    rollbacks: z.number().int().meta({ description: 'Changes that took another one back.' }),
    cancelled: z.number().int(),
    successRate: z.number().nullable().meta({ description: 'Of `changes`; null where there are none.' }),
    failureRate: z.number().nullable().meta({ description: '(failed + rolledBack) of `changes`.' }),
  })
  .meta({ id: 'ChangeTally' });

const answer = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    zone: z.string(),
    on: z.array(z.string()).meta({ description: 'Empty: all of production.' }),
    total: tally,
    validation: z.object({
      good: z.number().int(),
      bad: z.number().int(),
      waiting: z.number().int(),
    }),
    each: z.enum(['day', 'week']),
    columns: z.array(tally.extend({ date: z.iso.date() })),
    places: z.array(tally.extend({ service: z.string(), environment: z.string() })),
  })
  .meta({ id: 'ChangeStats' });

const asJson = queryRoute({
  path: '/changes/stats',
  scope: 'changes:read',
  summary: 'How many changes ended, and how',
  description: 'What people confirmed as a cause in a private incident is not counted as failed.',
  params: z.strictObject({}),
  query,
  answer,
  async read(tx, _params, asked, ask) {
    const stats = await read(tx, asked, ask);
    return 'refused' in stats ? stats : { found: jsonOf(stats) };
  },
});

const asPicture = queryRoute({
  path: '/changes/stats.png',
  scope: 'changes:read',
  summary: 'The same as a picture',
  params: z.strictObject({}),
  query,
  produces: 'image/png',
  answer: z.string().meta({ format: 'binary' }),
  async read(tx, _params, asked, ask) {
    const stats = await read(tx, asked, ask);
    return 'refused' in stats ? stats : { found: await renderPng(drawStats(stats), pictureWidth) };
  },
});

export const routes: readonly Route[] = [asJson, asPicture];

async function read(tx: Tx, asked: Query, ask: Ask): Promise<Stats | Refused> {
  const { zone } = await tx.workspace.findUniqueOrThrow({ where: { id: ask.workspace.id } });
  const to = asked.to ? new Date(asked.to) : ask.now;
  const usual = periodBefore(to, usualDays * dayMs, zone);
  const from = asked.from ? new Date(asked.from) : usual.from;
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days <= 0 || days > periodDaysMax)
    return {
      refused: {
        message: say(`\`from\` must lie before \`to\`, by at most ${periodDaysMax} days.`),
        field: 'from',
      },
    };
  return countChanges(tx, ask.workspace.id, { period: { from, to, zone }, on: componentsOf(asked) });
}

function componentsOf({ service = '', environment = '', cluster = '' }: Query): Component[] {
  return service || environment || cluster ? [{ service, environment, cluster }] : [];
}

function jsonOf(stats: Stats): z.infer<typeof answer> {
  const { period, on, total, validation, each, columns, places } = stats;
  return {
    ...{ from: period.from.toISOString(), to: period.to.toISOString(), zone: period.zone, on: [...on] },
    ...{ total: tallyJson(total), validation, each },
    columns: columns.map((column) => ({ date: isoDate(column.date), ...tallyJson(column.tally) })),
    places: places.map((place) => ({
      service: place.service,
      environment: place.environment,
      ...tallyJson(place.tally),
    })),
  };
}

function tallyJson(it: Tally): z.infer<typeof tally> {
  const changes = counted(it);
  const rate = (part: number) => (changes === 0 ? null : part / changes);
  return {
    changes,
    succeeded: it.succeeded,
    failed: it.failed,
    rolledBack: it.rolledBack,
    rollbacks: it.rollback,
    cancelled: it.cancelled,
    successRate: rate(it.succeeded),
    failureRate: rate(wentWrong(it)),
  };
}

function isoDate({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
