// The messages that ask for cover and validation, and what support is told; drawn from the rows as they are by then.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { buttons, line, list, message, type Part, type Span, shorten } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { neighboursOf } from '../catalog/index.js';
import {
  type Change,
  changeIdOf,
  changeKey,
  componentsOf,
  isOver,
  isUnderWay,
  readChange,
} from '../change/index.js';
import { componentName } from '../incident/index.js';
import { coverOf, endOf, startOf } from './due.js';
import { coverAsked, type SupportReason, supportTold, validationAsked } from './facts.js';
import { servicesOf } from './store.js';

const titleMax = 120;
const placesShown = 6;
/** What one message can hold beside the rest of it. */
const checkMax = 200;

interface Scene {
  readonly change: Change;
  readonly components: readonly string[];
  /** Services that depend on what it touches. */
  readonly dependents: readonly string[];
}

async function sceneOf(tx: Tx, changeId: string): Promise<Scene> {
  const change = await readChange(tx, changeId);
  const components = await componentsOf(tx, changeId);
  const around = await neighboursOf(tx, change.workspaceId, servicesOf(components));
  const dependents = [...around.dependents].sort();
  return { change, components: components.map(componentName), dependents };
}

async function factOf(tx: Tx, id: string) {
  return readFact(await tx.fact.findFirstOrThrow({ where: { id } }));
}

/** Asks one person whether they cover a change. */
const coverAsk: View = async (tx, factId) => {
  const fact = coverAsked.read(await factOf(tx, factId));
  const scene = await sceneOf(tx, changeIdOf(fact));
  const { change } = scene;
  const open = change.cover === 'asked' && change.coverId === fact.data.person.id && !isOver(change.state);
  if (!open) return null;
  const key = changeKey(change);
  return message(
    line({ bold: coverQuestion(fact.data) }),
    ...whatAndWhen(scene),
    line('To cover is to be awake and able to step in until people have said that everything works.'),
    buttons(
      { label: 'I will cover it', command: `/change cover ${key}`, style: 'primary' },
      { label: 'I cannot', command: `/change decline ${key}` },
    ),
    line('Only a yes counts: ', { code: `/change cover ${key}` }, ' or ', {
      code: `/change decline ${key} REASON`,
    }),
  );
};

function coverQuestion(it: { number: number; round: number; moved: boolean }): string {
  const key = changeKey(it);
  if (it.moved) return `${key} moved. Do you cover it at its new time?`;
  return it.round > 1 ? `Still open: will you cover ${key}?` : `Will you cover ${key}?`;
}

const whyTold: Readonly<Record<SupportReason, string>> = {
  unattended: 'Nobody was asked to cover it: if it breaks, only its owner looks.',
  uncovered: 'Nobody has said yes to covering it: if it breaks, only its owner looks.',
  started: 'It began, and nobody covers it: if it breaks, only its owner looks.',
  night: 'It runs at night or on a weekend.',
  moved: 'It moved to another time than you were told.',
};

/** Tells support what nobody may be awake for: why, what, when, what may break, whom to call. */
const supportNotice: View = async (tx, factId) => {
  const fact = supportTold.read(await factOf(tx, factId));
  const scene = await sceneOf(tx, changeIdOf(fact));
  const { change } = scene;
  const reasons = fact.data.reasons.filter((reason) => holds(reason, change));
  if (isOver(change.state) || reasons.length === 0) return null;
  const key = changeKey(change);
  const { support } = fact.data;
  const unset = support.channel === null && support.people.length === 0;
  return message(
    line(
      { bold: `For support: ${key} ${change.state === 'planned' ? 'is planned' : 'runs now'}.` },
      ' ',
      reasons.map((it) => whyTold[it]).join(' '),
    ),
    ...whatAndWhen(scene),
    line(
      'If users report trouble with any of it: call ',
      ...peopleToCall(change),
      ' and say ',
      { code: '/incident declare' },
      '.',
    ),
    coverOf(change) ? null : buttons({ label: 'I will cover it', command: `/change cover ${key}` }),
    coverOf(change) ? null : line('Whoever can step in: ', { code: `/change cover ${key}` }),
    unset && whyHere,
  );
};

