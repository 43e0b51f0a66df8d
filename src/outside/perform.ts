// Performs what leaves neither by Slack nor by GitHub: letters, pagers' calls, calendars that are read.
import type { EffectKind, Performed } from '../core/effect.js';
import type { Log } from '../core/log.js';
import type { Job } from '../db/jobs.js';
import type { PageLinks } from '../db/sign.js';
import type { Tx } from '../db/tx.js';
import { letterOf, letterSent } from '../features/updates/index.js';
import { readFeed } from './feed.js';
import { type MailSettings, sendMail } from './mail.js';
import { pageByMail } from './page-mail.js';
import { pageByWebhook } from './page-webhook.js';

/** A system that calls people, with what proves us to it. */
export interface KnownPager {
  readonly name: string;
  readonly kind: 'webhook' | 'pagerduty' | 'opsgenie';
  readonly url: string;
  readonly secret: string;
}

/** What performing such a job may use. */
export interface Outside {
  readonly job: Job;
  /** Committed rows. */
  readonly tx: Tx;
  readonly workspace: { readonly id: string; readonly zone: string; readonly locale: string };
  /** Null: no mail server is set up. */
  readonly mail: MailSettings | null;
  readonly links: PageLinks;
  /** How others reach Andon. */
  readonly publicUrl: string;
  /** Null for one that is not known or was revoked; throws where its secret cannot be opened. */
  pager(name: string): Promise<KnownPager | null>;
  /** The record's clock. */
  readonly now: Date;
  readonly log: Log;
  /** Writes something down for the next attempt, before the call that makes it matter. */
  note(notes: Record<string, string>): Promise<void>;
}

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
  const letter = await letterOf(context.tx, effect.letter ?? '');
  if (!letter) return [];
  await sendMail(context, { ...effect, ...letter });
  return [letterSent({}, { stream: context.job.lane })];
}
