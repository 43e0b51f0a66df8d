// Conflicts: why a change collides with what else is planned or runs, in words. Pure.
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import { named } from '../catalog/index.js';
import { type Component, componentName } from '../incident/index.js';
import { withFreezes } from './frozen.js';
import {
  inFlight,
  isHeavy,
  isItself,
  isSame,
  mayBeIn,
  type Nearness,
  nearnessOf,
  sharedCluster,
} from './near.js';
import type { Other, Plan } from './plan.js';
import type { Change } from './store.js';
import type { OpenIncident, Surroundings } from './surroundings.js';
import { meeting, type Window, windowOf, windowOfPlan } from './windows.js';
import { type Conflict, changeKey, isAttended } from './words.js';

export { freeSlots } from './slots.js';

/** So many are kept; a message shows the first of them. */
const conflictsMax = 20;
/** Of so many changes a limit names the titles; of more the numbers. */
const titledMax = 5;
const titleMax = 60;
const nameMax = 40;
/** So many monitors are named, and so many services of each. */
const monitorsMax = 3;
const namesMax = 4;
const minuteMs = 60_000;
/** These are said before all others: a freeze and an incident are, and a limit names all that is in flight. */
const first: readonly Conflict['kind'][] = ['freeze', 'incident', 'service-limit', 'person-limit'];
const gravity: readonly Conflict['kind'][] = [
  ...first,
  'component',
  'infrastructure',
  'dependency',
  'cover',
  'owner',
  'monitor',
];

/** Why a plan collides with what is around it: freezes, incidents, limits, then the gravest. None but a limit names a change twice. */
export function conflictsOf(plan: Plan, around: Surroundings): Conflict[] {
  const all = [
    ...withFreezes(plan, around),
    ...around.incidents.flatMap((each) => withIncident(plan, each, around)),
    ...around.others.flatMap((each) => withChange(plan, each, around)),
    ...withoutCover(plan),
    ...withOwner(plan, around),
    ...beyondLimits(plan, around),
    ...withMonitors(around),
  ];
  const gravest = all.sort((one, other) => weight(one) - weight(other));
  const named = new Set<string>();
  return gravest
    .filter((each) => {
      const again = each.with !== null && named.has(each.with);
      if (each.with !== null) named.add(each.with);
      return !again;
    })
    .slice(0, conflictsMax);
}

function weight(conflict: Conflict): number {
  const rank = gravity.indexOf(conflict.kind);
  return first.includes(conflict.kind) || conflict.severity === 'hold' ? rank : gravity.length + rank;
}

function withChange(plan: Plan, other: Other, around: Surroundings): Conflict[] {
  const { change } = other;
  const near = isItself(plan, change) ? null : nearnessOf(plan, other, around);
  if (!near) return [];
  const met = meeting(windowOfPlan(plan), windowOf(change, around.now));
  if (!met) return [];
  const irreversible = change.reversible === 'no' || plan.reversible === 'no';
  const grave = near.kind !== 'dependency' || irreversible;
  // A deploy that is done and only watched is no reason to wait for whoever deploys many times a day.
  const atOnce = met === 'at once' || isHeavy(plan, change);
  const why = near.kind === 'infrastructure' ? reach(plan, change) : reversal(plan, change);
  const text = `On ${placeThere(near)}, ${ownedBy(change)} ${when(plan, change, met)}${why}.`;
  const severity = grave && atOnce ? 'hold' : 'warn';
  return [{ kind: near.kind, severity, text, with: changeKey(change) }];
}

