// Can Andon answer GitHub's protection rules? Asks as the App would, and says of what is missing how to mend it.
import { z } from 'zod';
import { type Finding, fail, ok, warn } from '../core/finding.js';
import { GithubRefused, type GithubSettings, GithubUnreachable, githubApi } from './api.js';
import { missedDeliveries } from './missed.js';

const check = 'github';
const page = 'in the App’s settings at GitHub (Settings, Developer settings, GitHub Apps, Edit)';
const appShape = z.object({
  name: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
  installations_count: z.int().nullish(),
});
const known = ['deployment', 'deployment_status'] as const;

/** Whether the App that is set can answer; nothing where none is. */
export async function checkGithub({ apiUrl, app }: GithubSettings): Promise<Finding[]> {
  if (!app) return [];
  try {
    const api = githubApi(apiUrl, app);
    const findings = findingsOf(appShape.parse(await api.callAsApp('GET /app')));
    const missed = findings.every((each) => each.outcome === 'ok')
      ? await missedDeliveries(api, Date.now())
      : [];
    return missed.length === 0 ? findings : [missedFinding(missed.length)];
  } catch (error) {
    if (error instanceof GithubRefused)
      return [fail(check, `GitHub refuses the App at ${apiUrl}: ${error.error}.`, error.needed)];
    const reason = error instanceof GithubUnreachable ? error.reason : 'what answers is not GitHub’s API';
    const mend = 'Check the network, the proxy and ANDON_GITHUB_API_URL; jobs wait at GitHub meanwhile.';
    return [fail(check, `GitHub does not answer at ${apiUrl}: ${reason}.`, mend)];
  }
}

function missedFinding(count: number): Finding {
  return warn(
    check,
    `Of the last three days GitHub holds ${count === 1 ? 'a request' : `${count} requests`} of protection rules that it could not deliver; such jobs wait without a word.`,
    'See that GitHub reaches the App’s webhook address; when Andon starts it asks for them again. Those that were answered since are no harm.',
  );
}

function findingsOf({
  name,
  permissions,
  events,
  installations_count: places,
}: z.infer<typeof appShape>): Finding[] {
  const missing = [
    permissions.deployments === 'write' ? null : 'Deployments: Read and write',
    ['read', 'write'].includes(permissions.actions ?? '') ? null : 'Actions: Read-only',
  ].filter((each) => each !== null);
  const who = `The GitHub App “${name}”`;
  if (missing.length > 0)
    return [
      fail(
        check,
        `${who} lacks a permission, so GitHub is not answered and jobs wait.`,
        `Give it ${missing.join(' and ')} ${page}, and accept that where it is installed.`,
      ),
    ];
  if (!events.includes('deployment_protection_rule'))
    return [
      fail(
        check,
        `${who} is not told of protection rules, so Andon is never asked.`,
        `Subscribe it to the event Deployment protection rule ${page}.`,
      ),
    ];
  if (places === 0)
    return [
      warn(check, `${who} is installed nowhere.`, 'Install it in the repositories that it is to hold.'),
    ];
  const unheard = known.filter((each) => !events.includes(each));
  if (unheard.length > 0)
    return [
      warn(
        check,
        `${who} answers protection rules; what becomes of a deployment it does not tell (${unheard.join(', ')}).`,
        `Unless a webhook of the repository tells it, subscribe the App to Deployment and Deployment status ${page}.`,
      ),
    ];
  return [
    ok(
      check,
      `${who} answers protection rules${places ? `, installed in ${places} place${places === 1 ? '' : 's'}` : ''}.`,
    ),
  ];
}
