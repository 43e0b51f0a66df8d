// The messages of freezes: the one that stays current, and what is said once. Drawn from the rows when they are sent.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import {
  type ButtonSpec,
  buttons,
  line,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import * as facts from './facts.js';
import { type Frozen, phaseAt, readFrozen, windowAfter, windowNow } from './phase.js';
import { stillLine } from './phrases.js';
import { scopeWords } from './places.js';
import { type Freeze, heldBy, readCord, stillOver } from './store.js';
import { whenWords } from './when-words.js';
import { freezeKey, never, sentence } from './words.js';

const textShown = 300;

/** A freeze as it stands at an instant: `3 2026-03-10T11:00:00.000Z`. */
export const freezeView: View = async (tx, about, workspace) => {
  const [number = '', at = ''] = about.split(' ');
  const row = await tx.freeze.findUnique({
    where: { workspaceId_number: { workspaceId: workspace.id, number: Number(number) } },
  });
  return row && drawFreeze(tx, row, new Date(at));
};

async function drawFreeze(tx: Tx, row: Freeze, at: Date): Promise<Message> {
  const freeze = readFrozen(row);
  const held = (await heldBy(tx, row)).length;
  const cord = await readCord(tx, row);
  const over = phaseAt(freeze, at) === 'ended';
  return message(
    line(...stateSpans(freeze, at), ` ${scopeWords(freeze.scope)}`),
    line(freeze.reason),
    line(...whenSpans(freeze, at)),
    line(
      'Owner: ',
      { person: freeze.owner.id, name: freeze.owner.name },
      row.madeById === freeze.owner.id ? '' : `; made by ${row.madeByName}`,
      cord?.shown ? `; from INC-${cord.number}` : '',
      freeze.drill ? '; a drill' : '',
    ),
    held > 0 &&
      line(
        { bold: `${held} ${held === 1 ? 'change waits' : 'changes wait'}` },
        over ? (held === 1 ? ' for its turn.' : ' for their turn.') : ' for it to end.',
      ),
    row.liftedAt &&
      line(`Lifted by ${row.liftedByName ?? 'somebody'}`, row.liftText ? `: ${row.liftText}` : '.'),
    !over && buttons(...stepsOf(freeze)),
  );
}

/** “**FRZ-3** is frozen, hard:”, so that it can be read without colour. */
export function stateSpans(freeze: Frozen, at: Date): Span[] {
  const phase = phaseAt(freeze, at);
  const what = {
    active: freeze.mode === 'hard' ? 'frozen, hard' : 'frozen, soft: changes are warned',
    scheduled: freeze.mode === 'hard' ? 'will be frozen, hard' : 'will be frozen, soft',
    ended: freeze.liftedAt ? 'lifted' : 'over',
  }[phase];
  return [{ bold: freezeKey(freeze) }, ' · ', { bold: what }, ' ·'];
}

/** From when, until when, and when again. */
export function whenSpans(freeze: Frozen, at: Date): Span[] {
  const { schedule, startsAt, overAt } = freeze;
  const now = windowNow(freeze, at);
  const next = windowAfter(freeze, now?.until ?? at);
  const spans: Span[] = [];
  if (schedule?.type === 'recurring') spans.push(`${sentence(whenWords(schedule, startsAt, overAt, at))}. `);
  if (phaseAt(freeze, at) === 'ended') {
    const began: Span[] =
      schedule?.type === 'once' && startsAt < overAt
        ? ['It began ', { at: startsAt }, ' and ended ']
        : ['It ended '];
    return [...spans, ...began, { at: overAt }, '.'];
  }
  if (now)
    spans.push(
      'Since ',
      { at: now.from },
      ', ',
      ...(now.until ? ['until ', { at: now.until }] : ['with no end in sight']),
      '.',
    );
  else if (next)
    spans.push('From ', { at: next.from }, ...(next.until ? [' until ', { at: next.until }] : []), '.');
  if (now && next && schedule?.type === 'recurring') spans.push(' Next: ', { at: next.from }, '.');
  if (schedule?.type === 'recurring' && overAt < never)
    spans.push(' For the last time until ', { at: overAt }, '.');
  if (freeze.damaged) spans.push(' Its row is damaged, so it counts as a hard freeze of everything.');
  return spans;
}

