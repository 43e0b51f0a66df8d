// Pagers that tell who answered in their own app: where they send that, and how each is set up to do so.

/** Which of them do. Whoever gets our own webhook answers by its link or over HTTP. */
export const backKinds = ['pagerduty', 'opsgenie'] as const;
export type BackKind = (typeof backKinds)[number];

export function isBackKind(word: string): word is BackKind {
  return backKinds.some((each) => each === word);
}

/** What people call them. */
export const productNames: Readonly<Record<BackKind, string>> = {
  pagerduty: 'PagerDuty',
  opsgenie: 'Opsgenie',
};

/** Where a pager tells who answered, below the public address. */
export function backPath(kind: BackKind, id: string): string {
  return `/hooks/${kind}/${id}`;
}

/** What to click there, for whoever sets it up. */
export const backSetup: Readonly<Record<BackKind, string>> = {
  pagerduty:
    'In PagerDuty: Integrations → Generic Webhooks (v3) → New Webhook. The address is the Webhook URL, the scope the service whose key Andon has; of the events only incident.acknowledged and incident.resolved. After Add Webhook it shows a secret, once.',
  opsgenie:
    'In Opsgenie: Settings → Integrations → Add integration → Webhook. The address is the Webhook URL; a custom header Authorization with Bearer, a space and the secret; of the actions only “alert is acknowledged” and “alert is closed”. Then enable it.',
};
