// The rules of a freeze that is on record: lifting it, giving it another end, and what the program says of it. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { line, type Message, message, say, shorten } from '../../core/message.js';
import { readTime, showDuration, type WrittenTime } from '../../core/time/index.js';
import { dateAt, dayMs, findZone } from '../../core/time/zones.js';
import { handlesText, type Permitted } from '../permission/index.js';
import { nextLook, type Told, toldAfter, toldOfEnd, whatIsDue } from './due.js';
import { type Cord, freezeExtended, freezeLifted, freezeTold } from './facts.js';
import { dateText, zoneOfAsker } from './on-rules.js';
import { type Frozen, windowNow } from './phase.js';
import { stillLine } from './phrases.js';
import { forAsker } from './replies.js';
import { lastEnd, type Schedule } from './schedule.js';
import { cordMaxMs, freezeKey, freezesStream, never, onceMaxMs } from './words.js';

export interface LiftInput {
  readonly id?: number | undefined;
  readonly text?: string | undefined;
  /** No freeze was named, and the text is all that was said. */
  readonly bare?: boolean | undefined;
}

export interface ExtendInput {
  readonly id: number;
  /** In milliseconds. */
  readonly for?: number | undefined;
  readonly until?: WrittenTime | undefined;
  /** What else was said, which is neither. */
  readonly words?: string | undefined;
  readonly remarks: readonly string[];
}

/** A freeze with what is known of it. */
export interface FreezeState {
  readonly freeze: Frozen;
  readonly scopeText: string;
  readonly told: Told;
  readonly liftedBy: string | null;
  readonly cord: Cord | null;
  /** Whether the asker may know that it is one. */
  readonly seesCord: boolean;
  /** Of those the hard ones over some of its ground. */
  readonly still: readonly Frozen[];
  /** The other freezes that are on now. */
  readonly others: readonly Frozen[];
  /** Who may lift a hard freeze beside its owner and who leads its incident. */
  readonly permitted: Permitted;
  /** The ids of those who lead its incident. */
  readonly leads: readonly string[];
}

/** `/freeze lift`: over at once, and no other freeze with it. */
export function decideLift(state: FreezeState, input: LiftInput, ask: Ask): Decision {
  const { freeze, others, still } = state;
  const stillKeys = new Set(still.map((each) => each.number));
  const wrong = isOver(state, ask) ?? mayNotLift(state, ask, 'lift');
  if (wrong) return refuse(wrong, 'id');
  const key = freezeKey(freeze);
  const on = windowNow(freeze, ask.now) !== null;
  const fact = freezeLifted(
    { ...ofFreeze(state), text: input.text ?? null, before: freeze.overAt },
    aboutFreeze(state),
  );
  const elsewhere = others
    .filter((each) => each.drill === freeze.drill && !stillKeys.has(each.number))
    .map(freezeKey);
  return accept(
    [fact],
    message(
      line(
        { bold: key },
        ` is ${on ? 'lifted' : 'called off'}: it ${on ? 'no longer freezes' : 'will not freeze'} ${state.scopeText}.`,
        freeze.schedule?.type === 'recurring' ? ' All its times to come are gone with it.' : '',
        freeze.owner.id === ask.actor.id ? '' : ` ${freeze.owner.name}, whose it is, is told.`,
      ),
      on &&
        freeze.mode === 'hard' &&
        still.length === 0 &&
        line('What it held may go now, one after the other.'),
      on && still.length > 0 && stillLine(still, ask.now),
      elsewhere.length > 0 &&
        line(
          `${still.length > 0 ? 'Elsewhere' : 'Still on'}: ${elsewhere.slice(0, othersShown).join(', ')}. `,
          { code: '/freeze status' },
          ' says where.',
        ),
    ),
  );
}

const othersShown = 6;

