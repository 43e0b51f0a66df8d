// What the performing of a job is handed, and the incident that the job is about.
import type { Ask, WorkspaceRef } from '../core/command.js';
import type { Automatic, DocumentMaker, PictureMaker, View } from '../core/feature.js';
import type { Message } from '../core/message.js';
import type { Job } from '../db/jobs.js';
import type { Tx } from '../db/tx.js';
import type { Incident } from '../features/incident/index.js';
import type { Answer, SlackApi } from './api.js';
import type { People } from './people.js';

/** A mention that nobody heard. */
export interface MissedMention {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string;
  readonly text: string;
}

/** What the door knows of mentions. */
export interface Mentions {
  /** Whether it was heard before it was missed, or has been answered since. */
  wasAnswered(mention: { readonly channelId: string; readonly ts: string }): Promise<boolean>;
  /** Whether it begins with a verb. */
  isCommand(text: string): boolean;
  answer(mention: MissedMention): Promise<void>;
}

/** What performing a job may use. */
export interface Performing {
  readonly job: Job;
  /** Committed rows. */
  readonly tx: Tx;
  readonly workspace: WorkspaceRef;
  readonly home: {
    readonly teamUrl: string | null;
    readonly botUserId: string | null;
    readonly announcements: string;
    readonly changes: string;
  };
  readonly api: SlackApi;
  /** Calls Slack within its rates; urgent for kick-off messages and pages. */
  call(method: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  readonly people: People;
  /** The reaction that puts a message on the timeline. */
  readonly emoji: string;
  /** What was said to Andon while nobody listened, and is answered now. */
  readonly mentions: Mentions;
  /** The record's clock. */
  readonly now: Date;
  readonly views: Readonly<Record<string, View>>;
  readonly documents: Readonly<Record<string, DocumentMaker>>;
  readonly pictures: Readonly<Record<string, PictureMaker>>;
  readonly automatic: Readonly<Record<string, Automatic>>;
  /** Draws App Home for the one who asks. */
  drawHome(ask: Ask): Promise<Message>;
  /** Writes something down for the next attempt, before the call that makes it matter. */
  note(notes: Record<string, string>): Promise<void>;
  /** Remembers the id of the channel where incidents, or changes, are announced; null forgets it. */
  learnChannel(which: 'incidents' | 'changes', channelId: string | null): Promise<void>;
}

/** The incident that the job is about, as committed. Throws where it is about none. */
export async function incidentOf(context: Performing): Promise<Incident> {
  return context.tx.incident.findUniqueOrThrow({ where: { id: context.job.incidentId ?? '' } });
}
