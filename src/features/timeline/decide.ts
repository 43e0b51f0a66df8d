// The rules of mending. Pure: everything they know is in their arguments.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { EntryKind } from '../../core/fact.js';
import { type Span, say } from '../../core/message.js';
import {
  noticeTime,
  readLeadingTime,
  readTime,
  showDuration,
  showUnderstood,
  type WrittenTime,
} from '../../core/time/index.js';
import { about, done, type Incident, incidentKey, type KeyTimes } from '../incident/index.js';
import * as facts from './facts.js';
import type { Entry } from './store.js';

/** Kinds that people note; the others are made by commands and mended by them. */
export const notedKinds = [
  'observation',
  'hypothesis',
  'decision',
  'action',
  'note',
  'update',
  'change',
  'freeze',
] as const;

export interface OnEntry {
  readonly incident: Incident;
  /** The entry that was named; null when there is none of this number. */
  readonly entry: Entry | null;
  /** The latest correction of it, or itself. */
  readonly latest: Entry | null;
  /** The kinds of the facts that made it and its kin. */
  readonly madeBy: readonly string[];
}

export interface MendInput {
  readonly entry: number;
  readonly remarks: readonly string[];
}

export function decideStrike(
  state: OnEntry,
  input: MendInput & { reason?: string; at?: WrittenTime },
  ask: Ask,
): Decision {
  const { incident, latest } = state;
  if (!latest) return noEntry(state, input);
  if (latest.struck) return refuse(say(`Entry #${latest.seq} is ruled out already. Nothing was changed.`));
  const refused = saidAnew(state, latest, 'struck out') ?? onlyNoted(latest, 'struck out');
  if (refused) return refused;
  const fact = facts.entryStruck(
    { entryId: latest.id, seq: latest.seq, kind: latest.kind, reason: input.reason ?? null },
    about(incident, input.at),
  );
  return accept([fact], done(`Entry #${latest.seq} is marked as ruled out. It stays on record.`, input, ask));
}

export function decideCorrect(
  state: OnEntry,
  input: MendInput & { text?: string; time?: WrittenTime },
  ask: Ask,
): Decision {
  const { incident, latest } = state;
  if (!latest) return noEntry(state, input);
  const refused = saidAnew(state, latest, 'corrected') ?? onlyNoted(latest, 'corrected');
  if (refused) return refused;
  if (latest.redacted)
    return refuse(say(`Entry #${latest.seq} was redacted. Note it anew, without what had to go.`));
  if (!input.time && input.text === undefined)
    return refuse(
      say(
        'Say the new words, the new time, or both, such as ',
        { code: `/incident correct #${latest.seq} 10:42 failing over` },
        '.',
      ),
      'text',
    );
  const { kind, text } = kindOf(input.text ?? latest.text, latest.kind as EntryKind);
  if (text === latest.text && !input.time)
    return refuse(say('That is what it says already. Nothing was changed.'), 'text');
  const fact = facts.entryCorrected(
    {
      entryId: latest.id,
      seq: latest.seq,
      kind,
      text,
      author: { id: latest.authorId, name: latest.authorName },
    },
    about(incident, input.time ?? timeOf(latest)),
  );
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const when = input.time ? ` Its time is now ${showUnderstood(input.time, zone)}.` : '';
  return accept([fact], ([recorded]) =>
    done(
      `#${latest.seq} is corrected by #${recorded?.seq}; the old words stay on record.${when}`,
      { remarks: input.remarks },
      ask,
    ),
  );
}

/** How many minutes of one's own change one may take back, and what a shift may move. */
const shiftLimitMs = 26 * 3_600_000;

export function decideShift(
  incident: Incident,
  entries: readonly Entry[],
  input: { milliseconds: number; remarks: readonly string[] },
  ask: Ask,
): Decision {
  const { milliseconds } = input;
  if (milliseconds === 0)
    return refuse(say('By how much? Such as ', { code: '/incident shift -1h' }, '.'), 'duration');
  if (Math.abs(milliseconds) > shiftLimitMs)
    return refuse(
      say(
        'Zones differ by 26 hours at the most; single entries are moved with ',
        { code: '/incident correct' },
        '.',
      ),
      'duration',
    );
  const moved = entries.filter(
    (entry) => entry.occurredAt && dependsOnZone(entry.asWritten, entry.recordedAt),
  );
  const keyTimes = movedKeyTimes(incident);
  if (moved.length === 0 && keyTimes.length === 0)
    return refuse(
      say(
        'No entry has a time that depends on a zone: what was said at its time, or with its zone, stays. Nothing was changed.',
      ),
    );
  const shown = `${milliseconds > 0 ? '+' : ''}${showDuration(milliseconds)}`;
  const fact = facts.timelineShifted(
    { milliseconds, shown, entryIds: moved.map((entry) => entry.id), keyTimes },
    about(incident),
  );
  return accept(
    [fact],
    done(
      `${moved.length} ${moved.length === 1 ? 'entry' : 'entries'} of ${incidentKey(incident)} moved by ${shown}` +
        `${keyTimes.length > 0 ? `, and ${keyTimes.join(', ')}` : ''}. What was said at its time, or with its zone, stays. \`/incident undo\` takes it back.`,
      input,
      ask,
    ),
  );
}