// In words of what it is now: only what has not begun is to begin, and what has ended is not under way.
function when(plan: Plan, change: Change, met: NonNullable<ReturnType<typeof meeting>>): string {
  const { state } = change;
  if (state === 'validating') return 'is done and waits for validation';
  if (state === 'planned' || state === 'started') {
    if (met === 'watched before') return 'will just have ended';
    const planned = state === 'planned';
    if (met === 'at once') return planned ? 'is planned for the same time' : 'is under way';
    return planned ? 'is to begin while this one is still watched' : 'began while this one is still watched';
  }
  const before = change.endsAt ? plan.startsAt.getTime() - change.endsAt.getTime() : -1;
  if (before >= minuteMs)
    return `ended ${showDuration(before - (before % minuteMs))} before and is still watched`;
  if (before >= 0) return 'ended less than a minute before and is still watched';
  return met === 'at once' ? 'ran at the same time' : 'ran while this one was still watched';
}

function placeThere({ kind, here, there, cluster, dependent }: Nearness): string {
  const place = componentName(there);
  if (kind === 'component') return `the same component (${place})`;
  if (kind === 'dependency')
    return `${place}, ${dependent ? `which depends on ${here.service}` : `on which ${here.service} depends`}`;
  return cluster === there.service
    ? `${place}, where ${here.service} runs`
    : `${place}, on cluster ${cluster} as ${here.service} is`;
}

function reach(plan: Plan, change: Change): string {
  return `: ${aKind(isAttended(change.kind) ? change.kind : plan.kind)} may reach all that runs there`;
}

function aKind(kind: string): string {
  if (kind === 'upgrade') return 'an upgrade';
  return kind === 'infrastructure' ? 'a change of infrastructure' : `a ${kind}`;
}

function reversal(plan: Plan, change: Change): string {
  if (change.reversible === 'no') return ', and cannot be taken back';
  return plan.reversible === 'no' ? ', and this one cannot be taken back' : '';
}

function withIncident(plan: Plan, incident: OpenIncident, around: Surroundings): Conflict[] {
  const place = placeOfIncident(plan, incident, around);
  if (place === null) return [];
  const key = `INC-${incident.number}`;
  // What takes something back may be the repair; what lies with a third party is only better known.
  const severity = plan.rollback || plan.kind === 'submission' ? 'warn' : 'hold';
  return [
    { kind: 'incident', severity, text: `${key} (${incident.severity}) is open on ${place}.`, with: key },
  ];
}

function placeOfIncident(plan: Plan, { components }: OpenIncident, around: Surroundings): string | null {
  const pairs = plan.components.flatMap((here) => components.map((there) => [here, there] as const));
  const same = pairs.find(([here, there]) => isSame(here, there, around));
  if (same) return componentName(same[1]);
  const needed = pairs.find(([here, there]) => dependsOn(here, there, around));
  if (needed) return `${componentName(needed[1])}, on which ${needed[0].service} depends`;
  for (const [here, there] of pairs) {
    // Without an upgrade, what the catalogue knows to run there too is not yet reached by it.
    const said = here.cluster !== '' && there.cluster !== '';
    const cluster = said || isAttended(plan.kind) ? sharedCluster(here, there, around) : null;
    if (cluster !== null) return `${componentName(there)}, on cluster ${cluster} as ${here.service} is`;
  }
  return null;
}

function dependsOn(here: Component, there: Component, around: Surroundings): boolean {
  if (!mayBeIn(here.environment, there.environment, around)) return false;
  return around.neighbourhood.edges.some(
    (each) => each.service === here.service && each.dependsOn === there.service,
  );
}

function withoutCover(plan: Plan): Conflict[] {
  if (!isAttended(plan.kind) || plan.coverId !== null) return [];
  const severity = plan.kind === 'upgrade' ? 'hold' : 'warn';
  const text = `Nobody covers it: ${aKind(plan.kind)} needs a second person who is there and has said yes.`;
  return [{ kind: 'cover', severity, text, with: null }];
}

// What would tell of trouble is part of it.
function withMonitors(around: Surroundings): Conflict[] {
  return around.silenced.slice(0, monitorsMax).map(({ monitor, by, clusters }): Conflict => {
    const watched = named(monitor.watches, namesMax);
    const on = [...by, ...clusters.map((each) => `the cluster ${each}`)];
    const text = `${monitor.name} watches ${watched}, and hangs on ${named(on, namesMax)}: it may fall silent with it. Look by yourself meanwhile, or from elsewhere.`;
    return { kind: 'monitor', severity: 'warn', text, with: null };
  });
}

