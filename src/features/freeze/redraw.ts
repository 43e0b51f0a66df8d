// What was said of a freeze is taken out of Slack again where its words are redacted, and where Slack took nothing that is said.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Effect, onIncident } from '../../core/effect.js';
import { defineFact, isInSlack, on, type Stated } from '../../core/fact.js';
import type { Reaction, View } from '../../core/feature.js';
import { line, message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { entryRedacted } from '../timeline/index.js';
import { freezeSlot, onFreezes, retopicChanges, showCord, showFreeze } from './effects.js';
import * as facts from './facts.js';
import { cordOf } from './facts.js';
import { readCord } from './store.js';
import { freezeKey, freezesStream } from './words.js';

export const redrawCommand = 'freeze.redraw';
/** Where something is said of a fact: the last part of its slot. */
const places = ['channel', 'thread', 'owner', 'incident'] as const;
/** Of all freezes; more facts than these nobody looks through for the lines that repeat a reason. */
const factsRead = 5_000;

/** Words of a freeze were redacted: its messages say it no longer. */
export const freezeRedrawn = defineFact(
  'FreezeRedrawn',
  z.object({
    id: z.string(),
    number: z.int(),
    drill: z.boolean(),
    incident: cordOf.nullable(),
    /** The facts of which something was said. */
    said: z.array(z.string()),
  }),
  () => null,
);

/** The message of a freeze could not be posted in the channel of changes, or brought up to date. */
export const freezeUnheard = defineFact(
  'FreezeUnheard',
  z.object({
    number: z.int(),
    owner: z.object({ id: z.string(), name: z.string() }),
    method: z.string(),
    error: z.string(),
    needed: z.string().nullable(),
  }),
  () => null,
);

const redrawInput = z.object({ factIds: z.array(z.string()) });
const ofFreezes = [facts.freezeSet.type, facts.freezeLifted.type];
const spoken = [...ofFreezes, facts.freezeExtended.type, facts.freezeTold.type];

const redraw = defineCommand<z.infer<typeof redrawInput>, null, readonly Stated[]>({
  verb: internalVerb('freeze redraw'),
  input: redrawInput,
  locate: async () => ({ streams: [freezesStream], target: null }),
  async load(tx, { factIds }, _target, ask) {
    const workspaceId = ask.workspace.id;
    const redacted = await tx.fact.findMany({
      where: { workspaceId, id: { in: [...factIds] }, type: { in: ofFreezes } },
      select: { data: true },
    });
    const ids = new Set(redacted.map(({ data }) => idIn(data)));
    const stated: Stated[] = [];
    for (const id of ids) stated.push(...(await redrawnOf(tx, workspaceId, id)));
    return stated;
  },
  decide: (stated) =>
    stated.length > 0 ? accept(stated, message()) : refuse(say('Nothing of a freeze was redacted.')),
});

export const redrawOf = (data: unknown) => redraw.given(redrawInput.parse(data));

async function redrawnOf(tx: Tx, workspaceId: string, id: string): Promise<Stated[]> {
  const row = await tx.freeze.findFirst({ where: { id, workspaceId } });
  if (!row) return [];
  const all = await tx.fact.findMany({
    where: { workspaceId, stream: freezesStream, type: { in: spoken } },
    orderBy: { version: 'desc' },
    take: factsRead,
    select: { id: true, data: true },
  });
  const said = all.filter(({ data }) => idIn(data) === id).map((each) => each.id);
  const { number, drill } = row;
  const fact = { id, number, drill, incident: await readCord(tx, row), said };
  return [freezeRedrawn(fact, { stream: freezesStream })];
}

// Every fact of a freeze names it, also when it was blanked.
function idIn(data: unknown): string {
  return (data as { readonly id?: string }).id ?? '';
}

/** States that Slack refused to show a freeze in the channel of changes; nothing where that is not what was refused. */
export async function unheardFreeze(
  tx: Tx,
  workspaceId: string,
  about: string,
  { method, error, needed }: { method: string; error: string; needed: string | null },
): Promise<readonly Stated[]> {
  const found = await tx.freeze.findUnique({
    where: { workspaceId_number: { workspaceId, number: Number(about.split(' ')[0]) } },
  });
  if (!found) return [];
  const { number, ownerId, ownerName } = found;
  const owner = { id: ownerId, name: ownerName };
  return [freezeUnheard({ number, owner, method, error, needed }, { stream: freezesStream })];
}

export const redrawReactions: Reaction[] = [
  on(entryRedacted, ({ data: { factIds } }) => [
    onFreezes({ do: 'decide', command: redrawCommand, data: { factIds: [...factIds] } }),
  ]),
  on(freezeRedrawn, (fact): Effect[] => {
    const { data, recordedAt } = fact;
    const key = freezeKey(data);
    const text = message(
      line(`${key}: what stood here was redacted. `, { code: `/freeze show ${key}` }, ' shows what remains.'),
    );
    const slots = data.said.flatMap((id) => places.map((place) => `${freezeSlot(data)}/${id}/${place}`));
    return [
      ...(data.drill ? [] : [showFreeze(data, recordedAt), retopicChanges()]),
      ...(data.incident ? [showCord(data, data.incident.id, recordedAt)] : []),
      // One that was never posted has nothing to replace.
      ...slots.map((slot) => {
        const replaced = { do: 'replace', slot, message: text } as const;
        return data.incident && slot.endsWith('/incident')
          ? onIncident(data.incident.id, replaced, { essential: true })
          : onFreezes(replaced, { essential: true });
      }),
    ];
  }),
  on(freezeUnheard, ({ data, workspaceId, id }): Effect[] => {
    if (!isInSlack(data.owner.id)) return [];
    const shown = {
      do: 'show',
      view: 'freezeUnheard',
      slot: `${freezeSlot(data)}/unheard`,
      destination: { to: 'person', userId: data.owner.id },
      about: `${workspaceId} ${id}`,
    } as const;
    return [{ ...onFreezes(shown, { essential: true }), lane: `${freezesStream}/unheard` }];
  }),
];

/** What its owner is told: it holds, and nobody reads of it. */
export const unheardView: View = async (tx, about) => {
  const [workspaceId = '', id = ''] = about.split(' ');
  const row = await tx.fact.findFirst({ where: { workspaceId, id } });
  if (!row) return null;
  const { number, method, error, needed } = row.data as ReturnType<typeof freezeUnheard.read>['data'];
  const { changesChannel } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const name = `#${changesChannel.replace(/^#/, '')}`;
  return message(
    line(
      { bold: `Nobody reads of ${freezeKey({ number })} in ${name}.` },
      ' It holds all the same, and the gate says it to who asks. Slack said ',
      { code: error },
      ` to ${method}.`,
      needed
        ? ` The scope ${needed} is missing; an admin can add it to the app and reinstall it.`
        : ` Invite the app there (/invite @Andon), or set ANDON_CHANGES_CHANNEL to a channel that it can post in.`,
    ),
  );
};
