// Letters by SMTP.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused, OutsideUnreachable } from '../core/outside.js';
import { mailTaken } from '../features/oncall/index.js';
import { letterOf } from '../features/updates/index.js';
import type { Outside } from './context.js';
import { letterWaits, notNow, testWaits } from './patience.js';
import { MailLater, sendLetter } from './smtp.js';

export type { MailSettings } from './smtp.js';

/** Sends a letter once; a repeat after an answer that was lost bears the same id. */
export async function sendMail(
  context: Outside,
  effect: Extract<EffectKind, { do: 'mail' }>,
): Promise<Performed> {
  const words =
    effect.letter === undefined ? effect : await letterOf(context.tx, effect.letter, context.workspace.zone);
  // What it would tell is not there any more.
  if (!words) return [];
  const letter = { to: effect.to, subject: words.subject, text: words.text };
  await (effect.tested ? postSoon(context, letter) : post(context, letter, letterWaits));
  return mailTaken(effect);
}

// Somebody waits for the answer: a server that is not there is said, and not waited for.
async function postSoon(context: Outside, letter: Parameters<typeof post>[1]): Promise<void> {
  try {
    await post(context, letter, []);
  } catch (error) {
    if (!(error instanceof OutsideUnreachable)) throw error;
    await notNow(context, 'smtp', error.message.replace(/^smtp: /, ''), testWaits);
  }
}

/** Sends a letter by the server that is set up, and says later or never in words that the job understands. */
export async function post(
  context: Outside,
  letter: { readonly to: string; readonly subject: string; readonly text: string; readonly urgent?: boolean },
  waits: readonly number[],
): Promise<void> {
  const { mail, job } = context;
  if (!mail) throw new OutsideRefused('smtp', 'not_set_up', 'SMTP_URL');
  try {
    await sendLetter(mail, { id: job.id, ...letter });
  } catch (error) {
    if (!(error instanceof MailLater)) throw error;
    await notNow(context, 'smtp', error.message, waits);
  }
}
