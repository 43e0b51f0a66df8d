// GitHub's `deployment_protection_rule`: a job waits in an environment until Andon says whether it may start.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { repositoryName } from '../../features/protection/index.js';
import { deploymentEvent, reportFor } from './github-deployment.js';
import { type Delivery, fits, misfit, type Reading, unused, words } from './kit.js';

const requested = deploymentEvent.extend({
  environment: words,
  deployment_callback_url: z.string().max(2_000),
  installation: z.object({ id: z.int().positive() }).nullish(),
});

/** Reads what GitHub asks. The key is that of the deployment, so that what is told of it later is the same change. */
export function readProtectionRule(delivery: Delivery): Reading {
  const body = fits(requested, delivery.value);
  if (body.action !== 'requested') return unused(`not used: deployment_protection_rule ${body.action}`);
  const { deployment, repository, installation } = body;
  const environment = body.environment ?? deployment.environment;
  if (environment === null) throw misfit('The body names no environment.');
  if (!installation)
    throw misfit(
      'The body names no installation of a GitHub App, so GitHub cannot be answered. Protection rules come from an App’s own webhook: enter this address and its secret there.',
    );
  const runId = runOf(delivery.githubApiUrl, body.deployment_callback_url, repository.full_name);
  const report = reportFor(
    delivery,
    { ...body, deployment: { ...deployment, environment }, workflow_run: null },
    'planned',
    0,
  );
  const { source, key, kind, title, targets, artifact, previousArtifact, rollback } = report;
  return {
    ...{ reports: [], ignored: [] },
    asks: {
      question: {
        ...{ source, key, kind, title, targets, artifact, previousArtifact, rollback },
        change: report.change ?? null,
        actor: body.sender?.login ?? report.by,
        url: repository.html_url === null ? null : `${repository.html_url}/actions/runs/${runId}`,
        exception: null,
        drill: false,
      },
      callback: {
        kind: 'github',
        repository: repository.full_name,
        ...{ runId, environment, installation: installation.id },
        requestedAt: delivery.now.toISOString(),
      },
    },
  };
}

// The address comes from outside, and a token goes where it leads: it must be that of this repository in the API that is
// set. Only the run's number is taken from it.
function runOf(apiUrl: string, callback: string, repository: string): number {
  const beginning = `${apiUrl}/repos/${repository}/actions/runs/`.toLowerCase();
  const end = '/deployment_protection_rule';
  const text = callback.toLowerCase();
  const run = text.slice(beginning.length, text.length - end.length);
  const fitting =
    repositoryName.test(repository) && text === `${beginning}${run}${end}` && /^[1-9]\d{0,14}$/.test(run);
  if (fitting) return Number(run);
  throw misfit(
    `GitHub wants to be answered at “${shorten(oneLine(callback), 200)}”, which is not that of ${shorten(repository, 100)} under ${apiUrl}. If this GitHub is a server of your own, set ANDON_GITHUB_API_URL to its API, such as https://github.example.com/api/v3.`,
  );
}
