// What is said of a freeze in several places. Pure.
import { line, type Part, type Span } from '../../core/message.js';
import { type Frozen, windowNow } from './phase.js';
import { scopeWords } from './places.js';
import { freezeKey } from './words.js';

const shownMax = 2;

/** “FRZ-2 still freezes all production until 18:00; what it holds waits on.” */
export function stillLine(still: readonly Frozen[], at: Date): Part {
  const spans = still.slice(0, shownMax).flatMap((each, i): Span[] => {
    const until = windowNow(each, at)?.until;
    return [
      i > 0 ? '; ' : '',
      { bold: freezeKey(each) },
      ` still freezes ${scopeWords(each.scope)}`,
      ...(until ? [' until ', { at: until }] : []),
    ];
  });
  const more = still.length - shownMax;
  return line(...spans, `${more > 0 ? `; and ${more} more` : ''}. What is frozen there waits on.`);
}
