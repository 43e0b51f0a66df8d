// Performing effects: each in its own function, safe to repeat, answering with the facts of what Slack did.
import type { WorkspaceRef } from '../core/command.js';
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import type { DocumentMaker, View } from '../core/feature.js';
import type { Job } from '../db/jobs.js';
import type { Tx } from '../db/tx.js';
import type { Answer, SlackApi } from './api.js';
import { decorate } from './decorate.js';
import { movePlace, openPlace } from './open-place.js';
import { postEphemeral, respond, sayOnce, showView } from './post.js';
import { upload } from './upload.js';

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
  };
  readonly api: SlackApi;
  /** Calls Slack within its rates; urgent for kick-off messages and pages. */
  call(method: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  readonly views: Readonly<Record<string, View>>;
  readonly documents: Readonly<Record<string, DocumentMaker>>;
  /** Writes something down for the next attempt, before the call that makes it matter. */
  note(notes: Record<string, string>): Promise<void>;
  /** Remembers the id of the channel where incidents are announced. */
  learnAnnouncements(channelId: string): Promise<void>;
}

/** Performs a job's effect. Throws what the call threw; the worker decides whether to try again. */
export async function perform(context: Performing): Promise<readonly Stated[]> {
  const effect: EffectKind = context.job.kind;
  switch (effect.do) {
    case 'openPlace':
      return openPlace(context);
    case 'movePlace':
      return movePlace(context);
    case 'show':
      return showView(context, effect);
    case 'say':
      return sayOnce(context, effect);
    case 'sayOnly':
      return postEphemeral(context, effect);
    case 'respond':
      return respond(context, effect);
    case 'upload':
      return upload(context, effect);
    case 'invite':
    case 'setTopic':
    case 'setPurpose':
    case 'pin':
    case 'bookmark':
      return decorate(context, effect);
  }
}
