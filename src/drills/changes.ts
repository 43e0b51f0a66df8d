// The changes of a case, announced at their times by those who made them, as far as they are to be announced.
import { readTime } from '../core/time/index.js';
import { kindWord } from '../features/change/index.js';
import { componentWord } from '../features/incident/index.js';
import type { Case } from './case.js';

export type CaseChange = Case['changes'][number];

/** What somebody types of a change, and when. */
export interface ChangeStep {
  readonly at: Date;
  readonly change: CaseChange;
  /** The line, once the number of the change is known. */
  line(key: string): string;
  /** It makes the change known; the others need its number. */
  readonly announces: boolean;
}

const verbs: Readonly<Record<string, string>> = {
  succeeded: 'done',
  failed: 'fail',
  rolled_back: 'rollback',
  cancelled: 'cancel',
};

/** What is typed of these changes, in the order of its times, and what could not be read. */
export function changeSteps(
  drilled: Pick<Case, 'changes' | 'zone' | 'date'>,
  all: boolean,
): { steps: ChangeStep[]; remarks: string[] } {
  const remarks: string[] = [];
  const steps = drilled.changes
    .filter((change) => all || change.announced)
    .flatMap((change) => {
      const known = timesOf(change, drilled, remarks);
      if (known.planned === null && known.started === null) {
        remarks.push(`Not announced, since it has no time: “${change.title}”.`);
        return [];
      }
      return stepsOf(change, known, remarks);
    });
  return { steps: steps.sort((one, other) => one.at.getTime() - other.at.getTime()), remarks };
}

interface Times {
  readonly planned: Date | null;
  readonly started: Date | null;
  readonly finished: Date | null;
}

function timesOf(change: CaseChange, { zone, date }: Pick<Case, 'zone' | 'date'>, remarks: string[]): Times {
  const context = { now: new Date(`${date}T00:00:00Z`), zone, day: date };
  const read = (name: keyof Times) => {
    const text = change[name];
    if (text === undefined) return null;
    const reading = readTime(text, context);
    if (reading.ok && reading.time.at) return reading.time.at;
    remarks.push(`changes: ${name}: “${text}” is kept as unknown${reading.ok ? '' : `: ${reading.reason}`}`);
    return null;
  };
  return { planned: read('planned'), started: read('started'), finished: read('finished') };
}

function stepsOf(change: CaseChange, times: Times, remarks: string[]): ChangeStep[] {
  const { planned, started, finished } = times;
  const ahead = planned !== null && (started === null || planned < started);
  const on = placesOf(change, remarks);
  const words = [
    `/change announce ${change.title}`,
    `kind:${kindOf(change, remarks)}`,
    on.length > 0 ? `on:${on.join(',')}` : '',
    ahead ? '' : 'begun',
  ];
  const said = words.filter((word) => word !== '').join(' ');
  const step = (at: Date, line: ChangeStep['line'], announces = false): ChangeStep => ({
    ...{ at, change, line, announces },
  });
  const verb = verbOf(change, remarks);
  return [
    step((ahead ? planned : started) as Date, () => said, true),
    ...(ahead && started ? [step(started, (key) => `/change start ${key}`)] : []),
    ...(finished ? [step(finished, (key) => `/change ${verb} ${key}`)] : []),
  ];
}

function kindOf({ kind, title }: CaseChange, remarks: string[]): string {
  const known = kindWord.safeParse(kind);
  if (known.success) return known.data;
  remarks.push(`The kind “${kind}” of the change “${title}” is not known; it is announced as other.`);
  return 'other';
}

// A command's words are parted by spaces, a list's by commas.
function placesOf(change: CaseChange, remarks: string[]): string[] {
  const { service, environment, cluster } = change;
  const one = [service, environment, cluster].filter((part) => part !== undefined).join('/');
  const names = change.on ?? (service === undefined ? [] : [one]);
  return names
    .map((name) => name.trim().replace(/[\s,]+/g, '-'))
    .filter((name) => {
      const known = componentWord.safeParse(name).success;
      if (!known) remarks.push(`“${name}”, where the change “${change.title}” was, is no component.`);
      return known;
    });
}

function verbOf({ outcome, title }: CaseChange, remarks: string[]): string {
  const verb =
    verbs[
      (outcome ?? 'succeeded')
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
    ];
  if (verb === undefined)
    remarks.push(`The outcome “${outcome}” of the change “${title}” is not known; it is told as done.`);
  return verb ?? 'done';
}
