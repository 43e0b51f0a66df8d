// The rules of suspects: when a ranking is stated anew, who is asked, and what may be answered. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { say } from '../../core/message.js';
import { type Change, changeKey } from '../change/index.js';
import {
  about,
  done,
  type Incident,
  incidentKey,
  incidentStream,
  isOpen,
  type OnIncident,
} from '../incident/index.js';
import * as facts from './facts.js';
import type { Ranking } from './rank.js';
import { reasonsOf, type SuspectRow, type Suspects } from './store.js';
import { type Answer, answerWords, onsetOf, type Ranked, strongPoints } from './words.js';

/** An incident is not to become a poll. */
const askedMax = 8;

/** What a ranking is decided from. */
export interface RankState {
  readonly incident: Incident;
  readonly ranking: Ranking;
  readonly before: { readonly onset: Date; readonly rows: readonly SuspectRow[] } | null;
  /** The owners of what is ranked, by the change's id. */
  readonly owners: ReadonlyMap<string, Pick<Change, 'ownerId' | 'ownerName'>>;
  readonly members: ReadonlySet<string>;
}

/** States the ranking where it is another than the last; null where it is the same. */
function rankingFact(state: RankState): Stated | null {
  const { incident, ranking, before } = state;
  const onset = onsetOf(incident).at;
  const asked = toAsk(state);
  const same = before !== null && isSame(before.rows, ranking.list);
  if (same && before.onset.getTime() === onset.getTime() && asked.length === 0) return null;
  const order = (list: readonly { readonly changeId: string }[]) => list.map((each) => each.changeId).join();
  const shownBefore = before ? order(inOrder(before.rows)) : '';
  const quiet = order(ranking.list) === shownBefore;
  const data = {
    incidentId: incident.id,
    ...{ onset, considered: ranking.considered, list: [...ranking.list], asked, quiet },
  };
  // What no timeline shows takes no number there.
  return facts.suspectsRanked(data, quiet ? { stream: incidentStream(incident.id) } : about(incident));
}

/** States what is new of these incidents; refuses where that is nothing. */
export function decideRankings(states: readonly RankState[]): Decision {
  const stated = states.flatMap((state) => rankingFact(state) ?? []);
  return stated.length > 0 ? accept(stated, say('Ranked.')) : refuse(say('The suspects are the same.'));
}

function inOrder(rows: readonly SuspectRow[]): SuspectRow[] {
  const place = (row: SuspectRow) => row.rank ?? Number.MAX_SAFE_INTEGER;
  return rows.filter((row) => row.rank !== null || row.after).sort((a, b) => place(a) - place(b));
}

function isSame(rows: readonly SuspectRow[], list: readonly Ranked[]): boolean {
  const shown = inOrder(rows);
  if (shown.length !== list.length) return false;
  return list.every((each) => {
    const row = shown.find((other) => other.changeId === each.changeId);
    if (!row || row.rank !== each.rank || row.points !== each.points || row.after !== each.after)
      return false;
    return reasonsOf(row).join('\n') === each.reasons.join('\n');
  });
}

// Owners are asked once. A drill asks nobody outside it, and a private incident nobody who may not know of it.
function toAsk({ incident, ranking, before, owners, members }: RankState) {
  if (!isOpen(incident.status)) return [];
  const rows = new Map(before?.rows.map((row) => [row.changeId, row]));
  const left = askedMax - [...rows.values()].filter((row) => row.askedAt !== null).length;
  return ranking.list
    .filter((each) => each.rank !== null && each.points >= strongPoints)
    .flatMap(({ changeId, number }) => {
      const owner = owners.get(changeId);
      const row = rows.get(changeId);
      if (!owner?.ownerId || !isInSlack(owner.ownerId) || row?.askedAt || row?.answer) return [];
      if (incident.private && !members.has(owner.ownerId)) return [];
      const how = incident.drill ? ('here' as const) : ('direct' as const);
      return [{ changeId, number, owner: { id: owner.ownerId, name: owner.ownerName }, how }];
    })
    .slice(0, Math.max(0, left));
}

/** What an answer is decided from. */
export interface AnswerState {
  readonly incident: Incident;
  readonly change: Change;
  /** What was said of it here before, and whether its owner was asked. */
  readonly row: SuspectRow | null;
}

export interface AnswerInput extends OnIncident {
  readonly choice: Answer;
  readonly text?: string | undefined;
}

/** Somebody says what a change has to do with the incident. */
export function decideAnswer({ incident, change, row }: AnswerState, input: AnswerInput, ask: Ask): Decision {
  const { choice: answer, text } = input;
  const [key, incidentName] = [changeKey(change), incidentKey(incident)];
  if (row?.answer === answer && !text)
    return refuse(
      say(
        `${row.answeredByName} said so before: ${key} is ${answerWords[answer]}. Nothing was changed. Say more with it: `,
        { code: `/incident suspect ${incidentName} ${key} ${answer} TEXT` },
        '.',
      ),
    );
  // What somebody confirmed is kept for good: it is no longer held for the cause only with a reason, on record.
  const wasCause = row?.answer === 'cause' && answer !== 'cause';
  if (wasCause && !text)
    return refuse(
      say(
        `${row.answeredByName} confirmed ${key} as a cause of ${incidentName}. Say why it is none: `,
        { code: `/incident suspect ${incidentName} ${key} ${answer} REASON` },
        '. Nothing was changed.',
      ),
      'text',
    );
  const askedId = row?.askedAt && !incident.drill ? change.ownerId : null;
  const fact = facts.suspectAnswered(
    {
      incidentId: incident.id,
      ...{ changeId: change.id, number: change.number, answer, text: text ?? null, askedId },
      ...(wasCause ? { wasCause } : {}),
    },
    about(incident, input.at),
  );
  const was = row?.answer && row.answer !== answer ? saidBefore(row) : '';
  return accept([fact], done(`${replies[answer](key, incidentName)}${was}`, input, ask));
}

function saidBefore(row: SuspectRow): string {
  return ` ${row.answeredByName} had said that it is ${answerWords[row.answer as Answer]}; that stays on the timeline.`;
}

const replies: Readonly<Record<Answer, (key: string, incident: string) => string>> = {
  related: (key, incident) => `${key} is related to ${incident}.`,
  unrelated: (key, incident) => `${key} is unrelated to ${incident}, and is no longer listed.`,
  rollback: (key, incident) =>
    `${key} is being rolled back for ${incident}. When it is: \`/change rollback ${key}\`.`,
  cause: (key, incident) =>
    `${key} is confirmed as a cause of ${incident}, and linked for good. There may be others.`,
};

/** It recovered: what was rolled back before, and nobody has said yet whether it was a cause. */
export function decideSuggestion(
  incident: Incident,
  suspects: Suspects,
  suggested: ReadonlySet<string>,
): Decision {
  const taken = [...suspects.ranked, ...suspects.others].filter(
    ({ row, change }) =>
      !suggested.has(change.id) &&
      (row.answer === 'rollback' || (change.state === 'rolled_back' && row.answer !== 'unrelated')),
  );
  const recovered = incident.status === 'monitoring' || incident.status === 'resolved';
  if (taken.length === 0 || !recovered) return refuse(say('There is nothing to suggest.'));
  const changes = taken.map(({ change }) => ({ changeId: change.id, number: change.number }));
  const fact = facts.causeSuggested(
    { incidentId: incident.id, incident: incident.number, changes },
    { stream: incidentStream(incident.id) },
  );
  return accept([fact], say('Suggested.'));
}
