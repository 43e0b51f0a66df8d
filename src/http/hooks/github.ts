// GitHub's webhooks: `deployment` and `deployment_status`, as repositories, organisations and apps send them.
import { z } from 'zod';
import type { ChangeState, Report } from '../../features/change/index.js';
import {
  changeNamed,
  type Delivery,
  details,
  fits,
  headerOf,
  instant,
  isObject,
  kindOf,
  link,
  misfit,
  name,
  type Reading,
  reportOf,
  textIn,
  titleOf,
  unused,
  words,
} from './kit.js';

const id = z.int().positive();
const account = z.object({ login: words, type: words }).nullish();
const deploymentShape = z.object({
  id,
  sha: words,
  ref: words,
  task: words,
  payload: z.unknown().optional(),
  environment: words,
  description: words,
  creator: account,
  created_at: instant,
});
const common = {
  action: words,
  deployment: deploymentShape,
  repository: z.object({ full_name: name, name, html_url: link }),
  sender: account,
  workflow_run: z.object({ html_url: link }).nullish().catch(null),
};
const deploymentEvent = z.object(common);
const statusEvent = z.object({
  ...common,
  deployment_status: z.object({
    id,
    state: name,
    description: words,
    environment: words,
    log_url: link,
    target_url: link,
    created_at: instant,
    creator: account,
  }),
});
type Event = z.infer<typeof deploymentEvent> & Partial<z.infer<typeof statusEvent>>;

// `inactive` is not here: it says that a later deployment took its place, which is no outcome of this one.
const states: Readonly<Record<string, ChangeState>> = {
  pending: 'planned',
  queued: 'planned',
  waiting: 'planned',
  in_progress: 'started',
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
};

/** Reads what GitHub sent. */
export function readGithub(delivery: Delivery): Reading {
  const event = headerOf(delivery, 'X-GitHub-Event', /^[a-z_]{1,60}$/, 'deployment_status');
  if (!isObject(delivery.value)) fits(z.looseObject({}), delivery.value);
  if (event === 'ping') return unused('ping: Andon hears this repository, and its secret is right');
  checkEvent(event, delivery.value as Record<string, unknown>);
  if (event === 'deployment') {
    const body = fits(deploymentEvent, delivery.value);
    if (body.action !== null && body.action !== 'created')
      return unused(`not used: deployment ${body.action}`);
    return { reports: [reportFor(delivery, body, 'planned', 0)], ignored: [] };
  }
  if (event !== 'deployment_status') return unused(`not used: ${event}`);
  const body = fits(statusEvent, delivery.value);
  const { state, id: sequence } = body.deployment_status;
  const known = Object.hasOwn(states, state) ? states[state] : undefined;
  if (state === 'inactive')
    return unused('not used: inactive says only that a later deployment took its place');
  if (!known) return unused(`not used: the state ${state} is not known here`);
  // Waiting is before all that becomes of it, whenever it is said: what has begun or ended does not wait again.
  const place = known === 'planned' ? 0 : sequence;
  return { reports: [reportFor(delivery, body, known, place)], ignored: [] };
}

// A body that tells of a status under another event's name was not sent by GitHub so.
function checkEvent(event: string, body: Readonly<Record<string, unknown>>): void {
  const tells = 'deployment_status' in body ? 'deployment_status' : null;
  const other =
    tells ?? ('deployment' in body && !/^(?:deployment|workflow)/.test(event) ? 'deployment' : null);
  if (other && other !== event)
    throw misfit(`The header X-GitHub-Event says ${event}, but the body is a ${other}.`);
}

function reportFor(delivery: Delivery, body: Event, state: ChangeState, sequence: number): Report {
  const { deployment, repository, deployment_status: status } = body;
  const payload = payloadOf(deployment.payload);
  const task = deployment.task ?? 'deploy';
  const rollback = task === 'rollback' || payload.rollback === true;
  const service = textIn(payload, 'service') ?? repository.name;
  const environment = status?.environment ?? deployment.environment;
  const place = { service, environment, cluster: textIn(payload, 'cluster') };
  const artifact = textIn(payload, 'artifact') ?? deployment.sha;
  const owner = textIn(payload, 'owner');
  const does = rollback ? 'Roll back' : 'Deploy';
  const made = titleOf(does, delivery.hook.service ?? service, artifact, environment ?? '');
  const title = textIn(payload, 'title') ?? deployment.description ?? made;
  return reportOf(delivery, place, {
    source: `github:${repository.full_name}`,
    key: `deployment/${deployment.id}`,
    // Statuses are numbered as they are made; the deployment itself is before all of them.
    sequence,
    kind: kindOf(textIn(payload, 'kind')) ?? kindOf(task) ?? 'deploy',
    title,
    state,
    text: status?.description ?? null,
    owner: owner ? { id: null, name: owner } : null,
    by: personOf([status?.creator, deployment.creator, body.sender]),
    at: status?.created_at ?? deployment.created_at,
    artifact,
    previousArtifact: textIn(payload, 'previousArtifact', 'previous_artifact'),
    url: status?.log_url ?? status?.target_url ?? body.workflow_run?.html_url ?? null,
    rollback,
    change: changeNamed(textIn(payload, 'change')),
    format: 'github',
  });
}

// An object, or a text that may hold one: whoever made the deployment chose.
function payloadOf(payload: unknown): Readonly<Record<string, unknown>> {
  if (typeof payload !== 'string') return details.parse(payload);
  try {
    return details.parse(JSON.parse(payload));
  } catch {
    return {};
  }
}

// A person before an app: github-actions[bot] answers no questions.
function personOf(accounts: readonly z.infer<typeof account>[]): string | null {
  const named = accounts.flatMap((each) => (each?.login ? [{ login: each.login, type: each.type }] : []));
  return (named.find((each) => each.type === 'User') ?? named[0])?.login ?? null;
}
