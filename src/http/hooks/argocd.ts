// Argo CD's notifications, by the template that we publish in docs/argocd-notifications.yaml: Argo CD has no format.
import { z } from 'zod';
import type { ChangeState } from '../../features/change/index.js';
import {
  changeNamed,
  type Delivery,
  fits,
  instant,
  kindOf,
  link,
  name,
  type Reading,
  reportOf,
  titleOf,
  unused,
  urlOf,
  words,
} from './kit.js';

// What an application does not have, a template renders as this text, in HTML's letters where somebody escaped it.
const noValue = /^(?:<|&lt;)no value(?:>|&gt;)$/i;

const template = z.preprocess(
  (value) => absent(value, 0),
  z.object({
    schema: z.literal('argocd-notification/1', {
      error: 'must be argocd-notification/1; use the template of docs/argocd-notifications.yaml',
    }),
    app: name,
    appNamespace: words,
    labels: z.record(z.string(), z.unknown()).nullish(),
    destination: z.object({ name: words, namespace: words }).nullish(),
    operation: z.object({
      phase: name,
      message: words,
      startedAt: instant,
      finishedAt: instant.nullish(),
      automated: z.union([z.boolean(), z.string()]).nullish(),
      username: words,
    }),
    syncRevision: words,
    syncResultRevision: words,
    images: z.array(z.string()).nullish(),
    health: words,
    url: link,
  }),
);
type Notice = z.infer<typeof template>;

const deepest = 8;

function absent(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.trim() === '' || noValue.test(value.trim()) ? null : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === deepest) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, absent(each, depth + 1)]));
}

/** Reads what our template rendered. */
export function readArgocd(delivery: Delivery): Reading {
  const notice = fits(template, delivery.value);
  const { operation } = notice;
  const outcome = outcomeOf(notice);
  if (!outcome) return unused(`not used: the phase ${operation.phase} is not known here`);
  const labels = z.record(z.string(), words.catch(null)).parse(notice.labels ?? {});
  const service = labels.service ?? notice.app;
  const environment = labels.environment ?? labels.env ?? null;
  // Argo CD calls the cluster that it runs in so, wherever that is.
  const cluster = notice.destination?.name === 'in-cluster' ? null : (notice.destination?.name ?? null);
  const artifact = notice.syncResultRevision ?? notice.syncRevision;
  const at = outcome.over ? (operation.finishedAt ?? null) : operation.startedAt;
  return {
    ignored: [],
    reports: [
      reportOf(
        delivery,
        { service, environment, cluster },
        {
          source: `argocd:${urlOf(notice.url)?.host ?? 'argocd'}/${notice.appNamespace ?? 'argocd'}/${notice.app}`,
          // An application has one operation at a time. The revision is known only while it goes on, so it names none.
          key: `sync/${operation.startedAt.toISOString()}`,
          sequence: outcome.over ? 2 : 1,
          kind: kindOf(labels.kind ?? null) ?? 'deploy',
          title: titleOf('Sync', notice.app, artifact, delivery.hook.environment ?? environment ?? ''),
          state: outcome.state,
          text: outcome.text ?? operation.message,
          by: operation.username,
          startedAt: operation.startedAt,
          finishedAt: outcome.over ? (operation.finishedAt ?? null) : null,
          at,
          artifact,
          url: notice.url,
          change: changeNamed(labels.change),
          format: 'argocd',
        },
      ),
    ],
  };
}

function outcomeOf({ operation, health }: Notice): {
  state: ChangeState;
  over: boolean;
  text?: string;
} | null {
  switch (operation.phase) {
    case 'Running':
    case 'Terminating':
      return { state: 'started', over: false };
    case 'Failed':
    case 'Error':
      return { state: 'failed', over: true };
    case 'Succeeded':
      // What was applied is not what runs: that it is healthy must be said.
      if (health === 'Degraded' || health === 'Missing')
        return { state: 'failed', over: true, text: `Synced, but its health is ${health}` };
      return health === 'Progressing'
        ? { state: 'started', over: false }
        : { state: 'succeeded', over: true };
    default:
      return null;
  }
}
