// Hooks: the addresses to which pipelines send what they send already, and how each kind proves itself.

/** What may send to a hook. */
export const hookKinds = ['github', 'gitlab', 'cdevents', 'argocd', 'pagerduty', 'alertmanager'] as const;
export type HookKind = (typeof hookKinds)[number];

export function isHookKind(word: string): word is HookKind {
  return (hookKinds as readonly string[]).includes(word);
}

/** The one path of PagerDuty's change events: the routing key in the body says which hook is meant. */
export const changeEventsPath = '/v2/change/enqueue';

/** Where a hook of this kind is, below the public address. */
export function hookPath(kind: HookKind, id: string): string {
  return kind === 'pagerduty' ? changeEventsPath : `/hooks/${kind}/${id}`;
}

/** Where the address and the secret go, for whoever sets the sender up. */
export const hookSetup: Readonly<Record<HookKind, string>> = {
  github:
    'In the repository: Settings → Webhooks → Add webhook. The address is the Payload URL, the secret the Secret; content type application/json; of the events only Deployments and Deployment statuses.',
  gitlab:
    'In the project or group: Settings → Webhooks → Add new webhook. The address is the URL, the secret the Secret token; as trigger only Deployment events.',
  cdevents: 'Send CloudEvents to the address, with the header Authorization: Bearer and the secret.',
  argocd:
    'Put the secret into argocd-notifications-secret as andon-token, and the address into docs/argocd-notifications.yaml.',
  alertmanager:
    'In Alertmanager’s configuration, a receiver with webhook_configs: the address as url, the secret under http_config.authorization.credentials, and send_resolved: true; docs/alerts.md.',
  pagerduty:
    'Give the address to what sends change events instead of https://events.pagerduty.com/v2/change/enqueue, and the secret as its routing key (integration key).',
};