/** What can be done about a freeze that is not over. */
export function stepsOf(freeze: Frozen): ButtonSpec[] {
  const key = freezeKey(freeze);
  return [
    { label: `Lift ${key}`, command: `/freeze lift ${key}` },
    ...(freeze.schedule?.type === 'recurring'
      ? []
      : [{ label: `Extend ${key} by 1 h`, command: `/freeze extend ${key} for:1h` }]),
  ];
}

/** What is said of a fact, once: `{factId} {where}`. */
export const saidView: View = async (tx, about, workspace) => {
  const [factId = '', where = ''] = about.split(' ');
  const found = await tx.fact.findFirst({ where: { id: factId, workspaceId: workspace.id } });
  if (!found) return null;
  const { id } = found.data as { readonly id?: string };
  const row = id ? await tx.freeze.findUnique({ where: { id } }) : null;
  if (!row) return null;
  const fact = readFact(found);
  const freeze = readFrozen(row);
  const who: Span = { person: fact.actor.id, name: fact.actor.name };
  const by = fact.actor.kind === 'person' ? who : fact.actor.name;
  switch (fact.type) {
    case facts.freezeSet.type:
      return message(
        line(
          by,
          ' made a freeze and named you as its owner: ',
          { bold: freezeKey(freeze) },
          ` ${windowNow(freeze, fact.recordedAt) ? 'freezes' : 'will freeze'} ${scopeWords(freeze.scope)}.`,
        ),
        line(freeze.reason),
        line(...whenSpans(freeze, fact.recordedAt)),
        buttons(...stepsOf(freeze)),
      );
    case facts.freezeLifted.type:
      return liftedMessage(freeze, facts.freezeLifted.read(fact).data, {
        by,
        where,
        still: await stillOver(tx, row, fact.recordedAt),
        at: fact.recordedAt,
      });
    case facts.freezeExtended.type:
      return extendedMessage(freeze, facts.freezeExtended.read(fact).data, by, where);
    case facts.freezeTold.type:
      return toldMessage(tx, row, facts.freezeTold.read(fact).data, fact.recordedAt, where);
    default:
      return null;
  }
};

type Lifted = ReturnType<typeof facts.freezeLifted.read>['data'];
type Extended = ReturnType<typeof facts.freezeExtended.read>['data'];
type ToldData = ReturnType<typeof facts.freezeTold.read>['data'];

function liftedMessage(
  freeze: Frozen,
  { text }: Lifted,
  { by, where, still, at }: { by: Span; where: string; still: readonly Frozen[]; at: Date },
): Message {
  return message(
    line(
      where === 'owner' ? 'Your freeze ' : '',
      { bold: freezeKey(freeze) },
      ' was lifted by ',
      by,
      text ? `: ${shorten(text, textShown)}. ` : '. ',
      `It no longer freezes ${scopeWords(freeze.scope)}.`,
    ),
    still.length > 0 && stillLine(still, at),
    where === 'owner' &&
      line('If it was lifted too early: ', { code: '/freeze on REASON' }, ' freezes again.'),
  );
}

function extendedMessage(freeze: Frozen, it: Extended, by: Span, where: string): Message {
  const end: Span[] = it.until >= never ? [' has no last day now'] : [' ends ', { at: it.until }];
  const was: Span[] = it.before >= never ? ['it had no last day'] : ['it was to end ', { at: it.before }];
  return message(
    line(
      where === 'owner' ? 'Your freeze ' : '',
      { bold: freezeKey(freeze) },
      ...end,
      `, ${it.until > it.before ? 'later' : 'sooner'}: `,
      ...was,
      '. ',
      by,
      ' changed that.',
    ),
  );
}

