// Performing effects: each in its own function, safe to repeat, answering with the facts of what Slack did.
import type { EffectKind, Performed } from '../core/effect.js';
import { catchUp, catchUpPins, lookAgain } from './catch-up.js';
import { catchUpMembers } from './catch-up-members.js';
import { setChangesTopic } from './changes-topic.js';
import { goOnElsewhere } from './closed.js';
import type { Performing } from './context.js';
import { seekCopies } from './copies.js';
import { decorate } from './decorate.js';
import { findPeople } from './find-people.js';
import { readGroup } from './groups.js';
import { publishHome, refreshHomes } from './home.js';
import { meet } from './meet.js';
import { answerMissed } from './missed.js';
import { movePlace, openPlace } from './open-place.js';
import { pageInSlack } from './page.js';
import { sendPicture } from './picture.js';
import { postEphemeral, replaceMessage, respond, sayOnce } from './post.js';
import { renameChannel } from './rename.js';
import { showView } from './show.js';
import { lookAt } from './take-message.js';
import { replaceFiles, upload } from './upload.js';

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
    case 'findPeople':
      return findPeople(context, effect);
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
