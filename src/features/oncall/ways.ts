// Whether those who are called can be reached where Slack fails; for `andon doctor`.
import { type Finding, ok, warn } from '../../core/finding.js';
import type { Tx } from '../../db/tx.js';
import { levelsOf, personOf } from './read.js';

const namesShown = 8;

/** Calendars that cannot be read, with what was answered; nothing where all can. */
export async function feedFindings(tx: Tx, workspaceId: string): Promise<Finding[]> {
  const rows = await tx.schedule.findMany({
    where: { workspaceId, refusedAt: { not: null } },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ name, refused }) =>
    warn(
      'calendar',
      `The calendar of the schedule ${name} cannot be read: ${refused ?? 'nobody knows why'}.`,
      `See that its address still works, or give another one: /incident schedule ${name} url:https://…`,
    ),
  );
}

/** People of escalations and of shifts to come whom only Slack reaches, or nothing. `letters`: whether any can go out. */
export async function onlyBySlack(
  tx: Tx,
  workspaceId: string,
  now: Date,
  letters: boolean,
): Promise<Finding> {
  const escalations = await tx.escalation.findMany({ where: { workspaceId } });
  const shifts = await tx.shift.findMany({
    where: { workspaceId, endsAt: { gt: now } },
    distinct: ['userId', 'userName'],
  });
  const named = escalations
    .flatMap(levelsOf)
    .flatMap((level) => level.whom)
    .flatMap((whom) => (whom.kind === 'person' ? [{ id: whom.id, name: whom.name, mail: null }] : []));
  const onShift = shifts.map(({ userId: id, userName: name, mail }) => ({ id, name, mail }));
  const people = [...new Map([...named, ...onShift].map((each) => [each.id ?? each.name, each])).values()];
  if (people.length === 0)
    return ok(
      'on call',
      'Nobody is on call: a page finds only the owners of a service. `/incident escalation` says who is called; docs/paging.md.',
    );
  if (!letters)
    return warn(
      'on call',
      `${people.length} can be called, and none of them by e-mail: no mail server is set up. Where Slack fails, no page reaches them.`,
      'Set SMTP_URL and MAIL_FROM; docs/paging.md.',
    );
  const alone: string[] = [];
  for (const each of people) {
    const { name, ways } = await personOf(tx, workspaceId, each);
    if (ways.every((way) => way.path === 'slack')) alone.push(name);
  }
  const rest = alone.length - namesShown;
  if (alone.length === 0) return ok('on call', `${people.length} can be called, each by e-mail too.`);
  return warn(
    'on call',
    `Only Slack reaches ${alone.slice(0, namesShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}: where Slack fails, no page arrives there.`,
    'Each says it in Slack: /incident contact mail:name@example.com. Or a pager is called with them: andon pager create.',
  );
}
