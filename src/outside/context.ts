// What the performing of a job that leaves by letter, pager or calendar is handed.
import type { Log } from '../core/log.js';
import type { Job } from '../db/jobs.js';
import type { PageLinks } from '../db/sign.js';
import type { Tx } from '../db/tx.js';
import type { MailSettings } from './smtp.js';

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