/** `/freeze extend`: another end, later or sooner. */
export function decideExtend(state: FreezeState, input: ExtendInput, ask: Ask): Decision {
  const { freeze } = state;
  const over = isOver(state, ask);
  if (over) return refuse(over, 'id');
  if (input.words !== undefined) return refuse(howToExtend(freeze, input.words), 'for');
  const end =
    freeze.schedule?.type === 'recurring' ? lastDay(freeze, input, ask) : anotherEnd(state, input, ask);
  if ('text' in end) return refuse(end, input.until ? 'until' : 'for');
  const { until, schedule } = end;
  const key = freezeKey(freeze);
  if (until.getTime() === freeze.overAt.getTime())
    return refuse(say(`${key} ends then already. Nothing was changed.`), 'until');
  // What ends sooner is lifted in part.
  const wrong = until < freeze.overAt ? mayNotLift(state, ask, 'shorten') : null;
  if (wrong) return refuse(wrong, 'id');
  const told = { ...state.told, ...toldOfEnd(until, ask.now) };
  const next = nextLook({ ...freeze, overAt: until, schedule }, told, ask.now);
  const fact = freezeExtended(
    { ...ofFreeze(state), until, before: freeze.overAt, schedule, next },
    aboutFreeze(state),
  );
  const later = until > freeze.overAt;
  return accept(
    [fact],
    message(
      line(
        { bold: key },
        until >= never
          ? ' goes on without a last day.'
          : ` ends ${forAsker(until, ask)}, ${later ? 'later' : 'sooner'} than it was to`,
        until >= never ? '' : ` (${freeze.overAt >= never ? 'no last day' : forAsker(freeze.overAt, ask)}).`,
        freeze.owner.id === ask.actor.id ? '' : ` ${freeze.owner.name}, whose it is, is told.`,
      ),
      input.remarks.length > 0 && line(input.remarks.join(' ')),
    ),
  );
}

function howToExtend(freeze: Frozen, words: string): Message {
  const key = freezeKey(freeze);
  return say(
    `I do not understand “${shorten(words, wordsShown)}”. Say how much longer, or until when: `,
    { code: `/freeze extend ${key} for:1h` },
    ', ',
    { code: `/freeze extend ${key} until:18:00` },
    '. Nothing was changed.',
  );
}

const wordsShown = 40;

type End = { readonly until: Date; readonly schedule: Schedule } | Message;

function anotherEnd({ freeze, cord, seesCord }: FreezeState, input: ExtendInput, ask: Ask): End {
  const key = freezeKey(freeze);
  if (input.for !== undefined && input.until)
    return say('for: and until: both say when it ends. Leave one out. Nothing was changed.');
  const until =
    input.for === undefined
      ? untilOf(input.until, freeze, ask)
      : new Date(freeze.overAt.getTime() + input.for);
  if (!until)
    return say('Say how much longer, or until when: ', { code: `/freeze extend ${key} for:1h` }, ', ', {
      code: `/freeze extend ${key} until:18:00`,
    });
  if (until <= ask.now || until <= freeze.startsAt)
    return say('That is past. To end it now: ', { code: `/freeze lift ${key}` }, '. Nothing was changed.');
  // Of a private incident nobody learns that it has a cord: to others it is a freeze like any.
  const isCord = cord !== null && seesCord;
  const most = isCord
    ? new Date(ask.now.getTime() + cordMaxMs)
    : new Date(freeze.startsAt.getTime() + onceMaxMs);
  if (until > most && until > freeze.overAt)
    return say(
      isCord
        ? `A cord holds for at most ${showDuration(cordMaxMs)} from now: until ${forAsker(most, ask)}. Extend it again later, or make a freeze of its own with `
        : `That is longer than ${Math.round(onceMaxMs / dayMs)} days in all. What is frozen for so long is better a rule: `,
      { code: isCord ? '/freeze on REASON until:WHEN' : '/freeze on REASON every:"20 Dec to 2 Jan"' },
      '. Nothing was changed.',
    );
  return { until, schedule: { type: 'once', startsAt: freeze.startsAt, endsAt: until } };
}

