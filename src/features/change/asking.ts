// Asking the owner of a change that should have begun, or ended, and of which nobody said so. Silence changes nothing.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type Command,
  type Decision,
  defineCommand,
  internalVerb,
  refuse,
} from '../../core/command.js';
import { type Effect, type Later, onChange } from '../../core/effect.js';
import { defineFact, isInSlack, on } from '../../core/fact.js';
import type { Automatic, Projection, Reaction, View } from '../../core/feature.js';
import { buttons, line, message, say } from '../../core/message.js';
import { showInstant } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { personSchema } from '../incident/index.js';
import { plannedMs } from './decide.js';
import { stateSpans } from './phrases.js';
import { type Change, changeIdOf, changeSlot, changeStream, findChange, readChange } from './store.js';
import { changeKey, changeWord, lengthWord } from './words.js';

const minuteMs = 60_000;
/** So long after its planned time, one that nobody started is asked about. */
const startGraceMs = 15 * minuteMs;
/** Twice as long as planned; where nobody said how long, this. */
const longFactor = 2;
const longMs = 120 * minuteMs;
/** What still runs is asked about again after this, where nobody said how long it takes. */
const againMs = 60 * minuteMs;

/** The owner was asked whether it began, or whether it ended. */
export const changeAsked = defineFact(
  'ChangeAsked',
  z.object({ number: z.number().int(), about: z.enum(['start', 'end']), whom: personSchema }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: ${it.whom.name} was asked whether it ${it.about === 'start' ? 'began' : 'ended'}`,
  }),
);

/** It takes longer than was planned. */
export const changeGoesOn = defineFact(
  'ChangeGoesOn',
  z.object({ number: z.number().int(), until: z.coerce.date() }),
  (it) => ({ kind: 'change', text: `${changeKey(it)} still runs` }),
);

/** When it is asked whether a planned change began; null: never. */
export function askStartAt(it: { state: string; plannedStart: Date | null }): Date | null {
  if (it.state !== 'planned' || !it.plannedStart) return null;
  return new Date(it.plannedStart.getTime() + startGraceMs);
}

/** When it is asked whether a change that began has ended; null: never. */
export function askEndAt(
  it: { plannedMs?: number | null | undefined } | { plannedStart: Date | null; plannedEnd: Date | null },
  startedAt: Date | null,
): Date | null {
  if (!startedAt) return null;
  const length = 'plannedStart' in it ? plannedMs(it) : (it.plannedMs ?? null);
  return new Date(startedAt.getTime() + (length === null || length <= 0 ? longMs : length * longFactor));
}

export function startLater(changeId: string, at: Date | null): Later {
  return { key: `change/${changeId}/start`, at, command: 'change.askStart', data: { changeId } };
}

export function endLater(changeId: string, at: Date | null): Later {
  return { key: `change/${changeId}/end`, at, command: 'change.askEnd', data: { changeId } };
}

const given = z.object({ changeId: z.string() });

/** Asks, when the time has come and it is still so. */
function asking(about: 'start' | 'end'): Automatic {
  const command = defineCommand<{ changeId: string }, null, Change>({
    verb: internalVerb(`ask ${about}`),
    input: given,
    locate: async (_tx, { changeId }) => ({ streams: [changeStream(changeId)], target: null }),
    load: (tx, { changeId }) => readChange(tx, changeId),
    decide: (change, _input, ask) => decideAsking(about, change, ask),
  });
  return (data) => command.given(given.parse(data));
}

function decideAsking(about: 'start' | 'end', change: Change, ask: Ask): Decision {
  // When it is asked whether it ended was put off by every word on it, so the time itself needs no second look.
  const waits = about === 'start' ? askStartAt(change) : ask.now;
  const state = about === 'start' ? 'planned' : 'started';
  const whom = [
    { id: change.ownerId, name: change.ownerName },
    { id: change.announcedById, name: change.announcedByName },
  ].find((each): each is { id: string; name: string } => each.id !== null && isInSlack(each.id));
  if (change.state !== state || !waits || waits > ask.now || !whom)
    return refuse(say('There is nothing to ask.'));
  const fact = changeAsked({ number: change.number, about, whom }, { stream: changeStream(change.id) });
  return accept([fact], say('Asked.'));
}

export const automatic: Readonly<Record<string, Automatic>> = {
  'change.askStart': asking('start'),
  'change.askEnd': asking('end'),
};

interface RunningInput {
  readonly id: number;
  readonly for?: number | undefined;
  readonly remarks: readonly string[];
}

const running = defineCommand<RunningInput, Change, Change>({
  verb: {
    surface: 'change',
    words: ['running'],
    usage: 'ID [for:]',
    summary: 'It still runs; with for:, how much longer. Until then nobody asks.',
    example: '/change running CHG-7 for:1h',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({
    id: changeWord,
    for: lengthWord.optional(),
    remarks: z.array(z.string()).default([]),
  }),
  locate: findChange,
  load: (tx, _input, { id }) => readChange(tx, id),
  decide(change, input, ask) {
    const key = changeKey(change);
    if (change.state !== 'started')
      return refuse(
        say(
          `${key} is not under way, so it cannot take longer. Nothing was changed. `,
          {
            code: `/change show ${key}`,
          },
          ' shows it.',
        ),
      );
    const until = new Date(ask.now.getTime() + (input.for ?? againMs));
    return accept(
      [changeGoesOn({ number: change.number, until }, { stream: changeStream(change.id) })],
      say(
        { bold: key },
        ` still runs, until about ${showInstant(until, ask.actor.zone ?? ask.workspace.zone)}. When it ends: `,
        { code: `/change done ${key}` },
        '.',
      ),
    );
  },
});

export const askingCommands: readonly Command[] = [running];

export const askingProjections: Projection[] = [
  on(changeAsked, async () => {}),
  on(changeGoesOn, async (fact, tx: Tx) => {
    await tx.change.update({ where: { id: changeIdOf(fact) }, data: { plannedEnd: fact.data.until } });
  }),
];

export const askingReactions: Reaction[] = [
  on(changeAsked, (fact) => [question(changeIdOf(fact), fact.id, fact.data)]),
  on(changeGoesOn, (fact) => [endLater(changeIdOf(fact), fact.data.until)]),
];

function question(
  changeId: string,
  factId: string,
  { about, whom }: { about: 'start' | 'end'; whom: { id: string } },
): Effect {
  return onChange(
    changeId,
    {
      do: 'show',
      view: about === 'start' ? 'changeBegan' : 'changeEnded',
      slot: `asked/${factId}`,
      destination: {
        to: 'person',
        userId: whom.id,
        // Whom Slack does not let us write to is asked where everybody reads.
        otherwise: { to: 'under', slot: changeSlot(changeId), otherwise: { to: 'changes' } },
      },
      about: changeId,
    },
    { essential: true },
  );
}

/** Whether it began. Drawn when it is sent: nothing, where somebody said so meanwhile. */
export const beganView: View = async (tx, id) => {
  const change = await tx.change.findUnique({ where: { id } });
  if (change?.state !== 'planned') return null;
  const key = changeKey(change);
  return message(
    line(
      { bold: `Did ${key} begin?` },
      ` ${change.title}: `,
      ...stateSpans(change),
      ', and nobody said so. Nothing happens if you do not answer.',
    ),
    buttons(
      { label: `${key} began`, command: `/change start ${key}` },
      { label: `Move ${key}`, command: `/change move ${key}` },
      { label: `Cancel ${key}`, command: `/change cancel ${key}` },
    ),
    line('If it began earlier: ', { code: `/change start ${key} at:10:42` }, '.'),
  );
};

/** Whether it ended. */
export const endedView: View = async (tx, id) => {
  const change = await tx.change.findUnique({ where: { id } });
  if (change?.state !== 'started') return null;
  const key = changeKey(change);
  return message(
    line(
      { bold: `Does ${key} still run?` },
      ` ${change.title}: `,
      ...stateSpans(change),
      '. That is long, and nobody said that it ended. Nothing happens if you do not answer.',
    ),
    buttons(
      { label: `${key} is done`, command: `/change done ${key}` },
      { label: `${key} failed`, command: `/change fail ${key}` },
      { label: `${key} still runs`, command: `/change running ${key}` },
    ),
    line('If it ended earlier: ', { code: `/change done ${key} at:10:42` }, '.'),
  );
};
