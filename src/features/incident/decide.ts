// The rules of incidents. Pure: everything they know is in their arguments.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { About, Stated } from '../../core/fact.js';
import { line, type Message, message, type Part, type Span, say } from '../../core/message.js';
import { showInstant, showUnderstood, type WrittenTime } from '../../core/time/index.js';
import * as facts from './facts.js';
import { endOfImpact, type Impact, isReplaced } from './impacts.js';
import { orderRemark } from './order.js';
import type { Incident } from './row.js';
import { incidentKey, incidentStream, type KeyTimes } from './store.js';
import { type Component, componentName, isOpen, type Level, levelName, type Severity } from './words.js';

export interface OnIncident {
  readonly at?: WrittenTime;
  readonly remarks: readonly string[];
}

export function decideSeverity(
  incident: Incident,
  input: OnIncident & { sev: Severity; reason?: string },
  ask: Ask,
): Decision {
  if (incident.severity === input.sev)
    return refuse(say(`${incidentKey(incident)} is ${input.sev} already. Nothing was changed.`), 'sev');
  const fact = facts.severitySet(
    { from: incident.severity as Severity, to: input.sev, reason: input.reason ?? null },
    about(incident, input.at),
  );
  return accept(
    [fact],
    done(`${incidentKey(incident)} is ${input.sev} now, was ${incident.severity}.`, input, ask),
  );
}

export interface AffectsState {
  readonly incident: Incident;
  /** What is known of the component. */
  readonly rows: readonly Pick<Impact, 'level' | 'since' | 'until' | 'sinceUnknown' | 'untilUnknown'>[];
}

export function decideAffects(
  { incident, rows }: AffectsState,
  input: OnIncident & { component: Component; level: Level },
  ask: Ask,
): Decision {
  const at = input.at?.at ?? ask.now;
  const then = rows.find((row) => row.since <= at && (row.until === null || row.until > at));
  const assumed = rows.find((row) => isReplaced(row, at, incident));
  const before = ((then ?? assumed)?.level as Level | undefined) ?? null;
  if (then && before === input.level && !input.at?.until)
    return refuse(
      say(`${componentName(input.component)} is ${levelName(input.level)} already. Nothing was changed.`),
      'level',
    );
  const { component, level } = input;
  const fact = facts.impactSet({ component, level, before }, about(incident, input.at));
  const end =
    level === 'operational' ? null : endOfImpact(rows, { at, until: input.at?.until ?? null }, incident);
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const ended =
    end && end.at.getTime() !== input.at?.until?.getTime()
      ? `, until ${end.unknown ? 'an unknown time' : showInstant(end.at, zone)}, for which something else is on record`
      : '';
  return accept([fact], done(`${componentName(component)}: ${levelName(level)}${ended}.`, input, ask));
}

export function decideKeyTime(
  which: 'started' | 'detected' | 'mitigated',
  incident: Incident,
  input: { time?: WrittenTime; remarks: readonly string[] },
  ask: Ask,
): Decision {
  const when = input.time;
  if (!when && which !== 'mitigated')
    return refuse(
      say(
        `When? Say the time, such as `,
        { code: `/incident ${which} 10:22` },
        ' or ',
        { code: `/incident ${which} 20m ago` },
        '.',
      ),
      'time',
    );
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const shown = when ? showUnderstood(when, zone) : 'now';
  const before = keyTimeOf(incident, which);
  const fact = facts.keyTimeSet({ which, shown: when?.asWritten ?? 'now', before }, about(incident, when));
  const odd = orderRemark(which, when ? when.at : ask.now, incident);
  return accept(
    [fact],
    done(
      `${incidentKey(incident)} ${which}: ${shown}.${when?.at ? zoneAssumed(ask) : ''}${odd}`,
      { remarks: input.remarks },
      ask,
    ),
  );
}

export function decideAck(incident: Incident, input: OnIncident, ask: Ask): Decision {
  const again = wasAcknowledged(incident);
  if (again && !input.at)
    return refuse(
      say(
        `${incidentKey(incident)} was acknowledged before. To lead it: `,
        { code: '/incident role commander me' },
        '. If that was at another time: ',
        { code: '/incident ack at:TIME' },
        '.',
      ),
    );
  const fact = facts.incidentAcknowledged(again ? { again } : {}, about(incident, input.at));
  const early = orderRemark('acknowledged', input.at ? input.at.at : ask.now, incident);
  const reply = again
    ? `${incidentKey(incident)} was acknowledged then; the time said before no longer counts.`
    : `You have ${incidentKey(incident)}. Thank you.`;
  return accept([fact], done(`${reply}${early}`, input, ask));
}

/** The fact that somebody has an incident since they have its page; none where somebody had it, and where it is over. */
export function acknowledgedWith(
  incident: Incident,
  { at, by }: { readonly at?: WrittenTime | undefined; readonly by?: string | undefined },
): Stated[] {
  if (wasAcknowledged(incident) || !isOpen(incident.status)) return [];
  return [facts.incidentAcknowledged(by === undefined ? {} : { by }, about(incident, at))];
}

function wasAcknowledged({ acknowledgedAt, keyTimes }: Incident): boolean {
  return Boolean(acknowledgedAt || (keyTimes as KeyTimes).acknowledged);
}

