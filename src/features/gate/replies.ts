// A verdict as people read it, line by line.
import { line, list, type Message, message, shorten } from '../../core/message.js';
import type { Answer } from './words.js';

const titleMax = 120;
const reasonsMax = 6;
const headlines = {
  allow: 'may start',
  warn: 'may start, with a warning',
  hold: 'is held',
  deny: 'is denied',
} as const;

/** The answer in words: the verdict, why, and what can be done about it. */
export function answerReply(answer: Answer, title: string): Message {
  const more = answer.reasons.length - reasonsMax;
  const place = answer.turn ? `, place ${answer.turn.place} of ${answer.turn.of}` : '';
  return message(
    line(`“${shorten(title, titleMax)}” ${headlines[answer.decision]}${place}.`),
    list(answer.reasons.slice(0, reasonsMax).map((each) => [each.text])),
    more > 0 && line(`And ${more} more.`),
    answer.howToProceed !== null && line(answer.howToProceed),
  );
}
