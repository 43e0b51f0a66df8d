// Changes and incidents for the tests of suspects: stated as facts, so that only the ranking is in question.
import { accept, defineCommand, internalVerb } from '../../../src/core/command.js';
import type { Stated } from '../../../src/core/fact.js';
import { say } from '../../../src/core/message.js';
import { changeAnnounced, changeStateSet, changeStream } from '../../../src/features/change/index.js';
import { componentWord } from '../../../src/features/incident/index.js';
import type { Desk } from '../../helpers/desk.js';

const state = defineCommand<{ facts: readonly Stated[] }, null, null>({
  verb: internalVerb('state'),
  // Made by the tests.
  input: { safeParse: (data: unknown) => ({ success: true, data }) } as never,
  locate: async (_tx, { facts }) => ({ streams: facts.map((each) => each.about.stream), target: null }),
  load: async () => null,
  decide: (_state, { facts }) => accept([...facts], say('Stated.')),
});

/** States facts on the record. */
export async function stated(desk: Desk, ...facts: Stated[]): Promise<void> {
  const outcome = await desk.execute(state.given({ facts }), desk.ask('eve'));
  if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
}

type Announced = Parameters<typeof changeAnnounced>[0];

/** A change as a test names it: times as `09:40` of 10 March. */
export interface Told extends Partial<Omit<Announced, 'components' | 'startedAt' | 'finishedAt'>> {
  readonly number: number;
  readonly on: string;
  readonly started?: string;
  readonly finished?: string;
}

export const clock = (time: string) => new Date(time.length > 5 ? time : `2026-03-10T${time}:00Z`);

/** States a change that is over unless told otherwise; its id is `c` and its number. */
export async function announce(desk: Desk, { number, on, started, finished, ...rest }: Told): Promise<void> {
  const components = on === '' ? [] : on.split(',').map((word) => componentWord.parse(word));
  const startedAt = started === undefined ? null : clock(started);
  const finishedAt = finished === undefined ? null : clock(finished);
  const state = finishedAt ? 'succeeded' : startedAt ? 'started' : 'planned';
  const data: Announced = {
    ...{ number, components, startedAt, finishedAt, state },
    ...{ source: 'test', key: String(number), sequence: null, kind: 'deploy', title: `change ${number}` },
    ...{ text: null, unchanged: false, production: true, plannedStart: null, plannedEnd: null },
    ...{ owner: { id: 'U0BOB', name: 'Bob' }, by: { id: 'U0BOB', name: 'Bob' } },
    ...{ artifact: null, previousArtifact: null, url: null, reversible: 'unknown', rollbackOfId: null },
    ...{ cover: null, conflicts: [], audience: { people: [], channels: [] }, unknownServices: [] },
    format: 'native',
    ...rest,
  };
  await stated(desk, changeAnnounced(data, { stream: changeStream(`c${number}`) }));
}

/** States that a change came to another state. */
export async function becomes(
  desk: Desk,
  number: number,
  from: Announced['state'],
  to: Announced['state'],
): Promise<void> {
  const data = { number, kind: 'deploy' as const, from, to, text: null, sequence: null };
  await stated(desk, changeStateSet(data, { stream: changeStream(`c${number}`) }));
}

/** Declares an incident as Ana, and lets the program take its turn. */
export async function declare(desk: Desk, line: string): Promise<void> {
  const said = await desk.say('ana', `declare ${line}`);
  if (!said.accepted) throw new Error(said.text);
  await desk.turn();
}