/** Its owner cannot look after two things at once. What is only watched leaves time. */
function withOwner(plan: Plan, around: Surroundings): Conflict[] {
  if (plan.kind === 'submission') return [];
  const name = shorten(oneLine(plan.owner.name), nameMax);
  const roles = around.incidents.flatMap(({ number, severity, ownerRoles }): Conflict[] => {
    if (ownerRoles.length === 0) return [];
    const key = `INC-${number}`;
    const text = `${name} has a role in ${key} (${severity}), which is open: ${ownerRoles.join(' and ')}.`;
    return [{ kind: 'owner', severity: 'warn', text, with: key }];
  });
  const changes = inFlight(plan, around.ofOwner, around.now).map((change): Conflict => {
    const text = `${name} is busy: ${titled(change)} ${when(plan, change, 'at once')}.`;
    return { kind: 'owner', severity: 'warn', text, with: changeKey(change) };
  });
  return [...roles, ...changes];
}

function beyondLimits(plan: Plan, around: Surroundings): Conflict[] {
  if (plan.kind === 'submission') return [];
  const { serviceLimit, personLimit } = around.settings;
  const services = [...new Set(plan.components.map((each) => each.service))];
  const perService = services.flatMap((service) => {
    const there = around.others.filter(({ components }) => isOnService(plan, components, service, around));
    const running = inFlight(
      plan,
      there.map((each) => each.change),
      around.now,
    );
    return beyond('service-limit', serviceLimit, service, mostAtOnce(plan, running, around.now));
  });
  const own = mostAtOnce(plan, inFlight(plan, around.ofOwner, around.now), around.now);
  const name = shorten(oneLine(plan.owner.name), nameMax);
  return [...perService, ...beyond('person-limit', personLimit, name, own)];
}

function isOnService(
  plan: Plan,
  places: readonly Component[],
  service: string,
  around: Surroundings,
): boolean {
  return plan.components
    .filter((each) => each.service === service)
    .some((here) => places.some((there) => isSame({ ...here, cluster: '' }, there, around)));
}

function beyond(
  kind: 'service-limit' | 'person-limit',
  limit: number | null,
  whose: string,
  running: readonly Change[],
): Conflict[] {
  if (limit === null || running.length < limit) return [];
  const names = running.map((each, i) => (i < titledMax ? titled(each) : changeKey(each))).join(', ');
  const count = `${running.length} ${running.length === 1 ? 'change' : 'changes'}`;
  const text = `${whose} has ${count} in flight at that time, and the team’s limit is ${limit}: ${names}.`;
  return running.length === 0 ? [] : [{ kind, severity: 'warn', text, with: null }];
}

/** The most of them that run at one moment of a plan: what follows one another is not in flight at once. */
function mostAtOnce(plan: Plan, changes: readonly Change[], now: Date): Change[] {
  const { start } = windowOfPlan(plan);
  const windows = changes.map((change) => ({ change, window: windowOf(change, now) }));
  const moments = [start, ...windows.map((each) => each.window.start)].filter((each) => each >= start);
  const sets = moments.map((at) => windows.filter(({ window }) => runsAt(window, at)));
  const most = sets.reduce((one, other) => (other.length > one.length ? other : one), []);
  return most.map((each) => each.change);
}

function runsAt(window: Window, at: Date): boolean {
  return window.start <= at && at < window.end;
}

function ownedBy(change: Change): string {
  return `${titled(change)} of ${shorten(oneLine(change.ownerName), nameMax)}`;
}

function titled(change: Change): string {
  return `${changeKey(change)} “${shorten(oneLine(change.title), titleMax)}”`;
}
