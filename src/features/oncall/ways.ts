// Whether those who are called can be reached, also where Slack fails; for `andon doctor`.

import { isInSlack } from '../../core/fact.js';
import { type Finding, ok, warn } from '../../core/finding.js';
import { fewNames } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { calledPeople } from './called.js';
import { type EscalationKind, ownerOf, troubleText } from './facts.js';
import { goneOnes } from './people.js';
import { lastRead, levelsOf, personOf, reachedBy } from './read.js';

const namesShown = 8;

/** Calendars that cannot be read, with what was answered, and what was not understood; nothing where all is well. */
export async function feedFindings(tx: Tx, workspaceId: string): Promise<Finding[]> {
  const rows = await tx.schedule.findMany({
    where: { workspaceId, url: { not: null } },
    orderBy: { name: 'asc' },
  });
  const findings: Finding[] = [];
  for (const row of rows) {
    const { name, refused, refusedAt } = row;
    if (refusedAt)
      findings.push(
        warn(
          'calendar',
          `The calendar of the schedule ${name} ${troubleText(refused ?? 'nobody knows why')}.`,
          `See that its address still works, or give another one: /incident schedule ${name} url:https://…`,
        ),
      );
    const problems = (await lastRead(tx, row))?.problems ?? [];
    if (problems.length > 0)
      findings.push(
        warn(
          'calendar',
          `Not all of the calendar of the schedule ${name} is understood: ${problems.join('; ')}.`,
          'Mend these events where the calendar is kept; docs/paging.md says what is read.',
        ),
      );
  }
  return findings;
}

/** Those who would be called and are not active in Slack any more; nothing where all are. */
export async function goneFindings(tx: Tx, workspaceId: string): Promise<Finding[]> {
  const gone = await goneOnes(tx, workspaceId);
  if (gone.length === 0) return [];
  const names = shownNames(gone.map(({ name }) => name));
  return [
    warn(
      'on call',
      `Not active in Slack any more, and would be called: ${names}.`,
      'Say who is called instead, with /incident escalation, in the calendar or in the file that names them; /incident oncall shows all.',
    ),
  ];
}

/** Levels of escalations that call nobody at this instant; nothing where each calls somebody. */
export async function emptyLevels(tx: Tx, workspaceId: string, now: Date): Promise<Finding[]> {
  const rows = await tx.escalation.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } });
  const empty: string[] = [];
  for (const row of rows)
    for (const [at, level] of levelsOf(row).entries()) {
      const reached = await reachedBy(tx, workspaceId, level, now);
      const of = ownerOf({ kind: row.kind as EscalationKind, name: row.name });
      if (reached.recipients.length === 0)
        empty.push(`level ${at + 1} of the escalation of ${of} (${reached.empty.join('; ')})`);
    }
  if (empty.length === 0) return [];
  const rest = empty.length - namesShown;
  return [
    warn(
      'on call',
      `Nobody is called now by ${empty.slice(0, namesShown).join(', by ')}${rest > 0 ? `, nor by ${rest} more` : ''}.`,
      'Say in Slack who is on call: /incident duty SCHEDULE @user for:8h; or change the escalation. /incident oncall shows all.',
    ),
  ];
}

/** Slack's ids of those who are called and of whom Andon has heard nothing yet: there may be no such person. */
export async function unheardOf(tx: Tx, workspaceId: string, now: Date): Promise<string[]> {
  const ids = (await calledPeople(tx, workspaceId, now)).flatMap(({ id }) => id ?? []);
  const known = await tx.person.findMany({ where: { workspaceId }, select: { id: true } });
  const there = new Set(known.map((each) => each.id));
  return ids.filter((id) => isInSlack(id) && !there.has(id));
}

/** Those who would be called and whom only Slack reaches, or nothing does. `letters`: whether any can go out. */
export async function onlyBySlack(
  tx: Tx,
  workspaceId: string,
  now: Date,
  letters: boolean,
): Promise<Finding> {
  const people = await calledPeople(tx, workspaceId, now);
  if (people.length === 0)
    return ok(
      'on call',
      'No person is called by anything: no escalation, no shift and no service names one. `/incident escalation` says who is called; docs/paging.md.',
    );
  const alone: string[] = [];
  const unreached: string[] = [];
  for (const each of people) {
    const { name, ways } = await personOf(tx, workspaceId, each);
    if (ways.length === 0) unreached.push(name);
    else if (ways.every((way) => way.path === 'slack')) alone.push(name);
  }
  const none = unreached.length === 0 ? '' : ` No way at all is known to ${shownNames(unreached)}.`;
  if (!letters)
    return warn(
      'on call',
      `${people.length} can be called, and none of them by e-mail: no mail server is set up. Where Slack fails, no page reaches them.${none}`,
      'Set SMTP_URL and MAIL_FROM; docs/paging.md.',
    );
  if (alone.length + unreached.length === 0)
    return ok('on call', `${people.length} can be called, each by e-mail too.`);
  const only =
    alone.length === 0
      ? `${people.length - unreached.length} can be called, each by e-mail too.`
      : `Only Slack reaches ${shownNames(alone)}: where Slack fails, no page arrives there.`;
  return warn(
    'on call',
    `${only}${none}`,
    'Each says it in Slack: /incident contact mail:name@example.com. Or a pager is called with them: andon pager create.',
  );
}

function shownNames(names: readonly string[]): string {
  return fewNames(names, namesShown);
}
