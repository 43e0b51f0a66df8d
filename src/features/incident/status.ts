// The rules of the status: of several that were said, the one of the latest time is that of now.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { say } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showInstant } from '../../core/time/index.js';
import { about, done, type OnIncident } from './decide.js';
import * as facts from './facts.js';
import type { Impact } from './impacts.js';
import { earlyRemark, orderRemark } from './order.js';
import type { Incident } from './row.js';
import { incidentKey, isBeforeStatus, type KeyTimes } from './store.js';
import { componentName, isEnd, isOpen, type Status } from './words.js';

type Affected = Pick<
  Impact,
  'service' | 'environment' | 'cluster' | 'since' | 'sinceUnknown' | 'until' | 'overWithIncident'
>;

/** What a status is decided by: the incident, and what was affected. */
export interface StatusState {
  readonly incident: Incident;
  readonly impacts: readonly Affected[];
  /** The tasks and follow-ups of which something is still to be done. */
  readonly open?: readonly { readonly number: number }[];
}

const openMax = 5;

export function decideStatus(
  { incident, impacts, open = [] }: StatusState,
  input: OnIncident & { status: Status; text?: string },
  ask: Ask,
): Decision {
  const key = incidentKey(incident);
  const again = incident.status === input.status;
  if (incident.mergedIntoId)
    return refuse(
      say(`${key} was merged into another. `, { code: '/incident reopen REASON' }, ' takes it out again.'),
    );
  if (again && !input.at) return refuse(alreadySo(incident), 'status');
  const at = input.at ? input.at.at : (ask.saidAt ?? ask.now);
  const earlier = !again && isBeforeStatus(incident, at);
  const fact = facts.statusSet(
    {
      from: incident.status as Status,
      to: input.status,
      text: input.text ?? null,
      ...(earlier ? { stays: incident.status as Status } : {}),
      ...(input.at ? { timed: true } : {}),
    },
    about(incident, input.at),
  );
  if (earlier) {
    const stays = `${key} stays ${incident.status}, which came later; ${input.status} is on the timeline at its time.`;
    return accept([fact], done(stays + earlyRemark(at, incident), input, ask));
  }
  const now = again
    ? `${key} is ${input.status} since then; the time said before no longer counts.`
    : `${key} is ${input.status} now, was ${incident.status}.`;
  const odd = oddities({ incident, impacts }, input.status, at, ask);
  return accept(
    [fact],
    done(
      now + consequences(incident, input.status) + openText(incident, input.status, open) + odd,
      input,
      ask,
    ),
  );
}

/** Opens it again; the reason is what the next reader will ask for. What was merged is taken out of the other. */
export function decideReopen(
  { incident, into }: { incident: Incident; into: Incident | null },
  input: OnIncident & { reason: string },
  ask: Ask,
): Decision {
  const key = incidentKey(incident);
  if (isOpen(incident.status))
    return refuse(say(`${key} is open, it is ${incident.status}. Nothing was changed.`));
  const opened = facts.statusSet(
    { from: incident.status as Status, to: 'investigating', text: input.reason, reopened: true },
    about(incident, input.at),
  );
  const { id, number } = incident;
  const separated = into ? [facts.incidentSeparated({ from: { id, number } }, about(into, input.at))] : [];
  const apart = into ? `, and no longer merged into ${incidentKey(into)}` : '';
  return accept(
    [opened, ...separated],
    done(`${key} is open again, was ${incident.status}${apart}.`, input, ask),
  );
}

function alreadySo(incident: Incident) {
  return say(
    `${incidentKey(incident)} is ${incident.status} already. Nothing was changed. `,
    { code: '/incident note …' },
    ' adds words to the timeline; ',
    { code: `/incident status ${incident.status} at:TIME` },
    ' says since when.',
  );
}

function consequences(incident: Incident, to: Status): string {
  if (setsMitigated(incident, to) && incident.status !== to)
    return ' I take this as the time of mitigation; `/incident mitigated TIME` says another.';
  if (isEnd(incident.status, to))
    return ` The postmortem draft is being made; the summary says where it is, and \`andon export ${incidentKey(incident)}\` writes it to disk.`;
  return '';
}

// Whoever closes it says that nothing is left to do.
function openText(incident: Incident, to: Status, open: readonly { readonly number: number }[]): string {
  if (to !== 'closed' || open.length === 0) return '';
  const names = fewNames(
    open.map(({ number }) => `T${number}`),
    openMax,
  );
  return ` Still to be done: ${names}; \`/incident tasks ${incidentKey(incident)}\` lists what is open.`;
}

function setsMitigated(incident: Incident, to: Status): boolean {
  const { mitigated } = incident.keyTimes as KeyTimes;
  const known = incident.mitigatedAt !== null || mitigated !== undefined;
  return to === 'monitoring' && (!known || (incident.status === to && mitigated?.derived === true));
}

function oddities({ incident, impacts }: StatusState, to: Status, at: Date | null, ask: Ask): string {
  if (setsMitigated(incident, to)) return orderRemark('mitigated', at, incident);
  if (to !== 'resolved' && !isEnd(incident.status, to)) return earlyRemark(at, incident);
  return orderRemark('resolved', at, incident) + impactRemark(impacts, at, ask);
}

// An impact that ends before it began: one of the two times is wrong.
function impactRemark(impacts: readonly Affected[], at: Date | null, ask: Ask): string {
  const backwards = impacts.filter(
    (each) => at && !each.sinceUnknown && each.since > at && (each.until === null || each.overWithIncident),
  );
  const [first] = backwards;
  if (!first) return '';
  const more = backwards.length > 1 ? ` and ${backwards.length - 1} more` : '';
  const since = showInstant(first.since, ask.actor.zone ?? ask.workspace.zone);
  return ` But ${componentName(first)}${more} was affected only from ${since} on: one of the two times is wrong. \`/incident affects\` mends that one, \`/incident resolve at:TIME\` this.`;
}
