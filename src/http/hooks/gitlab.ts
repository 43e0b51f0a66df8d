// GitLab's deployment events, as projects, groups and old servers send them.
import { z } from 'zod';
import type { ChangeState } from '../../features/change/index.js';
import {
  type Delivery,
  fits,
  headerOf,
  instant,
  lastPart,
  link,
  misfit,
  name,
  type Reading,
  reportOf,
  titleOf,
  unused,
  words,
} from './kit.js';

const shape = z.object({
  object_kind: z.literal('deployment', { error: 'must be deployment, as the header X-Gitlab-Event says' }),
  status: name,
  // Servers before 13.12 do not send these three.
  status_changed_at: instant.nullish(),
  deployment_id: z.int().positive().nullish(),
  environment_tier: words,
  deployable_id: z.int().positive().nullish(),
  deployable_url: link,
  environment: name,
  project: z.object({ name, path_with_namespace: words, web_url: link }),
  short_sha: words,
  user: z.object({ name: words, username: words }).nullish(),
  commit_url: link,
  commit_title: words,
  ref: words,
});
type Event = z.infer<typeof shape>;

// The rank tells two statuses of one second apart, and all statuses of a server that sends no times.
const statuses: Readonly<Record<string, { state: ChangeState; rank: number }>> = {
  created: { state: 'planned', rank: 0 },
  blocked: { state: 'planned', rank: 1 },
  running: { state: 'started', rank: 2 },
  success: { state: 'succeeded', rank: 3 },
  failed: { state: 'failed', rank: 3 },
  canceled: { state: 'cancelled', rank: 3 },
};
const ranks = 10;

/** Reads what GitLab sent. */
export function readGitlab(delivery: Delivery): Reading {
  const event = headerOf(delivery, 'X-Gitlab-Event', /^[A-Z][\w ]{0,60} Hook$/, 'Deployment Hook');
  if (event !== 'Deployment Hook') {
    const { object_kind: kind } = fits(z.looseObject({ object_kind: words }), delivery.value);
    if (kind === 'deployment')
      throw misfit(`The header X-Gitlab-Event says ${event}, but the body is a deployment.`);
    return unused(`not used: ${event}`);
  }
  const body = fits(shape, delivery.value);
  const known = Object.hasOwn(statuses, body.status) ? statuses[body.status] : undefined;
  if (!known) return unused(`not used: the status ${body.status} changes nothing`);
  const at = body.status_changed_at ?? null;
  const { project } = body;
  const path = project.path_with_namespace ?? project.name;
  const service = lastPart(path);
  const environment = environmentOf(body);
  const artifact = shaOf(body);
  const title = titleOf('Deploy', delivery.hook.service ?? service, artifact, environment);
  return {
    ignored: [],
    reports: [
      reportOf(
        delivery,
        { service, environment },
        {
          source: `gitlab:${project.web_url ? new URL(project.web_url).host : 'gitlab'}/${path}`,
          key: keyOf(body),
          sequence: at ? at.getTime() * ranks + known.rank : known.rank,
          kind: 'deploy',
          title: body.commit_title ? `${title}: ${body.commit_title}` : title,
          state: known.state,
          by: body.user?.username ?? body.user?.name ?? null,
          at,
          artifact,
          url: body.deployable_url ?? body.commit_url,
          format: 'gitlab',
        },
      ),
    ],
  };
}

function keyOf(body: Event): string {
  if (body.deployment_id) return `deployment/${body.deployment_id}`;
  if (body.deployable_id) return `job/${body.deployable_id}/${body.environment}`;
  throw misfit(
    'The body has neither a deployment_id nor a deployable_id, so nothing tells which deployment it is.',
  );
}

// review/my-branch is made for a branch and named after it; GitLab says what it is for.
function environmentOf(body: Event): string {
  return body.environment.includes('/') && body.environment_tier ? body.environment_tier : body.environment;
}

// Only the address of the commit has all of its hash.
function shaOf(body: Event): string | null {
  return /\/([0-9a-f]{40,64})$/i.exec(body.commit_url ?? '')?.[1] ?? body.short_sha;
}
