// What a freeze does to a plan: which of its places it covers, when, and what is said of that. Pure.
import { fewNames } from '../../core/text.js';
import { covers, type Frozen, freezeKey, targetsOf, windowAfter, windowNow } from '../freeze/index.js';
import { type Component, componentName } from '../incident/index.js';
import type { Plan } from './plan.js';
import type { Surroundings } from './surroundings.js';
import { windowOfPlan } from './windows.js';
import type { Conflict } from './words.js';

/** A time in which a freeze is on; `until` is null where no end is in sight. */
export interface FrozenTime {
  readonly from: Date;
  readonly until: Date | null;
}

/** What of its surroundings says where and when it is frozen. */
export type Frost = Pick<Surroundings, 'freezes' | 'environments'>;

/** More of one freeze nobody plans around; a rule of every day has some hundreds a year. */
const timesMax = 100;
/** So many places a sentence names. */
const placesNamed = 2;

/** Why a plan had better not begin then, by the freezes that it meets: at its start, or while it still runs. */
export function withFreezes(plan: Plan, around: Frost): Conflict[] {
  const { start, end } = windowOfPlan(plan);
  return around.freezes.flatMap((freeze): Conflict[] => {
    const places = coveredOf(freeze, plan.components, around);
    const last = end > start ? end : new Date(start.getTime() + 1);
    const [met] = places.length === 0 ? [] : frozenTimes(freeze, start, last);
    if (!met) return [];
    const key = freezeKey(freeze);
    const until = met.until ? ` until ${utc(met.until)}` : ', with no end in sight';
    const where = some(places.map(componentName));
    if (met.from > start) {
      // What has begun goes on; but nothing that belongs to it may begin after that.
      const text = `${key} freezes ${where} from ${utc(met.from)}${until}, while this still runs.`;
      return [{ kind: 'freeze', severity: 'warn', text, with: key }];
    }
    const mild = freeze.mode === 'soft' || plan.rollback === true;
    const text = `${key} freezes ${where}${until}${freeze.mode === 'soft' ? ' (soft: it may, and is warned)' : ''}.`;
    return [{ kind: 'freeze', severity: mild ? 'warn' : 'hold', text, with: key }];
  });
}

/** The times in which a plan of so long a time may not run, by the hard freezes over its places. */
export function frozenFor(plan: Plan, around: Frost, from: Date, until: Date): FrozenTime[] {
  return around.freezes
    .filter((each) => each.mode === 'hard' && coveredOf(each, plan.components, around).length > 0)
    .flatMap((each) => frozenTimes(each, from, until));
}

/** When a freeze is on between two instants, in order. */
function frozenTimes(freeze: Frozen, from: Date, until: Date): FrozenTime[] {
  const times: FrozenTime[] = [];
  let next = windowNow(freeze, from) ?? windowAfter(freeze, from);
  while (next && next.from < until && times.length < timesMax) {
    times.push(next);
    if (next.until === null) break;
    next = windowNow(freeze, next.until) ?? windowAfter(freeze, next.until);
  }
  return times;
}

/** Those places that a freeze covers. A plan of which nobody said where it is may be anywhere. */
function coveredOf(
  freeze: Frozen,
  components: readonly Component[],
  { environments }: Pick<Surroundings, 'environments'>,
): Component[] {
  const targets = targetsOf(components, environments);
  return components.filter((_each, i) => targets[i] && covers(freeze.scope, targets[i]));
}

// In a conflict's text, which is read by programs too; people see their own times where the freeze itself is shown.
function utc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function some(names: readonly string[]): string {
  return fewNames(names, placesNamed);
}
