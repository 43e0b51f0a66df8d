// Where the channel of changes cannot be written to: whoever announced is told once, and App Home says so while it lasts.
import { z } from 'zod';
import type { Ask } from '../../core/command.js';
import { type Effect, onChange } from '../../core/effect.js';
import { defineFact, isInSlack, on, readFact, type Stated } from '../../core/fact.js';
import type { Reaction, View } from '../../core/feature.js';
import { line, list, message, type Part, type Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { personSchema } from '../incident/index.js';
import { changeSlot } from './store.js';
import { changeKey } from './words.js';

/** What Slack refused in the channel of changes is a stream of its own: no command on a change waits for it. */
export const unheardStream = 'changes-channel';
/** As long as incidents say what was refused. */
const lastsMs = 86_400_000;
/** Of the latest changes so many are looked at for one that was posted since. */
const lookedAt = 20;
const namedMax = 5;

/** A change could not be posted, or brought up to date, in the channel of changes. */
export const changeUnheard = defineFact(
  'ChangeUnheard',
  z.object({
    changeId: z.string(),
    number: z.number().int(),
    /** Who announced it. */
    by: personSchema,
    method: z.string(),
    error: z.string(),
    needed: z.string().nullable(),
  }),
  () => null,
);

/** States that Slack refused to take a change to its channel. */
export async function unheard(
  tx: Tx,
  changeId: string,
  failure: { method: string; error: string; needed: string | null },
): Promise<readonly Stated[]> {
  const change = await tx.change.findUnique({ where: { id: changeId } });
  if (!change) return [];
  const { number, announcedById: id, announcedByName: name } = change;
  const { method, error, needed } = failure;
  return [
    changeUnheard({ changeId, number, by: { id, name }, method, error, needed }, { stream: unheardStream }),
  ];
}

/** One message for a person and a day, which says what is missing and stays current. */
export const missingReactions: Reaction[] = [
  on(changeUnheard, (fact): Effect[] => {
    const { by, changeId } = fact.data;
    if (!isInSlack(by.id)) return [];
    const day = fact.recordedAt.toISOString().slice(0, 10);
    const slot = `unheard/${by.id}/${day}`;
    return [
      {
        ...onChange(changeId, {
          do: 'show',
          view: 'changesUnheard',
          slot,
          destination: { to: 'person', userId: by.id },
          about: `${fact.workspaceId} ${by.id}`,
        }),
        essential: true,
        lane: slot,
        collapse: slot,
      },
    ];
  }),
];

export const unheardView: View = async (tx, about) => {
  const [workspaceId = '', userId = ''] = about.split(' ');
  const facts = await latest(tx, workspaceId);
  const own = facts.filter((each) => each.data.by.id === userId);
  const [first] = own;
  if (!first) return null;
  const { changesChannel } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const numbers = [...new Set(own.map((each) => each.data.number))];
  const keys = numbers.slice(0, namedMax).map((number) => changeKey({ number }));
  return message(
    line(
      { bold: `I could not announce ${keys.join(', ')} in the channel.` },
      ` ${numbers.length > 1 ? 'They are' : 'It is'} on record, and those who own what it touches were told; nobody reads it in #${changesChannel.replace(/^#/, '')}.`,
    ),
    line(...mendingSpans(first.data, changesChannel)),
  );
};

/** On App Home, while it lasts. */
export async function missingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const workspaceId = ask.workspace.id;
  const refused = await latest(tx, workspaceId);
  const [last] = refused;
  if (!last || last.recordedAt.getTime() < ask.now.getTime() - lastsMs) return [];
  if (await isMended(tx, workspaceId, refused)) return [];
  const { changesChannel } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  return [list([mendingSpans(last.data, changesChannel)])];
}

// One of the latest changes was posted since.
async function isMended(
  tx: Tx,
  workspaceId: string,
  refused: readonly { readonly position: number; readonly data: { readonly changeId: string } }[],
): Promise<boolean> {
  const newest = await tx.change.findMany({
    where: { workspaceId },
    orderBy: { number: 'desc' },
    take: lookedAt,
    select: { id: true },
  });
  const ids = new Set([...newest.map((each) => each.id), ...refused.map((each) => each.data.changeId)]);
  const posted = await tx.posted.findMany({
    where: { workspaceId, slot: { in: [...ids].map(changeSlot) } },
    select: { id: true },
  });
  // A message that was posted bears the id of the fact that says so; the order of the record is that of the facts.
  const last = refused[0]?.position ?? 0;
  return (
    (await tx.fact.count({ where: { id: { in: posted.map((each) => each.id) }, position: { gt: last } } })) >
    0
  );
}

type Refused = { readonly method: string; readonly error: string; readonly needed: string | null };

/** What Slack refused and how to mend it. */
function mendingSpans(refused: Refused, channel: string): Span[] {
  const name = `#${channel.replace(/^#/, '')}`;
  const what = `Changes cannot be announced in ${name}: `;
  if (refused.method === 'conversations.list' && refused.error === 'channel_not_found')
    return [
      `${what}there is no public channel of that name that I can see. Make one and type there `,
      { code: '/invite @Andon' },
      ', or set ',
      { code: 'ANDON_CHANGES_CHANNEL' },
      '.',
    ];
  const said: Span[] = [`${what}Slack said `, { code: refused.error }, ` to ${refused.method}. `];
  if (refused.needed)
    return [
      ...said,
      `The scope ${refused.needed} is missing: an admin can add it to the app under OAuth & Permissions and reinstall it.`,
    ];
  switch (refused.error) {
    case 'is_archived':
    case 'is_inactive':
      return [
        ...said,
        'Somebody archived it: unarchive it, or set ',
        { code: 'ANDON_CHANGES_CHANNEL' },
        ' to another.',
      ];
    case 'restricted_action':
    case 'posting_to_channel_denied':
    case 'restricted_action_read_only_channel':
      return [
        ...said,
        'Only some may post there: ask whoever manages it to let the app, or set ',
        { code: 'ANDON_CHANGES_CHANNEL' },
        ' to another.',
      ];
    default:
      return [
        ...said,
        'Type there: ',
        { code: '/invite @Andon' },
        '; or set ',
        { code: 'ANDON_CHANGES_CHANNEL' },
        ' to another.',
      ];
  }
}

// The latest refusals, newest first: by their stream, so that the record is not read for them.
async function latest(tx: Tx, workspaceId: string) {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: unheardStream },
    orderBy: { version: 'desc' },
    take: lookedAt,
  });
  return rows.map((row) => ({ ...changeUnheard.read(readFact(row)), position: row.position }));
}
