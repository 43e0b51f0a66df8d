// Letters by SMTP.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused } from '../core/outside.js';
import type { Outside } from './perform.js';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password. */
  readonly url: string;
  readonly from: string;
}

/** Sends a letter once. */
export async function sendMail(
  _context: Outside,
  _effect: Extract<EffectKind, { do: 'mail' }>,
): Promise<Performed> {
  throw new OutsideRefused('smtp', 'not_built');
}
