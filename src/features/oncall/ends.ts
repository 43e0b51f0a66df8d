// Schedules that run out: who is on call is looked ahead, and where nobody is after the last shift, that is said.

import { z } from 'zod';
import {
  accept,
  type Bound,
  type Decision,
  defineCommand,
  internalVerb,
  refuse,
} from '../../core/command.js';
import type { Destination, Later } from '../../core/effect.js';
import { type Fact, readFact } from '../../core/fact.js';
import { line, type Message, message, say } from '../../core/message.js';
import { sameName } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { about } from './decide.js';
import * as facts from './facts.js';
import { levelsOf } from './read.js';

/** What the program decides when what is known of schedules has changed, or one is about to run out. */
export const endsCommand = 'oncall.ends';
const hourMs = 3_600_000;
/** So long before its end a schedule is said to run out. */
const aheadMs = 24 * hourMs;
/** A shift that was entered for the next hours is no news to whoever entered it: then only its end is said. */
const lateMs = hourMs;
/** Not at once: a row of the same key and instant would be taken for the one that has just been decided. */
const soonMs = 1_000;
/** More of what was said is not looked through: each end is said at most twice. */
const saidMax = 500;

/** A schedule that an escalation calls, with the end of the last shift that is known. */
export interface Ending {
  readonly schedule: string;
  readonly endsAt: Date;
  /** It is read from a calendar. */
  readonly read: boolean;
  /** What was said of this end. */
  readonly said: readonly Which[];
}
type Which = 'soon' | 'over';

/** What is said now of a schedule's end, and when there may be more to say. */
function dueOfEnd({ endsAt, said }: Ending, now: Date): { say: Which | null; again: Date | null } {
  if (now >= endsAt) return { say: said.includes('over') ? null : 'over', again: null };
  const soonAt = new Date(endsAt.getTime() - aheadMs);
  if (now < soonAt) return { say: null, again: soonAt };
  const isNews = !said.includes('soon') && now.getTime() - soonAt.getTime() <= lateMs;
  return { say: isNews ? 'soon' : null, again: endsAt };
}

const look = defineCommand<null, null, readonly Ending[]>({
  verb: internalVerb(endsCommand),
  input: z.null(),
  locate: async () => ({ streams: [facts.oncallStream], target: null }),
  load: (tx, _input, _target, ask) => readEndings(tx, ask.workspace.id),
  decide(endings, _input, ask): Decision {
    const due = endings.map((each) => ({ ...each, ...dueOfEnd(each, ask.now) }));
    const stated = due.flatMap(({ schedule, endsAt, read, say: which }) =>
      which ? [facts.scheduleEnds({ schedule, endsAt, read, which }, about)] : [],
    );
    if (stated.length > 0) return accept(stated, message());
    const next = due.flatMap(({ again }) => again?.getTime() ?? []);
    const refusal = { message: say('Nothing is due.') };
    if (next.length === 0) return refuse(refusal.message);
    return { accepted: false, refusal: { ...refusal, again: new Date(Math.min(...next)) } };
  },
});

/** Looks which schedules run out. */
export const lookAtEnds = (): Bound => look.given(null);

// Of a calendar that cannot be read all of that is said already.
async function readEndings(tx: Tx, workspaceId: string): Promise<Ending[]> {
  const escalations = await tx.escalation.findMany({ where: { workspaceId } });
  const called = escalations
    .flatMap(levelsOf)
    .flatMap(({ whom }) => whom.flatMap(({ kind, name }) => (kind === 'schedule' ? [name] : [])));
  const rows = await tx.schedule.findMany({
    where: { workspaceId, refusedAt: null },
    orderBy: { name: 'asc' },
  });
  const said = await saidOfEnds(tx, workspaceId);
  const endings: Ending[] = [];
  for (const { name, url } of rows.filter((row) => called.some((each) => sameName(each, row.name)))) {
    const last = await tx.shift.findFirst({
      where: { workspaceId, schedule: name },
      orderBy: { endsAt: 'desc' },
    });
    if (!last) continue;
    const { endsAt } = last;
    const ofThis = said.filter((it) => it.schedule === name && it.endsAt.getTime() === endsAt.getTime());
    endings.push({ schedule: name, endsAt, read: url !== null, said: ofThis.map(({ which }) => which) });
  }
  return endings;
}

async function saidOfEnds(tx: Tx, workspaceId: string) {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: facts.oncallStream, type: facts.scheduleEnds.type },
    orderBy: { version: 'desc' },
    take: saidMax,
  });
  return rows.map((row) => facts.scheduleEnds.read(readFact(row)).data);
}

/** What may change when a schedule runs out is followed by a look. */
export function lookSoon(fact: Fact<unknown>): Later {
  const at = new Date(fact.recordedAt.getTime() + soonMs);
  return { key: 'oncall/ends', at, command: endsCommand, data: null };
}

export const endsTo: Destination = { to: 'announcements' };

/** What the incidents channel hears of it. */
export function endsMessage(it: ReturnType<typeof facts.scheduleEnds.read>['data']): Message {
  const { schedule, endsAt, read, which } = it;
  return message(
    which === 'soon'
      ? line(
          { bold: `The schedule ${schedule} runs out` },
          ' ',
          { at: endsAt },
          ': nobody is known to be on call by it after that.',
        )
      : line(
          { bold: `Nobody is on call by the schedule ${schedule}` },
          ' since ',
          { at: endsAt },
          ': its last shift is over, and an escalation calls it.',
        ),
    line(
      read ? 'See its calendar, or say who is: ' : 'Say who is: ',
      { code: `/incident duty ${schedule} @user for:8h` },
      '.',
    ),
  );
}
