// The same announcement twice within minutes: probably sent twice. Pure.

import { line, type Message, message } from '../../core/message.js';
import { sameWords } from '../../core/text.js';
import { showDuration, type WrittenTime } from '../../core/time/index.js';
import { type Component, componentName } from '../incident/index.js';
import { isSame } from './near.js';
import type { AnnounceInput, Recent } from './said.js';
import type { Surroundings } from './surroundings.js';
import { changeKey } from './words.js';

/** The one that this one repeats: in the same words, and not somewhere else. */
export function repeatOf(
  title: string,
  components: readonly Component[],
  recent: readonly Recent[],
  around: Surroundings,
): Recent | undefined {
  return recent.find(
    (each) =>
      each.state !== 'cancelled' &&
      sameWords(each.title, title) &&
      !isElsewhere(components, each.components, around),
  );
}

/** The whole line again, so that nothing of what was said is lost. */
export function askAgain(
  twin: { readonly number: number; readonly title: string },
  title: string,
  input: AnnounceInput,
): Message {
  const on = input.on.map(componentName).map((name) => (name.includes(' ') ? `"${name}"` : name));
  const words = [
    `/change announce ${title}`,
    ...(input.kind ? [`kind:${input.kind}`] : []),
    ...(on.length > 0 ? [`on:${on.join(',')}`] : []),
    ...timeWords('at', input.at),
    ...timeWords('until', input.until),
    ...(input.for === undefined ? [] : [`for:${showDuration(input.for).replaceAll(' ', '')}`]),
    ...(input.cover ? [`cover:@${input.cover.name}`] : []),
    ...(input.owner ? [`owner:@${input.owner.name}`] : []),
    ...(input.url ? [`url:${input.url}`] : []),
    ...(input.reversible ? [`reversible:${input.reversible}`] : []),
    ...(input.begun ? ['begun'] : []),
    ...(input.irreversible ? ['irreversible'] : []),
    'anyway',
  ];
  return message(
    line(
      `You announced ${changeKey(twin)} “${twin.title}” a moment ago, so nothing was done. If this is another one:`,
    ),
    line({ code: words.join(' ') }),
  );
}

function timeWords(key: string, time: WrittenTime | undefined): string[] {
  return time ? [`${key}:"${time.asWritten}"`] : [];
}

// Where nobody said where, it may be the same place.
function isElsewhere(one: readonly Component[], other: readonly Component[], around: Surroundings): boolean {
  if (one.length === 0 || other.length === 0) return false;
  return !one.some((here) => other.some((there) => isSame(here, there, around)));
}
