// Undo: one's own last change, within a minute. It stays on record, marked; the state is as if it had not been stated.
import { z } from 'zod';
import { type Ask, accept, defineCommand, refuse } from '../../core/command.js';
import type { Fact } from '../../core/fact.js';
import type { Feature, Undoing } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { about, done, findIncident, type Incident, incidentKey, onIncidentInput } from '../incident/index.js';
import { kindsOf, lastElsewhere, notOfAnIncident } from './elsewhere.js';
import { changeUndone, type Undone } from './facts.js';
import { reactions } from './react.js';
import { setAnew, type Taken, type Undoer, undoerOf } from './rules.js';
import { lastFacts, laterFacts, projectionsOf } from './store.js';

export { changeUndone } from './facts.js';

interface UndoInput {
  incident?: number | undefined;
  remarks: string[];
}

interface Target {
  readonly incident: Incident;
  /** The streams that are locked. */
  readonly streams: readonly string[];
}

interface UndoState extends Target {
  /** What the asker said last on this incident within the time, by one request, wherever it was recorded. */
  readonly last: readonly Fact[];
  /** What was said since where those are recorded, and was not taken back. */
  readonly later: readonly Fact[];
}

/** The feature that takes back what the others have rules for. */
export function undoFeature(features: readonly Feature[]): Feature {
  const undoer = undoerOf(features.flatMap((feature) => feature.undo ?? []));
  const kinds = kindsOf(features);
  const undo = defineCommand<UndoInput, Target, UndoState>({
    verb: {
      surface: 'incident',
      words: ['undo'],
      usage: '',
      summary: 'Takes back your last change, within a minute.',
      onIncident: true,
    },
    input: z.object(onIncidentInput),
    async locate(tx, input, ask) {
      const found = await findIncident(tx, input, ask);
      // Whoever names an incident means that one.
      const elsewhere = input.incident === undefined ? await lastElsewhere(tx, ask, undoer, kinds) : null;
      if (elsewhere) {
        const here = 'refused' in found ? null : found.target;
        return { refused: { message: notOfAnIncident(elsewhere, undoer, kinds, here) } };
      }
      if ('refused' in found) return found;
      const last = await lastFacts(tx, found.target.id, ask, undoer);
      const streams = [...new Set([...found.streams, ...last.map((fact) => fact.stream)])];
      return { streams, target: { incident: found.target, streams } };
    },
    async load(tx, _input, target, ask) {
      const last = await lastFacts(tx, target.incident.id, ask, undoer);
      return { ...target, last, later: await laterFacts(tx, last) };
    },
    decide: (state, _input, ask) => decideUndo(undoer, state, ask),
  });
  return {
    name: 'undo',
    topic: 'record',
    facts: [changeUndone],
    commands: [undo],
    project: projectionsOf(features),
    react: reactions,
  };
}

function decideUndo(undoer: Undoer, { incident, streams, last, later }: UndoState, ask: Ask) {
  const key = incidentKey(incident);
  if (last.length === 0)
    return refuse(
      say(
        `You changed nothing on ${key} within the last minute. Say what is true now instead; both stay on record.`,
      ),
    );
  if (last.some((fact) => !streams.includes(fact.stream)))
    return refuse(say(`${key} changed this very moment. Say `, { code: '/incident undo' }, ' again.'));
  const taken: Taken[] = [];
  for (const fact of last) {
    const undoing = undoer(fact);
    if (undoing === 'stays') continue;
    const refused = whyNot(undoer, incident, fact, undoing, later);
    if (refused || !undoing) return refuse(refused ?? cannot(incident));
    taken.push({ fact, undoing });
  }
  const facts = [...undoneOn(taken), ...taken.flatMap(({ undoing }) => undoing.follows ?? [])];
  const names = taken.map(({ fact, undoing }) => `#${fact.seq} ${undoing.what}`).join(', ');
  const brings = taken.flatMap(({ undoing }) => undoing.brings ?? []).map((each) => ` ${each}`);
  const text = `Undone: ${names}. It stays on record, marked as undone.${brings.join('')}`;
  return accept(facts, done(text, { remarks: [] }, ask));
}

function whyNot(
  undoer: Undoer,
  incident: Incident,
  fact: Fact,
  undoing: Undoing | null,
  later: readonly Fact[],
) {
  if (!undoing) return cannot(incident);
  const name = `#${fact.seq} (${undoing.what}) cannot be taken back`;
  if (undoing.never) return say(`${name}. ${undoing.never}`, { code: undoing.instead }, '.');
  const newer = setAnew(undoer, { fact, undoing }, later);
  if (!newer) return null;
  return say(
    `${name}: ${newer.fact.actor.name} has changed it since, #${newer.fact.seq} ${newer.undoing.what}. Say what is true now: `,
    { code: undoing.instead },
    '.',
  );
}

function cannot(incident: Incident) {
  return say(
    `Your last step on ${incidentKey(incident)} cannot be taken back. `,
    { code: '/incident help' },
    ' shows what mends it.',
  );
}

// A merge is said on two incidents, and taken back on both.
function undoneOn(taken: readonly Taken[]) {
  const ids = [...new Set(taken.map(({ fact }) => fact.incidentId ?? ''))];
  return ids.map((id) =>
    changeUndone({ undone: taken.filter(({ fact }) => fact.incidentId === id).map(undoneOf) }, about({ id })),
  );
}

const topicParts = ['severity', 'status', 'role/commander'];

function undoneOf({ fact, undoing }: Taken): Undone {
  return {
    factId: fact.id,
    seq: fact.seq ?? 0,
    what: undoing.what,
    hidden: undoing.hidden ?? false,
    leftOut: undoing.follows === undefined,
    inTopic: undoing.sets.some((part) => topicParts.includes(part)),
  };
}