function untilOf(until: WrittenTime | undefined, freeze: Frozen, ask: Ask): Date | null {
  if (!until?.at || until.at > freeze.startsAt) return until?.at ?? null;
  // `until:18:00` of one that begins tomorrow is tomorrow's.
  const read = readTime(until.asWritten, {
    now: freeze.startsAt,
    zone: zoneOfAsker(ask),
    direction: 'future',
  });
  return read.ok ? read.time.at : until.at;
}

function lastDay(freeze: Frozen, input: ExtendInput, ask: Ask): End {
  const { schedule } = freeze;
  const key = freezeKey(freeze);
  const zone = schedule?.type === 'recurring' ? findZone(schedule.zone) : null;
  if (schedule?.type !== 'recurring' || !zone)
    return say(
      `${key} cannot be read any more. `,
      { code: `/freeze lift ${key}` },
      ' ends it. Nothing was changed.',
    );
  if (!input.until?.at)
    return say(
      `${key} comes again and again: say its last day, such as `,
      {
        code: `/freeze extend ${key} until:"20 Dec"`,
      },
      '. Nothing was changed.',
    );
  const changed: Schedule = { ...schedule, until: dateText(dateAt(input.until.at.getTime(), zone)) };
  const until = lastEnd(changed);
  if (until === null || until <= ask.now)
    return say(
      'By then it would be over. To end it now: ',
      { code: `/freeze lift ${key}` },
      '. Nothing was changed.',
    );
  return { until, schedule: changed };
}

function isOver({ freeze, liftedBy }: FreezeState, ask: Ask): Message | null {
  const key = freezeKey(freeze);
  const again: readonly ['. To freeze again: ', { code: string }] = [
    '. To freeze again: ',
    { code: '/freeze on REASON' },
  ];
  if (freeze.liftedAt)
    return say(
      `${key} was lifted already, by ${liftedBy ?? 'somebody'}, ${forAsker(freeze.liftedAt, ask)}`,
      ...again,
    );
  if (freeze.overAt > ask.now) return null;
  return say(`${key} is over since ${forAsker(freeze.overAt, ask)}`, ...again);
}

// A token lifts what it made itself: it is the owner of that.
function mayNotLift({ freeze, permitted, leads }: FreezeState, ask: Ask, what: string): Message | null {
  const { id, kind } = ask.actor;
  if (freeze.mode !== 'hard' || permitted.anybody || kind === 'system') return null;
  if (id === freeze.owner.id || leads.includes(id) || permitted.people.has(id)) return null;
  const groups = handlesText(permitted.handles.map((handle) => ({ handle })));
  const key = freezeKey(freeze);
  return say(
    `${kind === 'pipeline' ? 'A token may not' : 'You may not'} ${what} ${key}, a hard freeze. ${freeze.owner.name}, whose it is, may, who leads its incident, and whoever is in ${groups}: ask one of them. `,
    { code: `/freeze except ${key} REASON` },
    ' asks for a way through. Nothing was done.',
  );
}

/** What is due of a freeze is said, once: it is locked, and what was said is looked at after that. */
export function decideLook(state: FreezeState, ask: Ask): Decision {
  const { freeze, told } = state;
  const due = whatIsDue(freeze, told, ask.now);
  if (!due) return notDue(state, ask);
  const next = nextLook(freeze, toldAfter(told, due, ask.now), ask.now);
  const recurring = freeze.schedule?.type === 'recurring';
  return accept([freezeTold({ ...ofFreeze(state), ...due, recurring, next }, aboutFreeze(state))], message());
}

// Looked at too early, or again: what is to come is not forgotten for that.
function notDue({ freeze, told }: FreezeState, ask: Ask): Decision {
  const again = nextLook(freeze, told, ask.now);
  const refusal = { message: say('Nothing is to be said.') };
  return { accepted: false, refusal: again ? { ...refusal, again } : refusal };
}

/** What every fact of a freeze says of it. */
function ofFreeze({ freeze, cord }: FreezeState) {
  const { id, number, mode, drill, owner } = freeze;
  return { id, number, mode, drill, owner, incident: cord };
}

function aboutFreeze({ cord }: FreezeState) {
  return { stream: freezesStream, ...(cord ? { incidentId: cord.id } : {}) };
}
