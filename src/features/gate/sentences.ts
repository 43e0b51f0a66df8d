// The sentences of a verdict, for whoever is told “no” at night: who says so, why, until when, and what to do. Pure.
import { shorten } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showInstant } from '../../core/time/index.js';
import { changeKey } from '../change/index.js';
import { exceptionKey, isFor, type Way } from '../exception/index.js';
import { type Frozen, freezeKey, windowNow } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import type { Turn } from './queue.js';
import type { Scene, Standing } from './standing.js';
import { type DecisionWord, goesBack, type Question, type Reason } from './words.js';

const nameMax = 60;
const reasonMax = 200;
/** Of so many places the names are said, of more the number. */
const placesMax = 4;
const nothing = { mode: null, reason: null, owner: null, endsAt: null } as const;

/** What a freeze asks for, on which of the places. */
export function freezeReason(
  freeze: Frozen,
  places: readonly string[],
  decision: DecisionWord,
  { now, zone }: Scene,
): Reason {
  const until = windowNow(freeze, now)?.until ?? null;
  const owner = shorten(freeze.owner.name, nameMax);
  const end = until ? `until ${momentText(until, now, zone)}` : 'with no end in sight';
  const does = freeze.mode === 'hard' ? 'freezes' : 'asks for care on';
  const why = freeze.damaged
    ? `${owner}; its record cannot be read, so it counts for everything: lift it and make it anew`
    : `${owner}: ${shorten(freeze.reason, reasonMax)}`;
  return {
    ...{ type: 'freeze', id: freezeKey(freeze), decision },
    text: `${freezeKey(freeze)} ${does} ${listed(places)} ${end} (${why}).`,
    ...{ mode: freeze.mode, reason: freeze.reason, owner: { ...freeze.owner } },
    endsAt: until?.toISOString() ?? null,
  };
}

/** It goes back to what ran there before. */
export function rollbackReason({ artifact }: Question): Reason {
  const text = `It goes back to ${shorten(artifact ?? '', nameMax)}, which ran there before: a rollback passes freezes.`;
  return { ...nothing, type: 'rollback', id: null, decision: 'allow', text };
}

/** An exception lets it through. */
export function exceptionReason(way: Way): Reason {
  const by = way.emergency ? 'on the authority of' : 'approved by';
  const text = `${exceptionKey(way)} lets it through, ${by} ${shorten(way.approvedBy, nameMax)}.`;
  return { ...nothing, type: 'exception', id: exceptionKey(way), decision: 'allow', text };
}

/** The exception that it names does not. */
export function noWayReason(number: number, { ways, change, question }: Scene): Reason {
  const key = exceptionKey({ number });
  const { source, key: own, exception } = question;
  const named = ways.find((way) => way.number === number);
  if (named && !isFor(named, { changeId: change?.id ?? null, source, key: own, exception })) {
    const text = `${key} does not let it through: it is for another change. /freeze exceptions ${key} shows for which.`;
    return { ...nothing, type: 'exception', id: key, decision: 'deny', text };
  }
  const text = `${key} does not let it through: it is not approved, over or used up, or not for these freezes, places and this change. /freeze exceptions ${key} shows it.`;
  return { ...nothing, type: 'exception', id: key, decision: 'deny', text };
}

/** Others go first. */
export function turnReason(turn: Turn, thaw: readonly number[], { now, zone, spacingMs }: Scene): Reason {
  const before = turn.place - 1;
  const first =
    before === 0 ? 'the one before has just gone' : `${before} ${before === 1 ? 'goes' : 'go'} first`;
  const when = turn.at ? `its turn comes at ${momentText(turn.at, now, zone)}` : 'its turn comes after them';
  const freezes = thaw.map((number) => `FRZ-${number}`).join(', ');
  const text = `${freezes} thaws, one change every ${spacingMs / 1_000} seconds: ${first}, and ${when}.`;
  return { ...nothing, type: 'turn', id: null, decision: 'hold', text };
}

