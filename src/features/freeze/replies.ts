// What is answered to whoever freezes, lifts or extends: what was understood, what it does not stop, and the way back.
import type { Ask } from '../../core/command.js';
import { line, type Message, message, type Span } from '../../core/message.js';
import { showBoth, showDuration } from '../../core/time/index.js';
import { zoneAssumed } from '../incident/index.js';
import type { Freezing, OnInput, TimesRead } from './making.js';
import { type Frozen, windowNow } from './phase.js';
import { freezeKey, never, sentence, usualLengthMs } from './words.js';

const unknownShown = 5;

/** An instant for the asker: their zone, and UTC. */
export function forAsker(at: Date, ask: Ask): string {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  return showBoth(at, zone);
}

/** The reply to a new freeze. */
export function onReply(
  it: {
    readonly freezing: Freezing;
    readonly input: OnInput;
    readonly times: Extract<TimesRead, { ok: true }>;
    readonly unknown: readonly string[];
  },
  ask: Ask,
): Message {
  const { freezing, input, times, unknown } = it;
  const key = freezeKey(freezing);
  const begins = freezing.startsAt > ask.now;
  return message(
    line({ bold: key }, ` ${begins ? 'will freeze' : 'freezes'} ${freezing.scopeText}: ${freezing.reason}`),
    line(...whenSpans(it, ask)),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    unknown.length > 0 &&
      line(
        `The catalogue knows no ${unknown.slice(0, unknownShown).join(', no ')}${unknown.length > unknownShown ? `, and ${unknown.length - unknownShown} more` : ''}. It is frozen by that name all the same; if it is a slip, lift this and freeze again.`,
      ),
    line(
      freezing.mode === 'hard'
        ? 'Hard: the gate denies what asks to start there. What has begun goes on. A pipeline that does not ask the gate is not stopped; if it starts there, that is announced.'
        : 'Soft: what asks to start there may, and is warned.',
    ),
    line(
      { code: `/freeze lift ${key}` },
      ' ends it, ',
      { code: `/freeze extend ${key} ${times.schedule.type === 'once' ? 'for:1h' : 'until:DATE'}` },
      ` ${times.schedule.type === 'once' ? 'makes it longer' : 'says its last day'}, `,
      { code: `/freeze show ${key}` },
      ' shows it.',
    ),
  );
}

function whenSpans(
  { freezing, times }: { readonly freezing: Freezing; readonly times: Extract<TimesRead, { ok: true }> },
  ask: Ask,
): Span[] {
  const { startsAt, overAt, schedule } = freezing;
  const now = startsAt <= ask.now;
  const assumed = zoneAssumed(ask);
  if (schedule.type === 'once') {
    const from = now ? 'From now' : `From ${forAsker(startsAt, ask)}`;
    const usual = times.usual ? ` Nobody said how long, so it is ${showDuration(usualLengthMs)}.` : '';
    const past = times.past ? ' It cannot begin in the past, so it begins now.' : '';
    return [`${from} until ${forAsker(overAt, ask)}.${usual}${past}${assumed}`];
  }
  const last =
    overAt >= never ? 'No last day was said.' : `For the last time until ${forAsker(overAt, ask)}.`;
  const first = now ? 'It is on now.' : `For the first time from ${forAsker(startsAt, ask)}.`;
  return [`${sentence(freezing.whenText)}. ${first} ${last}${assumed}`];
}

/** The question before what is most likely not meant. */
export function askFirst(
  it: {
    readonly why: 'twin' | 'everything' | 'long';
    readonly freezing: Freezing;
    readonly twin?: Frozen;
    /** For how long it would be on, without a pause. */
    readonly long?: { readonly from: Date; readonly until: Date };
  },
  ask: Ask,
): Message {
  const { freezing, twin } = it;
  const again = [
    'Say the same with ',
    { code: 'anyway' },
    ' at the end (in the form: “I am sure”) if you mean it. Nothing was frozen.',
  ];
  if (it.why === 'twin' && twin) {
    const until = windowNow(twin, ask.now)?.until;
    return message(
      line(
        `You froze ${freezing.scopeText} a moment ago: ${freezeKey(twin)}${until ? `, until ${forAsker(until, ask)}` : ''}. `,
        ...(twin.schedule?.type === 'recurring'
          ? [{ code: `/freeze show ${freezeKey(twin)}` }, ' shows when it is on. ']
          : [{ code: `/freeze extend ${freezeKey(twin)} for:1h` }, ' makes it longer. ']),
        ...again,
      ),
    );
  }
  if (it.why === 'everything')
    return message(
      line(
        'That stops every change, in every environment, also where developers test. ',
        { code: '/freeze on REASON' },
        ' without “everything” freezes all production. ',
        ...again,
      ),
    );
  const { from, until } = it.long ?? { from: freezing.startsAt, until: freezing.overAt };
  return message(
    line(
      `That is ${showDuration(until.getTime() - from.getTime())} without a pause, until ${forAsker(until, ask)}. `,
      ...again,
    ),
  );
}
