// The door for pipelines: what they send already, checked in each sender's own way, becomes reports of changes.
import { createHash, randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { verify } from '@octokit/webhooks-methods';
import type { Context, MiddlewareHandler } from 'hono';
import type { Ask } from '../core/command.js';
import { changeEventsPath, type HookKind, hookKinds, isHookKind } from '../core/hook.js';
import { plainMessage } from '../core/message.js';
import type { KnownHook } from '../db/hooks.js';
import { execute } from '../execute.js';
import { type Delivered, recordAlerts, recordRefused } from '../features/alerts/index.js';
import { changeIdOf, changeKey, type Report, recordReport } from '../features/change/index.js';
import { bounded } from './bounded.js';
import { readAlertmanager } from './hooks/alertmanager.js';
import { readArgocd } from './hooks/argocd.js';
import { readJson, readText } from './hooks/body.js';
import { readCdevents } from './hooks/cdevents.js';
import { batchType, structuredType } from './hooks/cloudevents.js';
import { describeHooks } from './hooks/describe.js';
import { readGithub } from './hooks/github.js';
import { readGitlab } from './hooks/gitlab.js';
import type { Delivery, Reader } from './hooks/kit.js';
import { readPagerduty, routingKeyOf } from './hooks/pagerduty.js';
import { askForGithub } from './hooks/protection.js';
import { Problem, refusalProblem } from './problem.js';
import { openedSecret, unproven } from './proof.js';
import type { ApiEnv, ApiParts } from './request.js';

/** The largest body of a pipeline; GitHub's are some 30 kB. */
export const hookBodyLimitBytes = 1024 * 1024;
const sameDeliveryMs = 10 * 60_000;
/** A storm of alerts is when they are needed most. */
const alertsBodyLimitBytes = 4 * 1024 * 1024;

const readers: Readonly<Record<HookKind, Reader>> = {
  github: readGithub,
  gitlab: readGitlab,
  cdevents: readCdevents,
  argocd: readArgocd,
  pagerduty: readPagerduty,
  alertmanager: readAlertmanager,
};

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const takes: Readonly<Record<HookKind, readonly string[]>> = {
  // GitHub sends forms unless told otherwise.
  github: [json, form],
  gitlab: [json],
  cdevents: [json, structuredType, batchType],
  argocd: [json],
  pagerduty: [json],
  alertmanager: [json],
};

/** Adds the routes of the hooks. */
export function addHooks(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  describeHooks(app);
  const limit = bounded(hookBodyLimitBytes);
  const ofAlerts = bounded(alertsBodyLimitBytes, (context, bytes) => sayTooLarge(parts, context, bytes));
  const ofKind: MiddlewareHandler<ApiEnv> = (context, next) =>
    (context.req.param('kind') === 'alertmanager' ? ofAlerts : limit)(context, next);
  app.post('/hooks/:kind/:id', ofKind, async (context) => {
    const kind = context.req.param('kind');
    // What is at /hooks/pagerduty are pagers: pager-hooks.ts.
    if (!isHookKind(kind) || kind === 'pagerduty') throw noSuchKind();
    const text = await readText(context, takes[kind]);
    const found = await parts.hooks.find(context.req.param('id'));
    const hook = await proven(parts, context, kind, text, found?.kind === kind ? found : null);
    return answer(context, parts, hook, kind, text, readJson(text));
  });
  app.post(changeEventsPath, limit, async (context) => {
    const text = await readText(context, takes.pagerduty);
    const value = readJson(text);
    const key = routingKeyOf(value);
    const found = await parts.hooks.withSecret(key ?? '');
    const hook = found?.kind === 'pagerduty' ? found : null;
    if (!parts.hooks.matches(hook, key ?? '') || !hook)
      throw unproven(key === null ? 'The body has no routing_key of 32 hexadecimal digits.' : wrong);
    return answer(context, parts, hook, 'pagerduty', text, value);
  });
}

// Its sender does not try again, and nobody would hear of what it said. The body is not needed to know who it is.
async function sayTooLarge(parts: ApiParts, context: Context<ApiEnv>, bytes: number | null): Promise<void> {
  const found = await parts.hooks.find(context.req.param('id') ?? '');
  const { proof } = proofs.alertmanager(context);
  if (found?.kind !== 'alertmanager' || !proof || !parts.hooks.matches(found, proof)) return;
  const ask = askOf(parts, found, `hook/${found.id}/refused/${randomUUID()}`);
  const refused = { bytes, maxBytes: alertsBodyLimitBytes };
  await execute(parts.kernel, recordRefused.given(refused), ask).catch((error: unknown) =>
    parts.log.error({ err: error, hook: found.id }, 'alerts that were refused are not said'),
  );
}

// The work is the same whether there is such a hook, so that nobody learns which ids there are.
async function proven(
  parts: ApiParts,
  context: Context<ApiEnv>,
  kind: HookKind,
  text: string,
  hook: KnownHook | null,
): Promise<KnownHook> {
  const sent = proofs[kind](context);
  if (sent.proof === null) throw unproven(sent.missing);
  const right =
    kind === 'github'
      ? await verify(hook ? secretOf(parts, hook) : 'of nobody', text, sent.proof)
      : parts.hooks.matches(hook, sent.proof);
  if (!right || !hook) throw unproven(wrong);
  return hook;
}

interface Sent {
  readonly proof: string | null;
  /** What to do where it is not there. */
  readonly missing: string;
}

const bearer = (context: Context<ApiEnv>): Sent => ({
  proof: /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null,
  missing: 'The header Authorization: Bearer with the hook’s secret is missing.',
});

const proofs: Readonly<Record<HookKind, (context: Context<ApiEnv>) => Sent>> = {
  github: (context) => ({
    proof: context.req.header('x-hub-signature-256') || null,
    missing: 'The header X-Hub-Signature-256 is missing: enter the secret in the webhook’s settings.',
  }),
  gitlab: (context) => ({
    proof: context.req.header('x-gitlab-token') || null,
    missing: 'The header X-Gitlab-Token is missing: enter the secret token in the webhook’s settings.',
  }),
  cdevents: bearer,
  argocd: bearer,
  pagerduty: bearer,
  alertmanager: bearer,
};

function secretOf(parts: ApiParts, hook: KnownHook): string {
  return openedSecret(
    () => parts.hooks.secretOf(hook),
    (error) => parts.log.error({ err: error, hook: hook.id }, 'a hook’s secret cannot be opened'),
  );
}

const wrong =
  'The address or the secret is wrong, or the hook was revoked. `andon hook list` shows those that work; the secret must be that which `andon hook create` printed.';

function noSuchKind(): Problem {
  const known = hookKinds.filter((each) => each !== 'pagerduty').join(', ');
  return new Problem('no-such-route', `There are hooks for ${known}, and ${changeEventsPath}.`);
}

/** What became of a change by one delivery. */
interface Recorded {
  readonly id: string;
  readonly state: string;
  /** It was not known before. */
  readonly new: boolean;
}

async function answer(
  context: Context<ApiEnv>,
  parts: ApiParts,
  hook: KnownHook,
  kind: HookKind,
  text: string,
  value: unknown,
): Promise<Response> {
  const delivery: Delivery = {
    ...{ value, text, hook, now: parts.now(), githubApiUrl: parts.github.apiUrl },
    header: (name) => context.req.header(name),
  };
  // All of it is read before anything is recorded.
  const { reports, ignored, asks, alerts } = readers[kind](delivery);
  const changes: Recorded[] = [];
  for (const report of reports) changes.push(await record(parts, hook, report));
  const judged = asks ? await askForGithub(parts, askOf(parts, hook, `hook/${hook.id}/gate`), asks) : null;
  const told = alerts ? await recordedAlerts(parts, hook, alerts) : null;
  await parts.hooks
    .used(hook, parts.now())
    .catch((error: unknown) => parts.log.warn({ err: error }, 'hook use not kept'));
  if (told) return context.json(told, 200);
  if (judged) return context.json({ changes, ...judged }, 200);
  const body = { changes, ignored };
  // PagerDuty answers 202 with these two, and what speaks to it looks for them.
  if (kind === 'pagerduty')
    return context.json({ status: 'success', message: 'Change event processed', ...body }, 202);
  if (changes.length > 0) return context.json(body, changes.some((each) => each.new) ? 201 : 200);
  return context.json(body, context.req.header('x-github-event') === 'ping' ? 200 : 202);
}

async function record(parts: ApiParts, hook: KnownHook, report: Report): Promise<Recorded> {
  const digest = createHash('sha256').update(JSON.stringify(report)).digest('hex');
  const { source, key, sequence, state } = report;
  const { id: workspaceId } = hook.workspace;
  // Where the sender counts nothing, another body is another word.
  const word = sequence ?? digest.slice(0, 16);
  const ask = askOf(parts, hook, `hook/${hook.id}/${source}/${key}/${word}/${state}`);
  const outcome = await execute(parts.kernel, recordReport.given(report), ask, { digest });
  if (!outcome.accepted) throw refusalProblem(outcome.refusal);
  const { read } = parts.kernel.db.of(workspaceId);
  const [first] = outcome.facts.filter((fact) => fact.stream.startsWith('change/'));
  const where = first ? { id: changeIdOf(first) } : { workspaceId_source_key: { workspaceId, source, key } };
  const change = await read.change.findUnique({ where });
  const announced = outcome.facts.some((fact) => fact.type === 'ChangeAnnounced');
  return {
    id: change ? changeKey(change) : plainMessage(outcome.reply),
    state: change?.state ?? state,
    new: announced && !outcome.repeated,
  };
}

// The same body once more within minutes is the same delivery. Hours later it says that its alerts fire still: what of it
// is news is told by their own times.
async function recordedAlerts(parts: ApiParts, hook: KnownHook, delivered: Delivered) {
  const digest = createHash('sha256').update(JSON.stringify(delivered)).digest('hex');
  const when = Math.floor(parts.now().getTime() / sameDeliveryMs);
  const ask = askOf(parts, hook, `hook/${hook.id}/alerts/${digest.slice(0, 32)}/${when}`);
  const outcome = await execute(parts.kernel, recordAlerts.given(delivered), ask, { digest });
  if (!outcome.accepted) throw refusalProblem(outcome.refusal);
  return { changes: [], ignored: [], alerts: delivered.alerts.length, reply: plainMessage(outcome.reply) };
}

// A pipeline acts under its hook's name, and nobody can speak through it as somebody else.
function askOf(parts: ApiParts, hook: KnownHook, requestId: string): Ask {
  return {
    requestId,
    workspace: hook.workspace,
    actor: { kind: 'pipeline', id: `hook:${hook.id}`, name: hook.name, zone: hook.workspace.zone },
    now: parts.now(),
    newId: randomUUID,
    source: 'pipeline',
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}
