// The rules of taking messages onto a timeline. Pure: what Slack says of a message now is in the arguments.

import type { EntryKind, Stated } from '../../core/fact.js';
import { shorten } from '../../core/message.js';
import { cleanText } from '../../core/text.js';
import type { WrittenTime } from '../../core/time/index.js';
import { exactly } from '../../core/time/index.js';
import { about, type Incident } from '../incident/index.js';
import { type Entry, kindOf, timeOf } from '../timeline/index.js';
import * as facts from './facts.js';

/** A message as Slack has it, in plain words. */
export interface Seen {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  /** Of the text as Slack has it, where people are named by id: a person's new name is no edit. */
  readonly digest: string;
  readonly files: readonly { id: string; name: string; permalink: string | null }[];
  readonly permalink: string | null;
  readonly edited: string | null;
  /** Andon's own: what it says is on record as what made Andon say it. */
  readonly ours: boolean;
}

/** Who marked a message for the timeline, as Slack says now. */
export interface Marks {
  readonly reactors: readonly string[];
  /** There are more than Slack names. */
  readonly more: boolean;
  readonly pinned: boolean;
}

/** What was found where a message is or was. */
export interface Look {
  readonly channelId: string;
  readonly ts: string;
  /** Null: it is gone. */
  readonly seen: Seen | null;
  /** Null where Slack did not say, as in a shortcut: those known before still count. */
  readonly marks: Marks | null;
  /** Somebody asks for it besides, such as `shortcut:U1`; or who pinned it. */
  readonly mark: string | null;
}

/** A message that is on a timeline, and its entries from the first to the latest correction. */
export interface Taken {
  readonly by: readonly string[];
  readonly withdrawn: boolean;
  readonly entries: readonly Entry[];
  /** Who made the latest correction, where that was not an edit in Slack. */
  readonly corrector: { readonly id: string; readonly name: string } | null;
  /** What Slack said last. */
  readonly lastText: string;
  readonly lastDigest: string | null;
  readonly lastFiles: readonly string[];
}

/** Slack ends a message at 40,000 characters (docs.slack.dev, chat.postMessage); attachments may say as much again. */
const messageLimit = 80_000;

/** Stands for the marks of a message that was taken back by command. */
export const undoneMark = 'undone';

export function decideLook(
  incident: Incident,
  taken: Taken | null,
  look: Look,
  from: 'here' | 'elsewhere' | 'declared',
): Stated[] {
  const { seen, channelId, ts } = look;
  const by = wantedBy(
    (taken?.by ?? []).filter((each) => each !== undoneMark),
    look,
  );
  if (!taken) return seen && !seen.ours && by.length > 0 ? [take(incident, seen, by, from)] : [];
  const seq = taken.entries[0]?.seq ?? 0;
  const entryIds = taken.entries.map((entry) => entry.id);
  if (!seen || by.length === 0) {
    const reason = seen ? 'unmarked' : 'deleted';
    if (taken.by.includes(undoneMark))
      return [facts.messageMarked({ channelId, ts, by: [] }, { stream: about(incident).stream })];
    return taken.withdrawn
      ? []
      : [facts.messageWithdrawn({ channelId, ts, seq, entryIds, reason }, about(incident))];
  }
  // Taken back by command: marks that were there before do not bring it back, only those that come when all are gone.
  if (taken.by.includes(undoneMark) && !look.mark?.startsWith('shortcut:')) return [];
  const stated: Stated[] = [];
  if (taken.withdrawn)
    stated.push(facts.messageRestored({ channelId, ts, seq, entryIds, by }, about(incident)));
  else if (by.join() !== [...taken.by].sort().join())
    stated.push(facts.messageMarked({ channelId, ts, by }, { stream: about(incident).stream }));
  const edit = editOf(incident, taken, seen);
  return edit ? [...stated, edit] : stated;
}

/** The message as an entry: at its own time, by its author. */
export function take(
  incident: { id: string; number: number },
  seen: Seen,
  by: readonly string[],
  from: 'here' | 'elsewhere' | 'declared',
): Stated {
  const { channelId, ts, threadTs } = seen;
  return facts.messageTaken(
    { channelId, ts, threadTs, ...wordsOf(seen, 'note'), number: incident.number, by: [...by], from },
    about(incident, timeOfTs(ts)),
  );
}

/** The message as an entry of its own, beside the timeline that has it already. */
export function asNote(incident: { id: string }, seen: Seen): Stated {
  const { channelId, ts } = seen;
  return facts.messageNoted({ channelId, ts, ...wordsOf(seen, 'note') }, about(incident, timeOfTs(ts)));
}

// An entry that was redacted is not filled again by an edit in Slack.
function editOf(incident: Incident, taken: Taken, seen: Seen): Stated | null {
  const latest = taken.entries.at(-1);
  if (!latest || taken.entries.some((entry) => entry.redacted)) return null;
  const words = wordsOf(seen, latest.kind as EntryKind);
  const files = words.files.map((file) => file.id);
  if (
    (seen.digest === taken.lastDigest || words.text === taken.lastText) &&
    files.join() === taken.lastFiles.join()
  )
    return null;
  const { channelId, ts } = seen;
  // Somebody said it better on purpose: an edit that they have not seen does not undo that.
  if (taken.corrector) {
    const since = { ...words, entryId: latest.id, seq: latest.seq, corrector: taken.corrector };
    return facts.messageEditedSince({ channelId, ts, ...since }, about(incident));
  }
  return facts.messageEdited(
    { channelId, ts, ...words, entryId: latest.id, seq: latest.seq },
    about(incident, timeOf(latest)),
  );
}

function wordsOf(seen: Seen, otherwise: EntryKind) {
  const { kind, text } = kindOf(shorten(cleanText(seen.text), messageLimit), otherwise);
  const { author, permalink, edited, digest } = seen;
  return { kind, text, author, files: [...seen.files], permalink, edited, digest };
}

function wantedBy(before: readonly string[], look: Look): string[] {
  const { marks, mark } = look;
  const kept = (how: string) => before.filter((each) => each.startsWith(`${how}:`));
  const wanted = new Set(kept('shortcut'));
  if (mark?.startsWith('shortcut:')) wanted.add(mark);
  if (!marks) return [...new Set([...before, ...wanted])].sort();
  for (const id of marks.reactors) wanted.add(`reaction:${id}`);
  if (marks.more) for (const each of kept('reaction')) wanted.add(each);
  if (marks.more && wanted.size === 0) wanted.add('reaction:unknown');
  if (marks.pinned) {
    const pinners = mark?.startsWith('pin:') ? [mark] : kept('pin');
    for (const each of pinners.length > 0 ? pinners : ['pin:unknown']) wanted.add(each);
  }
  return [...wanted].sort();
}

/** Slack's timestamp is the message's time, to the microsecond; nobody wrote it. */
export function timeOfTs(ts: string): WrittenTime {
  const [seconds = '0', micros = '0'] = ts.split('.');
  const at = new Date(Number(seconds) * 1000 + Math.floor(Number(micros.padEnd(6, '0')) / 1000));
  return exactly(at);
}