/** The kind that a prefix says, and the words after it. */
export function kindOf(text: string, otherwise: EntryKind): { kind: EntryKind; text: string } {
  const prefix = kindPrefix.exec(text);
  if (!prefix) return { kind: otherwise, text };
  return { kind: (prefix[1] ?? 'note').toLowerCase() as EntryKind, text: text.slice(prefix[0].length) };
}

/** What stands behind the kind in `decision: 10:42 fail over`; a time that cannot be is refused, as in front of a note. */
export function wordsBehindKind(
  text: string,
  ask: Ask,
): { refused: string } | { text: string; time?: WrittenTime; remarks: readonly string[] } {
  const { zone, locale } = ask.workspace;
  const leading = readLeadingTime(text, {
    now: ask.saidAt ?? ask.now,
    zone: ask.actor.zone ?? zone,
    workspaceZone: zone,
    locale,
  });
  if (leading && !leading.reading.ok) return { refused: leading.reading.reason };
  if (leading?.reading.ok && leading.rest !== '')
    return { text: leading.rest, time: leading.reading.time, remarks: leading.reading.remarks };
  const notice = noticeTime(text);
  return { text, remarks: notice ? [notice] : [] };
}

const kindPrefix = new RegExp(`^(${notedKinds.join('|')})\\s*:\\s*`, 'i');

/** When an entry happened, as a time that a new fact may carry on. */
export function timeOf(entry: Entry): WrittenTime {
  return {
    at: entry.occurredAt,
    until: entry.occurredUntil,
    precision: entry.precision as WrittenTime['precision'],
    asWritten: entry.asWritten ?? '',
  };
}

/** There is no entry of this number. */
export function noEntry(state: Pick<OnEntry, 'incident'>, input: Pick<MendInput, 'entry'>): Decision {
  return refuse(
    say(
      `${incidentKey(state.incident)} has no entry #${input.entry}. `,
      { code: '/incident timeline' },
      ' shows the numbers.',
    ),
    'entry',
  );
}

const taskFacts = ['TaskAdded', 'TaskDone', 'TaskDropped', 'TaskAssigned', 'TaskDueSet', 'TaskKept'];

// Other words on the timeline would change neither what those outside were told nor what is still to be done.
function saidAnew({ madeBy }: OnEntry, entry: Entry, what: 'struck out' | 'corrected'): Decision | null {
  if (madeBy.includes('UpdateGiven') && what === 'corrected')
    return refuse(
      say(
        `Entry #${entry.seq} is an update, and those outside have its words. Give a new one: `,
        { code: '/incident update TEXT' },
        '. Nothing was changed.',
      ),
    );
  if (!madeBy.some((type) => taskFacts.includes(type))) return null;
  return refuse(
    say(
      `Entry #${entry.seq} is of a task, and cannot be ${what}. `,
      { code: '/incident drop TASK REASON' },
      ' ends one, ',
      { code: '/incident task TEXT' },
      ' says it anew. Nothing was changed.',
    ),
  );
}

function onlyNoted(entry: Entry, what: string): Decision | null {
  if ((notedKinds as readonly string[]).includes(entry.kind)) return null;
  return refuse(
    say(
      `Entry #${entry.seq} records a change of ${entry.kind}, which cannot be ${what}. Say it anew with its own command, and the time that counts: `,
      ...ownCommands(entry.kind),
      '.',
    ),
  );
}

function ownCommands(kind: string): Span[] {
  if (kind === 'role') return [{ code: '/incident role ROLE @user at:TIME' }];
  return [
    { code: '/incident status resolved at:TIME' },
    ', ',
    { code: '/incident ack at:TIME' },
    ', ',
    { code: '/incident started TIME' },
    ' or ',
    { code: '/incident affects COMPONENT LEVEL at:TIME' },
  ];
}

// A time that reads alike in two zones names its own, or is relative to when it was said.
function dependsOnZone(asWritten: string | null, recordedAt: Date): boolean {
  if (!asWritten) return false;
  const [one, other] = ['UTC', 'Asia/Kolkata'].map((zone) => readTime(asWritten, { now: recordedAt, zone }));
  if (!one?.ok || !other?.ok) return false;
  return one.time.at?.getTime() !== other.time.at?.getTime();
}

function movedKeyTimes(incident: Incident) {
  const times = incident.keyTimes as KeyTimes;
  return (['started', 'detected', 'mitigated', 'resolved', 'acknowledged'] as const).filter(
    (name) => incident[`${name}At`] && dependsOnZone(times[name]?.asWritten ?? null, incident.declaredAt),
  );
}
