// A deployment as GitHub tells of it, whichever event does, and as a report of ours.
import { z } from 'zod';
import type { ChangeState, Report } from '../../features/change/index.js';
import {
  changeNamed,
  type Delivery,
  details,
  instant,
  kindOf,
  link,
  name,
  reportOf,
  textIn,
  titleOf,
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
/** `deployment`, and what all events have that tell of one. */
export const deploymentEvent = z.object(common);
/** `deployment_status`. */
export const statusEvent = z.object({
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

/** What a deployment is, as a report of it. */
export function reportFor(delivery: Delivery, body: Event, state: ChangeState, sequence: number): Report {
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
