// Performs what leaves neither by Slack nor by GitHub: letters, pagers' calls, calendars that are read.
import type { EffectKind, Performed } from '../core/effect.js';
import { readFact } from '../core/fact.js';
import { letterOf, letterSent } from '../features/updates/index.js';
import type { Outside } from './context.js';
import { readFeed } from './feed.js';
import { sendMail } from './mail.js';
import { pageByMail } from './page-mail.js';
import { pageByWebhook } from './page-webhook.js';

/** Whether an effect leaves by one of these ways. */
export function isOutside(kind: EffectKind): boolean {
  if (kind.do === 'page') return kind.path !== 'slack';
  return kind.do === 'mail' || kind.do === 'readFeed';
}

/** Performs such a job. Throws OutsideRefused, OutsideBusy or OutsideUnreachable. */
export async function performOutside(context: Outside): Promise<Performed> {
  const { kind } = context.job;
  if (kind.do === 'mail')
    return kind.letter === undefined ? sendMail(context, kind) : sendUpdate(context, kind);
  if (kind.do === 'readFeed') return readFeed(context, kind);
  if (kind.do === 'page' && kind.path === 'mail') return pageByMail(context, kind);
  if (kind.do === 'page' && kind.path === 'webhook') return pageByWebhook(context, kind);
  throw new Error(`${kind.do} is no effect of these`);
}

// Drawn when it leaves: what was taken back or redacted meanwhile is not sent.
async function sendUpdate(context: Outside, effect: Extract<EffectKind, { do: 'mail' }>): Promise<Performed> {
  const letter = await letterOf(context.tx, effect.letter ?? '', context.workspace.zone);
  if (!letter) return [];
  const { drawn } = letter;
  // What was drawn late may have said already what this one was to say anew.
  if ((await lastLetter(context)) === drawn) return [];
  await sendMail(context, { ...effect, ...letter });
  return [letterSent({ drawn }, { stream: context.job.lane })];
}

async function lastLetter({ tx, job }: Outside): Promise<string | null> {
  const row = await tx.fact.findFirst({
    where: { workspaceId: job.workspaceId, stream: job.lane, type: letterSent.type },
    orderBy: { version: 'desc' },
  });
  return row ? (letterSent.read(readFact(row)).data.drawn ?? null) : null;
}
