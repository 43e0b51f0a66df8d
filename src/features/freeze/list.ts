// Asking what is frozen: here or everywhere, now or then; what is to come; and one freeze with all that is known of it.
import type { Ask, Query } from '../../core/command.js';
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  say,
  shorten,
} from '../../core/message.js';
import type { WrittenTime } from '../../core/time/index.js';
import { dayMs } from '../../core/time/zones.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { type Component, componentName } from '../incident/index.js';
import { type Frozen, freeAt, freezesOver, phaseAt, readFrozen, windowAfter, windowNow } from './phase.js';
import { placeWord, scopeWords } from './places.js';
import { forAsker } from './replies.js';
import type { Target } from './scope.js';
import {
  type Freeze,
  findFreeze,
  freezesHere,
  freezesSince,
  heldBy,
  knownNames,
  readCord,
  targetsOf,
} from './store.js';
import { stateSpans, stepsOf, whenSpans } from './views.js';
import { freezeKey, freezeWord } from './words.js';

/** More than this nobody takes in on a phone. */
const listed = 8;
const componentsMax = 10;
const heldShown = 5;
const windowsShown = 3;
/** What ended longer ago is found by its number. */
const endedDays = 30;
const reasonShown = 80;

/** A freeze on a line: what, until when, whose, why. */
export function freezeLine(freeze: Frozen, at: Date): Span[] {
  const now = windowNow(freeze, at);
  const next = now ? null : windowAfter(freeze, at);
  const when: Span[] =
    phaseAt(freeze, at) === 'ended'
      ? [` · ${freeze.liftedAt ? 'lifted' : 'ended'} `, { at: freeze.overAt }]
      : now
        ? [' · on', ...(now.until ? [' until ', { at: now.until } as const] : [', no end in sight'])]
        : next
          ? [' · from ', { at: next.from }, ...(next.until ? [' until ', { at: next.until } as const] : [])]
          : [' · not in sight'];
  return [
    { bold: freezeKey(freeze) },
    ` ${scopeWords(freeze.scope)}, ${freeze.mode}${freeze.schedule?.type === 'recurring' ? ', again and again' : ''}`,
    ...when,
    ` · ${freeze.owner.name}: ${shorten(freeze.reason, reasonShown)}${freeze.drill ? ' (a drill)' : ''}`,
  ];
}

