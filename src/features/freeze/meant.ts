// Which freeze somebody means to lift who names none. One that was perhaps not meant is never taken.
import type { Ask, Located } from '../../core/command.js';
import { line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import type { LiftInput } from './decide.js';
import { type Frozen, phaseAt } from './phase.js';
import { nothingSaid, scopeWords } from './places.js';
import { type Freeze, findFreeze, freezesHere, knownNames } from './store.js';
import { freezeKey, readFreezeKey } from './words.js';

const candidatesShown = 6;
const wordShown = 40;

/** `lift all is well`: the first word is no key, so all of it may be the text; `locateMeant` says whether it is. */
export function withBareText(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id, text, ...rest } = values;
  if (typeof id !== 'string') return { ...values };
  // `lift 2 hours early` is no FRZ-2.
  const isKey = readFreezeKey(id) !== null && !(/^\d+$/.test(id) && text !== undefined);
  if (isKey) return { ...values };
  return { ...rest, bare: true, text: [id, text].filter((each) => each !== undefined).join(' ') };
}

/** The one that is named; else the only one that is on, unless the words may mean something else. */
export async function locateMeant(tx: Tx, input: LiftInput, ask: Ask): Promise<Located<Freeze>> {
  if (input.id !== undefined) return findFreeze(tx, { id: input.id }, ask);
  const all = await freezesHere(tx, ask, ask.now);
  const on = all.filter((each) => phaseAt(each, ask.now) === 'active');
  const listed = on.length > 0 ? on : all;
  const words = input.bare ? (input.text ?? '') : '';
  const named = words === '' ? null : await nameIn(tx, words, listed, ask);
  if (named !== null) return refused(`“${shorten(named, wordShown)}” is no freeze.`, listed);
  const [only] = on;
  if (only && on.length === 1 && (words === '' || (await isTheirs(tx, only, ask))))
    return findFreeze(tx, { id: only.number }, ask);
  if (only && on.length === 1) return refused('That one is not yours, so say its key.', on, words);
  return refused(on.length > 0 ? 'Which one? Several are on.' : 'None is on now; these are to come.', listed);
}

// A key, a place or a `key:value` says which one is meant, and is none; so does a name, where it stands first.
async function nameIn(tx: Tx, text: string, freezes: readonly Frozen[], ask: Ask): Promise<string | null> {
  const words = text.split(/\s+/);
  const sign = /^["“(]*(?:(?:inc|chg|exc|frz)-?\w*\d\w*|frz.*|[a-z]+:\S.*|[^/\s]+\/[^/\s].*|\*.*)$/i;
  const odd = words.find((each) => sign.test(each));
  if (odd !== undefined) return odd;
  const [first = ''] = words;
  const names = freezes.flatMap(({ scope }) =>
    scope.include.flatMap((each) => [...each.services, ...each.environments, ...each.clusters]),
  );
  const place = { service: first, environment: '', cluster: first };
  const known = await knownNames(tx, ask.workspace.id, { ...nothingSaid, on: [place] });
  const all = [...names, ...known.services, ...known.clusters].map((each) => each.toLowerCase());
  const isName = all.includes(first.toLowerCase()) || known.environments.tierOf(first) !== null;
  return isName ? first : null;
}

// Made by the asker or for them, or meant where its incident is worked on.
async function isTheirs(tx: Tx, freeze: Frozen, ask: Ask): Promise<boolean> {
  if (freeze.owner.id === ask.actor.id) return true;
  const { incidentId } = freeze;
  if (incidentId === null || ask.channelId === null) return false;
  const where = { id: incidentId, workspaceId: ask.workspace.id, channelId: ask.channelId };
  return (await tx.incident.count({ where })) > 0;
}

function refused(why: string, listed: readonly Frozen[], text = ''): Located<Freeze> {
  return { refused: { message: whichOne(why, listed, text), field: 'id' } };
}

function whichOne(why: string, listed: readonly Frozen[], text: string): Message {
  if (listed.length === 0)
    return say('Nothing is frozen, and nothing will be. ', { code: '/freeze list all' }, ' shows what was.');
  return message(
    line(`${why} Nothing was lifted. To lift, type:`),
    list(
      listed
        .slice(0, candidatesShown)
        .map((each): Span[] => [
          { code: `/freeze lift ${[freezeKey(each), text].join(' ').trim()}` },
          ` ${scopeWords(each.scope)}: ${each.reason} (${each.owner.name})`,
        ]),
    ),
    listed.length > candidatesShown && line({ code: '/freeze list' }, ' shows all of them.'),
  );
}