async function toldMessage(tx: Tx, row: Freeze, it: ToldData, at: Date, where: string): Promise<Message> {
  const freeze = readFrozen(row);
  const key = { bold: freezeKey(freeze) };
  const what = scopeWords(freeze.scope);
  const until: Span[] = it.window.until ? [' until ', { at: it.window.until }] : [];
  if (it.what === 'near')
    return message(
      line(key, ` freezes ${what} from `, { at: it.window.from }, ...until, `: ${freeze.reason}`),
      line(
        freeze.mode === 'hard'
          ? 'What is to start there starts before, or after.'
          : 'What starts there then is warned.',
      ),
    );
  if (it.what === 'began')
    return message(line(key, ` begins: ${what} is frozen`, ...until, `. ${freeze.reason}`));
  const held = (await heldBy(tx, row)).length;
  if (it.what === 'ended') {
    const still = await stillOver(tx, row, at);
    return message(endedLine(freeze, it, still.length > 0, held), still.length > 0 && stillLine(still, at));
  }
  return it.what === 'ending' ? ending(freeze, it, at, held, where) : reminder(freeze, it, at, held, where);
}

// What another freeze covers is not free.
function endedLine(freeze: Frozen, it: ToldData, isStill: boolean, held: number): Part {
  const what = scopeWords(freeze.scope);
  const key = { bold: freezeKey(freeze) };
  const waits = held > 0 && !isStill ? ` ${held} waited; they go one after the other.` : '';
  const end: Span[] = it.window.until ? [{ at: it.window.until }] : ['now'];
  if (it.missed)
    return line(
      key,
      ` froze ${what} from `,
      { at: it.window.from },
      ' to ',
      ...end,
      `, while I could not say so.${waits}`,
    );
  const free = isStill ? `: it no longer freezes ${what}.` : `: ${what} may change again.`;
  return line(key, ' ended ', ...end, `${free}${waits}`);
}

// Forgotten freezes are what teams complain of most; whoever made it says whether it is needed still.
function reminder(freeze: Frozen, it: ToldData, at: Date, held: number, where: string): Message {
  const since = Math.floor((at.getTime() - it.window.from.getTime()) / minuteMs) * minuteMs;
  const waits = held > 0 ? ` ${held} ${held === 1 ? 'change waits' : 'changes wait'} for it.` : '';
  const key = freezeKey(freeze);
  return message(
    line(
      where === 'owner' ? 'Your freeze ' : '',
      { bold: key },
      ` has been on for ${showDuration(since)}`,
      ...(it.window.until ? [', until ', { at: it.window.until }] : []),
      `. Is it still needed?${waits}`,
    ),
    line({ code: `/freeze lift ${key}` }, ' ends it; otherwise it goes on.'),
    buttons(...stepsOf(freeze)),
  );
}

// What it holds goes when it ends: whoever still needs it can say so now.
function ending(freeze: Frozen, it: ToldData, at: Date, held: number, where: string): Message {
  const key = freezeKey(freeze);
  const left = Math.max(minuteMs, (it.window.until?.getTime() ?? 0) - at.getTime());
  const goes = held === 1 ? ' 1 change waits and goes then.' : ` ${held} changes wait and go then.`;
  const isOnce = freeze.schedule?.type !== 'recurring';
  return message(
    line(
      where === 'owner' ? 'Your freeze ' : '',
      { bold: key },
      ` of ${scopeWords(freeze.scope)} ends in ${showDuration(Math.floor(left / minuteMs) * minuteMs)}`,
      ...(it.window.until ? [', ', { at: it.window.until }] : []),
      `.${held > 0 ? goes : ''}`,
    ),
    line(
      'If it is needed longer: ',
      { code: isOnce ? `/freeze extend ${key} for:1h` : '/freeze on REASON' },
      '; otherwise it ends by itself.',
    ),
    isOnce &&
      buttons(
        { label: `Extend ${key} by 1 h`, command: `/freeze extend ${key} for:1h` },
        { label: `Lift ${key} now`, command: `/freeze lift ${key}` },
      ),
  );
}

const minuteMs = 60_000;