export interface MergeState {
  readonly incident: Incident;
  readonly into: Incident | null;
  /** Nobody is a member of one of the two alone. */
  readonly sameMembers: boolean;
  /** Who has a role in the one that is merged. */
  readonly leads?: readonly { readonly id: string; readonly name: string }[];
}

export interface MergeInput extends OnIncident {
  readonly incident?: number | undefined;
  readonly inc: number;
}

export function decideMerge(
  { incident, into, sameMembers, leads = [] }: MergeState,
  input: MergeInput,
  ask: Ask,
): Decision {
  const key = incidentKey(incident);
  if (!into)
    return refuse(
      say(`There is no INC-${input.inc}. `, { code: '/incident list' }, ' shows the open incidents.'),
      'into',
    );
  if (into.id === incident.id)
    return refuse(say(`${key} cannot be merged into itself. Name the incident that goes on.`), 'inc');
  if (incident.mergedIntoId)
    return refuse(
      say(`${key} was merged before. `, { code: '/incident reopen REASON' }, ' takes it out again.'),
    );
  if (into.mergedIntoId)
    return refuse(
      say(`${incidentKey(into)} was itself merged into another. Name the one that goes on.`),
      'into',
    );
  if (incident.drill !== into.drill) return refuse(drillApart(incident, into), 'inc');
  if (!isOpen(into.status))
    return refuse(say(`${incidentKey(into)} is ${into.status}. Name the one that goes on.`), 'inc');
  // Each names the other on its timeline, so a private one would be named to those who may not know of it.
  if (incident.private !== into.private)
    return refuse(
      say(`One of ${key} and ${incidentKey(into)} is private: merging would show it. Nothing was done.`),
    );
  if (incident.private && !sameMembers)
    return refuse(
      say(
        `${key} and ${incidentKey(into)} are private and have not the same members: merging would tell some of an incident that they may not know of. Invite everybody into both channels and say it again. Nothing was done.`,
      ),
      'inc',
    );
  const merged = facts.incidentMerged(
    { into: { id: into.id, number: into.number }, leads: [...leads] },
    about(incident, input.at),
  );
  const absorbed = facts.incidentAbsorbed(
    { from: { id: incident.id, number: incident.number } },
    about(into, input.at),
  );
  return accept(
    [merged, absorbed],
    done(
      `${key} is merged into ${incidentKey(into)} and closed. Its record stays as it is.${graver(incident, into)}`,
      input,
      ask,
    ),
  );
}

// What goes on may be as bad as the worse of the two.
function graver(incident: Incident, into: Incident): string {
  if (incident.severity >= into.severity) return '';
  const [key, other] = [incidentKey(incident), incidentKey(into)];
  return ` ${key} was ${incident.severity}, and ${other} is ${into.severity}: if it is as bad, \`/incident severity ${other} ${incident.severity.slice(-1)}\`.`;
}

// What is played would stand on a real record, or what is real would be over in a game.
function drillApart(incident: Incident, into: Incident): Message {
  const [drill, other] = incident.drill ? [incident, into] : [into, incident];
  const key = incidentKey(drill);
  return say(
    `${key} is a drill and ${incidentKey(other)} is not: they are not merged. Nothing was done. To stop the drill: `,
    { code: `/incident close ${key}` },
    '.',
  );
}

function keyTimeOf(incident: Incident, which: 'started' | 'detected' | 'mitigated'): WrittenTime | null {
  const time = (incident.keyTimes as KeyTimes)[which];
  const at = incident[`${which}At`];
  if (!time || time.derived) return null;
  return {
    at,
    until: time.until ? new Date(time.until) : null,
    precision: time.precision as WrittenTime['precision'],
    asWritten: time.asWritten ?? '',
  };
}

/** Where a fact about an incident belongs, and when it happened. */
export function about(incident: { id: string }, when?: WrittenTime): About {
  return { stream: incidentStream(incident.id), incidentId: incident.id, ...(when ? { when } : {}) };
}

/** A reply: what was done, when it counts as done if that was said, and what was odd about the words. */
export function done(text: string, input: OnIncident, ask: Ask): Message {
  const parts: Part[] = [line(...codeSpans(text))];
  const understood = understoodLine(input.at, ask);
  if (understood) parts.push(understood);
  if (input.remarks.length > 0) parts.push(line(input.remarks.join(' ')));
  return message(...parts);
}

/** The line that says how a time was understood, in the sender's zone and in UTC. */
export function understoodLine(when: WrittenTime | undefined, ask: Ask): Part | null {
  if (!when) return null;
  return line(
    `Time: ${showUnderstood(when, ask.actor.zone ?? ask.workspace.zone)}.${when.at ? zoneAssumed(ask) : ''}`,
  );
}

/** What is said behind a time where the sender's zone is not known. */
export function zoneAssumed(ask: Ask): string {
  if (ask.actor.zone !== null) return '';
  return ` I could not learn your zone and took the workspace’s, ${ask.workspace.zone}.`;
}

// Commands inside our own sentences stand between backquotes; nothing that a person wrote goes through here.
function codeSpans(text: string): Span[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('`') ? { code: part.slice(1, -1) } : part));
}
