// What `andon gate` asks: from its options, and from what the CI that runs it says of itself.
import { createHash, randomUUID } from 'node:crypto';
import { UsageError } from './errors.js';

export interface GateOptions {
  readonly service?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly on?: string[];
  readonly kind: string;
  readonly title?: string;
  readonly source?: string;
  readonly key?: string;
  readonly artifact?: string;
  readonly previousArtifact?: string;
  readonly rollback?: boolean;
  readonly change?: string;
  readonly exception?: string;
  readonly actor?: string;
  readonly link?: string;
  readonly url?: string;
  readonly wait?: string;
  readonly failOpen?: boolean;
  readonly json?: boolean;
  readonly drill?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The body of the question. */
export interface GateBody {
  readonly kind: string;
  readonly targets: readonly string[];
  readonly [member: string]: unknown;
}

const example = 'andon gate --service api --environment prod';
const keyMax = 300;
const waitMaxMs = 30 * 86_400_000;

// What these names mean everywhere; all others may be production.
const surelyNotProduction = [
  ...['dev', 'development', 'local', 'test', 'testing', 'qa', 'ci', 'staging', 'stage', 'stg', 'preprod'],
  ...['sandbox', 'preview', 'review'],
];

/** The question that these options mean. Throws what the one who typed must mend. */
export function questionOf(options: GateOptions, env: Environment): GateBody {
  const targets = targetsOf(options);
  const run = runOf(env);
  const { kind, title, source, artifact, previousArtifact, change, exception, rollback, drill } = options;
  const said = {
    ...{ title, source, artifact, previousArtifact, change, exceptionId: exception },
    key: options.key ?? keyOf(run, targets, options),
    actor: options.actor ?? run?.actor,
    url: options.link ?? run?.url,
    rollback: rollback || undefined,
    drill: drill || undefined,
  };
  for (const [name, value] of Object.entries(said))
    if (value === '') throw new UsageError(`The ${name} is empty. Leave it out, or give it a value.`);
  return { kind, targets, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value)) };
}

function targetsOf({ service, environment, cluster, on = [] }: GateOptions): string[] {
  const named = on
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const apart = Object.entries({ service, environment, cluster }).filter(([, value]) => value !== undefined);
  // Taken for one name, a list would be a place that no freeze knows.
  for (const [name, value] of apart)
    if (!/^[^\s,/]+$/.test(value ?? ''))
      throw new UsageError(
        `--${name} is one name; several places go into --on, such as --on api/prod,web/prod.`,
      );
  if (apart.length > 0 && (service === undefined || environment === undefined))
    throw new UsageError(`--service and --environment go together, such as: ${example}`);
  if (service !== undefined) named.unshift([service, environment, cluster].filter(Boolean).join('/'));
  if (named.length === 0) throw new UsageError(`Say where, such as: ${example}`);
  return [...new Set(named)];
}

interface Run {
  readonly name: string;
  readonly actor: string | undefined;
  readonly url: string | undefined;
}

// A job that is run again keeps its name, and with it its place among those that wait; so no attempt is part of it.
function runOf(env: Environment): Run | null {
  if (env.GITHUB_ACTIONS === 'true' && env.GITHUB_RUN_ID) {
    const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_JOB: job } = env;
    return {
      name: `${repository}/run/${id}/${job}`,
      actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR,
      url: linkIn(`${env.GITHUB_SERVER_URL}/${repository}/actions/runs/${id}`),
    };
  }
  if (env.GITLAB_CI === 'true' && env.CI_PIPELINE_ID)
    return {
      name: `${env.CI_PROJECT_PATH}/pipeline/${env.CI_PIPELINE_ID}/${env.CI_JOB_NAME}`,
      actor: env.GITLAB_USER_LOGIN,
      url: linkIn(env.CI_JOB_URL),
    };
  if (env.BUILD_TAG) return { name: env.BUILD_TAG, actor: env.BUILD_USER_ID, url: linkIn(env.BUILD_URL) };
  return null;
}

function linkIn(text: string | undefined): string | undefined {
  return text && /^https?:\/\/\S{1,1000}$/.test(text) ? text : undefined;
}

// The legs of a matrix are one job with several places, and a job that takes back its own deployment asks twice.
function keyOf(run: Run | null, targets: readonly string[], options: GateOptions): string | undefined {
  // Whoever waits is known by a key: without one its place would be lost at each question.
  if (!run) return options.wait === undefined ? undefined : `wait/${randomUUID()}`;
  const key = `${run.name} ${[...targets].sort().join(',')}${options.rollback ? ' rollback' : ''}`;
  if (key.length <= keyMax) return key;
  return `${key.slice(0, keyMax - 65)} ${createHash('sha256').update(key).digest('hex')}`;
}

/** Whether each place is, by the usual meaning of its environment's name, surely no production. */
export function surelyHarmless(targets: readonly string[]): boolean {
  return targets.every((each) => surelyNotProduction.includes(each.split('/')[1]?.toLowerCase() ?? ''));
}

/** `30m`, `1h30m`, `90s` in milliseconds. */
export function readWait(text: string | undefined): number {
  if (text === undefined) return 0;
  const found = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(text.trim());
  const [, hours, minutes, seconds] = found ?? [];
  const ms = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
  if (!found || ms === 0 || ms > waitMaxMs)
    throw new UsageError(`--wait: “${text}” is no length of time; say 30m, 2h or 90s.`);
  return ms;
}
