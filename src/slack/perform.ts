// Performing effects: each in its own function, safe to repeat, answering with the facts of what Slack did.
import type { Ask, WorkspaceRef } from '../core/command.js';
import type { EffectKind, Performed } from '../core/effect.js';
import type { Automatic, DocumentMaker, PictureMaker, View } from '../core/feature.js';
import type { Message } from '../core/message.js';
import type { Job } from '../db/jobs.js';
import type { Tx } from '../db/tx.js';
import type { Answer, SlackApi } from './api.js';
import { catchUp, catchUpPins, lookAgain } from './catch-up.js';
import { catchUpMembers } from './catch-up-members.js';
import { setChangesTopic } from './changes-topic.js';
import { goOnElsewhere } from './closed.js';
import { seekCopies } from './copies.js';
import { decorate } from './decorate.js';
import { readGroup } from './groups.js';
import { publishHome, refreshHomes } from './home.js';
import { meet } from './meet.js';
import { answerMissed, type Mentions } from './missed.js';
import { movePlace, openPlace } from './open-place.js';
import { pageInSlack } from './page.js';
import type { People } from './people.js';
import { sendPicture } from './picture.js';
import { postEphemeral, replaceMessage, respond, sayOnce, showView } from './post.js';
import { renameChannel } from './rename.js';
import { lookAt } from './take-message.js';
import { replaceFiles, upload } from './upload.js';

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

/** Performs a job's effect. Throws what the call threw; the worker decides whether to try again. */
export async function perform(context: Performing): Promise<Performed> {
  try {
    return await performOnce(context);
  } catch (error) {
    return goOnElsewhere(context, error);
  }
}

async function performOnce(context: Performing): Promise<Performed> {
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
    case 'sendPicture':
      return sendPicture(context, effect);
    case 'replace':
      return replaceMessage(context, effect);
    case 'replaceFiles':
      return replaceFiles(context, effect);
    case 'renameChannel':
      return renameChannel(context);
    case 'seekCopies':
      return seekCopies(context, effect);
    case 'look':
      return lookAt(context, effect);
    case 'catchUp':
      return catchUp(context, effect);
    case 'catchUpPins':
      return catchUpPins(context, effect);
    case 'catchUpMembers':
      return catchUpMembers(context, effect);
    case 'lookAgain':
      return lookAgain(context, effect);
    case 'answerMissed':
      return answerMissed(context, effect);
    case 'publishHome':
      return publishHome(context, effect);
    case 'refreshHomes':
      return refreshHomes(context, effect);
    case 'meet':
      return meet(context, effect);
    case 'decide':
      return decide(context, effect);
    case 'answerProtectionRule':
      // app.ts hands it to github/perform.ts.
      throw new Error('no effect of Slack');
    case 'page':
      return pageInSlack(context, effect);
    case 'readGroup':
      return readGroup(context, effect);
    case 'mail':
    case 'readFeed':
      // app.ts hands them to outside/perform.ts.
      throw new Error('no effect of Slack');
    case 'changesTopic':
      return setChangesTopic(context);
    case 'invite':
    case 'setTopic':
    case 'setPurpose':
    case 'pin':
    case 'bookmark':
      return decorate(context, effect);
  }
}

function decide(
  { automatic }: Performing,
  { command, data }: Extract<EffectKind, { do: 'decide' }>,
): Performed {
  const made = automatic[command];
  // A name that this version does not know any more.
  return made ? { command: made(data), effects: [] } : [];
}