function holds(reason: SupportReason, change: Change): boolean {
  if (reason === 'unattended') return change.cover === 'none' || change.cover === 'declined';
  if (reason === 'uncovered' || reason === 'started') return coverOf(change) === null;
  return true;
}

const whyHere = line('No support is set, so I say it here. To set one: ', {
  code: '/change support channel:#name',
});

/** Tells the owner that nobody covers their change. */
const ownerNotice: View = async (tx, factId) => {
  const fact = supportTold.read(await factOf(tx, factId));
  const { change } = await sceneOf(tx, changeIdOf(fact));
  if (coverOf(change) || isOver(change.state)) return null;
  const key = changeKey(change);
  return message(
    line(
      { bold: `Nobody covers ${key}` },
      ` ${shorten(change.title, titleMax)}, which is yours. `,
      ...begins(change),
    ),
    line('Support is told. Ask somebody who can step in: ', { code: `/change cover ${key} @name` }),
    change.state === 'planned' &&
      line('Or move it to when somebody can: ', { code: `/change move ${key} tomorrow 10:00` }),
  );
};

function begins(change: Change): Span[] {
  const verb = change.state === 'planned' ? 'It is to begin' : 'It began';
  return [`${verb} `, { at: startOf(change) }, '.'];
}

/** Asks whether everything still works. */
const validationAsk: View = async (tx, factId) => {
  const fact = validationAsked.read(await factOf(tx, factId));
  const scene = await sceneOf(tx, changeIdOf(fact));
  const { change } = scene;
  if (change.state !== 'validating') return null;
  const key = changeKey(change);
  const { level, checks, support, since } = fact.data;
  const waited = showDuration(fact.recordedAt.getTime() - since.getTime());
  const unset = support !== null && support.channel === null && support.people.length === 0;
  return message(
    level === 'first'
      ? null
      : line({ bold: `Nobody has said whether ${key} works, ${waited} after I asked.` }),
    line({ bold: `${key} is done: is everything still working?` }),
    ...whatItIs(scene),
    list(checks.map((check) => [shorten(check, checkMax)])),
    line(...peopleSpans(change)),
    buttons(
      { label: 'Good', command: `/change validate ${key} good`, style: 'primary' },
      { label: 'Something is wrong', command: `/change validate ${key} bad` },
    ),
    line(
      'Look first, then say ',
      { code: `/change validate ${key} good` },
      ' or ',
      { code: `/change validate ${key} bad WHAT` },
      '. Silence is no answer: I ask again ',
      { at: fact.data.again },
      '.',
    ),
    unset && whyHere,
  );
};

function whatItIs({ change, components, dependents }: Scene): Part[] {
  const where = components.length > 0 ? `, on ${listed(components)}` : '';
  return [
    line({ bold: changeKey(change) }, ` ${shorten(change.title, titleMax)} (${change.kind}${where})`),
    ...(dependents.length > 0 ? [line(`What may break with it: ${listed(dependents)}.`)] : []),
  ];
}

function whatAndWhen(scene: Scene): Part[] {
  const { change } = scene;
  return [
    ...whatItIs(scene),
    line(
      isUnderWay(change.state) ? 'Began ' : 'When: ',
      { at: startOf(change) },
      isUnderWay(change.state) ? ', planned until ' : change.plannedEnd ? ' to ' : ', until about ',
      { at: endOf(change) },
      '.',
    ),
    line(...peopleSpans(change)),
  ];
}

function peopleSpans(change: Change): Span[] {
  const cover = coverOf(change);
  return [
    'Owner: ',
    ownerSpan(change),
    '. Cover: ',
    cover ? { person: cover.id, name: cover.name } : 'nobody',
    '.',
  ];
}

function peopleToCall(change: Change): Span[] {
  const cover = coverOf(change);
  const owner = ownerSpan(change);
  return cover ? [{ person: cover.id, name: cover.name }, ' or ', owner] : [owner];
}

function ownerSpan(change: Change): Span {
  return change.ownerId ? { person: change.ownerId, name: change.ownerName } : change.ownerName;
}

function listed(names: readonly string[]): string {
  return fewNames(names, placesShown);
}

export const views: Readonly<Record<string, View>> = { coverAsk, supportNotice, ownerNotice, validationAsk };