/** Those that are on first, then in the order in which they come. */
function inOrder(freezes: readonly Frozen[], at: Date): Frozen[] {
  const when = (each: Frozen) =>
    windowNow(each, at) ? 0 : (windowAfter(each, at)?.from.getTime() ?? Infinity);
  return freezes
    .map((each) => ({ each, at: when(each) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.each.number - b.each.number))
    .map(({ each }) => each);
}

/** Those that are on, or will be before an instant, in the order in which they come. */
export async function freezesUntil(tx: Tx, workspaceId: string, now: Date, until: Date): Promise<Frozen[]> {
  const all = await freezesSince(tx, workspaceId, now);
  const near = all.filter((each) => {
    const from = windowNow(each, now)?.from ?? windowAfter(each, now)?.from;
    return from !== undefined && from < until;
  });
  return inOrder(near, now);
}

const listQuery: Query = {
  verb: {
    surface: 'freeze',
    words: ['list'],
    usage: '[all]',
    summary: 'What is frozen, and what will be; all: also what ended within 30 days.',
    example: '/freeze list all',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const all = values.all === true;
    const since = all ? new Date(ask.now.getTime() - endedDays * dayMs) : ask.now;
    const found = await freezesHere(tx, ask, since);
    const ended = found.filter((each) => phaseAt(each, ask.now) === 'ended');
    const open = inOrder(
      found.filter((each) => !ended.includes(each)),
      ask.now,
    );
    const shown = [...open, ...ended.sort((a, b) => b.overAt.getTime() - a.overAt.getTime())];
    if (shown.length === 0) return nothing(all ? `, and nothing was within ${endedDays} days` : '');
    return message(
      open.length === 0 && line('Nothing is frozen, and nothing will be.'),
      list(shown.slice(0, listed).map((each) => freezeLine(each, ask.now))),
      shown.length > listed &&
        line(`${shown.length - listed} more; ask for a place: `, { code: '/freeze status on:api/prod' }),
      shown[0] && line({ code: `/freeze show ${freezeKey(shown[0])}` }, ' shows one.'),
    );
  },
};

function nothing(more: string): Message {
  return say(`Nothing is frozen, and nothing will be${more}. `, { code: '/freeze on REASON' }, ' freezes.');
}

const statusQuery: Query = {
  verb: {
    surface: 'freeze',
    words: ['status', 'state'],
    usage: '[on:COMPONENT,…] [at:WHEN]',
    summary: 'Whether something is frozen, now or at a time, why, and when it is free.',
    example: '/freeze status on:api/prod at:18:00',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const at = (values.at as WrittenTime | undefined)?.at ?? ask.now;
    const components: Component[] = [];
    for (const word of (values.on as string[] | undefined) ?? []) {
      const read = placeWord.safeParse(word);
      if (!read.success) return say(read.error.issues[0]?.message ?? 'That is no component.');
      components.push(read.data);
    }
    const freezes = await freezesHere(tx, ask, new Date(Math.min(at.getTime(), ask.now.getTime())));
    if (components.length === 0) return everywhere(freezes, at, ask);
    const shown = components.slice(0, componentsMax);
    const known = await knownNames(tx, ask.workspace.id, { on: shown, except: [], cluster: [] });
    const targets = targetsOf(shown, await environmentsOf(tx, ask.workspace.id));
    const odd = targets.filter((each) => each.environment !== '' && each.tier === null);
    const there = known.services;
    const unknown = shown.filter(
      (each) => each.service !== '' && there.length > 0 && !there.includes(each.service),
    );
    return message(
      at !== ask.now && line(`At ${forAsker(at, ask)}, as it is known now:`),
      list(targets.map((target) => stateOf(target, freezes, at))),
      ...[...new Set(odd.map((each) => each.environment))].map((name) =>
        line(`Nobody said what ${name} is for, so it counts as production.`),
      ),
      unknown.length > 0 &&
        line(`The catalogue knows no ${unknown.map((each) => `service ${each.service}`).join(', no ')}.`),
      components.length > shown.length && line(`Of ${components.length}, the first ${shown.length}.`),
    );
  },
};

function everywhere(freezes: readonly Frozen[], at: Date, ask: Ask): Message {
  const on = freezes.filter((each) => windowNow(each, at) !== null);
  const then = at === ask.now ? 'now' : `at ${forAsker(at, ask)}`;
  const next = inOrder(
    freezes.filter((each) => !on.includes(each) && windowAfter(each, at) !== null),
    at,
  )[0];
  return message(
    on.length === 0 ? line(`Nothing is frozen ${then}.`) : line(`Frozen ${then}:`),
    list(
      inOrder(on, at)
        .slice(0, listed)
        .map((each) => freezeLine(each, at)),
    ),
    on.length > listed && line(`${on.length - listed} more: `, { code: '/freeze list' }),
    next && line('Next: ', ...freezeLine(next, at)),
  );
}

function stateOf(target: Target, freezes: readonly Frozen[], at: Date): Span[] {
  const over = freezesOver(freezes, target, at);
  const name = componentName(target) || 'anything';
  const hard = over.filter((each) => each.mode === 'hard');
  const by: Span[] = over.flatMap((each, i): Span[] => {
    const until = windowNow(each, at)?.until;
    return [
      i > 0 ? '; ' : '',
      { bold: freezeKey(each) },
      ` (${each.mode}, ${each.owner.name}: ${shorten(each.reason, reasonShown)}`,
      ...(until ? [', until ', { at: until } as const] : []),
      ')',
    ];
  });
  if (over.length === 0) {
    const next = nextOver(freezes, target, at);
    return [
      { bold: name },
      ' is not frozen',
      ...(next ? [', until ', { at: next.from }, ` (${freezeKey(next.freeze)})`] : ['.']),
    ];
  }
  const free = freeAt(freezes, target, at);
  return [
    { bold: name },
    hard.length > 0 ? ' is frozen by ' : ' may change, with a warning, by ',
    ...by,
    ...(hard.length === 0 ? ['.'] : free ? ['. Free from ', { at: free }, '.'] : ['. No end is in sight.']),
  ];
}

function nextOver(freezes: readonly Frozen[], target: Target, at: Date) {
  const next = freezes.flatMap((freeze) => {
    const window = windowAfter(freeze, at);
    return window && freezesOver([freeze], target, window.from).length > 0
      ? [{ freeze, from: window.from }]
      : [];
  });
  return next.sort((a, b) => a.from.getTime() - b.from.getTime())[0];
}

const showQuery: Query = {
  verb: {
    surface: 'freeze',
    words: ['show'],
    usage: 'ID',
    summary: 'All that is known of a freeze.',
    example: '/freeze show FRZ-3',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const read = freezeWord.safeParse(values.id);
    if (!read.success) return say(read.error.issues[0]?.message ?? 'Say which freeze, such as FRZ-3.');
    const found = await findFreeze(tx, { id: read.data }, ask);
    return 'refused' in found ? found.refused.message : details(tx, found.target, ask);
  },
};

async function details(tx: Tx, row: Freeze, ask: Ask): Promise<Message> {
  const freeze = readFrozen(row);
  const held = await heldBy(tx, row);
  const cord = await readCord(tx, row);
  const unheld = held.length - heldShown;
  return message(
    line(...stateSpans(freeze, ask.now), ` ${scopeWords(freeze.scope)}`),
    line(freeze.reason),
    line(...whenSpans(freeze, ask.now)),
    ...timesOf(freeze, ask),
    line(
      'Owner: ',
      { person: freeze.owner.id, name: freeze.owner.name },
      `; made by ${row.madeByName} `,
      { at: row.madeAt },
      cord?.shown ? `; from INC-${cord.number}` : '',
      freeze.drill ? '; a drill' : '',
    ),
    row.liftedAt &&
      line(`Lifted by ${row.liftedByName ?? 'somebody'}`, row.liftText ? `: ${row.liftText}` : '.'),
    held.length > 0 &&
      line(phaseAt(freeze, ask.now) === 'ended' ? 'Waiting for their turn:' : 'Waiting for it to end:'),
    list(held.slice(0, heldShown).map((each): Span[] => [each])),
    unheld > 0 && line(`${unheld} more.`),
    phaseAt(freeze, ask.now) !== 'ended' && buttons(...stepsOf(freeze)),
  );
}

// The asker's zone and UTC, named both: a wrong weekday is seen here.
function timesOf(freeze: Frozen, ask: Ask): Part[] {
  const windows = [];
  let at = ask.now;
  for (let i = 0; i < windowsShown; i += 1) {
    const window = (i === 0 ? windowNow(freeze, at) : null) ?? windowAfter(freeze, at);
    if (!window) break;
    windows.push(window);
    if (window.until === null) break;
    at = window.until;
  }
  return windows.map((each) =>
    line(`${forAsker(each.from, ask)} to ${each.until ? forAsker(each.until, ask) : 'no end in sight'}`),
  );
}

export const queries: readonly Query[] = [statusQuery, listQuery, showQuery];
