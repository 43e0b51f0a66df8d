// What people ask of those that wait: who does, how far apart they go, and that one waits no more.
import { z } from 'zod';
import { type Ask, accept, defineCommand, type Query, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import { readDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import {
  catalogStream,
  environmentsOf,
  settingsOf,
  settingsSet,
  type TeamSettings,
} from '../catalog/index.js';
import { readChangeKey } from '../change/index.js';
import { asOf, freezesSince } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import { heldLeft } from './facts.js';
import { type Turn, turnsOf } from './queue.js';
import { queueOf } from './scene.js';
import { type Kept, readKept, waitingRows } from './store.js';
import { gateStream, lapsedMs, mayGo, queueStream, usualSpacingSeconds } from './words.js';

/** As many as a phone shows. */
const listedMax = 10;
const titleMax = 60;
const spacingMaxMs = 3_600_000;

const heldQuery: Query = {
  verb: {
    surface: 'freeze',
    words: ['held'],
    usage: '',
    summary: 'What waits at the gate: for what, since when, and when its turn comes.',
    example: '/freeze held',
    onIncident: false,
  },
  answer: (tx, _values, ask) => heldText(tx, ask),
};

async function heldText(tx: Tx, ask: Ask): Promise<Message> {
  const workspaceId = ask.workspace.id;
  // A drill is nobody else's.
  const rows = (await waitingRows(tx, workspaceId)).filter((each) => !each.question?.drill);
  if (rows.length === 0) return say('Nothing waits at the gate.');
  const environments = await environmentsOf(tx, workspaceId);
  const queue = await queueOf(tx, { workspaceId, waiting: rows, environments, now: ask.now });
  const freezes = await freezesSince(tx, workspaceId, queue.since, { drills: true });
  const turns = turnsOf(queue.waiters, freezes, queue.spacingMs, asOf(freezes, ask.now));
  const shown = inTurn(rows, turns);
  const more = shown.length - listedMax;
  return message(
    line(
      `${shown.length === 1 ? '1 change waits' : `${shown.length} changes wait`} at the gate; in a thaw one goes every ${queue.spacingMs / 1_000} seconds.`,
    ),
    list(
      shown.slice(0, listedMax).map((each) => heldLine(each, turns, ask.now)),
      { ordered: true },
    ),
    more > 0 && line(`And ${more} more.`),
    line('One that is not to come: ', { code: '/freeze drop KEY' }, '.'),
  );
}

// Who may go comes first, then in the order in which they go; what no freeze holds has no turn.
function inTurn(rows: readonly Kept[], turns: readonly Turn[]): Kept[] {
  const turnAt = new Map(turns.map((each) => [each.id, each.at?.getTime() ?? Number.MAX_SAFE_INTEGER]));
  const rank = (kept: Kept) => (mayGoNow(kept) ? 0 : (turnAt.get(kept.id) ?? Number.POSITIVE_INFINITY));
  const place = new Map(turns.map((each, i) => [each.id, i]));
  const later = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return rows.toSorted(
    (a, b) =>
      later(rank(a), rank(b)) ||
      (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0) ||
      a.row.askedAt.getTime() - b.row.askedAt.getTime(),
  );
}

function mayGoNow({ decision }: Kept): boolean {
  return decision !== null && mayGo(decision);
}

function heldLine(kept: Kept, turns: readonly Turn[], now: Date): Span[] {
  const { row, question, heldBy } = kept;
  const turn = turns.find((each) => each.id === kept.id);
  const title = shorten(question?.title ?? 'A change', titleMax);
  const where = shorten((question?.targets ?? []).map(componentName).join(', '), titleMax);
  const why = heldBy.length > 0 ? heldBy.map((each) => `FRZ-${each}`).join(', ') : 'what it collides with';
  return [
    { bold: title },
    ` (${shorten(row.key, titleMax)}) on ${where}, held by ${why} since `,
    { at: row.heldAt ?? row.askedAt },
    ...(mayGoNow(kept) ? goesSpans(kept, now) : turnSpans(turn, now)),
  ];
}

// It was told that it may, and is waited for.
function goesSpans({ row }: Kept, now: Date): Span[] {
  const lapsed = now.getTime() >= row.askedAt.getTime() + lapsedMs;
  return lapsed ? ['; its turn came and it did not.'] : ['; ', { bold: 'may go now' }, ', if it asks again.'];
}

function turnSpans(turn: Turn | undefined, now: Date): Span[] {
  if (!turn) return ['.'];
  if (turn.lapsed) return ['; its turn came and it did not.'];
  if (turn.at === null) return ['; no end is in sight.'];
  if (turn.free && turn.at <= now) return ['; ', { bold: 'its turn is now' }, '.'];
  return [turn.free ? '; its turn: ' : '; as things stand its turn comes ', { at: turn.at }, '.'];
}

const spacingInput = z.object({
  duration: z
    .string()
    .transform((word, context) => {
      const read = readDuration(word);
      if (read.ok && read.milliseconds >= 1_000 && read.milliseconds <= spacingMaxMs)
        return Math.round(read.milliseconds / 1_000);
      const reason = read.ok ? 'from one second to an hour, such as 90s or 2m' : read.reason;
      context.issues.push({ code: 'custom', input: word, message: `How far apart they go: ${reason}.` });
      return z.NEVER;
    })
    .optional(),
});

/** How far apart what was held is let go. */
const spacing = defineCommand<z.infer<typeof spacingInput>, null, TeamSettings>({
  verb: {
    surface: 'freeze',
    words: ['spacing'],
    usage: '[DURATION]',
    summary: 'How far apart held changes are let go in a thaw. Without a duration it is shown.',
    example: '/freeze spacing 2m',
    onIncident: false,
    inDrill: 'refused',
  },
  input: spacingInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: (tx, _input, _target, ask) => settingsOf(tx, ask.workspace.id),
  decide({ thawSpacing }, { duration }) {
    const now = duration ?? thawSpacing ?? usualSpacingSeconds;
    const reply = say(
      `In a thaw one change goes every ${now} seconds. `,
      ...(duration === undefined ? ['Another time: ', { code: '/freeze spacing 2m' }, '.'] : []),
    );
    if (duration === undefined || duration === thawSpacing) return accept([], reply);
    return accept([settingsSet({ thawSpacing: duration }, { stream: catalogStream })], reply);
  },
});

const dropInput = z.object({
  text: z.string({ error: 'Say which: its key, or CHG-7. /freeze held shows them.' }),
});

interface Dropping {
  readonly kept: Kept;
  readonly owner: { readonly id: string; readonly name: string } | null;
}

/** One waits no more. */
const drop = defineCommand<z.infer<typeof dropInput>, Kept, Dropping>({
  verb: {
    surface: 'freeze',
    words: ['drop'],
    usage: 'TEXT',
    summary: 'Takes a change out of those that wait at the gate, by its key or by CHG-7.',
    example: '/freeze drop CHG-7',
    onIncident: false,
    inDrill: 'own',
  },
  input: dropInput,
  async locate(tx, { text }, ask) {
    const found = await waitingNamed(tx, text.trim(), ask);
    const [one] = found;
    if (one && found.length === 1) return { streams: [queueStream, gateStream(one.id)], target: one };
    const words = shorten(text.trim(), titleMax);
    const none = found.length === 0 ? 'Nothing waits' : `${found.length} wait`;
    const refusal = say(
      `${none} under “${words}”. `,
      { code: '/freeze held' },
      ' shows their keys. Nothing was done.',
    );
    return { refused: { message: refusal, unknown: found.length === 0 } };
  },
  async load(tx, _input, { id }) {
    const kept = readKept(await tx.verdict.findUniqueOrThrow({ where: { id } }));
    const changeId = kept.row.changeId ?? '';
    const change = await tx.change.findUnique({ where: { id: changeId } });
    const known = change?.ownerId && isInSlack(change.ownerId);
    return { kept, owner: known ? { id: change.ownerId ?? '', name: change.ownerName } : null };
  },
  decide({ kept, owner }) {
    const title = kept.question?.title ?? 'A change';
    if (kept.row.queue !== 'waiting')
      return refuse(say(`“${shorten(title, titleMax)}” does not wait any more.`));
    const { id, callback } = kept;
    const drill = kept.question?.drill ?? false;
    return accept(
      [heldLeft({ id, title, why: 'cancelled', callback, owner, drill }, { stream: gateStream(id) })],
      say(`“${shorten(title, titleMax)}” waits no more. Asked again, it begins at the end.`),
    );
  },
});

async function waitingNamed(tx: Tx, word: string, ask: Ask): Promise<Kept[]> {
  const rows = await waitingRows(tx, ask.workspace.id);
  const byKey = rows.filter((each) => each.row.key === word || each.id === word);
  const number = readChangeKey(word);
  if (byKey.length > 0 || number === null) return byKey;
  const where = { workspaceId_number: { workspaceId: ask.workspace.id, number } };
  const change = await tx.change.findUnique({ where, select: { id: true } });
  return rows.filter((each) => change !== null && each.row.changeId === change.id);
}

export const commands = [spacing, drop];
export const queries = [heldQuery];