/** Places of which nobody said what they are for count as production, and that is said. */
export function placeReasons({ targets, question, unknown }: Scene): Reason[] {
  const named = targets.flatMap((each, i) => {
    const place = question.targets[i];
    return each.tier === null && place ? [{ place, environment: each.environment }] : [];
  });
  const known = new Map(named.map((each) => [each.environment, each]));
  const texts = [...known.values()].map(({ place, environment }) =>
    environment === ''
      ? `${componentName(place)} names no environment, so it counts as production.`
      : `The catalogue does not know the environment ${environment}, so ${componentName(place)} counts as production.`,
  );
  const slips = unknown.map(
    (each) =>
      `The catalogue does not know the ${shorten(each, nameMax)}: if that is a slip, no freeze of what you meant covers it.`,
  );
  return [...texts, ...slips].map((text) => ({
    ...{ ...nothing, type: 'place', id: null, decision: 'allow', text },
  }));
}

/** What can be done about a “no”, and whom to ask. */
export function howToProceed(scene: Scene, standing: Standing, free: Date | null): string {
  const { question, now, zone } = scene;
  if (!standing.denied) return held(scene);
  const { hard } = standing;
  const keys = hard.map(freezeKey).join(',');
  const owners = [...new Set(hard.map(({ owner }) => whomToAsk(owner)))];
  const when = free ? `It is free at ${momentText(free, now, zone)}` : 'No end is in sight';
  const queue =
    question.key === null
      ? 'name a key with the question, and it keeps a place for then'
      : 'asked again under its key, it keeps its place until then';
  return [
    rollbackWords(scene),
    scene.pending === null
      ? `To pass: /freeze except ${keys} ${whatFor(scene)} REASON, which somebody else approves; then ask again.`
      : `EXC-${scene.pending} was asked for and waits for its approval: /freeze approve EXC-${scene.pending}.`,
    `Whom to ask: ${owners.join(', ')}. ${when}; ${queue}.`,
  ].join(' ');
}

// A token answers nobody.
function whomToAsk({ id, name }: Frozen['owner']): string {
  return id.startsWith('token:') ? 'the channel of changes' : shorten(name, nameMax);
}

function held({ question }: Scene): string {
  const waits =
    question.key === null
      ? 'Ask again, with a key, so that it keeps its place.'
      : 'It keeps its place: ask again, as andon gate --wait does.';
  return `${waits} What is urgent and goes back to a version that ran there needs no turn: ${rollbackWay}.`;
}

/** As the command line and as the API have it. */
const rollbackWay = '--rollback (“rollback”: true) with its artifact';

function rollbackWords({ question, unproven }: Scene): string {
  if (!question.rollback) return `To go back to a version that ran there before: ${rollbackWay}.`;
  if (!goesBack(question.kind))
    return `As a rollback it does not pass: ${kindNames[question.kind] ?? `a ${question.kind}`} is not taken back by a version.`;
  if (question.artifact === null)
    return 'As a rollback it would pass, but it does not say to which version: send its artifact.';
  const artifact = shorten(question.artifact, nameMax);
  return `As a rollback it would pass, but no change that was on record before the freeze brought ${artifact} to ${listed(unproven ?? [])} with success: take a version that ran there, written as it was then.`;
}

const kindNames: Partial<Record<string, string>> = {
  upgrade: 'an upgrade',
  infrastructure: 'a change of infrastructure',
};

// What an exception is tied to: the change, else what the pipeline calls it, else the place.
function whatFor({ question, change }: Scene): string {
  if (change) return `change:${changeKey(change)}`;
  if (question.key === null) return `on:${question.targets.map(componentName).join(',')}`;
  return /^[\w./:@#-]+$/.test(question.key) ? `change:${question.key}` : `change:"${question.key}"`;
}

/** A moment beside now: `16:04 UTC`, with its day where that is another one, and in the workspace's zone too. */
function momentText(at: Date, now: Date, zone: string): string {
  const utc = showInstant(at, 'UTC');
  const here = showInstant(at, zone);
  const shown = utc.slice(0, 10) === showInstant(now, 'UTC').slice(0, 10) ? utc.slice(11) : utc;
  return here === utc
    ? shown
    : `${shown} (${here.slice(0, 10) === utc.slice(0, 10) ? here.slice(11) : here})`;
}

function listed(places: readonly string[]): string {
  return places.length > placesMax ? fewNames(places, placesMax) : places.join(' and ');
}
