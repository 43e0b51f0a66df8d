// The digest: what changes today and tomorrow, each morning in the channel of changes.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Later, onChange } from '../../core/effect.js';
import { on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf, settingsSet } from '../catalog/index.js';
import { digestMade, digestStream } from './facts.js';
import { type Counts, countSections, readFreezes, readSections } from './store.js';
import { shownOf, tellDigest } from './told.js';
import { dateWords, type Slot, slotAfter, slotBefore } from './when.js';

/** Andon that was down in the morning says it until then; later the day is as it is. */
const lateHoursMax = 4;
const hourMs = 3_600_000;
const digestKey = 'digest';
const sayDigest = 'digest.say';

interface State {
  /** Null: the team wants none. */
  readonly clock: string | null;
  readonly zone: string;
  /** The day of the last one that was said, or that had nothing to say. */
  readonly last: string | null;
  readonly counts: Counts;
  /** How many freezes are news: one that comes every night is none. */
  readonly frozen: number;
}

/** The time of a digest came: it is said, or there is nothing to say, and the next one is planned. */
const makeDigest = defineCommand<null, null, State>({
  verb: internalVerb(sayDigest),
  input: z.null(),
  locate: async () => ({ streams: [digestStream], target: null }),
  async load(tx, _input, _target, ask) {
    const zone = await zoneOfWorkspace(tx, ask.workspace.id);
    const { digestAt } = await settingsOf(tx, ask.workspace.id);
    const counts = await countSections(tx, ask.workspace.id, ask.now, zone);
    const freezes = await readFreezes(tx, ask.workspace.id, ask.now, zone);
    const frozen = freezes.filter((each) => each.schedule?.type !== 'recurring').length;
    return { clock: digestAt, zone, last: await lastDay(tx, ask.workspace.id), counts, frozen };
  },
  decide(state, _input, { now }) {
    const { clock, zone, counts } = state;
    if (clock === null) return refuse(say('The team wants no digest. Nothing was done.'));
    const due = slotBefore(now, clock, zone);
    const outcome = outcomeOf(state, due, now);
    const next = slotAfter(now, clock, zone).at;
    return accept(
      [
        digestMade(
          { date: dateWords(due.date), outcome, next, counts: { ...counts, frozen: state.frozen } },
          { stream: digestStream },
        ),
      ],
      message(),
    );
  },
});

function outcomeOf({ last, counts, frozen }: State, due: Slot, now: Date): 'said' | 'nothing' | 'passed' {
  const late = now.getTime() - due.at.getTime() > lateHoursMax * hourMs;
  if (late || (last !== null && last >= dateWords(due.date))) return 'passed';
  const { uncovered: _counted, ...listed } = counts;
  return frozen > 0 || Object.values(listed).some((n) => n > 0) ? 'said' : 'nothing';
}

/** When the digest is due first, for a workspace that has none planned; null where the team wants none. */
export async function firstDigest(tx: Tx, workspaceId: string, now: Date): Promise<Later | null> {
  const { digestAt } = await settingsOf(tx, workspaceId);
  if (digestAt === null) return null;
  return digestLater(slotAfter(now, digestAt, await zoneOfWorkspace(tx, workspaceId)).at);
}

function digestLater(at: Date): Later {
  return { key: digestKey, at, command: sayDigest, data: null };
}

async function zoneOfWorkspace(tx: Tx, id: string): Promise<string> {
  // Not the one with which Andon was started: it may have been changed since.
  return (await tx.workspace.findUniqueOrThrow({ where: { id }, select: { zone: true } })).zone;
}

async function lastDay(tx: Tx, workspaceId: string): Promise<string | null> {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: digestStream, type: digestMade.type },
    orderBy: { version: 'desc' },
    take: factsLooked,
    select: { data: true },
  });
  const made = rows.map(({ data }) => z.object({ date: z.string(), outcome: z.string() }).parse(data));
  return made.find(({ outcome }) => outcome !== 'passed')?.date ?? null;
}

/** There is one a day, and one for each time that the setting is changed. */
const factsLooked = 20;

export const digestFeature: Feature = {
  name: 'digest',
  topic: 'looking',
  facts: [digestMade],
  react: [
    on(digestMade, ({ data, recordedAt }) => {
      const shown = onChange('', {
        do: 'show',
        view: 'digest',
        slot: `digest/${data.date}`,
        destination: { to: 'changes' },
        about: recordedAt.toISOString(),
      });
      return [digestLater(data.next), ...(data.outcome === 'said' ? [{ ...shown, lane: digestStream }] : [])];
    }),
    // The setting was changed: what is due by the new one is decided at once, and what is to come is planned by it.
    on(settingsSet, ({ data }) => {
      if (data.digestAt === undefined) return [];
      const decided = onChange('', { do: 'decide', command: sayDigest, data: null }, { essential: true });
      return [{ ...decided, lane: digestStream }];
    }),
  ],
  automatic: { [sayDigest]: () => makeDigest.given(null) },
  views: {
    async digest(tx, about, workspace) {
      const now = new Date(about);
      const shown = await readSections(tx, workspace.id, now, workspace.zone, shownOf);
      return tellDigest(shown, await readFreezes(tx, workspace.id, now, workspace.zone), now, workspace.zone);
    },
  },
};
