// The catalogue was changed so that a freeze holds less than it did: said in the channel of changes, and to whoever owns it.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Destination, Effect } from '../../core/effect.js';
import { defineFact, type Fact, isInSlack, on, readFact } from '../../core/fact.js';
import type { Reaction, View } from '../../core/feature.js';
import { line, message, type Span, say } from '../../core/message.js';
import {
  catalogEntryRemoved,
  catalogImported,
  environmentSet,
  type Loosening,
  looseningSchema,
  lost,
} from '../catalog/index.js';
import { onFreezes } from './effects.js';
import type { Frozen } from './phase.js';
import { freezesSince } from './store.js';
import { freezeKey, freezesStream } from './words.js';

export const loosenedCommand = 'freeze.loosened';

const person = z.object({ id: z.string(), name: z.string() });

/** Whoever changed the catalogue said that it is meant, or imported a file. */
export const freezeLoosened = defineFact(
  'FreezeLoosened',
  z.object({
    freezes: z.array(z.object({ number: z.int(), owner: person, places: z.array(z.string()) })),
    by: person,
    /** The file that says so; null where it was said. */
    origin: z.string().nullable(),
  }),
  ({ freezes }) => ({
    kind: 'freeze',
    text: `The catalogue was changed: ${freezes.map((it) => `${freezeKey(it)} no longer holds ${it.places.join(', ')}`).join('; ')}`,
  }),
);

const input = z.object({ loosens: z.array(looseningSchema), by: person, origin: z.string().nullable() });

const loosened = defineCommand<z.infer<typeof input>, null, readonly Frozen[]>({
  verb: internalVerb('freeze loosened'),
  input,
  locate: async () => ({ streams: [freezesStream], target: null }),
  load: (tx, _input, _target, ask) => freezesSince(tx, ask.workspace.id, ask.now),
  decide(open, { loosens, by, origin }) {
    const freezes = loosens.flatMap(({ freeze, places }) => {
      const found = open.find((each) => each.number === freeze);
      return found ? [{ number: freeze, owner: found.owner, places }] : [];
    });
    if (freezes.length === 0) return refuse(say('None of these freezes is on any more.'));
    return accept([freezeLoosened({ freezes, by, origin }, { stream: freezesStream })], message());
  },
});

export const loosenedOf = (data: unknown) => loosened.given(input.parse(data));

function announce(
  { actor }: Fact<unknown>,
  loosens: readonly Loosening[] | undefined,
  origin: string | null,
): Effect[] {
  if (!loosens || loosens.length === 0) return [];
  const data = { loosens: [...loosens], by: { id: actor.id, name: actor.name }, origin };
  return [onFreezes({ do: 'decide', command: loosenedCommand, data })];
}

const changes: Destination = { to: 'changes' };

export const loosenedReactions: Reaction[] = [
  on(environmentSet, (fact) => announce(fact, fact.data.loosens, null)),
  on(catalogEntryRemoved, (fact) => announce(fact, fact.data.loosens, null)),
  on(catalogImported, (fact) => announce(fact, fact.data.loosens, fact.data.origin)),
  on(freezeLoosened, (fact): Effect[] => {
    const { freezes, by } = fact.data;
    const owners = [...new Set(freezes.map(({ owner }) => owner.id))].filter((id) => id !== by.id);
    const toOwners = owners
      .filter(isInSlack)
      .map((userId) => shown(fact.id, userId, { to: 'person', userId, otherwise: changes }));
    return [shown(fact.id, 'channel', changes), ...toOwners];
  }),
];

function shown(id: string, where: string, destination: Destination): Effect {
  const slot = `freeze/loosened/${id}/${where}`;
  const about = `${id} ${where}`;
  return onFreezes({ do: 'show', view: 'freezeLoosened', slot, destination, about }, { essential: true });
}

/** What the channel and the owners read; an owner of their own freezes alone. */
export const loosenedView: View = async (tx, about, workspace) => {
  const [id = '', where = ''] = about.split(' ');
  const row = await tx.fact.findFirst({ where: { id, workspaceId: workspace.id } });
  if (!row) return null;
  const { freezes, by, origin } = freezeLoosened.read(readFact(row)).data;
  const own = freezes.filter((it) => where === 'channel' || it.owner.id === where);
  const [first] = own;
  if (!first) return null;
  const who: Span = isInSlack(by.id) ? { person: by.id, name: by.name } : by.name;
  const loosens = own.map(({ number, places }) => ({ freeze: number, places }));
  return message(
    line({ bold: `${lost(loosens, 'no longer holds')}.` }),
    line(
      who,
      origin === null
        ? ' changed in the catalogue what that is for, or what it is called.'
        : ` imported ${origin}, which says otherwise what that is for, or what it is called.`,
      ' What waited there may go. If that was not meant, take it back in the catalogue; ',
      { code: `/freeze show ${freezeKey(first)}` },
      ' shows what is frozen.',
    ),
  );
};
